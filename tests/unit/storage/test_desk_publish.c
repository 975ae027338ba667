/* Publishing: in two steps, never half, never twice; corrections; what is printed stays known.
 */
#include "desk_fixture.h"

#include <string.h>

#include "base/clock.h"

static struct desk_publication begin(struct desk_fixture *desk, int64_t draft)
{
    struct desk_action action = desk_by(desk, "ada");
    struct desk_publication publication;
    struct desk_result result;
    desk_must(desk,
        desk_publish_begin(desk->store, desk->arena, desk->config, &action,
            (struct desk_target){draft, DESK_ANY_VERSION}, &publication, &result, desk->fault));
    return publication;
}

static struct desk_result finish(struct desk_fixture *desk)
{
    struct desk_result result;
    desk_must(desk,
        desk_publish_finish(desk->store, desk->arena, desk->config, desk->now_utc_s++, NULL,
            NULL, &result, desk->fault));
    return result;
}

static enum fault_kind begin_refused(
    struct desk_fixture *desk, int64_t draft, int64_t version, struct desk_result *ret_result)
{
    struct desk_action action = desk_by(desk, "grace");
    struct desk_publication publication;
    assert_false(desk_publish_begin(desk->store, desk->arena, desk->config, &action,
        (struct desk_target){draft, version}, &publication, ret_result, desk->fault));
    return desk->fault->kind;
}

static struct issue *archived(struct desk_fixture *desk, const char *day)
{
    struct issue *issue;
    desk_must(desk, store_read_issue(desk->store, desk->arena, day, &issue, desk->fault));
    return issue;
}

static struct desk_draft *draft_of(struct desk_fixture *desk, int64_t id)
{
    struct desk_draft *draft;
    desk_must(desk,
        desk_read_draft(
            desk->store, desk->arena, desk->config, id, desk->now_utc_s, &draft, desk->fault));
    return draft;
}

static void an_issue_is_published_with_its_suggestions_and_the_next_draft_opens(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t picked = desk_add(desk, "https://a.example/1", desk_title(1));
    int64_t suggested = desk_add(desk, "https://a.example/2", desk_title(2));
    int64_t later = desk_add(desk, "https://a.example/3", desk_title(3));
    desk->sections[0].limit = 2;
    desk_decide_state(desk, "ada", picked, DESK_PICKED);
    desk_decide_state(desk, "ada", later, DESK_LATER);
    struct desk_draft *draft = desk_draft(desk);
    struct desk_publication publication = begin(desk, 0);
    assert_int_equal(publication.version, 1);
    assert_true(desk_draft(desk)->publishing);
    finish(desk);
    struct issue *issue = archived(desk, publication.day);
    assert_int_equal(issue->sections[0].item_count, 2);
    assert_string_equal(issue->guide, draft->draft->issue->guide);
    struct desk_draft *next = desk_draft(desk);
    assert_int_not_equal(next->id, draft->id);
    assert_int_equal(next->draft->issue->sections[0].item_count, 0);
    struct desk_page inbox = desk_list(desk, DESK_INBOX);
    assert_int_equal(inbox.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(inbox.stories[i].printed_in, publication.day);
        assert_int_equal(inbox.stories[i].pick, 0);
    }
    assert_int_equal(desk_list(desk, DESK_LATER).count, 1);
    struct desk_memory memory;
    desk_must(desk,
        desk_recall(desk->store, desk->arena, "https://a.example/2", &memory, desk->fault));
    assert_string_equal(memory.printed_in, publication.day);
    assert_int_not_equal(suggested, 0);
    desk_close(desk);
}

static void a_crash_between_the_steps_leaves_the_same_document_to_finish(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    desk_line(desk, "ada", "news", 0, "a");
    struct desk_publication publication = begin(desk, 0);
    desk_reopen_store(desk); /* the program died while it wrote the file */
    struct desk_publication *found;
    desk_must(desk, desk_read_publication(desk->store, desk->arena, &found, desk->fault));
    assert_non_null(found);
    assert_string_equal(found->document, publication.document);
    assert_string_equal(found->day, publication.day);
    assert_null(archived(desk, publication.day));
    finish(desk);
    assert_non_null(archived(desk, publication.day));
    desk_must(desk, desk_read_publication(desk->store, desk->arena, &found, desk->fault));
    assert_null(found);
    struct desk_result result;
    assert_false(desk_publish_finish(desk->store, desk->arena, desk->config, desk->now_utc_s,
        NULL, NULL, &result, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_MISSING);
    desk_close(desk);
}

static void nothing_is_published_twice_or_changed_while_it_goes_out(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    struct desk_result result;
    assert_int_equal(begin_refused(desk, 0, DESK_ANY_VERSION, &result), FAULT_REFUSED);
    int64_t line = desk_line(desk, "ada", "news", 0, "a");
    int64_t draft = desk_draft(desk)->id, tag = desk_draft(desk)->tag;
    assert_int_equal(begin_refused(desk, 0, tag - 1, &result), FAULT_CONFLICT);
    assert_int_equal(result.conflict.actual, tag);
    struct desk_publication publication = begin(desk, 0);
    assert_int_equal(begin_refused(desk, 0, DESK_ANY_VERSION, &result), FAULT_REFUSED);
    struct desk_action action = desk_by(desk, "ada");
    assert_false(desk_patch_pick(desk->store, desk->arena, desk->config, &action,
        (struct desk_target){line, DESK_ANY_VERSION}, "{\"title\":\"b\"}", 13, &result,
        desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_REFUSED);
    assert_false(
        desk_undo(desk->store, desk->arena, desk->config, &action, &result, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_REFUSED);
    finish(desk);
    assert_int_equal(begin_refused(desk, draft, DESK_ANY_VERSION, &result), FAULT_REFUSED);
    desk_line(desk, "ada", "news", 0, "c");
    desk_patch_fields(
        desk, "ada", arena_printf(desk->arena, "{\"day\":\"%s\"}", publication.day));
    assert_int_equal(begin_refused(desk, 0, DESK_ANY_VERSION, &result), FAULT_REFUSED);
    assert_non_null(strstr(desk->fault->message, publication.day));
    desk_close(desk);
}

static void a_publication_that_is_given_up_leaves_the_draft_open(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t line = desk_line(desk, "ada", "news", 0, "a");
    struct desk_publication publication = begin(desk, 0);
    desk_must(desk, desk_publish_abandon(desk->store, desk->fault));
    desk_patch(desk, "ada", line, "{\"title\":\"b\"}");
    assert_null(archived(desk, publication.day));
    begin(desk, 0);
    finish(desk);
    assert_string_equal(archived(desk, publication.day)->sections[0].items[0].title, "b");
    desk_close(desk);
}

static void a_correction_is_a_new_version_and_the_old_one_is_kept(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", desk_title(1));
    desk_decide_state(desk, "ada", story, DESK_PICKED);
    desk_line(desk, "ada", "papers", 0, "by hand");
    struct desk_publication publication = begin(desk, 0);
    finish(desk);
    struct desk_action action = desk_by(desk, "grace");
    struct desk_result result, again;
    desk_must(desk,
        desk_reopen(desk->store, desk->arena, desk->config, &action, publication.day, &result,
            desk->fault));
    desk_must(desk,
        desk_reopen(desk->store, desk->arena, desk->config, &action, publication.day, &again,
            desk->fault));
    assert_int_equal(again.made, result.made);
    assert_int_equal(again.event, 0);
    struct desk_draft *correction = draft_of(desk, result.made);
    assert_string_equal(correction->corrects, publication.day);
    assert_int_equal(correction->picks[0][0].story, story);
    assert_non_null(correction->picks[0][0].original);
    assert_string_equal(correction->draft->issue->guide, publication.issue->guide);
    desk_patch(desk, "grace", correction->picks[1][0].id, "{\"title\":\"mended\"}");
    struct desk_target taken = {correction->picks[0][0].id, DESK_ANY_VERSION};
    desk_must(desk,
        desk_remove_picks(
            desk->store, desk->arena, desk->config, &action, &taken, 1, &again, desk->fault));
    struct desk_publication second = begin(desk, result.made);
    assert_int_equal(second.version, 2);
    assert_string_equal(second.day, publication.day);
    finish(desk);
    struct issue *issue = archived(desk, publication.day);
    assert_string_equal(issue->sections[1].items[0].title, "mended");
    assert_int_equal(issue->sections[0].item_count, 0);
    assert_null(desk_list(desk, DESK_INBOX).stories[0].printed_in);
    struct desk_issue_version *versions;
    size_t count;
    desk_must(desk,
        desk_read_issue_versions(
            desk->store, desk->arena, publication.day, &versions, &count, desk->fault));
    assert_int_equal(count, 2);
    assert_int_equal(versions[0].version, 2);
    assert_string_equal(versions[1].document, publication.document);
    struct desk_target *drafts;
    desk_must(desk, desk_list_drafts(desk->store, desk->arena, &drafts, &count, desk->fault));
    assert_int_equal(count, 1);
    desk_close(desk);
}

static void what_was_printed_is_told_of_a_copy_that_comes_later(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", TITLE);
    desk_decide_state(desk, "ada", story, DESK_PICKED);
    int64_t pick = desk_draft(desk)->picks[0][0].id;
    desk_patch(desk, "ada", pick, "{\"url\":\"https://elsewhere.example/\",\"title\":\"x\"}");
    struct desk_publication publication = begin(desk, 0);
    finish(desk);
    desk_add_from(desk, "lwn", "https://b.example/2", TITLE);
    desk_add(desk, "https://elsewhere.example/", desk_title(4));
    struct desk_page inbox = desk_list(desk, DESK_INBOX);
    assert_int_equal(inbox.count, 2);
    assert_string_equal(inbox.stories[0].printed_in, publication.day);
    assert_string_equal(inbox.stories[1].printed_in, publication.day);
    desk->sections[0].limit = 5;
    assert_int_equal(desk_draft(desk)->draft->issue->sections[0].item_count, 0);
    desk_close(desk);
}

static void a_publication_is_not_taken_back_by_undo(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", TITLE);
    desk_decide_state(desk, "grace", story, DESK_PICKED);
    desk_line(desk, "grace", "news", 0, "free");
    begin(desk, 0);
    finish(desk);
    const char *editors[] = {"ada", "grace"};
    for (size_t i = 0; i < 2; i++) {
        struct desk_action action = desk_by(desk, editors[i]);
        struct desk_result result;
        assert_false(
            desk_undo(desk->store, desk->arena, desk->config, &action, &result, desk->fault));
        assert_int_equal(desk->fault->kind, FAULT_REFUSED);
    }
    desk_close(desk);
}

/* ---- lessons ---- */

static void note_lesson(void *data, const struct desk_lesson *lesson, struct buffer *out)
{
    static const char *const names[] = {"picked", "moved", "rejected", "published", "passed"};
    buffer_printf(out, "%s %s %s", names[lesson->kind], lesson->section, lesson->item->key);
    (*(int *)data)++;
}

static const char *lessons(struct desk_fixture *desk)
{
    struct desk_taught *taught;
    size_t count;
    desk_must(
        desk, desk_read_lessons(desk->store, desk->arena, 0, &taught, &count, desk->fault));
    const char *all = "";
    for (size_t i = 0; i < count; i++) {
        all = arena_printf(
            desk->arena, "%s%.*s;", all, (int)taught[i].length, (const char *)taught[i].bytes);
    }
    return all;
}

static void decisions_teach_and_what_is_undone_does_not(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t a = desk_add(desk, "https://a.example/a", desk_title(1));
    int64_t b = desk_add(desk, "https://a.example/b", desk_title(2));
    desk_add(desk, "https://a.example/c", desk_title(3));
    int given = 0;
    struct desk_action action = desk_by(desk, "ada");
    action.lesson = note_lesson;
    action.lesson_data = &given;
    enum desk_state picked = DESK_PICKED, rejected = DESK_REJECTED;
    const char *papers = "papers";
    struct desk_decision decisions[] = {
        {.story = {a, 0}, .state = &picked, .section = &papers},
        {.story = {b, 0}, .state = &rejected},
    };
    struct desk_result result;
    desk_must(desk,
        desk_decide(desk->store, desk->arena, desk->config, &action, decisions, 2, &result,
            desk->fault));
    assert_string_equal(lessons(desk),
        "picked papers https://a.example/a;rejected (null) https://a.example/b;");
    desk_must(
        desk, desk_undo(desk->store, desk->arena, desk->config, &action, &result, desk->fault));
    assert_string_equal(lessons(desk), "");
    desk_must(
        desk, desk_redo(desk->store, desk->arena, desk->config, &action, &result, desk->fault));
    assert_int_equal(given, 2);
    begin(desk, 0);
    desk_must(desk,
        desk_publish_finish(desk->store, desk->arena, desk->config, desk->now_utc_s,
            note_lesson, &given, &result, desk->fault));
    assert_string_equal(lessons(desk),
        "picked papers https://a.example/a;rejected (null) https://a.example/b;"
        "passed (null) https://a.example/c;published papers https://a.example/a;");
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(an_issue_is_published_with_its_suggestions_and_the_next_draft_opens),
        storage_test(a_crash_between_the_steps_leaves_the_same_document_to_finish),
        storage_test(nothing_is_published_twice_or_changed_while_it_goes_out),
        storage_test(a_publication_that_is_given_up_leaves_the_draft_open),
        storage_test(a_correction_is_a_new_version_and_the_old_one_is_kept),
        storage_test(what_was_printed_is_told_of_a_copy_that_comes_later),
        storage_test(a_publication_is_not_taken_back_by_undo),
        storage_test(decisions_teach_and_what_is_undone_does_not),
    };
    return cmocka_run_group_tests_name("desk_publish", tests, NULL, NULL);
}
