/* Letters are kept as code points in one array, a word's first letter marked: grams of three
 * run over word borders, because a border is the first thing a redelivery changes ("Wi-Fi",
 * "WiFi"), while the terms of stories spell the borders out.
 *
 * Grams are 32-bit hashes: at 70,000 items half the memory of exact ones, and two sets of 250
 * share a gram by accident once in 70,000 comparisons, which moves a score by half a percent.
 *
 * The number veto is the one thing similarity cannot see: consecutive releases and issues
 * differ in one character and are never the same. Han numerals count only where they number
 * something (第三届, 二审), since 一 and 十 are parts of common words. */
#include "briefing/wording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/hash.h"
#include "feed/html.h"

static bool is_letter(uint32_t codepoint)
{
    if (codepoint < 0x80 || fold_is_han(codepoint)) {
        return codepoint >= 0x80 || fold_is_word(codepoint);
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)codepoint);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

/* Append the letters of folded text; returns how many of them are Han. */
static uint32_t take_letters(struct wording *wording, const struct folded *folded, size_t max)
{
    uint32_t han = 0;
    size_t end = wording->count + max;
    bool begins = true;
    for (uint32_t at = 0; at < folded->length && wording->count < end;) {
        uint32_t codepoint = fold_at(folded, at);
        at += codepoint < 0x80 ? 1 : codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
        if (!is_letter(codepoint)) {
            /* An apostrophe divides no word: "dick's" and "dicks" read alike. */
            begins = begins || (codepoint != '\'' && codepoint != 0x2019);
            continue;
        }
        han += fold_is_han(codepoint);
        wording->letters[wording->count++] = codepoint | (begins ? WORDING_BEGINS : 0);
        begins = false;
    }
    return han;
}

uint32_t wording_hash(const uint32_t *letters, size_t count)
{
    uint32_t hash = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ WORDING_LETTER(letters[i])) * UINT32_C(0x9e3779b1);
        hash ^= hash >> 15;
    }
    hash *= UINT32_C(0x85ebca6b);
    return hash ^ hash >> 13;
}

static void add_grams(struct gram_set *set, const uint32_t *letters, uint32_t count)
{
    enum { GRAM = 3 };
    if (count > 0 && count < GRAM) {
        set->grams[set->count++] = wording_hash(letters, count);
    }
    for (uint32_t i = 0; i + GRAM <= count; i++) {
        set->grams[set->count++] = wording_hash(letters + i, GRAM);
    }
}

/* Hashes are spread evenly, so dealing them out by their first byte leaves next to nothing to
 * sort: five times as fast as qsort() on the 250 grams of an item. */
static void sort_grams(uint32_t *grams, uint32_t count)
{
    enum { INSERTION_MAX = 8, LOCAL_MAX = WORDING_TITLE_MAX * 8 };
    uint32_t dealt[LOCAL_MAX];
    if (count > INSERTION_MAX && count <= LOCAL_MAX) {
        uint16_t starts[257] = {0};
        for (uint32_t i = 0; i < count; i++) {
            starts[(grams[i] >> 24) + 1]++;
        }
        for (uint32_t i = 1; i < array_count(starts); i++) {
            starts[i] = (uint16_t)(starts[i] + starts[i - 1]);
        }
        for (uint32_t i = 0; i < count; i++) {
            dealt[starts[grams[i] >> 24]++] = grams[i];
        }
        memcpy(grams, dealt, count * sizeof(*grams));
    }
    for (uint32_t i = 1; i < count; i++) {
        uint32_t gram = grams[i], at = i;
        for (; at > 0 && grams[at - 1] > gram; at--) {
            grams[at] = grams[at - 1];
        }
        grams[at] = gram;
    }
}

void gram_set_settle(struct gram_set *set)
{
    uint32_t kept = 0;
    sort_grams(set->grams, set->count);
    for (uint32_t i = 0; i < set->count; i++) {
        if (kept == 0 || set->grams[kept - 1] != set->grams[i]) {
            set->grams[kept++] = set->grams[i];
        }
    }
    set->count = kept;
}

/* 1..10 for 一..十, else 0. */
static uint32_t han_digit(uint32_t codepoint)
{
    static const uint16_t digits[] = {
        0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d, 0x5341};
    for (uint32_t i = 0; i < array_count(digits); i++) {
        if (digits[i] == codepoint) {
            return i + 1;
        }
    }
    return 0;
}

/* What numerals count: 届期代季轮审版次集章卷号 */
static bool is_counted(uint32_t codepoint)
{
    static const uint16_t nouns[] = {0x5c4a, 0x671f, 0x4ee3, 0x5b63, 0x8f6e, 0x5ba1, 0x7248,
        0x6b21, 0x96c6, 0x7ae0, 0x5377, 0x53f7};
    for (size_t i = 0; i < array_count(nouns); i++) {
        if (nouns[i] == codepoint) {
            return true;
        }
    }
    return false;
}

static void add_number(struct wording *wording, struct wording_number number)
{
    uint32_t at = wording->number_count;
    if (at == WORDING_NUMBERS_MAX) {
        return;
    }
    for (; at > 0 && wording->numbers[at - 1].value > number.value; at--) {
        wording->numbers[at] = wording->numbers[at - 1];
    }
    wording->numbers[at] = number;
    wording->number_count++;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Bytes of the word at `text` that makes a version another one: "rc1", "beta2". */
static uint32_t measure_qualifier(const char *text, bool any_word)
{
    static const char *const words[] = {
        "rc", "beta", "alpha", "preview", "pre", "dev", "nightly"};
    uint32_t letters = (uint32_t)strspn(text, "abcdefghijklmnopqrstuvwxyz");
    bool known = any_word && letters > 0;
    for (size_t i = 0; i < array_count(words); i++) {
        known = known || (letters == strlen(words[i]) && memcmp(text, words[i], letters) == 0);
    }
    return known ? letters + (uint32_t)strspn(text + letters, "0123456789.") : 0;
}

/* The offset behind the number at `start`: digits joined by single dots (a version) or, before
 * three digits, commas (thousands), then a qualifier. A word behind a hyphen qualifies only
 * what has a dot: "0.3-real", but not "UPDATE 1-Apple". */
static uint32_t read_number(const struct folded *title, uint32_t start, uint64_t *ret_value)
{
    const char *text = title->text;
    uint64_t hash = HASH_START;
    uint32_t at = start;
    bool dotted = false;
    while (text[at] == '0' && is_digit(text[at + 1])) {
        at++; /* 03 is 3 */
    }
    for (;; at++) {
        bool dot = text[at] == '.' && is_digit(text[at + 1]);
        if (is_digit(text[at]) || dot) {
            hash = hash_bytes(hash, text + at, 1);
            dotted = dotted || dot;
        } else if (text[at] != ',' || strspn(text + at + 1, "0123456789") != 3) {
            break;
        }
    }
    bool hyphen = text[at] == ' ' && title->original[title->origin[at]] == '-';
    uint32_t gap = text[at] == ' ';
    uint32_t qualifier = measure_qualifier(text + at + gap, dotted && hyphen);
    *ret_value = hash_bytes(hash, text + at + gap, qualifier);
    return qualifier > 0 ? at + gap + qualifier : at;
}

/* Hash of up to two letters before folded byte `at`, gaps left out. */
static uint32_t hash_before(const struct folded *title, uint32_t at)
{
    uint32_t letters[2], count = 0;
    while (at > 0 && count < array_count(letters)) {
        uint32_t letter = fold_before(title, at);
        at -= letter < 0x80 ? 1 : letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;
        if (is_letter(letter)) {
            letters[count++] = letter;
        }
    }
    return count == 0 ? 0 : wording_hash(letters, count);
}

static uint32_t hash_after(const struct folded *title, uint32_t at)
{
    at += title->text[at] == ' ';
    uint32_t letter = fold_at(title, at);
    return letter == 0 ? 0 : wording_hash(&letter, 1);
}

/* The offset behind the Han numeral at `start`; *ret_value 0 when it numbers nothing. */
static uint32_t read_numeral(const struct folded *title, uint32_t start, uint64_t *ret_value)
{
    enum { ORDINAL = 0x7b2c /* 第 */, HAN_BYTES = 3 };
    uint32_t at = start, digit, value = 0;
    while ((digit = han_digit(fold_at(title, at))) > 0) {
        value = digit < 10 ? value + digit : value == 0 ? 10 : value * 10;
        at += HAN_BYTES;
    }
    *ret_value = 0;
    if (at > start &&
        (fold_before(title, start) == ORDINAL || is_counted(fold_at(title, at)))) {
        char text[16];
        int length = snprintf(text, sizeof(text), "%u", value);
        *ret_value = hash_bytes(HASH_START, text, (size_t)length);
    }
    return at;
}

static void take_numbers(struct wording *wording, const struct folded *title)
{
    for (uint32_t at = 0, next; at < title->length; at = next) {
        struct wording_number number = {0};
        if (is_digit(title->text[at])) {
            next = read_number(title, at, &number.value);
        } else {
            next = read_numeral(title, at, &number.value);
        }
        if (number.value != 0) {
            number.before = hash_before(title, at);
            number.after = hash_after(title, next);
            add_number(wording, number);
        }
        next = next > at ? next : at + 1;
    }
}

/* Those of `a` that `b` lacks; returns how many. */
static uint32_t list_missing(const struct wording_number *a, uint32_t a_count,
    const struct wording_number *b, uint32_t b_count, const struct wording_number **missing)
{
    uint32_t count = 0;
    for (uint32_t i = 0, k = 0; i < a_count; i++) {
        while (k < b_count && b[k].value < a[i].value) {
            k++;
        }
        if (k < b_count && b[k].value == a[i].value) {
            k++;
        } else {
            missing[count++] = &a[i];
        }
    }
    return count;
}

/* What stands before tells the place; what stands behind only where one begins its title:
 * "28年前" and "14年" of one report count different years. */
static bool is_same_place(const struct wording_number *a, const struct wording_number *b)
{
    return a->before == b->before ||
        (a->after == b->after && a->after != 0 && (a->before == 0 || b->before == 0));
}

enum number_conflict wording_compare_numbers(
    const struct wording *a, const struct kept_wording *b)
{
    const struct wording_number *only_a[WORDING_NUMBERS_MAX], *only_b[WORDING_NUMBERS_MAX];
    const struct wording_number *others = kept_wording_numbers(b);
    uint32_t a_count = list_missing(
        a->numbers, a->number_count, others, b->number_count, only_a);
    uint32_t b_count = list_missing(
        others, b->number_count, a->numbers, a->number_count, only_b);
    if (a_count == 0 || b_count == 0) {
        return NUMBERS_AGREE;
    }
    for (uint32_t i = 0; i < a_count; i++) {
        for (uint32_t k = 0; k < b_count; k++) {
            if (is_same_place(only_a[i], only_b[k])) {
                return NUMBERS_SERIAL;
            }
        }
    }
    return NUMBERS_DIFFER;
}

/* Titles come from feeds with one level of escaping removed, and some were escaped twice. */
static struct folded fold_decoded(
    const struct fold_table *fold, struct arena *arena, const char *text, size_t max_bytes)
{
    size_t length = strnlen(text, max_bytes);
    if (memchr(text, '&', length) != NULL) {
        text = html_to_title(arena, text, length);
        length = strlen(text);
    }
    return fold_text(fold, arena, text, length);
}

static bool ends_cut(const struct folded *title)
{
    /* NFKC makes three dots of U+2026. */
    uint32_t end = title->length;
    while (end > 0 && title->text[end - 1] == ' ') {
        end--;
    }
    return end >= 3 && memcmp(title->text + end - 3, "...", 3) == 0;
}

struct wording wording_build(const struct fold_table *fold, struct arena *arena,
    const char *title, const char *summary, size_t summary_letters)
{
    enum {
        LETTER_BYTES = 12, /* a letter with the space, marks and entities beside it */
        SUMMARY_MIN = 30,
    };
    struct wording wording = {0};
    size_t most = WORDING_TITLE_MAX + summary_letters;
    wording.letters = arena_new_array(arena, uint32_t, most);
    wording.title.grams = arena_new_array(arena, uint32_t, most);
    wording.all.grams = arena_new_array(arena, uint32_t, most);
    struct folded folded = fold_decoded(
        fold, arena, title == NULL ? "" : title, WORDING_TITLE_MAX * LETTER_BYTES);
    uint32_t han = take_letters(&wording, &folded, WORDING_TITLE_MAX);
    wording.title_count = wording.count;
    wording.title_cut = ends_cut(&folded);
    take_numbers(&wording, &folded);
    if (summary != NULL && summary_letters > 0) {
        folded = fold_decoded(fold, arena, summary, summary_letters * LETTER_BYTES);
        han += take_letters(&wording, &folded, summary_letters);
    }
    wording.has_summary = wording.count - wording.title_count >= SUMMARY_MIN;
    /* A Han letter says about as much as three Latin ones. */
    wording.han = han * 4 > wording.count;
    add_grams(&wording.title, wording.letters, wording.title_count);
    gram_set_settle(&wording.title);
    add_grams(&wording.all, wording.letters, wording.title_count);
    add_grams(&wording.all, wording.letters + wording.title_count,
        wording.count - wording.title_count);
    gram_set_settle(&wording.all);
    return wording;
}
