/* What similarity is measured on: the letters and digits of an item's title and of the first
 * words of its summary, folded, and the grams and numbers in them. PURE.
 *
 * Deliveries of one text differ in what is no wording: case, width, traditional characters,
 * quotation marks, entities, space between Han and Latin, a site's name behind the title, "…"
 * where it was cut. All of that is gone here, so that everything above compares plain arrays.
 */
#ifndef BRIEFING_WORDING_H
#define BRIEFING_WORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "briefing/fold.h"

enum {
    WORDING_TITLE_MAX = 300, /* letters; a longer title is a text in the wrong field */
    WORDING_NUMBERS_MAX = 16,
};

/* Set in a letter that begins a word, where the text divides words. */
#define WORDING_BEGINS UINT32_C(0x80000000)
#define WORDING_LETTER(letter) ((letter) & ~WORDING_BEGINS)

/* Hashes of grams, ascending, each once. */
struct gram_set {
    uint32_t *grams;
    uint32_t count;
};

/* A number or version of a title: "1.2.1", "1.6-rc1", "2020", "第三届" as 3. */
struct wording_number {
    uint64_t value;  /* hash */
    uint32_t before; /* hash of the two letters before it, 0 when it begins the title */
    uint32_t after;  /* hash of the letter behind it, 0 at the end */
};

struct wording {
    uint32_t *letters; /* code points of the title, then of the summary */
    uint32_t count;
    uint32_t title_count;
    bool title_cut;   /* it ended in an ellipsis */
    bool han;         /* Han letters outweigh the others: which cuts apply */
    bool has_summary; /* more than a phrase that many items have ("Read more") */

    struct gram_set title; /* of three letters; a shorter title is one gram */
    struct gram_set all;   /* of title and summary; no gram spans both */

    struct wording_number numbers[WORDING_NUMBERS_MAX]; /* of the title, by value */
    uint32_t number_count;
};

/* A wording in one block of memory, for tens of thousands of them: grams keep their upper 16
 * bits, which in two sets of 250 are equal by accident once and move a coefficient by a
 * fifth of a percent; the summary's letters are gone. */
struct kept_wording {
    uint16_t letter_count; /* of the title */
    uint16_t title_count;  /* grams */
    uint16_t all_count;
    uint8_t number_count;
    bool title_cut;
    bool has_summary;
    bool han;
    /* Then letters, numbers and both sets of grams. */
};

/* `summary` may be NULL; its first `summary_letters` letters are looked at. Everything lives in
 * the arena. */
struct wording wording_build(const struct fold_table *fold, struct arena *arena,
    const char *title, const char *summary, size_t summary_letters);

/* How the numbers of two titles disagree. A number in one title alone is no conflict, for
 * headlines leave numbers out; a number that occurs twice in one counts twice. */
enum number_conflict {
    NUMBERS_AGREE,
    NUMBERS_DIFFER, /* each has one that the other lacks: two dates, "4人" against "10亿" */
    NUMBERS_SERIAL, /* and in the same place: "v8.9.0" and "v8.9.1", "第312期" and "第313期" */
};

enum number_conflict wording_compare_numbers(
    const struct wording *a, const struct kept_wording *b);

/* Caller frees with free(). */
struct kept_wording *wording_keep(const struct wording *wording);

/* As far as it was kept, in the arena; grams have zeros for the bits that are gone. */
struct wording wording_unpack(struct arena *arena, const struct kept_wording *kept);

const struct wording_number *kept_wording_numbers(const struct kept_wording *kept);
const uint32_t *kept_wording_letters(const struct kept_wording *kept);
size_t kept_wording_bytes(const struct kept_wording *kept);

/* The hash of a gram: the letters without their WORDING_BEGINS. */
uint32_t wording_hash(const uint32_t *letters, size_t count);

/* Sort and remove doubles. */
void gram_set_settle(struct gram_set *set);

/* |a and b| / |a or b| of titles, and of titles with summaries; 0 when both are empty
 * (Manning, Raghavan and Schütze 2008, section 19.6). What is
 * below `floor` may be said to be 0, which is quicker. */
double wording_title_jaccard(const struct wording *a, const struct kept_wording *b);
double wording_all_jaccard(
    const struct wording *a, const struct kept_wording *b, double floor);

#endif
