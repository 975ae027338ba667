/* The distance of the two clocks changes only when one is set.
 *
 * Rejected: a timerfd with TFD_TIMER_CANCEL_ON_SET (tells that, not by how much, and tells
 * nothing of slow corrections); monotonic times in the schedule (two times for each feed, to be
 * kept in step with the one that is stored). */
#include "pipeline/clock_jump.h"

enum { TOLERANCE_MS = 60 * 1000 };

int64_t clock_jump_look(struct clock_jump *jump, int64_t now_utc_ms, int64_t monotonic_ms)
{
    int64_t apart_ms = now_utc_ms - monotonic_ms;
    int64_t set_by_ms = jump->known ? apart_ms - jump->apart_ms : 0;
    bool counts = set_by_ms >= TOLERANCE_MS || set_by_ms <= -TOLERANCE_MS;
    if (counts || !jump->known) {
        jump->apart_ms = apart_ms;
        jump->known = true;
    }
    return counts ? set_by_ms / 1000 : 0;
}
