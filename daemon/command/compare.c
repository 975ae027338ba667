/* Two items, judged as if nothing else had been published: for measuring the tiers and for
 * asking why two items were, or were not, grouped. */
#include "command/command.h"

#include "base/json.h"
#include "briefing/story.h"
#include "command/json_lines.h"
#include "command/story_line.h"

struct comparing {
    const struct fold_table *fold;
    struct story_settings settings;
};

static bool read_side(struct arena *arena, const json_t *line, const char *name,
    struct story_item *ret_item, struct fault *fault)
{
    const json_t *side = json_object_get(line, name);
    if (!json_is_object(side)) {
        return fault_set(fault, FAULT_PARSE, "'%s' must be an object", name);
    }
    return story_line_read(arena, side, ret_item, fault) ||
        fault_prefix(fault, "in '%s': ", name);
}

static bool answer(void *context, const json_t *line, struct buffer *out, struct fault *fault)
{
    struct comparing *comparing = context;
    cleanup(arena_release) struct arena arena = {0};
    struct story_item a, b;
    if (!read_side(&arena, line, "a", &a, fault) || !read_side(&arena, line, "b", &b, fault)) {
        return false;
    }
    /* What the two are is asked, not whether one came in time for the other. */
    a.published_s = b.published_s = 0;
    a.item = 0;
    b.item = 1;
    struct story_index *index = story_index_new(comparing->fold, &comparing->settings);
    story_place(index, &arena, &a);
    struct story_match match = story_place(index, &arena, &b);
    story_index_free(index);
    bool near = match.tier == STORY_SAME_KEY || match.tier == STORY_NEAR_DUPLICATE;
    buffer_printf(out,
        "{\"near_dup\": %s, \"same_story\": %s, \"tier\": \"%s\", \"score\": %.4f, \"words\": ",
        near ? "true" : "false", match.tier != STORY_NEW ? "true" : "false",
        story_tier_name(match.tier), match.score);
    json_write_strings(match.words, match.word_count, out);
    buffer_puts(out, ", \"reason\": ");
    json_write_string(story_explain(&arena, &match), out);
    buffer_putc(out, '}');
    return true;
}

static int run_compare(const struct command_line *line)
{
    struct comparing comparing = {.fold = fold_table_get()};
    if (!story_line_begin(line, &comparing.settings)) {
        return COMMAND_FAILED;
    }
    int code = json_lines_run(answer, &comparing);
    return code;
}

const struct command command_compare = {
    .name = "compare",
    .arguments = "",
    .summary = "Say for each pair of items on standard input whether they tell the same",
    .details = "Reads one JSON object a line: {\"a\": ITEM, \"b\": ITEM}, items as for 'briefd "
               "group'.\n"
               "Writes one line for each: {\"near_dup\", \"same_story\", \"tier\", \"score\", "
               "\"words\", \"reason\"}.\n"
               "Times are not looked at.\n",
    .run = run_compare,
};
