/* What a mistyped name was probably meant to be. Constant data; any thread. */
#ifndef CONFIG_SUGGEST_H
#define CONFIG_SUGGEST_H

#include <stddef.h>

#include "config/schema.h"

/* How far `known` is from `name` (0: the same), or -1 when it is too far to be what was meant.
 */
int suggest_distance(const char *name, size_t length, const char *known);

/* What to write instead of the key `name`, which `section` does not have, into `text`. */
void suggest_key(const struct schema_section *section, const char *name, size_t length,
    char *text, size_t size);

#endif
