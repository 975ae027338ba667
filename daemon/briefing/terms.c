/* Words alone (by spaces or a segmenter) were measured and do worse: in headlines of ten words
 * one changed ending costs a tenth of what there is. Grams alone do worse as well: a word is
 * more than its pieces. Latin grams run on over the borders of words, so that two neighbours in
 * common weigh more than one long word: with grams inside words only, "campaign" alone joined
 * what had nothing else in common. Grams of five letters cost a third of the time and, with
 * words, found nothing more.
 *
 * Words of grammar are known beforehand. Elsewhere their number makes them light, but while few
 * titles are alive nobody can have counted, and two papers share "quantization of". */
#include "briefing/terms.h"

#include "base/attributes.h"

enum { HAN_MIN = 2, HAN_MAX = 3, LATIN_MIN = 3, LATIN_MAX = 4 };

/* No letter: stands for the border of a Latin word inside its grams. */
#define BORDER UINT32_C(0x1fffff)

/* Tells a word of four letters from the gram of its letters. */
#define WORD_MARK UINT32_C(0x5bd1e995)

static bool is_han_at(const struct wording *wording, uint32_t at)
{
    return fold_is_han(WORDING_LETTER(wording->letters[at]));
}

/* The letters from `at` on that are one Latin word, or Han without a mark between. */
static uint32_t measure_unit(const struct wording *wording, uint32_t at)
{
    bool han = is_han_at(wording, at);
    uint32_t end = at + 1;
    while (end < wording->title_count && (wording->letters[end] & WORDING_BEGINS) == 0 &&
        is_han_at(wording, end) == han) {
        end++;
    }
    return end - at;
}

static void add_grams(
    struct gram_set *set, const uint32_t *letters, uint32_t count, uint32_t min, uint32_t max)
{
    if (count > 0 && count < min) {
        set->grams[set->count++] = wording_hash(letters, count);
    }
    for (uint32_t length = min; length <= max; length++) {
        for (uint32_t i = 0; i + length <= count; i++) {
            set->grams[set->count++] = wording_hash(letters + i, length);
        }
    }
}

static void add_word(struct gram_set *set, const uint32_t *letters, uint32_t count)
{
    set->grams[set->count++] = wording_hash(letters, count) ^ WORD_MARK;
}

/* Grams of Latin run on over the borders of words, which count as a letter. */
static void add_latin(struct gram_set *set, uint32_t *spelled, uint32_t count)
{
    spelled[count++] = BORDER;
    add_grams(set, spelled, count, LATIN_MIN, LATIN_MAX);
}

struct gram_set terms_list(struct arena *arena, const struct wording *wording)
{
    /* A letter with a border begins so many grams, and a word. */
    enum { GRAMS_A_LETTER = 2 * (LATIN_MAX - LATIN_MIN + 1) + 1 };
    struct gram_set set = {0};
    set.grams = arena_new_array(
        arena, uint32_t, (size_t)wording->title_count * GRAMS_A_LETTER + 8);
    uint32_t *spelled = arena_new_array(arena, uint32_t, (size_t)wording->title_count * 2 + 8);
    uint32_t count = 0;
    for (uint32_t at = 0, length; at < wording->title_count; at += length) {
        length = measure_unit(wording, at);
        if (is_han_at(wording, at)) {
            if (count > 0) {
                add_latin(&set, spelled, count);
                count = 0;
            }
            add_grams(&set, wording->letters + at, length, HAN_MIN, HAN_MAX);
        } else {
            add_word(&set, wording->letters + at, length);
            spelled[count++] = BORDER;
            for (uint32_t i = 0; i < length; i++) {
                spelled[count++] = WORDING_LETTER(wording->letters[at + i]);
            }
        }
    }
    if (count > 0) {
        add_latin(&set, spelled, count);
    }
    gram_set_settle(&set);
    return set;
}

/* Whether a Latin word is one that any text has, as English headlines write. */
static bool is_grammar(const uint32_t *letters, uint32_t count)
{
    static const char *const words[] = {"a", "after", "an", "and", "are", "as", "at", "be",
        "before", "between", "beyond", "but", "by", "can", "do", "does", "for", "from", "has",
        "have", "how", "in", "into", "is", "it", "its", "more", "no", "not", "of", "on", "or",
        "our", "over", "than", "that", "the", "their", "these", "this", "through", "to",
        "toward", "towards", "under", "using", "via", "was", "we", "what", "when", "where",
        "who", "why", "will", "with", "without", "you", "your"};
    for (size_t i = 0; i < array_count(words); i++) {
        uint32_t same = 0;
        while (same < count && words[i][same] != '\0' &&
            WORDING_LETTER(letters[same]) == (unsigned char)words[i][same]) {
            same++;
        }
        if (same == count && words[i][same] == '\0') {
            return true;
        }
    }
    return false;
}

struct gram_set terms_list_words(struct arena *arena, const struct wording *wording)
{
    struct gram_set set = {arena_new_array(arena, uint32_t, wording->title_count + 1), 0};
    for (uint32_t at = 0, length; at < wording->title_count; at += length) {
        length = measure_unit(wording, at);
        if (is_han_at(wording, at)) {
            add_grams(&set, wording->letters + at, length, HAN_MIN, HAN_MIN);
        } else if (!is_grammar(wording->letters + at, length)) {
            add_word(&set, wording->letters + at, length);
        }
    }
    gram_set_settle(&set);
    return set;
}
