/* `briefd sanitize`: what the desk would show of a piece of feed HTML. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "command/command.h"
#include "feed/html.h"

enum { INPUT_MAX_BYTES = 64 << 20 };

static int run_sanitize(const struct command_line *line)
{
    char *html;
    size_t length;
    struct fault fault;
    if (!command_read_file("-", INPUT_MAX_BYTES, &html, &length, &fault)) {
        return command_fail(&fault);
    }
    struct arena arena;
    arena_init(&arena);
    const char *base_url = command_option_value(line, "base-url");
    puts(command_option_value(line, "pictures") != NULL
            ? html_sanitize(&arena, html, length, base_url)
            : html_sanitize_offline(&arena, html, length, base_url));
    arena_release(&arena);
    free(html);
    return ferror(stdout) != 0 ? COMMAND_FAILED : COMMAND_OK;
}

const struct command command_sanitize = {
    .name = "sanitize",
    .arguments = "",
    .summary = "Read HTML from standard input and write what is safe of it",
    .details =
        "Only allow-listed elements, attributes and URL schemes survive. Links are made\n"
        "absolute against --base-url; without it relative ones are dropped.\n"
        "What comes out loads nothing: a picture becomes a link, unless --pictures is given.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .run = run_sanitize,
    .options = {{"base-url", "URL", "what relative links are relative to"},
        {"pictures", NULL, "keep pictures: the page will load them"}},
};
