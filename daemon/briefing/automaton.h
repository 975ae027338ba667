/* Aho-Corasick: every occurrence of any of many byte strings, in one pass over a text.
 *
 * Frozen once built; any number of threads may scan. Time is linear in the text and the number
 * of hits, whatever the texts and literals are. A. V. Aho, M. J. Corasick, "Efficient String
 * Matching", CACM 18(6), 1975.
 */
#ifndef BRIEFING_AUTOMATON_H
#define BRIEFING_AUTOMATON_H

#include <stddef.h>
#include <stdint.h>

struct automaton;

/* Bytes to look for, borrowed for the call to automaton_new(); length > 0. */
struct automaton_literal {
    const char *bytes;
    uint32_t length;
};

/* A hit reports the index of its literal. Equal literals are all reported. Never NULL; caller
 * frees with automaton_free(). */
struct automaton *automaton_new(const struct automaton_literal *literals, size_t count);
void automaton_free(struct automaton *automaton);

/* Literal number `literal` ends before byte `end`. */
typedef void (*automaton_on_hit)(void *context, uint32_t literal, uint32_t end);

/* Report every occurrence, by end, longer ones first. */
void automaton_scan(const struct automaton *automaton, const char *text, uint32_t length,
    automaton_on_hit on_hit, void *context);

/* Memory of the tables, for the bench. */
size_t automaton_bytes(const struct automaton *automaton);

#endif
