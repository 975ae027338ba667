/* What `group` and `compare` share: an item from a line, the settings from the configuration.
 */
#ifndef COMMAND_STORY_LINE_H
#define COMMAND_STORY_LINE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "briefing/story.h"
#include "command/command.h"

/* {"title", "summary", "published", "url"} of `line`; the number stays 0. Strings are borrowed
 * from `line` or live in the arena. */
must_check bool story_line_read(
    struct arena *arena, const json_t *line, struct story_item *ret_item, struct fault *fault);

/* The settings. What is wrong goes to standard error. */
must_check bool story_line_begin(
    const struct command_line *line, struct story_settings *ret_settings);

#endif
