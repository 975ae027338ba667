/* What stands beside a story: items of past issues that are like it, and the other releases it
 * counts as one candidate with.
 *
 * Likeness is the cosine of titles by the rarity of their terms, as with stories
 * (briefing/centroid.h): a product's or a company's name weighs much, "发布" weighs nothing. A
 * newsletter prints some hundred items a year, so the index is built for the question and
 * thrown away.
 *
 * Rejected: keeping the index with the connection. It would have to be told of every issue that
 * is published or imported through another connection, to save the few milliseconds in which a
 * reader's thread builds it. */
#include <string.h>

#include "briefing/centroid.h"
#include "briefing/terms.h"
#include "storage/desk.h"
#include "storage/search_tokenizer.h"
#include "storage/statements.h"

/* From here on a reader sees why a title is shown; below, one common word does it. */
static const double similar_cut = 0.12;

static bool list_printed(struct store *store, struct arena *arena,
    struct desk_printed **ret_items, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_PRINTED, fault);
    if (list == NULL) {
        return false;
    }
    *ret_items = NULL;
    *ret_count = 0;
    size_t capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        if (*ret_count == capacity) {
            *ret_items = arena_grow(arena, *ret_items, sizeof(**ret_items), &capacity);
        }
        struct desk_printed *item = &(*ret_items)[(*ret_count)++];
        *item = (struct desk_printed){0};
        item->day = column_text(list, arena);
        item->section = column_text(list, arena);
        item->title = column_text(list, arena);
        item->url = column_text(list, arena);
        item->source = column_text(list, arena);
        item->key = column_text(list, arena);
    }
    return false;
}

static struct gram_set terms_of(
    const struct fold_table *fold, struct arena *arena, const char *title)
{
    struct wording wording = wording_build(fold, arena, title, NULL, 0);
    return terms_list(arena, &wording);
}

/* Both in ascending order of grams. */
static double multiply_terms(const struct term_list *a, const struct term_list *b)
{
    double sum = 0;
    for (uint32_t i = 0, k = 0; i < a->count && k < b->count;) {
        if (a->terms[i].gram == b->terms[k].gram) {
            sum += (double)a->terms[i].weight * b->terms[k].weight;
        }
        uint32_t left = a->terms[i].gram, right = b->terms[k].gram;
        i += left <= right;
        k += right <= left;
    }
    return sum;
}

/* Every title twice: the weights of its terms are known only when all have been counted. */
static void score_titles(const struct fold_table *fold, struct arena *arena, const char *title,
    struct desk_printed *items, size_t count)
{
    struct centroid_index *index = centroid_index_new();
    struct gram_set *grams = arena_new_array(arena, struct gram_set, count);
    for (size_t i = 0; i < count; i++) {
        grams[i] = terms_of(fold, arena, items[i].title);
        struct term_list terms = centroid_weigh(index, arena, &grams[i], false);
        centroid_add(index, (uint32_t)i, &terms);
    }
    struct gram_set wanted = terms_of(fold, arena, title);
    struct term_list asked = centroid_weigh(index, arena, &wanted, false);
    for (size_t i = 0; i < count; i++) {
        struct term_list terms = centroid_weigh(index, arena, &grams[i], false);
        double score = multiply_terms(&terms, &asked);
        items[i].score = score >= similar_cut ? score : 0;
    }
    centroid_index_free(index);
}

static bool is_key_of(const struct desk_item *items, size_t count, const char *key)
{
    for (size_t i = 0; key != NULL && i < count; i++) {
        if (strcmp(items[i].candidate.key, key) == 0) {
            return true;
        }
    }
    return false;
}

/* The DESK_SIMILAR_MAX best, the newest first of equals: the list is that way already. */
static size_t keep_best(struct desk_printed *items, size_t count)
{
    struct desk_printed best[DESK_SIMILAR_MAX];
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t place = kept;
        while (place > 0 && best[place - 1].score < items[i].score) {
            place--;
        }
        if (items[i].score <= 0 || place == DESK_SIMILAR_MAX) {
            continue;
        }
        kept += kept < DESK_SIMILAR_MAX;
        memmove(best + place + 1, best + place, (kept - place - 1) * sizeof(*best));
        best[place] = items[i];
    }
    if (kept > 0) {
        memcpy(items, best, kept * sizeof(*best));
    }
    return kept;
}

bool desk_list_similar(struct store *store, struct arena *arena, const struct config *config,
    int64_t story, struct desk_printed **ret_items, size_t *ret_count, struct fault *fault)
{
    struct desk_story read;
    struct desk_item *items;
    size_t count;
    if (!desk_read_story(store, arena, config, story, &read, &items, &count, fault) ||
        !list_printed(store, arena, ret_items, ret_count, fault)) {
        return false;
    }
    if (*ret_count > 0 && read.lead.title != NULL) {
        score_titles(fold_table_get(), arena, read.lead.title, *ret_items, *ret_count);
    }
    for (size_t i = 0; i < *ret_count; i++) {
        if (is_key_of(items, count, (*ret_items)[i].key)) {
            (*ret_items)[i].score = 1;
        }
    }
    *ret_count = keep_best(*ret_items, *ret_count);
    return true;
}

bool desk_list_bundled(struct store *store, struct arena *arena, const char *bundle,
    int64_t story, struct desk_bundled **ret_items, size_t *ret_count, struct fault *fault)
{
    *ret_items = NULL;
    *ret_count = 0;
    if (bundle == NULL) {
        return true;
    }
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_BUNDLED, fault);
    if (list == NULL) {
        return false;
    }
    bind_text(list, bundle);
    bind_int(list, story);
    bind_int(list, DESK_BUNDLED_MAX);
    size_t capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        if (*ret_count == capacity) {
            *ret_items = arena_grow(arena, *ret_items, sizeof(**ret_items), &capacity);
        }
        struct desk_bundled *item = &(*ret_items)[(*ret_count)++];
        item->item = column_int(list);
        item->story = column_int(list);
        item->title = column_text(list, arena);
        item->url = column_text(list, arena);
        item->dated_utc_s = column_int(list);
    }
    return false;
}
