/* The learner: what the editor decided, as weights on what items look like.
 *
 * It answers two questions about an item: to which section does it belong, and how likely is it
 * that she takes it. It never answers alone: what the rules say comes in as a prior, learning
 * begins where the rules stop, and a learner that has seen nothing adds exactly zero.
 *
 * One decision is one event, learned once, in order. The same events in the same order give the
 * same learner bit for bit, on any machine and in any build, so the log of events is what is
 * kept and a stored learner is only a shortcut past it. An event holds what the learner saw
 * (features and what the rules said then), not a reference to an item: a rebuild gives the same
 * weights whatever became of items and rules since. There is no unlearning: to undo the newest
 * event go back to a copy from before it, to undo an older one build again from the log.
 *
 * Life: learner_new() or learner_read(); the owner calls learner_learn() after each decision
 * and gives the workers a learner_copy(), which is cheap (pages of weights are shared until one
 * side writes) and which nobody may change: it is frozen by const. A learner belongs to one
 * thread, a frozen copy to any number. PURE: no clock, no I/O, no globals.
 *
 * Memory: 4,096 pages of 64 features; with four sections at most 10.5 MB, and what was never
 * learned takes none. Time, with a summary of 300 characters: tens of microseconds an item.
 */
#ifndef BRIEFING_LEARNER_H
#define BRIEFING_LEARNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "briefing/learner_features.h"
#include "config/config.h"

enum {
    LEARNER_SECTIONS_MAX = 16, /* later ones are left to the rules */
    LEARNER_EVENT_BYTES_MAX = 64 << 10,
};

/* What happened to an item. The numbers are stored: new kinds go to the end. */
enum learner_kind {
    LEARNER_NOTHING,     /* no event: nobody decided */
    LEARNER_PICKED,      /* taken into the draft, into `section` */
    LEARNER_MOVED,       /* put into another section, `section` */
    LEARNER_REJECTED,    /* thrown out by hand */
    LEARNER_PUBLISHED,   /* stood in `section` when the issue went out, after PICKED */
    LEARNER_PRINTED,     /* stands in `section` of an issue that was read in */
    LEARNER_PASSED_OVER, /* was a candidate when an issue went out, and is not in it */
    LEARNER_KIND_LAST = LEARNER_PASSED_OVER,
};

/* "picked", "passed_over" …, for logs and JSON. */
const char *learner_kind_name(enum learner_kind kind);

/* What the rules said of a section, in log-odds. */
struct learner_vote {
    const char *section; /* its id */
    float votes;
};

/* What the learner sees of an item; made by judge_see(). */
struct learner_sight {
    struct learner_features features;
    float relevance;                  /* log-odds, by the rules alone */
    const struct learner_vote *votes; /* sections without one have 0 */
    size_t vote_count;
};

struct learner_event {
    enum learner_kind kind;
    const char *section; /* id; NULL where the kind has none, and for one that is gone */
    struct learner_sight sight;
};

/* In log-odds, to be added to the rules' own. */
struct learner_score {
    double relevance;
    double sections[LEARNER_SECTIONS_MAX]; /* by slot */
};

struct learner;

/* One that knows nothing, for the sections of `config`, which is not kept. A section that is
 * the overflow of another is a form, not a subject: its items count as the other's. Caller
 * frees with learner_free(). */
must_check struct learner *learner_new(const struct config *config);

/* The same weights, now and for ever, whatever the original learns. Call on the thread that
 * owns `learner`; the copy may be read by any thread and freed on any. */
must_check struct learner *learner_copy(const struct learner *learner);

/* NULL is harmless. */
void learner_free(struct learner *learner);

/* How many events it has learned: the position in the log it stands at. */
uint64_t learner_event_count(const struct learner *learner);

/* The slot of a section in learner_score, of the section it overflows from if it has one; -1
 * for an unknown one. */
int learner_find_slot(const struct learner *learner, const char *section);

/* Learn one event. What no longer fits (a section that is gone) is passed over, the event
 * counts all the same. */
void learner_learn(struct learner *learner, const struct learner_event *event);

/* What was learned about these features. */
struct learner_score learner_score(
    const struct learner *learner, const struct learner_features *features);

/* The features that matter most for `slot` (-1: for relevance), strongest first, for or
 * against; those that add less than 0.02 are left out. Returns how many, at most `max`. */
struct learner_share {
    uint32_t code;
    double weight; /* its part of the score */
};
size_t learner_explain(const struct learner *learner, const struct learner_features *features,
    int slot, struct learner_share *ret_shares, size_t max);

/* --- as bytes (learner_blob.c) --- */

/* Append the event as it is kept in the log: about three bytes a feature, with a checksum.
 * buffer_failed() when it did not fit. */
void learner_event_write(const struct learner_event *event, struct buffer *out);

/* Read one back into the arena. FAULT_PARSE for anything that learner_event_write() did not
 * write. */
must_check bool learner_event_read(struct arena *arena, const void *bytes, size_t length,
    struct learner_event *ret_event, struct fault *fault);

/* Append the whole learner, versioned and with a checksum. */
void learner_write(const struct learner *learner, struct buffer *out);

/* One that learner_write() wrote under the same sections. FAULT_PARSE when it is damaged, of
 * another version or of other sections: build it again from the log. */
must_check bool learner_read(const struct config *config, const void *bytes, size_t length,
    struct learner **ret_learner, struct fault *fault);

#endif
