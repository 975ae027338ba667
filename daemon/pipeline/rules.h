/* A configuration, the judge compiled from it and what was learned, counted together.
 *
 * Workers hold a reference while they judge, so that a reload, or a decision of the editor's,
 * replaces the rules for new documents without pulling them from under running ones. Frozen;
 * any thread.
 */
#ifndef PIPELINE_RULES_H
#define PIPELINE_RULES_H

#include "base/attributes.h"
#include "briefing/judge.h"
#include "config/config.h"

struct rules {
    /* frozen */
    struct config *config;
    struct judge *judge;
    const struct learner *learner; /* NULL: the rules alone judge */
    struct rules *compiled;        /* whose judge and configuration these are; NULL: its own */

    _Atomic int references;
};

/* Compile `config` and take over the caller's reference to it, also on failure. NULL with
 * `problems` filled when a keyword is bad. The caller holds one reference. */
must_check struct rules *rules_new(struct config *config, struct problems *problems);

/* The file read and compiled; NULL with everything that is wrong with it, keywords included, in
 * `problems`, which come empty. */
must_check struct rules *rules_load(const char *path, struct problems *problems);

/* The same rules with what `learner` knows now: takes a copy of it, and a reference to `rules`
 * instead of compiling again. `learner` NULL: nothing, and so it is when the configuration
 * switches learning off. On the thread that owns `learner`. */
must_check struct rules *rules_with_learner(struct rules *rules, const struct learner *learner);

struct rules *rules_ref(struct rules *rules);
/* NULL is harmless. */
void rules_unref(struct rules *rules);

#endif
