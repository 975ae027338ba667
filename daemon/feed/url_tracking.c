/* url_canonical() normalises; here nothing but tracking goes, so that an editor sees at a
 * glance what an offered correction leaves out. Fragments that WeChat's own share menu appends
 * are tracking, too; any other may be the place on the page that is meant.
 */
#include "feed/url.h"

#include <string.h>

#include "base/attributes.h"
#include "feed/url_query.h"

static bool is_tracking_fragment(const char *fragment)
{
    static const char *const names[] = {"#wechat_redirect", "#rd"};
    for (size_t i = 0; i < array_count(names); i++) {
        if (strcmp(fragment, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static size_t count_parameters(const char *query)
{
    size_t count = 0;
    for (size_t length; *query != '\0'; query += length + (query[length] == '&')) {
        length = strcspn(query, "&");
        count += length > 0;
    }
    return count;
}

char *url_without_tracking(struct arena *arena, const char *url)
{
    const char *host = url_host(arena, url);
    size_t page = strcspn(url, "?#");
    size_t end = strcspn(url, "#");
    const char *fragment = is_tracking_fragment(url + end) ? "" : url + end;
    if (host == NULL || url[page] != '?' || page + 1 == end) {
        return arena_printf(arena, "%.*s%s", (int)end, url, fragment);
    }
    const char *query = arena_strndup(arena, url + page + 1, end - page - 1);
    const char *clean = url_query_clean(arena, host, query);
    if (clean != NULL && count_parameters(clean) == count_parameters(query)) {
        clean = query; /* "&&" tracks nobody */
    }
    return arena_printf(arena, "%.*s%s%s%s", (int)page, url, clean == NULL ? "" : "?",
        clean == NULL ? "" : clean, fragment);
}
