/* Why the greater of two coefficients: titles of copies are often rewritten above an unchanged
 * text, and a redelivery often has no summary at all; either is enough.
 *
 * Rejected, by measurement on labelled pairs: SimHash (finds a fifth at a safe distance: texts
 * are short), tf-idf cosine without the veto (merges consecutive releases), MinHash (exact
 * Jaccard of 250 grams takes half a microsecond). */
#include "briefing/similarity.h"

#include <string.h>
#include <utf8proc.h>

/* Letters a cut title must have left to stand for the whole: shorter ones are openings that
 * many titles have ("Breaking: …"). */
enum { CUT_LATIN_MIN = 15, CUT_HAN_MIN = 8 };

/* A title as letters, whoever keeps them. */
struct title {
    const uint32_t *letters;
    uint32_t count;
    bool cut, han;
};

static bool is_cut_of(const struct title *cut, const struct title *whole)
{
    if (!cut->cut || cut->count > whole->count ||
        cut->count < (cut->han ? CUT_HAN_MIN : CUT_LATIN_MIN)) {
        return false;
    }
    for (uint32_t i = 0; i < cut->count; i++) {
        if (WORDING_LETTER(cut->letters[i]) != WORDING_LETTER(whole->letters[i])) {
            return false;
        }
    }
    return true;
}

/* All but the texts. */
static struct similarity measure_titles(const struct wording *a, const struct kept_wording *b)
{
    struct title left = {a->letters, a->title_count, a->title_cut, a->han};
    struct title right = {kept_wording_letters(b), b->letter_count, b->title_cut, b->han};
    struct similarity result = {
        .title = wording_title_jaccard(a, b),
        .texts = a->has_summary && b->has_summary,
        .numbers = wording_compare_numbers(a, b),
    };
    if (is_cut_of(&left, &right) || is_cut_of(&right, &left)) {
        /* The cut may have gone through a number, so numbers say nothing. */
        result.title = 1;
        result.numbers = NUMBERS_AGREE;
    }
    return result;
}

struct similarity similarity_measure(const struct wording *a, const struct kept_wording *b)
{
    struct similarity result = measure_titles(a, b);
    if (result.texts) {
        result.text = wording_all_jaccard(a, b, 0);
    }
    return result;
}

/* Two reports of one event often have the same headline and nothing else in common. */
static bool has_near_title(
    const struct similarity *similarity, const struct similarity_settings *settings)
{
    return similarity->title >= settings->title &&
        (!similarity->texts || similarity->text >= settings->text / 2);
}

bool similarity_is_near(
    const struct similarity *similarity, const struct similarity_settings *settings)
{
    bool alike = similarity->text >= settings->text || has_near_title(similarity, settings);
    bool quoted = similarity->text >= settings->quote;
    return (alike && similarity->numbers == NUMBERS_AGREE) ||
        (quoted && similarity->numbers != NUMBERS_SERIAL);
}

bool similarity_find_near(const struct wording *a, const struct kept_wording *b,
    const struct similarity_settings *settings, struct similarity *ret_similarity)
{
    struct similarity result = measure_titles(a, b);
    if (result.texts) {
        /* No text below this makes them near: has_near_title() asks half of what texts alone
         * do. */
        double floor = result.title >= settings->title ? settings->text / 2 : settings->text;
        floor = floor < settings->quote ? floor : settings->quote;
        result.text = wording_all_jaccard(a, b, floor);
    }
    *ret_similarity = result;
    return similarity_is_near(&result, settings);
}

double similarity_score(const struct similarity *similarity)
{
    return similarity->title > similarity->text ? similarity->title : similarity->text;
}

struct run {
    uint32_t start, length; /* in the letters of a */
};

static bool is_border(const struct wording *wording, uint32_t at, uint32_t end)
{
    return at == end || (wording->letters[at] & WORDING_BEGINS) != 0 ||
        fold_is_han(WORDING_LETTER(wording->letters[at])) ||
        fold_is_han(WORDING_LETTER(wording->letters[at - 1]));
}

/* Letters that a's title from `i` and b's from `k` share, ending where a word ends in both. */
static uint32_t measure_run(
    const struct wording *a, uint32_t i, const struct wording *b, uint32_t k)
{
    uint32_t whole = 0;
    for (uint32_t length = 0; i + length < a->title_count && k + length < b->title_count;
         length++) {
        if (WORDING_LETTER(a->letters[i + length]) != WORDING_LETTER(b->letters[k + length])) {
            break;
        }
        if (is_border(a, i + length + 1, a->title_count) &&
            is_border(b, k + length + 1, b->title_count)) {
            whole = length + 1;
        }
    }
    return whole;
}

static struct run find_run(const struct wording *a, uint32_t start, const struct wording *b)
{
    struct run run = {start, 0};
    for (uint32_t k = 0; k < b->title_count; k++) {
        uint32_t length = measure_run(a, start, b, k);
        if (length > run.length && (k == 0 || is_border(b, k, b->title_count))) {
            run.length = length;
        }
    }
    return run;
}

static char *spell_run(struct arena *arena, const struct wording *a, struct run run)
{
    enum { LETTER_BYTES = 5 }; /* with a space */
    char *text = arena_alloc(arena, run.length * (size_t)LETTER_BYTES + 1);
    size_t length = 0;
    for (uint32_t i = run.start; i < run.start + run.length; i++) {
        uint32_t letter = WORDING_LETTER(a->letters[i]);
        if (i > run.start && (a->letters[i] & WORDING_BEGINS) != 0 && !fold_is_han(letter)) {
            text[length++] = ' ';
        }
        length += (size_t)utf8proc_encode_char(
            (utf8proc_int32_t)letter, (utf8proc_uint8_t *)text + length);
    }
    text[length] = '\0';
    return text;
}

/* Keep the longest `max_runs`, the longest first; of equals the first. Returns the count. */
static size_t keep_run(struct run *kept, size_t count, size_t max_runs, struct run run)
{
    size_t at = count;
    while (at > 0 && kept[at - 1].length < run.length) {
        at--;
    }
    if (at == max_runs) {
        return count;
    }
    count += count < max_runs;
    memmove(kept + at + 1, kept + at, (count - at - 1) * sizeof(*kept));
    kept[at] = run;
    return count;
}

size_t similarity_list_shared(struct arena *arena, const struct wording *a,
    const struct kept_wording *other, const char **runs, size_t max_runs)
{
    const struct wording unpacked = wording_unpack(arena, other), *b = &unpacked;
    enum { LATIN_MIN = 3, HAN_MIN = 2 };
    struct run *kept = arena_new_array(arena, struct run, max_runs);
    size_t count = 0;
    for (uint32_t at = 0; at < a->title_count;) {
        struct run run = {at, 0};
        if (at == 0 || is_border(a, at, a->title_count)) {
            run = find_run(a, at, b);
        }
        bool han = fold_is_han(WORDING_LETTER(a->letters[at]));
        if (run.length >= (han ? HAN_MIN : LATIN_MIN)) {
            count = keep_run(kept, count, max_runs, run);
        }
        at += run.length > 0 ? run.length : 1;
    }
    for (size_t i = 0; i < count; i++) {
        runs[i] = spell_run(arena, a, kept[i]);
    }
    return count;
}
