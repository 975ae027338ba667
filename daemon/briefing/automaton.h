/* Every occurrence of any of many words in one pass over a text.
 *
 * Words are byte strings in the form of briefing/fold.h: valid UTF-8, letters in lower case. A
 * word that begins with a letter or digit of ASCII is found only where none stands before it;
 * any other (Han above all) is found at every character. Nothing is said about where a word
 * ends: that is the caller's rule. The time is that of looking at each byte and, where a word
 * may begin, of following the text for as long as some word begins like it: at most the text's
 * length times that of the longest word. Frozen once built; any number of threads may scan.
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

/* Report every occurrence, by its beginning, shorter ones first. */
void automaton_scan(const struct automaton *automaton, const char *text, uint32_t length,
    automaton_on_hit on_hit, void *context);

/* Memory of the tables, for the bench. */
size_t automaton_bytes(const struct automaton *automaton);

#endif
