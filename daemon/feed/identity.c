/* An entry's key, best evidence first:
 *
 *   1. its link, when that has a typed key: what the page is, not where;
 *   2. an identifier that stands for itself: the guid oai:arXiv.org:…, a DOI;
 *   3. its link as a canonical URL;
 *   4. its guid, when that is a URL (a permalink), or a GitHub release's tag URI;
 *   5. the guid inside its feed, "feed_url#guid".
 *
 * A link to a site's front page names no entry: feeds without pages of their own put it on
 * every entry. A fragment counts unless it is known to mean nothing: release notes, change logs
 * and day pages of old blogs are one page whose entries differ by it
 * ("release-notes#May_06_2024"), and the price of the opposite mistake is a whole feed
 * collapsed into one item. */
#include "feed/identity.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "feed/url.h"
#include "feed/url_parts.h"
#include "feed/url_sites.h"

/* Fragments that only say where to scroll or where the reader came from; they are found on
 * links to pages of one entry. With "=" it is a tracking mark ("xtor=RSS-1"), with ":" a text
 * fragment. */
static bool is_entry_name(const char *fragment)
{
    static const char *const marks[] = {"", "comment", "comments", "respond", "reply",
        "disqus_thread", "rss", "feed", "rd", "wechat_redirect", "wechat_qrcode", "rssowlmlink",
        "top", "more", "content", "main", "main-content", "readmore"};
    for (size_t i = 0; i < array_count(marks); i++) {
        if (strcasecmp(fragment, marks[i]) == 0) {
            return false;
        }
    }
    return strpbrk(fragment, "=:") == NULL && strncmp(fragment, "comment-", 8) != 0 &&
        fragment[0] != '!' && fragment[0] != '/'; /* routes are in the key already */
}

/* The fragment of `link` when it names an entry, else NULL. In the arena. */
static const char *entry_fragment(struct arena *arena, const char *link)
{
    struct url_parts parts;
    bool named = url_parts_resolve(arena, NULL, link, &parts) && parts.fragment != NULL &&
        is_entry_name(parts.fragment);
    return named ? parts.fragment : NULL;
}

/* The key of the page that `link` names; NULL when nothing is behind the host once tracking,
 * index documents and the like are gone. */
static const char *find_key_of_page(struct arena *arena, const char *link)
{
    struct url_parts parts;
    const char *key = link == NULL ? NULL : url_key(arena, link);
    if (!url_parts_resolve(arena, NULL, key, &parts)) {
        return NULL;
    }
    if (!url_parts_is_http(&parts)) {
        return key;
    }
    const char *fragment = entry_fragment(arena, link);
    if (fragment != NULL) {
        return arena_printf(arena, "%s#%s", key, fragment);
    }
    bool is_front_page = strcmp(parts.path, "/") == 0 && parts.query == NULL &&
        parts.fragment == NULL;
    return is_front_page ? NULL : key;
}

static bool is_typed(const char *key)
{
    return strncasecmp(key, "http:", 5) != 0 && strncasecmp(key, "https:", 6) != 0;
}

/* tag:github.com,2008:Repository/<number>/<tag> in github.com/o/r/releases.atom or tags.atom */
static const char *key_of_release(struct arena *arena, const char *id, const char *feed_url)
{
    static const char prefix[] = "tag:github.com,2008:Repository/";
    const char *rest;
    const char *feed_key = feed_url == NULL ? "" : url_key(arena, feed_url);
    if (strncmp(id, prefix, strlen(prefix)) != 0 || url_key_is(feed_key, "github", &rest) ||
        strncmp(feed_key, "https://github.com/", 19) != 0) {
        return NULL;
    }
    const char *tag = strchr(id + strlen(prefix), '/');
    const char *list = strrchr(feed_key, '/');
    if (tag == NULL || tag[1] == '\0' ||
        (strcmp(list, "/releases.atom") != 0 && strcmp(list, "/tags.atom") != 0)) {
        return NULL;
    }
    return url_key(arena,
        arena_printf(arena, "%.*s/releases/tag%s", (int)(list - feed_key), feed_key, tag));
}

static bool is_http(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

/* `link_key` is what find_key_of_page() says of the entry's link. */
static const char *find_key(struct arena *arena, const struct feed_entry *entry,
    const char *feed_url, const char *link_key, const char *guid)
{
    if (link_key != NULL && is_typed(link_key)) {
        return link_key;
    }
    const char *id_key = entry->id != NULL ? url_text_key(arena, entry->id) : NULL;
    if (id_key == NULL && entry->doi != NULL) {
        id_key = url_text_key(arena, arena_printf(arena, "doi:%s", entry->doi));
    }
    if (id_key != NULL || link_key != NULL) {
        return id_key != NULL ? id_key : link_key;
    }
    const char *permalink_key = entry->id != NULL && is_http(entry->id)
        ? find_key_of_page(arena, entry->id)
        : NULL;
    if (permalink_key != NULL) {
        return permalink_key;
    }
    const char *release = entry->id != NULL ? key_of_release(arena, entry->id, feed_url) : NULL;
    if (release != NULL) {
        return release;
    }
    return arena_printf(arena, "%s#%s", feed_url != NULL ? url_key(arena, feed_url) : "", guid);
}

static const char *find_guid(
    struct arena *arena, const struct feed_entry *entry, const char *link_key)
{
    if (entry->id != NULL && entry->id[0] != '\0') {
        return entry->id;
    }
    if (link_key != NULL) {
        return entry->link;
    }
    uint64_t hash = hash_string(HASH_START, entry->title);
    hash = hash_string(hash, entry->published_raw);
    if (entry->title == NULL && entry->published_raw == NULL) {
        hash = hash_string(hash_string(hash, entry->summary), entry->content);
    }
    return arena_printf(arena, "hash:%016" PRIx64, hash);
}

struct entry_identity entry_identify(
    struct arena *arena, const struct feed_entry *entry, const char *feed_url)
{
    const char *link_key = find_key_of_page(arena, entry->link);
    struct entry_identity identity = {.guid = find_guid(arena, entry, link_key)};
    identity.key = find_key(arena, entry, feed_url, link_key, identity.guid);
    const char *const parts[] = {entry->title, entry->link, entry->summary, entry->content};
    identity.content_hash = HASH_START;
    for (size_t i = 0; i < array_count(parts); i++) {
        size_t length = parts[i] == NULL ? 0 : strlen(parts[i]) + 1; /* none is not empty */
        identity.content_hash = hash_long(identity.content_hash, parts[i], length);
    }
    return identity;
}

/* `text` behind blanks and `word`; NULL when something else stands there. */
static const char *behind(const char *text, const char *word)
{
    text += strspn(text, " \t\r\n");
    size_t length = strlen(word);
    return strncasecmp(text, word, length) == 0 ? text + length : NULL;
}

const char *arxiv_abstract(const char *text)
{
    const char *at = behind(text, "arXiv:");
    if (at != NULL) {
        at = behind(at + strcspn(at, " \t\r\n"), "Announce Type:");
    }
    if (at != NULL) {
        at += strspn(at, " ");
        at = behind(
            at + strcspn(at, " \t\r\n"), "Abstract:"); /* behind "new", "replace-cross", … */
    }
    return at == NULL ? text : at + strspn(at, " \t\r\n");
}
