/* Which entries of a document are stored already, asked before anything is made of them.
 *
 * A feed that changed brings one new entry and twenty-nine known ones as a rule, and to clean,
 * judge and bind those is nine tenths of the work. The writer asks again what is left: whoever
 * is asked here only spares it questions.
 */
#ifndef PIPELINE_RECOGNISER_H
#define PIPELINE_RECOGNISER_H

#include <stddef.h>
#include <stdint.h>

#include "storage/store.h"

struct recogniser;

/* Reads `database` through one connection of its own, which is opened when first asked. */
struct recogniser *recogniser_new(const char *database);

/* When no worker asks any more. NULL is harmless. */
void recogniser_free(struct recogniser *recogniser);

/* Set `known` of those entries (guid, key and content_hash are enough) that are stored as they
 * are; none, when the database cannot be read just now. Any thread; one at a time is served. */
void recogniser_ask(
    struct recogniser *recogniser, int64_t feed_id, struct store_entry *entries, size_t count);

#endif
