/* A configuration and the judge compiled from it, counted together.
 *
 * Workers hold a reference while they judge, so that a reload replaces the rules for new
 * documents without pulling them from under running ones. Frozen; any thread.
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

    _Atomic int references;
};

/* Compile `config` and take over the caller's reference to it, also on failure. NULL with
 * `problems` filled when a keyword is bad. The caller holds one reference. */
must_check struct rules *rules_new(struct config *config, struct problems *problems);

/* The file read and compiled; NULL with everything that is wrong with it, keywords included, in
 * `problems`, which come empty. */
must_check struct rules *rules_load(const char *path, struct problems *problems);

struct rules *rules_ref(struct rules *rules);
/* NULL is harmless. */
void rules_unref(struct rules *rules);

#endif
