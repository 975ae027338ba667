/* What is followed: feeds.conf and the editor's changes in the database, kept in step.
 *
 * Owns the rules of the file and the effective ones made of both (config/overlay.h), and is the
 * one door for everything that changes them while the daemon runs: a new file, a feed added, an
 * OPML file, rules written at the desk. Changes run one after another; each is a task of the
 * writer that writes, reads back what the database then holds, builds the new configuration and
 * registers its feeds; then, on the loop, poller and listener get it and stored items are
 * judged again. A change that fails leaves everything as it was. Loop thread.
 */
#ifndef PIPELINE_FOLLOWING_H
#define PIPELINE_FOLLOWING_H

#include "pipeline/poller.h"
#include "pipeline/rejudge.h"
#include "pipeline/rules.h"
#include "pipeline/writer.h"

struct following;

struct following_parts {
    struct writer *writer; /* borrowed, as is the poller */
    struct poller *poller;
    struct rules *file; /* of feeds.conf; takes its own reference */
    bool file_alone;    /* leave the database's records out: feeds of the command line */
    void *data;
    /* The effective rules are others now. */
    void (*on_changed)(void *data, struct rules *effective);
    /* Items stored earlier have been judged by them (pipeline/rejudge.h). */
    rejudge_done_fn *on_rejudged;
};

/* Build the effective rules, register their feeds and configure the poller, at once: `store` is
 * the writer's, which rests. What had to be resolved is logged. */
must_check bool following_start(const struct following_parts *parts, struct store *store,
    struct following **ret_following, struct fault *fault);

/* After the loop has run dry. NULL is harmless. */
void following_free(struct following *following);

/* Changes that come back later are written but not followed any more. Before writer_stop(). */
void following_stop(struct following *following);

/* One change; the caller's struct, often the first field of a larger one, alive until on_done.
 */
struct following_change {
    /* Write to the store. Worker thread; `config` is the effective configuration at that
     * moment. NULL: nothing is written. */
    bool (*work)(struct following_change *change, struct store *store,
        const struct config *config, struct fault *fault);
    const char *path; /* read feeds.conf anew from here, on the worker; NULL: the same rules */
    struct problems problems; /* what is wrong with that file; lives until on_done returns */
    /* On the loop: `fault` NULL when it is written and followed. */
    void (*on_done)(struct following_change *change, const struct fault *fault);
    struct following_change *next; /* following's */
};
void following_change(struct following *following, struct following_change *change);

/* Judge what earlier rules judged; once at start, when polling may begin. */
void following_rejudge(struct following *following);

/* The effective rules with what was learned, for everybody who judges from now on; the newest
 * stored items are judged again. Other rules than the effective ones taught are passed over. */
void following_teach(struct following *following, struct rules *taught);

/* Borrowed until the next change. */
struct rules *following_rules(const struct following *following);

/* The effective configuration of `file` and of what `store` holds, for commands that print it:
 * what had to be resolved goes to `notes`. Caller holds one reference. */
must_check bool following_read_config(struct store *store, struct config *file,
    struct problems *notes, struct config **ret_config, struct fault *fault);

#endif
