/* Stories as the draft sees them: the lead's texts and verdict, and who else reported it. */
#include "storage/candidates.h"

#include <string.h>

int section_index(const struct config *config, const char *id)
{
    int fallback = 0;
    for (size_t i = 0; i < config->section_count; i++) {
        if (strcmp(config->sections[i].id, id) == 0) {
            return (int)i;
        }
        if (config->sections[i].fallback) {
            fallback = (int)i;
        }
    }
    return fallback;
}

struct candidate candidate_from_row(
    struct statement *row, struct arena *arena, const struct config *config)
{
    struct candidate candidate = {0};
    candidate.id = column_int(row);
    candidate.key = column_text(row, arena);
    candidate.title = column_text(row, arena);
    candidate.summary = column_text(row, arena);
    candidate.url = column_text(row, arena);
    candidate.source = column_text(row, arena);
    candidate.language = column_text(row, arena);
    candidate.published_utc_s = column_time(row);
    candidate.first_seen_utc_s = column_time(row);
    candidate.section = section_index(config, column_peek(row));
    candidate.margin = column_real(row);
    candidate.uncertain = column_int(row) != 0;
    candidate.relevance = column_real(row);
    candidate.vendor = column_text(row, arena);
    candidate.prefix = column_text(row, arena);
    candidate.tags = column_lines(row, arena, &candidate.tag_count);
    candidate.printed_day = column_text(row, arena);
    candidate.printed_how = column_text(row, arena);
    candidate.bundle = column_text(row, arena);
    candidate.reasons_json = column_text(row, arena);
    return candidate;
}

bool candidate_read_also(struct store *store, struct arena *arena, int64_t story,
    struct candidate *candidate, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_ALSO, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, story);
    size_t capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        const char *source = column_peek(list);
        if (candidate->source != NULL && strcmp(source, candidate->source) == 0) {
            continue; /* its own, or another feed of the same source */
        }
        if (candidate->also_count == capacity) {
            candidate->also = arena_grow(
                arena, candidate->also, sizeof(*candidate->also), &capacity);
        }
        candidate->also[candidate->also_count++] = arena_strdup(arena, source);
    }
    return false;
}

bool candidate_read(struct store *store, struct arena *arena, const struct config *config,
    int64_t item, struct candidate *ret_candidate, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        store, STATEMENT_READ_CANDIDATE, fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, item);
    if (!statement_expect(read, "item", item, fault)) {
        return false;
    }
    *ret_candidate = candidate_from_row(read, arena, config);
    return candidate_read_also(store, arena, column_int(read), ret_candidate, fault);
}

bool candidates_list(struct store *store, struct arena *arena, const struct config *config,
    int64_t since_utc_s, size_t limit, struct candidates *ret_list, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_CANDIDATES, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, since_utc_s);
    bind_int(list, (int64_t)limit);
    *ret_list = (struct candidates){0};
    size_t capacity = 0, story_capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        size_t i = ret_list->count;
        if (i == capacity) {
            ret_list->items = arena_grow(
                arena, ret_list->items, sizeof(*ret_list->items), &capacity);
            ret_list->stories = arena_grow(
                arena, ret_list->stories, sizeof(*ret_list->stories), &story_capacity);
        }
        ret_list->items[i] = candidate_from_row(list, arena, config);
        ret_list->stories[i] = column_int(list);
        if (!candidate_read_also(
                store, arena, ret_list->stories[i], &ret_list->items[i], fault)) {
            return false;
        }
        ret_list->count++;
    }
    return false;
}

bool store_read_candidates(struct store *store, struct arena *arena,
    const struct config *config, int64_t since_utc_s, size_t limit,
    struct candidate **ret_candidates, size_t *ret_count, struct fault *fault)
{
    struct candidates list;
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = candidates_list(store, arena, config, since_utc_s, limit, &list, fault);
    transaction_end_read(store);
    if (ok) {
        *ret_candidates = list.items;
        *ret_count = list.count;
    }
    return ok;
}
