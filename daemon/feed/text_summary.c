/* The first whole sentences of a text.
 *
 * Chinese ends its sentences with marks that mean nothing else. A Latin full stop ends one only
 * before white space (so 3.14, v1.2.3, example.com and "e.g.," hold together), not after an
 * abbreviation or an initial, and not when a lower-case letter follows. Rejected: locale data
 * (ICU's sentence breaker): a large dependency, and it too splits after "et al." */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "feed/html.h"
#include "feed/text.h"
#include "feed/text_flow.h"

enum {
    INPUT_MAX_BYTES = 1 << 20,
    CHUNK_BYTES = 4096,
    ABBREVIATION_BEYOND = 7, /* one more than the longest has */
};

/* One character of the text, and where it stands. */
struct reader {
    const char *text;
    size_t length;
    size_t at;
};

static unsigned peek(const struct reader *reader, size_t *ret_bytes)
{
    *ret_bytes = 0;
    return reader->at < reader->length
        ? text_codepoint(reader->text + reader->at, reader->length - reader->at, ret_bytes)
        : 0;
}

static bool is_in(unsigned codepoint, const unsigned *set)
{
    while (*set != 0 && *set != codepoint) {
        set++;
    }
    return *set != 0;
}

/* 。！？!? and … */
static bool is_terminator(unsigned c)
{
    switch (c) { /* asked for every character */
    case 0x3002:
    case 0xff01:
    case 0xff1f:
    case '!':
    case '?':
    case 0x2026:
    case 0xff0e:
        return true;
    default:
        return false;
    }
}

/* Quotes and brackets that close with the sentence: ” ’ 」 』 ） 】 》 〉 " ' ) ] */
static bool is_closer(unsigned c)
{
    static const unsigned set[] = {
        0x201d, 0x2019, 0x300d, 0x300f, 0xff09, 0x3011, 0x300b, 0x3009, '"', '\'', ')', ']', 0};
    return is_in(c, set);
}

/* ，、；： , ; : — */
static bool is_clause_end(unsigned c)
{
    static const unsigned set[] = {0xff0c, 0x3001, 0xff1b, 0xff1a, ',', ';', ':', 0x2014, 0};
    return is_in(c, set);
}

/* Words whose full stop does not end the sentence, sorted by nothing but kind. */
static const char *const abbreviations[] = {"e.g", "i.e", "etc", "vs", "cf", "al", "approx",
    "resp", "fig", "figs", "eq", "eqs", "sec", "sect", "ch", "no", "nos", "vol", "pp", "ref",
    "refs", "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "inc", "ltd", "corp", "co",
    "dept", "univ", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct",
    "nov", "dec", "a.k.a", "ver"};

/* Does the word before the full stop at `at` forbid an end? Also one letter: an initial. A word
 * longer than any abbreviation is not read to its beginning: "a.a.a.a…" would be read over and
 * over. */
static bool is_abbreviation(const char *text, size_t at)
{
    size_t start = at;
    while (start > 0 && at - start < ABBREVIATION_BEYOND &&
        (isalpha((unsigned char)text[start - 1]) || text[start - 1] == '.')) {
        start--;
    }
    size_t length = at - start;
    if (length == 1) {
        return isupper((unsigned char)text[start]) && text[start] != 'I';
    }
    for (size_t i = 0; i < array_count(abbreviations); i++) {
        if (strlen(abbreviations[i]) == length &&
            strncasecmp(abbreviations[i], text + start, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Behind the marks at reader->at, closers included, is the text at a sentence's border? */
static bool next_permits_end(const struct reader *reader)
{
    size_t bytes;
    unsigned next = peek(reader, &bytes);
    if (next != ' ') {
        return next == 0 || text_is_cjk(next);
    }
    struct reader behind = {reader->text, reader->length, reader->at + 1};
    next = peek(&behind, &bytes);
    return !(next < 0x80 && islower((int)next));
}

/* Move to the end of the sentence that begins at reader->at, or of the text. */
static void skip_sentence(struct reader *reader)
{
    size_t bytes;
    unsigned c;
    while ((c = peek(reader, &bytes)) != 0) {
        size_t at = reader->at;
        reader->at += bytes;
        if (c != '.' && !is_terminator(c)) {
            continue;
        }
        bool han = c > 0x7f && c != 0x2026;
        bool stop = c != '.' || !is_abbreviation(reader->text, at);
        while ((c = peek(reader, &bytes)) == '.' || is_terminator(c) || is_closer(c)) {
            stop = stop || c == '.' || is_terminator(c);
            reader->at += bytes;
        }
        if (stop && (han || next_permits_end(reader))) {
            return;
        }
    }
}

static size_t count_characters(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t at = 0, bytes; at < length; at += bytes, count++) {
        text_codepoint(text + at, length - at, &bytes);
    }
    return count;
}

/* Where to cut a sentence that is too long: behind a clause in the second half, else at the
 * last word border, else anywhere. Han characters are words here. */
static size_t find_cut(const char *text, size_t length, size_t max_characters)
{
    size_t clause = 0, word = 0, at = 0, count = 0;
    unsigned previous = 0;
    for (size_t bytes; at < length && count < max_characters; at += bytes, count++) {
        unsigned c = text_codepoint(text + at, length - at, &bytes);
        if (is_clause_end(c) && count * 2 >= max_characters) {
            bool inside_number = c < 0x80 && at + 1 < length && text[at + 1] != ' ';
            clause = inside_number ? clause : at;
        }
        if (c == ' ' || text_is_cjk(c) || text_is_cjk(previous)) {
            word = at;
        }
        previous = c;
    }
    if (at < length) { /* the next character may itself begin a word */
        size_t bytes;
        unsigned c = text_codepoint(text + at, length - at, &bytes);
        word = c == ' ' || text_is_cjk(c) || text_is_cjk(previous) ? at : word;
    }
    return clause > 0 ? clause : word > 0 ? word : at;
}

static char *cut_sentence(
    struct arena *arena, const char *text, size_t length, size_t max_characters)
{
    size_t cut = find_cut(text, length, max_characters - 1);
    while (cut > 0 && strchr(" .,;:", text[cut - 1]) != NULL) {
        cut--;
    }
    return arena_printf(arena, "%.*s…", (int)cut, text);
}

/* White space collapsed, until there is `enough_bytes`: more characters than a summary has, so
 * that the end of what was read is never taken for the end of a sentence. */
static void flatten(const char *text, size_t enough_bytes, struct buffer *flat)
{
    struct text_flow flow = {.out = flat};
    size_t left = strnlen(text, INPUT_MAX_BYTES / 2);
    while (left > 0 && flat->length < enough_bytes) {
        size_t length = text_clip(text, left, CHUNK_BYTES);
        length = length == 0 ? left : length; /* no text at all: bytes of no character */
        text_flow_put(&flow, text, length);
        text += length;
        left -= length;
    }
}

char *text_summary(struct arena *arena, const char *text, size_t max_characters)
{
    if (max_characters == 0) {
        return arena_strdup(arena, "");
    }
    cleanup(buffer_release) struct buffer flat;
    buffer_init(&flat, INPUT_MAX_BYTES);
    flatten(text, max_characters * 4 + CHUNK_BYTES, &flat);
    struct reader reader = {flat.data, flat.length, 0};
    size_t end = 0, count = 0, first = 0;
    while (reader.at < reader.length) {
        size_t start = reader.at;
        skip_sentence(&reader);
        count += count_characters(reader.text + start, reader.at - start);
        first = first == 0 ? reader.at : first;
        if (count > max_characters) {
            break;
        }
        end = reader.at;
        if (reader.at < reader.length && reader.text[reader.at] == ' ') {
            reader.at++; /* between sentences */
            count++;
        }
    }
    return end > 0 || first == 0 ? arena_strndup(arena, flat.data, end)
                                 : cut_sentence(arena, flat.data, first, max_characters);
}
