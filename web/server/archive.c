/* /issues/…: the archive for readers: each issue in every form, and its feeds. The list of them
 * is archive_list.c.
 *
 * Issues change only when one is published or corrected, and few ask for them; they are
 * rendered when asked for, on a reading connection, rather than kept in every snapshot. */
#include <string.h>

#include "base/clock.h"
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

/* In the file a past issue is the file beside it; who reads here has no such file, but the page
 * of every issue that is kept. */
static bool link_past_issues(
    struct call *call, struct store *store, struct issue *issue, struct fault *fault)
{
    for (size_t i = 0; i < issue->archive_count; i++) {
        struct past_issue *past = &issue->archive[i];
        struct desk_issue_version *versions;
        size_t count;
        if (!desk_read_issue_versions(
                store, &call->arena, past->date, &versions, &count, fault)) {
            return false;
        }
        if (count > 0) {
            past->url = arena_printf(&call->arena, "%s/issues/%s.html", call->site, past->date);
        }
    }
    return true;
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
    call->lasting = true;
    if (format == NULL || !clock_parse_day(day, &utc_s)) {
        return call_not_found(call, fault, "There is nothing at this address.");
    }
    if (!issue_edition_read(store, &call->arena, day, 0, &edition, fault)) {
        return false;
    }
    if (edition.issue == NULL) {
        return call_not_found(call, fault, "There is no issue of this day here.");
    }
    if (strcmp(format->extension, "html") == 0 &&
        !link_past_issues(call, store, edition.issue, fault)) {
        return false;
    }
    write_form(call, config, format, edition.issue);
    return true;
}

const struct endpoint endpoint_issue_page = {.door = ENDPOINT_READS, .work = show_issue};

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
    call->lasting = true;
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
    call->lasting = true;
    render_feed_json(&feed, &call->out);
    return true;
}

const struct endpoint endpoint_issues_atom = {.door = ENDPOINT_READS, .work = write_atom};
const struct endpoint endpoint_issues_feed = {.door = ENDPOINT_READS, .work = write_json_feed};
