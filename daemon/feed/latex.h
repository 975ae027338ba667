/* LaTeX in titles and abstracts -> text a person reads. PURE.
 *
 * arXiv stores what authors typed: "$\mathcal{O}(n^2)$", "Schr\"{o}dinger", "``fast''". Meant
 * for arXiv's items only: in other feeds a backslash is a backslash. */
#ifndef FEED_LATEX_H
#define FEED_LATEX_H

#include "base/arena.h"

/* `text` (UTF-8) with LaTeX's markup replaced by characters: math without its dollars, Greek
 * and symbols, sub- and superscripts where Unicode has them, accents composed, quotes and
 * dashes. An unknown command is kept as its argument, or as its name where it has none. Prices
 * stay:
 * "$5 and $10" is no formula. Returns `text` itself when there is nothing to do, else a string
 * in the arena; never NULL. */
const char *latex_to_text(struct arena *arena, const char *text);

#endif
