/* `git commit` of the file of an issue, in the folder it was written to.
 *
 * A child process beside everything else: the issue is published, whatever becomes of it. It
 * asks nobody anything and is ended after COMMITTING_MAX_MS. Loop thread.
 */
#ifndef PIPELINE_COMMITTING_H
#define PIPELINE_COMMITTING_H

#include "config/config.h"
#include "net/loop.h"

enum { COMMITTING_MAX_MS = 20 * 1000 };

/* Once, later: `error` NULL when it is committed, else a sentence. Borrowed for the call. */
typedef void committing_done_fn(void *data, const char *day, const char *error);

/* Add and commit the file of `day`. The loop runs until it is done. */
void committing_start(struct loop *loop, const struct config_briefing *briefing,
    const char *day, committing_done_fn *on_done, void *data);

#endif
