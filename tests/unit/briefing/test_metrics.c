/* Each expected number is worked out by hand beside its case. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "briefing/metrics.h"

static void predicting_nothing_is_precise_and_finds_nothing(void **state)
{
    struct metrics_precision counts = {0};
    metrics_count(&counts, true, false);
    metrics_count(&counts, false, false);
    assert_float_equal(metrics_precision(&counts), 1.0, 1e-6);
    assert_float_equal(metrics_recall(&counts), 0.0, 1e-6);
    assert_float_equal(metrics_f1(1, 0), 0.0, 1e-6);
    assert_float_equal(metrics_f1(0, 0), 0.0, 1e-6);
}

static void macro_f1_gives_every_class_the_same_weight(void **state)
{
    /* class 0: 2 right, 1 false -> 4/5; class 1: 0 of 1 -> 0; class 2 never occurs -> 0 */
    const int truths[] = {0, 0, 1};
    const int predictions[] = {0, 0, 0};
    assert_float_equal(metrics_macro_f1(truths, predictions, 3, 3), 0.8 / 3, 1e-6);
    /* A prediction of no class is a miss and nobody's false positive: 2/3 and 1. */
    const int unknown[] = {0, -1, 1};
    assert_float_equal(metrics_macro_f1(truths, unknown, 3, 2), (2.0 / 3 + 1) / 2, 1e-6);
}

static void equal_scores_count_half(void **state)
{
    struct metrics_ranked ranked[] = {{.score = 3, .picked = true},
        {.score = 2, .picked = false}, {.score = 2, .picked = true},
        {.score = 1, .picked = false}};
    /* of four pairs three are right and one is a tie */
    assert_float_equal(metrics_auc(ranked, 4), 3.5 / 4, 1e-6);
    struct metrics_ranked constant[] = {{.picked = true}, {.picked = false}, {.picked = false}};
    assert_float_equal(metrics_auc(constant, 3), 0.5, 1e-6);
    assert_float_equal(metrics_auc(constant, 1), 0.5, 1e-6);
}

static void recall_counts_the_picked_among_the_first(void **state)
{
    struct metrics_ranked ranked[] = {{.score = 1, .picked = true},
        {.score = 9, .picked = false}, {.score = 5, .tie = 2, .picked = true},
        {.score = 5, .tie = 1, .picked = false}};
    assert_float_equal(metrics_recall_at(ranked, 4, 1), 0.0, 1e-6);
    assert_float_equal(
        metrics_recall_at(ranked, 4, 2), 0.0, 0); /* the tie goes the other way */
    assert_float_equal(metrics_recall_at(ranked, 4, 3), 0.5, 1e-6);
    assert_float_equal(metrics_recall_at(ranked, 4, 99), 1.0, 1e-6);
    assert_float_equal(metrics_recall_at(ranked, 0, 5), 1.0, 1e-6);
}

static void clusters_are_measured_by_item_and_by_pair(void **state)
{
    /* predicted {a b c} {d}, true {a b} {c d}:
     * B3 P: a, b 2/3, c 1/3, d 1 -> 8/3 of 4; R: a, b 1, c, d 1/2 -> 3 of 4
     * pairs: predicted 3, true 2, common 1 */
    const uint64_t predictions[] = {7, 7, 7, 9};
    const uint64_t truths[] = {1, 1, 2, 2};
    struct metrics_clusters got = metrics_compare_clusters(predictions, truths, 4);
    assert_float_equal(got.b3_precision, 8.0 / 12, 1e-6);
    assert_float_equal(got.b3_recall, 0.75, 1e-6);
    assert_float_equal(got.b3_f1, 2 * (2.0 / 3) * 0.75 / (2.0 / 3 + 0.75), 1e-6);
    assert_float_equal(got.pair_precision, 1.0 / 3, 1e-6);
    assert_float_equal(got.pair_recall, 0.5, 1e-6);
    assert_float_equal(got.pair_f1, 0.4, 1e-6);
}

static void labels_are_only_labels(void **state)
{
    const uint64_t predictions[] = {UINT64_MAX, 0, UINT64_MAX};
    const uint64_t truths[] = {0, UINT64_MAX, 0};
    struct metrics_clusters got = metrics_compare_clusters(predictions, truths, 3);
    assert_float_equal(got.b3_f1, 1.0, 1e-6);
    assert_float_equal(got.pair_f1, 1.0, 1e-6);
    got = metrics_compare_clusters(predictions, truths, 0);
    assert_float_equal(got.pair_precision, 1.0, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predicting_nothing_is_precise_and_finds_nothing),
        cmocka_unit_test(macro_f1_gives_every_class_the_same_weight),
        cmocka_unit_test(equal_scores_count_half),
        cmocka_unit_test(recall_counts_the_picked_among_the_first),
        cmocka_unit_test(clusters_are_measured_by_item_and_by_pair),
        cmocka_unit_test(labels_are_only_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
