/* Problem: files of twenty years of feed readers, some of them hostile, and our own, of which
 * nothing may be lost.
 *
 * Approach: the events of xml_read(), strict first and once more leniently when the file is not
 * XML; a stack of frames as deep as the reader allows, each an outline, a block of ours or
 * something to pass over. An outline with an address is a feed, one with outlines inside is a
 * folder, any other is named in the notes.
 *
 * Rejected: the tree of libxml2 (an order of magnitude more memory for a hostile file, and no
 * limit on depth of our own), mending as feeds are mended (xml_mend looks for feeds). */
#include "feed/opml.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed/charset.h"
#include "feed/text.h"
#include "feed/xml_reader.h"

enum {
    TEXT_MAX = 64 << 10,
    NOTE_TEXT = 80,
    FEED_SETTINGS_MAX = 256, /* a feed has some twenty keys; lists of hosts and topics grow */
};

enum frame_kind {
    FRAME_PASSED, /* nothing in it concerns us */
    FRAME_ROOT,
    FRAME_HEAD,
    FRAME_TITLE,
    FRAME_OUTLINES, /* body */
    FRAME_OUTLINE,
    FRAME_BLOCK,
    FRAME_ELEMENT, /* of a list in a block */
};

struct frame {
    enum frame_kind kind;
    const char *name;  /* of an outline; of a block's list */
    bool has_outlines; /* or is a feed */
    struct config_block *block;
    size_t setting_capacity, block_capacity;
};

struct reading {
    struct arena *arena;
    struct opml *opml;
    struct frame frames[XML_DEPTH_MAX + 1];
    size_t depth;
    struct buffer text;
    bool is_opml;
    const char *root;
    size_t feed_capacity, note_capacity, block_capacity;
    size_t feeds_dropped;
};

/* ---- notes ---- */

static void note(struct reading *reading, const char *text)
{
    struct opml *opml = reading->opml;
    if (opml->note_count == OPML_NOTES_MAX) {
        opml->notes_dropped++;
        return;
    }
    if (opml->note_count == reading->note_capacity) {
        opml->notes = arena_grow(
            reading->arena, opml->notes, sizeof(*opml->notes), &reading->note_capacity);
    }
    opml->notes[opml->note_count++] = text;
}

static const char *cut(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, text_clip(text, strlen(text), NOTE_TEXT));
}

/* ---- feeds ---- */

static const char *find_name(struct reading *reading, const struct xml_tag *tag)
{
    static const char *const names[] = {"text", "title"};
    for (size_t i = 0; i < array_count(names); i++) {
        const char *value = xml_tag_attribute(tag, names[i]);
        const char *name = value == NULL ? NULL
            : reading->opml->ours        ? arena_strdup(reading->arena, value)
                                         : text_collapse(reading->arena, value, strlen(value));
        if (name != NULL && name[0] != '\0') {
            return name;
        }
    }
    return NULL;
}

/* xmlUrl; some exporters write url, which otherwise is a page or another list. */
static const char *find_url(struct reading *reading, const struct xml_tag *tag)
{
    const char *url = xml_tag_attribute(tag, "xmlUrl");
    const char *type = xml_tag_attribute(tag, "type");
    if ((url == NULL || url[0] == '\0') && type != NULL &&
        (strcasecmp(type, "rss") == 0 || strcasecmp(type, "atom") == 0)) {
        url = xml_tag_attribute(tag, "url");
    }
    return url == NULL ? NULL : text_trim(reading->arena, url, strlen(url));
}

/* "/Boss/Work,cooking": comma-separated, a slash for each level (OPML 2.0). */
static void read_categories(
    struct reading *reading, const struct xml_tag *tag, struct opml_feed *feed)
{
    const char *text = xml_tag_attribute(tag, "category");
    size_t capacity = 0;
    while (text != NULL && *text != '\0' && feed->category_count < 16) {
        size_t length = strcspn(text, ",");
        const char *slash = memrchr(text, '/', length);
        const char *start = slash == NULL ? text : slash + 1;
        const char *name = text_trim(reading->arena, start, (size_t)(text + length - start));
        if (name != NULL) {
            if (feed->category_count == capacity) {
                feed->categories = arena_grow(
                    reading->arena, feed->categories, sizeof(*feed->categories), &capacity);
            }
            feed->categories[feed->category_count++] = name;
        }
        text += length + (text[length] == ',');
    }
}

static void add_setting(struct reading *reading, struct desk_setting **settings, size_t *count,
    size_t *capacity, const char *key, const char *value, size_t length)
{
    if (*count == *capacity) {
        *settings = arena_grow(reading->arena, *settings, sizeof(**settings), capacity);
    }
    (*settings)[(*count)++] = (struct desk_setting){
        arena_strdup(reading->arena, key), arena_strndup(reading->arena, value, length)};
}

static void read_settings(
    struct reading *reading, const struct xml_tag *tag, struct opml_feed *feed)
{
    size_t capacity = 0;
    for (size_t i = 0; i < tag->attribute_count; i++) {
        const struct xml_attribute *attribute = &tag->attributes[i];
        if (attribute->ns != NS_BRIEFD) {
            continue;
        }
        if (strcmp(attribute->name, "place") == 0) {
            feed->place = strtoul(attribute->value, NULL, 10);
            continue;
        }
        for (const char *value = attribute->value;
             value != NULL && feed->setting_count < FEED_SETTINGS_MAX;) {
            size_t length = strcspn(value, "\n");
            add_setting(reading, &feed->settings, &feed->setting_count, &capacity,
                attribute->name, value, length);
            value = value[length] == '\n' ? value + length + 1 : NULL;
        }
    }
}

static const char *find_folder(const struct reading *reading)
{
    for (size_t i = reading->depth; i > 0; i--) {
        const struct frame *frame = &reading->frames[i - 1];
        if (frame->kind == FRAME_OUTLINE && frame->name != NULL) {
            return frame->name;
        }
    }
    return NULL;
}

static void add_feed(
    struct reading *reading, const struct xml_tag *tag, const char *url, const char *name)
{
    struct opml *opml = reading->opml;
    if (opml->feed_count == OPML_FEEDS_MAX) {
        reading->feeds_dropped++;
        return;
    }
    if (opml->feed_count == reading->feed_capacity) {
        opml->feeds = arena_grow(
            reading->arena, opml->feeds, sizeof(*opml->feeds), &reading->feed_capacity);
    }
    struct opml_feed *feed = &opml->feeds[opml->feed_count++];
    *feed = (struct opml_feed){.url = url, .name = name, .folder = find_folder(reading)};
    read_categories(reading, tag, feed);
    read_settings(reading, tag, feed);
}

static void start_outline(struct reading *reading, const struct xml_tag *tag,
    struct frame *parent, struct frame *frame)
{
    const char *url = find_url(reading, tag);
    const char *name = find_name(reading, tag);
    parent->has_outlines = true;
    frame->kind = FRAME_OUTLINE;
    if (url != NULL) {
        add_feed(reading, tag, url, name);
        frame->has_outlines = true;
    }
    frame->name = name;
}

static void end_outline(struct reading *reading, const struct frame *frame)
{
    if (!frame->has_outlines) {
        note(reading,
            arena_printf(reading->arena, "outline '%s' names no feed; left out",
                frame->name == NULL ? "" : cut(reading->arena, frame->name)));
    }
}

/* ---- blocks of ours ---- */

/* A child without attributes is an element of its parent's list; one with attributes a block.
 */
static void start_ours(struct reading *reading, const struct xml_tag *tag, struct frame *parent,
    struct frame *frame)
{
    if (parent->kind == FRAME_BLOCK && tag->attribute_count == 0) {
        frame->kind = FRAME_ELEMENT;
        frame->name = tag->name;
        buffer_clear(&reading->text);
        return;
    }
    struct config_block *block = arena_new(reading->arena, struct config_block);
    frame->kind = FRAME_BLOCK;
    frame->block = block;
    block->name = arena_strdup(reading->arena, tag->name);
    for (size_t i = 0; i < tag->attribute_count; i++) {
        const struct xml_attribute *attribute = &tag->attributes[i];
        if (strcmp(attribute->name, "name") == 0) {
            block->title = arena_strdup(reading->arena, attribute->value);
        } else {
            add_setting(reading, &block->settings, &block->setting_count,
                &frame->setting_capacity, attribute->name, attribute->value,
                strlen(attribute->value));
        }
    }
}

/* A block is copied to its parent when it is whole: arrays move while they grow. */
static void end_block(struct reading *reading, const struct frame *frame)
{
    struct frame *parent = &reading->frames[reading->depth - 1];
    struct opml *opml = reading->opml;
    bool inner = parent->kind == FRAME_BLOCK;
    struct config_block **blocks = inner ? &parent->block->blocks : &opml->blocks;
    size_t *count = inner ? &parent->block->block_count : &opml->block_count;
    size_t *capacity = inner ? &parent->block_capacity : &reading->block_capacity;
    if (*count == *capacity) {
        *blocks = arena_grow(reading->arena, *blocks, sizeof(**blocks), capacity);
    }
    (*blocks)[(*count)++] = *frame->block;
}

static void end_element(struct reading *reading, const struct frame *frame)
{
    struct frame *parent = &reading->frames[reading->depth - 1];
    add_setting(reading, &parent->block->settings, &parent->block->setting_count,
        &parent->setting_capacity, frame->name, reading->text.data, reading->text.length);
}

/* ---- the handlers ---- */

static bool start_root(struct reading *reading, const struct xml_tag *tag, struct frame *frame)
{
    reading->root = arena_strdup(reading->arena, tag->name);
    reading->is_opml = strcasecmp(tag->name, "opml") == 0;
    reading->opml->ours = xml_tag_attribute_ns(tag, NS_BRIEFD, "version") != NULL;
    frame->kind = FRAME_ROOT;
    return reading->is_opml;
}

static void start_child(struct reading *reading, const struct xml_tag *tag,
    struct frame *parent, struct frame *frame)
{
    bool in_outlines = parent->kind == FRAME_OUTLINES || parent->kind == FRAME_OUTLINE ||
        parent->kind == FRAME_ROOT;
    if (tag->ns == NS_BRIEFD && (parent->kind == FRAME_HEAD || parent->kind == FRAME_BLOCK)) {
        start_ours(reading, tag, parent, frame);
    } else if (parent->kind == FRAME_ROOT && strcasecmp(tag->name, "head") == 0) {
        frame->kind = FRAME_HEAD;
    } else if (parent->kind == FRAME_ROOT && strcasecmp(tag->name, "body") == 0) {
        frame->kind = FRAME_OUTLINES;
    } else if (parent->kind == FRAME_HEAD && strcasecmp(tag->name, "title") == 0) {
        frame->kind = FRAME_TITLE;
        buffer_clear(&reading->text);
    } else if (in_outlines && strcasecmp(tag->name, "outline") == 0) {
        start_outline(reading, tag, parent, frame);
    }
}

static bool on_start(void *context, const struct xml_tag *tag)
{
    struct reading *reading = context;
    struct frame *frame = &reading->frames[reading->depth];
    *frame = (struct frame){.kind = FRAME_PASSED};
    bool go_on = true;
    if (reading->depth == 0) {
        go_on = start_root(reading, tag, frame);
    } else {
        start_child(reading, tag, frame - 1, frame);
    }
    reading->depth++;
    return go_on;
}

static void on_end(void *context)
{
    struct reading *reading = context;
    const struct frame *frame = &reading->frames[--reading->depth];
    switch (frame->kind) {
    case FRAME_TITLE:
        reading->opml->title = text_collapse(
            reading->arena, reading->text.data, reading->text.length);
        break;
    case FRAME_OUTLINE:
        end_outline(reading, frame);
        break;
    case FRAME_BLOCK:
        end_block(reading, frame);
        break;
    case FRAME_ELEMENT:
        end_element(reading, frame);
        break;
    default:
        break;
    }
}

static void on_text(void *context, const char *text, size_t length)
{
    struct reading *reading = context;
    enum frame_kind kind = reading->depth == 0 ? FRAME_PASSED
                                               : reading->frames[reading->depth - 1].kind;
    if (kind == FRAME_TITLE || kind == FRAME_ELEMENT) {
        buffer_append(&reading->text, text, length);
    }
}

/* ---- the whole ---- */

static int compare_places(const void *left, const void *right)
{
    const struct opml_feed *a = left, *b = right;
    return (a->place > b->place) - (a->place < b->place);
}

static bool all_have_places(const struct opml *opml)
{
    for (size_t i = 0; i < opml->feed_count; i++) {
        if (opml->feeds[i].place == 0) {
            return false;
        }
    }
    return opml->feed_count > 0;
}

static void finish(struct reading *reading, const struct xml_outcome *outcome)
{
    struct opml *opml = reading->opml;
    if (!outcome->well_formed) {
        note(reading,
            arena_printf(reading->arena,
                "the file is not well-formed (%s); read as far as "
                "it can be understood",
                outcome->problem));
    }
    if (reading->feeds_dropped > 0) {
        note(reading,
            arena_printf(reading->arena,
                "the file names more than %d feeds; the last %zu are left out", OPML_FEEDS_MAX,
                reading->feeds_dropped));
    }
    if (all_have_places(opml)) {
        qsort(opml->feeds, opml->feed_count, sizeof(*opml->feeds), compare_places);
    }
}

static bool read_once(struct reading *reading, const struct charset_result *text, bool lenient,
    struct xml_outcome *outcome, struct fault *fault)
{
    struct arena *arena = reading->arena;
    struct buffer buffer = reading->text;
    *reading = (struct reading){.arena = arena, .text = buffer};
    reading->opml = arena_new(arena, struct opml);
    struct xml_handlers handlers = {
        .start = on_start, .end = on_end, .text = on_text, .context = reading};
    return xml_read(arena, text->data, text->length, lenient, &handlers, outcome, fault);
}

/* A tag that the end of the file cuts is worth nothing: half an address is another address. */
static void drop_cut_tag(struct charset_result *text)
{
    const char *last = memrchr(text->data, '>', text->length);
    text->length = last == NULL ? text->length : (size_t)(last + 1 - text->data);
}

static bool read_text(struct reading *reading, struct charset_result *text,
    struct opml **ret_opml, struct fault *fault)
{
    struct xml_outcome outcome;
    if (!read_once(reading, text, false, &outcome, fault)) {
        return false;
    }
    if (outcome.fatal) {
        drop_cut_tag(text);
        if (!read_once(reading, text, true, &outcome, fault)) {
            return false;
        }
    }
    if (!reading->is_opml) {
        return reading->root == NULL
            ? fault_set(fault, FAULT_PARSE, "this is no OPML: it holds no XML")
            : fault_set(fault, FAULT_PARSE, "this is no OPML but XML with the root <%s>",
                  cut(reading->arena, reading->root));
    }
    finish(reading, &outcome);
    *ret_opml = reading->opml;
    return true;
}

bool opml_read(struct arena *arena, const char *data, size_t length, struct opml **ret_opml,
    struct fault *fault)
{
    if (length > OPML_BYTES_MAX) {
        return fault_set(fault, FAULT_LIMIT, "the file is larger than %d MiB: split it",
            OPML_BYTES_MAX >> 20);
    }
    struct charset_result text = charset_to_utf8(arena, data, length, NULL);
    struct reading *reading = arena_new(arena, struct reading);
    reading->arena = arena;
    buffer_init(&reading->text, TEXT_MAX);
    bool ok = read_text(reading, &text, ret_opml, fault);
    buffer_release(&reading->text);
    return ok;
}
