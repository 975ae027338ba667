/* What no single value can tell: names that must be unique, or must exist, and what a
 * newsletter cannot do without. Fills in what follows from the rest (a short title from the
 * title, a vendor's first alias, the hash of the rules). Loop thread or any other: no state. */
#ifndef CONFIG_CHECK_H
#define CONFIG_CHECK_H

#include "config/config.h"
#include "config/read.h"

void check_config(
    struct config *config, const struct read_names *names, struct problems *problems);

/* The hash of everything that changes a verdict. */
uint64_t check_hash_rules(const struct config *config);

#endif
