/* The log: undo and redo, merges and splits by hand, and that the state is its fold. */
#include "desk_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "storage/verify.h"

/* ---- undo and redo ---- */

static enum fault_kind refuse(struct desk_fixture *desk, const char *editor,
    bool (*act)(struct store *, struct arena *, const struct config *,
        const struct desk_action *, struct desk_result *, struct fault *))
{
    struct desk_action action = desk_by(desk, editor);
    struct desk_result result;
    assert_false(act(desk->store, desk->arena, desk->config, &action, &result, desk->fault));
    return desk->fault->kind;
}

static void undo_takes_back_a_whole_bulk_and_redo_does_it_again(void **state)
{
    enum { STORIES = 6 };
    struct desk_fixture *desk = desk_open(*state);
    struct desk_decision decisions[STORIES];
    enum desk_state picked = DESK_PICKED;
    for (int i = 0; i < STORIES; i++) {
        const char *key = arena_printf(desk->arena, "https://a.example/%d", i);
        decisions[i] = (struct desk_decision){
            .story = {desk_add(desk, key, desk_title(i)), 0}, .state = &picked};
    }
    struct desk_action action = desk_by(desk, "ada");
    struct desk_result result;
    desk_must(desk,
        desk_decide(desk->store, desk->arena, desk->config, &action, decisions, STORIES,
            &result, desk->fault));
    assert_int_equal(result.change_count, 2 * STORIES);
    const char *draft = desk_draft(desk)->picks[0][3].body;
    struct desk_result undone = desk_take_back(desk, "ada");
    assert_int_equal(undone.change_count, 2 * STORIES);
    assert_int_equal(desk_list(desk, DESK_INBOX).count, STORIES);
    assert_int_equal(desk_list(desk, DESK_INBOX).stories[0].version, undone.event);
    assert_int_equal(fixture_query_int(desk->fixture, "SELECT count(*) FROM pick"), 0);
    desk_do_again(desk, "ada");
    assert_int_equal(desk_list(desk, DESK_PICKED).count, STORIES);
    assert_string_equal(desk_draft(desk)->picks[0][3].body, draft);
    assert_int_equal(desk_draft(desk)->picks[0][3].id, result.changes[STORIES + 3].id);
    desk_close(desk);
}

static void each_editor_has_a_line_of_undo_of_her_own(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t a = desk_add(desk, "https://a.example/1", desk_title(1));
    int64_t b = desk_add(desk, "https://a.example/2", desk_title(2));
    desk_decide_state(desk, "ada", a, DESK_LATER);
    desk_decide_state(desk, "grace", b, DESK_LATER);
    desk_decide_state(desk, "ada", a, DESK_REJECTED);
    desk_take_back(desk, "ada");
    assert_int_equal(desk_list(desk, DESK_LATER).count, 2);
    desk_take_back(desk, "ada");
    assert_int_equal(desk_list(desk, DESK_LATER).stories[0].id, b);
    assert_int_equal(refuse(desk, "ada", desk_undo), FAULT_MISSING);
    desk_do_again(desk, "ada");
    desk_do_again(desk, "ada");
    assert_int_equal(desk_list(desk, DESK_REJECTED).stories[0].id, a);
    assert_int_equal(refuse(desk, "ada", desk_redo), FAULT_MISSING);
    desk_take_back(desk, "ada");
    desk_decide_state(desk, "ada", b, DESK_INBOX); /* anew: what was undone stays undone */
    assert_int_equal(refuse(desk, "ada", desk_redo), FAULT_MISSING);
    desk_take_back(desk, "ada");
    desk_take_back(desk, "ada");
    assert_int_equal(desk_list(desk, DESK_INBOX).count, 1);
    desk_close(desk);
}

static void undo_never_runs_over_another_editor(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t a = desk_add(desk, "https://a.example/1", desk_title(1));
    desk_decide_state(desk, "ada", a, DESK_PICKED);
    int64_t pick = desk_draft(desk)->picks[0][0].id;
    desk_patch(desk, "grace", pick, "{\"title\":\"Of Grace\"}");
    assert_int_equal(refuse(desk, "ada", desk_undo), FAULT_REFUSED);
    assert_non_null(strstr(desk->fault->message, "'grace' changed it since (patch_pick)"));
    assert_string_equal(desk_draft(desk)->draft->issue->sections[0].items[0].title, "Of Grace");
    desk_take_back(desk, "grace");
    desk_take_back(desk, "ada"); /* nothing stands on it any more */
    assert_int_equal(desk_list(desk, DESK_INBOX).count, 1);
    desk_close(desk);
}

static void undo_of_a_line_leaves_the_others_where_they_are(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t a = desk_line(desk, "ada", "news", 0, "a");
    desk_line(desk, "grace", "news", a, "b");
    desk_move(desk, "ada", a, "papers", 0);
    desk_line(desk, "grace", "papers", a, "c");
    desk_take_back(desk, "ada");
    struct issue_section *sections = desk_draft(desk)->draft->issue->sections;
    assert_string_equal(sections[0].items[0].title, "b");
    assert_string_equal(sections[0].items[1].title, "a");
    assert_string_equal(sections[1].items[0].title, "c");
    desk_close(desk);
}

/* ---- by hand and for ever ---- */

static void a_split_by_hand_outlives_restart_and_later_copies(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t first = desk_add(desk, "https://a.example/1", TITLE);
    int64_t second = desk_add_from(desk, "lwn", "https://b.example/2", TITLE);
    int64_t made = desk_part(desk, "ada", first, second);
    assert_int_equal(desk_story_of(desk, second), made);
    assert_int_equal(desk_list(desk, DESK_INBOX).count, 2);
    int64_t third = desk_add(desk, "https://a.example/3", TITLE);
    int64_t after = desk_story_of(desk, third);
    desk_reopen_store(desk);
    desk_add_from(desk, "lwn", "https://b.example/4", TITLE);
    assert_int_equal(desk_story_of(desk, second), made);
    assert_int_equal(desk_story_of(desk, first), first);
    assert_int_equal(desk_story_of(desk, third), after);
    desk_close(desk);
}

static void undoing_a_split_takes_later_copies_along(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t first = desk_add(desk, "https://a.example/1", desk_title(1));
    int64_t second = desk_add(desk, "https://a.example/2", desk_title(2));
    desk_join(desk, "ada", first, second);
    int64_t made = desk_part(desk, "ada", first, second);
    int64_t copy = desk_add_from(desk, "lwn", "https://b.example/3", desk_title(2));
    assert_int_equal(desk_story_of(desk, copy), made);
    desk_take_back(desk, "ada");
    assert_int_equal(desk_list(desk, DESK_INBOX).count, 1);
    assert_int_equal(desk_list(desk, DESK_INBOX).stories[0].item_count, 3);
    assert_int_equal(desk_story_of(desk, copy), first);
    desk_do_again(desk, "ada");
    assert_int_equal(desk_story_of(desk, second), made);
    assert_int_equal(desk_story_of(desk, copy), made);
    desk_close(desk);
}

static void a_merge_takes_the_stronger_decision_and_its_pick(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t a = desk_add(desk, "https://a.example/1", desk_title(1));
    int64_t b = desk_add(desk, "https://a.example/2", desk_title(2));
    int64_t c = desk_add(desk, "https://a.example/3", desk_title(3));
    desk_decide_state(desk, "ada", b, DESK_PICKED);
    int64_t pick = desk_draft(desk)->picks[0][0].id;
    desk_patch(desk, "ada", pick, "{\"title\":\"Hers\"}");
    desk_join(desk, "ada", a, b);
    struct desk_draft *draft = desk_draft(desk);
    assert_int_equal(draft->picks[0][0].id, pick);
    assert_int_equal(draft->picks[0][0].story, a);
    assert_int_equal(desk_list(desk, DESK_PICKED).stories[0].item_count, 2);
    desk_decide_state(desk, "ada", c, DESK_PICKED);
    struct desk_action action = desk_by(desk, "ada");
    struct desk_target target = {c, DESK_ANY_VERSION};
    struct desk_result result;
    assert_false(desk_merge(desk->store, desk->arena, desk->config, &action,
        (struct desk_target){a, DESK_ANY_VERSION}, &target, 1, &result, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_REFUSED);
    desk_take_back(desk, "ada");
    desk_take_back(desk, "ada");
    assert_int_equal(desk_story_of(desk, b), b);
    assert_int_equal(desk_list(desk, DESK_PICKED).stories[0].id, b);
    assert_int_equal(desk_draft(desk)->picks[0][0].story, b);
    desk_close(desk);
}

static void a_split_that_leaves_nothing_or_takes_strangers_is_refused(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t a = desk_add(desk, "https://a.example/1", desk_title(1));
    int64_t b = desk_add(desk, "https://a.example/2", desk_title(2));
    const int64_t wrong[] = {a, b};
    struct desk_action action = desk_by(desk, "ada");
    struct desk_result result;
    for (size_t i = 0; i < 2; i++) {
        assert_false(desk_split(desk->store, desk->arena, desk->config, &action,
            (struct desk_target){a, DESK_ANY_VERSION}, &wrong[i], 1, &result, desk->fault));
        assert_int_equal(desk->fault->kind, FAULT_PARSE);
    }
    assert_int_equal(fixture_query_int(desk->fixture, "SELECT count(*) FROM event"), 0);
    desk_close(desk);
}

static void what_was_decided_is_remembered_when_its_item_is_gone(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", desk_title(1));
    desk_decide_state(desk, "ada", story, DESK_REJECTED);
    fixture_execute(
        desk->fixture->path, "DELETE FROM sighting; DELETE FROM content; DELETE FROM item");
    struct desk_memory memory;
    desk_must(desk,
        desk_recall(desk->store, desk->arena, "https://a.example/1", &memory, desk->fault));
    assert_true(memory.known);
    assert_int_equal(memory.state, DESK_REJECTED);
    desk_reopen_store(desk);
    int64_t again = desk_add(desk, "https://a.example/1", desk_title(1));
    assert_int_not_equal(again, story);
    assert_int_equal(desk_list(desk, DESK_INBOX).count, 0);
    desk_close(desk);
}

/* ---- the fold ---- */

static const char *const folded[] = {
    "SELECT group_concat(id || ':' || state || ':' || version || ':' || section || ':' ||"
    " coalesce(section_by_hand, '-') || ':' || coalesce(lead_by_hand, 0) || ':' ||"
    " item_count || ':' || lead_item_id) FROM (SELECT * FROM story ORDER BY id)",
    "SELECT group_concat(id || ':' || story_id || ':' || coalesce(story_tier, '-') || ':' ||"
    " story_version) FROM (SELECT * FROM item ORDER BY id)",
    "SELECT group_concat(id || ':' || version || ':' || draft_id || ':' || removed || ':' ||"
    " section || ':' || position || ':' || coalesce(story_id, 0) || ':' ||"
    " coalesce(item_id, 0) || body || coalesce(original, '-'), x'0a')"
    " FROM (SELECT * FROM pick ORDER BY id)",
    "SELECT group_concat(id || ':' || version || ':' || open || ':' || suggest || ':' ||"
    " coalesce(headline, '-') || ':' || coalesce(guide, '-'))"
    " FROM (SELECT * FROM draft ORDER BY id)",
};

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

struct chance {
    struct desk_fixture *desk;
    const char *editor;
    uint32_t seed;
    int64_t stories[64], picks[64];
    size_t story_count, pick_count;
};

static int64_t any(struct chance *chance, const int64_t *ids, size_t count)
{
    return count == 0 ? 1 : ids[next_random(&chance->seed) % count];
}

static void look_around(struct chance *chance)
{
    struct desk_fixture *desk = chance->desk;
    chance->story_count = chance->pick_count = 0;
    for (int state = 0; state < DESK_STATE_COUNT; state++) {
        struct desk_page page = desk_list(desk, (enum desk_state)state);
        for (size_t i = 0; i < page.count && chance->story_count < 64; i++) {
            chance->stories[chance->story_count++] = page.stories[i].id;
        }
    }
    struct desk_draft *draft = desk_draft(desk);
    for (size_t i = 0; i < draft->draft->issue->section_count; i++) {
        for (size_t k = 0; k < draft->draft->issue->sections[i].item_count; k++) {
            if (chance->pick_count < 64) {
                chance->picks[chance->pick_count++] = draft->picks[i][k].id;
            }
        }
    }
}

static const char *const section_ids[] = {"news", "papers", "brief"};

static bool decide_something(struct chance *chance, const struct desk_action *action)
{
    enum desk_state state = next_random(&chance->seed) % DESK_STATE_COUNT;
    const char *section = section_ids[next_random(&chance->seed) % 3];
    struct desk_decision decisions[3];
    for (size_t i = 0; i < 3; i++) {
        int64_t story = any(chance, chance->stories, chance->story_count);
        decisions[i] = (struct desk_decision){
            .story = {story, DESK_ANY_VERSION}, .state = &state};
        if (next_random(&chance->seed) % 3 == 0) {
            decisions[i].section = &section;
        }
    }
    struct desk_result result;
    struct desk_fixture *desk = chance->desk;
    return desk_decide(desk->store, desk->arena, desk->config, action, decisions,
        1 + next_random(&chance->seed) % 3, &result, desk->fault);
}

static bool edit_something(struct chance *chance, const struct desk_action *action)
{
    struct desk_fixture *desk = chance->desk;
    struct desk_result result;
    struct desk_target pick = {
        any(chance, chance->picks, chance->pick_count), DESK_ANY_VERSION};
    const char *patch = arena_printf(desk->arena, "{\"%s\":\"t\\u00e4xt %u\"}",
        next_random(&chance->seed) % 2 == 0 ? "title" : "summary",
        next_random(&chance->seed) % 50);
    switch (next_random(&chance->seed) % 4) {
    case 0:
        return desk_remove_picks(
            desk->store, desk->arena, desk->config, action, &pick, 1, &result, desk->fault);
    case 1:
        patch = arena_printf(desk->arena, "{\"headline\":\"h%u\",\"suggest\":%s}",
            next_random(&chance->seed) % 9,
            next_random(&chance->seed) % 2 == 0 ? "true" : "false");
        return desk_patch_draft(desk->store, desk->arena, desk->config, action,
            (struct desk_target){0, DESK_ANY_VERSION}, patch, strlen(patch), &result,
            desk->fault);
    case 2:
        patch = "{\"title\":\"by hand\",\"url\":\"https://h.example/x\"}";
        return desk_add_pick(desk->store, desk->arena, desk->config, action, 0,
            section_ids[next_random(&chance->seed) % 3], 0, patch, strlen(patch), &result,
            desk->fault);
    default:
        return desk_patch_pick(desk->store, desk->arena, desk->config, action, pick, patch,
            strlen(patch), &result, desk->fault);
    }
}

static bool move_something(struct chance *chance, const struct desk_action *action)
{
    struct desk_fixture *desk = chance->desk;
    struct desk_move moves[2];
    for (size_t i = 0; i < 2; i++) {
        moves[i].pick = (struct desk_target){
            any(chance, chance->picks, chance->pick_count), DESK_ANY_VERSION};
        moves[i].section = section_ids[next_random(&chance->seed) % 3];
        moves[i].before = next_random(&chance->seed) % 2 == 0
            ? 0
            : any(chance, chance->picks, chance->pick_count);
    }
    struct desk_result result;
    return desk_move_picks(
        desk->store, desk->arena, desk->config, action, moves, 2, &result, desk->fault);
}

static bool regroup_something(struct chance *chance, const struct desk_action *action)
{
    struct desk_fixture *desk = chance->desk;
    struct desk_result result;
    struct desk_target a = {
        any(chance, chance->stories, chance->story_count), DESK_ANY_VERSION};
    struct desk_target b = {
        any(chance, chance->stories, chance->story_count), DESK_ANY_VERSION};
    if (next_random(&chance->seed) % 2 == 0) {
        return desk_merge(
            desk->store, desk->arena, desk->config, action, a, &b, 1, &result, desk->fault);
    }
    struct desk_story story;
    struct desk_item *items;
    size_t count;
    desk_must(desk,
        desk_read_story(
            desk->store, desk->arena, desk->config, a.id, &story, &items, &count, desk->fault));
    int64_t item = items[next_random(&chance->seed) % count].candidate.id;
    return desk_split(
        desk->store, desk->arena, desk->config, action, a, &item, 1, &result, desk->fault);
}

static bool act(struct chance *chance)
{
    struct desk_fixture *desk = chance->desk;
    struct desk_action action = desk_by(desk, chance->editor);
    struct desk_result result;
    look_around(chance);
    switch (next_random(&chance->seed) % 8) {
    case 0:
    case 1:
        return decide_something(chance, &action);
    case 2:
    case 3:
        return edit_something(chance, &action);
    case 4:
        return move_something(chance, &action);
    case 5:
        return regroup_something(chance, &action);
    case 6:
        return desk_undo(desk->store, desk->arena, desk->config, &action, &result, desk->fault);
    default:
        return desk_redo(desk->store, desk->arena, desk->config, &action, &result, desk->fault);
    }
}

static void check_consistent(struct desk_fixture *desk)
{
    struct fixture *fixture = desk->fixture;
    assert_int_equal(
        fixture_query_int(
            fixture, "SELECT count(*) FROM item WHERE story_id NOT IN (SELECT id FROM story)"),
        0);
    assert_int_equal(
        fixture_query_int(
            fixture, "SELECT count(*) FROM story WHERE id NOT IN (SELECT story_id FROM item)"),
        0);
    assert_int_equal(
        fixture_query_int(fixture,
            "SELECT count(*) FROM story WHERE (state = 'picked') <>"
            " (SELECT count(*) FROM pick WHERE story_id = story.id AND removed = 0)"),
        0);
    assert_int_equal(fixture_query_int(fixture,
                         "SELECT count(*) FROM story WHERE item_count <>"
                         " (SELECT count(*) FROM item WHERE story_id = story.id)"),
        0);
}

static void print_finding(void *data, const struct verify_finding *finding)
{
    print_error(
        "%s %s: %s: %s\n", finding->table, finding->row, finding->check, finding->words);
}

/* Every invariant, the log replayed among them. */
static void verify(struct fixture *fixture)
{
    size_t count;
    fixture_must(
        fixture, store_verify(fixture->path, print_finding, NULL, &count, &fixture->fault));
    assert_int_equal(count, 0);
}

static void the_state_is_the_fold_of_a_thousand_random_actions(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    const char *given = getenv("BRIEFD_SEED");
    uint32_t first = given == NULL ? 20200917 : (uint32_t)strtoul(given, NULL, 10);
    struct chance editors[] = {
        {.desk = desk, .editor = "ada", .seed = first},
        {.desk = desk, .editor = "grace", .seed = first + 7},
    };
    for (int i = 0; i < 12; i++) {
        desk_add(desk, arena_printf(desk->arena, "https://a.example/%d", i), desk_title(i));
    }
    size_t done = 0;
    for (int i = 0; i < 1000; i++) {
        if (i % 50 == 0) {
            desk_add_from(desk, "lwn", arena_printf(desk->arena, "https://l.example/%d", i),
                desk_title(i / 50));
        }
        done += act(&editors[i % 2]);
        if (desk->fault->kind == FAULT_STORE) {
            fail_msg("action %d: %s", i, desk->fault->message);
        }
    }
    check_consistent(desk);
    verify(desk->fixture);
    assert_true(done > 500);
    const char *before[array_count(folded)];
    for (size_t i = 0; i < array_count(folded); i++) {
        before[i] = fixture_query_text(desk->fixture, folded[i]);
    }
    fixture_execute(desk->fixture->path,
        "UPDATE story SET state = 'later', section_by_hand = 'spoilt' WHERE version <> 0;"
        "UPDATE pick SET body = '{}'; UPDATE draft SET headline = 'spoilt';"
        "UPDATE item SET story_id = 1 WHERE story_version <> 0");
    desk_must(desk, desk_rebuild(desk->store, desk->config, desk->fault));
    for (size_t i = 0; i < array_count(folded); i++) {
        assert_string_equal(fixture_query_text(desk->fixture, folded[i]), before[i]);
    }
    check_consistent(desk);
    desk_close(desk);
}

/* ---- kill -9 ---- */

/* In a process of its own: act until killed, and tell the pipe of each action that was
 * acknowledged. */
static void act_until_killed(struct fixture *fixture, uint32_t seed, int acknowledge)
{
    struct desk_fixture *desk = desk_open(fixture);
    struct chance chance = {.desk = desk, .editor = "ada", .seed = seed};
    for (;;) {
        struct desk_action action = desk_by(desk, "ada");
        look_around(&chance);
        bool ok = next_random(&chance.seed) % 4 == 0 ? edit_something(&chance, &action)
                                                     : decide_something(&chance, &action);
        int64_t last = fixture_query_int(fixture, "SELECT count(*) FROM event");
        if (ok && write(acknowledge, &last, sizeof(last)) != sizeof(last)) {
            _exit(2);
        }
    }
}

static int64_t kill_while_acting(struct fixture *fixture, uint32_t seed)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        act_until_killed(fixture, seed, ends[1]);
    }
    close(ends[1]);
    int64_t acknowledged = 0, next;
    for (uint32_t i = 0; i <= seed % 7; i++) {
        if (read(ends[0], &next, sizeof(next)) == sizeof(next)) {
            acknowledged = next;
        }
    }
    for (volatile uint32_t i = 0; i < seed % 200000; i++) { /* into the midst of the next */
    }
    kill(child, SIGKILL);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    while (read(ends[0], &next, sizeof(next)) == sizeof(next)) {
        acknowledged = next;
    }
    close(ends[0]);
    return acknowledged;
}

static void acknowledged_actions_survive_kill_9(void **state)
{
    enum { KILLS = 20 };
    struct fixture *fixture = *state;
    struct desk_fixture *desk = desk_open(fixture);
    for (int i = 0; i < 12; i++) {
        desk_add(desk, arena_printf(desk->arena, "https://a.example/%d", i), desk_title(i));
    }
    desk_close(desk);
    uint32_t seed = 20200917;
    int64_t all = 0;
    for (int i = 0; i < KILLS; i++) {
        int64_t acknowledged = kill_while_acting(fixture, next_random(&seed));
        desk = desk_open(fixture);
        int64_t kept = fixture_query_int(fixture, "SELECT count(*) FROM event");
        assert_true(kept >= acknowledged && kept <= acknowledged + 1 + all);
        check_consistent(desk);
        desk_close(desk);
        all = kept;
    }
    assert_true(all > KILLS);
}

static void the_log_is_read_in_pages_from_either_end(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", desk_title(1));
    for (int i = 0; i < 5; i++) {
        desk_decide_state(
            desk, i % 2 == 0 ? "ada" : "grace", story, i % 2 == 0 ? DESK_LATER : DESK_REJECTED);
    }
    struct desk_event *events;
    size_t count;
    struct desk_event_filter filter = {.limit = 2};
    desk_must(desk,
        desk_read_events(desk->store, desk->arena, &filter, &events, &count, desk->fault));
    assert_int_equal(count, 2);
    assert_int_equal(events[0].id, 5);
    assert_int_equal(events[0].change_count, 1);
    assert_string_equal(
        events[0].changes[0].after, "{\"state\":\"later\",\"section\":null,\"lead\":null}");
    filter = (struct desk_event_filter){
        .limit = 200, .oldest_first = true, .after = 1, .before = 5, .editor = "grace"};
    desk_must(desk,
        desk_read_events(desk->store, desk->arena, &filter, &events, &count, desk->fault));
    assert_int_equal(count, 2);
    assert_int_equal(events[0].id, 2);
    assert_int_equal(events[1].id, 4);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(undo_takes_back_a_whole_bulk_and_redo_does_it_again),
        storage_test(each_editor_has_a_line_of_undo_of_her_own),
        storage_test(undo_never_runs_over_another_editor),
        storage_test(undo_of_a_line_leaves_the_others_where_they_are),
        storage_test(a_split_by_hand_outlives_restart_and_later_copies),
        storage_test(undoing_a_split_takes_later_copies_along),
        storage_test(a_merge_takes_the_stronger_decision_and_its_pick),
        storage_test(a_split_that_leaves_nothing_or_takes_strangers_is_refused),
        storage_test(what_was_decided_is_remembered_when_its_item_is_gone),
        storage_test(the_state_is_the_fold_of_a_thousand_random_actions),
        storage_test(acknowledged_actions_survive_kill_9),
        storage_test(the_log_is_read_in_pages_from_either_end),
    };
    return cmocka_run_group_tests_name("desk_log", tests, NULL, NULL);
}
