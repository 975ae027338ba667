/* render_issue FOLDER [FEEDS.CONF] < issue.json: write the issue in every form into FOLDER, one
 * file a format by its extension, and the page to copy from. With a configuration its words and
 * labels take the place of the issue's: what another newsletter would print.
 *
 * The Python tests read the files with parsers that are not ours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "briefing/guide.h"
#include "briefing/issue.h"
#include "briefing/render.h"
#include "briefing/render_wechat.h"
#include "briefing/render_wechat_page.h"

enum { MAX_BYTES = 64 << 20 };

static void fail(const char *message)
{
    fprintf(stderr, "render_issue: %s\n", message);
    exit(1);
}

static void save(const char *folder, const char *name, const struct buffer *data)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(data->data, 1, data->length, file) != data->length ||
        fclose(file) != 0 || buffer_failed(data)) {
        fail(path);
    }
}

static struct issue *furnished(struct arena *arena, const struct issue *issue, const char *path,
    struct config **ret_config)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_load(path, &problems);
    problems_release(&problems);
    if (config == NULL) {
        fail("the configuration has mistakes");
    }
    struct issue *own = issue_furnish(arena, config, issue->date);
    for (size_t i = 0; i < own->section_count && i < issue->section_count; i++) {
        own->sections[i].items = issue->sections[i].items;
        own->sections[i].item_count = issue->sections[i].item_count;
    }
    own->guide = guide_compose(arena, own);
    *ret_config = config;
    return own;
}

int main(int argc, char **argv)
{
    struct buffer text, out;
    struct arena arena;
    struct issue *issue = NULL;
    struct config *config = NULL;
    struct fault fault;
    char block[65536];
    size_t length;
    if (argc < 2) {
        fail("usage: render_issue FOLDER [FEEDS.CONF] < issue.json");
    }
    arena_init(&arena);
    buffer_init(&text, MAX_BYTES);
    buffer_init(&out, MAX_BYTES);
    while ((length = fread(block, 1, sizeof(block), stdin)) > 0) {
        buffer_append(&text, block, length);
    }
    if (!issue_read_json(&arena, text.data, text.length, &issue, &fault)) {
        fail(fault.message);
    }
    issue = argc > 2 ? furnished(&arena, issue, argv[2], &config) : issue;
    size_t count;
    const struct render_format *formats = render_formats(&count);
    for (size_t i = 0; i < count; i++) {
        buffer_clear(&out);
        formats[i].write(issue, &out);
        save(argv[1], formats[i].extension, &out);
    }
    buffer_clear(&out);
    render_wechat_page(issue, "/wechat.js", &out);
    save(argv[1], "copy.html", &out);
    struct render_wechat_size size = render_wechat_measure(issue);
    printf("%zu %zu\n", size.characters, size.bytes);
    buffer_release(&text);
    buffer_release(&out);
    arena_release(&arena);
    config_unref(config);
    return 0;
}
