/* What no single value can tell: names that must be unique, or must exist, and what a
 * newsletter cannot do without. Fills in what follows from the rest (a short title from the
 * title, a vendor's first alias, the hash of the rules). Loop thread or any other: no state. */
#ifndef CONFIG_CHECK_H
#define CONFIG_CHECK_H

#include "config/config.h"
#include "config/read.h"

void check_config(
    struct config *config, const struct read_names *names, struct problems *problems);

/* The same for what config_parse_rules() has read: what can be said without the rest. */
void check_rules_alone(struct config *config, struct problems *problems);

/* Make config->feeds from config->written_feeds: fill in what follows from the rest (a source
 * from the name, one bound of the interval from the other, the topics "*" stands for). */
void check_complete_feeds(struct config *config);

/* `url` as two addresses of one feed are compared: scheme and host in lower case, no fragment.
 * Lives in the arena. */
const char *check_fold_url(struct arena *arena, const char *url);

/* The hash of everything that changes a verdict. */
uint64_t check_hash_rules(const struct config *config);

#endif
