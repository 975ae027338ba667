/* Everything is counted from sorted copies: clusters by runs of equal labels, ranks by
 * position. No hash table is needed, and n log n of a few hundred thousand is nothing. */
#include "briefing/metrics.h"

#include <stdlib.h>

#include "base/arena.h"

void metrics_count(struct metrics_precision *counts, bool truth, bool predicted)
{
    counts->true_positives += truth && predicted;
    counts->false_positives += !truth && predicted;
    counts->false_negatives += truth && !predicted;
}

static double share(double part, double whole, double otherwise)
{
    return whole > 0 ? part / whole : otherwise;
}

double metrics_precision(const struct metrics_precision *counts)
{
    return share((double)counts->true_positives,
        (double)(counts->true_positives + counts->false_positives), 1);
}

double metrics_recall(const struct metrics_precision *counts)
{
    return share((double)counts->true_positives,
        (double)(counts->true_positives + counts->false_negatives), 1);
}

double metrics_f1(double precision, double recall)
{
    return share(2 * precision * recall, precision + recall, 0);
}

double metrics_macro_f1(
    const int *truths, const int *predictions, size_t count, size_t class_count)
{
    double sum = 0;
    for (int class = 0; class < (int)class_count; class ++) {
        struct metrics_precision counts = {0};
        for (size_t i = 0; i < count; i++) {
            metrics_count(&counts, truths[i] == class, predictions[i] == class);
        }
        /* The same as metrics_f1() of both, but 0 rather than 1 for a class nobody names. */
        double twice = 2 * (double)counts.true_positives;
        sum += share(
            twice, twice + (double)(counts.false_positives + counts.false_negatives), 0);
    }
    return share(sum, (double)class_count, 0);
}

static int compare_ranked(const void *left, const void *right)
{
    const struct metrics_ranked *a = left, *b = right;
    if (a->score != b->score) {
        return a->score > b->score ? -1 : 1;
    }
    return (a->tie > b->tie) - (a->tie < b->tie);
}

/* Each run of equal scores: its picked ones beat every later one passed over, and half of those
 * beside them. */
double metrics_auc(struct metrics_ranked *ranked, size_t count)
{
    qsort(ranked, count, sizeof(*ranked), compare_ranked);
    double picked = 0, passed = 0, beaten_by = 0;
    for (size_t i = 0; i < count;) {
        double picked_here = 0, passed_here = 0;
        size_t end = i;
        for (; end < count && ranked[end].score == ranked[i].score; end++) {
            picked_here += ranked[end].picked;
            passed_here += !ranked[end].picked;
        }
        beaten_by += passed_here * (picked + picked_here / 2);
        picked += picked_here;
        passed += passed_here;
        i = end;
    }
    return share(beaten_by, picked * passed, 0.5);
}

double metrics_recall_at(struct metrics_ranked *ranked, size_t count, size_t first)
{
    qsort(ranked, count, sizeof(*ranked), compare_ranked);
    size_t picked = 0, found = 0;
    for (size_t i = 0; i < count; i++) {
        picked += ranked[i].picked;
        found += i < first && ranked[i].picked;
    }
    return share((double)found, (double)picked, 1);
}

struct membership {
    uint64_t prediction, truth;
};

static int compare_by_prediction(const void *left, const void *right)
{
    const struct membership *a = left, *b = right;
    if (a->prediction != b->prediction) {
        return a->prediction < b->prediction ? -1 : 1;
    }
    return (a->truth > b->truth) - (a->truth < b->truth);
}

static int compare_by_truth(const void *left, const void *right)
{
    const struct membership *a = left, *b = right;
    if (a->truth != b->truth) {
        return a->truth < b->truth ? -1 : 1;
    }
    return (a->prediction > b->prediction) - (a->prediction < b->prediction);
}

/* What clusters of one side share with those of the other. */
struct overlap {
    double b3;     /* sum over the items of the share of its cluster that belongs with it */
    double joined; /* pairs of one cluster */
    double common; /* pairs of one cluster on both sides */
};

static double pairs_of(double items)
{
    return items * (items - 1) / 2;
}

static struct overlap measure(const struct membership *items, size_t count, bool by_truth)
{
    struct overlap overlap = {0};
    for (size_t i = 0; i < count;) {
        size_t end = i, part = i;
        double squares = 0;
        uint64_t label = by_truth ? items[i].truth : items[i].prediction;
        while (end < count && (by_truth ? items[end].truth : items[end].prediction) == label) {
            uint64_t other = by_truth ? items[end].prediction : items[end].truth;
            for (part = end; end < count &&
                 (by_truth ? items[end].truth : items[end].prediction) == label &&
                 (by_truth ? items[end].prediction : items[end].truth) == other;
                 end++) {
            }
            double size = (double)(end - part);
            squares += size * size;
            overlap.common += pairs_of(size);
        }
        double size = (double)(end - i);
        overlap.b3 += squares / size;
        overlap.joined += pairs_of(size);
        i = end;
    }
    return overlap;
}

struct metrics_clusters metrics_compare_clusters(
    const uint64_t *predictions, const uint64_t *truths, size_t count)
{
    cleanup(arena_release) struct arena arena = {0};
    struct membership *items = arena_new_array(&arena, struct membership, count + 1);
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct membership){predictions[i], truths[i]};
    }
    qsort(items, count, sizeof(*items), compare_by_prediction);
    struct overlap predicted = measure(items, count, false);
    qsort(items, count, sizeof(*items), compare_by_truth);
    struct overlap true_ones = measure(items, count, true);

    struct metrics_clusters clusters = {
        .b3_precision = share(predicted.b3, (double)count, 1),
        .b3_recall = share(true_ones.b3, (double)count, 1),
        .pair_precision = share(predicted.common, predicted.joined, 1),
        .pair_recall = share(true_ones.common, true_ones.joined, 1),
    };
    clusters.b3_f1 = metrics_f1(clusters.b3_precision, clusters.b3_recall);
    clusters.pair_f1 = metrics_f1(clusters.pair_precision, clusters.pair_recall);
    return clusters;
}
