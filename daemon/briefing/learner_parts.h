/* The inside of a learner, shared by learner.c and learner_blob.c only. */
#ifndef BRIEFING_LEARNER_PARTS_H
#define BRIEFING_LEARNER_PARTS_H

#include "briefing/learner.h"

enum {
    LEARNER_VERSION = 1, /* of the algorithm and its numbers: another one learns differently */
    LEARNER_BUCKET_BITS = 18,
    LEARNER_PAGE_BITS = 6,
    LEARNER_PAGE_BUCKETS = 1 << LEARNER_PAGE_BITS,
    LEARNER_PAGE_COUNT = 1 << (LEARNER_BUCKET_BITS - LEARNER_PAGE_BITS),
    LEARNER_HEADS_MAX = LEARNER_SECTIONS_MAX + 1,
    LEARNER_SECTION_ID_MAX = 64,
};

/* All zero: never learned. */
struct learner_cell {
    float weight;
    float precision; /* what was learned about the weight, beyond the prior's */
};

/* Shared by copies; whoever holds the only reference may write. */
struct learner_page {
    _Atomic int references;
    struct learner_cell cells[]; /* [bucket * head_count + head]; head 0 is relevance */
};

struct learner_section {
    char id[LEARNER_SECTION_ID_MAX];
    int slot;
};

struct learner {
    struct learner_section sections[2 * LEARNER_SECTIONS_MAX];
    size_t section_count; /* ids known, overflows included */
    size_t slot_count;
    size_t head_count; /* 1 + slot_count */
    uint64_t settings; /* fingerprint of version and sections */
    uint64_t events;
    struct learner_page *pages[LEARNER_PAGE_COUNT]; /* NULL: all zero */
};

static inline uint32_t learner_bucket(uint32_t code)
{
    return code >> (LEARNER_CODE_BITS - LEARNER_BUCKET_BITS);
}

/* The cells of a bucket, head_count of them, to be changed; made when they are not there. */
struct learner_cell *learner_cells(struct learner *learner, uint32_t bucket);

/* The same to be read; NULL when nothing in the page was learned. */
const struct learner_cell *learner_find_cells(const struct learner *learner, uint32_t bucket);

#endif
