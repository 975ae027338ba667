/* Sites whose feeds follow from the address: one function a site, one table of hosts, as in
 * url_sites.c. The addresses are documented by the sites, or have been stable for a decade:
 *
 *     GitHub   /OWNER/REPO/{releases,tags,commits/BRANCH}.atom, /OWNER.atom
 *     YouTube  /feeds/videos.xml?{channel_id,playlist_id,user}=
 *     arXiv    https://info.arxiv.org/help/rss.html
 *     Reddit   any listing + ".rss";  Medium: /feed/…;  Substack: /feed;  WordPress.com: /feed/
 *     RSSHub   https://docs.rsshub.app/routes/
 *
 * Only what the address can tell; what needs the page (a YouTube @handle's channel) is in
 * discovery.c. */
#include "feed/discovery_sites.h"

#include <string.h>

#include "feed/url_page.h"
#include "feed/url_query.h"

/* One candidate; `path` is printf'd by the caller. */
static void add(struct discovery_site *site, const char *url, const char *title)
{
    discovery_add(site->page.arena, site->discovery, DISCOVERY_SITE, url, title);
    site->discovery->is_source = true;
}

static void add_rsshub(struct discovery_site *site, const char *route)
{
    if (site->rsshub != NULL) {
        size_t length = strlen(site->rsshub);
        while (length > 0 && site->rsshub[length - 1] == '/') {
            length--;
        }
        add(site, arena_printf(site->page.arena, "%.*s%s", (int)length, site->rsshub, route),
            NULL);
    }
}

static void find_github(struct discovery_site *site)
{
    static const char pages[] = "about apps collections contact customer-stories enterprise "
                                "events explore features issues login marketplace new "
                                "notifications orgs pricing pulls search security settings "
                                "site sponsors topics trending";
    static const char names[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    const struct url_page *page = &site->page;
    struct arena *arena = page->arena;
    if (page->count < 2 || url_one_of(page->segments[0], pages) ||
        !url_consists_of(page->segments[0], names, 1, 40) ||
        !url_consists_of(page->segments[1], names, 1, 100)) {
        return;
    }
    /* A release, an issue or a file is a thing, not a source. */
    bool source = page->count == 2 ||
        (page->count == 3 && url_one_of(page->segments[2], "releases tags commits"));
    if (!source) {
        return;
    }
    const char *owner = page->segments[0];
    const char *name = url_without_suffix(arena, page->segments[1], ".git");
    static const struct {
        const char *file, *title;
    } kinds[] = {{"releases", "Releases"}, {"tags", "Tags"}, {"commits", "Commits"}};
    const char *asked = page->count == 3 ? page->segments[2] : "releases";
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < array_count(kinds); i++) {
            bool is_asked = strcmp(kinds[i].file, asked) == 0;
            if (is_asked == (round == 0)) {
                add(site,
                    arena_printf(
                        arena, "https://github.com/%s/%s/%s.atom", owner, name, kinds[i].file),
                    arena_printf(arena, "%s/%s %s", owner, name, kinds[i].title));
            }
        }
    }
}

static bool is_channel(const char *id)
{
    return strncmp(id, "UC", 2) == 0 && url_consists_of(id, url_base64url, 24, 24);
}

static void find_youtube(struct discovery_site *site)
{
    static const char base[] = "https://www.youtube.com/feeds/videos.xml";
    const struct url_page *page = &site->page;
    struct arena *arena = page->arena;
    const char *list = url_query_value(arena, page->query, "list");
    if (page->count >= 2 && strcmp(page->segments[0], "channel") == 0 &&
        is_channel(page->segments[1])) {
        add(site, arena_printf(arena, "%s?channel_id=%s", base, page->segments[1]), NULL);
    } else if (page->count == 1 && strcmp(page->segments[0], "playlist") == 0 && list != NULL &&
        url_consists_of(list, url_base64url, 2, 64)) {
        add(site, arena_printf(arena, "%s?playlist_id=%s", base, list), NULL);
    } else if (page->count >= 2 && strcmp(page->segments[0], "user") == 0 &&
        url_consists_of(page->segments[1], url_base64url, 1, 64)) {
        add(site, arena_printf(arena, "%s?user=%s", base, page->segments[1]), NULL);
    } else if (page->count >= 1 &&
        (page->segments[0][0] == '@' || strcmp(page->segments[0], "c") == 0)) {
        site->discovery->is_source = true; /* the page names the channel */
    }
}

/* /list/cs.LG/recent, /archive/cs, and the old address of the feeds. Categories may be joined
 * with "+". */
static void find_arxiv(struct discovery_site *site)
{
    static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-.+";
    const struct url_page *page = &site->page;
    if (page->count >= 2 && url_one_of(page->segments[0], "list archive rss") &&
        url_consists_of(page->segments[1], names, 2, 200)) {
        add(site, arena_printf(page->arena, "https://rss.arxiv.org/rss/%s", page->segments[1]),
            arena_printf(page->arena, "arXiv %s", page->segments[1]));
    }
}

/* /r/NAME, /r/NAME/top, /user/NAME; a post (/r/NAME/comments/…) is a thing. */
static void find_reddit(struct discovery_site *site)
{
    const struct url_page *page = &site->page;
    if (page->count >= 2 && page->count <= 3 && url_one_of(page->segments[0], "r user u") &&
        url_consists_of(page->segments[1], url_base64url, 2, 40) &&
        (page->count == 2 || url_one_of(page->segments[2], "new top hot rising submitted"))) {
        bool ordered = page->count == 3;
        const char *kind = strcmp(page->segments[0], "r") == 0 ? "r" : "user";
        add(site,
            arena_printf(page->arena, "https://www.reddit.com/%s/%s%s%s/.rss", kind,
                page->segments[1], ordered ? "/" : "", page->segments[2]),
            NULL);
    }
}

/* medium.com/@NAME, medium.com/PUBLICATION, NAME.medium.com; an article has one part more. */
static void find_medium(struct discovery_site *site)
{
    const struct url_page *page = &site->page;
    bool own_host = strcmp(page->host, "medium.com") != 0;
    if (own_host && page->count == 0) {
        add(site, arena_printf(page->arena, "https://%s/feed", page->host), NULL);
    } else if (!own_host && page->count == 1 &&
        !url_one_of(page->segments[0], "about m search me plans membership")) {
        add(site, arena_printf(page->arena, "https://medium.com/feed/%s", page->segments[0]),
            NULL);
    } else if (!own_host && page->count == 2 && strcmp(page->segments[0], "tag") == 0) {
        add(site,
            arena_printf(page->arena, "https://medium.com/feed/tag/%s", page->segments[1]),
            NULL);
    }
}

/* substack.com/@NAME redirects to the newsletter's own host, which is asked like any other. */
static void find_substack(struct discovery_site *site)
{
    const struct url_page *page = &site->page;
    bool listing = page->count == 0 ||
        (page->count == 1 && url_one_of(page->segments[0], "archive about"));
    if (listing && strcmp(page->host, "substack.com") != 0) {
        add(site, arena_printf(page->arena, "https://%s/feed", page->host), NULL);
    }
}

static void find_wordpress(struct discovery_site *site)
{
    const struct url_page *page = &site->page;
    if (page->count == 0 && strcmp(page->host, "wordpress.com") != 0) {
        add(site, arena_printf(page->arena, "https://%s/feed/", page->host), NULL);
    }
}

static void find_blogger(struct discovery_site *site)
{
    const struct url_page *page = &site->page;
    if (page->count == 0) {
        add(site, arena_printf(page->arena, "https://%s/feeds/posts/default", page->host),
            NULL);
    }
}

static void find_zhihu(struct discovery_site *site)
{
    const struct url_page *page = &site->page;
    struct arena *arena = page->arena;
    if (strcmp(page->host, "zhuanlan.zhihu.com") == 0 && page->count == 1) {
        add_rsshub(site, arena_printf(arena, "/zhihu/zhuanlan/%s", page->segments[0]));
    } else if (page->count == 2 && strcmp(page->segments[0], "column") == 0) {
        add_rsshub(site, arena_printf(arena, "/zhihu/zhuanlan/%s", page->segments[1]));
    } else if (page->count >= 2 && url_one_of(page->segments[0], "people org")) {
        add_rsshub(site, arena_printf(arena, "/zhihu/people/activities/%s", page->segments[1]));
    }
}

static void find_bilibili(struct discovery_site *site)
{
    const struct url_page *page = &site->page;
    if (strcmp(page->host, "space.bilibili.com") == 0 && page->count >= 1 &&
        url_is_number(page->segments[0])) {
        add_rsshub(
            site, arena_printf(page->arena, "/bilibili/user/video/%s", page->segments[0]));
    }
}

static void find_weibo(struct discovery_site *site)
{
    const struct url_page *page = &site->page;
    const char *id = page->count == 1                             ? page->segments[0]
        : page->count == 2 && strcmp(page->segments[0], "u") == 0 ? page->segments[1]
                                                                  : "";
    if (url_is_number(id)) {
        add_rsshub(site, arena_printf(page->arena, "/weibo/user/%s", id));
    }
}

static const struct {
    const char *host; /* and its subdomains */
    void (*find)(struct discovery_site *site);
} sites[] = {
    {"github.com", find_github},
    {"youtube.com", find_youtube},
    {"arxiv.org", find_arxiv},
    {"reddit.com", find_reddit},
    {"medium.com", find_medium},
    {"substack.com", find_substack},
    {"wordpress.com", find_wordpress},
    {"blogspot.com", find_blogger},
    {"zhihu.com", find_zhihu},
    {"bilibili.com", find_bilibili},
    {"weibo.com", find_weibo},
};

void discovery_find_site(struct discovery_site *site)
{
    for (size_t i = 0; i < array_count(sites); i++) {
        if (url_host_within(site->page.host, sites[i].host)) {
            sites[i].find(site);
            return;
        }
    }
}

const char *discovery_youtube_feed(struct arena *arena, const char *channel)
{
    return is_channel(channel)
        ? arena_printf(arena, "https://www.youtube.com/feeds/videos.xml?channel_id=%s", channel)
        : NULL;
}
