/* Grams need no dictionary and no segmenter, and in Chinese headlines they are the words of a
 * field more often than not (芯片, 量化, 开源). Longer ones than three letters were no better,
 * and neither were three of a summary, which doubled the cost.
 *
 * Codes are collected as the texts are read, with the place of each, and then sorted by radix:
 * qsort of a thousand codes takes longer than all the rest. Places stay in the order of
 * reading; only the few terms that are shown are ever looked up there. */
#include "briefing/learner_features.h"

#include <assert.h>
#include <string.h>

#include "base/attributes.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "feed/url.h"

enum {
    TITLE_MAX_BYTES = 1024,
    SUMMARY_MAX_BYTES = 1200,
    RULES_MAX = 512,
    WORD_MAX_BYTES = 64, /* a longer one is no word */
    HAN_MAX = 3,
    RADIX_BITS = 9,
};

enum field { FIELD_TITLE, FIELD_SUMMARY, FIELD_SOURCE, FIELD_URL, FIELD_RULE, FIELD_COMMON };

static const char *const field_names[] = {"title", "summary", "source", "url", "rule", ""};

/* How a text is cut. */
struct cutting {
    enum field field;
    uint32_t max_bytes;
    unsigned han_min, han_max;
    bool pairs; /* of neighbouring words */
    bool half;  /* everything counts half; else only single Han letters do */
};

static const struct cutting cut_title = {
    FIELD_TITLE, TITLE_MAX_BYTES, 1, HAN_MAX, .pairs = true};
static const struct cutting cut_summary = {
    FIELD_SUMMARY, SUMMARY_MAX_BYTES, 2, 2, .half = true};

struct place {
    enum field field;
    uint32_t start, end; /* bytes of the folded text; for a rule, its number */
};

struct learner_extract {
    struct arena *arena;
    const struct learner_texts *texts;
    struct folded folded[FIELD_SUMMARY + 1];
    const char *host;
    uint32_t *codes; /* in the order of reading */
    struct place *places;
    size_t count, capacity;
    struct learner_features features;
};

/* FNV's high bits are weak on short inputs (the multiplier has one bit above the low byte), so
 * its state is mixed once more, as splitmix64 ends. */
static uint32_t make_code(uint64_t state, bool half)
{
    state = (state ^ state >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    state = (state ^ state >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)(state >> (64 - LEARNER_HASH_BITS)) << 1 | half;
}

static void emit(struct learner_extract *extract, uint64_t state, bool half, struct place place)
{
    if (extract->count < extract->capacity) { /* which is made for the longest texts */
        extract->codes[extract->count] = make_code(state, half);
        extract->places[extract->count++] = place;
    }
}

static uint64_t start_state(enum field field)
{
    return hash_string(HASH_START, field_names[field]);
}

/* The grams that begin at `at`; a Han character or what takes its place has 3 or 4 bytes. */
static void emit_han(struct learner_extract *extract, const struct cutting *cutting,
    uint64_t state, const char *text, uint32_t at, uint32_t end)
{
    uint32_t to = at;
    for (unsigned length = 1; length <= cutting->han_max && to < end; length++) {
        uint32_t codepoint;
        uint32_t bytes = (uint32_t)utf8_decode(text + to, &codepoint);
        if (bytes == 0 || !fold_is_han(codepoint)) {
            return;
        }
        state = hash_bytes(state, text + to, bytes);
        to += bytes;
        if (length >= cutting->han_min) {
            emit(extract, state, cutting->half || length == 1,
                (struct place){cutting->field, at, to});
        }
    }
}

/* The end of the word at `at`, with what names a language: C++, C#. */
static uint32_t find_word_end(const char *text, uint32_t at, uint32_t end)
{
    while (at < end) {
        uint32_t codepoint;
        uint32_t bytes = (uint32_t)utf8_decode(text + at, &codepoint);
        if (bytes == 0 || !(fold_is_word(codepoint) || codepoint == '+' || codepoint == '#')) {
            break;
        }
        at += bytes;
    }
    return at;
}

static void emit_word(struct learner_extract *extract, const struct cutting *cutting,
    uint64_t state, const char *text, struct place word, struct place *previous)
{
    if (word.end - word.start > WORD_MAX_BYTES) {
        return;
    }
    emit(extract, hash_bytes(state, text + word.start, word.end - word.start), cutting->half,
        word);
    bool beside = previous->end > 0 && previous->end + 1 == word.start &&
        text[previous->end] == ' ';
    if (cutting->pairs && beside) {
        emit(extract, hash_bytes(state, text + previous->start, word.end - previous->start),
            cutting->half, (struct place){cutting->field, previous->start, word.end});
    }
    *previous = word;
}

static uint32_t cut_length(const struct folded *folded, uint32_t max_bytes)
{
    uint32_t length = folded->length;
    if (length > max_bytes) {
        length = max_bytes;
        while (length > 0 && ((unsigned char)folded->text[length] & 0xc0) == 0x80) {
            length--;
        }
    }
    return length;
}

static void read_text(struct learner_extract *extract, const struct fold_table *table,
    const struct cutting *cutting, const char *text)
{
    if (text == NULL) {
        return;
    }
    /* Folding can lengthen a text or shorten it; what is read is bounded either way. */
    size_t length = strnlen(text, (size_t)cutting->max_bytes * 2);
    struct folded *folded = &extract->folded[cutting->field];
    *folded = fold_text(table, extract->arena, text, length);
    const uint32_t end = cut_length(folded, cutting->max_bytes);
    const uint64_t state = start_state(cutting->field);
    struct place previous = {0};
    for (uint32_t at = 0, bytes; at < end; at += bytes) {
        uint32_t codepoint;
        bytes = (uint32_t)utf8_decode(folded->text + at, &codepoint);
        if (bytes == 0) {
            break;
        }
        if (fold_is_han(codepoint)) {
            emit_han(extract, cutting, state, folded->text, at, end);
        } else if (fold_is_word(codepoint)) {
            uint32_t word_end = find_word_end(folded->text, at, end);
            emit_word(extract, cutting, state, folded->text,
                (struct place){cutting->field, at, word_end}, &previous);
            bytes = word_end - at;
        }
    }
}

static void read_whole(
    struct learner_extract *extract, enum field field, const char *text, uint32_t number)
{
    if (text != NULL && *text != '\0') {
        emit(extract, hash_string(start_state(field), text), false,
            (struct place){field, number, 0});
    }
}

/* Sorted by code, each once. Least significant digit first; three passes of nine bits are more
 * than the 25 that a code has. */
static struct learner_features sort_codes(
    struct arena *arena, const uint32_t *codes, size_t count)
{
    enum { DIGITS = 1 << RADIX_BITS };
    uint32_t *from = arena_new_array(arena, uint32_t, count + 1);
    uint32_t *to = arena_new_array(arena, uint32_t, count + 1);
    memcpy(from, codes, count * sizeof(*codes));
    for (unsigned shift = 0; shift < LEARNER_CODE_BITS; shift += RADIX_BITS) {
        uint32_t starts[DIGITS] = {0};
        for (size_t i = 0; i < count; i++) {
            starts[from[i] >> shift & (DIGITS - 1)]++;
        }
        for (uint32_t digit = 0, sum = 0; digit < DIGITS; digit++) {
            uint32_t here = starts[digit];
            starts[digit] = sum;
            sum += here;
        }
        for (size_t i = 0; i < count; i++) {
            to[starts[from[i] >> shift & (DIGITS - 1)]++] = from[i];
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || from[kept - 1] != from[i]) {
            from[kept++] = from[i];
        }
    }
    return (struct learner_features){from, kept};
}

struct learner_extract *learner_extract(
    struct arena *arena, const struct fold_table *table, const struct learner_texts *texts)
{
    struct learner_extract *extract = arena_new(arena, struct learner_extract);
    extract->arena = arena;
    extract->texts = texts;
    const size_t summary = texts->summary == NULL ? 0
                                                  : strnlen(texts->summary, SUMMARY_MAX_BYTES);
    const size_t title = texts->title == NULL ? 0 : strnlen(texts->title, TITLE_MAX_BYTES);
    const size_t rules = texts->rule_count < RULES_MAX ? texts->rule_count : RULES_MAX;
    extract->capacity = 2 * title + summary + rules + 64;
    extract->codes = arena_alloc(arena, extract->capacity * sizeof(*extract->codes));
    extract->places = arena_alloc(arena, extract->capacity * sizeof(*extract->places));
    emit(extract, start_state(FIELD_COMMON), false, (struct place){FIELD_COMMON, 0, 0});
    for (size_t i = 0; i < rules; i++) {
        read_whole(extract, FIELD_RULE, texts->rules[i], (uint32_t)i);
    }
    read_whole(extract, FIELD_SOURCE, texts->source, 0);
    extract->host = texts->url == NULL ? NULL : url_host(arena, texts->url);
    read_whole(extract, FIELD_URL, extract->host, 0);
    read_text(extract, table, &cut_title, texts->title);
    read_text(extract, table, &cut_summary, texts->summary);
    extract->features = sort_codes(arena, extract->codes, extract->count);
    return extract;
}

const struct learner_features *learner_extract_features(const struct learner_extract *extract)
{
    return &extract->features;
}

static struct learner_term show_text(
    const struct learner_extract *extract, struct learner_term term, const struct place *place)
{
    const struct folded *folded = &extract->folded[place->field];
    uint32_t offset;
    fold_span(folded, place->start, place->end, &offset, &term.length);
    term.text = folded->original + offset;
    return term;
}

struct learner_term learner_extract_find(const struct learner_extract *extract, uint32_t code)
{
    size_t i = 0;
    while (i < extract->count && extract->codes[i] != code) {
        i++;
    }
    assert(i < extract->count);
    const struct place *place = &extract->places[i];
    struct learner_term term = {.code = code, .field = field_names[place->field], .text = ""};
    switch (place->field) {
    case FIELD_TITLE:
    case FIELD_SUMMARY:
        return show_text(extract, term, place);
    case FIELD_SOURCE:
        term.text = extract->texts->source;
        break;
    case FIELD_URL:
        term.text = extract->host;
        break;
    case FIELD_RULE:
        term.text = extract->texts->rules[place->start];
        break;
    case FIELD_COMMON:
        break;
    }
    term.length = (uint32_t)strlen(term.text);
    return term;
}
