/* Text is cut into segments, each a character with the marks that follow it, because that is
 * the smallest piece NFKC treats on its own; every folded byte remembers where its segment
 * began. The end of a match is found by measuring the last segment again, so one offset a byte
 * is enough.
 *
 * Nearly all bytes are ASCII or common Han and take a short way without utf8proc; a character
 * that no normalisation touches (most punctuation) is copied; only the rest is decomposed and
 * composed.
 *
 * OpenCC converts by character here, not by phrase: its C API needs 59 us for a 300-byte
 * summary (measured, version 1.1.5), more than the whole judging of an item may cost, and
 * phrases would make the folding of a word depend on its neighbours. So its answers for
 * U+3400..U+9FFF are a table of 110 kB, written when the program is built
 * (write_simplified.c). */
#include "briefing/fold.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/hash.h"
#include "briefing/fold_han.h"

enum {
    FOLD_RULES = 1, /* counts up when this file folds anything otherwise */
    /* UAX #15 section 13: no natural text has more than 30 marks in a row. The cut also bounds
     * utf8proc's reordering, which is quadratic in the length of a segment. */
    SEGMENT_MAX_CHARACTERS = 32,
    /* The longest NFKC decomposition is U+FDFA's: 18 characters. */
    DECOMPOSED_MAX = SEGMENT_MAX_CHARACTERS * 18,
    PUT_MAX_BYTES = 8, /* one character, the gap before it, the NUL behind */
};

/* ASCII in lower case; a space marks a gap: white space, hyphen, control characters. */
static const char ascii_folded[] = "                "
                                   "                "
                                   " !\"#$%&'()*+, ./"
                                   "0123456789:;<=>?"
                                   "@abcdefghijklmno"
                                   "pqrstuvwxyz[\\]^_"
                                   "`abcdefghijklmno"
                                   "pqrstuvwxyz{|}~ ";
_Static_assert(sizeof(ascii_folded) == 128 + 1, "one for each ASCII character");

const struct fold_table *fold_table_get(void)
{
    return &fold_table_simplified;
}

uint64_t fold_table_fingerprint(const struct fold_table *table)
{
    const uint32_t rules = FOLD_RULES;
    uint64_t hash = hash_bytes(HASH_START, &rules, sizeof(rules));
    hash = hash_string(hash, utf8proc_unicode_version());
    return hash_bytes(hash, table->simplified, sizeof(table->simplified));
}

bool fold_is_han(uint32_t codepoint)
{
    return (codepoint >= FOLD_HAN_FIRST && codepoint <= FOLD_HAN_LAST) ||
        (codepoint >= 0x20000 && codepoint <= 0x3ffff) ||
        (codepoint >= 0xf900 && codepoint <= 0xfaff) || codepoint == 0x3005 ||
        codepoint == 0x3007;
}

bool fold_is_word(uint32_t codepoint)
{
    if (codepoint < 0x80) {
        return (codepoint >= '0' && codepoint <= '9') ||
            ((codepoint | 0x20) >= 'a' && (codepoint | 0x20) <= 'z');
    }
    bool spaced = codepoint < 0x0e00 || (codepoint >= 0x1e00 && codepoint < 0x2000) ||
        (codepoint >= 0x20d0 && codepoint < 0x2100) ||
        (codepoint >= 0xa720 && codepoint < 0xa800) ||
        (codepoint >= 0xab30 && codepoint < 0xab70);
    if (!spaced) {
        return false;
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)codepoint);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

/* What divides words and folds to one space. White space between Han and Latin folds to
 * nothing, a mark does not. */
enum gap { GAP_NONE, GAP_SPACE, GAP_MARK };

/* ™ ℠ ® © stand behind names ("Arm® Cortex®-M55"); NFKC would make "armtm" of Arm™, so they
 * divide words instead. Hyphens, en dash and minus as well, because "low-bit" and "low bit" are
 * one word to a reader. */
static enum gap classify_gap(uint32_t codepoint)
{
    static const uint16_t marks[] = {'-', 0xa9, 0xae, 0x2010, 0x2011, 0x2012, 0x2013, 0x2120,
        0x2122, 0x2212, 0xfe63, 0xff0d};
    if (codepoint < 0x80) {
        return ascii_folded[codepoint] != ' ' ? GAP_NONE
            : codepoint == '-'                ? GAP_MARK
                                              : GAP_SPACE;
    }
    for (size_t i = 0; i < array_count(marks); i++) {
        if (marks[i] == codepoint) {
            return GAP_MARK;
        }
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)codepoint);
    bool white = category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_CC;
    return white ? GAP_SPACE : GAP_NONE;
}

/* May the character change when put behind another one? Marks, the vowels and finals of Hangul
 * syllables, and the half width forms of both. */
static bool joins_previous(uint32_t codepoint)
{
    if (codepoint < 0x300) {
        return false;
    }
    if ((codepoint >= 0x1160 && codepoint <= 0x11ff) ||
        (codepoint >= 0xff9e && codepoint <= 0xffdc)) {
        return true;
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)codepoint);
    return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

/* The character at `text`; a byte that is not UTF-8 counts as U+FFFD. Returns its bytes, 0 at
 * the end. */
static size_t decode(const char *text, size_t length, uint32_t *ret_codepoint)
{
    utf8proc_int32_t codepoint = 0xfffd;
    if (length == 0) {
        *ret_codepoint = 0;
        return 0;
    }
    utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)text,
        (utf8proc_ssize_t)(length > 4 ? 4 : length), &codepoint);
    *ret_codepoint = used > 0 ? (uint32_t)codepoint : 0xfffd;
    return used > 0 ? (size_t)used : 1;
}

/* Bytes of the segment at `text`; length > 0. Gaps and broken bytes stand alone. */
static size_t measure_segment(const char *text, size_t length)
{
    uint32_t codepoint;
    size_t used = decode(text, length, &codepoint);
    if (codepoint == 0xfffd || classify_gap(codepoint) != GAP_NONE) {
        return used;
    }
    for (int i = 1; i < SEGMENT_MAX_CHARACTERS; i++) {
        size_t more = decode(text + used, length - used, &codepoint);
        if (more == 0 || !joins_previous(codepoint)) {
            break;
        }
        used += more;
    }
    return used;
}

struct folder {
    const struct fold_table *table;
    struct arena *arena;
    char *text;
    uint32_t *origin;
    size_t length, capacity;
    uint32_t last; /* character written last, 0 at the beginning */
    enum gap gap;  /* not written yet: that depends on what follows */
    uint32_t gap_origin;
};

static void reserve(struct folder *folder, size_t more)
{
    if (folder->capacity - folder->length >= more) {
        return;
    }
    size_t capacity = folder->length == 0 ? more : (folder->length + more) * 2;
    char *text = arena_alloc(folder->arena, capacity);
    uint32_t *origin = arena_alloc(folder->arena, arena_array_bytes(sizeof(*origin), capacity));
    if (folder->length > 0) {
        memcpy(text, folder->text, folder->length);
        memcpy(origin, folder->origin, folder->length * sizeof(*origin));
    }
    folder->text = text;
    folder->origin = origin;
    folder->capacity = capacity;
}

static void note_gap(struct folder *folder, enum gap gap, uint32_t origin)
{
    if (folder->gap == GAP_NONE) {
        folder->gap_origin = origin;
    }
    if (folder->gap < gap) {
        folder->gap = gap;
    }
}

static void end_gap(struct folder *folder, uint32_t next)
{
    bool between_scripts = (fold_is_han(folder->last) && fold_is_word(next)) ||
        (fold_is_word(folder->last) && fold_is_han(next));
    if (folder->last != 0 && !(folder->gap == GAP_SPACE && between_scripts)) {
        folder->origin[folder->length] = folder->gap_origin;
        folder->text[folder->length++] = ' ';
    }
    folder->gap = GAP_NONE;
}

static void put(struct folder *folder, uint32_t codepoint, uint32_t origin)
{
    if (codepoint == ' ') {
        note_gap(folder, GAP_SPACE, origin);
        return;
    }
    if (codepoint >= FOLD_HAN_FIRST && codepoint <= FOLD_HAN_LAST) {
        codepoint = folder->table->simplified[codepoint - FOLD_HAN_FIRST];
    }
    if (folder->gap != GAP_NONE) {
        end_gap(folder, codepoint);
    }
    utf8proc_ssize_t bytes = utf8proc_encode_char(
        (utf8proc_int32_t)codepoint, (utf8proc_uint8_t *)folder->text + folder->length);
    for (utf8proc_ssize_t i = 0; i < bytes; i++) {
        folder->origin[folder->length++] = origin;
    }
    folder->last = codepoint;
}

/* True for a character that stands for itself in NFKC and has no case. */
static bool is_inert(uint32_t codepoint)
{
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)codepoint);
    return property->decomp_seqindex == UINT16_MAX &&
        property->casefold_seqindex == UINT16_MAX && !property->ignorable;
}

static void put_segment(
    struct folder *folder, const char *segment, size_t length, uint32_t origin)
{
    uint32_t codepoint;
    size_t first = decode(segment, length, &codepoint);
    enum gap gap = classify_gap(codepoint);
    if (gap != GAP_NONE) {
        note_gap(folder, gap, origin);
        return;
    }
    if (first == length && (codepoint == 0xfffd || is_inert(codepoint))) {
        put(folder, codepoint, origin);
        return;
    }
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
        UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    utf8proc_int32_t characters[DECOMPOSED_MAX];
    utf8proc_ssize_t count = utf8proc_decompose((const utf8proc_uint8_t *)segment,
        (utf8proc_ssize_t)length, characters, DECOMPOSED_MAX, options);
    assert(count <= DECOMPOSED_MAX);
    if (count > 0) {
        count = utf8proc_normalize_utf32(characters, count, options);
    }
    reserve(folder, count > 0 ? (size_t)count * 4 + 1 : 0);
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        put(folder, (uint32_t)characters[i], origin);
    }
}

/* No character that could join the one before begins with such a byte: ASCII, or the lead byte
 * of U+4000..U+9FFF. */
static inline bool starts_anew(unsigned char byte)
{
    return byte < 0x80 || (byte >= 0xe4 && byte <= 0xe9);
}

/* The short way: one ASCII or common Han character that stands alone. Returns its bytes, or 0.
 */
static inline size_t put_plain(
    struct folder *folder, const unsigned char *text, size_t length, uint32_t origin)
{
    unsigned char byte = text[0];
    if (byte < 0x80 && (length == 1 || starts_anew(text[1]))) {
        char folded = ascii_folded[byte];
        if (folded == ' ') {
            note_gap(folder, byte == '-' ? GAP_MARK : GAP_SPACE, origin);
            return 1;
        }
        if (folder->gap != GAP_NONE) {
            end_gap(folder, (uint32_t)folded);
        }
        folder->origin[folder->length] = origin;
        folder->text[folder->length++] = folded;
        folder->last = (uint32_t)folded;
        return 1;
    }
    if (byte >= 0xe4 && byte <= 0xe9 && length >= 3 && (text[1] & 0xc0) == 0x80 &&
        (text[2] & 0xc0) == 0x80 && (length == 3 || starts_anew(text[3]))) {
        put(folder, (byte & 0x0fu) << 12 | (text[1] & 0x3fu) << 6 | (text[2] & 0x3fu), origin);
        return 3;
    }
    return 0;
}

/* The shortest way: ASCII letters and signs with ASCII behind them, written in one run. Returns
 * how many; there must be room for as many. */
static inline size_t put_ascii(
    struct folder *folder, const unsigned char *text, size_t length, uint32_t origin)
{
    char *out = folder->text + folder->length;
    uint32_t *origins = folder->origin + folder->length;
    size_t count = 0;
    while (count + 1 < length && text[count] < 0x80 && text[count + 1] < 0x80 &&
        ascii_folded[text[count]] != ' ') {
        out[count] = ascii_folded[text[count]];
        origins[count] = origin + (uint32_t)count;
        count++;
    }
    if (count > 0) {
        folder->length += count;
        folder->last = (uint32_t)out[count - 1];
    }
    return count;
}

struct folded fold_text(
    const struct fold_table *table, struct arena *arena, const char *text, size_t length)
{
    if (length > FOLD_MAX_BYTES) {
        length = FOLD_MAX_BYTES;
    }
    struct folder folder = {.table = table, .arena = arena};
    for (size_t at = 0; at < length;) {
        reserve(&folder, length - at + PUT_MAX_BYTES);
        const unsigned char *rest = (const unsigned char *)text + at;
        size_t used = put_plain(&folder, rest, length - at, (uint32_t)at);
        if (used == 1 && folder.gap == GAP_NONE) {
            used += put_ascii(&folder, rest + 1, length - at - 1, (uint32_t)at + 1);
        }
        if (used == 0) {
            used = measure_segment(text + at, length - at);
            put_segment(&folder, text + at, used, (uint32_t)at);
        }
        at += used;
    }
    reserve(&folder, 1);
    folder.text[folder.length] = '\0';
    return (struct folded){
        folder.text, (uint32_t)folder.length, folder.origin, text, (uint32_t)length};
}

void fold_span(const struct folded *folded, uint32_t start, uint32_t end, uint32_t *ret_offset,
    uint32_t *ret_length)
{
    assert(start < end && end <= folded->length);
    uint32_t last = folded->origin[end - 1];
    uint32_t last_length = (uint32_t)measure_segment(
        folded->original + last, folded->original_length - last);
    *ret_offset = folded->origin[start];
    *ret_length = last + last_length - folded->origin[start];
}

uint32_t fold_before(const struct folded *folded, uint32_t at)
{
    uint32_t start = at;
    while (start > 0 && ((unsigned char)folded->text[--start] & 0xc0) == 0x80) {
    }
    return start < at ? fold_at(folded, start) : 0;
}

uint32_t fold_at(const struct folded *folded, uint32_t at)
{
    uint32_t codepoint;
    decode(folded->text + at, folded->length - at, &codepoint);
    return codepoint;
}

bool fold_was_capital(const struct folded *folded, uint32_t at)
{
    uint32_t codepoint, origin = folded->origin[at];
    decode(folded->original + origin, folded->original_length - origin, &codepoint);
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)codepoint);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}
