#include "feed/url_page.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const char url_digits[] = "0123456789";
const char url_hexadecimal[] = "0123456789abcdef";
const char url_base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool url_consists_of(const char *text, const char *set, size_t min, size_t max)
{
    size_t length = strlen(text);
    return length >= min && length <= max && strspn(text, set) == length;
}

bool url_is_number(const char *text)
{
    return url_consists_of(text, url_digits, 1, 24);
}

char *url_lower(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);
    for (char *p = copy; *p != '\0'; p++) {
        *p = (char)tolower((unsigned char)*p);
    }
    return copy;
}

bool url_one_of(const char *word, const char *list)
{
    size_t length = strchr(word, ' ') == NULL ? strlen(word) : 0;
    for (const char *at = list; length > 0 && (at = strstr(at, word)) != NULL; at += length) {
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

const char *url_without_suffix(struct arena *arena, const char *text, const char *suffix)
{
    size_t length = strlen(text), cut = strlen(suffix);
    bool ends = length > cut && strcasecmp(text + length - cut, suffix) == 0;
    return ends ? arena_strndup(arena, text, length - cut) : text;
}
