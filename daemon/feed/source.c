/* Recognition by patterns over host and path, the first row that fits. Rows that name a host
 * stand first: a path may look like anything. */
#include "feed/source.h"

#include <fnmatch.h>
#include <string.h>

#include "base/attributes.h"
#include "feed/url_parts.h"

static const struct {
    const char *host,
        *path; /* fnmatch(3), '*' also matches '/'; the port belongs to the host */
    enum config_kind kind;
} patterns[] = {
    {"arxiv.org", "*", CONFIG_KIND_ARXIV},
    {"*.arxiv.org", "*", CONFIG_KIND_ARXIV},
    {"github.com", "/*/*/releases.atom*", CONFIG_KIND_GITHUB_RELEASES},
    {"github.com", "/*/*/tags.atom*", CONFIG_KIND_GITHUB_RELEASES},
    {"reddit.com", "*", CONFIG_KIND_REDDIT},
    {"*.reddit.com", "*", CONFIG_KIND_REDDIT},
    {"medium.com", "/feed/*", CONFIG_KIND_MEDIUM},
    {"*.medium.com", "/feed*", CONFIG_KIND_MEDIUM},
    {"wechat2rss*", "*", CONFIG_KIND_WECHAT},
    {"wewe-rss*", "*", CONFIG_KIND_WECHAT},
    {"werss*", "*", CONFIG_KIND_WECHAT},
    {"we-mp-rss*", "*", CONFIG_KIND_WECHAT},
    {"*", "/feeds/MP_WXS_*", CONFIG_KIND_WECHAT}, /* wewe-rss */
    {"*", "/feed/MP_WXS_*", CONFIG_KIND_WECHAT},  /* we-mp-rss */
    {"rsshub*", "*", CONFIG_KIND_RSSHUB},
    {"*.rsshub.*", "*", CONFIG_KIND_RSSHUB},
    {"*:1200", "*", CONFIG_KIND_RSSHUB}, /* the port it listens on unless told otherwise */
    {"*", "*/comments/feed*", CONFIG_KIND_WORDPRESS},
    {"*", "*/feed", CONFIG_KIND_WORDPRESS},
    {"*", "*/feed/", CONFIG_KIND_WORDPRESS},
    {"*", "*/feed/[?]*", CONFIG_KIND_WORDPRESS},
    {"*", "*[?&]feed=*", CONFIG_KIND_WORDPRESS},
};

static enum config_kind recognise(struct arena *arena, const char *url)
{
    struct url_parts parts;
    if (url == NULL || !url_parts_resolve(arena, NULL, url, &parts) || parts.host == NULL) {
        return CONFIG_KIND_PLAIN;
    }
    const char *name = strncmp(parts.host, "www.", 4) == 0 ? parts.host + 4 : parts.host;
    const char *host = parts.port == NULL ? name
                                          : arena_printf(arena, "%s:%s", name, parts.port);
    const char *path = parts.query == NULL
        ? parts.path
        : arena_printf(arena, "%s?%s", parts.path, parts.query);
    for (size_t i = 0; i < array_count(patterns); i++) {
        if (fnmatch(patterns[i].host, host, 0) == 0 &&
            fnmatch(patterns[i].path, path, 0) == 0) {
            return patterns[i].kind;
        }
    }
    return CONFIG_KIND_PLAIN;
}

enum config_kind source_kind(const struct config_feed *feed)
{
    if (feed->kind != CONFIG_KIND_AUTO) {
        return feed->kind;
    }
    if (feed->recognised != CONFIG_KIND_AUTO) {
        return feed->recognised;
    }
    cleanup(arena_release) struct arena arena = {0};
    return recognise(&arena, feed->url);
}

void source_recognise(struct config_feed *feed)
{
    feed->recognised = source_kind(feed);
}

/* ---- arXiv ---- */

/* By the element, not the address: mirrors and filters in front of arXiv pass it on. "replace"
 * and "replace-cross" list a paper again after an edit: no news
 * (info.arxiv.org/help/rss.html). */
bool source_admits(const struct config_feed *feed, const struct feed_entry *entry)
{
    static const struct {
        const char *type;
        unsigned bit;
    } types[] = {{"new", CONFIG_ANNOUNCE_NEW}, {"cross", CONFIG_ANNOUNCE_CROSS}};
    const char *type = entry->arxiv_announce_type;
    if (type == NULL || feed->kind == CONFIG_KIND_PLAIN) {
        return true;
    }
    unsigned wanted = feed->announce == 0 ? CONFIG_ANNOUNCE_NEW : feed->announce;
    for (size_t i = 0; i < array_count(types); i++) {
        if (strcmp(types[i].type, type) == 0) {
            return (types[i].bit & wanted) != 0;
        }
    }
    return strncmp(type, "replace", strlen("replace")) != 0;
}
