/* Which vendor somebody means by a word: "nvidia" and "辉达" are 英伟达, as rules say.
 *
 * Items carry the vendor's name alone; who filters them by hand writes whichever name comes to
 * mind. PURE.
 */
#ifndef BRIEFING_VENDOR_NAME_H
#define BRIEFING_VENDOR_NAME_H

#include "config/config.h"

/* The name that items of the vendor carry; `word` itself when no vendor of `config` is called
 * so, NULL of NULL. Borrowed from one of the two. */
const char *vendor_name_find(const struct config *config, const char *word);

#endif
