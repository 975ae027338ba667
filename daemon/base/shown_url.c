#include "base/shown_url.h"

#include <stdio.h>
#include <string.h>

const char *shown_url_cut(const char *url, char *text, size_t bytes)
{
    const char *colon = strstr(url, "://");
    const char *authority = colon != NULL ? colon + 3 : url;
    const char *rest = authority;
    /* In a URL the password ends at the last '@' of the authority; in what is none, at the last
     * '@' anywhere, lest "http:/user:secret@host" shows it. */
    const char *end = colon != NULL ? authority + strcspn(authority, "/?#\\")
                                    : url + strlen(url);
    for (const char *at = authority; at < end; at++) {
        if (*at == '@') {
            rest = at + 1;
        }
    }
    int scheme_length = colon != NULL ? (int)(authority - url) : 0;
    int length = snprintf(text, bytes, "%.*s%s", scheme_length, url, rest);
    if (length >= (int)bytes) {
        size_t cut = bytes - sizeof("…");
        while (cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80) {
            cut--; /* not in the middle of a character */
        }
        memcpy(text + cut, "…", sizeof("…"));
    }
    return text;
}

const char *shown_url(struct arena *arena, const char *url)
{
    if (url == NULL) {
        return NULL;
    }
    size_t bytes = strlen(url) + sizeof("…"); /* room for the mark, so that nothing is cut */
    return shown_url_cut(url, arena_alloc(arena, bytes), bytes);
}
