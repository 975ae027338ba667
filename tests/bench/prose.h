/* Made-up prose for large databases: Chinese and English sentences whose words follow Zipf's
 * law, so that a few stand in nearly every text and most in a handful, as in life. The same
 * seed gives the same text. */
#ifndef TESTS_BENCH_PROSE_H
#define TESTS_BENCH_PROSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct prose;

struct prose *prose_new(uint64_t seed);
void prose_free(struct prose *prose);

/* A number below `limit`; the sequence belongs to the prose. */
uint64_t prose_number(struct prose *prose, uint64_t limit);

/* Append about `words` words with punctuation; Chinese has Latin names and numbers strewn in.
 */
void prose_write(struct prose *prose, bool chinese, unsigned words, struct buffer *out);

/* A Chinese word of two characters: by how often it is used, or any of the vocabulary alike.
 * Lives as long as the prose. */
const char *prose_han_word(struct prose *prose, bool by_use);

#endif
