/* Publishing with its file: whole or not at all, and repaired at the next start. */
#include "../storage/desk_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "pipeline/publication.h"

static struct desk_fixture *open_desk(struct fixture *fixture)
{
    struct desk_fixture *desk = desk_open(fixture);
    desk->config->briefing.output_folder = arena_printf(
        desk->arena, "%s/issues", fixture->folder);
    int64_t item = desk_add(desk, "https://a.example/1", desk_title(1));
    desk_decide_state(desk, "ada", desk_story_of(desk, item), DESK_PICKED);
    return desk;
}

static char *read_text(struct desk_fixture *desk, const char *day)
{
    const char *path = publication_path(desk->arena, &desk->config->briefing, day);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    char *text = arena_zalloc(desk->arena, 100000);
    size_t length = fread(text, 1, 99999, file);
    assert_true(length > 0);
    fclose(file);
    return text;
}

static size_t count_files(struct desk_fixture *desk)
{
    DIR *folder = opendir(desk->config->briefing.output_folder);
    size_t count = 0;
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return count;
}

static bool run(struct desk_fixture *desk, struct desk_publication *publication)
{
    struct desk_action action = desk_by(desk, "ada");
    struct desk_result result;
    return publication_run(desk->store, desk->arena, desk->config, &action,
        (struct desk_target){0, DESK_ANY_VERSION}, publication, &result, desk->fault);
}

static struct desk_publication begin(struct desk_fixture *desk)
{
    struct desk_action action = desk_by(desk, "ada");
    struct desk_publication publication;
    struct desk_result result;
    int64_t tag;
    struct desk_target draft;
    desk_must(desk, desk_find_draft(desk->store, desk->arena, 0, &draft, &tag, desk->fault));
    draft.version = DESK_ANY_VERSION;
    desk_must(desk,
        desk_publish_begin(desk->store, desk->arena, desk->config, &action, draft, &publication,
            &result, desk->fault));
    return publication;
}

static const char *recover(struct desk_fixture *desk)
{
    const char *day;
    desk_must(desk,
        publication_recover(desk->store, desk->arena, desk->config, desk->now_utc_s++, NULL,
            NULL, &day, desk->fault));
    return day;
}

static bool is_archived(struct desk_fixture *desk, const char *day)
{
    struct issue *issue;
    desk_must(desk, store_read_issue(desk->store, desk->arena, day, &issue, desk->fault));
    return issue != NULL;
}

static void an_issue_has_its_file_and_nothing_beside_it(void **state)
{
    struct desk_fixture *desk = open_desk(*state);
    struct desk_publication publication;
    desk_must(desk, run(desk, &publication));
    assert_non_null(strstr(read_text(desk, publication.day), desk_title(1)));
    assert_int_equal(count_files(desk), 1);
    assert_true(is_archived(desk, publication.day));
    assert_null(recover(desk));
    desk_close(desk);
}

static void a_crash_before_the_file_is_repaired_at_the_next_start(void **state)
{
    struct desk_fixture *desk = open_desk(*state);
    struct desk_publication publication = begin(desk);
    desk_reopen_store(desk);
    assert_false(is_archived(desk, publication.day));
    assert_string_equal(recover(desk), publication.day);
    assert_non_null(strstr(read_text(desk, publication.day), desk_title(1)));
    assert_true(is_archived(desk, publication.day));
    assert_null(recover(desk));
    desk_close(desk);
}

static void a_crash_behind_the_file_writes_the_same_file_again(void **state)
{
    struct desk_fixture *desk = open_desk(*state);
    struct desk_publication publication = begin(desk);
    desk_must(desk,
        publication_write_file(desk->config->briefing.output_folder,
            strrchr(
                publication_path(desk->arena, &desk->config->briefing, publication.day), '/') +
                1,
            "half of", 7, desk->fault));
    desk_reopen_store(desk);
    assert_string_equal(recover(desk), publication.day);
    assert_null(strstr(read_text(desk, publication.day), "half of"));
    assert_non_null(strstr(read_text(desk, publication.day), desk_title(1)));
    assert_int_equal(count_files(desk), 1);
    desk_close(desk);
}

/* A process that was killed while it wrote: what it left beside the issue would stand in the
 * editor's repository for ever. What a living one writes, and what is another issue's, stays.
 */
static void what_a_killed_writer_left_aside_goes_away(void **state)
{
    struct desk_fixture *desk = open_desk(*state);
    struct desk_publication publication = begin(desk);
    const char *folder = desk->config->briefing.output_folder;
    pid_t gone = fork();
    if (gone == 0) {
        _exit(0);
    }
    assert_int_equal(waitpid(gone, NULL, 0), gone);
    const char *left = arena_printf(desk->arena, ".%s.md.%ld", publication.day, (long)gone);
    const char *kept[] = {
        arena_printf(desk->arena, ".%s.md.%ld", publication.day, (long)getppid()),
        arena_printf(desk->arena, ".%s.md.swp", publication.day),
        arena_printf(desk->arena, ".1999-01-01.md.%ld", (long)gone),
    };
    desk_must(desk, publication_write_file(folder, left, "half", 4, desk->fault));
    for (size_t i = 0; i < array_count(kept); i++) {
        desk_must(desk, publication_write_file(folder, kept[i], "half", 4, desk->fault));
    }
    desk_reopen_store(desk);
    assert_string_equal(recover(desk), publication.day);
    assert_int_equal(access(arena_printf(desk->arena, "%s/%s", folder, left), F_OK), -1);
    assert_int_equal(count_files(desk), 1 + array_count(kept));
    desk_close(desk);
}

static void a_folder_that_cannot_be_written_leaves_the_draft_open(void **state)
{
    struct desk_fixture *desk = open_desk(*state);
    const char *folder = desk->config->briefing.output_folder;
    struct desk_publication publication;
    desk_must(desk, publication_write_file(folder, "x", "x", 1, desk->fault));
    const char *there = desk->config->briefing.output_folder;
    desk->config->briefing.output_folder = arena_printf(desk->arena, "%s/x", there);
    assert_false(run(desk, &publication));
    assert_int_equal(desk->fault->kind, FAULT_STORE);
    assert_false(desk_draft(desk)->publishing);
    desk->config->briefing.output_folder = there;
    desk_must(desk, run(desk, &publication));
    assert_true(is_archived(desk, publication.day));
    desk_close(desk);
}

static void a_file_whose_place_is_taken_leaves_nothing_aside(void **state)
{
    struct desk_fixture *desk = open_desk(*state);
    const char *folder = desk->config->briefing.output_folder;
    desk_must(desk, publication_write_file(folder, "y", "x", 1, desk->fault));
    assert_int_equal(mkdir(arena_printf(desk->arena, "%s/a.md", folder), 0700), 0);
    assert_false(publication_write_file(folder, "a.md", "text", 4, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_STORE);
    assert_int_equal(count_files(desk), 2);
    assert_int_equal(rmdir(arena_printf(desk->arena, "%s/a.md", folder)), 0);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_issue_has_its_file_and_nothing_beside_it, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_crash_before_the_file_is_repaired_at_the_next_start,
            fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_crash_behind_the_file_writes_the_same_file_again,
            fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            what_a_killed_writer_left_aside_goes_away, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_written_leaves_the_draft_open,
            fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            a_file_whose_place_is_taken_leaves_nothing_aside, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
