/* What a document of a kind says otherwise than a plain one: links, labels, what it is at all.
 */
#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"
#include "feed/html.h"
#include "feed/source.h"
#include "feed/url.h"

/* ---- Reddit ---- */

/* Reddit's own pages, pictures and videos: the post itself is what there is to read. */
static bool is_on_reddit(struct arena *arena, const char *url)
{
    static const char *const hosts[] = {"reddit.com", "*.reddit.com", "redd.it", "*.redd.it",
        "redditmedia.com", "*.redditmedia.com"};
    const char *host = url_host(arena, url);
    for (size_t i = 0; host != NULL && i < array_count(hosts); i++) {
        if (fnmatch(hosts[i], host, 0) == 0) {
            return true;
        }
    }
    return host == NULL;
}

/* The target of the link whose text is "[link]"; NULL: none. Content is sanitised, so that
 * attributes stand in double quotes. */
static const char *find_link_out(struct arena *arena, const char *html)
{
    static const char start[] = "<a href=\"", sign[] = "[link]</a>";
    const char *text = strstr(html, sign), *href = NULL, *at = html;
    while (text != NULL && (at = strstr(at, start)) != NULL && at < text) {
        at += strlen(start);
        href = at; /* the last before the sign */
    }
    const char *end = href == NULL ? NULL : strchr(href, '"');
    return end == NULL || end > text ? NULL : html_to_title(arena, href, (size_t)(end - href));
}

static void adapt_reddit(struct arena *arena, struct feed_entry *entry)
{
    const char *html = entry->content != NULL ? entry->content : entry->summary;
    const char *target = html == NULL ? NULL : find_link_out(arena, html);
    const char *url = target == NULL ? NULL : url_resolve(arena, NULL, target);
    if (url != NULL && !is_on_reddit(arena, url)) {
        entry->link = url;
    }
}

void source_adapt_entry(
    struct arena *arena, const struct config_feed *feed, struct feed_entry *entry)
{
    if (source_kind(feed) == CONFIG_KIND_REDDIT) {
        adapt_reddit(arena, entry);
    }
}

/* ---- WordPress ---- */

static bool begins_with_any(const char *text, const char *const *starts, size_t count)
{
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (strncasecmp(text, starts[i], strlen(starts[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* By the address when that is the usual one; else only when the title and every entry say so: a
 * blog may be called "Comments on Chips". */
bool source_is_comments(const struct config_feed *feed, const struct feed_document *document)
{
    static const char *const titles[] = {"Comments for ", "Comments on", "评论", "《"};
    static const char *const entries[] = {"By: ", "Comment on ", "评论", "作者："};
    if (source_kind(feed) != CONFIG_KIND_WORDPRESS) {
        return false;
    }
    if (strstr(feed->url, "/comments/feed") != NULL) {
        return true;
    }
    if (!begins_with_any(document->title, titles, array_count(titles))) {
        return false;
    }
    size_t comments = 0;
    for (size_t i = 0; i < document->entry_count; i++) {
        comments += begins_with_any(document->entries[i].title, entries, array_count(entries));
    }
    return comments == document->entry_count && comments > 0;
}

/* ---- labels ---- */

const char *source_label(const struct config_feed *feed, const char *title)
{
    bool written = feed->source != NULL && strcmp(feed->source, feed->name) != 0;
    if (!written && title != NULL && title[0] != '\0' &&
        source_kind(feed) == CONFIG_KIND_WECHAT) {
        return title;
    }
    return feed->source != NULL ? feed->source : feed->name;
}
