/* The page, from drafts written by hand: what must not get through, and what must be there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gumbo.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "web/server/page.h"
#include "web/server/page_words.h"
#include "web/server/snapshot.h"

static const int64_t now_utc_s = 1600344000; /* 2020-09-17 12:00 UTC */

/* One of each, and of everything a feed controls. */
struct sheet {
    struct config_section sections[2];
    struct config config;
    struct candidate candidates[2];
    struct issue_item picks[2];
    const struct candidate *picked[2];
    const struct candidate *others[2];
    struct draft_section draft_sections[2];
    struct draft draft;
    struct feed_state state;
    struct config_feed feed;
    struct feed_row row;
    struct page page;
    struct buffer text;
};

static void sheet_init(struct sheet *sheet, const char *language, const char *foreign)
{
    *sheet = (struct sheet){
        .sections = {{.id = "brief", .title = "热身小新闻", .form = CONFIG_FORM_ONELINE},
            {.id = "news", .title = "业界新闻", .form = CONFIG_FORM_ARTICLE}},
        .feed = {.name = foreign, .url = "https://lwn.net/", .enabled = true},
        .draft = {.date = "2020-09-17",
            .since_utc_s = now_utc_s - 1000000,
            .count = 1,
            .guide = foreign,
            .candidate_count = 4},
    };
    sheet->config = (struct config){
        .briefing = {.title = "嵌入式AI简报",
            .tagline = "关注部署",
            .language = language,
            .utc_offset_s = 8 * 3600,
            .labels = {.guide = "导读：", .prefix_separator = "：", .item_separator = "、"}},
        .sections = sheet->sections,
        .section_count = 2,
    };
    for (size_t i = 0; i < 2; i++) {
        sheet->candidates[i] = (struct candidate){.title = foreign,
            .url = foreign,
            .source = foreign,
            .vendor = foreign,
            .tags = &sheet->candidates[i].title,
            .tag_count = 1,
            .also = &sheet->candidates[i].source,
            .also_count = 1,
            .published_utc_s = i == 0 ? now_utc_s - 3 * 3600 : CLOCK_NONE,
            .first_seen_utc_s = now_utc_s - 100 * 86400,
            .uncertain = true};
        sheet->picks[i] = (struct issue_item){.subject = foreign,
            .prefix = foreign,
            .tags = &sheet->candidates[i].title,
            .tag_count = 1,
            .title = foreign,
            .source = foreign,
            .url = "https://example.org/?a=1&b=2",
            .summary = foreign};
        sheet->picked[i] = &sheet->candidates[i];
        sheet->others[i] = &sheet->candidates[i];
        sheet->draft_sections[i] = (struct draft_section){
            &sheet->sections[i], &sheet->picks[i], &sheet->picked[i], 1, sheet->others, 2};
    }
    sheet->draft.sections = sheet->draft_sections;
    sheet->state = (struct feed_state){.url = "https://lwn.net/",
        .name = foreign,
        .next_poll_utc_s = now_utc_s + 60,
        .last_success_utc_s = CLOCK_NONE,
        .newest_entry_utc_s = CLOCK_NONE,
        .failures = 1,
        .error = foreign,
        .status = 403};
    sheet->row = (struct feed_row){&sheet->state, &sheet->feed, FEED_FAILING};
    sheet->page = (struct page){&sheet->draft, &sheet->config, &sheet->row, 1, now_utc_s};
    buffer_init(&sheet->text, 1 << 20);
    page_write(&sheet->page, &sheet->text);
    assert_false(buffer_failed(&sheet->text));
}

static bool contains(const struct sheet *sheet, const char *text)
{
    return strstr(sheet->text.data, text) != NULL;
}

/* Elements, attributes and addresses as a browser would see them. */
static void assert_harmless(const GumboNode *node)
{
    static const GumboTag allowed[] = {GUMBO_TAG_HTML, GUMBO_TAG_HEAD, GUMBO_TAG_META,
        GUMBO_TAG_TITLE, GUMBO_TAG_LINK, GUMBO_TAG_STYLE, GUMBO_TAG_BODY, GUMBO_TAG_NAV,
        GUMBO_TAG_UL, GUMBO_TAG_LI, GUMBO_TAG_A, GUMBO_TAG_SPAN, GUMBO_TAG_P, GUMBO_TAG_MAIN,
        GUMBO_TAG_HEADER, GUMBO_TAG_H1, GUMBO_TAG_H2, GUMBO_TAG_H3, GUMBO_TAG_TIME, GUMBO_TAG_B,
        GUMBO_TAG_SECTION, GUMBO_TAG_ARTICLE, GUMBO_TAG_DETAILS, GUMBO_TAG_SUMMARY,
        GUMBO_TAG_FOOTER, GUMBO_TAG_DIV};
    if (node->type != GUMBO_NODE_ELEMENT) {
        return;
    }
    const GumboElement *element = &node->v.element;
    bool known = false;
    for (size_t i = 0; i < array_count(allowed); i++) {
        known = known || allowed[i] == element->tag;
    }
    assert_true(known);
    for (unsigned i = 0; i < element->attributes.length; i++) {
        const GumboAttribute *attribute = element->attributes.data[i];
        assert_true(strncmp(attribute->name, "on", 2) != 0);
        assert_true(strcmp(attribute->name, "style") != 0);
        if (strcmp(attribute->name, "href") == 0) {
            /* of another site by https, or a relative path: no scheme, no host (RFC 3986 4.2)
             */
            assert_true(strncmp(attribute->value, "https://", 8) == 0 ||
                (strchr(attribute->value, ':') == NULL &&
                    strncmp(attribute->value, "//", 2) != 0));
        }
    }
    for (unsigned i = 0; i < element->children.length; i++) {
        assert_harmless(element->children.data[i]);
    }
}

static void nothing_a_feed_writes_becomes_markup(void **state)
{
    static const char *const attacks[] = {
        "</title></style><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "javascript:alert(1)",
        "<!--",
        "]]>",
        "&lt;script&gt;",
        "<style>*{display:none}</style>",
        "{}{}%s%n",
        "\xff\xfe<b",
        "",
    };
    for (size_t i = 0; i < array_count(attacks); i++) {
        struct sheet sheet;
        sheet_init(&sheet, i % 2 == 0 ? "zh-CN" : "en", attacks[i]);
        GumboOutput *parsed = gumbo_parse_with_options(
            &kGumboDefaultOptions, sheet.text.data, sheet.text.length);
        assert_harmless(parsed->root);
        gumbo_destroy_output(&kGumboDefaultOptions, parsed);
        assert_false(contains(&sheet, "<script"));
        assert_false(contains(&sheet, "href=\"javascript"));
        buffer_release(&sheet.text);
    }
}

static void a_bidirectional_override_is_left_out(void **state)
{
    struct sheet sheet;
    sheet_init(&sheet, "zh-CN",
        "ab\xe2\x80\xae"
        "cd");
    assert_true(contains(&sheet, "abcd"));
    assert_false(contains(&sheet, "\xe2\x80\xae"));
    buffer_release(&sheet.text);
}

static void the_page_shows_the_issue_and_what_helps_to_decide(void **state)
{
    struct sheet sheet;
    sheet_init(&sheet, "zh-CN", "某某");
    static const char *const expected[] = {
        "<html lang=\"zh-CN\">",
        "嵌入式AI简报 <time datetime=\"2020-09-17\">2020-09-17</time></h1>",
        "截至 20:00",
        "候选 4 条",
        "拟选 1 条",
        "2020-09-06 以来",
        "<b>导读：</b>某某",
        "<a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noopener noreferrer\">",
        "3 小时前",
        "另见：某某",
        "<span class=\"warn\">存疑</span>",
        "06-09",
        "其余候选 2 条",
        "<section id=\"news\">",
        "href=\"#news\"",
        "1 个要看一下",
        "出错",
        "拒绝访问（403），20:01 再试",
        "还没读到过",
        "href=\"draft.md\"",
        "href=\"draft.html\"",
        "href=\"draft.json\"",
    };
    for (size_t i = 0; i < array_count(expected); i++) {
        if (!contains(&sheet, expected[i])) {
            fail_msg("'%s' is not on the page", expected[i]);
        }
    }
    buffer_release(&sheet.text);
}

static void an_english_briefing_has_an_english_page(void **state)
{
    struct sheet sheet;
    sheet_init(&sheet, "en", "something");
    assert_true(contains(&sheet, "2 more candidates"));
    assert_true(contains(&sheet, "3 h ago"));
    assert_true(contains(&sheet, "1 need a look"));
    assert_false(contains(&sheet, "其余"));
    buffer_release(&sheet.text);
}

static void an_empty_draft_says_so(void **state)
{
    struct sheet sheet;
    sheet_init(&sheet, "zh-CN", "x");
    for (size_t i = 0; i < 2; i++) {
        sheet.draft_sections[i] = (struct draft_section){.section = &sheet.sections[i]};
    }
    sheet.page.feed_count = 0;
    buffer_clear(&sheet.text);
    page_write(&sheet.page, &sheet.text);
    assert_true(contains(&sheet, "还没有合适的候选。"));
    assert_false(contains(&sheet, "<details>"));
    buffer_release(&sheet.text);
}

static void a_long_list_is_cut_and_says_where_the_rest_is(void **state)
{
    static const struct candidate *many[350];
    struct sheet sheet;
    sheet_init(&sheet, "zh-CN", "x");
    for (size_t i = 0; i < array_count(many); i++) {
        many[i] = &sheet.candidates[0];
    }
    sheet.draft_sections[1].others = many;
    sheet.draft_sections[1].other_count = array_count(many);
    buffer_clear(&sheet.text);
    page_write(&sheet.page, &sheet.text);
    assert_true(contains(&sheet, "其余候选 350 条"));
    assert_true(contains(&sheet, "另有 250 条没有列出，都在 JSON 里。"));
    buffer_release(&sheet.text);
}

static void both_languages_have_every_phrase(void **state)
{
    for (int language = FEED_ENGLISH; language <= FEED_CHINESE; language++) {
        const struct page_words *words = page_words_of((enum feed_language)language);
        const char *const *phrases = (const char *const *)words;
        for (size_t i = 0; i < sizeof(*words) / sizeof(*phrases); i++) {
            assert_non_null(phrases[i]);
        }
    }
}

static void the_pages_style_is_allowed_by_its_hash(void **state)
{
    struct sheet sheet;
    sheet_init(&sheet, "zh-CN", "</head><style>*{display:none}</style>");
    struct snapshot *snapshot = snapshot_new(now_utc_s);
    snapshot_add(snapshot, SNAPSHOT_PAGE, sheet.text.data, sheet.text.length);
    assert_non_null(snapshot->bodies[SNAPSHOT_PAGE].style_hash);
    snapshot_unref(snapshot);
    buffer_release(&sheet.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_a_feed_writes_becomes_markup),
        cmocka_unit_test(a_bidirectional_override_is_left_out),
        cmocka_unit_test(the_page_shows_the_issue_and_what_helps_to_decide),
        cmocka_unit_test(an_english_briefing_has_an_english_page),
        cmocka_unit_test(an_empty_draft_says_so),
        cmocka_unit_test(a_long_list_is_cut_and_says_where_the_rest_is),
        cmocka_unit_test(both_languages_have_every_phrase),
        cmocka_unit_test(the_pages_style_is_allowed_by_its_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
