/* Selection, not judgement: relevance, margin and section come with the candidate; here they
 * are only put in order and dealt out. All candidates are ranked once and dealt to their
 * sections in that order, so each section's list is ranked without sorting again; one-line
 * sections come second, because they live on what the others leave. */
#include "briefing/draft.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "briefing/bundle.h"
#include "briefing/guide.h"
#include "briefing/markdown_text.h"
#include "briefing/pick.h"

/* Candidates in rank order; a section's share of them. */
struct ranking {
    const struct candidate **items;
    size_t count;
};

static int64_t time_of(const struct candidate *candidate)
{
    return candidate->published_utc_s != CLOCK_NONE ? candidate->published_utc_s
                                                    : candidate->first_seen_utc_s;
}

#define descending(a, b) (((a) < (b)) - ((a) > (b)))

/* Best first, what was printed before behind all else; the id makes the order total, so that
 * equal candidates never change places. */
static int compare_rank(const void *left, const void *right)
{
    const struct candidate *a = *(const struct candidate *const *)left;
    const struct candidate *b = *(const struct candidate *const *)right;
    const int order[] = {
        (a->printed_day != NULL) - (b->printed_day != NULL),
        descending(a->relevance, b->relevance),
        descending(a->margin, b->margin),
        descending(time_of(a), time_of(b)),
        descending(a->id, b->id),
    };
    for (size_t i = 0; i < array_count(order); i++) {
        if (order[i] != 0) {
            return order[i];
        }
    }
    return 0;
}

static struct ranking rank_all(
    struct arena *arena, const struct candidate *candidates, size_t count)
{
    struct ranking ranking = {arena_new_array(arena, const struct candidate *, count), count};
    for (size_t i = 0; i < count; i++) {
        ranking.items[i] = &candidates[i];
    }
    if (count > 1) {
        qsort(ranking.items, count, sizeof(ranking.items[0]), compare_rank);
    }
    return ranking;
}

static struct ranking rank_of_section(
    struct arena *arena, const struct ranking *all, int section)
{
    struct ranking share = {arena_new_array(arena, const struct candidate *, all->count), 0};
    for (size_t i = 0; i < all->count; i++) {
        if (all->items[i]->section == section) {
            share.items[share.count++] = all->items[i];
        }
    }
    return share;
}

static void set_picks(struct arena *arena, const struct config *config,
    struct draft_section *section, const struct candidate **chosen, size_t count)
{
    struct issue_item *picks = arena_new_array(arena, struct issue_item, count);
    for (size_t i = 0; i < count; i++) {
        picks[i] = pick_build(arena, config, section->section->form, chosen[i]);
    }
    section->picks = picks;
    section->picked = chosen;
    section->pick_count = count;
}

/* What was printed before is never suggested; it ranks last. */
static size_t suggested_count(const struct ranking *ranked, size_t limit)
{
    size_t count = 0;
    while (
        count < ranked->count && count < limit && ranked->items[count]->printed_day == NULL) {
        count++;
    }
    return count;
}

static void fill_section(struct arena *arena, const struct config *config,
    struct draft_section *section, const struct ranking *share, size_t room)
{
    size_t count = suggested_count(share, room);
    set_picks(arena, config, section, share->items, count);
    section->others = share->items + count;
    section->other_count = share->count - count;
}

/* The other section's leftovers with a vendor join a one-line section's own candidates. */
static struct ranking rank_for_lines(
    struct arena *arena, const struct ranking *share, const struct draft_section *donor)
{
    size_t donated = donor == NULL ? 0 : donor->other_count;
    struct ranking pool = {
        arena_new_array(arena, const struct candidate *, share->count + donated), 0};
    for (size_t i = 0; i < share->count; i++) {
        pool.items[pool.count++] = share->items[i];
    }
    for (size_t i = 0; i < donated; i++) {
        if (donor->others[i]->vendor != NULL) {
            pool.items[pool.count++] = donor->others[i];
        }
    }
    if (pool.count > 1) {
        qsort(pool.items, pool.count, sizeof(pool.items[0]), compare_rank);
    }
    return pool;
}

static bool same_vendor(const struct candidate *a, const struct candidate *b)
{
    return a->vendor != NULL && b->vendor != NULL && strcmp(a->vendor, b->vendor) == 0;
}

/* One vendor's lines together, vendors in the order of their best line. */
static void group_by_vendor(const struct candidate **items, size_t count)
{
    for (size_t head = 0; head < count; head++) {
        size_t end = head + 1;
        for (size_t i = end; i < count; i++) {
            if (same_vendor(items[head], items[i])) {
                const struct candidate *moved = items[i];
                memmove(&items[end + 1], &items[end], (i - end) * sizeof(items[0]));
                items[end++] = moved;
            }
        }
        head = end - 1;
    }
}

/* Drop from `list` what also stands in `chosen`. */
static size_t remove_chosen(const struct candidate **list, size_t count,
    const struct candidate *const *chosen, size_t chosen_count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool taken = false;
        for (size_t k = 0; k < chosen_count && !taken; k++) {
            taken = list[i] == chosen[k];
        }
        if (!taken) {
            list[kept++] = list[i];
        }
    }
    return kept;
}

static void fill_lines(struct arena *arena, const struct config *config,
    struct draft_section *section, struct ranking *share, struct draft_section *donor,
    size_t room)
{
    struct ranking pool = rank_for_lines(arena, share, donor);
    size_t count = suggested_count(&pool, room);
    section->others = share->items;
    section->other_count = remove_chosen(share->items, share->count, pool.items, count);
    if (donor != NULL) {
        donor->other_count = remove_chosen(
            donor->others, donor->other_count, pool.items, count);
    }
    group_by_vendor(pool.items, count);
    set_picks(arena, config, section, pool.items, count);
}

static struct draft_section *find_donor(
    struct draft *draft, const struct config *config, const struct config_section *section)
{
    int donor = section->overflow_of == NULL
        ? -1
        : config_find_section(config, section->overflow_of);
    return donor < 0 ? NULL : &draft->sections[donor];
}

static void fill_sections(struct arena *arena, struct draft *draft, const struct config *config,
    const struct ranking *all, const size_t *room)
{
    struct ranking *shares = arena_new_array(arena, struct ranking, config->section_count);
    for (size_t i = 0; i < config->section_count; i++) {
        draft->sections[i].section = &config->sections[i];
        shares[i] = rank_of_section(arena, all, (int)i);
        if (config->sections[i].form != CONFIG_FORM_ONELINE) {
            fill_section(arena, config, &draft->sections[i], &shares[i], room[i]);
            draft->count += draft->sections[i].pick_count;
        }
    }
    for (size_t i = 0; i < config->section_count; i++) {
        if (config->sections[i].form == CONFIG_FORM_ONELINE) {
            fill_lines(arena, config, &draft->sections[i], &shares[i],
                find_donor(draft, config, &config->sections[i]), room[i]);
        }
    }
}

/* The guide names the first ones of each section, not all: so it stays within the 300 to 550
 * characters readers of the newsletter are used to. */
enum { HIGHLIGHTS_MAX = 6 };

static void print_picks(struct draft *draft)
{
    for (size_t i = 0; i < draft->issue->section_count; i++) {
        draft->issue->sections[i].items = draft->sections[i].picks;
        draft->issue->sections[i].item_count = draft->sections[i].pick_count;
        for (size_t k = 0; k < draft->sections[i].pick_count; k++) {
            draft->sections[i].picks[k].highlight = k < HIGHLIGHTS_MAX &&
                draft->issue->sections[i].form != CONFIG_FORM_ONELINE;
        }
    }
}

void draft_compose_guide(struct arena *arena, struct draft *draft)
{
    draft->issue->guide = guide_compose(arena, draft->issue);
    draft->guide = markdown_to_plain(arena, draft->issue->guide);
}

struct draft *draft_fill(struct arena *arena, const struct config *config,
    const struct candidate *candidates, size_t count, const size_t *room, int64_t since_utc_s,
    int64_t now_utc_s)
{
    for (size_t i = 0; i < count; i++) {
        assert(candidates[i].section >= 0 &&
            (size_t)candidates[i].section < config->section_count);
    }
    struct draft *draft = arena_new(arena, struct draft);
    char *date = arena_alloc(arena, CLOCK_ISO_BYTES);
    draft->date = clock_format_day(now_utc_s, config->briefing.utc_offset_s, date);
    draft->issue = issue_furnish(arena, config, draft->date);
    draft->since_utc_s = since_utc_s;
    draft->candidate_count = count;
    draft->sections = arena_new_array(arena, struct draft_section, config->section_count);
    size_t standing;
    const struct candidate *leaders = bundle_candidates(arena, candidates, count, &standing);
    struct ranking all = rank_all(arena, leaders, standing);
    fill_sections(arena, draft, config, &all, room);
    print_picks(draft);
    draft_compose_guide(arena, draft);
    return draft;
}

struct draft *draft_build(struct arena *arena, const struct config *config,
    const struct candidate *candidates, size_t count, int64_t since_utc_s, int64_t now_utc_s)
{
    size_t *room = arena_new_array(arena, size_t, config->section_count);
    for (size_t i = 0; i < config->section_count; i++) {
        room[i] = config->sections[i].limit;
    }
    return draft_fill(arena, config, candidates, count, room, since_utc_s, now_utc_s);
}
