/* `briefd parse FILE`: one feed as JSON, to see what briefd sees. Whatever happens, standard
 * output gets exactly one JSON object, so that scripts need not look at anything else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "command/command.h"
#include "feed/charset.h"
#include "feed/parse.h"

enum { FILE_MAX_BYTES = 256 << 20 };

/* A file name can be any bytes, JSON cannot: the message is read as what it most likely is. */
static int print_fault(struct arena *arena, const struct fault *fault)
{
    struct charset_result message = charset_to_utf8(
        arena, fault->message, strlen(fault->message), NULL);
    json_t *object = json_pack("{s:n, s:s%}", "format", "error", message.data, message.length);
    json_dumpf(object, stdout, 0);
    putchar('\n');
    json_decref(object);
    return COMMAND_FAILED;
}

static int print_document(const struct feed_document *document)
{
    struct buffer out;
    buffer_init(&out, (size_t)1 << 31);
    feed_write_json(document, &out);
    buffer_putc(&out, '\n');
    bool written = fwrite(out.data, 1, out.length, stdout) == out.length && fflush(stdout) == 0;
    buffer_release(&out);
    return written ? COMMAND_OK : COMMAND_FAILED;
}

static int run(const struct command_line *line)
{
    struct fault fault;
    char *data;
    size_t length;
    struct arena arena;
    arena_init(&arena);
    if (!command_read_file(line->arguments[0], FILE_MAX_BYTES, &data, &length, &fault)) {
        print_fault(&arena, &fault);
        arena_release(&arena);
        return COMMAND_FAILED;
    }
    struct feed_parse_options options = {
        .base_url = command_option_value(line, "base-url"),
        .content_type = command_option_value(line, "content-type"),
    };
    feed_parse_setup();
    struct feed_document *document;
    int code = feed_parse(&arena, data, length, &options, &document, &fault)
        ? print_document(document)
        : print_fault(&arena, &fault);
    feed_parse_teardown();
    arena_release(&arena);
    free(data);
    return code;
}

const struct command command_parse = {
    .name = "parse",
    .arguments = "FILE",
    .summary = "Print a feed as JSON, the way briefd reads it",
    .details = "FILE is RSS, RDF, Atom or JSON Feed; '-' is standard input. Prints one JSON "
               "object and\n"
               "exits with 0 for a feed, or {\"error\": …} and 1 for what is none.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
    .options =
        {
            {"base-url", "URL", "where the bytes came from: relative links start there"},
            {"content-type", "TYPE", "the HTTP header, such as 'text/xml; charset=gbk'"},
        },
};
