/* What the editor adds or changes about feeds: kept in the database, laid over feeds.conf.
 *
 * A desk feed names a URL and gives it settings, written as they would stand in feeds.conf: key
 * and text of the schema's `feed` section (schema.h), a list one setting for each element. So a
 * new key of a feed needs no new column, and what was stored under an earlier version is read
 * by the same checks as the file. config/overlay.h makes the effective configuration of both.
 * Plain values; whoever makes one says where its strings live.
 */
#ifndef CONFIG_DESK_FEED_H
#define CONFIG_DESK_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct desk_setting {
    const char *key;   /* "section", "min_interval"; of feeds.conf, without url */
    const char *value; /* "papers", "6h"; "" empties a text or list of feeds.conf */
};

struct desk_feed {
    const char *url;
    const char *name; /* NULL: the configured one (of an added feed: its URL) */
    /* It stands by itself. false: it changes the feed of feeds.conf with this URL, and rests
     * while the file names none. */
    bool added;
    int64_t changed_utc_s; /* when the editor added or last changed it */
    const struct desk_setting *settings;
    size_t setting_count;
};

#endif
