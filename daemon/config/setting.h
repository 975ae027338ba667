/* One key of a section as text, both ways: what the file reader does once, for whoever changes
 * or prints a configuration later.
 *
 * Works along the tables of schema.h, so a new key is known here as soon as it stands there.
 * Not for keys that are sections themselves. No state; any thread.
 */
#ifndef CONFIG_SETTING_H
#define CONFIG_SETTING_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "config/schema.h"

/* Set the field of `key` in `target` (the section's struct) to its default. */
void setting_reset(const struct schema_key *key, struct arena *arena, void *target);

/* Read `value` into the field of `key`; a list gains an element. "" is the default. Strings are
 * copied to the arena. FAULT_CONFIG, with the key named, as for feeds.conf. */
must_check bool setting_apply(const struct schema_key *key, const char *value,
    struct arena *arena, void *target, struct fault *fault);

/* How many values must be written so that reading them gives what the field holds: 0 when it
 * holds the default, else 1, or one for each element of a list. */
size_t setting_count(const struct schema_key *key, const void *target);

/* Append value `index` as it would stand in feeds.conf, without quotes. */
void setting_write(
    const struct schema_key *key, const void *target, size_t index, struct buffer *out);

#endif
