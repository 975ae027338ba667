/* A configuration as a tree of named blocks with settings: what stands between struct config
 * and the forms it is written in (feeds.conf, OPML).
 *
 * block_describe() makes the tree of a configuration, with what was written and without what
 * follows from it; block_write() prints a tree as feeds.conf. Neither knows a key by name, so
 * both speak every key of schema.h. Loading what was printed gives the same configuration but
 * for lines and comments. Passwords inside addresses are left out of the tree: what is exported
 * is passed on. No state; any thread.
 */
#ifndef CONFIG_BLOCK_H
#define CONFIG_BLOCK_H

#include "base/arena.h"
#include "base/buffer.h"
#include "config/config.h"
#include "config/desk_feed.h"

struct config_block {
    const char *name;              /* "feed"; "" for the file */
    const char *title;             /* its name in quotes; NULL: none */
    const char *comment;           /* one line above it, NULL: none */
    struct desk_setting *settings; /* a list has one for each element, together */
    size_t setting_count;
    struct config_block *blocks;
    size_t block_count;
};

enum { BLOCK_TEXT_MAX = 16 << 20 };

/* The tree of `config`; lives in the arena and borrows from the config. */
struct config_block *block_describe(const struct config *config, struct arena *arena);

/* The tree of what config_parse_rules() has read. */
struct config_block *block_describe_rules(const struct config *rules, struct arena *arena);

/* The tree of one of its written feeds. */
struct config_block block_describe_feed(const struct config_feed *feed, struct arena *arena);

/* Print `file` (a tree as of block_describe()) as feeds.conf. What schema.h does not know is
 * printed as it stands: reading it will name it. */
void block_write(const struct config_block *file, struct buffer *out);

/* `url` without user and password; *ret_hidden says whether there were any. Lives in the arena,
 * or is `url` itself. */
const char *block_hide_password(struct arena *arena, const char *url, bool *ret_hidden);

#endif
