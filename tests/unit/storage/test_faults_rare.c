/* What happens now and then, while one call after another fails: what is refused, what begins
 * from a state that few newsrooms reach, and what comes a second time. */
#include "fault_world.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "storage/hits.h"
#include "storage/retention.h"
#include "storage/statements.h"

#define PATH world->fixture->path
#define STORE world->desk.store
#define ARENA world->desk.arena
#define CONFIG world->desk.config
#define DESK STORE, ARENA, CONFIG
#define FAULT world->desk.fault
#define TARGET(id) ((struct desk_target){(id), DESK_ANY_VERSION})

static struct desk_result result;

static bool sql(struct fault_world *world, const char *text)
{
    fixture_execute(PATH, text);
    return true;
}

/* Goes well when it is refused so; what the disk says is a failure all the same. */
static bool refused(struct fault_world *world, bool ok, enum fault_kind kind)
{
    return !ok && FAULT->kind == kind;
}

/* ---- stories ---- */

static bool decide_state(struct fault_world *world, const char *editor, int64_t story)
{
    static const enum desk_state later = DESK_LATER;
    const struct desk_decision decision = {.story = TARGET(story), .state = &later};
    struct desk_action action = desk_by(&world->desk, editor);
    return desk_decide(DESK, &action, &decision, 1, &result, FAULT);
}

static bool decide_now(struct fault_world *world)
{
    return decide_state(world, "eva", world->news[0]);
}

static bool meet_a_conflict(struct fault_world *world)
{
    static const enum desk_state no = DESK_REJECTED;
    const struct desk_decision decision = {.story = {world->news[0], 0}, .state = &no};
    bool ok = desk_decide(DESK, &world->action, &decision, 1, &result, FAULT);
    return refused(world, ok, FAULT_CONFLICT);
}

static bool let_the_second_lead(struct fault_world *world)
{
    const struct desk_decision decision = {.story = TARGET(world->twins), .lead = &world->twin};
    struct desk_action action = desk_by(&world->desk, "ada");
    return desk_decide(DESK, &action, &decision, 1, &result, FAULT);
}

static bool split(struct fault_world *world)
{
    return desk_split(
        DESK, &world->action, TARGET(world->twins), &world->twin, 1, &result, FAULT);
}

static bool split_without_key(struct fault_world *world)
{
    struct desk_action action = desk_by(&world->desk, "ada");
    return desk_split(DESK, &action, TARGET(world->twins), &world->twin, 1, &result, FAULT);
}

static bool split_nothing(struct fault_world *world)
{
    return desk_split(DESK, &world->action, TARGET(world->twins), NULL, 0, &result, FAULT);
}

static bool undo(struct fault_world *world)
{
    return desk_undo(DESK, &world->action, &result, FAULT);
}

static bool decide_both(struct fault_world *world)
{
    return decide_state(world, "ada", world->news[0]) &&
        sql(world, "UPDATE story SET state = 'rejected' WHERE state = 'later'");
}

static bool undo_in_vain(struct fault_world *world)
{
    return refused(world, undo(world), FAULT_REFUSED);
}

static bool stay_under_news(struct fault_world *world)
{
    static const char *const news = "news";
    const struct desk_decision decision = {.story = TARGET(world->picked), .section = &news};
    return desk_decide(DESK, &world->action, &decision, 1, &result, FAULT);
}

static bool merge(struct fault_world *world)
{
    const struct desk_target other = TARGET(world->twins);
    return desk_merge(DESK, &world->action, TARGET(world->news[3]), &other, 1, &result, FAULT);
}

static bool damage_state(struct fault_world *world)
{
    return sql(world, "UPDATE story SET state = 'elsewhere'");
}

static bool count_found(struct fault_world *world)
{
    const struct desk_filter filter = {.search = "our",
        .from_utc_s = CLOCK_NONE,
        .to_utc_s = CLOCK_NONE,
        .search_ms = 60 * 1000,
        .limit = 2};
    struct desk_count *counts;
    size_t count;
    return desk_count_stories(STORE, ARENA, &filter, DESK_INBOX, &counts, &count, FAULT);
}

static void teach_nothing(void *data, const struct desk_lesson *lesson, struct buffer *out)
{
}

static void teach_too_much(void *data, const struct desk_lesson *lesson, struct buffer *out)
{
    for (int i = 0; i < 1 << 17; i++) {
        buffer_puts(out, "a word and another one, ");
    }
}

static bool leave_it_to_the_judge(struct fault_world *world)
{
    static const char *const nothing = NULL;
    const struct desk_decision decision = {.story = TARGET(world->picked), .section = &nothing};
    return desk_decide(DESK, &world->action, &decision, 1, &result, FAULT);
}

/* Its section is in feeds.conf no more. */
static bool lose_the_section(struct fault_world *world)
{
    return sql(world, "UPDATE item SET section = 'sports'");
}

static bool change_nothing(struct fault_world *world)
{
    const struct desk_decision decision = {.story = TARGET(world->news[0])};
    return desk_decide(DESK, &world->action, &decision, 1, &result, FAULT);
}

static bool list_passage(struct fault_world *world)
{
    const struct desk_filter filter = {.search = "\"tiny satellites\"",
        .from_utc_s = CLOCK_NONE,
        .to_utc_s = CLOCK_NONE,
        .search_ms = 60 * 1000,
        .limit = 2};
    struct desk_page page;
    return desk_list_stories(DESK, &filter, &page, FAULT);
}

static bool search_endless_word(struct fault_world *world)
{
    char word[400];
    struct search_result found;
    memset(word, 'a', sizeof(word));
    const struct search_request request = {.query = word,
        .query_bytes = sizeof(word),
        .filter = search_filter_none(),
        .limit = 2,
        .deadline_ms = 60 * 1000};
    return store_search(STORE, ARENA, &request, &found, FAULT) && found.count == 0;
}

static bool search_with(struct fault_world *world, const char *cursor)
{
    struct search_result found;
    const struct search_request request = {.query = "our",
        .query_bytes = 3,
        .filter = search_filter_none(),
        .order = SEARCH_BY_DATE,
        .cursor = cursor,
        .limit = 2,
        .deadline_ms = 60 * 1000};
    return store_search(STORE, ARENA, &request, &found, FAULT);
}

static bool search_from_nowhere(struct fault_world *world)
{
    return search_with(world, "nowhere");
}

static bool decide_with_long_lesson(struct fault_world *world)
{
    static const enum desk_state no = DESK_REJECTED;
    const struct desk_decision decision = {.story = TARGET(world->news[0]), .state = &no};
    world->action.lesson = teach_too_much;
    return desk_decide(DESK, &world->action, &decision, 1, &result, FAULT);
}

static bool decide_without_lesson(struct fault_world *world)
{
    static const enum desk_state no = DESK_REJECTED;
    const struct desk_decision decision = {.story = TARGET(world->news[0]), .state = &no};
    world->action.lesson = teach_nothing;
    return desk_decide(DESK, &world->action, &decision, 1, &result, FAULT);
}

/* ---- lines ---- */

static const char *const papers = "papers";

static bool move_line_of_story(struct fault_world *world)
{
    const struct desk_move move = {TARGET(world->pick), papers, 0};
    return desk_move_picks(DESK, &world->action, &move, 1, &result, FAULT);
}

static int64_t correction;

static bool reopen(struct fault_world *world)
{
    struct desk_action action = desk_by(&world->desk, "ada");
    bool ok = desk_reopen(DESK, &action, world->day, &result, FAULT);
    correction = result.made;
    return ok;
}

static bool reopen_by_key(struct fault_world *world)
{
    return desk_reopen(DESK, &world->action, world->day, &result, FAULT);
}

static bool add_line(struct fault_world *world, int64_t draft, const char *section,
    int64_t before, const char *body)
{
    return desk_add_pick(
        DESK, &world->action, draft, section, before, body, strlen(body), &result, FAULT);
}

static bool correct(struct fault_world *world)
{
    return add_line(world, correction, "news", 0, "{\"title\":\"left out\"}");
}

static bool correct_elsewhere(struct fault_world *world)
{
    return add_line(world, correction, "sports", 0, "{\"title\":\"left out\"}");
}

static bool correct_what_is_damaged(struct fault_world *world)
{
    return refused(world, correct(world), FAULT_PARSE);
}

static bool reopen_and_damage(struct fault_world *world)
{
    return reopen(world) && sql(world, "UPDATE issue SET document = '{\"day\":'");
}

/* So near to each other that nothing fits between. */
static bool press_together(struct fault_world *world)
{
    return sql(world,
        arena_printf(ARENA,
            "UPDATE pick SET position = 7 + (id = %lld) WHERE id IN (%lld, %lld)",
            (long long)world->other_line, (long long)world->line,
            (long long)world->other_line));
}

static bool add_line_between(struct fault_world *world)
{
    return add_line(world, 0, "news", world->other_line, "{\"title\":\"between\"}");
}

static bool add_broken_line(struct fault_world *world)
{
    return add_line(world, 0, "news", 0, "{\"title\":");
}

static bool add_long_line(struct fault_world *world)
{
    char *text = arena_alloc(ARENA, 2 * DESK_BODY_MAX_BYTES + 1);
    memset(text, 'a', 2 * DESK_BODY_MAX_BYTES);
    text[2 * DESK_BODY_MAX_BYTES] = '\0';
    return add_line(world, 0, "news", 0, arena_printf(ARENA, "{\"title\":\"%s\"}", text));
}

static bool patch_pick(struct fault_world *world)
{
    static const char patch[] = "{\"title\":\"c\"}";
    return desk_patch_pick(
        DESK, &world->action, TARGET(world->pick), patch, strlen(patch), &result, FAULT);
}

static bool patch_draft(struct fault_world *world)
{
    static const char patch[] = "{\"headline\":\"a\"}";
    return desk_patch_draft(
        DESK, &world->action, TARGET(0), patch, strlen(patch), &result, FAULT);
}

static bool take_out(struct fault_world *world)
{
    const struct desk_target pick = TARGET(world->pick);
    struct desk_action action = desk_by(&world->desk, "ada");
    return desk_remove_picks(DESK, &action, &pick, 1, &result, FAULT);
}

static bool remove_pick(struct fault_world *world)
{
    const struct desk_target pick = TARGET(world->pick);
    return desk_remove_picks(DESK, &world->action, &pick, 1, &result, FAULT);
}

static bool find_published_draft(struct fault_world *world)
{
    struct desk_target draft;
    int64_t tag;
    int64_t id = fixture_query_int(world->fixture, "SELECT min(draft_id) FROM pick");
    return desk_find_draft(STORE, ARENA, id, &draft, &tag, FAULT);
}

/* ---- publishing ---- */

/* What nobody picked is printed, too. */
static bool commit_news(struct fault_world *world);

static bool let_it_suggest(struct fault_world *world)
{
    static const char patch[] = "{\"day\":\"2021-03-04\",\"suggest\":true}";
    struct desk_action action = desk_by(&world->desk, "ada");
    world->desk.sections[0].limit = 9;
    return commit_news(world) &&
        desk_patch_draft(DESK, &action, TARGET(0), patch, strlen(patch), &result, FAULT);
}

static bool publish_begin(struct fault_world *world)
{
    struct desk_publication publication;
    return desk_publish_begin(DESK, &world->action, TARGET(0), &publication, &result, FAULT);
}

static bool begin_with_suggestions(struct fault_world *world)
{
    return let_it_suggest(world) && publish_begin(world);
}

static bool publish_finish(struct fault_world *world)
{
    return desk_publish_finish(
        DESK, world->action.now_utc_s, world->action.lesson, NULL, &result, FAULT);
}

static bool damage_publication(struct fault_world *world)
{
    return begin_with_suggestions(world) && sql(world, "UPDATE publication SET document = '{'");
}

static bool write_a_book(struct fault_world *world)
{
    return sql(world,
        arena_printf(ARENA,
            "UPDATE pick SET body = json_object('title', hex(zeroblob(9 << 20))) WHERE id = "
            "%lld",
            (long long)world->line));
}

/* ---- items ---- */

static bool commit_entry(struct fault_world *world, struct store_entry entry)
{
    struct feed_state state;
    struct store_document document = {.source = "arXiv",
        .entries = &entry,
        .entry_count = 1,
        .fetched_utc_s = world->now_utc_s + 200,
        .next_poll_if_stale_utc_s = world->now_utc_s + 300};
    struct store_document *documents[] = {&document};
    bool ok = store_register_feed(
        STORE, ARENA, "https://arxiv.example/feed", "arxiv", &state, FAULT);
    document.state = state;
    return ok && store_commit(STORE, documents, 1, CONFIG, FAULT);
}

static bool commit_as(
    struct fault_world *world, const char *key, const char *guid, const char *html)
{
    struct store_entry entry = fixture_entry(world->fixture, key, 3);
    entry.guid = guid == NULL ? entry.guid : guid;
    entry.content_html = html;
    return commit_entry(world, entry);
}

static bool commit_titled(struct fault_world *world, const char *title)
{
    struct store_entry entry = fixture_entry(world->fixture, "https://new.example/7", 3);
    entry.title = title;
    return commit_entry(world, entry);
}

static bool commit_what_was_printed(struct fault_world *world)
{
    return commit_titled(world, "A week of rain in Lisbon");
}

/* It joins a story, and is the best of it. */
static bool commit_what_is_better(struct fault_world *world)
{
    return commit_titled(world, "Neoverse V1 brings vectors to servers");
}

static bool think_little_of_all(struct fault_world *world)
{
    return sql(world, "UPDATE item SET relevance = -9; UPDATE story SET relevance = -9");
}

static bool let_a_stranger_lead(struct fault_world *world)
{
    return sql(world,
        arena_printf(ARENA, "UPDATE story SET lead_by_hand = %lld", (long long)world->twin));
}

/* Of a story of its own, for nothing else is about it, and since the last issue. */
static bool commit_news(struct fault_world *world)
{
    struct store_entry entry = fixture_entry(
        world->fixture, "https://alone.example/zeppelin", 3);
    entry.published_utc_s = world->now_utc_s + 100;
    return commit_entry(world, entry);
}

static bool commit_edit(struct fault_world *world)
{
    return commit_as(world, "https://a.example/2", NULL, "<p>another</p>");
}

static bool commit_edit_without_content(struct fault_world *world)
{
    return commit_as(world, "https://a.example/2", NULL, NULL);
}

/* Known by its address; its name in the feed is another one now. */
static bool commit_under_another_guid(struct fault_world *world)
{
    return commit_as(world, "https://a.example/2", "renamed", "<p>another</p>");
}

/* Known by its name in the feed; its address is another one now. */
static bool commit_at_another_address(struct fault_world *world)
{
    return commit_as(
        world, "https://elsewhere.example/2", "guid of https://a.example/2", "<p>x</p>");
}

static bool count_hits(struct fault_world *world)
{
    struct rule_hits *hits;
    size_t count;
    return store_count_hits(STORE, ARENA, 1000, &hits, &count, FAULT);
}

/* No time at all: a piece of it. */
static bool index_a_little(struct fault_world *world)
{
    bool more;
    return store_index_items(STORE, 0, &more, FAULT);
}

static bool leave_pages_unused(struct fault_world *world)
{
    sql(world, "CREATE TABLE big (x); INSERT INTO big VALUES (zeroblob(6 << 20))");
    return sql(world, "DROP TABLE big");
}

static bool vacuum(struct fault_world *world)
{
    bool more;
    return store_vacuum(STORE, 100, &more, FAULT);
}

/* ---- tables ---- */

static const struct fault_operation operations[] = {
    {.name = "meet a conflict", .run = meet_a_conflict, .prepare = decide_now},
    {.name = "undo in vain", .run = undo_in_vain, .prepare = decide_both},
    {.name = "undo a split", .run = undo, .prepare = split_without_key},
    {.name = "split off the lead", .run = split, .prepare = let_the_second_lead},
    {.name = "stay where it is", .run = stay_under_news},
    {.name = "leave it to the judge", .run = leave_it_to_the_judge},
    {.name = "leave it to one who knows no more",
        .run = leave_it_to_the_judge,
        .prepare = lose_the_section},
    {.name = "count what is found", .run = count_found},
    {.name = "list a passage", .run = list_passage},
    {.name = "search an endless word", .run = search_endless_word},
    {.name = "learn nothing", .run = decide_without_lesson},
    {.name = "learn too much", .run = decide_with_long_lesson},
    {.name = "move a story's line", .run = move_line_of_story},
    {.name = "correct an issue", .run = correct, .prepare = reopen},
    {.name = "correct a damaged one",
        .run = correct_what_is_damaged,
        .prepare = reopen_and_damage},
    {.name = "add between", .run = add_line_between, .prepare = press_together},
    {.name = "publish suggestions", .run = publish_begin, .prepare = let_it_suggest},
    {.name = "finish suggestions", .run = publish_finish, .prepare = begin_with_suggestions},
    {.name = "commit news", .run = commit_news},
    {.name = "commit what was printed", .run = commit_what_was_printed},
    {.name = "commit what is better",
        .run = commit_what_is_better,
        .prepare = think_little_of_all},
    {.name = "commit under a strange lead", .run = commit_edit, .prepare = let_a_stranger_lead},
    {.name = "commit an edit", .run = commit_edit},
    {.name = "commit a shorter edit", .run = commit_edit_without_content},
    {.name = "commit what was renamed", .run = commit_under_another_guid},
    {.name = "commit what has moved", .run = commit_at_another_address},
    {.name = "count hits", .run = count_hits},
    {.name = "index a little", .run = index_a_little},
    {.name = "give pages back", .run = vacuum, .prepare = leave_pages_unused},
};

static const struct fault_operation actions[] = {
    {.name = "decide", .run = stay_under_news},
    {.name = "decide nothing", .run = change_nothing},
    {.name = "merge", .run = merge},
    {.name = "split", .run = split},
    {.name = "patch the draft", .run = patch_draft},
    {.name = "patch a pick", .run = patch_pick},
    {.name = "move picks", .run = move_line_of_story},
    {.name = "add a pick", .run = add_line_between},
    {.name = "remove picks", .run = remove_pick},
    {.name = "undo", .run = undo},
    {.name = "reopen", .run = reopen_by_key},
};

#define REFUSAL(name_, run_, prepare_, kind_, said_)                                           \
    {                                                                                          \
        .operation = {.name = (name_), .run = (run_), .prepare = (prepare_)}, .kind = (kind_), \
        .said = (said_)                                                                        \
    }

static const struct fault_refusal refusals[] = {
    REFUSAL("split nothing", split_nothing, NULL, FAULT_PARSE, "items"),
    REFUSAL("an unknown state", stay_under_news, damage_state, FAULT_STORE, "state"),
    REFUSAL("a section that was not printed", correct_elsewhere, reopen, FAULT_PARSE, "sports"),
    REFUSAL("search from nowhere", search_from_nowhere, NULL, FAULT_PARSE, "cursor"),
    REFUSAL("a broken line", add_broken_line, NULL, FAULT_PARSE, ""),
    REFUSAL("a long line", add_long_line, NULL, FAULT_LIMIT, "longer than"),
    REFUSAL("a line taken out", patch_pick, take_out, FAULT_MISSING, "taken out"),
    REFUSAL("the draft of an issue", find_published_draft, NULL, FAULT_MISSING, "draft"),
    REFUSAL("a damaged publication", publish_finish, damage_publication, FAULT_PARSE,
        "is being published"),
    REFUSAL("publish a book", publish_begin, write_a_book, FAULT_LIMIT, "larger than"),
};

static void what_is_rare_is_as_whole_as_the_rest(void **state)
{
    fault_world_try(*state, operations, array_count(operations));
}

static void what_comes_twice_is_done_once(void **state)
{
    fault_world_repeat(*state, actions, array_count(actions), &result);
}

static void what_cannot_be_is_refused(void **state)
{
    fault_world_refuse(*state, refusals, array_count(refusals));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(what_is_rare_is_as_whole_as_the_rest),
        storage_test(what_comes_twice_is_done_once),
        storage_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
