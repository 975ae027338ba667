/* The tree of block.h as OPML. Feeds go to the folder of their section; their place in
 * feeds.conf is written along, since its order decides between equals. */
#include "feed/opml.h"

#include <string.h>

/* Attribute values keep their line breaks and tabs only as references (XML 1.0, 3.3.3), and two
 * characters of UTF-8 are none of XML's. */
static void write_text(const char *text, struct buffer *out)
{
    for (const char *at = text; *at != '\0'; at++) {
        switch (*at) {
        case '&':
            buffer_puts(out, "&amp;");
            break;
        case '<':
            buffer_puts(out, "&lt;");
            break;
        case '>':
            buffer_puts(out, "&gt;");
            break;
        case '"':
            buffer_puts(out, "&quot;");
            break;
        case '\n':
        case '\t':
        case '\r':
            buffer_printf(out, "&#%d;", *at);
            break;
        default:
            if (strncmp(at, "\xEF\xBF\xBE", 3) == 0 || strncmp(at, "\xEF\xBF\xBF", 3) == 0) {
                buffer_puts(out, "\xEF\xBF\xBD");
                at += 2;
            } else {
                buffer_putc(out, *at);
            }
        }
    }
}

static void write_attribute(
    const char *prefix, const char *name, const char *value, struct buffer *out)
{
    buffer_printf(out, " %s%s=\"", prefix, name);
    write_text(value, out);
    buffer_putc(out, '"');
}

static void indent(int depth, struct buffer *out)
{
    for (int i = 0; i < depth; i++) {
        buffer_puts(out, "  ");
    }
}

/* How many settings from `index` on have its key. */
static size_t count_equal_keys(const struct config_block *block, size_t index)
{
    size_t count = 1;
    while (index + count < block->setting_count &&
        strcmp(block->settings[index + count].key, block->settings[index].key) == 0) {
        count++;
    }
    return count;
}

/* ---- the head ---- */

/* Elements of a list are children, single settings attributes. */
static void write_elements(const struct config_block *block, int depth, struct buffer *out)
{
    for (size_t i = 0; i < block->setting_count;) {
        size_t count = count_equal_keys(block, i);
        for (size_t k = i; count > 1 && k < i + count; k++) {
            indent(depth, out);
            buffer_printf(out, "<briefd:%s>", block->settings[k].key);
            write_text(block->settings[k].value, out);
            buffer_printf(out, "</briefd:%s>\n", block->settings[k].key);
        }
        i += count;
    }
}

static bool has_elements(const struct config_block *block)
{
    for (size_t i = 0; i < block->setting_count; i++) {
        if (count_equal_keys(block, i) > 1) {
            return true;
        }
    }
    return block->block_count > 0;
}

static void write_block(const struct config_block *block, int depth, struct buffer *out)
{
    indent(depth, out);
    buffer_printf(out, "<briefd:%s", block->name);
    if (block->title != NULL) {
        write_attribute("", "name", block->title, out);
    }
    for (size_t i = 0; i < block->setting_count;) {
        size_t count = count_equal_keys(block, i);
        if (count == 1) {
            write_attribute("", block->settings[i].key, block->settings[i].value, out);
        }
        i += count;
    }
    if (!has_elements(block)) {
        buffer_puts(out, "/>\n");
        return;
    }
    buffer_puts(out, ">\n");
    write_elements(block, depth + 1, out);
    for (size_t i = 0; i < block->block_count; i++) {
        write_block(&block->blocks[i], depth + 1, out);
    }
    indent(depth, out);
    buffer_printf(out, "</briefd:%s>\n", block->name);
}

static bool is_feed(const struct config_block *block)
{
    return strcmp(block->name, "feed") == 0;
}

static void write_head(
    const struct config_block *file, const struct config *config, struct buffer *out)
{
    buffer_puts(out, "  <head>\n    <title>");
    write_text(config->briefing.title, out);
    buffer_puts(out, "</title>\n");
    for (size_t i = 0; i < file->block_count; i++) {
        /* Where this machine listens is no part of a list of feeds. */
        if (!is_feed(&file->blocks[i]) && strcmp(file->blocks[i].name, "server") != 0) {
            write_block(&file->blocks[i], 2, out);
        }
    }
    buffer_puts(out, "  </head>\n");
}

/* ---- the body ---- */

static const char *find_setting(const struct config_block *block, const char *key)
{
    for (size_t i = 0; i < block->setting_count; i++) {
        if (strcmp(block->settings[i].key, key) == 0) {
            return block->settings[i].value;
        }
    }
    return NULL;
}

/* A list is one attribute: elements have no line breaks, so one stands between them. */
static void write_settings(const struct config_block *feed, struct buffer *out)
{
    for (size_t i = 0; i < feed->setting_count;) {
        size_t count = count_equal_keys(feed, i);
        if (strcmp(feed->settings[i].key, "url") != 0) {
            buffer_printf(out, " briefd:%s=\"", feed->settings[i].key);
            for (size_t k = 0; k < count; k++) {
                buffer_puts(out, k == 0 ? "" : "&#10;");
                write_text(feed->settings[i + k].value, out);
            }
            buffer_putc(out, '"');
        }
        i += count;
    }
}

static void write_feed(
    const struct config_block *feed, size_t place, int depth, struct buffer *out)
{
    indent(depth, out);
    buffer_puts(out, "<outline type=\"rss\"");
    write_attribute("", "text", feed->title, out);
    write_attribute("", "title", feed->title, out);
    write_attribute("", "xmlUrl", find_setting(feed, "url"), out);
    buffer_printf(out, " briefd:place=\"%zu\"", place);
    write_settings(feed, out);
    buffer_puts(out, "/>\n");
}

/* The feeds of section `id`; NULL: those that name none. Returns how many there are. */
static size_t write_feeds(
    const struct config_block *file, const char *id, int depth, struct buffer *out)
{
    size_t place = 0, written = 0;
    for (size_t i = 0; i < file->block_count; i++) {
        const struct config_block *feed = &file->blocks[i];
        if (!is_feed(feed)) {
            continue;
        }
        place++;
        const char *section = find_setting(feed, "section");
        bool here = id == NULL ? section == NULL : section != NULL && strcmp(section, id) == 0;
        if (here && out != NULL) {
            write_feed(feed, place, depth, out);
        }
        written += here;
    }
    return written;
}

static void write_folder(
    const struct config_block *file, const struct config_section *section, struct buffer *out)
{
    if (write_feeds(file, section->id, 0, NULL) == 0) {
        return;
    }
    buffer_puts(out, "    <outline");
    write_attribute("", "text", section->title, out);
    write_attribute("", "title", section->title, out);
    buffer_puts(out, ">\n");
    write_feeds(file, section->id, 3, out);
    buffer_puts(out, "    </outline>\n");
}

void opml_write(const struct config *config, struct buffer *out)
{
    struct arena arena = {0};
    const struct config_block *file = block_describe(config, &arena);
    buffer_puts(out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<opml version=\"2.0\" xmlns:briefd=\"urn:briefd:opml:1\" briefd:version=\"1\">\n");
    write_head(file, config, out);
    buffer_puts(out, "  <body>\n");
    for (size_t i = 0; i < config->section_count; i++) {
        write_folder(file, &config->sections[i], out);
    }
    write_feeds(file, NULL, 2, out);
    buffer_puts(out, "  </body>\n</opml>\n");
    arena_release(&arena);
}

/* ---- back to a configuration ---- */

struct config_block *opml_to_block(const struct opml *opml, struct arena *arena)
{
    struct config_block *file = arena_new(arena, struct config_block);
    file->name = "";
    file->blocks = arena_new_array(
        arena, struct config_block, opml->block_count + opml->feed_count + 1);
    if (opml->block_count > 0) {
        memcpy(file->blocks, opml->blocks, opml->block_count * sizeof(*file->blocks));
    }
    file->block_count = opml->block_count;
    for (size_t i = 0; i < opml->feed_count; i++) {
        const struct opml_feed *feed = &opml->feeds[i];
        struct config_block *block = &file->blocks[file->block_count++];
        block->name = "feed";
        block->title = feed->name == NULL ? feed->url : feed->name;
        block->settings = arena_new_array(arena, struct desk_setting, feed->setting_count + 1);
        block->settings[0] = (struct desk_setting){"url", feed->url};
        if (feed->setting_count > 0) {
            memcpy(block->settings + 1, feed->settings,
                feed->setting_count * sizeof(*block->settings));
        }
        block->setting_count = feed->setting_count + 1;
    }
    return file;
}
