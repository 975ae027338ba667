/* The terms of a title that its story is recognised by: grams of two and three Han letters,
 * Latin words, and grams of three and four Latin letters with the borders of words. PURE.
 *
 * Grams need no dictionary and forgive endings ("wearable", "wearables"), and Han compounds
 * that one paper shortens (保姆纵火案, 纵火保姆) still share some.
 */
#ifndef BRIEFING_TERMS_H
#define BRIEFING_TERMS_H

#include "base/arena.h"
#include "briefing/wording.h"

/* Hashes, ascending, each once, in the arena. */
struct gram_set terms_list(struct arena *arena, const struct wording *wording);

/* Those of them that stand for words: Latin words but those of grammar ("the", "of"), and pairs
 * of Han letters. The same way. */
struct gram_set terms_list_words(struct arena *arena, const struct wording *wording);

#endif
