#include "draft_fixture.h"

#include <string.h>

#include <gumbo.h>

#include "base/attributes.h"
#include "base/clock.h"

/* What the page is to a browser: read by a parser, not by searching the text. */
struct page {
    size_t elements[GUMBO_TAG_LAST];
    size_t links;
    bool unsafe; /* a script, an event attribute, an inline style, or an address that is not
                    http(s) */
    const char *lang;
};

static bool is_safe_address(const char *value)
{
    return value[0] == '#' || strncmp(value, "http://", 7) == 0 ||
        strncmp(value, "https://", 8) == 0;
}

static void visit(const GumboNode *node, struct page *page)
{
    if (node->type != GUMBO_NODE_ELEMENT) {
        return;
    }
    const GumboElement *element = &node->v.element;
    page->elements[element->tag]++;
    page->unsafe |= element->tag == GUMBO_TAG_SCRIPT || element->tag == GUMBO_TAG_IMG ||
        element->tag == GUMBO_TAG_LINK || element->tag == GUMBO_TAG_UNKNOWN;
    for (unsigned i = 0; i < element->attributes.length; i++) {
        const GumboAttribute *attribute = element->attributes.data[i];
        bool is_link = strcmp(attribute->name, "href") == 0;
        page->links += is_link && attribute->value[0] != '#';
        page->unsafe |= strncmp(attribute->name, "on", 2) == 0 ||
            strcmp(attribute->name, "style") == 0 || strcmp(attribute->name, "src") == 0 ||
            (is_link && !is_safe_address(attribute->value));
    }
    for (unsigned i = 0; i < element->children.length; i++) {
        visit(element->children.data[i], page);
    }
}

static struct page read_page(
    struct fixture *fixture, const struct candidate *items, size_t count)
{
    struct draft *draft = fixture_draft(fixture, items, count);
    buffer_clear(&fixture->out);
    draft_write_html(draft, &fixture->config, &fixture->out);
    assert_false(buffer_failed(&fixture->out));
    GumboOutput *output = gumbo_parse(fixture->out.data);
    struct page page = {0};
    visit(output->root, &page);
    assert_int_equal(output->errors.length, 0);
    gumbo_destroy_output(&kGumboDefaultOptions, output);
    return page;
}

static void the_sample_issue_is_a_page_of_articles(void **state)
{
    size_t count;
    const struct candidate *items = fixture_candidates(&count);
    struct page page = read_page(*state, items, count);
    assert_false(page.unsafe);
    assert_int_equal(page.elements[GUMBO_TAG_H1], 1);
    assert_int_equal(page.elements[GUMBO_TAG_H2], 5);
    assert_int_equal(page.elements[GUMBO_TAG_ARTICLE], 12);
    assert_int_equal(page.elements[GUMBO_TAG_DETAILS], 1); /* news has one left */
    /* every item's, the two papers' and one project's extra line */
    assert_int_equal(page.links, count + 3);
}

static void nothing_a_feed_says_becomes_markup(void **state)
{
    static const char attack[] =
        "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;";
    static const char *names[] = {attack, attack};
    struct candidate items[SECTIONS * 5];
    size_t count = 0;
    for (int section = 0; section < SECTIONS; section++) {
        for (int i = 0; i < 5; i++) {
            struct candidate item = fixture_candidate((int64_t)count, section, 0.5, attack);
            item.key = item.summary = item.source = item.vendor = item.prefix = attack;
            item.url = i % 2 == 0 ? "https://example.com/\"><script>alert(1)</script>"
                                  : "javascript:alert(1)";
            item.tags = item.also = names;
            item.tag_count = item.also_count = 2;
            item.uncertain = true;
            items[count++] = item;
        }
    }
    struct page page = read_page(*state, items, count);
    assert_false(page.unsafe);
    assert_int_equal(page.elements[GUMBO_TAG_SCRIPT], 0);
}

static void a_draft_without_picks_says_so_in_every_section(void **state)
{
    struct fixture *fixture = *state;
    struct page page = read_page(fixture, NULL, 0);
    assert_int_equal(page.elements[GUMBO_TAG_H2], 5);
    assert_int_equal(page.elements[GUMBO_TAG_ARTICLE], 0);
    assert_non_null(strstr(fixture->out.data, "还没有合适的候选。"));
    assert_null(strstr(fixture->out.data, "(null)"));
}

static void its_own_words_follow_the_language(void **state)
{
    struct fixture *fixture = *state;
    fixture->config.briefing.language = "en";
    read_page(fixture, NULL, 0);
    assert_non_null(strstr(fixture->out.data, "<html lang=\"en\">"));
    assert_non_null(strstr(fixture->out.data, "No suitable candidate yet."));
}

static void days_are_those_of_the_briefings_zone(void **state)
{
    struct fixture *fixture = *state;
    struct candidate item = fixture_candidate(1, NEWS, 0.5, "t");
    assert_true(clock_parse_day("2026-03-01", &item.published_utc_s));
    item.published_utc_s += 17 * 3600;
    read_page(fixture, &item, 1);
    assert_non_null(
        strstr(fixture->out.data, "<time datetime=\"2026-03-01T17:00:00Z\">2026-03-02</time>"));
}

static void a_long_list_of_candidates_is_cut_and_counted(void **state)
{
    struct fixture *fixture = *state;
    struct candidate items[204];
    for (int i = 0; i < 204; i++) {
        items[i] = fixture_candidate(i, BLOG, 0.5, "t");
        items[i].url = "https://example.com/";
    }
    struct page page = read_page(fixture, items, 204);
    assert_int_equal(page.links, 4 + 60);
    assert_non_null(strstr(fixture->out.data, "其余候选 200 条"));
    assert_non_null(strstr(fixture->out.data, "另有 140 条没有列出"));
}

#define html_test(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        html_test(the_sample_issue_is_a_page_of_articles),
        html_test(nothing_a_feed_says_becomes_markup),
        html_test(a_draft_without_picks_says_so_in_every_section),
        html_test(its_own_words_follow_the_language),
        html_test(days_are_those_of_the_briefings_zone),
        html_test(a_long_list_of_candidates_is_cut_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
