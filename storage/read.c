/* Reading for the draft and the pages: each function is one snapshot, copied into the caller's
 * arena, so that no statement stays open between two calls. */
#include <string.h>

#include "base/clock.h"
#include "storage/statements.h"

bool store_read_totals(
    struct store *store, struct store_totals *ret_totals, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        store, STATEMENT_READ_TOTALS, fault);
    bool row;
    if (read == NULL || !statement_next(read, &row, fault)) {
        return false;
    }
    ret_totals->feeds = column_int(read);
    ret_totals->items = column_int(read);
    ret_totals->sightings = column_int(read);
    ret_totals->issues = column_int(read);
    return true;
}

/* ---- candidates ---- */

/* Index of the section with this id, else of the fallback section. */
static int section_index(const struct config *config, const char *id)
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

/* The inverse of join_tags() in verdicts.c: one tag a line. `text` lives in the arena and is
 * cut. */
static const char **split_tags(struct arena *arena, char *text, size_t *ret_count)
{
    const char **tags = NULL;
    size_t count = 0, capacity = 0;
    for (char *tag = text; tag != NULL;) {
        if (count == capacity) {
            tags = arena_grow(arena, tags, sizeof(*tags), &capacity);
        }
        tags[count++] = strsep(&tag, "\n");
    }
    *ret_count = count;
    return tags;
}

/* Names of the feeds beside `feed_id` that brought the item. */
static bool read_also(struct store *store, struct arena *arena, struct candidate *candidate,
    int64_t feed_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_ALSO, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, candidate->id);
    bind_int(list, feed_id);
    size_t capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        const char *source = column_peek(list);
        if (candidate->source != NULL && strcmp(source, candidate->source) == 0) {
            continue; /* another feed of the same source */
        }
        if (candidate->also_count == capacity) {
            candidate->also = arena_grow(
                arena, candidate->also, sizeof(*candidate->also), &capacity);
        }
        candidate->also[candidate->also_count++] = arena_strdup(arena, source);
    }
    return false;
}

static struct candidate read_candidate(struct statement *row, struct arena *arena,
    const struct config *config, int64_t *ret_feed_id)
{
    struct candidate candidate = {0};
    candidate.id = column_int(row);
    *ret_feed_id = column_int(row);
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
    candidate.tags = split_tags(
        arena, arena_strdup(arena, column_peek(row)), &candidate.tag_count);
    candidate.printed_day = column_text(row, arena);
    candidate.printed_how = column_text(row, arena);
    candidate.bundle = column_text(row, arena);
    candidate.reasons_json = column_text(row, arena);
    return candidate;
}

static bool list_candidates(struct store *store, struct arena *arena,
    const struct config *config, int64_t since_utc_s, size_t limit,
    struct candidate **ret_candidates, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_CANDIDATES, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, since_utc_s);
    bind_int(list, (int64_t)limit);
    struct candidate *candidates = NULL;
    size_t count = 0, capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            *ret_candidates = candidates;
            *ret_count = count;
            return true;
        }
        if (count == capacity) {
            candidates = arena_grow(arena, candidates, sizeof(*candidates), &capacity);
        }
        int64_t feed_id;
        candidates[count] = read_candidate(list, arena, config, &feed_id);
        if (!read_also(store, arena, &candidates[count], feed_id, fault)) {
            return false;
        }
        count++;
    }
    return false;
}

bool store_read_candidates(struct store *store, struct arena *arena,
    const struct config *config, int64_t since_utc_s, size_t limit,
    struct candidate **ret_candidates, size_t *ret_count, struct fault *fault)
{
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = list_candidates(
        store, arena, config, since_utc_s, limit, ret_candidates, ret_count, fault);
    transaction_end_read(store);
    return ok;
}

/* ---- issues ---- */

bool store_read_issues(struct store *store, struct arena *arena, struct past_issue **ret_issues,
    size_t *ret_count, int64_t *ret_last_utc_s, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_ISSUES, fault);
    if (list == NULL) {
        return false;
    }
    struct past_issue *issues = NULL;
    size_t count = 0, capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            *ret_issues = issues;
            *ret_count = count;
            if (count == 0 || !clock_parse_day(issues[0].date, ret_last_utc_s)) {
                *ret_last_utc_s = CLOCK_NONE;
            }
            return true;
        }
        if (count == capacity) {
            issues = arena_grow(arena, issues, sizeof(*issues), &capacity);
        }
        issues[count].date = column_text(list, arena);
        issues[count].url = column_text(list, arena);
        issues[count].spaces_before = (uint8_t)column_int(list);
        issues[count].spaces_after = (uint8_t)column_int(list);
        count++;
    }
    return false;
}
