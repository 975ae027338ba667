/* One sort brings the members of each bundle together, newest first; the order given is kept
 * for what stays. A draft has some hundred candidates and a few bundles. */
#include "briefing/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/clock.h"

static int64_t time_of(const struct candidate *candidate)
{
    return candidate->published_utc_s != CLOCK_NONE ? candidate->published_utc_s
                                                    : candidate->first_seen_utc_s;
}

#define descending(a, b) (((a) < (b)) - ((a) > (b)))

/* By bundle, then the newest first; the id makes the order total. */
static int compare_members(const void *left, const void *right)
{
    const struct candidate *a = *(const struct candidate *const *)left;
    const struct candidate *b = *(const struct candidate *const *)right;
    int order = strcmp(a->bundle, b->bundle);
    if (order == 0) {
        order = descending(time_of(a), time_of(b));
    }
    return order != 0 ? order : descending(a->id, b->id);
}

/* All that belong to some bundle, sorted. */
static const struct candidate **list_members(
    struct arena *arena, const struct candidate *candidates, size_t count, size_t *ret_count)
{
    const struct candidate **members = arena_new_array(
        arena, const struct candidate *, count + 1);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (candidates[i].bundle != NULL) {
            members[used++] = &candidates[i];
        }
    }
    if (used > 1) {
        qsort(members, used, sizeof(*members), compare_members);
    }
    *ret_count = used;
    return members;
}

/* The place of `candidate` among the sorted members. */
static size_t find_member(
    const struct candidate **members, size_t count, const struct candidate *candidate)
{
    const struct candidate **found = bsearch(
        &candidate, members, count, sizeof(*members), compare_members);
    return (size_t)(found - members);
}

static size_t end_of_bundle(const struct candidate **members, size_t count, size_t first)
{
    size_t end = first + 1;
    while (end < count && strcmp(members[end]->bundle, members[first]->bundle) == 0) {
        end++;
    }
    return end;
}

struct candidate *bundle_candidates(
    struct arena *arena, const struct candidate *candidates, size_t count, size_t *ret_count)
{
    size_t member_count, kept = 0;
    const struct candidate **members = list_members(arena, candidates, count, &member_count);
    struct candidate *result = arena_new_array(arena, struct candidate, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *bundle = candidates[i].bundle;
        size_t place = bundle == NULL ? 0 : find_member(members, member_count, &candidates[i]);
        if (bundle != NULL && place > 0 && strcmp(members[place - 1]->bundle, bundle) == 0) {
            continue; /* a newer one stands for it */
        }
        result[kept] = candidates[i];
        if (bundle != NULL) {
            result[kept].bundled = members + place + 1;
            result[kept].bundled_count = end_of_bundle(members, member_count, place) - place -
                1;
        }
        kept++;
    }
    *ret_count = kept;
    return result;
}
