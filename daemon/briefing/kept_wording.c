/* A block's arrays stand behind its head in the order of their alignment: numbers, letters,
 * grams. Letters keep their four bytes: they are a fifth of the block. */
#include "briefing/wording.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_HEAD = 16 };
static_assert(sizeof(struct kept_wording) <= KEPT_HEAD, "room for the head");

const struct wording_number *kept_wording_numbers(const struct kept_wording *kept)
{
    /* Numbers stand first, for they need the strictest alignment. */
    return (const struct wording_number *)(const void *)((const char *)kept + KEPT_HEAD);
}

const uint32_t *kept_wording_letters(const struct kept_wording *kept)
{
    return (const uint32_t *)(const void *)(kept_wording_numbers(kept) + kept->number_count);
}

static const uint16_t *kept_title(const struct kept_wording *kept)
{
    return (const uint16_t *)(const void *)(kept_wording_letters(kept) + kept->letter_count);
}

static const uint16_t *kept_all(const struct kept_wording *kept)
{
    return kept_title(kept) + kept->title_count;
}

size_t kept_wording_bytes(const struct kept_wording *kept)
{
    return (size_t)((const char *)(kept_all(kept) + kept->all_count) - (const char *)kept);
}

static uint16_t *pack_grams(uint16_t *place, const struct gram_set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        *place++ = (uint16_t)(set->grams[i] >> 16);
    }
    return place;
}

struct kept_wording *wording_keep(const struct wording *wording)
{
    struct kept_wording head = {
        .letter_count = (uint16_t)wording->title_count,
        .title_count = (uint16_t)wording->title.count,
        .all_count = (uint16_t)wording->all.count,
        .number_count = (uint8_t)wording->number_count,
        .title_cut = wording->title_cut,
        .has_summary = wording->has_summary,
        .han = wording->han,
    };
    size_t numbers = head.number_count * sizeof(*wording->numbers);
    size_t letters = head.letter_count * sizeof(*wording->letters);
    /* No byte is left to chance: a shelf writes them all. */
    char *block = calloc(
        1, KEPT_HEAD + numbers + letters + 2 * ((size_t)head.title_count + head.all_count));
    if (block == NULL) {
        memory_exhausted();
    }
    memcpy(block, &head, sizeof(head));
    memcpy(block + KEPT_HEAD, wording->numbers, numbers);
    memcpy(block + KEPT_HEAD + numbers, wording->letters, letters);
    uint16_t *grams = (uint16_t *)(void *)(block + KEPT_HEAD + numbers + letters);
    pack_grams(pack_grams(grams, &wording->title), &wording->all);
    return (struct kept_wording *)(void *)block;
}

static struct gram_set unpack_grams(struct arena *arena, const uint16_t *grams, uint32_t count)
{
    struct gram_set set = {arena_new_array(arena, uint32_t, (size_t)count + 1), count};
    for (uint32_t i = 0; i < count; i++) {
        set.grams[i] = (uint32_t)grams[i] << 16;
    }
    return set;
}

struct wording wording_unpack(struct arena *arena, const struct kept_wording *kept)
{
    struct wording wording = {
        .count = kept->letter_count,
        .title_count = kept->letter_count,
        .title_cut = kept->title_cut,
        .han = kept->han,
        .has_summary = kept->has_summary,
        .title = unpack_grams(arena, kept_title(kept), kept->title_count),
        .all = unpack_grams(arena, kept_all(kept), kept->all_count),
        .number_count = kept->number_count,
    };
    wording.letters = arena_new_array(arena, uint32_t, (size_t)kept->letter_count + 1);
    memcpy(wording.letters, kept_wording_letters(kept), kept->letter_count * 4u);
    memcpy(wording.numbers, kept_wording_numbers(kept),
        kept->number_count * sizeof(*wording.numbers));
    return wording;
}

/* 0 as soon as `floor` cannot be reached: that takes at least floor / (1 + floor) of both sets
 * together in common, and most pairs that are compared have next to nothing. */
static double jaccard(
    const struct gram_set *a, const uint16_t *b, uint32_t b_count, double floor)
{
    enum { STEPS = 16 }; /* between two looks */
    uint32_t shared = 0, i = 0, k = 0;
    uint32_t least = (uint32_t)((double)(a->count + b_count) * floor / (1 + floor));
    while (i < a->count && k < b_count) {
        uint32_t left = a->count - i < b_count - k ? a->count - i : b_count - k;
        if (shared + left < least) {
            return 0;
        }
        for (uint32_t step = 0; step < STEPS && i < a->count && k < b_count; step++) {
            uint32_t one = a->grams[i] >> 16, other = b[k];
            shared += one == other;
            i += one <= other;
            k += other <= one;
        }
    }
    uint32_t either = a->count + b_count - shared;
    return either == 0 ? 0 : (double)shared / either;
}

double wording_title_jaccard(const struct wording *a, const struct kept_wording *b)
{
    return jaccard(&a->title, kept_title(b), b->title_count, 0);
}

double wording_all_jaccard(const struct wording *a, const struct kept_wording *b, double floor)
{
    return jaccard(&a->all, kept_all(b), b->all_count, floor);
}
