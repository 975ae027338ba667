/* Which live items hold a gram: an inverted index that items enter at one end and leave at the
 * other. One thread at a time; PURE.
 *
 * Items are numbered by the order they came in, and as a rule they leave in that order too, so
 * a list of postings is a queue. Only what an editor moves is searched for and shifts others.
 */
#ifndef BRIEFING_GRAM_INDEX_H
#define BRIEFING_GRAM_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct posting {
    uint32_t item; /* number of the item, ascending along a list */
    float weight;
};

struct gram_entry;

struct gram_index {
    struct gram_entry *entries; /* open addressing; NULL when empty */
    size_t capacity;            /* a power of two */
    size_t used;                /* entries that have or had a gram */
};

/* Zero-initialised is a valid empty index. Harmless on a released one. */
void gram_index_release(struct gram_index *index);

/* `item` is not in this gram's list. */
void gram_index_add(struct gram_index *index, uint32_t gram, uint32_t item, float weight);

/* Take `item`'s posting of `gram`, if there is one. */
void gram_index_remove(struct gram_index *index, uint32_t gram, uint32_t item);

/* Postings of `gram`, oldest first; borrowed until the next change. */
const struct posting *gram_index_find(
    const struct gram_index *index, uint32_t gram, uint32_t *ret_count);

/* A count beside the postings: how many items hold the gram, whether it is listed or not. */
void gram_index_count(struct gram_index *index, uint32_t gram, int change);
uint32_t gram_index_counted(const struct gram_index *index, uint32_t gram);

/* Bytes in use, for measuring. */
size_t gram_index_bytes(const struct gram_index *index);

#endif
