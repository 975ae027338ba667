/* repeat [PARSER [TOKEN]]: 256 KiB of one token, over and over, through every parser.
 *
 * Fuzzers find crashes in small inputs; what takes quadratic time shows in large ones only. So
 * each parser gets each token of the table repeated to INPUT_BYTES and a limit on processor
 * time which linear code keeps with room to spare, and quadratic code misses by far: the table
 * is a list of everything that opens, nests, refers, escapes or separates somewhere. Each token
 * goes to each parser, for what is nothing to one is text to it, and that must be quick too. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "briefing/issue_reader.h"
#include "briefing/judge.h"
#include "briefing/preflight.h"
#include "briefing/prose.h"
#include "config/config.h"
#include "feed/date.h"
#include "feed/discovery.h"
#include "feed/html.h"
#include "feed/opml.h"
#include "feed/page.h"
#include "feed/parse.h"
#include "feed/url.h"

enum { INPUT_BYTES = 1 << 18, SAMPLE = 16, SECONDS_GIVEN_UP = 10, TRIES = 5 };
static const double seconds_max = 0.5;

static const char *const tokens[] = {
    "- [a](",
    "- [",
    "[[a]](b) ",
    "- a\n",
    "a\n\n",
    "a\n> b\n\n",
    "## A\n",
    "| [2020-01-01](a) ",
    "链接：",
    /* Markdown */
    "**",
    "*a ",
    "_",
    "[",
    "](",
    "[](",
    "[a](https://a.example/)",
    "![",
    "`",
    "`a",
    "```\n",
    "> ",
    ">\n",
    "- ",
    "  - a\n",
    "1. ",
    "|",
    "|\n",
    "|a|b|\n|-|-|\n",
    "\\",
    "https://a.example/ ",
    "https://a.example/(",
    "：**",
    "**：",
    "[a]: ",
    "（",
    "）",
    "”",
    "，",
    "汉,",
    "；「",
    "；「新闻」",
    "；「a」b",
    "、",
    /* markup */
    "<",
    ">",
    "</",
    "<!",
    "<!--",
    "-->",
    "--",
    "<![CDATA[",
    "]]>",
    "<?",
    "<?x?>",
    "<a",
    "<a>",
    "</a>",
    "<b>",
    "</b>",
    "<b/>",
    "<a b",
    "<a b=",
    "<a b=\"",
    "<a b='>",
    "<a href=x>",
    "<a href=\"https://a.example/\">",
    "<a href=http://a.example/ title=\"&amp;\">x</a>",
    "<p>",
    "<p>x",
    "<div>",
    "<div></p>",
    "<ul><li>",
    "<li>",
    "</li>",
    "<ol>",
    "<dl><dd>",
    "<table>",
    "<table><tr><td>",
    "<tr>",
    "<td>",
    "<table><a href=http://a.example/>",
    "</table>",
    "<h1>",
    "<pre>",
    "<pre>\n",
    "<br>",
    "<hr>",
    "<img src=http://a.example/>",
    "<img src=x alt=\"",
    "<b><p>",
    "<font><p>",
    "<a><div>",
    "<svg>",
    "<math><mi>",
    "<script>",
    "<script></scrip",
    "<style>",
    "<title>",
    "<title></titl",
    "<textarea>",
    "<template>",
    "<noscript>",
    "<select><option>",
    "<ruby><rt>",
    "<blockquote>",
    "<x:y xmlns:x='u'>",
    "<item>",
    "<item/>",
    "<item><title>x</title></item>",
    "<entry>",
    "<title>x</title>",
    "<description>&lt;b&gt;</description>",
    "<link/>",
    "<category>a</category>",
    "<category>\n",
    "<author>a</author>",
    "<guid>",
    "<enclosure url='http://a.example/'/>",
    "<pubDate>",
    "<media:group><media:content url='http://a.example/'/>",
    "<content type='xhtml'>",
    "<content type='xhtml'><div>",
    "<image>",
    "<textinput>",
    "<a xml:base='b/'>",
    "<!DOCTYPE",
    "<!ENTITY a 'b'>",
    "<!ENTITY",
    /* references */
    "&",
    "&a",
    "&a;",
    "&amp;",
    "&amp;amp;",
    "&lt;b&gt;",
    "&lt;",
    "&#",
    "&#x",
    "&#60;",
    "&#0;",
    "&#x4e2d;",
    "&notit;",
    "&nbsp;",
    "&CounterClockwiseContourIntegral",
    /* text */
    "a",
    "a ",
    " ",
    "\n",
    "\t",
    "\r",
    "\r\n",
    " \n",
    ".",
    ". ",
    "A. ",
    "e.g. ",
    "a, ",
    "?",
    "? ",
    "\"",
    "'",
    "\\",
    "\\\"",
    "/",
    "//",
    "/*",
    "*/",
    "*",
    "/a",
    "/../",
    "/./",
    "../",
    "?a=b&",
    "a=b&",
    "a=&",
    ";a",
    "#",
    "#\n",
    "%",
    "%41",
    "%2F",
    "%25",
    "%E4%B8%AD",
    "%zz",
    ":",
    "@",
    "a@",
    "http://",
    "http://a.example/",
    "a.",
    "xn--",
    "https://a.example/?url=",
    "-",
    "1",
    "1,",
    "0",
    "(",
    "[",
    "]",
    "{",
    "}",
    "{}",
    "[]",
    "{\"a\":",
    "[{",
    "\"a\":1,",
    "{\"items\":[",
    "$",
    "$a$",
    "${",
    "${a}",
    "\\alpha",
    "\\frac{",
    "^{",
    "_",
    "中",
    "中。",
    "。",
    "中文，",
    "“",
    "”",
    "…",
    "\xe3\x80\x80",
    "\xc2\xa0",
    "é",
    "e\xcc\x81",
    "\xcc\x81",
    "\xe2\x80\x8b",
    "😀",
    "\xff",
    "\xc3",
    "\xe4\xb8",
    "\x01",
    "\x7f",
    "\xef\xbb\xbf",
    "\xfe\xff",
    /* configuration */
    "=",
    "+=",
    ",",
    "a = b\n",
    "a = \"b\"\n",
    "a = {",
    "a {",
    "a {\n",
    "a { }\n",
    "section \"a\" {",
    "section \"a\" { }\n",
    "section \"a\" { title = \"a\" }\n",
    "feed \"a\" { }\n",
    "feed \"a\" { url = \"http://a.example/\" }\n",
    "vendor \"a\" { aliases = { \"b\" } }\n",
    "topic \"a\" { keywords = { \"b\" } }\n",
    "rule \"a\" {",
    "keywords = {",
    "\"a\",",
    "\"a\", ",
    "'a',",
    "include(\"a\")\n",
};

static void parse_feed_text(const char *text, size_t length, const char *base_url)
{
    cleanup(arena_release) struct arena arena = {0};
    struct feed_parse_options options = {.base_url = base_url};
    struct feed_document *document;
    struct fault fault;
    if (feed_parse(&arena, text, length, &options, &document, &fault)) {
        cleanup(buffer_release) struct buffer json;
        buffer_init(&json, (size_t)1 << 30);
        feed_write_json(document, &json);
    }
}

static void run_feed(const char *text, size_t length)
{
    parse_feed_text(text, length, "https://a.example/feed");
}

static void run_html_text(const char *text, size_t length)
{
    cleanup(arena_release) struct arena arena = {0};
    const char *plain = html_to_text(&arena, text, length);
    text_summary(&arena, plain, 200);
}

static void run_title(const char *text, size_t length)
{
    cleanup(arena_release) struct arena arena = {0};
    html_to_title(&arena, text, length);
}

static void run_summary(const char *text, size_t length)
{
    cleanup(arena_release) struct arena arena = {0};
    text_summary(&arena, text, 200);
    text_summary(&arena, text, length);
}

static void run_sanitize(const char *text, size_t length)
{
    cleanup(arena_release) struct arena arena = {0};
    html_sanitize(&arena, text, length, "https://a.example/b/");
}

static void run_url(const char *text, size_t length)
{
    cleanup(arena_release) struct arena arena = {0};
    url_resolve(&arena, "https://a.example/b/", text);
    url_canonical(&arena, text);
    url_key(&arena, text);
}

static void run_date(const char *text, size_t length)
{
    feed_date_parse(text);
}

static void run_opml(const char *text, size_t length)
{
    cleanup(arena_release) struct arena arena = {0};
    struct opml *opml;
    struct fault fault;
    if (opml_read(&arena, text, length, &opml, &fault)) {
        opml_to_block(opml, &arena);
    }
}

static void run_page(const char *text, size_t length)
{
    cleanup(arena_release) struct arena arena = {0};
    struct discovery discovery = {0};
    struct page *page;
    struct fault fault;
    const char *url = "https://a.example/b";
    const struct page_scan *scan = page_scan_bytes(&arena, text, length, url, NULL);
    if (page_read(&arena, scan, &page, &fault)) {
        discovery_from_page(&arena, &discovery, scan, text);
    }
}

static void run_config(const char *text, size_t length)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "feeds.conf", &problems);
    if (config != NULL) {
        judge_free(judge_new(config, &problems));
        config_unref(config);
    }
    problems_release(&problems);
}

#define RSS "<rss version=\"2.0\"><channel><title>T</title>"

/* What is put before the tokens decides which part of the parser meets them. */
static void run_issue(const char *text, size_t length)
{
    struct arena arena = {0};
    struct config_section sections[] = {{.id = "a", .title = "A", .fallback = true},
        {.id = "b", .title = "B", .form = CONFIG_FORM_ONELINE}};
    const struct config config = {.briefing = {.title = "T",
                                      .labels = {.guide = "导读：",
                                          .summary = "摘要：",
                                          .note = "注：",
                                          .group_separator = "；",
                                          .sentence_end = "。",
                                          .prefix_separator = "：",
                                          .archive = "C"}},
        .sections = sections,
        .section_count = 2};
    issue_read_markdown(&arena, &config, "2020-09-17", text, length);
    arena_release(&arena);
}

static void run_prose(const char *text, size_t length)
{
    cleanup(arena_release) struct arena arena = {0};
    cleanup(buffer_release) struct buffer out;
    buffer_init(&out, 256 << 20);
    struct prose prose = prose_parse(&arena, text, "https://a.example/b/");
    prose_write_html(&prose, "x", &out);
}

static void preflight_of(const char *guide, const char *summary)
{
    cleanup(arena_release) struct arena arena = {0};
    struct issue_item item = {.title = "x", .summary = summary, .highlight = true};
    struct issue_section section = {
        .id = "news", .title = "新闻", .items = &item, .item_count = 1};
    struct issue issue = {.date = "2026-03-05",
        .title = "x",
        .guide = guide,
        .sections = &section,
        .section_count = 1};
    const char **label = (const char **)&issue.labels;
    for (size_t i = 0; i < sizeof(issue.labels) / sizeof(*label); i++) {
        label[i] = "；";
    }
    preflight_check(&arena, &issue, NULL);
}

static void run_preflight(const char *text, size_t length)
{
    preflight_of("本次1条。「新闻」x。", text);
}

static void run_preflight_guide(const char *text, size_t length)
{
    preflight_of(text, "x");
}

static const struct parser {
    const char *name;
    const char *before;
    void (*run)(const char *text, size_t length);
} parsers[] = {
    {"feed", "", run_feed},
    {"feed in an item", RSS "<item>", run_feed},
    {"feed in a title", RSS "<item><title>", run_feed},
    {"feed in CDATA", RSS "<item><description><![CDATA[", run_feed},
    {"feed in an attribute", RSS "<item><enclosure url=\"http://a.example/", run_feed},
    {"feed in a DTD", "<!DOCTYPE rss [", run_feed},
    {"feed in Atom", "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry>", run_feed},
    {"feed in XHTML",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><content type=\"xhtml\"><div>",
        run_feed},
    {"feed in JSON", "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[", run_feed},
    {"html to text", "", run_html_text},
    {"html to text in a tag", "<a ", run_html_text},
    {"html to text in a list", "<ul><li>", run_html_text},
    {"title", "", run_title},
    {"summary", "", run_summary},
    {"sanitiser", "", run_sanitize},
    {"sanitiser in a link", "<a href=\"https://a.example/", run_sanitize},
    {"sanitiser in a table", "<table><tr><td>", run_sanitize},
    {"sanitiser in a tag", "<a ", run_sanitize},
    {"url", "", run_url},
    {"url with a host", "https://", run_url},
    {"url with a path", "https://a.example/", run_url},
    {"url with a query", "https://a.example/?a=", run_url},
    {"date", "", run_date},
    {"OPML", "<opml><body>", run_opml},
    {"OPML in an outline", "<opml><body><outline ", run_opml},
    {"issue", "", run_issue},
    {"issue in a section", "# T\n## A\n- a\n", run_issue},
    {"issue in its archive", "# T\n## C\n", run_issue},
    {"page", "<title>T</title>", run_page},
    {"page in a script", "<script type=\"application/ld+json\">", run_page},
    {"configuration", "", run_config},
    {"configuration in a section", "section \"a\" { ", run_config},
    {"configuration in a list", "topic \"a\" { keywords = { ", run_config},
    {"configuration in a string", "briefing { title = \"", run_config},
    {"prose", "", run_prose},
    {"prose in a list", "- a\n  1. ", run_prose},
    {"prose in a link", "[a](", run_prose},
    {"prose in a table", "|a|b|\n|-|-|\n|", run_prose},
    {"summary before publishing", "摘要", run_preflight},
    {"guide before publishing", "本次1条。「新闻」", run_preflight_guide},
};

/* --- the run --- */

/* What runs, for the watchdog. */
static const char *current_parser, *current_token;

static void print_input(const char *parser, const char *token)
{
    printf("%s: ", parser);
    for (const char *p = token; *p != '\0'; p++) {
        printf((unsigned char)*p < ' ' ? "\\x%02x" : "%c", (unsigned char)*p);
    }
    putchar('\n');
    fflush(stdout);
}

/* Nobody wants to wait for the end of quadratic work. The program is lost after this, so what a
 * signal handler may not call does no harm. */
static void give_up(int signal_number)
{
    printf("given up after %d s: ", SECONDS_GIVEN_UP);
    print_input(current_parser, current_token);
    _exit(EXIT_FAILURE);
}

static void set_watchdog(double seconds)
{
    struct itimerval timer = {.it_value.tv_sec = (time_t)seconds};
    signal(SIGPROF, give_up);
    setitimer(ITIMER_PROF, &timer, NULL);
}

static double time_of(const struct parser *parser, const char *token, size_t bytes)
{
    struct buffer input;
    buffer_init(&input, bytes + 256);
    buffer_puts(&input, parser->before);
    while (input.length < bytes) {
        buffer_puts(&input, token);
    }
    current_parser = parser->name;
    current_token = token;
    set_watchdog(SECONDS_GIVEN_UP);
    clock_t start = clock();
    parser->run(input.data, input.length);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    set_watchdog(0);
    buffer_release(&input);
    return seconds;
}

/* A sample so quick that even with quadratic growth the whole would keep the limit speaks for
 * the whole: nearly all do, and the test takes seconds instead of minutes. The least of several
 * times counts: what a busy machine adds to one is not the parser's. */
static double time_at_most(const struct parser *parser, const char *token)
{
    double least = time_of(parser, token, INPUT_BYTES / SAMPLE) * SAMPLE * SAMPLE;
    for (int i = 0; i < TRIES && least > seconds_max; i++) {
        double whole = time_of(parser, token, INPUT_BYTES);
        least = i == 0 || whole < least ? whole : least;
    }
    return least;
}

static bool is_wanted(const char *wanted, const char *name)
{
    return wanted == NULL || strcmp(wanted, name) == 0;
}

int main(int argc, char **argv)
{
    const char *parser = argc > 1 ? argv[1] : NULL, *token = argc > 2 ? argv[2] : NULL;
    size_t failures = 0, count = 0;
    feed_parse_setup();
    for (size_t i = 0; i < array_count(parsers); i++) {
        for (size_t k = 0; k < array_count(tokens); k++) {
            if (!is_wanted(parser, parsers[i].name) || !is_wanted(token, tokens[k])) {
                continue;
            }
            double seconds = time_at_most(&parsers[i], tokens[k]);
            count++;
            if (seconds > seconds_max) {
                printf("%.2f s: ", seconds);
                print_input(parsers[i].name, tokens[k]);
                failures++;
            }
        }
    }
    feed_parse_teardown();
    printf("%zu inputs of %d KiB, %zu took more than %.2f s\n", count, INPUT_BYTES >> 10,
        failures, seconds_max);
    return failures > 0 || count == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
