/* All three headers are comma-separated lists whose elements may carry ";q=0.5" and, for tags,
 * quoted strings with commas inside. One cursor (struct element) walks such a list; the three
 * functions only judge elements. */
#include "web/server/negotiate.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { QUALITY_FULL = 1000, QUALITY_BROKEN = -1 };

/* An element of a list: its text before any parameter, and its q. */
struct element {
    const char *text;
    size_t length;
    int quality;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *at)
{
    while (is_blank(*at)) {
        at++;
    }
    return at;
}

/* qvalue of RFC 9110 12.4.2: "0", "0.5", "1.000"; three digits at most. */
static int parse_quality(const char *text, size_t length)
{
    if (length == 0 || length > 5 || (text[0] != '0' && text[0] != '1') ||
        (length > 1 && text[1] != '.')) {
        return QUALITY_BROKEN;
    }
    int value = (text[0] - '0') * QUALITY_FULL;
    int unit = QUALITY_FULL / 10;
    for (size_t i = 2; i < length; i++, unit /= 10) {
        if (text[i] < '0' || text[i] > '9') {
            return QUALITY_BROKEN;
        }
        value += (text[i] - '0') * unit;
    }
    return value > QUALITY_FULL ? QUALITY_BROKEN : value;
}

/* The end of a stretch that runs to one of `stops`, commas in quoted strings not counted. */
static const char *find_stop(const char *at, const char *stops)
{
    bool quoted = false;
    for (; *at != '\0' && (quoted || strchr(stops, *at) == NULL); at++) {
        if (*at == '"') {
            quoted = !quoted;
        } else if (quoted && *at == '\\' && at[1] != '\0') {
            at++;
        }
    }
    return at;
}

static size_t trimmed_length(const char *from, const char *to)
{
    while (to > from && is_blank(to[-1])) {
        to--;
    }
    return (size_t)(to - from);
}

/* The next element of the list at *at; false at its end. A broken q makes its quality
 * QUALITY_BROKEN, which no judge accepts. */
static bool next_element(const char **at, struct element *ret_element)
{
    const char *from = *at + strspn(*at, " \t,");
    if (*from == '\0') {
        return false;
    }
    const char *end = find_stop(from, ",;");
    *ret_element = (struct element){from, trimmed_length(from, end), QUALITY_FULL};
    while (*end == ';') {
        const char *parameter = skip_blanks(end + 1);
        end = find_stop(parameter, ",;");
        if ((parameter[0] == 'q' || parameter[0] == 'Q') && parameter[1] == '=') {
            ret_element->quality = parse_quality(
                parameter + 2, trimmed_length(parameter + 2, end));
        }
    }
    *at = end;
    return true;
}

static bool equals(const struct element *element, const char *text, size_t length)
{
    return element->length == length && strncasecmp(element->text, text, length) == 0;
}

/* 0: does not cover the type; 1 for all types, 2 for "text/" and a star, 3 for the type itself.
 */
static int specificity(const struct element *range, const char *type, size_t length)
{
    if (equals(range, type, length)) {
        return 3;
    }
    if (equals(range, "*/*", 3)) {
        return 1;
    }
    size_t main_length = strcspn(type, "/") + 1;
    bool covers = range->length == main_length + 1 && range->text[main_length] == '*' &&
        strncasecmp(range->text, type, main_length) == 0;
    return covers ? 2 : 0;
}

int negotiate_quality(const char *accept, const char *media_type)
{
    if (accept == NULL || *skip_blanks(accept) == '\0') {
        return QUALITY_FULL;
    }
    size_t length = strcspn(media_type, "; ");
    int best = 0, quality = 0;
    struct element range;
    for (const char *at = accept; next_element(&at, &range);) {
        int specific = range.quality == QUALITY_BROKEN
            ? 0
            : specificity(&range, media_type, length);
        if (specific > best || (specific == best && specific > 0 && range.quality > quality)) {
            best = specific;
            quality = range.quality;
        }
    }
    return quality;
}

bool negotiate_gzip(const char *accept_encoding)
{
    int gzip = -1, plain = -1, any = -1;
    struct element coding;
    for (const char *at = accept_encoding == NULL ? "" : accept_encoding;
         next_element(&at, &coding);) {
        if (coding.quality == QUALITY_BROKEN) {
            continue;
        }
        if (equals(&coding, "gzip", 4) || equals(&coding, "x-gzip", 6)) {
            gzip = coding.quality;
        } else if (equals(&coding, "identity", 8)) {
            plain = coding.quality;
        } else if (equals(&coding, "*", 1)) {
            any = coding.quality;
        }
    }
    if (gzip < 0) {
        gzip = any;
    }
    return gzip > 0 && gzip >= plain;
}

const char *negotiate_variant_etag(const char *etag, char *out)
{
    size_t length = strlen(etag);
    assert(length >= 2 && length + sizeof("-gz") <= NEGOTIATE_ETAG_BYTES);
    snprintf(out, NEGOTIATE_ETAG_BYTES, "%.*s-gz\"", (int)(length - 1), etag);
    return out;
}

enum negotiate_match negotiate_etag(const char *if_none_match, const char *etag)
{
    char variant[NEGOTIATE_ETAG_BYTES];
    negotiate_variant_etag(etag, variant);
    enum negotiate_match found = NEGOTIATE_NO_MATCH;
    struct element tag;
    for (const char *at = if_none_match == NULL ? "" : if_none_match;
         next_element(&at, &tag);) {
        if (tag.length > 2 && strncmp(tag.text, "W/", 2) == 0) {
            tag.text += 2;
            tag.length -= 2;
        }
        if (tag.length == 1 && tag.text[0] == '*') {
            return NEGOTIATE_ANY;
        }
        if (tag.length == strlen(etag) && strncmp(tag.text, etag, tag.length) == 0) {
            found = found == NEGOTIATE_VARIANT ? NEGOTIATE_ANY : NEGOTIATE_PLAIN;
        } else if (tag.length == strlen(variant) &&
            strncmp(tag.text, variant, tag.length) == 0) {
            found = found == NEGOTIATE_PLAIN ? NEGOTIATE_ANY : NEGOTIATE_VARIANT;
        }
    }
    return found;
}
