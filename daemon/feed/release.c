/* A tag is read as words between digits and punctuation, so that "beta" is found in
 * "v2.0-beta.3" and not in "alphabeta". PEP 440 writes 2.0a1 and 2.0b3: a single letter counts
 * there when it stands between digits.
 *
 * Rejected: the releases API, which knows the flag: an account or 60 requests an hour; the
 * title, where "beta" is as often what the release supports as what it is. */
#include "feed/release.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"

static bool is_preview_word(const char *word, size_t length)
{
    static const char *const words[] = {"alpha", "beta", "canary", "ci", "ciflow", "continuous",
        "dev", "develop", "development", "draft", "experimental", "insider", "insiders",
        "nightly", "next", "pre", "prerelease", "preview", "rc", "rolling", "snapshot", "test",
        "testing", "trunk", "unstable", "viable", "wip"};
    for (size_t i = 0; i < array_count(words); i++) {
        if (strlen(words[i]) == length && strncasecmp(words[i], word, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_digits(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* b4567 of llama.cpp; master-5bf8bd5 and master-123-5bf8bd5 of its relatives. Three digits at
 * least: b1 may be a first beta. */
static bool is_build(const char *tag)
{
    if (tag[0] == 'b' && is_digits(tag + 1)) {
        return strlen(tag) > 3;
    }
    if (strncmp(tag, "build-", 6) == 0) {
        return is_digits(tag + 6);
    }
    if (strncmp(tag, "master-", 7) != 0) {
        return false;
    }
    const char *hash = strrchr(tag, '-') + 1;
    return strlen(hash) >= 7 && hash[strspn(hash, "0123456789abcdef")] == '\0';
}

enum release_kind release_kind_of_tag(const char *tag)
{
    if (is_build(tag)) {
        return RELEASE_BUILD;
    }
    for (const char *at = tag; *at != '\0';) {
        size_t length = 0;
        while (isalpha((unsigned char)at[length])) {
            length++;
        }
        bool between_digits = length == 1 && at > tag && is_digit(at[-1]) && is_digit(at[1]);
        if (is_preview_word(at, length) || (between_digits && strchr("abAB", at[0]) != NULL)) {
            return RELEASE_PREVIEW;
        }
        at += length > 0 ? length : 1;
    }
    return RELEASE_FINAL;
}

bool release_notes_are_empty(const char *notes)
{
    if (notes == NULL) {
        return true;
    }
    notes += strspn(notes, " \t\r\n");
    return *notes == '\0' || strcasecmp(notes, "No content.") == 0;
}
