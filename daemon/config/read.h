/* The second pass: the scanner's clean copy through libconfuse into the fields of struct
 * config.
 *
 * Any thread: those that come at once wait for each other, as libconfuse's scanner is global.
 */
#ifndef CONFIG_READ_H
#define CONFIG_READ_H

#include "config/config.h"
#include "config/schema.h"

enum read_name_kind { READ_SECTION_NAME, READ_TOPIC_NAME, READ_FEED_URL };

/* A name or address that other parts of the file must agree with, and where it stands. */
struct read_name {
    enum read_name_kind kind;
    const char *text;  /* lives in the config's arena */
    const char *owner; /* the section it was written in: "feed '量子位'" */
    int line;
};

struct read_names {
    struct read_name *items; /* live in the config's arena */
    size_t count;
    size_t capacity;
};

/* Fill `config` (zeroed but for path and arena) from the clean copy of what `root` describes,
 * every bad value a problem; the names to be checked against each other go to `ret_names`. */
void read_config(const char *clean, const struct schema_section *root, struct config *config,
    struct problems *problems, struct read_names *ret_names);

#endif
