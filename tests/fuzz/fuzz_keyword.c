/* Patterns, one a line, an empty line, then a title and a summary. Matches lie inside the text,
 * on character borders, in order; a literal pattern is found in its own text. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "briefing/fold.h"
#include "briefing/keyword.h"
#include "input.h"

enum { PATTERNS_MAX = 16 };

static bool is_border(const char *text, size_t offset)
{
    size_t at = 0;
    uint32_t codepoint;
    for (size_t length; at < offset && (length = utf8_decode(text + at, &codepoint)) > 0;) {
        at += length;
    }
    return at == offset;
}

static const char *field_text(const struct keyword_texts *texts, enum keyword_field field)
{
    return field == KEYWORD_TITLE  ? texts->title
        : field == KEYWORD_SUMMARY ? texts->summary
        : field == KEYWORD_SOURCE  ? texts->source
                                   : texts->url;
}

static void check_matches(
    const struct keyword_texts *texts, const struct keyword_matches *matches)
{
    for (size_t i = 0; i < matches->count; i++) {
        const struct keyword_match *match = &matches->items[i];
        const char *text = field_text(texts, match->field);
        size_t end = (size_t)match->offset + match->length;
        fuzz_require(text != NULL, "a match of '%s' in no text", match->pattern);
        fuzz_require(match->length > 0 && end <= strlen(text),
            "'%s' matches %u bytes at %u of %zu", match->pattern, match->length, match->offset,
            strlen(text));
        fuzz_require(is_border(text, match->offset) && is_border(text, end),
            "'%s' matches a part of a character at %u+%u", match->pattern, match->offset,
            match->length);
        const struct keyword_match *last = i > 0 ? match - 1 : NULL;
        fuzz_require(last == NULL || last->field < match->field ||
                (last->field == match->field &&
                    (last->offset < match->offset ||
                        (last->offset == match->offset && last->length >= match->length))),
            "matches %zu and %zu are in the wrong order", i - 1, i);
    }
}

static bool is_literal(const char *pattern)
{
    return strpbrk(pattern, "/:*") == NULL && fuzz_is_utf8(pattern);
}

static void check_finds_itself(const char *pattern)
{
    struct keyword_set *set = keyword_set_new(fold_table_get());
    struct keyword_matches matches;
    cleanup(arena_release) struct arena arena = {0};
    if (keyword_set_add(set, 0, pattern, NULL)) {
        const struct keyword_texts texts = {.title = pattern};
        keyword_set_build(set);
        keyword_set_find(set, &arena, &texts, &matches, NULL);
        fuzz_require(matches.count > 0, "'%s' does not match itself", pattern);
    }
    keyword_set_free(set);
}

static void add_patterns(struct keyword_set *set, struct fuzz_input *input)
{
    for (uint32_t number = 0; number < PATTERNS_MAX; number++) {
        cleanup(fuzz_freep) char *pattern = fuzz_take_line(input);
        struct fault fault = {0};
        if (pattern == NULL || pattern[0] == '\0') {
            return;
        }
        if (is_literal(pattern)) {
            check_finds_itself(pattern);
        }
        fuzz_require(keyword_set_add(set, number, pattern, &fault) || fault.message[0] != '\0',
            "a refusal without a reason");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    struct keyword_set *set = keyword_set_new(fold_table_get());
    add_patterns(set, &input);
    keyword_set_build(set);
    cleanup(fuzz_freep) char *title = fuzz_take_line(&input);
    cleanup(fuzz_freep) char *summary = fuzz_take_text(&input);
    const struct keyword_texts texts = {title, summary, "量子位", "https://arxiv.org/abs/1"};
    struct keyword_matches matches;
    cleanup(arena_release) struct arena arena = {0};
    keyword_set_find(set, &arena, &texts, &matches, NULL);
    check_matches(&texts, &matches);
    keyword_set_free(set);
    return 0;
}
