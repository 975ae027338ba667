/* Whether somebody set the wall clock: hours ahead, hours back, or from 1970 when a machine
 * without a battery hears from a time server.
 *
 * The schedule is kept as dates, because it outlives the process; waits are meant, not dates.
 * So whoever keeps such dates asks here before he compares them with the clock and moves them
 * along. PURE but for what it remembers: times come as arguments.
 */
#ifndef PIPELINE_CLOCK_JUMP_H
#define PIPELINE_CLOCK_JUMP_H

#include <stdbool.h>
#include <stdint.h>

/* All zero before the first call. */
struct clock_jump {
    int64_t apart_ms; /* wall clock less monotonic clock, when last looked at */
    bool known;
};

/* By how many seconds the wall clock was set since the last call, negative: back; 0 when it was
 * not, and at the first call. Corrections below a minute are 0: a time server makes such all
 * the time, and they add up to one that counts when they go one way. */
int64_t clock_jump_look(struct clock_jump *jump, int64_t now_utc_ms, int64_t monotonic_ms);

#endif
