/* /issues/: the archive for readers: a page by year, each issue in every form, its feeds.
 *
 * Issues change only when one is published or corrected, and few ask for them; they are
 * rendered when asked for, on a reading connection, rather than kept in every snapshot. */
#include <string.h>

#include "base/clock.h"
#include "briefing/markdown_text.h"
#include "briefing/markup.h"
#include "briefing/render.h"
#include "briefing/render_feed.h"
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

static const char list_style[] =
    "<style>:root{color-scheme:light dark}body{font:16px/1.75 system-ui,\"Noto Sans SC\","
    "sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}h2{margin:2rem 0 .5rem}"
    "ul{list-style:none;padding:0}li{margin:.75rem 0}time{font-variant-numeric:tabular-nums;"
    "font-weight:600}p{margin:0;opacity:.8}</style>";

static bool write_entry(
    struct call *call, struct store *store, const struct past_issue *past, struct fault *fault)
{
    struct arena arena = {0};
    struct issue_edition edition;
    struct buffer *out = &call->out;
    bool ok = issue_edition_read(store, &arena, past->date, 0, &edition, fault);
    if (ok && edition.issue != NULL) {
        buffer_printf(out, "<li><a href=\"%s.html\"><time datetime=\"%s\">%s</time></a> ",
            past->date, past->date, past->date);
        markup_write_text(edition.issue->headline, out);
        buffer_puts(out, "<p>");
        if (edition.issue->guide != NULL) {
            markup_write_text(markdown_to_plain(&arena, edition.issue->guide), out);
        }
        buffer_puts(out, "</p></li>\n");
    } else if (ok) {
        buffer_puts(out, "<li><time>");
        markup_write_link(past->url, past->date, out);
        buffer_puts(out, "</time></li>\n");
    }
    arena_release(&arena);
    return ok;
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
    buffer_puts(out, "<!doctype html>\n<html lang=\"");
    markup_write_text(config->briefing.language, out);
    buffer_puts(out,
        "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>");
    markup_write_text(config->briefing.title, out);
    buffer_printf(out,
        "</title><link rel=\"alternate\" type=\"application/atom+xml\" href=\"../issues.atom\">"
        "<link rel=\"alternate\" type=\"application/feed+json\" "
        "href=\"../issues.json\">%s</head>"
        "<body><main><h1>",
        list_style);
    markup_write_text(config->briefing.title, out);
    buffer_puts(out, "</h1>\n");
    for (size_t i = 0; i < count; i++) {
        bool first = i == 0 || strncmp(past[i].date, past[i - 1].date, 4) != 0;
        if (first) {
            buffer_printf(out, "%s<h2>%.4s</h2><ul>\n", i == 0 ? "" : "</ul>", past[i].date);
        }
        if (!write_entry(call, store, &past[i], fault)) {
            return false;
        }
    }
    buffer_puts(out, count > 0 ? "</ul></main></body></html>\n" : "</main></body></html>\n");
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
