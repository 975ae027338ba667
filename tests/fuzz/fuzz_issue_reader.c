/* A past issue in: any bytes give an issue, every line of it is in the issue or listed, and
 * what is printed of it reads back as the same issue, field by field, through Markdown and
 * through JSON. An input that begins with NUL goes into the fields of an issue instead, one
 * line after the other, so that texts are met that no reader would have let pass. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "briefing/issue_reader.h"
#include "briefing/render_markdown.h"
#include "config/config.h"
#include "input.h"

enum { OUT_MAX_BYTES = 64 << 20 };

static const char configuration[] =
    "briefing { title = \"T\" archive_anchor = \"2020-02-16\" }\n"
    "section \"brief\" { title = \"热身小新闻\" form = oneline }\n"
    "section \"news\" { title = \"业界新闻\" short_title = \"新闻\" fallback = true }\n"
    "section \"papers\" { title = \"论文\" form = paper }\n"
    "section \"oss\" { title = \"开源项目\" short_title = \"开源\" form = project }\n"
    "feed \"f\" { url = \"https://f.example/feed\" }\n";

static struct config *get_config(void)
{
    static struct config *config;
    struct problems problems;
    if (config == NULL) {
        problems_init(&problems);
        config = config_parse(configuration, "feeds.conf", &problems);
        fuzz_require(config != NULL, "the configuration is refused");
        problems_release(&problems);
    }
    return config;
}

struct texts {
    struct buffer json, markdown;
};

static struct texts write_both(const struct issue *issue)
{
    struct texts texts;
    buffer_init(&texts.json, OUT_MAX_BYTES);
    buffer_init(&texts.markdown, OUT_MAX_BYTES);
    issue_write_json(issue, &texts.json);
    issue_write_markdown(issue, &texts.markdown);
    return texts;
}

static void release(struct texts *texts)
{
    buffer_release(&texts->json);
    buffer_release(&texts->markdown);
}

static void check_json(struct arena *arena, const struct texts *texts)
{
    struct issue *issue;
    struct fault fault = {0};
    bool ok = issue_read_json(arena, texts->json.data, texts->json.length, &issue, &fault);
    fuzz_require(ok, "the document is refused: %s", fault.message);
    struct texts again = write_both(issue);
    fuzz_require(strcmp(again.json.data, texts->json.data) == 0,
        "the document changed:\n%s\n%s", texts->json.data, again.json.data);
    release(&again);
}

/* What the reader gave is printed, read, and is the same. */
static void check_round_trip(struct arena *arena, const struct issue *issue)
{
    struct texts first = write_both(issue);
    struct issue_reading reading = issue_read_markdown(
        arena, get_config(), issue->date, first.markdown.data, first.markdown.length);
    struct texts second = write_both(reading.issue);
    fuzz_require(strcmp(first.json.data, second.json.data) == 0,
        "the issue changed:\n%s\n%s\nprinted as\n%s", first.json.data, second.json.data,
        first.markdown.data);
    check_json(arena, &first);
    release(&first);
    release(&second);
}

/* One line of the input for each text of an issue with an item. */
static void check_fields(struct arena *arena, struct fuzz_input *input)
{
    struct issue *issue = issue_furnish(arena, get_config(), "2020-09-17");
    struct issue_item item = {.title = "t"};
    struct issue_line line = {"链接：", NULL};
    const char **fields[] = {&item.title, &item.source, &item.summary, &line.text,
        &issue->guide, &issue->headline, &issue->closing, &issue->note_after};
    for (size_t i = 0; i < array_count(fields); i++) {
        char *text = fuzz_take_line(input);
        bool given = text != NULL && *text != '\0' && fuzz_is_utf8(text);
        *fields[i] = given ? arena_strdup(arena, text) : *fields[i];
        fuzz_freep(&text);
    }
    item.title = arena_printf(arena, "%st", item.title); /* something of it can be seen */
    item.lines = &line;
    item.line_count = 1;
    issue->sections[1].items = &item;
    issue->sections[1].item_count = 1;
    struct texts printed = write_both(issue);
    struct issue_reading reading = issue_read_markdown(
        arena, get_config(), issue->date, printed.markdown.data, printed.markdown.length);
    fuzz_require(issue_count_items(reading.issue) == 1, "%zu items instead of one in\n%s",
        issue_count_items(reading.issue), printed.markdown.data);
    fuzz_require(reading.issue->section_count == 3, "%zu sections instead of three in\n%s",
        reading.issue->section_count, printed.markdown.data);
    check_round_trip(arena, reading.issue);
    release(&printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(arena_release) struct arena arena = {0};
    if (size > 0 && data[0] == '\0') {
        input.cursor++;
        check_fields(&arena, &input);
        return 0;
    }
    struct issue_reading reading = issue_read_markdown(
        &arena, get_config(), "2020-09-17", input.cursor, fuzz_left(&input));
    check_round_trip(&arena, reading.issue);
    return 0;
}
