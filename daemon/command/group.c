/* The grouping of a run of items, as the daemon would do it one by one: for trying settings and
 * for measuring. Ids are kept as the lines gave them; a story is named by the id of the item
 * that began it. */
#include "command/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "briefing/story.h"
#include "command/json_lines.h"
#include "command/story_line.h"

struct grouping {
    const struct fold_table *fold;
    struct story_index *index;
    char **ids; /* of each line's item, by its number; NULL for a line without id */
    size_t count, capacity;
};

static int64_t add_id(struct grouping *grouping, const char *id)
{
    if (grouping->count == grouping->capacity) {
        grouping->capacity = grouping->capacity == 0 ? 1024 : grouping->capacity * 2;
        grouping->ids = reallocarray(grouping->ids, grouping->capacity, sizeof(*grouping->ids));
        if (grouping->ids == NULL) {
            memory_exhausted();
        }
    }
    char *copy = id == NULL ? NULL : strdup(id);
    if (id != NULL && copy == NULL) {
        memory_exhausted();
    }
    grouping->ids[grouping->count] = copy;
    return (int64_t)grouping->count++;
}

static bool answer(void *context, const json_t *line, struct buffer *out, struct fault *fault)
{
    struct grouping *grouping = context;
    cleanup(arena_release) struct arena arena = {0};
    struct story_item item;
    const char *id;
    if (!json_line_string(line, "id", &id, fault) ||
        !story_line_read(&arena, line, &item, fault)) {
        return false;
    }
    item.item = add_id(grouping, id);
    struct story_match match = story_place(grouping->index, &arena, &item);
    buffer_puts(out, "{\"id\": ");
    json_write_string(id, out);
    buffer_puts(out, ", \"story\": ");
    json_write_string(grouping->ids[match.story], out);
    buffer_puts(out, ", \"matched\": ");
    json_write_string(match.tier == STORY_NEW ? NULL : grouping->ids[match.matched], out);
    buffer_printf(out,
        ", \"tier\": \"%s\", \"score\": %.4f, \"words\": ", story_tier_name(match.tier),
        match.score);
    json_write_strings(match.words, match.word_count, out);
    buffer_puts(out, ", \"reason\": ");
    json_write_string(story_explain(&arena, &match), out);
    buffer_putc(out, '}');
    return true;
}

static int run_group(const struct command_line *line)
{
    struct grouping grouping = {0};
    struct story_settings settings;
    if (!story_line_begin(line, &settings)) {
        return COMMAND_FAILED;
    }
    grouping.fold = fold_table_get();
    grouping.index = story_index_new(grouping.fold, &settings);
    int code = json_lines_run(answer, &grouping);
    story_index_free(grouping.index);
    for (size_t i = 0; i < grouping.count; i++) {
        free(grouping.ids[i]);
    }
    free(grouping.ids);
    return code;
}

const struct command command_group = {
    .name = "group",
    .arguments = "",
    .summary = "Group the items on standard input into stories, and say why",
    .details = "Reads one JSON object a line, in the order of time: {\"id\", \"title\", "
               "\"summary\",\n"
               "\"published\", \"url\"}; each a string or null, other members are ignored.\n"
               "Writes one line for each: {\"id\", \"story\", \"matched\", \"tier\", "
               "\"score\", \"words\",\n"
               "\"reason\"}. A story is named by the id of the item that began it; \"tier\" is "
               "new, same_key,\n"
               "near_duplicate or related. Windows and cuts come from 'stories' in the "
               "configuration.\n",
    .run = run_group,
};
