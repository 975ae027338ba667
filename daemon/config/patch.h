/* Rules laid over a configuration: what an editor tries, or wrote at the desk.
 *
 * A patch is a piece of feeds.conf with nothing but sections that hold rules, topics and
 * vendors (config_parse_rules()). A rule takes the place of the one of its name in its section,
 * else it is added behind the others; so do topics and vendors. What is not named stays. A rule
 * of weight 0 does nothing, which is how one of the file's is switched off. No state; any
 * thread.
 */
#ifndef CONFIG_PATCH_H
#define CONFIG_PATCH_H

#include "config/config.h"

struct patch {
    const struct config *rules; /* of config_parse_rules(); copied from */
    int64_t changed_utc_s;      /* becomes that of its rules; 0: they are only tried */
};

/* `base` with the patches over it, one after another. What does not fit (a section that is not
 * there, an alias that another vendor has) goes to `problems` and is left out. The caller holds
 * one reference, and the result one to `base`. */
struct config *patch_apply(
    struct config *base, const struct patch *patches, size_t count, struct problems *problems);

#endif
