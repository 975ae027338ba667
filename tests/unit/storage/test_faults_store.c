/* Everything of store.h while one call after another fails: opening, polled documents, items by
 * hand, the archive, the search. */
#include "fault_world.h"

#include <string.h>

#include "base/clock.h"
#include "storage/activity.h"
#include "storage/placings.h"

#define STORE world->desk.store
#define ARENA world->desk.arena
#define CONFIG world->desk.config
#define FAULT world->desk.fault

/* ---- opening ---- */

static bool open_to_write(struct fault_world *world)
{
    return store_open(world->fixture->path, &STORE, FAULT);
}

static bool open_to_read(struct fault_world *world)
{
    return store_open_reader(world->fixture->path, &STORE, FAULT);
}

static bool make_older(struct fault_world *world)
{
    fixture_execute(world->fixture->path, "PRAGMA user_version = 0");
    fixture_execute(world->fixture->path,
        "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema; VACUUM;"
        "PRAGMA application_id = 0");
    return true;
}

/* ---- feeds ---- */

static bool register_feed(struct fault_world *world)
{
    struct feed_state state;
    return store_register_feed(STORE, ARENA, "https://new.example/feed", "new", &state, FAULT);
}

static bool rename_feed(struct fault_world *world)
{
    struct feed_state state;
    return store_register_feed(
        STORE, ARENA, "https://lwn.example/feed", "renamed", &state, FAULT);
}

/* One is new, one has another name, one was gone and is named anew. */
static bool register_feeds(struct fault_world *world)
{
    struct config_feed feeds[] = {
        {.name = "new", .url = "https://new.example/feed", .enabled = true},
        {.name = "renamed", .url = "https://lwn.example/feed", .enabled = true},
    };
    struct config config = *CONFIG;
    struct feed_state *states;
    config.feeds = feeds;
    config.feed_count = array_count(feeds);
    return store_register_feeds(STORE, ARENA, &config, &states, FAULT);
}

static bool lose_a_feed(struct fault_world *world)
{
    fixture_execute(world->fixture->path, "UPDATE feed SET gone = 1 WHERE name = 'arxiv'");
    return true;
}

static bool put_feeds(struct fault_world *world)
{
    static const struct desk_setting settings[] = {{"section", "news"}, {"weight", "3"}};
    const struct desk_feed feeds[] = {
        {.url = "https://desk.example/feed",
            .name = "again",
            .settings = settings,
            .setting_count = 2},
        {.url = "https://b.example/feed",
            .added = true,
            .settings = settings,
            .setting_count = 1},
    };
    return store_put_feeds(STORE, feeds, array_count(feeds), FAULT);
}

static bool remove_feed(struct fault_world *world)
{
    bool removed;
    return store_remove_feed(STORE, "https://desk.example/feed", &removed, FAULT) && removed;
}

static bool read_added_feeds(struct fault_world *world)
{
    struct desk_feed *feeds;
    size_t count;
    return store_read_added_feeds(STORE, ARENA, &feeds, &count, FAULT) && count == 1;
}

static bool read_feeds(struct fault_world *world)
{
    struct feed_state *states;
    size_t count;
    return store_read_feeds(STORE, ARENA, &states, &count, FAULT);
}

static bool read_activity(struct fault_world *world)
{
    struct feed_activity *activity;
    size_t count;
    return store_read_activity(STORE, ARENA, NOON + DAY, &activity, &count, FAULT) && count > 0;
}

static bool find_feed_url(struct fault_world *world)
{
    const char *url;
    return store_find_feed_url(STORE, ARENA, 1, &url, FAULT) && url != NULL;
}

/* ---- rules ---- */

static bool put_rules(struct fault_world *world)
{
    const struct desk_rule rules[] = {
        {DESK_RULE, "news", "x", NOON, "changed"}, {DESK_TOPIC, "", "y", NOON, "new"}};
    return store_put_rules(STORE, rules, array_count(rules), FAULT);
}

static bool remove_rule(struct fault_world *world)
{
    bool removed;
    return store_remove_rule(STORE, DESK_RULE, "news", "x", &removed, FAULT) && removed;
}

static bool read_rules(struct fault_world *world)
{
    struct desk_rule *rules;
    size_t count;
    return store_read_rules(STORE, ARENA, &rules, &count, FAULT) && count == 1;
}

/* ---- documents ---- */

/* New items, one of a known story and one that was printed, a known one with another text, one
 * that another feed brought, one whose content went, and one under an alias. */
static bool commit(struct fault_world *world)
{
    static const char *const keys[] = {"https://a.example/2", "https://a.example/twin2",
        "https://new.example/1", "https://new.example/2", "https://s.example/1",
        "https://o.example/rain"};
    struct store_entry entries[array_count(keys)];
    struct feed_state state;
    if (!store_register_feed(
            STORE, ARENA, "https://arxiv.example/feed", "arxiv", &state, FAULT)) {
        return false;
    }
    for (size_t i = 0; i < array_count(keys); i++) {
        entries[i] = fixture_entry(world->fixture, keys[i], 2);
    }
    entries[0].content_html = NULL;
    entries[2].title = "Neoverse V1 brings vectors to servers";
    struct store_document document = {.state = state,
        .source = "arXiv",
        .entries = entries,
        .entry_count = array_count(entries),
        .fetched_utc_s = NOON + 100,
        .next_poll_if_stale_utc_s = NOON + 200};
    struct store_document *documents[] = {&document};
    return store_commit(STORE, documents, 1, CONFIG, FAULT);
}

static bool recognise(struct fault_world *world)
{
    struct store_entry entries[] = {fixture_entry(world->fixture, "https://a.example/2", 1),
        fixture_entry(world->fixture, "https://new.example/1", 1)};
    return store_recognise(STORE, 1, entries, array_count(entries), FAULT);
}

static struct store_addition by_hand(struct fault_world *world, const char *key)
{
    static const char *const others[] = {"https://t.example/1", "https://t.example/2"};
    return (struct store_addition){
        .entry = fixture_entry(world->fixture, key, 1),
        .given_url = key,
        .source = "By hand",
        .other_keys = others,
        .other_key_count = array_count(others),
        .added_utc_s = NOON + DAY,
    };
}

static bool add_item(struct fault_world *world)
{
    struct store_addition addition = by_hand(world, "https://new.example/1");
    struct store_added added;
    return store_add_item(STORE, ARENA, &addition, CONFIG, &added, FAULT) && added.item_id > 0;
}

static bool add_known_item(struct fault_world *world)
{
    struct store_addition addition = by_hand(world, "https://s.example/1");
    struct store_added added;
    return store_add_item(STORE, ARENA, &addition, CONFIG, &added, FAULT) && added.known;
}

/* ---- reading ---- */

static bool read_totals(struct fault_world *world)
{
    struct store_totals totals;
    return store_read_totals(STORE, &totals, FAULT);
}

static bool read_candidates(struct fault_world *world)
{
    struct candidate *candidates;
    size_t count;
    return store_read_candidates(
               STORE, ARENA, CONFIG, NOON - DAY, 100, &candidates, &count, FAULT) &&
        count > 0;
}

static bool read_placings(struct fault_world *world)
{
    struct placing *placings;
    size_t count;
    return store_read_placings(STORE, ARENA, &placings, &count, FAULT) && count > 0;
}

static bool find_titles(struct fault_world *world)
{
    const char *title;
    return store_find_title(STORE, ARENA, DESK_STORY, world->twins, &title, FAULT) &&
        store_find_title(STORE, ARENA, DESK_ITEM, world->twin, &title, FAULT);
}

/* ---- judging again ---- */

static bool read_stale_items(struct fault_world *world)
{
    struct config config = *CONFIG;
    struct stale_item *items;
    size_t count;
    config.rules_hash++;
    return store_read_stale_items(STORE, ARENA, &config, 100, &items, &count, FAULT) &&
        count > 0;
}

static bool read_items_below(struct fault_world *world)
{
    struct stale_item *items;
    size_t count;
    return store_read_items_below(
               STORE, ARENA, CONFIG, INT64_MAX, 100, &items, &count, FAULT) &&
        count > 0;
}

static bool read_live_items(struct fault_world *world)
{
    struct live_place place = {.most = 1000};
    struct stale_item *items;
    size_t count;
    for (bool end = false; !end;) {
        if (!store_read_live_items(
                STORE, ARENA, CONFIG, &place, 3, &items, &count, &end, FAULT)) {
            return false;
        }
    }
    return true;
}

static bool update_verdicts(struct fault_world *world)
{
    struct config config = *CONFIG;
    config.rules_hash++;
    const struct store_verdict verdicts[] = {
        {world->news[0], {.section = 1, .relevance = 0.9, .vendor = "Arm"}, "[1]"},
        {world->twin, {.section = 2, .off_topic = true}, "[2]"},
        {999999, {.section = 2}, "[3]"},
    };
    return store_update_verdicts(STORE, verdicts, array_count(verdicts), &config, FAULT);
}

/* ---- the archive ---- */

static bool import(struct fault_world *world, const char *day, const char *text)
{
    struct issue_reading reading = issue_read_markdown(ARENA, CONFIG, day, text, strlen(text));
    enum store_issue_change change;
    return store_import_issue(STORE, &reading, &change, FAULT);
}

static bool import_new_issue(struct fault_world *world)
{
    return import(world, "2020-08-01",
        "# T (2020-08-01)\n\n## News\n\n- [A | B](https://a.example/1)  \n> quoted\n\n"
        "## Archive\n\n| 2 | 0 | 2 | 0 |\n|:---:|:---:|:---:|:---:|\n"
        "|  |  | [2020-08-01](../o/2020-08-01.md) | [2020-07-15](../o/2020-07-15.md)  |\n");
}

static bool import_changed_issue(struct fault_world *world)
{
    return import(world, "2020-07-01", "# T (2020-07-01)\n\n## News\n\n- [Third | B](c)  \n");
}

static bool import_same_issue(struct fault_world *world)
{
    return import_changed_issue(world);
}

static bool import_july(struct fault_world *world, const char *headline, bool links)
{
    static const char text[] = "# T (2020-07-01)\n\n## News\n\n- [Third | B](c)  \n";
    static struct past_issue past[] = {{.date = "2020-07-01", .url = "2020-07-01.md"},
        {.date = "2020-06-15", .url = "2020-06-15.md"}};
    struct issue_reading reading = issue_read_markdown(
        ARENA, CONFIG, "2020-07-01", text, strlen(text));
    enum store_issue_change change;
    reading.issue->headline = headline;
    reading.issue->archive = past;
    reading.issue->archive_count = links ? array_count(past) : 0;
    return store_import_issue(STORE, &reading, &change, FAULT);
}

static bool import_with_links(struct fault_world *world)
{
    return import_july(world, NULL, true);
}

static bool damage_issues(struct fault_world *world)
{
    fixture_execute(world->fixture->path, "UPDATE issue SET document = '{\"day\":'");
    return true;
}

static bool import_a_book(struct fault_world *world)
{
    enum { LONG = 17 << 20 };
    char *text = arena_alloc(ARENA, LONG + 1);
    memset(text, 'a', LONG);
    text[LONG] = '\0';
    return import_july(world, text, false);
}

static bool mark_printed(struct fault_world *world)
{
    return store_mark_printed(STORE, CONFIG, NOON - 100 * DAY, FAULT);
}

static bool read_issues(struct fault_world *world)
{
    struct past_issue *issues;
    size_t count;
    int64_t last_utc_s;
    return store_read_issues(STORE, ARENA, &issues, &count, &last_utc_s, FAULT) && count == 2;
}

static bool read_issue(struct fault_world *world)
{
    struct issue *issue;
    return store_read_issue(STORE, ARENA, world->day, &issue, FAULT) && issue != NULL;
}

static bool read_unread(struct fault_world *world)
{
    struct issue_unread *lines;
    size_t count;
    return store_read_unread(STORE, ARENA, "2020-07-01", &lines, &count, FAULT) && count == 1;
}

/* ---- the search ---- */

static bool index_items(struct fault_world *world)
{
    bool more = true;
    while (more) {
        if (!store_index_items(STORE, 60 * 1000, &more, FAULT)) {
            return false;
        }
    }
    return true;
}

/* As when the program has learned to take texts apart in another way. */
static bool forget_tokenizer(struct fault_world *world)
{
    fixture_execute(world->fixture->path, "UPDATE search_state SET version = 1");
    return true;
}

static bool search(struct fault_world *world, const char *query, enum search_order order)
{
    struct search_request request = {.query = query,
        .query_bytes = strlen(query),
        .filter = search_filter_none(),
        .order = order,
        .limit = 2,
        .typing = true,
        .deadline_ms = 60 * 1000};
    struct search_result found;
    do {
        if (!store_search(STORE, ARENA, &request, &found, FAULT)) {
            return false;
        }
        request.cursor = found.next_cursor;
    } while (request.cursor != NULL);
    return true;
}

static bool search_by_rank(struct fault_world *world)
{
    return search(world, "how our", SEARCH_BY_RANK);
}

static bool search_by_date(struct fault_world *world)
{
    return search(world, "\"tiny satellites\" -rust", SEARCH_BY_DATE);
}

static bool search_beginnings(struct fault_world *world)
{
    return search(world, "o", SEARCH_BY_DATE);
}

static const struct fault_operation opening[] = {
    /* Looking from outside says nothing when it cannot look: the connection will. */
    {.name = "open to write", .run = open_to_write, .opens = true, .forgives = true},
    {.name = "create",
        .run = open_to_write,
        .prepare = make_older,
        .opens = true,
        .forgives = true,
        .in_steps = true},
    {.name = "open to read", .run = open_to_read, .opens = true, .forgives = true},
};

static const struct fault_operation feeds[] = {
    {.name = "register a feed", .run = register_feed},
    {.name = "rename a feed", .run = rename_feed},
    {.name = "register feeds", .run = register_feeds, .prepare = lose_a_feed},
    {.name = "put feeds", .run = put_feeds},
    {.name = "remove a feed", .run = remove_feed},
    {.name = "read added feeds", .run = read_added_feeds},
    {.name = "read feeds", .run = read_feeds},
    {.name = "read activity", .run = read_activity},
    {.name = "find a feed's URL", .run = find_feed_url},
    {.name = "put rules", .run = put_rules},
    {.name = "remove a rule", .run = remove_rule},
    {.name = "read rules", .run = read_rules},
};

static const struct fault_operation items[] = {
    {.name = "commit", .run = commit},
    {.name = "recognise entries", .run = recognise},
    {.name = "add an item", .run = add_item},
    {.name = "add a known item", .run = add_known_item},
    {.name = "read totals", .run = read_totals},
    {.name = "read candidates", .run = read_candidates},
    {.name = "read placings", .run = read_placings},
    {.name = "find titles", .run = find_titles},
    {.name = "read stale items", .run = read_stale_items},
    {.name = "read items below", .run = read_items_below},
    {.name = "read live items", .run = read_live_items},
    {.name = "update verdicts", .run = update_verdicts},
};

static const struct fault_operation archive[] = {
    {.name = "import a new issue", .run = import_new_issue},
    {.name = "import a changed issue", .run = import_changed_issue},
    {.name = "import the same issue",
        .run = import_same_issue,
        .prepare = import_changed_issue},
    {.name = "import links", .run = import_with_links},
    {.name = "import over damage", .run = import_with_links, .prepare = damage_issues},
    {.name = "mark what was printed", .run = mark_printed},
    {.name = "read issues", .run = read_issues},
    {.name = "read an issue", .run = read_issue},
    {.name = "read unread lines", .run = read_unread},
};

static const struct fault_operation searching[] = {
    {.name = "index items", .run = index_items},
    {.name = "index all anew", .run = index_items, .prepare = forget_tokenizer},
    {.name = "search by rank", .run = search_by_rank},
    {.name = "search by date", .run = search_by_date},
    {.name = "search beginnings", .run = search_beginnings},
};

static void a_database_is_open_or_it_is_said_why_not(void **state)
{
    fault_world_try(*state, opening, array_count(opening));
}

static void nothing_of_a_feed_is_half_stored_when_a_call_fails(void **state)
{
    fault_world_try(*state, feeds, array_count(feeds));
}

static void nothing_of_a_document_is_left_when_a_call_fails(void **state)
{
    fault_world_try(*state, items, array_count(items));
}

static void nothing_of_an_issue_is_half_imported_when_a_call_fails(void **state)
{
    fault_world_try(*state, archive, array_count(archive));
}

static void a_book_is_no_issue(void **state)
{
    static const struct fault_refusal book = {
        .operation = {.name = "import a book", .run = import_a_book},
        .kind = FAULT_LIMIT,
        .said = "larger than"};
    fault_world_refuse(*state, &book, 1);
}

static void the_index_is_as_before_when_a_call_fails(void **state)
{
    fault_world_try(*state, searching, array_count(searching));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(a_database_is_open_or_it_is_said_why_not),
        storage_test(nothing_of_a_feed_is_half_stored_when_a_call_fails),
        storage_test(nothing_of_a_document_is_left_when_a_call_fails),
        storage_test(nothing_of_an_issue_is_half_imported_when_a_call_fails),
        storage_test(a_book_is_no_issue),
        storage_test(the_index_is_as_before_when_a_call_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
