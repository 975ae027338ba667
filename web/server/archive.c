/* /issues/: the archive for readers: a page by year, each issue in every form, its feeds.
 *
 * Issues change only when one is published or corrected, and few ask for them; they are
 * rendered when asked for, on a reading connection, rather than kept in every snapshot. */
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "briefing/markdown_text.h"
#include "briefing/markup.h"
#include "briefing/render.h"
#include "briefing/render_feed.h"
#include "briefing/render_page.h"
#include "briefing/render_wechat_page.h"
#include "web/server/endpoints.h"
#include "web/server/issue_json.h"
#include "web/server/style_hash.h"

enum { FEED_ISSUES = 20, DAY_CHARACTERS = 10 };

/* Pages of ours carry one <style> of their own, which the policy names by its hash. Nothing
 * runs on them but, on the page to copy from, its button; what WeChat keeps are styles inside
 * attributes. */
static const char closed[] = "default-src 'none'; img-src 'self'; base-uri 'none'; "
                             "form-action 'none'; frame-ancestors 'none'";
static const char copying[] = "; style-src-attr 'unsafe-inline'; script-src 'self'";

/* The page in call->out is complete. */
static void set_policy(struct call *call, const char *more)
{
    const char *hash = style_hash(&call->arena, call->out.data);
    call->policy = arena_printf(
        &call->arena, "%s; style-src %s%s", closed, hash == NULL ? "'none'" : hash, more);
}

/* ---- an issue in a form ---- */

static const struct render_format *find_by_extension(const char *extension)
{
    size_t count;
    const struct render_format *formats = render_formats(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(formats[i].extension, extension) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

static void write_form(struct call *call, const struct config *config,
    const struct render_format *format, const struct issue *issue)
{
    call->media_type = format->media_type;
    if (strcmp(format->extension, "wechat.html") == 0) {
        render_wechat_page(issue, "../wechat.js", &call->out);
        set_policy(call, copying);
        return;
    }
    render_write(format, issue, &config->briefing, &call->out);
    if (strncmp(format->media_type, "text/html", strlen("text/html")) == 0) {
        set_policy(call, "");
    }
}

/* "2020-09-17.wechat.html"; a day alone is its page. */
static bool show_issue(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const char *name = call->parameters[0];
    const char *day = arena_strndup(&call->arena, name, strnlen(name, DAY_CHARACTERS));
    const char *behind = name + strlen(day);
    const struct render_format *format = find_by_extension(*behind == '\0' ? "html"
            : *behind == '.'                                               ? behind + 1
                                                                           : "");
    struct issue_edition edition = {0};
    int64_t utc_s;
    if (format == NULL || !clock_parse_day(day, &utc_s)) {
        return call_not_found(call, fault, "There is nothing at this address.");
    }
    if (!issue_edition_read(store, &call->arena, day, 0, &edition, fault)) {
        return false;
    }
    if (edition.issue == NULL) {
        return call_not_found(call, fault, "There is no issue of this day here.");
    }
    write_form(call, config, format, edition.issue);
    return true;
}

const struct endpoint endpoint_issue_page = {.door = ENDPOINT_READS, .work = show_issue};

/* ---- the list by year ---- */

/* The list is set as the issues it lists (briefing/issue_style.h), whose style it takes; what a
 * guide says of an issue is quieter than its day. */
static const char list_style[] =
    "h1{margin-bottom:8px}\n"
    ".feeds{font-size:14px;color:var(--ink-3)}\n"
    ".feeds a{margin-inline-end:16px}\n"
    "h2{margin-top:48px}\n"
    "ul{padding:0;list-style:none}\n"
    "li{padding:20px 0;border-bottom:1px solid var(--line)}\n"
    "li:last-child{border-bottom:0}\n"
    "h3 a{text-decoration:none}\n"
    "h3 span{font-weight:400;margin-inline-start:8px}\n"
    "li p{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;overflow:hidden;"
    "margin-top:4px;font-size:15px;line-height:26px;color:var(--ink-2)}\n"
    "@media print{.feeds{display:none}h3 a::after{content:none}}\n";

static void write_optional(const char *tag, const char *text, struct buffer *out)
{
    if (text != NULL && *text != '\0') {
        markup_write_element(tag, NULL, text, out);
    }
}

static bool write_entry(
    struct call *call, struct store *store, const struct past_issue *past, struct fault *fault)
{
    struct arena arena = {0};
    struct issue_edition edition;
    struct buffer *out = &call->out;
    bool ok = issue_edition_read(store, &arena, past->date, 0, &edition, fault);
    if (ok && edition.issue != NULL) {
        buffer_printf(out, "<li><h3><a href=\"%s.html\"><time datetime=\"%s\">%s</time></a>",
            past->date, past->date, past->date);
        write_optional("span", edition.issue->headline, out);
        buffer_puts(out, "</h3>");
        write_optional("p",
            edition.issue->guide == NULL ? NULL
                                         : markdown_to_plain(&arena, edition.issue->guide),
            out);
        buffer_puts(out, "</li>\n");
    } else if (ok) {
        buffer_puts(out, "<li><h3><time>");
        markup_write_link(past->url, past->date, out);
        buffer_puts(out, "</time></h3></li>\n");
    }
    arena_release(&arena);
    return ok;
}

static void write_list_head(
    const struct config_briefing *briefing, size_t count, struct buffer *out)
{
    bool chinese = strncasecmp(briefing->language, "zh", 2) == 0;
    buffer_puts(out, "<!DOCTYPE html>\n<html lang=\"");
    markup_write_text(briefing->language, out);
    buffer_printf(out,
        "\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>%s · ",
        chinese ? "往期" : "Past issues");
    markup_write_text(briefing->title, out);
    buffer_printf(out,
        "</title>\n"
        "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"../issues.atom\">\n"
        "<link rel=\"alternate\" type=\"application/feed+json\" href=\"../issues.json\">\n"
        "<style>%s%s</style>\n</head>\n<body>\n<main>\n<h1>",
        render_page_style(), list_style);
    markup_write_text(briefing->title, out);
    buffer_puts(out, "</h1>\n");
    markup_write_element("p", "tagline", briefing->tagline, out);
    buffer_printf(out,
        "\n<p class=\"feeds\">%s<a href=\"../issues.atom\">Atom</a>"
        "<a href=\"../issues.json\">JSON Feed</a></p>\n",
        chinese ? "订阅：" : "Subscribe: ");
    if (count == 0) {
        markup_write_element("p", "preface",
            chinese ? "还没有发布过。" : "Nothing has been published yet.", out);
    }
}

static bool list_by_year(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct past_issue *past = NULL;
    size_t count = 0;
    int64_t last_utc_s;
    struct buffer *out = &call->out;
    if (!store_read_issues(store, &call->arena, &past, &count, &last_utc_s, fault)) {
        return false;
    }
    write_list_head(&config->briefing, count, out);
    for (size_t i = 0; i < count; i++) {
        bool first = i == 0 || strncmp(past[i].date, past[i - 1].date, 4) != 0;
        if (first) {
            buffer_printf(
                out, "%s<h2>%.4s</h2>\n<ul>\n", i == 0 ? "" : "</ul>\n", past[i].date);
        }
        if (!write_entry(call, store, &past[i], fault)) {
            return false;
        }
    }
    buffer_puts(
        out, count > 0 ? "</ul>\n</main>\n</body>\n</html>\n" : "</main>\n</body>\n</html>\n");
    call->media_type = "text/html; charset=utf-8";
    set_policy(call, "");
    return true;
}

const struct endpoint endpoint_issue_list = {.door = ENDPOINT_READS, .work = list_by_year};

/* ---- feeds ---- */

static bool read_feed(struct call *call, struct store *store, const struct config *config,
    const char *path, struct render_feed *feed, struct fault *fault)
{
    struct past_issue *past = NULL;
    size_t count = 0;
    int64_t last_utc_s;
    if (!store_read_issues(store, &call->arena, &past, &count, &last_utc_s, fault)) {
        return false;
    }
    struct render_feed_entry *entries = arena_new_array(
        &call->arena, struct render_feed_entry, FEED_ISSUES);
    for (size_t i = 0; i < count && feed->entry_count < FEED_ISSUES; i++) {
        struct issue_edition edition;
        if (!issue_edition_read(store, &call->arena, past[i].date, 0, &edition, fault)) {
            return false;
        }
        if (edition.issue != NULL) {
            entries[feed->entry_count++] = (struct render_feed_entry){edition.issue,
                edition.first_utc_s, edition.utc_s,
                arena_printf(
                    &call->arena, "%s/issues/%s.html", call->site, edition.issue->date)};
        }
    }
    feed->entries = entries;
    feed->title = config->briefing.title;
    feed->tagline = config->briefing.tagline;
    feed->language = config->briefing.language;
    feed->homepage = config->briefing.homepage;
    feed->page_url = arena_printf(&call->arena, "%s/issues/", call->site);
    feed->self_url = arena_printf(&call->arena, "%s%s", call->site, path);
    return true;
}

static bool write_atom(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct render_feed feed = {0};
    if (!read_feed(call, store, config, "/issues.atom", &feed, fault)) {
        return false;
    }
    call->media_type = "application/atom+xml";
    render_feed_atom(&feed, &call->out);
    return true;
}

static bool write_json_feed(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct render_feed feed = {0};
    if (!read_feed(call, store, config, "/issues.json", &feed, fault)) {
        return false;
    }
    call->media_type = "application/feed+json";
    render_feed_json(&feed, &call->out);
    return true;
}

const struct endpoint endpoint_issues_atom = {.door = ENDPOINT_READS, .work = write_atom};
const struct endpoint endpoint_issues_feed = {.door = ENDPOINT_READS, .work = write_json_feed};
