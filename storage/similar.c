/* What stands beside a story: items of past issues that are like it, and the other releases it
 * counts as one candidate with.
 *
 * Likeness is the cosine of titles by the rarity of their terms, as with stories
 * (briefing/centroid.h): a product's or a company's name weighs much, "发布" weighs nothing. A
 * newsletter prints some hundred items a year. The titles are read once a connection and kept
 * as lists of who has a term, so that a question walks those of its own terms; they are read
 * anew when an issue was published or imported since, which the issues' versions tell, and the
 * newest TITLES_MAX count.
 *
 * Rejected: reading them for each question (100 ms with 10,000, at every story she opens); an
 * index in the database, whose weights change with every issue. */
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "briefing/centroid.h"
#include "briefing/terms.h"
#include "storage/desk.h"
#include "storage/search_tokenizer.h"
#include "storage/similar.h"
#include "storage/statements.h"

enum { TITLES_MAX = 10000 };

/* From here on a reader sees why a title is shown; below, one common word does it. */
static const double similar_cut = 0.12;

/* What changes with every issue that is published, imported or corrected. */
struct printed_tag {
    int64_t issues, versions, items;
};

/* A title's part of a term. */
struct posting {
    uint32_t gram, title;
    float weight;
};

struct printed_likes {
    struct printed_tag tag;
    struct desk_printed *items; /* the newest first */
    size_t count;
    struct posting *postings; /* by gram, then by title */
    size_t posting_count;
    struct centroid_index *index; /* knows how rare a term is */
    struct arena arena;
};

void similar_forget(struct store *store)
{
    if (store->printed_likes != NULL) {
        centroid_index_free(store->printed_likes->index);
        arena_release(&store->printed_likes->arena);
        free(store->printed_likes);
        store->printed_likes = NULL;
    }
}

static bool read_tag(struct store *store, struct printed_tag *ret_tag, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        store, STATEMENT_READ_PRINTED_TAG, fault);
    bool row;
    if (read == NULL || !statement_next(read, &row, fault)) {
        return false;
    }
    ret_tag->issues = column_int(read);
    ret_tag->versions = column_int(read);
    ret_tag->items = column_int(read);
    return true;
}

static void read_printed(struct statement *row, struct arena *arena, void *item)
{
    struct desk_printed *printed = item;
    printed->day = column_text(row, arena);
    printed->section = column_text(row, arena);
    printed->title = column_text(row, arena);
    printed->url = column_text(row, arena);
    printed->source = column_text(row, arena);
    printed->key = column_text(row, arena);
}

static bool list_printed(struct store *store, struct printed_likes *likes, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_PRINTED, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, TITLES_MAX);
    likes->items = statement_rows(
        list, &likes->arena, sizeof(*likes->items), read_printed, &likes->count, fault);
    return likes->items != NULL;
}

static struct gram_set terms_of(struct arena *arena, const char *title)
{
    struct wording wording = wording_build(fold_table_get(), arena, title, NULL, 0);
    return terms_list(arena, &wording);
}

static int compare_postings(const void *left, const void *right)
{
    const struct posting *a = left, *b = right;
    int order = (a->gram > b->gram) - (a->gram < b->gram);
    return order != 0 ? order : (a->title > b->title) - (a->title < b->title);
}

/* Every title twice: the weights of its terms are known only when all have been counted. */
static void build_postings(struct printed_likes *likes)
{
    cleanup(arena_release) struct arena arena = {0};
    likes->index = centroid_index_new();
    struct gram_set *grams = arena_new_array(&arena, struct gram_set, likes->count);
    for (size_t i = 0; i < likes->count; i++) {
        grams[i] = terms_of(&arena, likes->items[i].title);
        struct term_list terms = centroid_weigh(likes->index, &arena, &grams[i], false);
        centroid_add(likes->index, (uint32_t)i, &terms);
    }
    size_t capacity = 0;
    for (size_t i = 0; i < likes->count; i++) {
        struct term_list terms = centroid_weigh(likes->index, &arena, &grams[i], false);
        for (uint32_t k = 0; k < terms.count; k++) {
            if (likes->posting_count == capacity) {
                likes->postings = arena_grow(
                    &likes->arena, likes->postings, sizeof(*likes->postings), &capacity);
            }
            likes->postings[likes->posting_count++] = (struct posting){
                terms.terms[k].gram, (uint32_t)i, terms.terms[k].weight};
        }
    }
    if (likes->posting_count > 1) {
        qsort(
            likes->postings, likes->posting_count, sizeof(*likes->postings), compare_postings);
    }
}

/* Kept with the connection, as of now. */
static bool get_likes(
    struct store *store, struct printed_likes **ret_likes, struct fault *fault)
{
    struct printed_tag tag;
    if (!read_tag(store, &tag, fault)) {
        return false;
    }
    if (store->printed_likes == NULL ||
        memcmp(&store->printed_likes->tag, &tag, sizeof(tag)) != 0) {
        similar_forget(store);
        store->printed_likes = calloc(1, sizeof(*store->printed_likes));
        if (store->printed_likes == NULL) {
            memory_exhausted();
        }
        store->printed_likes->tag = tag;
        if (!list_printed(store, store->printed_likes, fault)) {
            similar_forget(store);
            return false;
        }
        build_postings(store->printed_likes);
    }
    *ret_likes = store->printed_likes;
    return true;
}

static size_t find_gram(const struct printed_likes *likes, uint32_t gram)
{
    size_t low = 0, high = likes->posting_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (likes->postings[middle].gram < gram) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void score_titles(
    const struct printed_likes *likes, struct arena *arena, const char *title, double *scores)
{
    struct gram_set wanted = terms_of(arena, title);
    struct term_list asked = centroid_weigh(likes->index, arena, &wanted, false);
    for (uint32_t i = 0; i < asked.count; i++) {
        const struct term *term = &asked.terms[i];
        for (size_t k = find_gram(likes, term->gram);
             k < likes->posting_count && likes->postings[k].gram == term->gram; k++) {
            scores[likes->postings[k].title] += (double)term->weight *
                likes->postings[k].weight;
        }
    }
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

/* The DESK_SIMILAR_MAX best of what reaches the cut, the newest first of equals: the list is
 * that way already. The texts are copied, for the list may be forgotten. */
static size_t take_best(const struct printed_likes *likes, const double *scores,
    struct arena *arena, struct desk_printed *ret_best)
{
    size_t best[DESK_SIMILAR_MAX], kept = 0;
    for (size_t i = 0; i < likes->count; i++) {
        size_t place = kept;
        while (place > 0 && scores[best[place - 1]] < scores[i]) {
            place--;
        }
        if (scores[i] < similar_cut || place == DESK_SIMILAR_MAX) {
            continue;
        }
        kept += kept < DESK_SIMILAR_MAX;
        memmove(best + place + 1, best + place, (kept - place - 1) * sizeof(*best));
        best[place] = i;
    }
    for (size_t i = 0; i < kept; i++) {
        const struct desk_printed *item = &likes->items[best[i]];
        ret_best[i] = (struct desk_printed){.day = arena_strdup(arena, item->day),
            .section = arena_strdup(arena, item->section),
            .title = arena_strdup(arena, item->title),
            .url = arena_strdup(arena, item->url),
            .source = arena_strdup(arena, item->source),
            .key = arena_strdup(arena, item->key),
            .score = scores[best[i]]};
    }
    return kept;
}

bool desk_list_similar(struct store *store, struct arena *arena, const struct config *config,
    int64_t story, struct desk_printed **ret_items, size_t *ret_count, struct fault *fault)
{
    struct desk_story read;
    struct desk_item *items;
    struct printed_likes *likes;
    size_t count;
    if (!desk_read_story(store, arena, config, story, &read, &items, &count, fault) ||
        !get_likes(store, &likes, fault)) {
        return false;
    }
    double *scores = arena_new_array(arena, double, likes->count + 1);
    memset(scores, 0, (likes->count + 1) * sizeof(*scores));
    if (likes->count > 0 && read.lead.title != NULL) {
        score_titles(likes, arena, read.lead.title, scores);
    }
    for (size_t i = 0; i < likes->count; i++) {
        if (is_key_of(items, count, likes->items[i].key)) {
            scores[i] = 1;
        }
    }
    *ret_items = arena_new_array(arena, struct desk_printed, DESK_SIMILAR_MAX);
    *ret_count = take_best(likes, scores, arena, *ret_items);
    return true;
}

static void read_bundled(struct statement *row, struct arena *arena, void *item)
{
    struct desk_bundled *bundled = item;
    bundled->item = column_int(row);
    bundled->story = column_int(row);
    bundled->title = column_text(row, arena);
    bundled->url = column_text(row, arena);
    bundled->dated_utc_s = column_int(row);
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
    *ret_items = statement_rows(
        list, arena, sizeof(**ret_items), read_bundled, ret_count, fault);
    return *ret_items != NULL;
}
