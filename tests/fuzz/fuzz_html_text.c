/* HTML to text, to a title and to a summary of so many characters. */
#include <string.h>

#include "base/utf8.h"
#include "feed/html.h"
#include "input.h"

static size_t count_characters(const char *text)
{
    size_t count = 0;
    uint32_t codepoint;
    for (size_t length; (length = utf8_decode(text, &codepoint)) > 0; text += length) {
        count++;
    }
    return count;
}

static void check_ends(const char *what, const char *text)
{
    size_t length = strlen(text);
    fuzz_require(length == 0 || (text[0] != '\n' && text[length - 1] != '\n'),
        "%s begins or ends with a line end", what);
}

static void check_summary(struct arena *arena, const char *text, size_t max_characters)
{
    const char *summary = text_summary(arena, text, max_characters);
    fuzz_require(strchr(summary, '\n') == NULL, "a summary of two lines");
    fuzz_require(count_characters(summary) <= max_characters,
        "a summary of %zu characters instead of %zu", count_characters(summary),
        max_characters);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t lengths[] = {1, 2, 30, 200};
    struct fuzz_input input = fuzz_input_of(data, size);
    const char *bytes = input.cursor;
    cleanup(fuzz_freep) char *html = fuzz_take_text(&input);
    cleanup(arena_release) struct arena arena = {0};
    const char *text = html_to_text(&arena, bytes, size);
    const char *title = html_to_title(&arena, bytes, size);
    check_ends("the text", text);
    fuzz_require(strchr(title, '\n') == NULL, "a title of two lines");
    if (strlen(html) == size && fuzz_is_utf8(html)) {
        fuzz_require(fuzz_is_utf8(text), "the text is no UTF-8");
        fuzz_require(fuzz_is_utf8(title), "the title is no UTF-8");
    }
    for (size_t i = 0; i < array_count(lengths); i++) {
        check_summary(&arena, text, lengths[i]);
        check_summary(&arena, html, lengths[i]);
    }
    return 0;
}
