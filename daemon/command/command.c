/* One options table for all commands: the global options and the command's own are joined for
 * getopt_long(), which permutes, so options may stand anywhere. */
#include "command/command.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/heap.h"
#include "base/log.h"
#include "pipeline/following.h"

static const struct command *const commands[] = {
    &command_run,
    &command_status,
    &command_add,
    &command_user,
    &command_check,
    &command_poll,
    &command_digest,
    &command_search,
    &command_preflight,
    &command_backup,
    &command_restore,
    &command_verify,
    &command_export,
    &command_import,
    &command_import_issues,
    &command_import_opml,
    &command_export_opml,
    &command_export_config,
    &command_classify,
    &command_group,
    &command_compare,
    &command_eval,
    &command_parse,
    &command_canonical_url,
    &command_sanitize,
};

static const struct command_option global_options[] = {
    {"config", "FILE", "the configuration (default: feeds.conf)"},
    {"database", "FILE", "the SQLite file (default: the configuration's)"},
    {"listen", "ADDRESS:PORT", "where to serve (default: the configuration's)"},
    {"allow", "NET",
        "let the address guard pass NET, such as 127.0.0.0/8 or 10.1.2.3:80 (repeatable)"},
    {"verbose", NULL, "write debug lines to the log"},
    {"log", "text|json", "how lines of the log are written (default: text)"},
    {"help", NULL, "show this help"},
    {"version", NULL, "show the version"},
    /* For the tests of what takes days, see clock_follow(); not in the help. */
    {"clock", "FILE", NULL},
};

static const char DEFAULT_CONFIG[] = "feeds.conf";

enum { GLOBAL_COUNT = array_count(global_options) };

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < array_count(commands); i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static size_t count_options(const struct command *command)
{
    size_t count = 0;
    while (count < COMMAND_OPTIONS_MAX && command->options[count].name != NULL) {
        count++;
    }
    return count;
}

static void print_option(const struct command_option *option)
{
    if (option->help == NULL) {
        return;
    }
    char head[64];
    snprintf(head, sizeof(head), "--%s%s%s", option->name, option->value == NULL ? "" : " ",
        option->value == NULL ? "" : option->value);
    printf("  %-24s %s\n", head, option->help);
}

static int print_help(const struct command *command)
{
    if (command == NULL) {
        printf("usage: briefd [OPTIONS] COMMAND [ARGUMENTS]\n\n"
               "Keeps the next issue of a newsletter ready as a draft.\n\n");
        for (size_t i = 0; i < array_count(commands); i++) {
            printf("  %-24s %s\n", commands[i]->name, commands[i]->summary);
        }
    } else {
        printf("usage: briefd %s [OPTIONS]%s%s\n\n%s.\n", command->name,
            command->arguments[0] == '\0' ? "" : " ", command->arguments, command->summary);
        if (command->details != NULL) {
            printf("\n%s", command->details);
        }
    }
    printf("\nOptions:\n");
    for (size_t i = 0; command != NULL && i < count_options(command); i++) {
        print_option(&command->options[i]);
    }
    for (size_t i = 0; i < GLOBAL_COUNT; i++) {
        print_option(&global_options[i]);
    }
    if (command == NULL) {
        printf("\n'briefd COMMAND --help' tells more. Exit codes: 0 ok, 1 failed, 2 usage.\n");
    }
    return COMMAND_OK;
}

/* The command is the first word that is neither an option nor an option's value. It is looked
 * for before getopt runs, because the command decides which options exist. A command's own
 * options come after its name, so here only the global ones take values. */
static const char *find_command_word(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-') {
            return argv[i];
        }
        for (size_t k = 0; k < GLOBAL_COUNT; k++) {
            if (global_options[k].value != NULL &&
                strcmp(argv[i] + strspn(argv[i], "-"), global_options[k].name) == 0) {
                i++;
                break;
            }
        }
    }
    return NULL;
}

static bool add_allowed(struct command_line *line, const char *text)
{
    struct fault fault;
    struct address_range range;
    if (!address_range_parse(text, &range, &fault)) {
        fprintf(stderr, "briefd: --allow %s: %s\n", text, fault.message);
        return false;
    }
    line->allowed = reallocarray(line->allowed, line->allowed_count + 1, sizeof(range));
    if (line->allowed == NULL) {
        memory_exhausted();
    }
    line->allowed[line->allowed_count++] = range;
    return true;
}

static bool set_log_format(const char *name)
{
    bool json = strcmp(name, "json") == 0;
    if (!json && strcmp(name, "text") != 0) {
        fprintf(stderr, "briefd: --log %s: write text or json\n", name);
        return false;
    }
    log_set_format(json ? LOG_JSON : LOG_TEXT);
    return true;
}

static bool follow_clock(const char *path)
{
    struct fault fault;
    if (!clock_follow(path, &fault)) {
        fprintf(stderr, "briefd: --clock: %s\n", fault.message);
        return false;
    }
    return true;
}

enum option_effect { OPTION_TAKEN, OPTION_REFUSED, OPTION_HELP, OPTION_VERSION };

static enum option_effect take_option(struct command_line *line, int index, const char *value)
{
    if (index >= GLOBAL_COUNT) {
        line->option_values[index - GLOBAL_COUNT] = value == NULL ? "" : value;
        return OPTION_TAKEN;
    }
    const char *name = global_options[index].name;
    if (strcmp(name, "config") == 0) {
        line->config_path = value;
    } else if (strcmp(name, "database") == 0) {
        line->database = value;
    } else if (strcmp(name, "listen") == 0) {
        line->listen = value;
    } else if (strcmp(name, "allow") == 0) {
        return add_allowed(line, value) ? OPTION_TAKEN : OPTION_REFUSED;
    } else if (strcmp(name, "log") == 0) {
        return set_log_format(value) ? OPTION_TAKEN : OPTION_REFUSED;
    } else if (strcmp(name, "clock") == 0) {
        return follow_clock(value) ? OPTION_TAKEN : OPTION_REFUSED;
    } else if (strcmp(name, "verbose") == 0) {
        line->verbose = true;
    } else {
        return strcmp(name, "help") == 0 ? OPTION_HELP : OPTION_VERSION;
    }
    return OPTION_TAKEN;
}

static void join_options(const struct command *command, struct option *joined)
{
    size_t own = command == NULL ? 0 : count_options(command);
    for (size_t i = 0; i < GLOBAL_COUNT + own; i++) {
        const struct command_option *option = i < GLOBAL_COUNT
            ? &global_options[i]
            : &command->options[i - GLOBAL_COUNT];
        joined[i] = (struct option){
            option->name, option->value == NULL ? no_argument : required_argument, NULL, 0};
    }
    joined[GLOBAL_COUNT + own] = (struct option){0};
}

static int run_command(struct command_line *line)
{
    const struct command *command = line->command;
    if (line->argument_count < command->min_arguments ||
        (command->max_arguments >= 0 && line->argument_count > command->max_arguments)) {
        fprintf(stderr, "briefd: usage: briefd %s [OPTIONS] %s\n", command->name,
            command->arguments);
        return COMMAND_USAGE;
    }
    log_set_level(line->verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
    if (log_is_journal(getenv("JOURNAL_STREAM"), STDERR_FILENO)) {
        (void)log_open_journal(LOG_JOURNAL_PATH); /* else the lines go to the stream */
    }
    return command->run(line);
}

int command_main(int argc, char **argv)
{
    heap_share();
    const char *word = find_command_word(argc, argv);
    struct command_line line = {.config_path = DEFAULT_CONFIG};
    line.command = word == NULL ? NULL : find_command(word);
    if (word != NULL && line.command == NULL) {
        fprintf(stderr, "briefd: there is no command '%s': 'briefd --help' lists them\n", word);
        return COMMAND_USAGE;
    }
    struct option joined[GLOBAL_COUNT + COMMAND_OPTIONS_MAX + 1];
    join_options(line.command, joined);
    int index = 0, found, code = -1;
    while (code < 0 && (found = getopt_long(argc, argv, "h", joined, &index)) != -1) {
        enum option_effect effect = found == 'h' ? OPTION_HELP
            : found == '?'                       ? OPTION_REFUSED
                                                 : take_option(&line, index, optarg);
        if (effect == OPTION_REFUSED) {
            code = COMMAND_USAGE;
        } else if (effect == OPTION_HELP) {
            code = print_help(line.command);
        } else if (effect == OPTION_VERSION) {
            code = printf("briefd %s\n", BRIEFD_VERSION) > 0 ? COMMAND_OK : COMMAND_FAILED;
        }
    }
    if (code < 0 && line.command == NULL) {
        print_help(NULL);
        code = COMMAND_USAGE;
    }
    if (code < 0) {
        line.arguments = argv + optind + 1; /* behind the command's name */
        line.argument_count = argc - optind - 1;
        code = run_command(&line);
    }
    free(line.allowed);
    return code;
}

const char *command_option_value(const struct command_line *line, const char *name)
{
    for (size_t i = 0; i < count_options(line->command); i++) {
        if (strcmp(line->command->options[i].name, name) == 0) {
            return line->option_values[i];
        }
    }
    assert(!"a command asks for an option it does not declare");
    return NULL;
}

static void print_problems(struct problems *problems)
{
    struct buffer text;
    buffer_init(&text, 1 << 20);
    problems_write(problems, &text);
    fputs(text.data, stderr);
    buffer_release(&text);
}

bool command_find_config(const struct command_line *line, struct config **ret_config)
{
    *ret_config = NULL;
    if (strcmp(line->config_path, DEFAULT_CONFIG) == 0 && access(DEFAULT_CONFIG, F_OK) != 0) {
        return true;
    }
    *ret_config = command_load_config(line);
    return *ret_config != NULL;
}

bool command_find_database(
    const struct command_line *line, struct config **ret_config, const char **ret_database)
{
    if (!command_find_config(line, ret_config)) {
        return false;
    }
    if (line->database == NULL && *ret_config == NULL) {
        *ret_config = command_load_config(line); /* says that the default file is missing */
        if (*ret_config == NULL) {
            return false;
        }
    }
    *ret_database = command_database(line, *ret_config);
    return true;
}

struct config *command_load_config(const struct command_line *line)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_load(line->config_path, &problems);
    print_problems(&problems);
    problems_release(&problems);
    return config;
}

struct rules *command_compile_rules(struct config *config)
{
    struct problems problems;
    problems_init(&problems);
    struct rules *rules = rules_new(config, &problems);
    print_problems(&problems);
    problems_release(&problems);
    return rules;
}

struct rules *command_load_rules(const struct command_line *line)
{
    struct problems problems;
    problems_init(&problems);
    struct rules *rules = rules_load(line->config_path, &problems);
    print_problems(&problems);
    problems_release(&problems);
    return rules;
}

bool command_read_effective(const struct command_line *line, struct config *file,
    struct config **ret_config, struct fault *fault)
{
    const char *database = command_database(line, file);
    if (access(database, F_OK) != 0) {
        *ret_config = config_ref(file); /* no daemon has run yet: the file is all there is */
        return true;
    }
    struct store *store;
    if (!store_open_reader(database, &store, fault)) {
        return false;
    }
    struct problems notes;
    problems_init(&notes);
    bool ok = following_read_config(store, file, &notes, ret_config, fault);
    print_problems(&notes);
    problems_release(&notes);
    store_close(store);
    return ok;
}

bool command_print(const struct buffer *out, struct fault *fault)
{
    if (buffer_failed(out)) {
        return fault_set(fault, FAULT_LIMIT, "the output would be larger than %zu MiB",
            out->max_bytes >> 20);
    }
    if (fwrite(out->data, 1, out->length, stdout) != out->length || fflush(stdout) != 0) {
        return fault_set(
            fault, FAULT_STORE, "cannot write to standard output: %s", strerror(errno));
    }
    return true;
}

int command_fail(const struct fault *fault)
{
    fprintf(stderr, "briefd: %s\n", fault->message);
    return COMMAND_FAILED;
}

const char *command_database(const struct command_line *line, const struct config *config)
{
    return line->database != NULL ? line->database : config->database;
}

bool command_read_file(const char *path, size_t max_bytes, char **ret_data, size_t *ret_length,
    struct fault *fault)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL) {
        return fault_set(fault, FAULT_CONFIG, "cannot read '%s': %s", path, strerror(errno));
    }
    struct buffer content;
    buffer_init(&content, max_bytes);
    char chunk[65536];
    size_t got;
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0 &&
        buffer_append(&content, chunk, got)) {
    }
    bool broken = ferror(file) != 0;
    int cause = errno;
    if (file != stdin) {
        fclose(file);
    }
    if (broken || buffer_failed(&content)) {
        bool too_long = buffer_failed(&content);
        buffer_release(&content);
        return too_long
            ? fault_set(fault, FAULT_LIMIT, "'%s' is longer than %zu bytes", path, max_bytes)
            : fault_set(fault, FAULT_CONFIG, "cannot read '%s': %s", path, strerror(cause));
    }
    *ret_data = buffer_take(&content, ret_length);
    buffer_release(&content);
    return true;
}
