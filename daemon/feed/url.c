/* The small public face of the URL code: url_parts.c takes URLs apart, url_canonical.c and
 * url_sites.c decide what they mean. */
#include "feed/url.h"

#include <string.h>

#include "feed/url_parts.h"

char *url_resolve(struct arena *arena, const char *base, const char *reference)
{
    struct url_parts base_parts, parts;
    bool based = base != NULL && url_parts_resolve(arena, NULL, base, &base_parts);
    return url_parts_resolve(arena, based ? &base_parts : NULL, reference, &parts)
        ? url_parts_join(arena, &parts)
        : NULL;
}

char *url_host(struct arena *arena, const char *url)
{
    struct url_parts parts;
    if (!url_parts_resolve(arena, NULL, url, &parts) || parts.host == NULL ||
        parts.host[0] == '\0') {
        return NULL;
    }
    bool www = strncmp(parts.host, "www.", 4) == 0 && parts.host[4] != '\0';
    return parts.host + (www ? 4 : 0);
}

bool url_key_is(const char *key, const char *kind, const char **ret_rest)
{
    size_t length = strlen(kind);
    if (strncmp(key, kind, length) != 0 || key[length] != ':') {
        return false;
    }
    *ret_rest = key + length + 1;
    return true;
}
