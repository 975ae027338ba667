/* What the log says of the daemon's polls: one line for all rounds of a minute, since by the
 * schedule feeds come one by one. The minute begins with the first feed after the last line.
 * Lives in its owner, until the loop has run dry. Loop thread.
 */
#ifndef PIPELINE_POLL_REPORT_H
#define PIPELINE_POLL_REPORT_H

#include <stdbool.h>
#include <uv.h>

#include "net/loop.h"
#include "pipeline/poller.h"

/* All zero: says nothing. */
struct poll_report {
    struct loop *loop;         /* NULL: not started, or stopped */
    struct poll_counts untold; /* polls that no line has told of yet */
    uv_timer_t timer;
};

void poll_report_start(struct poll_report *report, struct loop *loop);

/* `round` is over. */
void poll_report_add(struct poll_report *report, const struct poll_counts *round);

/* Say at once what is untold. Harmless when it was not started. */
void poll_report_stop(struct poll_report *report);

#endif
