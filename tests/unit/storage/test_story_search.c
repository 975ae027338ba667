/* Lists of stories of which an item is found: with every other filter, of words that are few
 * and of words in more items than are noted, page by page. */
#include "desk_fixture.h"

#include <string.h>

#include "base/clock.h"

/* Sixty thousand stories, more than a search notes of one word, and the oldest are rejected.
 * All have "common", a seventh "often", few "seldom"; "deep sea" stand together in every other
 * one and apart in the rest. */
static void fill(struct desk_fixture *desk)
{
    fixture_execute(desk->fixture->path,
        "INSERT INTO ruleset (id, hash) VALUES (77, 77);"
        "WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 60999)"
        " INSERT INTO item (id, key_hash, key_twin, story_id, content_hash, first_seen_utc_s,"
        " dated_utc_s, published_utc_s, ruleset_id, section, margin, uncertain, off_topic,"
        " relevance, key, title) SELECT i, i, 0, i, 0, 0, 1600000000 + i * 7919 % 100000,"
        " 1600000000 + i * 7919 % 100000, 77,"
        " iif(i % 2, 'news', 'papers'), 1.0, 0, 0, (i * 31 % 1000) / 1000.0, 'k' || i,"
        " 'common' || iif(i % 7 = 0, ' often', '') || iif(i % 997 = 0, ' seldom', '')"
        " || iif(i % 2, ' deep sea', ' sea deep') FROM n;"
        "INSERT INTO story (id, state, version, item_count, lead_item_id, dated_utc_s,"
        " relevance, off_topic, uncertain, section) SELECT id,"
        " iif(id < 1200, 'rejected', 'inbox'), 0, 1, id, dated_utc_s, relevance, off_topic,"
        " uncertain, section FROM item");
    bool more = true;
    while (more) {
        desk_must(desk, store_index_items(desk->store, 1000, &more, desk->fault));
    }
}

static struct desk_filter looking_for(const char *words)
{
    return (struct desk_filter){
        .search = words,
        .search_ms = 60 * 1000,
        .from_utc_s = CLOCK_NONE,
        .to_utc_s = CLOCK_NONE,
        .limit = DESK_PAGE_MAX,
    };
}

static struct desk_page list(struct desk_fixture *desk, const struct desk_filter *filter)
{
    struct desk_page page;
    desk_must(desk,
        desk_list_stories(desk->store, desk->arena, desk->config, filter, &page, desk->fault));
    return page;
}

static bool in_order(const struct desk_filter *filter, const struct desk_story *before,
    const struct desk_story *after)
{
    double left = before->lead.relevance, right = after->lead.relevance;
    if (filter->order == DESK_BY_DATE) {
        left = (double)before->lead.published_utc_s;
        right = (double)after->lead.published_utc_s;
    }
    return left > right || (left == right && before->id > after->id);
}

/* All pages, in order and each story once; how many stories, of which `condition` is true. */
static size_t check_pages(
    struct desk_fixture *desk, struct desk_filter filter, const char *condition)
{
    size_t seen = 0;
    struct desk_story last = {0};
    do {
        struct desk_page page = list(desk, &filter);
        for (size_t i = 0; i < page.count; i++) {
            assert_true(seen == 0 || in_order(&filter, &last, &page.stories[i]));
            last = page.stories[i];
            seen++;
        }
        filter.cursor = page.next;
    } while (filter.cursor != NULL);
    int64_t expected = fixture_query_int(desk->fixture,
        arena_printf(desk->arena, "SELECT count(*) FROM story JOIN item USING (id) WHERE %s",
            condition));
    assert_int_equal(seen, expected);
    return seen;
}

static void what_is_found_passes_every_other_filter_too(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    fill(desk);
    struct {
        struct desk_filter filter;
        const char *condition;
    } cases[] = {
        {looking_for("seldom"), "state = 'inbox' AND title LIKE '%seldom%'"},
        {looking_for("often"),
            "state = 'inbox' AND title LIKE '%often%' AND item.dated_utc_s > "
            "1600090000"},
        {looking_for("often seldom"), "state = 'inbox' AND title LIKE '%often seldom%'"},
        {looking_for("\"sea deep\" seldom"), "state = 'inbox' AND title LIKE '%seldom sea d%'"},
        {looking_for("\"deep sea\""),
            "state = 'inbox' AND title LIKE '%deep sea' AND "
            "item.dated_utc_s > 1600098000"},
        {looking_for("common"), "state = 'rejected'"},
        {looking_for("common -often"), "state = 'rejected' AND title NOT LIKE '%often%'"},
        {looking_for("often"),
            "state = 'rejected' AND title LIKE '%often%' AND "
            "item.section = 'papers'"},
        {looking_for("never"), "0"},
        {looking_for("comm"), "0"},
        {looking_for("comm"), "state = 'rejected'"},
    };
    cases[1].filter.from_utc_s = 1600090001;
    cases[4].filter.from_utc_s = 1600098001;
    cases[5].filter.state = cases[6].filter.state = cases[7].filter.state = DESK_REJECTED;
    cases[7].filter.section = "papers";
    cases[10].filter.state = DESK_REJECTED;
    cases[10].filter.typing = true;
    for (size_t i = 0; i < array_count(cases); i++) {
        for (int order = DESK_BY_RELEVANCE; order <= DESK_BY_DATE; order++) {
            cases[i].filter.order = (enum desk_order)order;
            bool nothing = strcmp(cases[i].condition, "0") == 0;
            assert_int_equal(
                check_pages(desk, cases[i].filter, cases[i].condition) == 0, nothing);
        }
    }
    desk_close(desk);
}

static void a_story_is_found_by_any_of_its_items(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t lead = desk_add(desk, "https://a.example/1", "A compiler for tiny machines");
    int64_t other = desk_add(desk, "https://a.example/2", "Bees dance in the meadow");
    int64_t story = desk_story_of(desk, lead);
    desk_join(desk, "ada", story, desk_story_of(desk, other));
    bool more = true;
    while (more) {
        desk_must(desk, store_index_items(desk->store, 1000, &more, desk->fault));
    }
    struct desk_filter filter = looking_for("meadow compiler");
    assert_int_equal(list(desk, &filter).count, 0); /* no item has both */
    filter.search = "meadow";
    struct desk_page page = list(desk, &filter);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.stories[0].id, story);
    desk_close(desk);
}

static void a_search_that_cannot_be_is_told_as_search_tells_it(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    struct desk_page page;
    struct desk_filter filter = looking_for("common");
    assert_false(
        desk_list_stories(desk->store, desk->arena, desk->config, &filter, &page, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_STORE); /* no index yet */
    fill(desk);
    filter.limit = 5;
    const char *cursor = list(desk, &filter).next;
    filter.cursor = cursor;
    filter.search = "often";
    assert_false(
        desk_list_stories(desk->store, desk->arena, desk->config, &filter, &page, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_PARSE);
    filter.cursor = NULL;
    filter.search = "-often";
    assert_false(
        desk_list_stories(desk->store, desk->arena, desk->config, &filter, &page, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_PARSE);
    filter.search = "common";
    filter.search_ms = -1000;
    assert_false(
        desk_list_stories(desk->store, desk->arena, desk->config, &filter, &page, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_LIMIT);
    filter.search = NULL; /* the connection is as good as before */
    assert_int_equal(list(desk, &filter).count, 5);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(what_is_found_passes_every_other_filter_too),
        storage_test(a_story_is_found_by_any_of_its_items),
        storage_test(a_search_that_cannot_be_is_told_as_search_tells_it),
    };
    return cmocka_run_group_tests_name("story_search", tests, NULL, NULL);
}
