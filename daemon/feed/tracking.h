/* Query parameters that an editor says only track, beside those url_canonical() knows. PURE.
 *
 * Each is a word of feeds.conf: "name" or "prefix*" on every site, "example.com:name" on that
 * host and its subdomains. They are taken out before an address is identified, so that neither
 * keys nor shown addresses hold them.
 */
#ifndef FEED_TRACKING_H
#define FEED_TRACKING_H

#include "config/config.h"

/* `url` as url_canonical() would have it and without the parameters of `words`; `url` itself
 * when that takes nothing away. Lives in the arena. */
const char *tracking_strip(
    struct arena *arena, const struct config_words *words, const char *url);

#endif
