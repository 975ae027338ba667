/* Each is read by itself: one that a later version cannot read costs only itself. */
#include "config/desk_rule.h"

#include <string.h>

#include "config/block.h"
#include "config/patch.h"

/* ---- one by one ---- */

/* `inner` as a file of its own, inside a block like `outer` where that is given. */
static const char *print(
    struct arena *arena, const struct config_block *outer, struct config_block *inner)
{
    struct config_block around = {0}, file = {.name = "", .blocks = inner, .block_count = 1};
    if (outer != NULL) {
        around = (struct config_block){
            .name = outer->name, .title = outer->title, .blocks = inner, .block_count = 1};
        file.blocks = &around;
    }
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, BLOCK_TEXT_MAX);
    block_write(&file, &text);
    return arena_strdup(arena, text.data);
}

struct desk_rule *desk_rules_build(
    struct arena *arena, const struct config *rules, int64_t changed_utc_s, size_t *ret_count)
{
    struct config_block *file = block_describe_rules(rules, arena);
    size_t max = 0;
    for (size_t i = 0; i < file->block_count; i++) {
        max += 1 + file->blocks[i].block_count;
    }
    struct desk_rule *list = arena_new_array(arena, struct desk_rule, max + 1);
    size_t count = 0;
    for (size_t i = 0; i < file->block_count; i++) {
        struct config_block *block = &file->blocks[i];
        bool section = strcmp(block->name, "section") == 0;
        for (size_t k = 0; section && k < block->block_count; k++) {
            list[count++] = (struct desk_rule){DESK_RULE, block->title, block->blocks[k].title,
                changed_utc_s, print(arena, block, &block->blocks[k])};
        }
        if (!section) {
            list[count++] = (struct desk_rule){
                block->name, "", block->title, changed_utc_s, print(arena, NULL, block)};
        }
    }
    *ret_count = count;
    return list;
}

/* ---- over a configuration ---- */

static struct config *parse(
    struct arena *arena, const struct desk_rule *rule, struct problems *problems)
{
    const char *place = arena_printf(arena, "%s '%s%s%s' of the desk", rule->kind,
        rule->section, rule->section[0] == '\0' ? "" : "/", rule->name);
    return config_parse_rules(rule->text, strlen(rule->text), place, problems);
}

struct config *desk_rules_apply(
    struct config *base, const struct desk_rule *rules, size_t count, struct problems *problems)
{
    if (count == 0) {
        return config_ref(base);
    }
    cleanup(arena_release) struct arena arena = {0};
    struct patch *patches = arena_new_array(&arena, struct patch, count);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        struct config *parsed = parse(&arena, &rules[i], problems);
        if (parsed != NULL) {
            patches[used++] = (struct patch){parsed, rules[i].changed_utc_s};
        }
    }
    struct config *config = patch_apply(base, patches, used, problems);
    for (size_t i = 0; i < used; i++) {
        config_unref((struct config *)patches[i].rules);
    }
    return config;
}
