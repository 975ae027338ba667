/* Clauses have no ids in a text that was edited by hand, so a clause of base that is missing in
 * now and one of now that is missing in base are one reworded clause when they share enough of
 * their character pairs, and so is hers beside one of base. Rejected: keeping ids in markers
 * inside the text (she would see and break them), a diff of characters (it tears clauses).
 */
#include "briefing/guide_propose.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/buffer.h"
#include "briefing/guide_parts.h"
#include "briefing/letters.h"

/* Dice's coefficient of character pairs above which two clauses are one in other words. Below
 * it an added and a removed line are shown, which says the same in more words. */
static const double same_clause = 0.4;

enum { PAIRS_MAX = 512 };

struct pairs {
    uint64_t items[PAIRS_MAX];
    size_t count;
};

static void pairs_take(struct pairs *pairs, const char *text)
{
    size_t offset = 0;
    uint32_t before = letters_next(text, &offset), c;
    pairs->count = 0;
    while (before != 0 && (c = letters_next(text, &offset)) != 0 && pairs->count < PAIRS_MAX) {
        pairs->items[pairs->count++] = (uint64_t)before << 32 | c;
        before = c;
    }
}

static double similarity(const char *a, const char *b)
{
    struct pairs left, right;
    size_t shared = 0;
    pairs_take(&left, a);
    pairs_take(&right, b);
    size_t total = left.count + right.count;
    for (size_t i = 0; i < left.count; i++) {
        for (size_t k = 0; k < right.count; k++) {
            if (left.items[i] == right.items[k]) {
                right.items[k] = 0; /* each counts once */
                shared++;
                break;
            }
        }
    }
    return total == 0 ? 0 : 2.0 * (double)shared / (double)total;
}

/* ---- one group against another ---- */

static const struct guide_group *group_named(const struct guide_parts *parts, const char *name)
{
    static const struct guide_group none = {.name = ""};
    int index = guide_parts_find_group(parts, name);
    return index < 0 ? &none : &parts->groups[index];
}

/* The clause of `in` nearest to `text`, of those that `beside` does not hold; NULL: none is
 * near enough. */
static const char *nearest(
    const struct guide_group *in, const struct guide_group *beside, const char *text)
{
    const char *best = NULL;
    double score = same_clause;
    for (size_t i = 0; i < in->clause_count; i++) {
        const char *clause = in->clauses[i].text;
        double now = guide_group_find_clause(beside, clause) >= 0 ? 0
                                                                  : similarity(clause, text);
        if (now > score) {
            score = now;
            best = clause;
        }
    }
    return best;
}

struct comparison {
    struct arena *arena;
    const struct guide_parts *base, *hers, *now;
    struct guide_proposal *proposal;
    size_t capacity;
};

static void add_change(struct comparison *comparison, struct guide_change change)
{
    struct guide_proposal *proposal = comparison->proposal;
    if (proposal->change_count == comparison->capacity) {
        proposal->changes = arena_grow(comparison->arena, proposal->changes,
            sizeof(*proposal->changes), &comparison->capacity);
    }
    proposal->changes[proposal->change_count++] = change;
}

/* What stands in her text for the clause `before` of base; NULL: she took it out. */
static const char *in_hers(
    const struct comparison *comparison, const char *group, const char *before)
{
    const struct guide_group *hers = group_named(comparison->hers, group);
    if (guide_group_find_clause(hers, before) >= 0) {
        return before;
    }
    return nearest(hers, group_named(comparison->base, group), before);
}

static void compare_new_clause(
    struct comparison *comparison, const struct guide_group *group, size_t index)
{
    bool first_group = group == comparison->now->groups;
    const struct guide_group *base = group_named(comparison->base, group->name);
    const struct guide_group *hers = group_named(comparison->hers, group->name);
    const char *clause = group->clauses[index].text;
    if (guide_group_find_clause(base, clause) >= 0 ||
        guide_group_find_clause(hers, clause) >= 0) {
        return;
    }
    struct guide_change change = {
        .group = group->name,
        .before = nearest(base, group, clause),
        .after = clause,
        .group_behind = first_group ? NULL : group[-1].name,
        .behind = index > 0 ? group->clauses[index - 1].text : NULL,
    };
    change.kind = change.before == NULL ? GUIDE_CHANGE_ADDED : GUIDE_CHANGE_REWORDED;
    if (change.before != NULL) {
        change.hers = in_hers(comparison, group->name, change.before);
        change.conflict = change.hers == NULL || strcmp(change.hers, change.before) != 0;
    } else {
        /* she may have named it already in her own words */
        change.hers = nearest(hers, base, clause);
        change.conflict = change.hers != NULL;
    }
    add_change(comparison, change);
}

static void compare_old_clause(
    struct comparison *comparison, const struct guide_group *group, size_t index)
{
    const struct guide_group *now = group_named(comparison->now, group->name);
    const char *clause = group->clauses[index].text;
    const char *hers = in_hers(comparison, group->name, clause);
    bool kept = guide_group_find_clause(now, clause) >= 0;
    bool reworded = nearest(now, group, clause) != NULL;
    if (!kept && !reworded && hers != NULL) {
        add_change(comparison,
            (struct guide_change){
                .kind = GUIDE_CHANGE_REMOVED,
                .group = group->name,
                .before = clause,
                .hers = hers,
                .conflict = strcmp(hers, clause) != 0,
            });
    }
}

static void compare_heads(struct comparison *comparison)
{
    const char *now = comparison->now->head, *hers = comparison->hers->head;
    long count = guide_count_in(now);
    if (strcmp(comparison->base->head, now) != 0 && strcmp(hers, now) != 0 && count >= 0 &&
        guide_count_in(hers) >= 0 && guide_count_in(hers) != count) {
        add_change(comparison,
            (struct guide_change){
                .kind = GUIDE_CHANGE_COUNT,
                .before = comparison->base->head,
                .after = now,
                .hers = hers,
            });
    }
}

struct guide_proposal guide_propose(struct arena *arena, const struct config_labels *labels,
    const char *base, const char *hers, const char *now)
{
    struct guide_proposal proposal = {.merged = hers};
    struct comparison comparison = {
        .arena = arena,
        .base = guide_parts_read(arena, base, labels),
        .hers = guide_parts_read(arena, hers, labels),
        .now = guide_parts_read(arena, now, labels),
        .proposal = &proposal,
    };
    compare_heads(&comparison);
    for (size_t i = 0; i < comparison.now->group_count; i++) {
        for (size_t k = 0; k < comparison.now->groups[i].clause_count; k++) {
            compare_new_clause(&comparison, &comparison.now->groups[i], k);
        }
    }
    for (size_t i = 0; i < comparison.base->group_count; i++) {
        for (size_t k = 0; k < comparison.base->groups[i].clause_count; k++) {
            compare_old_clause(&comparison, &comparison.base->groups[i], k);
        }
    }
    for (size_t i = 0; i < proposal.change_count; i++) {
        if (!proposal.changes[i].conflict) {
            proposal.merged = guide_take(arena, labels, proposal.merged, &proposal.changes[i]);
        }
    }
    return proposal;
}

/* ---- taking one ---- */

/* Her head with its number changed, nothing else. */
static const char *head_with_count(struct arena *arena, const char *head, long count)
{
    size_t before = strcspn(head, "0123456789");
    size_t digits = strspn(head + before, "0123456789");
    return digits == 0
        ? head
        : arena_printf(arena, "%.*s%ld%s", (int)before, head, count, head + before + digits);
}

static void remove_clause(struct guide_parts *parts, size_t group_index, size_t index)
{
    struct guide_group *group = &parts->groups[group_index];
    if (group->clause_count > 1) {
        const char *first = group->clauses[0].separator;
        group->clause_count--;
        memmove(group->clauses + index, group->clauses + index + 1,
            (group->clause_count - index) * sizeof(*group->clauses));
        group->clauses[0].separator = first;
        return;
    }
    const char *first = parts->groups[0].separator;
    parts->group_count--;
    memmove(parts->groups + group_index, parts->groups + group_index + 1,
        (parts->group_count - group_index) * sizeof(*parts->groups));
    if (parts->group_count > 0) {
        parts->groups[0].separator = first;
    }
}

static void add_clause(struct arena *arena, const struct config_labels *labels,
    struct guide_group *group, const struct guide_change *change)
{
    int behind = change->behind == NULL ? -1 : guide_group_find_clause(group, change->behind);
    /* behind a clause she has reworded or taken out: at the end, where she looks for it */
    size_t at = change->behind == NULL ? 0
        : behind < 0                   ? group->clause_count
                                       : (size_t)behind + 1;
    struct guide_clause_part *clauses = arena_new_array(
        arena, struct guide_clause_part, group->clause_count + 1);
    if (group->clause_count > 0) {
        memcpy(clauses, group->clauses, at * sizeof(*clauses));
        memcpy(clauses + at + 1, group->clauses + at,
            (group->clause_count - at) * sizeof(*clauses));
    }
    clauses[at] = (struct guide_clause_part){
        at == 0 ? "" : labels->item_separator, change->after};
    if (at == 0 && group->clause_count > 0) {
        clauses[1].separator = labels->item_separator;
    }
    group->clauses = clauses;
    group->clause_count++;
}

/* "「论文」" in her own bracket style where she has one. */
static const char *bracket_of(struct arena *arena, const struct config_labels *labels,
    const struct guide_parts *parts, const char *name)
{
    const char *like = parts->group_count > 0 ? parts->groups[0].bracket : NULL;
    const char *in = like == NULL ? NULL : strstr(like, parts->groups[0].name);
    return in == NULL
        ? arena_printf(arena, "%s%s%s", labels->open_bracket, name, labels->close_bracket)
        : arena_printf(arena, "%.*s%s%s", (int)(in - like), like, name,
              in + strlen(parts->groups[0].name));
}

/* A group she does not have yet, where the program would put it. */
static struct guide_group *add_group(struct arena *arena, const struct config_labels *labels,
    struct guide_parts *parts, const struct guide_change *change)
{
    int behind = change->group_behind == NULL
        ? -1
        : guide_parts_find_group(parts, change->group_behind);
    size_t at = change->group_behind == NULL ? 0
        : behind < 0                         ? parts->group_count
                                             : (size_t)behind + 1;
    struct guide_group *groups = arena_new_array(
        arena, struct guide_group, parts->group_count + 1);
    for (size_t i = 0; i < parts->group_count; i++) { /* which may be NULL */
        groups[i + (i >= at)] = parts->groups[i];
    }
    groups[at] = (struct guide_group){
        .separator = at == 0 ? "" : labels->group_separator,
        .bracket = bracket_of(arena, labels, parts, change->group),
        .name = change->group,
    };
    if (at == 0 && parts->group_count > 0) {
        groups[1].separator = labels->group_separator;
    }
    if (parts->group_count == 0 && *parts->tail == '\0') {
        parts->tail = labels->sentence_end;
    }
    parts->groups = groups;
    parts->group_count++;
    return &groups[at];
}

static void take_clause(struct arena *arena, const struct config_labels *labels,
    struct guide_parts *parts, const struct guide_change *change)
{
    int group = guide_parts_find_group(parts, change->group);
    int clause = group < 0 || change->hers == NULL
        ? -1
        : guide_group_find_clause(&parts->groups[group], change->hers);
    if (clause >= 0 && change->after == NULL) {
        remove_clause(parts, (size_t)group, (size_t)clause);
        if (parts->group_count == 0 && strcmp(parts->tail, labels->sentence_end) == 0) {
            parts->tail = ""; /* the head has its own */
        }
    } else if (clause >= 0) {
        parts->groups[group].clauses[clause].text = change->after;
    } else if (change->after != NULL) {
        struct guide_group *place = group >= 0 ? &parts->groups[group]
                                               : add_group(arena, labels, parts, change);
        add_clause(arena, labels, place, change);
    }
}

const char *guide_take(struct arena *arena, const struct config_labels *labels,
    const char *hers, const struct guide_change *change)
{
    struct guide_parts *parts = guide_parts_read(arena, hers, labels);
    if (change->kind == GUIDE_CHANGE_COUNT) {
        parts->head = head_with_count(arena, parts->head, guide_count_in(change->after));
    } else {
        take_clause(arena, labels, parts, change);
    }
    return guide_parts_join(arena, parts);
}

const char *guide_change_name(enum guide_change_kind kind)
{
    static const char *const names[] = {
        [GUIDE_CHANGE_COUNT] = "count",
        [GUIDE_CHANGE_ADDED] = "added",
        [GUIDE_CHANGE_REMOVED] = "removed",
        [GUIDE_CHANGE_REWORDED] = "reworded",
    };
    return names[kind];
}
