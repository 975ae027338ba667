/* The desk: what an editor decides, and what becomes of it. */
#include "desk_fixture.h"

#include <string.h>

#include "base/clock.h"
#include "storage/statements.h"

/* ---- stories ---- */

static void a_new_item_begins_a_story_in_the_inbox(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t item = desk_add(desk, "https://a.example/1", "Quantised inference on a Cortex-M7");
    struct desk_page page = desk_list(desk, DESK_INBOX);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.stories[0].id, item);
    assert_int_equal(page.stories[0].version, 0);
    assert_int_equal(page.stories[0].item_count, 1);
    assert_string_equal(page.stories[0].section, "news");
    assert_null(page.next);
    desk_close(desk);
}

static void copies_are_one_story_that_names_all_sources(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t first = desk_add(desk, "https://a.example/1", TITLE);
    desk_add_from(desk, "lwn", "https://b.example/2", TITLE);
    struct desk_page page = desk_list(desk, DESK_INBOX);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.stories[0].id, first);
    assert_int_equal(page.stories[0].item_count, 2);
    assert_int_equal(page.stories[0].lead.also_count, 1);
    struct desk_story story;
    struct desk_item *items;
    size_t count;
    desk_must(desk,
        desk_read_story(desk->store, desk->arena, desk->config, first, &story, &items, &count,
            desk->fault));
    assert_int_equal(count, 2);
    assert_int_equal(items[1].tier, STORY_NEAR_DUPLICATE);
    assert_int_equal(items[1].matched, first);
    assert_non_null(items[1].reason);
    assert_int_equal(items[1].sighting_count, 1);
    desk_close(desk);
}

static void the_grouping_goes_on_where_it_was_after_a_restart(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t first = desk_add(desk, "https://a.example/1", TITLE);
    desk_reopen_store(desk);
    int64_t second = desk_add_from(desk, "lwn", "https://b.example/2", TITLE);
    assert_int_equal(desk_story_of(desk, second), first);
    desk_close(desk);
}

static void what_a_failed_commit_placed_attracts_nothing(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    desk_add(desk, "https://a.example/0", desk_title(0));
    struct feed_state feed = fixture_feed(desk->fixture, desk->store, "arxiv");
    struct store_entry entry = fixture_entry(desk->fixture, "https://a.example/1", 1);
    entry.title = TITLE;
    entry.summary = NULL;
    struct store_document *document = fixture_document(desk->fixture, &feed, 1, &entry, 1);
    sqlite3_exec(desk->store->db,
        "CREATE TEMP TRIGGER full BEFORE INSERT ON main.sighting"
        " BEGIN SELECT RAISE(ABORT, 'full'); END",
        NULL, NULL, NULL);
    assert_false(store_commit(desk->store, &document, 1, desk->config, desk->fault));
    sqlite3_exec(desk->store->db, "DROP TRIGGER temp.full", NULL, NULL, NULL);
    int64_t other = desk_add(desk, "https://a.example/2", desk_title(2)); /* the same id */
    int64_t copy = desk_add_from(desk, "lwn", "https://b.example/3", TITLE);
    assert_int_equal(desk_story_of(desk, copy), copy);
    assert_int_equal(desk_story_of(desk, other), other);
    assert_int_equal(desk_list(desk, DESK_INBOX).count, 3);
    desk_close(desk);
}

/* ---- decisions ---- */

static void a_picked_story_stands_in_the_draft_under_its_section(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", TITLE);
    struct desk_result result = desk_decide_state(desk, "ada", story, DESK_PICKED);
    assert_int_equal(result.event, 1);
    assert_int_equal(result.change_count, 2); /* the story and its pick */
    struct desk_draft *draft = desk_draft(desk);
    assert_int_equal(draft->tag, 1);
    assert_int_equal(draft->draft->issue->sections[0].item_count, 1);
    assert_string_equal(draft->draft->issue->sections[0].items[0].title, TITLE);
    assert_int_equal(draft->picks[0][0].story, story);
    assert_int_not_equal(draft->picks[0][0].id, 0);
    assert_int_equal(desk_list(desk, DESK_PICKED).stories[0].pick, draft->picks[0][0].id);
    desk_close(desk);
}

static void what_is_decided_with_an_old_version_is_refused_with_both(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", TITLE);
    desk_decide_state(desk, "ada", story, DESK_LATER);
    enum desk_state rejected = DESK_REJECTED;
    struct desk_decision decision = {.story = {story, 0}, .state = &rejected};
    struct desk_action action = desk_by(desk, "grace");
    struct desk_result result;
    assert_false(desk_decide(
        desk->store, desk->arena, desk->config, &action, &decision, 1, &result, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_CONFLICT);
    assert_int_equal(result.conflict.expected, 0);
    assert_int_equal(result.conflict.actual, 1);
    assert_string_equal(result.conflict.editor, "ada");
    assert_int_equal(desk_list(desk, DESK_LATER).count, 1);
    decision.story.version = 1;
    desk_must(desk,
        desk_decide(desk->store, desk->arena, desk->config, &action, &decision, 1, &result,
            desk->fault));
    assert_int_equal(desk_list(desk, DESK_REJECTED).count, 1);
    desk_close(desk);
}

static void a_decision_that_changes_nothing_is_no_event(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", TITLE);
    assert_int_equal(desk_decide_state(desk, "ada", story, DESK_INBOX).event, 0);
    assert_int_equal(fixture_query_int(desk->fixture, "SELECT count(*) FROM event"), 0);
    desk_close(desk);
}

static void a_bulk_decision_is_all_or_nothing(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", TITLE);
    enum desk_state later = DESK_LATER;
    struct desk_decision decisions[] = {
        {.story = {story, DESK_ANY_VERSION}, .state = &later},
        {.story = {story + 1000, DESK_ANY_VERSION}, .state = &later},
    };
    struct desk_action action = desk_by(desk, "ada");
    struct desk_result result;
    assert_false(desk_decide(
        desk->store, desk->arena, desk->config, &action, decisions, 2, &result, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_MISSING);
    assert_int_equal(desk_list(desk, DESK_LATER).count, 0);
    desk_close(desk);
}

static void a_request_that_comes_twice_is_answered_once(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    struct desk_action action = desk_by(desk, "ada");
    action.request_key = "one";
    action.request_hash = 0xf000000000000001; /* beyond a signed integer */
    struct desk_result first, second;
    const char *body = "{\"title\":\"By hand\"}";
    desk_must(desk,
        desk_add_pick(desk->store, desk->arena, desk->config, &action, 0, "news", 0, body,
            strlen(body), &first, desk->fault));
    desk_must(desk,
        desk_add_pick(desk->store, desk->arena, desk->config, &action, 0, "news", 0, body,
            strlen(body), &second, desk->fault));
    assert_true(second.repeated && !first.repeated);
    assert_int_equal(second.event, first.event);
    assert_int_equal(second.made, first.made);
    assert_int_equal(second.change_count, 1);
    action.request_hash = 3;
    assert_false(desk_add_pick(desk->store, desk->arena, desk->config, &action, 0, "news", 0,
        body, strlen(body), &second, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_REFUSED);
    action.now_utc_s += DESK_REQUEST_KEPT_S + 1;
    desk_must(desk,
        desk_add_pick(desk->store, desk->arena, desk->config, &action, 0, "news", 0, body,
            strlen(body), &second, desk->fault));
    assert_int_equal(fixture_query_int(desk->fixture, "SELECT count(*) FROM pick"), 2);
    assert_int_equal(fixture_query_int(desk->fixture, "SELECT count(*) FROM request"), 1);
    desk_close(desk);
}

static void what_a_feed_edits_later_leaves_the_pick_as_it_is(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", TITLE);
    desk_decide_state(desk, "ada", story, DESK_PICKED);
    desk_add(desk, "https://a.example/1", "Another title altogether"); /* the same entry */
    struct desk_draft *draft = desk_draft(desk);
    assert_string_equal(draft->draft->issue->sections[0].items[0].title, TITLE);
    assert_string_equal(draft->draft->sections[0].picked[0]->title, "Another title altogether");
    assert_non_null(strstr(draft->picks[0][0].original, TITLE));
    desk_close(desk);
}

static void a_story_taken_out_comes_back_with_her_text(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", TITLE);
    desk_decide_state(desk, "ada", story, DESK_PICKED);
    desk_patch(desk, "ada", desk_draft(desk)->picks[0][0].id, "{\"title\":\"Her own\"}");
    desk_decide_state(desk, "ada", story, DESK_LATER);
    assert_int_equal(desk_draft(desk)->draft->issue->sections[0].item_count, 0);
    desk_decide_state(desk, "grace", story, DESK_PICKED);
    assert_string_equal(desk_draft(desk)->draft->issue->sections[0].items[0].title, "Her own");
    desk_close(desk);
}

/* ---- lines ---- */

static const char *refuse_patch(struct desk_fixture *desk, int64_t pick, const char *patch)
{
    struct desk_action action = desk_by(desk, "ada");
    struct desk_result result;
    assert_false(desk_patch_pick(desk->store, desk->arena, desk->config, &action,
        (struct desk_target){pick, DESK_ANY_VERSION}, patch, strlen(patch), &result,
        desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_PARSE);
    return desk->fault->message;
}

static void a_patch_is_refused_with_the_path_of_what_is_wrong(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t pick = desk_line(desk, "ada", "news", 0, "By hand");
    assert_string_equal(
        refuse_patch(desk, pick, "{\"titel\":\"x\"}"), "titel: there is no such member");
    assert_string_equal(refuse_patch(desk, pick, "{\"title\":null}"), "title: expected a text");
    assert_string_equal(refuse_patch(desk, pick, "{\"title\":5}"), "title: expected a text");
    assert_string_equal(refuse_patch(desk, pick, "{\"tags\":[1]}"), "tags[0]: expected a text");
    assert_string_equal(refuse_patch(desk, pick, "{\"url\":\"javascript:alert(1)\"}"),
        "url: expected an http or https URL, or null");
    assert_string_equal(
        refuse_patch(desk, pick,
            "{\"lines\":[{\"label\":\"a\",\"text\":\"b\"},{\"label\":\"c\",\"colour\":1}]}"),
        "lines[1].colour: there is no such member");
    assert_string_equal(refuse_patch(desk, pick, "{\"id\":5}"), "id: there is no such member");
    refuse_patch(desk, pick, "{\"key\":\"x\"}");
    refuse_patch(desk, pick, "[]");
    refuse_patch(desk, pick, "{\"title\":\"\xff\"}");
    refuse_patch(desk, pick, "{\"title\":\"a\",\"title\":\"b\"}");
    assert_string_equal(desk_draft(desk)->draft->issue->sections[0].items[0].title, "By hand");
    desk_close(desk);
}

static void a_new_address_is_a_new_key(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t pick = desk_line(desk, "ada", "papers", 0, "By hand");
    desk_patch(desk, "ada", pick, "{\"url\":\"https://arxiv.org/abs/2009.00278v2\"}");
    assert_string_equal(
        desk_draft(desk)->draft->issue->sections[1].items[0].key, "arxiv:2009.00278");
    desk_patch(desk, "ada", pick, "{\"url\":null}");
    assert_null(desk_draft(desk)->draft->issue->sections[1].items[0].key);
    desk_close(desk);
}

/* Titles of section "news", joined. */
static const char *order(struct desk_fixture *desk)
{
    const struct issue_section *section = &desk_draft(desk)->draft->issue->sections[0];
    const char *joined = "";
    for (size_t i = 0; i < section->item_count; i++) {
        joined = arena_printf(desk->arena, "%s%s", joined, section->items[i].title);
    }
    return joined;
}

static void a_line_moves_between_any_two_however_often(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t a = desk_line(desk, "ada", "news", 0, "a");
    int64_t b = desk_line(desk, "ada", "news", 0, "b");
    int64_t c = desk_line(desk, "ada", "news", 0, "c");
    assert_string_equal(order(desk), "abc");
    assert_int_equal(desk_move(desk, "ada", c, NULL, b).change_count, 1);
    assert_string_equal(order(desk), "acb");
    size_t pushed = 0;
    for (int i = 0; i < 60; i++) { /* more often than the gap can be halved */
        struct desk_result result = desk_move(
            desk, "ada", i % 2 == 0 ? b : c, NULL, i % 2 == 0 ? c : b);
        pushed += result.change_count > 1;
        assert_string_equal(order(desk), i % 2 == 0 ? "abc" : "acb");
    }
    assert_true(pushed > 0 && pushed < 10);
    desk_move(desk, "ada", a, "papers", 0);
    assert_string_equal(order(desk), "cb");
    assert_string_equal(desk_draft(desk)->draft->issue->sections[1].items[0].title, "a");
    desk_close(desk);
}

static void a_place_that_was_given_away_makes_room_again(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    desk_line(desk, "ada", "news", 0, "a");
    int64_t z = desk_line(desk, "ada", "news", 0, "z");
    int64_t x = desk_line(desk, "ada", "news", z, "x");
    desk_move(desk, "ada", x, "papers", 0);
    desk_line(desk, "grace", "news", z, "y"); /* gets the number that x had */
    desk_take_back(desk, "ada");
    const char *tied = order(desk);
    assert_int_equal(strlen(tied), 4);
    int64_t n = desk_line(desk, "grace", "news", 0, "n");
    const struct desk_draft *draft = desk_draft(desk);
    desk_move(desk, "grace", n, NULL, draft->picks[0][2].id); /* between the two that tie */
    const char *expected = arena_printf(desk->arena, "%.2sn%s", tied, tied + 2);
    assert_string_equal(order(desk), expected);
    desk_close(desk);
}

/* ---- the draft ---- */

static void suggestions_fill_what_her_lines_leave(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    for (int i = 0; i < 5; i++) {
        desk_add(desk, arena_printf(desk->arena, "https://a.example/%d", i), desk_title(i));
    }
    desk->sections[0].limit = 3;
    struct desk_draft *draft = desk_draft(desk);
    assert_int_equal(draft->draft->issue->sections[0].item_count, 3);
    assert_int_equal(draft->picks[0][0].id, 0);
    int64_t worst = desk_list(desk, DESK_INBOX).stories[4].id;
    desk_decide_state(desk, "ada", worst, DESK_PICKED);
    desk_decide_state(desk, "ada", draft->picks[0][0].story, DESK_REJECTED);
    desk_decide_state(desk, "ada", draft->picks[0][1].story, DESK_LATER);
    struct desk_draft *decided = desk_draft(desk);
    assert_int_equal(decided->draft->issue->sections[0].item_count, 3);
    assert_int_equal(decided->picks[0][0].story, worst);
    assert_int_equal(decided->picks[0][1].story, draft->picks[0][2].story);
    desk_patch_fields(desk, "ada", "{\"suggest\":false}");
    assert_int_equal(desk_draft(desk)->draft->issue->sections[0].item_count, 1);
    desk_close(desk);
}

/* The issue as JSON, but for the numbers of its lines. */
static const char *issue_text(struct desk_fixture *desk, struct issue *issue)
{
    for (size_t i = 0; i < issue->section_count; i++) {
        for (size_t k = 0; k < issue->sections[i].item_count; k++) {
            issue->sections[i].items[k].id = 0;
        }
    }
    struct buffer out;
    buffer_init(&out, 1 << 20);
    issue_write_json(issue, &out);
    const char *text = arena_strdup(desk->arena, out.data);
    buffer_release(&out);
    return text;
}

static void with_no_decision_the_draft_is_the_machines(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    for (int i = 0; i < 8; i++) {
        desk_add(desk, arena_printf(desk->arena, "https://a.example/%d", i), desk_title(i));
    }
    desk->sections[0].limit = 5;
    struct candidate *candidates;
    size_t count;
    int64_t since = desk->now_utc_s - desk->config->briefing.interval_s;
    desk_must(desk,
        store_read_candidates(desk->store, desk->arena, desk->config, since, 100, &candidates,
            &count, desk->fault));
    struct draft *built = draft_build(
        desk->arena, desk->config, candidates, count, since, desk->now_utc_s);
    issue_set_archive(desk->arena, built->issue, &desk->config->briefing, NULL, 0);
    struct draft *served = desk_draft(desk)->draft;
    assert_int_equal(served->issue->sections[0].item_count, 5);
    assert_int_equal(served->sections[0].other_count, 3);
    assert_string_equal(issue_text(desk, served->issue), issue_text(desk, built->issue));
    desk_close(desk);
}

static void rules_that_change_leave_picks_in_their_places(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t story = desk_add(desk, "https://a.example/1", TITLE);
    desk_decide_state(desk, "ada", story, DESK_PICKED);
    struct store_verdict verdict = {
        .id = story, .verdict = {.section = 1, .relevance = 0.25}, .reasons_json = "[]"};
    desk_must(desk, store_update_verdicts(desk->store, &verdict, 1, desk->config, desk->fault));
    struct desk_story picked = desk_list(desk, DESK_PICKED).stories[0];
    assert_string_equal(picked.section, "papers");
    assert_true(picked.lead.relevance == 0.25);
    int64_t lead = story;
    struct desk_decision decision = {.story = {story, DESK_ANY_VERSION}, .lead = &lead};
    struct desk_action action = desk_by(desk, "ada");
    struct desk_result result;
    desk_must(desk,
        desk_decide(desk->store, desk->arena, desk->config, &action, &decision, 1, &result,
            desk->fault));
    assert_int_equal(desk_draft(desk)->draft->issue->sections[0].item_count, 1);
    desk_close(desk);
}

static void her_texts_replace_what_is_composed(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    desk_patch_fields(desk, "ada",
        "{\"headline\":\"Chips\",\"guide\":\"Hers.\",\"guide_base\":\"Composed.\","
        "\"day\":\"2020-10-01\"}");
    struct desk_draft *draft = desk_draft(desk);
    assert_string_equal(draft->draft->issue->headline, "Chips");
    assert_string_equal(draft->draft->issue->guide, "Hers.");
    assert_string_equal(draft->guide_base, "Composed.");
    assert_string_equal(draft->draft->issue->date, "2020-10-01");
    assert_string_not_equal(draft->guide_proposed, "Hers.");
    desk_patch_fields(desk, "ada", "{\"guide\":null,\"headline\":\"\"}");
    draft = desk_draft(desk);
    assert_string_equal(draft->draft->issue->guide, draft->guide_proposed);
    assert_null(draft->draft->issue->headline);
    struct desk_action action = desk_by(desk, "ada");
    struct desk_result result;
    const char *wrong[] = {"{\"day\":\"soon\"}", "{\"guide\":5}", "{\"gide\":\"\"}",
        "{\"suggest\":null}", "[]", "{", "{\"day\":\"\"}"};
    for (size_t i = 0; i < array_count(wrong); i++) {
        assert_false(desk_patch_draft(desk->store, desk->arena, desk->config, &action,
            (struct desk_target){0, DESK_ANY_VERSION}, wrong[i], strlen(wrong[i]), &result,
            desk->fault));
        assert_int_equal(desk->fault->kind, FAULT_PARSE);
    }
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(a_new_item_begins_a_story_in_the_inbox),
        storage_test(copies_are_one_story_that_names_all_sources),
        storage_test(the_grouping_goes_on_where_it_was_after_a_restart),
        storage_test(what_a_failed_commit_placed_attracts_nothing),
        storage_test(a_picked_story_stands_in_the_draft_under_its_section),
        storage_test(what_is_decided_with_an_old_version_is_refused_with_both),
        storage_test(a_decision_that_changes_nothing_is_no_event),
        storage_test(a_bulk_decision_is_all_or_nothing),
        storage_test(a_request_that_comes_twice_is_answered_once),
        storage_test(what_a_feed_edits_later_leaves_the_pick_as_it_is),
        storage_test(a_story_taken_out_comes_back_with_her_text),
        storage_test(a_patch_is_refused_with_the_path_of_what_is_wrong),
        storage_test(a_new_address_is_a_new_key),
        storage_test(a_line_moves_between_any_two_however_often),
        storage_test(a_place_that_was_given_away_makes_room_again),
        storage_test(suggestions_fill_what_her_lines_leave),
        storage_test(with_no_decision_the_draft_is_the_machines),
        storage_test(rules_that_change_leave_picks_in_their_places),
        storage_test(her_texts_replace_what_is_composed),
    };
    return cmocka_run_group_tests_name("desk", tests, NULL, NULL);
}
