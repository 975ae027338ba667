/* What a good file becomes: defaults, every kind of value, lines, the hash, and the shipped
 * file. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"

static struct config *load(const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", getenv("BRIEFD_FIXTURES"), name);
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_load(path, &problems);
    for (size_t i = 0; i < problems.count; i++) {
        print_error("%s:%d: %s\n", name, problems.items[i].line, problems.items[i].message);
    }
    assert_int_equal(problems.count, 0);
    problems_release(&problems);
    assert_non_null(config);
    return config;
}

static struct config *parse(const char *text)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "test", &problems);
    for (size_t i = 0; i < problems.count; i++) {
        print_error("%d: %s\n", problems.items[i].line, problems.items[i].message);
    }
    problems_release(&problems);
    assert_non_null(config);
    return config;
}

static void a_file_of_fifteen_lines_works_with_defaults(void **state)
{
    cleanup(config_unrefp) struct config *config = load("config/small.conf");
    assert_string_equal(config->briefing.title, "Small Briefing");
    assert_string_equal(config->briefing.file_name, "{date}.md");
    assert_string_equal(config->briefing.labels.guide_count, "本次{count}条。");
    assert_int_equal(config->briefing.interval_s, 14 * 86400);
    assert_int_equal(config->briefing.utc_offset_s, 8 * 3600);
    assert_null(config->briefing.footer);
    assert_int_equal(config->section_count, 1);
    assert_string_equal(config->sections[0].short_title, "News");
    assert_int_equal(config->sections[0].form, CONFIG_FORM_ARTICLE);
    assert_int_equal(config->sections[0].limit, 5);
    assert_int_equal(config->feed_count, 1);
    assert_string_equal(config->feeds[0].source, "Example");
    assert_true(config->feeds[0].enabled);
    assert_int_equal(config->feeds[0].min_interval_s, 0);
    assert_int_equal(config->polling.min_interval_s, 1800);
    assert_int_equal(config->polling.host_pause_ms, 1000);
    assert_int_equal(config->polling.max_bytes, 16 << 20);
    assert_non_null(strstr(config->polling.user_agent, "briefd/"));
    assert_string_equal(config->server.listen, "127.0.0.1:8080");
    assert_string_equal(config->database, "briefd.sqlite");
}

static const char full[] =
    "\xEF\xBB\xBF" /* a byte order mark, as some editors write */
    "briefing {\r\n"
    "    title = '嵌入式'\r\n"
    "    utc_offset = \"-03:30\" interval = 2w\n"
    "    footer = 'a  \n"
    "b \"c\"'\n"
    "    labels { item_separator = \"\" }\n"
    "}\n"
    "section news { title = \"N\\\"s\" fallback = yes limit = 0\n"
    "    rule first {\n"
    "        weight = -0.5\n"
    "        keywords = { \"a\", # one\n"
    "            'b\\d+',\n"
    "            /* two */ 量化 } }\n"
    "    rule second { final = on keywords = one } }\n"
    "section brief { title = B form = oneline overflow_of = news }\n"
    "topic heavy { weight = 2 keywords = { k } }\n"
    "topic light { weight = 0.5 keywords = { l } }\n"
    "topic against { weight = -3 keywords = { m } }\n"
    "vendor 英伟达 { aliases = { NVIDIA, nVIDIA,\n"
    "    \"辉达\" } }\n"
    "feed A { url = \"https://user:word@example.org/a?b=c#d\" source = \"S\" section = news\n"
    "    section_weight = 1.5 language = en require = { heavy, light } allow = { "
    "\"10.0.0.1:80\",\n"
    "    \"[::1]:8080\" } weight = -1 min_interval = 90s max_interval = 1d max_items = 7 "
    "kind = rsshub announce = { cross, new } prereleases = keep }\n"
    "feed B { url = \"http://b\" require = { \"*\" } min_interval = 3d enabled = off }\n"
    "polling { host \"arxiv.org\" { pause = 3s } host \"b.org\" { pause = 250ms } max_bytes = "
    "8M }\n"
    "server { listen = \"[::1]:0\" }\n"
    "database = \"../x.sqlite\"\n";

static void every_kind_of_value_reaches_its_field(void **state)
{
    cleanup(config_unrefp) struct config *config = parse(full);
    assert_string_equal(config->briefing.title, "嵌入式");
    assert_int_equal(config->briefing.utc_offset_s, -(3 * 3600 + 1800));
    assert_int_equal(config->briefing.interval_s, 14 * 86400);
    assert_string_equal(config->briefing.footer, "a  \nb \"c\"");
    assert_string_equal(config->briefing.labels.item_separator, "");
    assert_string_equal(config->sections[0].title, "N\"s");
    assert_int_equal(config->sections[0].limit, 0);
    assert_true(config->sections[0].fallback);
    assert_int_equal(config->sections[1].form, CONFIG_FORM_ONELINE);
    assert_string_equal(config->sections[1].overflow_of, "news");
    const struct config_feed *feed = config_find_feed(config, "A");
    assert_non_null(feed);
    assert_string_equal(feed->url, "https://user:word@example.org/a?b=c#d");
    assert_string_equal(feed->source, "S");
    assert_string_equal(feed->section, "news");
    assert_true(feed->section_weight == 1.5);
    assert_true(feed->weight == -1);
    assert_int_equal(feed->require_count, 2);
    assert_string_equal(feed->require[1], "light");
    assert_int_equal(feed->allow_count, 2);
    assert_string_equal(feed->allow[1], "[::1]:8080");
    assert_int_equal(feed->min_interval_s, 90);
    assert_int_equal(feed->max_interval_s, 86400);
    assert_int_equal(feed->max_items, 7);
    assert_int_equal(feed->kind, CONFIG_KIND_RSSHUB);
    assert_int_equal(feed->announce, CONFIG_ANNOUNCE_NEW | CONFIG_ANNOUNCE_CROSS);
    assert_int_equal(feed->prereleases, CONFIG_PRERELEASES_KEEP);
    assert_int_equal(config->polling.hosts[1].pause_ms, 250);
    assert_int_equal(config->polling.max_bytes, 8 << 20);
    assert_string_equal(config->server.listen, "[::1]:0");
    assert_string_equal(config->database, "../x.sqlite");
}

static void keywords_and_aliases_know_their_lines(void **state)
{
    cleanup(config_unrefp) struct config *config = parse(full);
    const struct config_rule *first = &config->sections[0].rules[0];
    assert_int_equal(config->sections[0].line, 8);
    assert_int_equal(first->line, 9);
    assert_int_equal(first->keywords.count, 3);
    assert_string_equal(first->keywords.items[1].text, "b\\d+");
    assert_int_equal(first->keywords.items[0].line, 11);
    assert_int_equal(first->keywords.items[1].line, 12);
    assert_int_equal(first->keywords.items[2].line, 13);
    assert_int_equal(config->sections[0].rules[1].keywords.count, 1);
    assert_true(config->sections[0].rules[1].final);
    const struct config_vendor *vendor = &config->vendors[0];
    assert_int_equal(vendor->aliases.count, 4);
    assert_string_equal(vendor->aliases.items[0].text, "英伟达");
    assert_int_equal(vendor->aliases.items[0].line, 19);
    assert_int_equal(vendor->aliases.items[3].line, 20);
    assert_int_equal(config_find_feed(config, "B")->line, 24);
}

static void a_star_requires_any_heavy_topic(void **state)
{
    cleanup(config_unrefp) struct config *config = parse(full);
    const struct config_feed *feed = config_find_feed(config, "B");
    assert_int_equal(feed->require_count, 1);
    assert_string_equal(feed->require[0], "heavy");
}

static void an_own_minimum_above_the_common_maximum_is_both(void **state)
{
    cleanup(config_unrefp) struct config *config = parse(full);
    const struct config_feed *feed = config_find_feed(config, "B");
    assert_int_equal(feed->min_interval_s, 3 * 86400);
    assert_int_equal(feed->max_interval_s, 3 * 86400);
}

static void finding_by_name_knows_what_is_not_there(void **state)
{
    cleanup(config_unrefp) struct config *config = parse(full);
    assert_int_equal(config_find_section(config, "brief"), 1);
    assert_int_equal(config_find_section(config, "papers"), -1);
    assert_null(config_find_feed(config, "C"));
}

static void the_last_reference_frees(void **state)
{
    struct config *config = parse(full);
    assert_ptr_equal(config_ref(config), config);
    config_unref(config);
    assert_string_equal(config->path, "test");
    config_unref(config);
    config_unref(NULL);
}

/* The hash of `full` with the first `old` replaced by `new`. */
static uint64_t hash_with(const char *old, const char *new)
{
    char text[8192];
    const char *at = strstr(full, old);
    assert_non_null(at);
    snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - full), full, new, at + strlen(old));
    cleanup(config_unrefp) struct config *config = parse(text);
    return config->rules_hash;
}

static void the_hash_changes_with_every_rule_and_with_nothing_else(void **state)
{
    static const char *const matters[][2] = {
        {"weight = -0.5", "weight = -0.25"},
        {"final = on", "final = off"},
        {"量化", "剪枝"},
        {"{ \"a\", # one", "{ # one"},
        {"topic heavy { weight = 2", "topic heavy { weight = 3"},
        {"keywords = { l }", "keywords = { ll }"},
        {"NVIDIA, ", ""},
        {"section = news", "section = brief"},
        {"section_weight = 1.5", "section_weight = 1"},
        {"{ heavy, light }", "{ heavy }"},
        {"weight = -1 ", ""},
        {"source = \"S\"", ""},
        {"rule second", "rule third"},
        {"kind = rsshub", ""},
        {"prereleases = keep", "prereleases = drop"},
    };
    static const char *const harmless[][2] = {
        {"# one", "# eins"},
        {"title = '嵌入式'", "title = other"},
        {"max_items = 7", ""},
        {"announce = { cross, new }", ""},
        {"listen = \"[::1]:0\"", ""},
        {"database = \"../x.sqlite\"", ""},
        {"limit = 0", "limit = 9"},
        {"interval = 2w", ""},
    };
    uint64_t hash = hash_with("", "");
    for (size_t i = 0; i < array_count(matters); i++) {
        if (hash_with(matters[i][0], matters[i][1]) == hash) {
            fail_msg("'%s' does not change the hash", matters[i][0]);
        }
    }
    for (size_t i = 0; i < array_count(harmless); i++) {
        if (hash_with(harmless[i][0], harmless[i][1]) != hash) {
            fail_msg("'%s' changes the hash", harmless[i][0]);
        }
    }
}

static const char *const smallest =
    "briefing { title = T }\nsection s { title = S fallback = true }\n"
    "feed A { url = \"https://a.example/feed/?paged=2\" }\n"
    "feed B { url = \"https://a.example/feed/?unpaged=2\" }\n";

static void arxiv_rests_three_seconds_unless_the_file_says_otherwise(void **state)
{
    (void)state;
    struct config *config = parse(smallest);
    assert_int_equal(config->polling.host_count, 1);
    assert_string_equal(config->polling.hosts[0].name, "arxiv.org");
    assert_int_equal(config->polling.hosts[0].pause_ms, 3000);
    config_unref(config);
    char text[512];
    snprintf(text, sizeof(text), "%s%s", smallest,
        "polling { host \"arXiv.org\" { pause = 10s } host \"b.example\" { pause = 1s } }");
    config = parse(text);
    assert_int_equal(config->polling.host_count, 2);
    assert_int_equal(config->polling.hosts[0].pause_ms, 10000);
    config_unref(config);
}

static void a_page_of_old_posts_is_warned_of(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(smallest, "test", &problems);
    assert_non_null(config);
    assert_int_equal(problems.count, 1);
    assert_true(problems.items[0].warning);
    assert_int_equal(problems.items[0].line, 3);
    assert_non_null(strstr(problems.items[0].message, "paged="));
    problems_release(&problems);
    config_unref(config);
}

static void the_shipped_file_has_its_sections_vendors_and_feeds(void **state)
{
    cleanup(config_unrefp) struct config *config = load("../../feeds.conf");
    static const char *const ids[] = {"brief", "news", "papers", "oss", "blog"};
    size_t enabled = 0, suggested = 0;
    for (size_t i = 0; i < array_count(ids); i++) {
        assert_int_equal(config_find_section(config, ids[i]), i);
        suggested += i == 0 ? 0 : config->sections[i].limit;
    }
    for (size_t i = 0; i < config->feed_count; i++) {
        enabled += config->feeds[i].enabled;
    }
    assert_true(suggested >= 10 && suggested <= 21);
    assert_true(config->vendor_count >= 60);
    assert_true(enabled >= 60);
    assert_string_equal(config->briefing.title, "嵌入式AI简报");
    assert_string_equal(config->polling.hosts[0].name, "arxiv.org");
    assert_int_equal(config->polling.hosts[0].pause_ms, 3000);
}

/* The comment behind each key says its default; the file itself must agree with the tables, so
 * the labels, which it writes out, equal those of a file that writes none. */
static void the_shipped_labels_are_the_defaults(void **state)
{
    cleanup(config_unrefp) struct config *shipped = load("../../feeds.conf");
    cleanup(config_unrefp) struct config *small = load("config/small.conf");
    const char *const *left = (const char *const *)&shipped->briefing.labels;
    const char *const *right = (const char *const *)&small->briefing.labels;
    for (size_t i = 0; i < sizeof(struct config_labels) / sizeof(*left); i++) {
        assert_string_equal(left[i], right[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arxiv_rests_three_seconds_unless_the_file_says_otherwise),
        cmocka_unit_test(a_page_of_old_posts_is_warned_of),
        cmocka_unit_test(a_file_of_fifteen_lines_works_with_defaults),
        cmocka_unit_test(every_kind_of_value_reaches_its_field),
        cmocka_unit_test(keywords_and_aliases_know_their_lines),
        cmocka_unit_test(a_star_requires_any_heavy_topic),
        cmocka_unit_test(an_own_minimum_above_the_common_maximum_is_both),
        cmocka_unit_test(finding_by_name_knows_what_is_not_there),
        cmocka_unit_test(the_last_reference_frees),
        cmocka_unit_test(the_hash_changes_with_every_rule_and_with_nothing_else),
        cmocka_unit_test(the_shipped_file_has_its_sections_vendors_and_feeds),
        cmocka_unit_test(the_shipped_labels_are_the_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
