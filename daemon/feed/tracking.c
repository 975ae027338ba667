/* The canonical form comes first, because a parameter may stand in the address that a
 * redirector passes on to. */
#include "feed/tracking.h"

#include <string.h>
#include <strings.h>

#include "feed/url.h"
#include "feed/url_query.h"

/* A word as it was written: host NULL for every site. */
struct tracker {
    const char *host;
    const char *name;
    size_t length;
    bool prefix;
};

static struct tracker read_word(struct arena *arena, const char *word)
{
    const char *colon = strchr(word, ':');
    struct tracker tracker = {.name = colon == NULL ? word : colon + 1};
    if (colon != NULL) {
        tracker.host = arena_strndup(arena, word, (size_t)(colon - word));
    }
    tracker.length = strlen(tracker.name);
    tracker.prefix = tracker.length > 0 && tracker.name[tracker.length - 1] == '*';
    tracker.length -= tracker.prefix;
    return tracker;
}

static bool is_tracked(struct arena *arena, const struct config_words *words, const char *host,
    const char *parameter, size_t length)
{
    const char *equals = memchr(parameter, '=', length);
    size_t name_length = equals == NULL ? length : (size_t)(equals - parameter);
    for (size_t i = 0; i < words->count; i++) {
        struct tracker tracker = read_word(arena, words->items[i].text);
        if (tracker.host != NULL && !url_host_within(host, tracker.host)) {
            continue;
        }
        if ((tracker.prefix ? name_length >= tracker.length : name_length == tracker.length) &&
            strncasecmp(parameter, tracker.name, tracker.length) == 0) {
            return true;
        }
    }
    return false;
}

/* The query behind `query` up to the fragment without what tracks; NULL when all of it stays.
 */
static char *strip_query(struct arena *arena, const struct config_words *words,
    const char *host, const char *query, size_t length)
{
    char *kept = arena_alloc(arena, length + 2), *to = kept;
    bool stripped = false;
    for (size_t at = 0; at < length;) {
        size_t end = at;
        while (end < length && query[end] != '&') {
            end++;
        }
        if (is_tracked(arena, words, host, query + at, end - at)) {
            stripped = true;
        } else {
            *to = to > kept ? '&' : '?';
            to++;
            memcpy(to, query + at, end - at);
            to += end - at;
        }
        at = end + 1;
    }
    *to = '\0';
    return stripped ? kept : NULL;
}

const char *tracking_strip(
    struct arena *arena, const struct config_words *words, const char *url)
{
    const char *canonical = words->count == 0 ? NULL : url_canonical(arena, url);
    const char *host = canonical == NULL ? NULL : url_host(arena, canonical);
    const char *query = host == NULL ? NULL : strchr(canonical, '?');
    if (query == NULL || memchr(canonical, '#', (size_t)(query - canonical)) != NULL) {
        return url;
    }
    size_t length = strcspn(query + 1, "#");
    char *kept = strip_query(arena, words, host, query + 1, length);
    return kept == NULL ? url
                        : arena_printf(arena, "%.*s%s%s", (int)(query - canonical), canonical,
                              kept, query + 1 + length);
}
