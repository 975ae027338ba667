/* What a story_index is made of, each against a slow and simple twin. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/centroid.h"
#include "briefing/near_index.h"
#include "briefing/number_map.h"

static uint32_t chance = 7;

static uint32_t draw(uint32_t below)
{
    chance = chance * 1664525u + 1013904223u;
    return (chance >> 8) % below;
}

static void a_map_agrees_with_an_array_whatever_comes_and_goes(void **state)
{
    enum { KEYS = 500, ABSENT = -1 };
    struct number_map map = {0};
    int twin[KEYS];
    memset(twin, 0xff, sizeof(twin));
    uint32_t number;
    number_map_remove(&map, 3);
    assert_false(number_map_find(&map, 3, &number));
    for (int round = 0; round < 50000; round++) {
        uint32_t key = draw(KEYS);
        /* Keys that all want the same few places. */
        uint64_t spread = (uint64_t)key << 40;
        if (draw(2) == 0) {
            number_map_set(&map, spread, (uint32_t)round);
            twin[key] = round;
        } else {
            number_map_remove(&map, spread);
            twin[key] = ABSENT;
        }
        key = draw(KEYS);
        bool found = number_map_find(&map, (uint64_t)key << 40, &number);
        assert_int_equal(found, twin[key] != ABSENT);
        assert_true(!found || (int)number == twin[key]);
    }
    assert_true(map.count <= KEYS && number_map_bytes(&map) < 1 << 15);
    number_map_release(&map);
    number_map_release(&map);
}

/* A wording of nothing but sets. */
static struct wording wording_of(uint32_t *grams, uint32_t count)
{
    struct gram_set set = {grams, count};
    return (struct wording){.title = set, .all = set};
}

static void the_like_is_found_among_many_while_it_lives_and_is_not_hidden(void **state)
{
    enum { GRAMS = 40, ITEMS = 5000, LIVE = 700 };
    struct near_index index = {0};
    uint32_t numbers[NEAR_CANDIDATES_MAX], wanted[GRAMS], wanted_number = 0;
    for (uint32_t item = 0; item < ITEMS; item++) {
        uint32_t grams[GRAMS];
        for (uint32_t i = 0; i < GRAMS; i++) {
            /* Every item has the first three: whoever is in all of them says nothing. */
            grams[i] = i < 3 ? i : draw(UINT32_MAX) * 977u + i;
        }
        struct gram_set set = {grams, GRAMS};
        gram_set_settle(&set);
        struct wording wording = wording_of(grams, set.count);
        assert_int_equal(near_index_add(&index, &wording, false), item);
        if (index.next - index.first > LIVE) {
            near_index_drop_oldest(&index);
        }
        if (item % 100 == 50) {
            memcpy(wanted, grams, sizeof(wanted));
            wanted_number = item;
        } else if (item > 100) {
            struct wording asked = wording_of(wanted, GRAMS);
            assert_true(near_index_search(&index, &asked, numbers) > 0);
            assert_int_equal(numbers[0], wanted_number);
        }
    }
    struct wording asked = wording_of(wanted, GRAMS);
    near_index_hide(&index, wanted_number, true);
    for (uint32_t count = near_index_search(&index, &asked, numbers); count-- > 0;) {
        assert_int_not_equal(numbers[count], wanted_number);
    }
    near_index_hide(&index, wanted_number, false);
    while (index.first != index.next) {
        near_index_drop_oldest(&index);
    }
    assert_int_equal(near_index_search(&index, &asked, numbers), 0);
    near_index_release(&index);
    near_index_release(&index);
}

static void equal_sketches_are_ordered_by_age(void **state)
{
    struct near_index index = {0};
    uint32_t grams[] = {0, 7, 9, 1000}, numbers[NEAR_CANDIDATES_MAX];
    struct wording wording = wording_of(grams, array_count(grams));
    for (uint32_t i = 0; i < 20; i++) {
        near_index_add(&index, &wording, i == 1);
    }
    assert_int_equal(near_index_search(&index, &wording, numbers), NEAR_CANDIDATES_MAX);
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 2);
    near_index_release(&index);
}

/* A copy comes soon after what it copies: of a gram that many have, the newest are listed. */
static void of_a_common_gram_the_newest_are_found_and_the_gone_are_forgotten(void **state)
{
    enum { ITEMS = 5000, LIVE = 100 };
    struct near_index index = {0};
    uint32_t grams[] = {5, 6}, numbers[NEAR_CANDIDATES_MAX], own[] = {5, 999}, count;
    struct wording wording = wording_of(grams, array_count(grams));
    for (uint32_t item = 0; item < ITEMS; item++) {
        struct wording owner = wording_of(own, array_count(own));
        near_index_add(&index, item == ITEMS - 40 ? &owner : &wording, item >= ITEMS - 20);
        if (item >= LIVE) {
            near_index_drop_oldest(&index);
        }
    }
    /* Listed are the newest 32, of which 20 are hidden. */
    assert_int_equal(near_index_search(&index, &wording, numbers), NEAR_LISTED - 20);
    assert_int_equal(numbers[0], ITEMS - NEAR_LISTED);
    struct wording asked = wording_of(own, array_count(own));
    count = near_index_search(&index, &asked, numbers);
    assert_true(count > 0);
    assert_int_equal(numbers[0], ITEMS - 40);
    for (uint32_t left = LIVE; left > 10; left--) {
        near_index_drop_oldest(&index);
    }
    assert_int_equal(near_index_search(&index, &wording, numbers), 0);
    near_index_release(&index);
}

/* Items stream through it for months: each has words of its own. */
static void an_index_takes_no_more_than_what_lives(void **state)
{
    enum { ITEMS = 40000, LIVE = 2000, GRAMS = 10 };
    struct near_index index = {0};
    size_t bytes = 0;
    for (uint32_t item = 0; item < ITEMS; item++) {
        uint32_t grams[GRAMS];
        struct gram_set set = {grams, GRAMS};
        for (uint32_t i = 0; i < GRAMS; i++) {
            grams[i] = i < 3 ? i + 1 : draw(UINT32_MAX) * 977u + i;
        }
        gram_set_settle(&set);
        struct wording wording = wording_of(grams, set.count);
        near_index_add(&index, &wording, false);
        if (item >= LIVE) {
            near_index_drop_oldest(&index);
        }
        bytes = item == 4 * LIVE ? near_index_bytes(&index) : bytes;
    }
    assert_true(near_index_bytes(&index) <= bytes + bytes / 8);
    near_index_release(&index);
}

enum { TITLES = 60, STORIES = 6, TERMS = 12 };

struct title {
    struct term_list list;
    uint32_t story;
    bool in;
};

/* |sum of a story's titles|^2 and its product with `list`, term by term. */
static double sum_slowly(
    const struct title *titles, uint32_t story, const struct term_list *list, double *ret_dot)
{
    double sums[64] = {0}, norm2 = 0;
    for (uint32_t i = 0; i < TITLES; i++) {
        for (uint32_t k = 0;
             titles[i].in && titles[i].story == story && k < titles[i].list.count; k++) {
            sums[titles[i].list.terms[k].gram] += (double)titles[i].list.terms[k].weight;
        }
    }
    *ret_dot = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        *ret_dot += sums[list->terms[i].gram] * (double)list->terms[i].weight;
    }
    for (size_t i = 0; i < array_count(sums); i++) {
        norm2 += sums[i] * sums[i];
    }
    return norm2;
}

static void draw_title(struct centroid_index *index, struct arena *arena, struct title *title)
{
    uint32_t grams[TERMS];
    struct gram_set set = {grams, TERMS};
    for (uint32_t i = 0; i < TERMS; i++) {
        grams[i] = 1 + draw(60);
    }
    gram_set_settle(&set);
    title->list = centroid_weigh(index, arena, &set, false);
    title->story = draw(STORIES);
}

static void cosines_are_those_of_vectors_summed_one_by_one(void **state)
{
    struct arena arena = {0};
    struct centroid_index *index = centroid_index_new();
    static struct title titles[TITLES];
    for (int round = 0; round < 3000; round++) {
        struct title *title = &titles[draw(TITLES)];
        if (title->in) {
            centroid_remove(index, title->story, &title->list);
        } else {
            draw_title(index, &arena, title);
            centroid_add(index, title->story, &title->list);
        }
        title->in = !title->in;
        struct title asked = {0};
        draw_title(index, &arena, &asked);
        struct centroid_match best;
        double best_score;
        if (centroid_search(index, &asked.list, 0.01, &best, 1, &best_score) == 0) {
            continue;
        }
        double product, norm2 = sum_slowly(titles, best.centroid, &asked.list, &product);
        uint32_t members = 0;
        for (uint32_t i = 0; i < TITLES; i++) {
            members += titles[i].in && titles[i].story == best.centroid;
        }
        assert_true(members > 0);
        double score = product / sqrt(norm2 > 1 ? norm2 : 1) / (1 + 0.5 / members);
        assert_true(fabs(score - best.score) < 1e-3);
        assert_true(best_score >= best.score);
    }
    for (uint32_t i = 0; i < TITLES; i++) {
        if (titles[i].in) {
            centroid_remove(index, titles[i].story, &titles[i].list);
        }
    }
    assert_int_equal(centroid_count(index, false), 0);
    centroid_index_free(index);
    centroid_index_free(NULL);
    arena_release(&arena);
}

/* Vectors of so many terms of their own besides one that all share. */
static struct term_list make_title(struct arena *arena, uint32_t own, float shared)
{
    struct term_list list = {arena_new_array(arena, struct term, 2), 2, false};
    list.terms[0] = (struct term){7, shared};
    list.terms[1] = (struct term){100 + own, sqrtf(1 - shared * shared)};
    return list;
}

static void titles_of_one_piece_expect_a_greater_cosine_than_loose_ones(void **state)
{
    enum { MANY = 200 };
    struct arena arena = {0};
    struct centroid_index *index = centroid_index_new();
    struct gram_set none = {0};
    for (uint32_t i = 0; i < MANY; i++) {
        for (uint32_t story = 0; story < 2; story++) {
            struct term_list list = make_title(&arena, i, story == 0 ? 0.9f : 0.3f);
            centroid_add(index, story, &list);
        }
    }
    /* Of many titles, the centroid is the shared term: the cosine with it is its weight. */
    struct term_list list = make_title(&arena, MANY, 0.5f);
    struct centroid_evidence tight = centroid_examine(index, 0, &list, &none);
    struct centroid_evidence loose = centroid_examine(index, 1, &list, &none);
    assert_true(fabs(tight.inner - 0.9) < 0.01);
    assert_true(fabs(loose.inner - 0.3) < 0.03);
    centroid_index_free(index);
    arena_release(&arena);
}

static void evidence_is_narrow_when_one_word_carries_it(void **state)
{
    struct centroid_index *index = centroid_index_new();
    struct term terms[] = {
        {0x10, 0.5f}, {0x20, 0.5f}, {0x30, 0.1f}, {0x40, 0.5f}, {0x50, 0.5f}};
    struct term_list list = {terms, array_count(terms), false};
    struct term story[] = {{0x10, 0.5f}, {0x20, 0.5f}, {0x30, 0.5f}, {0x60, 0.5f}};
    struct term_list told = {story, array_count(story), false};
    centroid_add(index, 0, &told);
    struct {
        uint32_t words[4];
        uint32_t count;
        double narrow;
    } cases[] = {
        {{0x10, 0x20}, 2, 0.5},
        {{0x10, 0x40}, 2, 1},
        {{0x10, 0x20, 0x30}, 3, 0.25 / 0.55},
        {{0x40, 0x60}, 2, 1},
        {{0}, 0, 1},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct gram_set words = {cases[i].words, cases[i].count};
        struct centroid_evidence found = centroid_examine(index, 0, &list, &words);
        assert_true(fabs(found.narrow - cases[i].narrow) < 1e-6);
    }
    centroid_index_free(index);
}

static void of_two_near_stories_the_bigger_one_is_preferred(void **state)
{
    struct arena arena = {0};
    struct centroid_index *index = centroid_index_new();
    uint32_t grams[] = {11, 22, 33, 44};
    struct gram_set set = {grams, array_count(grams)};
    for (uint32_t i = 0; i < 9; i++) {
        struct term_list list = centroid_weigh(index, &arena, &set, false);
        centroid_add(index, i == 0 ? 0 : 1, &list);
    }
    struct term_list list = centroid_weigh(index, &arena, &set, false);
    struct centroid_match matches[2];
    double best;
    assert_int_equal(centroid_search(index, &list, 0.1, matches, 2, &best), 2);
    assert_int_equal(matches[0].centroid, 1);
    assert_int_equal(matches[1].centroid, 0);
    assert_int_equal(centroid_search(index, &list, 0.99, matches, 2, &best), 0);
    centroid_index_free(index);
    arena_release(&arena);
}

static void what_every_story_says_tells_none_of_them(void **state)
{
    struct arena arena = {0};
    struct centroid_index *index = centroid_index_new();
    for (uint32_t story = 0; story < 1000; story++) {
        uint32_t grams[] = {5, 1000 + story};
        struct gram_set set = {grams, array_count(grams)};
        struct term_list list = centroid_weigh(index, &arena, &set, false);
        centroid_add(index, story, &list);
    }
    uint32_t grams[] = {5, 999999};
    struct gram_set set = {grams, array_count(grams)};
    struct term_list list = centroid_weigh(index, &arena, &set, false);
    struct centroid_match match;
    double best;
    assert_int_equal(centroid_search(index, &list, 0.01, &match, 1, &best), 0);
    assert_true(best < 0.01);
    centroid_index_free(index);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_agrees_with_an_array_whatever_comes_and_goes),
        cmocka_unit_test(the_like_is_found_among_many_while_it_lives_and_is_not_hidden),
        cmocka_unit_test(equal_sketches_are_ordered_by_age),
        cmocka_unit_test(of_a_common_gram_the_newest_are_found_and_the_gone_are_forgotten),
        cmocka_unit_test(an_index_takes_no_more_than_what_lives),
        cmocka_unit_test(cosines_are_those_of_vectors_summed_one_by_one),
        cmocka_unit_test(titles_of_one_piece_expect_a_greater_cosine_than_loose_ones),
        cmocka_unit_test(evidence_is_narrow_when_one_word_carries_it),
        cmocka_unit_test(of_two_near_stories_the_bigger_one_is_preferred),
        cmocka_unit_test(what_every_story_says_tells_none_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
