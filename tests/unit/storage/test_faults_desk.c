/* Every action and every reading of the desk while one call after another fails. */
#include "fault_world.h"

#include <string.h>

#include "base/clock.h"

#define DESK world->desk.store, world->desk.arena, world->desk.config
#define FAULT world->desk.fault
#define TARGET(id) ((struct desk_target){(id), DESK_ANY_VERSION})

static struct desk_result result;

/* ---- stories ---- */

/* Of all kinds at once: into the draft, out of it, moved, given a lead. */
static bool decide(struct fault_world *world)
{
    static const enum desk_state picked = DESK_PICKED, later = DESK_LATER, no = DESK_REJECTED;
    static const char *const papers = "papers";
    const struct desk_decision decisions[] = {
        {.story = TARGET(world->news[0]), .state = &picked, .section = &papers},
        {.story = TARGET(world->news[2]), .state = &later},
        {.story = TARGET(world->picked), .state = &no},
        {.story = TARGET(world->twins), .lead = &world->twin},
    };
    return desk_decide(DESK, &world->action, decisions, array_count(decisions), &result, FAULT);
}

static bool pick_again(struct fault_world *world)
{
    static const enum desk_state picked = DESK_PICKED;
    const struct desk_decision decision = {.story = TARGET(world->picked), .state = &picked};
    return desk_decide(DESK, &world->action, &decision, 1, &result, FAULT);
}

static bool take_out(struct fault_world *world)
{
    struct desk_target pick = TARGET(world->pick);
    struct desk_action action = desk_by(&world->desk, "ada");
    return desk_remove_picks(DESK, &action, &pick, 1, &result, FAULT);
}

static bool move_picked(struct fault_world *world)
{
    static const char *const papers = "papers";
    const struct desk_decision decision = {.story = TARGET(world->picked), .section = &papers};
    return desk_decide(DESK, &world->action, &decision, 1, &result, FAULT);
}

static bool merge(struct fault_world *world)
{
    const struct desk_target others[] = {TARGET(world->picked), TARGET(world->twins)};
    return desk_merge(DESK, &world->action, TARGET(world->news[3]), others, 2, &result, FAULT);
}

static bool split(struct fault_world *world)
{
    return desk_split(
        DESK, &world->action, TARGET(world->twins), &world->twin, 1, &result, FAULT);
}

static bool repeat(struct fault_world *world)
{
    return split(world) && result.repeated;
}

static bool find_request(struct fault_world *world)
{
    return desk_find_request(
               world->desk.store, world->desk.arena, &world->action, &result, FAULT) &&
        result.repeated;
}

static struct desk_filter filter_all(void)
{
    return (struct desk_filter){
        .from_utc_s = CLOCK_NONE,
        .to_utc_s = CLOCK_NONE,
        .search_ms = 60 * 1000,
        .limit = 2,
    };
}

static bool list_pages(struct fault_world *world, struct desk_filter filter)
{
    struct desk_page page;
    do {
        if (!desk_list_stories(DESK, &filter, &page, FAULT)) {
            return false;
        }
        filter.cursor = page.next;
    } while (page.next != NULL);
    return true;
}

static bool list_by_relevance(struct fault_world *world)
{
    return list_pages(world, filter_all());
}

static bool list_by_date(struct fault_world *world)
{
    struct desk_filter filter = filter_all();
    filter.order = DESK_BY_DATE;
    filter.also = 1 << DESK_LATER | 1 << DESK_PICKED;
    return list_pages(world, filter);
}

static bool list_found(struct fault_world *world)
{
    struct desk_filter filter = filter_all();
    filter.search = "summary OR title";
    return list_pages(world, filter);
}

static bool list_found_by_date(struct fault_world *world)
{
    struct desk_filter filter = filter_all();
    filter.order = DESK_BY_DATE;
    filter.search = "our";
    filter.typing = true;
    return list_pages(world, filter);
}

static bool count_stories(struct fault_world *world)
{
    struct desk_filter filter = filter_all();
    struct desk_count *counts;
    size_t count;
    return desk_count_stories(
        world->desk.store, world->desk.arena, &filter, DESK_INBOX, &counts, &count, FAULT);
}

static bool read_story(struct fault_world *world)
{
    struct desk_story story;
    struct desk_item *items;
    size_t count;
    return desk_read_story(DESK, world->twins, &story, &items, &count, FAULT);
}

static bool list_bundled(struct fault_world *world)
{
    struct desk_bundled *items;
    size_t count;
    return desk_list_bundled(
        world->desk.store, world->desk.arena, "o/r", world->twins, &items, &count, FAULT);
}

static bool list_similar(struct fault_world *world)
{
    struct desk_printed *items;
    size_t count;
    return desk_list_similar(DESK, world->twins, &items, &count, FAULT);
}

static bool find_story(struct fault_world *world)
{
    int64_t story;
    return desk_find_story(world->desk.store, world->twin, &story, FAULT);
}

static bool recall(struct fault_world *world)
{
    struct desk_memory memory;
    return desk_recall(world->desk.store, world->desk.arena, "https://a.example/printed",
               &memory, FAULT) &&
        memory.printed_in != NULL;
}

/* ---- the draft ---- */

static bool read_draft(struct fault_world *world)
{
    struct desk_draft *draft;
    return desk_read_draft(DESK, 0, world->desk.now_utc_s, &draft, FAULT);
}

static bool find_draft(struct fault_world *world)
{
    struct desk_target draft;
    int64_t tag;
    return desk_find_draft(world->desk.store, world->desk.arena, 0, &draft, &tag, FAULT);
}

static bool list_drafts(struct fault_world *world)
{
    struct desk_target *drafts;
    size_t count;
    return desk_list_drafts(world->desk.store, world->desk.arena, &drafts, &count, FAULT);
}

static bool patch_draft(struct fault_world *world)
{
    static const char patch[] = "{\"headline\":\"a\",\"guide\":\"b\",\"suggest\":false}";
    return desk_patch_draft(
        DESK, &world->action, TARGET(0), patch, strlen(patch), &result, FAULT);
}

static bool patch_pick(struct fault_world *world)
{
    static const char patch[] = "{\"title\":\"c\",\"lines\":null}";
    return desk_patch_pick(
        DESK, &world->action, TARGET(world->pick), patch, strlen(patch), &result, FAULT);
}

static bool move_picks(struct fault_world *world)
{
    const struct desk_move moves[] = {
        {TARGET(world->line), "papers", 0},
        {TARGET(world->other_line), NULL, world->pick},
    };
    return desk_move_picks(DESK, &world->action, moves, 2, &result, FAULT);
}

static bool add_pick(struct fault_world *world)
{
    static const char body[] = "{\"title\":\"d\"}";
    return desk_add_pick(
        DESK, &world->action, 0, "news", world->line, body, strlen(body), &result, FAULT);
}

static bool remove_picks(struct fault_world *world)
{
    const struct desk_target picks[] = {TARGET(world->pick), TARGET(world->line)};
    return desk_remove_picks(DESK, &world->action, picks, 2, &result, FAULT);
}

/* ---- the log ---- */

static bool undo(struct fault_world *world)
{
    return desk_undo(DESK, &world->action, &result, FAULT);
}

static bool redo(struct fault_world *world)
{
    return desk_redo(DESK, &world->action, &result, FAULT);
}

static bool find_undo(struct fault_world *world)
{
    int64_t event, redone;
    return desk_find_undo(world->desk.store, "ada", &event, &redone, FAULT);
}

static bool read_events(struct fault_world *world)
{
    struct desk_event_filter filter = {.limit = DESK_PAGE_MAX};
    struct desk_event *events;
    size_t count;
    if (!desk_read_events(
            world->desk.store, world->desk.arena, &filter, &events, &count, FAULT)) {
        return false;
    }
    filter.oldest_first = true;
    filter.editor = "eva";
    return desk_read_events(
        world->desk.store, world->desk.arena, &filter, &events, &count, FAULT);
}

static bool read_lessons(struct fault_world *world)
{
    struct desk_taught *lessons;
    size_t count;
    return desk_read_lessons(
               world->desk.store, world->desk.arena, 0, &lessons, &count, FAULT) &&
        count > 0;
}

static bool rebuild(struct fault_world *world)
{
    return desk_rebuild(world->desk.store, world->desk.config, FAULT);
}

/* ---- publishing ---- */

static bool publish_begin(struct fault_world *world)
{
    struct desk_publication publication;
    return desk_publish_begin(DESK, &world->action, TARGET(0), &publication, &result, FAULT);
}

static bool give_it_a_day(struct fault_world *world)
{
    static const char patch[] = "{\"day\":\"2021-03-04\"}";
    struct desk_action action = desk_by(&world->desk, "ada");
    return desk_patch_draft(DESK, &action, TARGET(0), patch, strlen(patch), &result, FAULT);
}

static bool prepare_publication(struct fault_world *world)
{
    return give_it_a_day(world) && publish_begin(world);
}

static bool read_publication(struct fault_world *world)
{
    struct desk_publication *publication;
    return desk_read_publication(world->desk.store, world->desk.arena, &publication, FAULT) &&
        publication != NULL;
}

static bool publish_finish(struct fault_world *world)
{
    return desk_publish_finish(
        DESK, world->action.now_utc_s, world->action.lesson, NULL, &result, FAULT);
}

static bool publish_abandon(struct fault_world *world)
{
    return desk_publish_abandon(world->desk.store, FAULT);
}

static bool reopen(struct fault_world *world)
{
    return desk_reopen(DESK, &world->action, world->day, &result, FAULT);
}

static bool reopen_imported(struct fault_world *world)
{
    return desk_reopen(DESK, &world->action, "2020-07-01", &result, FAULT);
}

static bool reopen_without_key(struct fault_world *world)
{
    struct desk_action action = desk_by(&world->desk, "ada");
    return desk_reopen(DESK, &action, world->day, &result, FAULT);
}

static bool publish_correction_begin(struct fault_world *world)
{
    struct desk_publication publication;
    return reopen_without_key(world) &&
        desk_publish_begin(
            DESK, &world->action, TARGET(result.made), &publication, &result, FAULT);
}

static bool read_versions(struct fault_world *world)
{
    struct desk_issue_version *versions;
    size_t count;
    return desk_read_issue_versions(
               world->desk.store, world->desk.arena, world->day, &versions, &count, FAULT) &&
        count == 1;
}

static const struct fault_operation stories[] = {
    {.name = "decide", .run = decide},
    {.name = "pick again", .run = pick_again, .prepare = take_out},
    {.name = "move a picked story", .run = move_picked},
    {.name = "merge", .run = merge},
    {.name = "split", .run = split},
    {.name = "repeat a request", .run = repeat, .prepare = split},
    {.name = "find a request", .run = find_request, .prepare = split},
    {.name = "list by relevance", .run = list_by_relevance},
    {.name = "list by date", .run = list_by_date},
    {.name = "list what is found", .run = list_found},
    {.name = "list what is found by date", .run = list_found_by_date},
    {.name = "count stories", .run = count_stories},
    {.name = "read a story", .run = read_story},
    {.name = "list a bundle", .run = list_bundled},
    {.name = "list what is similar", .run = list_similar},
    {.name = "find a story", .run = find_story},
    {.name = "recall", .run = recall},
};

static const struct fault_operation draft[] = {
    {.name = "read the draft", .run = read_draft},
    {.name = "find the draft", .run = find_draft},
    {.name = "list drafts", .run = list_drafts},
    {.name = "patch the draft", .run = patch_draft},
    {.name = "patch a pick", .run = patch_pick},
    {.name = "move picks", .run = move_picks},
    {.name = "add a pick", .run = add_pick},
    {.name = "remove picks", .run = remove_picks},
};

static const struct fault_operation events[] = {
    {.name = "undo", .run = undo},
    {.name = "redo", .run = redo},
    {.name = "find undo", .run = find_undo},
    {.name = "read events", .run = read_events},
    {.name = "read lessons", .run = read_lessons},
    {.name = "rebuild", .run = rebuild},
};

static const struct fault_operation publishing[] = {
    {.name = "begin to publish", .run = publish_begin, .prepare = give_it_a_day},
    {.name = "read the publication", .run = read_publication, .prepare = prepare_publication},
    {.name = "finish publishing", .run = publish_finish, .prepare = prepare_publication},
    {.name = "finish a correction", .run = publish_finish, .prepare = publish_correction_begin},
    {.name = "abandon publishing", .run = publish_abandon, .prepare = prepare_publication},
    {.name = "reopen an issue", .run = reopen},
    {.name = "reopen an imported issue", .run = reopen_imported},
    {.name = "reopen an open one", .run = reopen, .prepare = reopen_without_key},
    {.name = "read versions", .run = read_versions},
};

static void nothing_of_a_decision_is_left_when_a_call_fails(void **state)
{
    fault_world_try(*state, stories, array_count(stories));
}

static void nothing_of_an_edit_is_left_when_a_call_fails(void **state)
{
    fault_world_try(*state, draft, array_count(draft));
}

static void nothing_is_half_undone_when_a_call_fails(void **state)
{
    fault_world_try(*state, events, array_count(events));
}

static void nothing_is_half_published_when_a_call_fails(void **state)
{
    fault_world_try(*state, publishing, array_count(publishing));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(nothing_of_a_decision_is_left_when_a_call_fails),
        storage_test(nothing_of_an_edit_is_left_when_a_call_fails),
        storage_test(nothing_is_half_undone_when_a_call_fails),
        storage_test(nothing_is_half_published_when_a_call_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
