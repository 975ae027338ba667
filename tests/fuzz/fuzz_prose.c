/* The editor's Markdown: events are properly nested, links lead to http(s) without user and
 * password, and what the writers make of valid UTF-8 is valid UTF-8; the guide is put together
 * to the bytes it was taken apart from. */
#include <string.h>

#include "base/arena.h"
#include "briefing/guide_parts.h"
#include "briefing/markup.h"
#include "briefing/prose.h"
#include "input.h"

enum { DEPTH_MAX = 1024, HTML_MAX_BYTES = 64 << 20 };

static void require_nesting(const struct prose *prose)
{
    enum prose_kind stack[DEPTH_MAX];
    size_t depth = 0;
    for (size_t i = 0; i < prose->count; i++) {
        const struct prose_event *event = &prose->events[i];
        bool container = event->kind < PROSE_CODE_BLOCK;
        if (container && !event->leave && depth < DEPTH_MAX) {
            stack[depth++] = event->kind;
        } else if (container && event->leave) {
            fuzz_require(depth > 0 && stack[--depth] == event->kind, "events are not nested");
        }
        if (event->kind == PROSE_LINK) {
            fuzz_require(markup_is_web_address(event->url), "a link to '%s'", event->url);
        }
    }
    fuzz_require(depth == 0 || depth == DEPTH_MAX, "an event is not left");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(fuzz_freep) char *base = fuzz_take_field(&input, "Base");
    cleanup(fuzz_freep) char *text = fuzz_take_text(&input);
    cleanup(arena_release) struct arena arena = {0};
    cleanup(buffer_release) struct buffer html;
    buffer_init(&html, HTML_MAX_BYTES);
    struct prose prose = prose_parse(&arena, text, base);
    require_nesting(&prose);
    prose_write_html(&prose, "摘要：", &html);
    fuzz_require(!fuzz_is_utf8(text) || fuzz_is_utf8(html.data), "the HTML is no UTF-8");
    fuzz_require(strstr(html.data, "<script") == NULL, "a script");
    static const struct config_labels labels = {.open_bracket = "「",
        .close_bracket = "」",
        .item_separator = "、",
        .group_separator = "；",
        .sentence_end = "。"};
    const struct guide_parts *parts = guide_parts_read(&arena, text, &labels);
    fuzz_require(strcmp(guide_parts_join(&arena, parts), text) == 0, "the guide has changed");
    return 0;
}
