/* `briefd canonical-url`: one URL a line in, one key a line out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "command/command.h"
#include "feed/url.h"

static void print_key(const char *url)
{
    struct arena arena;
    arena_init(&arena);
    puts(url_key(&arena, url));
    arena_release(&arena);
}

static int run_canonical_url(const struct command_line *line)
{
    for (int i = 0; i < line->argument_count; i++) {
        print_key(line->arguments[i]);
    }
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length;
    while (line->argument_count == 0 && (length = getline(&text, &capacity, stdin)) >= 0) {
        text[length - (length > 0 && text[length - 1] == '\n')] = '\0';
        print_key(text);
    }
    free(text);
    return ferror(stdin) != 0 || ferror(stdout) != 0 ? COMMAND_FAILED : COMMAND_OK;
}

const struct command command_canonical_url = {
    .name = "canonical-url",
    .arguments = "[URL...]",
    .summary = "Print the key of each URL: the same key is the same item",
    .details =
        "Without arguments the URLs are read from standard input, one a line, and the keys\n"
        "come out in the same order, one a line.\n",
    .min_arguments = 0,
    .max_arguments = -1,
    .run = run_canonical_url,
};
