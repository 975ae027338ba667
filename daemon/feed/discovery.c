/* Problem: a site tells of its feeds in five ways, some of them wrong, and a front page may
 * link to fifty.
 *
 * Approach: collect candidates in the order of what they are worth, without repeats; the caller
 * fetches a few from the top. Feeds of comments and of single tags go behind the others of
 * their kind, since nobody who names a site means its comments.
 *
 * Rejected: scoring. The order of the sources says nearly all, and an editor can see why a
 * candidate stands where it stands. */
#include "feed/discovery.h"

#include <string.h>
#include <strings.h>

#include "feed/discovery_sites.h"
#include "feed/text.h"
#include "feed/url.h"
#include "feed/url_parts.h"

static const char *const origin_names[] = {"site", "header", "link", "anchor", "guess"};

const char *discovery_origin_name(enum discovery_origin origin)
{
    return origin_names[origin];
}

void discovery_add(struct arena *arena, struct discovery *discovery,
    enum discovery_origin origin, const char *url, const char *title)
{
    struct url_parts parts;
    if (url == NULL || discovery->count == DISCOVERY_FEEDS_MAX ||
        !url_parts_resolve(arena, NULL, url, &parts) || !url_parts_is_http(&parts)) {
        return;
    }
    parts.fragment = NULL;
    url = url_parts_join(arena, &parts);
    for (size_t i = 0; i < discovery->count; i++) {
        if (strcmp(discovery->feeds[i].url, url) == 0) {
            return;
        }
    }
    if (discovery->count == discovery->capacity) {
        discovery->feeds = arena_grow(
            arena, discovery->feeds, sizeof(*discovery->feeds), &discovery->capacity);
    }
    discovery->feeds[discovery->count++] = (struct discovery_feed){origin, url, title};
}

/* The decoded path in segments, as url_sites.c sees it. */
static bool read_page(struct arena *arena, const char *url, struct url_page *ret_page)
{
    struct url_parts parts;
    const char *host = url_host(arena, url);
    if (host == NULL || !url_parts_resolve(arena, NULL, url, &parts) ||
        !url_parts_is_http(&parts)) {
        return false;
    }
    if (strncmp(host, "m.", 2) == 0) {
        host += 2;
    }
    *ret_page = (struct url_page){.arena = arena,
        .host = host,
        .path = url_percent_decode(arena, parts.path, strlen(parts.path)),
        .query = parts.query};
    for (size_t i = 0; i < URL_SEGMENTS_MAX; i++) {
        ret_page->segments[i] = "";
    }
    char *rest = arena_strdup(arena, parts.path);
    for (char *segment; (segment = strsep(&rest, "/")) != NULL;) {
        if (segment[0] != '\0' && ret_page->count < URL_SEGMENTS_MAX) {
            ret_page->segments[ret_page->count++] = segment;
        }
    }
    return true;
}

void discovery_from_url(
    struct arena *arena, struct discovery *discovery, const char *url, const char *rsshub)
{
    struct discovery_site site = {.rsshub = rsshub, .discovery = discovery};
    if (read_page(arena, url, &site.page)) {
        discovery_find_site(&site);
    }
}

/* ---- the Link field: <url>; rel="alternate"; type="application/rss+xml"; title="x", … ---- */

/* The value of a parameter of one link, up to `end`; NULL. */
static const char *link_parameter(
    struct arena *arena, const char *at, const char *end, const char *name)
{
    size_t length = strlen(name);
    for (; at < end; at++) {
        if (*at != ';' && *at != ' ') {
            continue;
        }
        const char *start = at + 1;
        while (start < end && *start == ' ') {
            start++;
        }
        if ((size_t)(end - start) > length && strncasecmp(start, name, length) == 0 &&
            start[length] == '=') {
            const char *value = start + length + 1;
            bool quoted = value < end && *value == '"';
            value += quoted;
            size_t value_length = strcspn(value, quoted ? "\"" : ";, ");
            if (value + value_length > end) {
                value_length = (size_t)(end - value);
            }
            return arena_strndup(arena, value, value_length);
        }
        at = start - 1; /* a run of blanks is passed once, not once for each of them */
    }
    return NULL;
}

/* Where the link that begins at `at` ends: at a comma outside of quotes and brackets. */
static const char *link_end(const char *at)
{
    bool quoted = false, bracketed = false;
    for (; *at != '\0' && (*at != ',' || quoted || bracketed); at++) {
        quoted = *at == '"' ? !quoted : quoted;
        bracketed = quoted ? bracketed : *at == '<' ? true : *at == '>' ? false : bracketed;
    }
    return at;
}

static void take_header(
    struct arena *arena, struct discovery *discovery, const char *base_url, const char *header)
{
    for (const char *end; *header != '\0'; header = *end == '\0' ? end : end + 1) {
        end = link_end(header);
        const char *open = memchr(header, '<', (size_t)(end - header));
        const char *close = open == NULL ? NULL : memchr(open, '>', (size_t)(end - open));
        if (close == NULL) {
            continue;
        }
        const char *rel = link_parameter(arena, close, end, "rel");
        const char *type = link_parameter(arena, close, end, "type");
        bool feed = rel != NULL && strcasestr(rel, "alternate") != NULL && type != NULL &&
            (strcasestr(type, "rss") != NULL || strcasestr(type, "atom") != NULL ||
                strcasestr(type, "feed+json") != NULL);
        if (feed) {
            const char *reference = arena_strndup(arena, open + 1, (size_t)(close - open - 1));
            discovery_add(arena, discovery, DISCOVERY_HEADER,
                url_resolve(arena, base_url, reference),
                link_parameter(arena, close, end, "title"));
        }
    }
}

/* ---- the page ---- */

static bool is_secondary(const struct page_link *link)
{
    static const char *const words[] = {"comment", "评论", "replies", "/tag/", "pingback"};
    for (size_t i = 0; i < array_count(words); i++) {
        if (strcasestr(link->url, words[i]) != NULL ||
            (link->title != NULL && strcasestr(link->title, words[i]) != NULL)) {
            return true;
        }
    }
    return false;
}

static void take_links(struct arena *arena, struct discovery *discovery,
    const struct page_scan *scan, enum page_link_kind kind, enum discovery_origin origin)
{
    for (int secondary = 0; secondary <= 1; secondary++) {
        for (size_t i = 0; i < scan->link_count; i++) {
            const struct page_link *link = &scan->links[i];
            if (link->kind == kind && is_secondary(link) == (secondary == 1)) {
                discovery_add(arena, discovery, origin, link->url, link->title);
            }
        }
    }
}

/* A YouTube page names its channel in a meta tag and, behind a consent page, in a script. */
static void take_youtube(
    struct arena *arena, struct discovery *discovery, const struct page_scan *scan)
{
    static const char mark[] = "\"externalId\":\"";
    enum { ID_BYTES = 24 };
    const char *host = scan->url == NULL ? NULL : url_host(arena, scan->url);
    if (host == NULL || !url_one_of(host, "youtube.com m.youtube.com")) {
        return;
    }
    const char *channel = page_scan_meta(scan, "identifier");
    channel = channel != NULL ? channel : page_scan_meta(scan, "channelid");
    for (size_t i = 0; channel == NULL && i < scan->script_count; i++) {
        struct html_slice script = scan->scripts[i];
        const char *found = memmem(script.start, script.length, mark, strlen(mark));
        size_t left = found == NULL ? 0 : script.length - (size_t)(found - script.start);
        if (left > strlen(mark) + ID_BYTES) {
            channel = arena_strndup(arena, found + strlen(mark), ID_BYTES);
        }
    }
    if (channel != NULL) {
        discovery_add(arena, discovery, DISCOVERY_SITE, discovery_youtube_feed(arena, channel),
            scan->title);
    }
}

void discovery_from_page(struct arena *arena, struct discovery *discovery,
    const struct page_scan *scan, const char *link_header)
{
    take_youtube(arena, discovery, scan);
    if (link_header != NULL) {
        take_header(arena, discovery, scan->url, link_header);
    }
    take_links(arena, discovery, scan, PAGE_LINK_ALTERNATE, DISCOVERY_LINK);
    take_links(arena, discovery, scan, PAGE_LINK_ANCHOR, DISCOVERY_ANCHOR);
}

/* ---- habit ---- */

/* In the order in which they are found: WordPress and Substack, then static site generators,
 * then the rest. */
static const char *const usual_paths[] = {
    "feed", "rss.xml", "atom.xml", "index.xml", "feed.xml", "rss", "feed.json", "feeds"};

void discovery_guess(struct arena *arena, struct discovery *discovery, const char *url)
{
    struct url_parts parts;
    if (!url_parts_resolve(arena, NULL, url, &parts) || !url_parts_is_http(&parts)) {
        return;
    }
    parts.query = parts.fragment = NULL;
    url = url_parts_join(arena, &parts);
    bool front = strcmp(parts.path, "/") == 0;
    /* A blog in a folder has its feed there: /blog, /blog/ -> /blog/feed. */
    const char *folder = front                          ? NULL
        : url[strlen(url) - 1] == '/'                   ? url
        : strchr(strrchr(parts.path, '/'), '.') != NULL ? NULL
                                                        : arena_printf(arena, "%s/", url);
    for (size_t i = 0; i < array_count(usual_paths); i++) {
        if (folder != NULL && i < 4) {
            discovery_add(arena, discovery, DISCOVERY_GUESS,
                url_resolve(arena, folder, usual_paths[i]), NULL);
        }
    }
    for (size_t i = 0; i < array_count(usual_paths); i++) {
        discovery_add(arena, discovery, DISCOVERY_GUESS,
            url_resolve(arena, url, arena_printf(arena, "/%s", usual_paths[i])), NULL);
    }
}
