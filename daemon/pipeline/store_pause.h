/* While the disk is full or gone: when the store is tried again.
 *
 * Asking servers for what cannot be stored would only load them, so polling pauses, a second at
 * first and longer each time that the store is tried in vain. A plain value without a clock;
 * times are monotonic.
 */
#ifndef PIPELINE_STORE_PAUSE_H
#define PIPELINE_STORE_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: the store works. */
struct store_pause {
    int64_t length_ms; /* 0: no pause */
    int64_t until_ms;
};

/* The store refused a write at `now_ms`. What was under way when it failed counts as one try.
 * True when it worked until now. */
bool store_pause_begin(struct store_pause *pause, int64_t now_ms);

/* The store took a write. True when it did not until now. */
bool store_pause_end(struct store_pause *pause);

#endif
