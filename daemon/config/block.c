#include "config/block.h"

#include <string.h>

#include "base/clock.h"
#include "config/setting.h"

enum { SETTING_TEXT_MAX = 1 << 20, INDENT = 4, LINE_WIDTH = 100 };

/* ---- configuration -> tree ---- */

struct describing {
    struct arena *arena;
    struct buffer text; /* of one value */
};

const char *block_hide_password(struct arena *arena, const char *url, bool *ret_hidden)
{
    const char *host = strstr(url, "//");
    const char *user = host == NULL ? NULL : host + 2;
    const char *at = user == NULL ? NULL : memrchr(user, '@', strcspn(user, "/?#"));
    *ret_hidden = at != NULL;
    return at == NULL ? url : arena_printf(arena, "%.*s%s", (int)(user - url), url, at + 1);
}

/* What follows from other keys is not written again. */
static bool is_derived(const struct schema_section *section, const struct schema_key *key,
    const void *target, size_t index)
{
    if (strcmp(section->name, "section") == 0 && strcmp(key->name, "short_title") == 0) {
        const struct config_section *of = target;
        return strcmp(of->short_title, of->title) == 0;
    }
    if (strcmp(section->name, "vendor") == 0 && strcmp(key->name, "aliases") == 0) {
        const struct config_vendor *vendor = target; /* its name is an alias of itself */
        return strcmp(vendor->aliases.items[index].text, vendor->name) == 0;
    }
    return false;
}

static void add_setting(struct describing *describing, struct config_block *block,
    size_t *capacity, const struct schema_key *key, const void *target, size_t index)
{
    if (block->setting_count == *capacity) {
        block->settings = arena_grow(
            describing->arena, block->settings, sizeof(*block->settings), capacity);
    }
    buffer_clear(&describing->text);
    setting_write(key, target, index, &describing->text);
    const char *value = arena_strdup(describing->arena, describing->text.data);
    bool hidden = false;
    if (key->kind == SCHEMA_URL) {
        value = block_hide_password(describing->arena, value, &hidden);
    }
    if (hidden) {
        block->comment = arena_printf(describing->arena,
            "%s%suser and password of this address are left out",
            block->comment == NULL ? "" : block->comment, block->comment == NULL ? "" : "; ");
    }
    block->settings[block->setting_count++] = (struct desk_setting){key->name, value};
}

static void describe_settings(struct describing *describing,
    const struct schema_section *section, const void *target, struct config_block *block)
{
    size_t capacity = 0;
    for (size_t i = 0; i < section->key_count; i++) {
        const struct schema_key *key = &section->keys[i];
        if (schema_is_section(key->kind)) {
            continue;
        }
        size_t count = setting_count(key, target);
        for (size_t k = 0; k < count; k++) {
            if (!is_derived(section, key, target, k)) {
                add_setting(describing, block, &capacity, key, target, k);
            }
        }
    }
}

static const char *describe_origin(const struct config_feed *feed, struct arena *arena)
{
    char day[CLOCK_ISO_BYTES];
    if (feed->added_utc_s != 0) {
        return arena_printf(
            arena, "added at the desk %s", clock_format_day(feed->added_utc_s, 0, day));
    }
    if (feed->changed_utc_s != 0) {
        return arena_printf(
            arena, "changed at the desk %s", clock_format_day(feed->changed_utc_s, 0, day));
    }
    return NULL;
}

/* When the editor wrote a rule, topic or vendor; 0: never. */
static int64_t desk_time(const struct schema_section *section, const void *target)
{
    if (strcmp(section->name, "rule") == 0 || strcmp(section->name, "topic") == 0) {
        return ((const struct config_rule *)target)->changed_utc_s; /* a topic is a rule */
    }
    return strcmp(section->name, "vendor") == 0
        ? ((const struct config_vendor *)target)->changed_utc_s
        : 0;
}

static const char *describe_desk(
    const struct schema_section *section, const void *target, struct arena *arena)
{
    char day[CLOCK_ISO_BYTES];
    int64_t changed_utc_s = desk_time(section, target);
    return changed_utc_s == 0 ? NULL
                              : arena_printf(arena, "written at the desk %s",
                                    clock_format_day(changed_utc_s, 0, day));
}

static void describe_sections(struct describing *describing,
    const struct schema_section *section, const void *target, struct config_block *block);

static struct config_block describe(
    struct describing *describing, const struct schema_section *section, const void *target)
{
    struct config_block block = {.name = section->name};
    if (section->titled) {
        block.title = *(
            const char *const *)(const void *)((const char *)target + section->title_offset);
    }
    if (section == &schema_feed) {
        block.comment = describe_origin(target, describing->arena);
    } else {
        block.comment = describe_desk(section, target, describing->arena);
    }
    describe_settings(describing, section, target, &block);
    describe_sections(describing, section, target, &block);
    return block;
}

/* A section that is written only once and holds nothing is not written. */
static void describe_sections(struct describing *describing,
    const struct schema_section *section, const void *target, struct config_block *block)
{
    size_t capacity = 0;
    for (size_t i = 0; i < section->key_count; i++) {
        const struct schema_key *key = &section->keys[i];
        if (!schema_is_section(key->kind)) {
            continue;
        }
        bool many = key->kind == SCHEMA_SECTIONS;
        const char *field = (const char *)target + key->offset;
        const char *items = many ? *(const char *const *)(const void *)field : field;
        size_t count = many
            ? *(const size_t *)(const void *)((const char *)target + key->count_offset)
            : 1;
        for (size_t k = 0; k < count; k++) {
            struct config_block inner = describe(
                describing, key->section, items + k * key->section->bytes);
            if (!many && inner.setting_count + inner.block_count == 0) {
                continue;
            }
            if (block->block_count == capacity) {
                block->blocks = arena_grow(
                    describing->arena, block->blocks, sizeof(*block->blocks), &capacity);
            }
            block->blocks[block->block_count++] = inner;
        }
    }
}

struct config_block *block_describe(const struct config *config, struct arena *arena)
{
    struct describing describing = {.arena = arena};
    buffer_init(&describing.text, SETTING_TEXT_MAX);
    struct config written = {0};
    config_copy_values(config, &written);
    written.feeds = config->written_feeds;
    struct config_block *block = arena_new(arena, struct config_block);
    *block = describe(&describing, &schema_root, &written);
    buffer_release(&describing.text);
    return block;
}

struct config_block *block_describe_rules(const struct config *rules, struct arena *arena)
{
    struct describing describing = {.arena = arena};
    buffer_init(&describing.text, SETTING_TEXT_MAX);
    struct config_block *block = arena_new(arena, struct config_block);
    *block = describe(&describing, &schema_rules, rules);
    buffer_release(&describing.text);
    return block;
}

struct config_block block_describe_feed(const struct config_feed *feed, struct arena *arena)
{
    struct describing describing = {.arena = arena};
    buffer_init(&describing.text, SETTING_TEXT_MAX);
    struct config_block block = describe(&describing, &schema_feed, feed);
    buffer_release(&describing.text);
    return block;
}

/* ---- tree -> feeds.conf ---- */

static void indent(int depth, struct buffer *out)
{
    for (int i = 0; i < depth * INDENT; i++) {
        buffer_putc(out, ' ');
    }
}

/* Numbers, durations, ids: the words the scanner takes without quotes. */
static bool is_bare(const char *text)
{
    return text[0] != '\0' &&
        text[strspn(text,
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
            "_")] == '\0';
}

/* In '…' only \' and \\ are escapes and nothing is filled in: for all that is not plain. */
static void write_quoted(const char *text, struct buffer *out)
{
    if (strpbrk(text, "\"\\$\n\t") == NULL) {
        buffer_printf(out, "\"%s\"", text);
        return;
    }
    buffer_putc(out, '\'');
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\'' || *at == '\\') {
            buffer_putc(out, '\\');
        }
        buffer_putc(out, *at);
    }
    buffer_putc(out, '\'');
}

static void write_value(const char *text, struct buffer *out)
{
    if (is_bare(text)) {
        buffer_puts(out, text);
    } else {
        write_quoted(text, out);
    }
}

/* `count` elements, broken where a line is long. */
static void write_list(
    const struct desk_setting *elements, size_t count, int depth, struct buffer *out)
{
    buffer_puts(out, "{ ");
    size_t line_start = out->length;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            buffer_puts(out, ",");
            if (out->length - line_start > LINE_WIDTH) {
                buffer_putc(out, '\n');
                line_start = out->length;
                indent(depth + 1, out);
            } else {
                buffer_putc(out, ' ');
            }
        }
        write_quoted(elements[i].value, out);
    }
    buffer_puts(out, " }\n");
}

static void write_settings(const struct config_block *block,
    const struct schema_section *section, int depth, struct buffer *out)
{
    for (size_t i = 0; i < block->setting_count;) {
        const struct desk_setting *setting = &block->settings[i];
        size_t count = 1;
        while (
            i + count < block->setting_count && strcmp(setting[count].key, setting->key) == 0) {
            count++;
        }
        const struct schema_key *key = section == NULL
            ? NULL
            : schema_find(section, setting->key, strlen(setting->key));
        indent(depth, out);
        buffer_printf(out, "%s = ", setting->key);
        if (count > 1 || (key != NULL && schema_is_list(key->kind))) {
            write_list(setting, count, depth, out);
        } else {
            write_value(setting->value, out);
            buffer_putc(out, '\n');
        }
        i += count;
    }
}

static void write_block(const struct config_block *block, const struct schema_section *section,
    int depth, struct buffer *out);

static void write_blocks(const struct config_block *block, const struct schema_section *section,
    int depth, struct buffer *out)
{
    for (size_t i = 0; i < block->block_count && depth < SCHEMA_DEPTH_MAX; i++) {
        const struct config_block *inner = &block->blocks[i];
        const struct schema_key *key = section == NULL
            ? NULL
            : schema_find(section, inner->name, strlen(inner->name));
        buffer_putc(out, '\n');
        write_block(inner, key == NULL ? NULL : key->section, depth, out);
    }
}

static void write_block(const struct config_block *block, const struct schema_section *section,
    int depth, struct buffer *out)
{
    if (block->comment != NULL) {
        indent(depth, out);
        buffer_printf(out, "# %s\n", block->comment);
    }
    indent(depth, out);
    buffer_puts(out, block->name);
    if (block->title != NULL) {
        buffer_putc(out, ' ');
        write_quoted(block->title, out);
    }
    buffer_puts(out, " {\n");
    write_settings(block, section, depth + 1, out);
    write_blocks(block, section, depth + 1, out);
    indent(depth, out);
    buffer_puts(out, "}\n");
}

void block_write(const struct config_block *file, struct buffer *out)
{
    write_settings(file, &schema_root, 0, out);
    write_blocks(file, &schema_root, 0, out);
}
