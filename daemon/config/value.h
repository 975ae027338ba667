/* One written value -> one field of struct config, or a sentence that says what to write
 * instead.
 *
 * Also the nearest known name to a mistyped one, which every message about names wants. No
 * state; any thread.
 */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "base/arena.h"
#include "base/fault.h"
#include "config/config.h"
#include "config/schema.h"

/* Read `text` as the kind of `key` into `field` (a field of that kind; strings are copied to
 * the arena). Not for lists and sections. FAULT_CONFIG with "'soon' is no duration: write …".
 */
must_check bool value_read(const struct schema_key *key, const char *text, struct arena *arena,
    void *field, struct fault *fault);

/* The place of `text` among the choices of `key`, for SCHEMA_CHOICE and each element of
 * SCHEMA_FLAGS; FAULT_CONFIG lists them all. */
must_check bool value_read_choice(
    const struct schema_key *key, const char *text, int *ret_choice, struct fault *fault);

/* Check a piece of a list or a title of this kind; the same faults. */
must_check bool value_check(enum schema_kind kind, const char *text, struct fault *fault);

/* The words a list holds when it is not written: those of `fallback`, none when that is NULL,
 * each at CONFIG_LINE_DEFAULT. Live in the arena. */
struct config_words value_default_words(const char *fallback, struct arena *arena);

/* Whether `words` are those. */
bool value_are_default_words(const struct config_words *words);

/* "article": as feeds.conf names a form. */
const char *value_form_name(enum config_form form);

#endif
