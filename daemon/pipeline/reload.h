/* feeds.conf read anew while the daemon runs: a change of what is followed like any other
 * (pipeline/following.h).
 *
 * One at a time. Asked for while one is under way it is done once more afterwards, for the file
 * may have changed since it was read. A file that cannot be used leaves the old configuration;
 * all of its problems are logged. Lives in its owner, until the loop has run dry. Loop thread.
 */
#ifndef PIPELINE_RELOAD_H
#define PIPELINE_RELOAD_H

#include <stdbool.h>

#include "net/notify.h"
#include "pipeline/following.h"

struct reload_parts {
    struct following *following; /* borrowed, as is all of this */
    struct notifier *notifier;   /* told that one begins */
    const char *path;            /* of feeds.conf */
    void *data;
    void (*on_done)(void *data); /* the last one that was asked for has ended, well or not */
};

/* All zero but for `parts`: nothing under way. */
struct reload {
    struct following_change change; /* first */
    struct reload_parts parts;
    bool running;
    bool again; /* the file may have changed since the running one read it */
    bool stopped;
};

void reload_start(struct reload *reload);

/* One under way ends by itself and tells nobody; nothing is started any more. */
void reload_stop(struct reload *reload);

#endif
