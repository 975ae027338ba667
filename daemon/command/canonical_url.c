/* `briefd canonical-url`: one URL a line in, one key a line out, the one the daemon would give
 * to an item at that address. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "command/command.h"
#include "feed/tracking.h"
#include "feed/url.h"

static void print_key(const struct config_words *tracking, const char *url)
{
    struct arena arena;
    arena_init(&arena);
    puts(url_key(&arena, tracking_strip(&arena, tracking, url)));
    arena_release(&arena);
}

static int run_canonical_url(const struct command_line *line)
{
    static const struct config_words none;
    cleanup(config_unrefp) struct config *config = NULL;
    if (!command_find_config(line, &config)) {
        return COMMAND_FAILED;
    }
    const struct config_words *tracking = config == NULL ? &none : &config->tracking_parameters;
    for (int i = 0; i < line->argument_count; i++) {
        print_key(tracking, line->arguments[i]);
    }
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length;
    while (line->argument_count == 0 && (length = getline(&text, &capacity, stdin)) >= 0) {
        text[length - (length > 0 && text[length - 1] == '\n')] = '\0';
        print_key(tracking, text);
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
        "come out in the same order, one a line. The tracking_parameters of the configuration "
        "are left\nout of the addresses; without a feeds.conf here and without --config, only "
        "those\nthat briefd knows by itself.\n",
    .min_arguments = 0,
    .max_arguments = -1,
    .run = run_canonical_url,
};
