/* BEGIN scaffold: until feed/html.c, feed/url.c and config/config.c are here */
#include <stdbool.h>
#include <string.h>
#include "briefing/letters.h"
#include "config/config.h"
#include "feed/html.h"
#include "feed/url.h"

char *text_summary(struct arena *arena, const char *text, size_t max_characters)
{
    char *copy = arena_strdup(arena, text);
    size_t offset = 0;
    for (size_t i = 0; i < max_characters && letters_next(copy, &offset) != 0; i++) {
    }
    if (copy[offset] != '\0') {
        copy[offset] = '\0';
        char *stop = strrchr(copy, '.');
        if (stop != NULL) {
            stop[1] = '\0';
        }
    }
    for (char *c = copy; (c = strpbrk(c, "\r\n\t")) != NULL;) {
        *c = ' ';
    }
    return copy;
}

bool url_key_is(const char *key, const char *kind, const char **ret_rest)
{
    size_t size = strlen(kind);
    *ret_rest = key + size + 1;
    return strncmp(key, kind, size) == 0 && key[size] == ':';
}

/* END scaffold */
