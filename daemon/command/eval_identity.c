/* Keys, near-duplicates and stories, by the functions that the daemon calls. */
#include "command/eval.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "briefing/metrics.h"
#include "command/story_line.h"
#include "feed/url.h"

static const char *text_of(const json_t *line, const char *name)
{
    return json_string_value(json_object_get(line, name));
}

static bool is_true(const json_t *value)
{
    return json_is_true(value) || json_integer_value(value) != 0;
}

static double share(size_t part, size_t whole)
{
    return whole == 0 ? 1 : (double)part / (double)whole;
}

/* ---- keys ---- */

bool eval_urls(struct eval *eval, const char *name, const json_t *lines, struct fault *fault)
{
    size_t same = 0, joined = 0, different = 0, apart = 0, moved = 0;
    size_t index;
    const json_t *line;
    json_array_foreach(lines, index, line)
    {
        cleanup(arena_release) struct arena arena = {0};
        const char *a = text_of(line, "a"), *b = text_of(line, "b");
        if (a == NULL || b == NULL) {
            return fault_set(
                fault, FAULT_PARSE, "%s: line %zu needs 'a' and 'b'", name, index + 1);
        }
        const char *key_a = url_key(&arena, a), *key_b = url_key(&arena, b);
        bool equal = strcmp(key_a, key_b) == 0;
        if (is_true(json_object_get(line, "same"))) {
            same++;
            joined += equal;
        } else {
            different++;
            apart += !equal;
        }
        moved += strcmp(url_key(&arena, key_a), key_a) != 0;
        moved += strcmp(url_key(&arena, key_b), key_b) != 0;
    }
    eval_add(eval, name, share(joined, same), same, "keys: same ones joined");
    eval_add(eval, name, share(apart, different), different, "keys: different ones kept apart");
    eval_add(eval, name, (double)moved, same + different, "keys: that have another key");
    return true;
}

/* ---- pairs ---- */

static bool read_side(
    struct arena *arena, const json_t *line, const char *name, struct story_item *item)
{
    struct fault fault;
    const json_t *side = json_object_get(line, name);
    bool ok = json_is_object(side) && story_line_read(arena, side, item, &fault);
    item->published_s = 0; /* whether one came in time for the other is not asked */
    return ok;
}

static bool compare(
    struct eval *eval, const json_t *line, enum story_tier *ret_tier, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    struct story_item a, b;
    if (!read_side(&arena, line, "a", &a) || !read_side(&arena, line, "b", &b)) {
        return fault_set(fault, FAULT_PARSE, "a pair needs 'a' and 'b' with texts");
    }
    a.item = 0;
    b.item = 1;
    struct story_index *index = story_index_new(eval->fold, &eval->stories);
    story_place(index, &arena, &a);
    *ret_tier = story_place(index, &arena, &b).tier;
    story_index_free(index);
    return true;
}

bool eval_pairs(struct eval *eval, const char *name, const json_t *lines, struct fault *fault)
{
    static const char *const tasks[] = {"near_dup", "same_story"};
    static const char *const shown[] = {"near-duplicates", "stories of two"};
    struct metrics_precision counts[2] = {0};
    size_t look_alikes = 0, merged = 0, index;
    const json_t *line;
    json_array_foreach(lines, index, line)
    {
        enum story_tier tier = STORY_NEW;
        const char *origin = text_of(line, "origin");
        if (!compare(eval, line, &tier, fault)) {
            return fault_prefix(fault, "%s, line %zu: ", name, index + 1);
        }
        bool near = tier == STORY_SAME_KEY || tier == STORY_NEAR_DUPLICATE;
        const bool predicted[] = {near, tier != STORY_NEW};
        for (size_t i = 0; i < array_count(tasks); i++) {
            const json_t *truth = json_object_get(line, tasks[i]);
            if (truth != NULL && !json_is_null(truth)) {
                metrics_count(&counts[i], is_true(truth), predicted[i]);
            }
        }
        if (origin != NULL && strncmp(origin, "lookalike", 9) == 0) {
            look_alikes++;
            merged += near && !is_true(json_object_get(line, "near_dup"));
        }
    }
    for (size_t i = 0; i < array_count(tasks); i++) {
        size_t positives = counts[i].true_positives + counts[i].false_negatives;
        if (positives > 0) {
            eval_add(eval, name, metrics_precision(&counts[i]), positives, "%s: precision",
                shown[i]);
            eval_add(eval, name, metrics_recall(&counts[i]), positives, "%s: recall", shown[i]);
        }
    }
    eval_add(eval, name, (double)merged, look_alikes, "look-alikes merged");
    return true;
}

/* ---- streams ---- */

bool eval_streams(struct eval *eval, const char *name, const json_t *lines, struct fault *fault)
{
    size_t count = json_array_size(lines);
    cleanup(arena_release) struct arena arena = {0};
    uint64_t *predictions = arena_new_array(&arena, uint64_t, count);
    uint64_t *truths = arena_new_array(&arena, uint64_t, count);
    struct story_index *index = story_index_new(eval->fold, &eval->stories);
    clock_t begin = clock();
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        cleanup(arena_release) struct arena one = {0};
        const json_t *line = json_array_get(lines, i);
        const char *story = text_of(line, "story");
        struct story_item item;
        ok = story != NULL
            ? story_line_read(&one, line, &item, fault)
            : fault_set(fault, FAULT_PARSE, "%s: line %zu has no 'story'", name, i + 1);
        if (ok) {
            item.item = (int64_t)i;
            predictions[i] = (uint64_t)story_place(index, &one, &item).story;
            truths[i] = hash_string(HASH_START, story);
        }
    }
    double spent_us = (double)(clock() - begin) * 1e6 / CLOCKS_PER_SEC;
    story_index_free(index);
    if (!ok) {
        return false;
    }
    struct metrics_clusters clusters = metrics_compare_clusters(predictions, truths, count);
    eval_add(eval, name, clusters.b3_precision, count, "stories: B-cubed precision");
    eval_add(eval, name, clusters.b3_recall, count, "stories: B-cubed recall");
    eval_add(eval, name, clusters.b3_f1, count, "stories: B-cubed F1");
    eval_add(eval, name, clusters.pair_precision, count, "stories: precision of pairs");
    eval_add(eval, name, clusters.pair_recall, count, "stories: recall of pairs");
    eval_add(eval, name, spent_us / (double)(count == 0 ? 1 : count), count,
        "microseconds an item, grouped");
    return true;
}
