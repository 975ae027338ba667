/* The table of simplified characters: private to fold.c and to write_simplified.c, which writes
 * it while briefd is built. */
#ifndef BRIEFING_FOLD_HAN_H
#define BRIEFING_FOLD_HAN_H

#include <stdint.h>

enum {
    FOLD_HAN_FIRST = 0x3400,
    FOLD_HAN_LAST = 0x9fff,
    FOLD_HAN_COUNT = FOLD_HAN_LAST - FOLD_HAN_FIRST + 1,
};

struct fold_table {
    uint32_t simplified[FOLD_HAN_COUNT]; /* of each character from FOLD_HAN_FIRST */
};

extern const struct fold_table fold_table_simplified;

#endif
