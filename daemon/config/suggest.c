/* Advice is ordered by how sure it is: a secret (whatever else it resembles), the nearest key
 * of the same section, the same key of another section, and last the list of all. */
#include "config/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/attributes.h"

enum { NAME_BYTES_MAX = 255 };

/* Levenshtein over bytes with two rows: names are short, and a Han character counting as three
 * only makes the guess more careful. */
static int edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    int previous[NAME_BYTES_MAX + 1], current[NAME_BYTES_MAX + 1];
    for (size_t j = 0; j <= b_length; j++) {
        previous[j] = (int)j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        current[0] = (int)i;
        for (size_t j = 1; j <= b_length; j++) {
            int change = previous[j - 1] +
                (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]));
            int add = current[j - 1] + 1, drop = previous[j] + 1;
            int best = change < add ? change : add;
            current[j] = best < drop ? best : drop;
        }
        memcpy(previous, current, (b_length + 1) * sizeof(*previous));
    }
    return previous[b_length];
}

int suggest_distance(const char *name, size_t length, const char *known)
{
    size_t known_length = strlen(known);
    if (length > NAME_BYTES_MAX || known_length > NAME_BYTES_MAX) {
        return -1;
    }
    int distance = edit_distance(name, length, known, known_length);
    int longest = (int)(length > known_length ? length : known_length);
    /* "keyword" for "keywords", "interval" for "min_interval": one inside the other is near. */
    bool inside = length >= 4 && memmem(known, known_length, name, length) != NULL;
    return distance <= 1 + longest / 4 || inside ? distance : -1;
}

static const char *find_nearest(
    const struct schema_section *section, const char *name, size_t length)
{
    const char *nearest = NULL;
    int best = 0;
    for (size_t i = 0; i < section->key_count; i++) {
        int distance = suggest_distance(name, length, section->keys[i].name);
        if (distance >= 0 && (nearest == NULL || distance < best)) {
            nearest = section->keys[i].name;
            best = distance;
        }
    }
    return nearest;
}

static bool sounds_secret(const char *name, size_t length)
{
    static const char *const words[] = {
        "passw", "secret", "token", "api_key", "apikey", "cookie"};
    for (size_t i = 0; i < array_count(words); i++) {
        if (memmem(name, length, words[i], strlen(words[i])) != NULL) {
            return true;
        }
    }
    return false;
}

/* The section below `within` that has a key of this name, for "belongs in". */
static const struct schema_section *find_home(
    const struct schema_section *within, const char *name, size_t length)
{
    for (size_t i = 0; i < within->key_count; i++) {
        const struct schema_section *inner = within->keys[i].section;
        if (inner == NULL) {
            continue;
        }
        const struct schema_section *home = schema_find(inner, name, length) != NULL
            ? inner
            : find_home(inner, name, length);
        if (home != NULL) {
            return home;
        }
    }
    return NULL;
}

static void list_keys(const struct schema_section *section, char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < section->key_count && used < size; i++) {
        used += (size_t)snprintf(
            text + used, size - used, "%s%s", i == 0 ? "" : ", ", section->keys[i].name);
    }
}

void suggest_key(const struct schema_section *section, const char *name, size_t length,
    char *text, size_t size)
{
    const char *nearest = find_nearest(section, name, length);
    const struct schema_section *home = find_home(&schema_root, name, length);
    if (sounds_secret(name, length)) {
        snprintf(text, size,
            "no secret is read from this file but a feed's user and password, in its url; "
            "accounts are made with 'briefd user add'");
    } else if (nearest != NULL) {
        snprintf(text, size, "write '%s'", nearest);
    } else if (home != NULL) {
        snprintf(text, size, "it belongs in %s { … }", home->name);
    } else {
        size_t used = (size_t)snprintf(text, size, "the keys here are ");
        list_keys(section, text + used, size - used);
    }
}
