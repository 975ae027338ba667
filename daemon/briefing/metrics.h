/* How good predictions are, by the measures the field reports. PURE; nothing lives on.
 *
 * Sources: macro F1, precision and recall: van Rijsbergen, Information Retrieval, 1979; the
 * area under the ROC curve as the Mann-Whitney statistic: Hanley and McNeil, Radiology 143,
 * 1982; B-cubed: Bagga and Baldwin, COLING-ACL 1998. Where a measure is undefined (nothing
 * predicted, nothing to find) it is 1 for precision and recall of pairs, as those who predict
 * nothing wrong are owed, and 0 for a class that does not occur.
 */
#ifndef BRIEFING_METRICS_H
#define BRIEFING_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct metrics_precision {
    size_t true_positives, false_positives, false_negatives;
};

/* Count one prediction. */
void metrics_count(struct metrics_precision *counts, bool truth, bool predicted);
double metrics_precision(const struct metrics_precision *counts);
double metrics_recall(const struct metrics_precision *counts);
/* 2PR / (P + R); 0 when both are. */
double metrics_f1(double precision, double recall);

/* Mean F1 of `class_count` classes. A prediction outside 0..class_count-1 is of no class: it is
 * wrong, and a false positive of none. Truths must be inside. */
double metrics_macro_f1(
    const int *truths, const int *predictions, size_t count, size_t class_count);

/* One of a ranking: picked or passed over. */
struct metrics_ranked {
    double score;
    uint64_t tie; /* decides between equal scores, so that a constant score is chance */
    bool picked;
};

/* The chance that a picked one scores higher than one passed over, ties counting half. Sorts
 * `ranked`. 0.5 when either is missing. */
double metrics_auc(struct metrics_ranked *ranked, size_t count);

/* Share of the picked ones among the best `first`. Sorts `ranked`, best first. 1 when nothing
 * is picked. */
double metrics_recall_at(struct metrics_ranked *ranked, size_t count, size_t first);

/* A clustering against the true one. */
struct metrics_clusters {
    double b3_precision, b3_recall, b3_f1;
    double pair_precision, pair_recall, pair_f1;
};

/* Item i is in predicted cluster `predictions[i]` and truly in `truths[i]`; the numbers are
 * labels, nothing more. */
struct metrics_clusters metrics_compare_clusters(
    const uint64_t *predictions, const uint64_t *truths, size_t count);

#endif
