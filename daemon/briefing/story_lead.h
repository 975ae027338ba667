/* Which item of a story speaks for it: the one that the draft offers and under which the others
 * are "also reported by". PURE.
 *
 * Each preference has points (the section `stories` of feeds.conf); the item with the most
 * leads, of equals the earliest, then the smaller number. With the defaults 4, 2 and 1 the
 * preferences simply rank: what readers can read, then who said it first-hand, then who says
 * most.
 */
#ifndef BRIEFING_STORY_LEAD_H
#define BRIEFING_STORY_LEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "config/config.h"

struct story_lead_settings {
    const char *language; /* of the briefing, BCP 47; borrowed */
    double language_points;
    double original_points;
    double summary_points; /* for the longest summary; shorter ones have their share */
};

struct story_member {
    int64_t item;
    const char *title;      /* NULL allowed */
    const char *language;   /* BCP 47; NULL: Chinese when the title has Han letters and no kana,
                               else not known */
    size_t summary_letters; /* of plain text */
    int64_t published_s;    /* CLOCK_NONE: after those that have a time */
    bool original;          /* from where it was published, not a bridge or somebody's repost */
};

struct story_lead_settings story_lead_settings_build(const struct config *config);

/* Index of the one that leads; `count` > 0. The same whatever the order they stand in. */
size_t story_choose_lead(const struct story_lead_settings *settings,
    const struct story_member *members, size_t count);

/* The same for one more member of a story that has a lead, asking none of the others, of which
 * a story may have thousands: *ret_leads tells whether `newcomer` leads from now on. False when
 * the two cannot say: with points by which a longer summary counts for as much as another
 * preference, the longest one of all decides. */
must_check bool story_challenge_lead(const struct story_lead_settings *settings,
    const struct story_member *lead, const struct story_member *newcomer, bool *ret_leads);

#endif
