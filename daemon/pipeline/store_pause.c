#include "pipeline/store_pause.h"

/* A second is as good as at once for an editor who made room; a minute's delay is the price of
 * a night without a disk. */
enum { LENGTH_MIN_MS = 1000, LENGTH_MAX_MS = 60 * 1000 };

bool store_pause_begin(struct store_pause *pause, int64_t now_ms)
{
    bool worked = pause->length_ms == 0;
    if (worked) {
        pause->length_ms = LENGTH_MIN_MS;
    } else if (now_ms >= pause->until_ms) {
        int64_t longer_ms = pause->length_ms * 2;
        pause->length_ms = longer_ms < LENGTH_MAX_MS ? longer_ms : LENGTH_MAX_MS;
    } else {
        return false;
    }
    pause->until_ms = now_ms + pause->length_ms;
    return worked;
}

bool store_pause_end(struct store_pause *pause)
{
    bool paused = pause->length_ms != 0;
    pause->length_ms = 0;
    return paused;
}
