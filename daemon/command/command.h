/* Subcommands: one file each, one table, one way to read options.
 *
 * Options may stand before or after the subcommand (`briefd --config x classify` and `briefd
 * classify --config x` are the same). Every command has --help. Exit codes: 0 ok, 1 failed (one
 * sentence on stderr), 2 usage.
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "config/config.h"
#include "net/address_guard.h"
#include "pipeline/rules.h"

enum { COMMAND_OK = 0, COMMAND_FAILED = 1, COMMAND_USAGE = 2 };

enum { COMMAND_OPTIONS_MAX = 16 };

/* An option of one command; `value` names its argument in the help, NULL for a flag. */
struct command_option {
    const char *name; /* without the dashes: "base-url" */
    const char *value;
    const char *help;
};

struct command_line;

struct command {
    const char *name;
    const char *arguments; /* "FILE", "" */
    const char *summary;   /* one line, for `briefd --help` */
    const char
        *details; /* paragraphs after the usage line of `briefd NAME --help`; may be NULL */
    int min_arguments, max_arguments; /* -1: any number */
    int (*run)(const struct command_line *line);
    struct command_option options[COMMAND_OPTIONS_MAX]; /* ends with a NULL name */
};

struct command_line {
    const struct command *command;
    const char *config_path;       /* --config, default "feeds.conf" */
    const char *database;          /* --database, or NULL: the configuration's */
    const char *listen;            /* --listen, or NULL: the configuration's */
    struct address_range *allowed; /* --allow, any number of times */
    size_t allowed_count;
    bool verbose;                                   /* --verbose: debug lines in the log */
    const char *option_values[COMMAND_OPTIONS_MAX]; /* "" for a flag that is set */
    char **arguments;
    int argument_count;
};

/* The value of one of the command's own options, "" for a set flag, NULL when not given.
 * Asserts that the command declares it. */
const char *command_option_value(const struct command_line *line, const char *name);

/* Parse argv, run the command, return the exit code. Prints help, version and usage errors. */
int command_main(int argc, char **argv);

/* Load the configuration and print its problems to stderr. NULL after a failure. */
must_check struct config *command_load_config(const struct command_line *line);

/* The same for a command that works anywhere: *ret_config is NULL where nothing stands at the
 * default path. A file that was named must be there. */
must_check bool command_find_config(
    const struct command_line *line, struct config **ret_config);

/* The same for a command that works on the database: where none is named by an option there
 * must be a configuration, which names it. *ret_database is borrowed from either. */
must_check bool command_find_database(
    const struct command_line *line, struct config **ret_config, const char **ret_database);

/* Compile the judge, printing what is wrong with the keywords to stderr. Takes over `config`;
 * NULL after a failure. */
must_check struct rules *command_compile_rules(struct config *config);

/* Both of these. */
must_check struct rules *command_load_rules(const struct command_line *line);

/* What is followed: `file` with the changes of the editor that the database holds, if there is
 * one. Prints what had to be resolved. The caller holds one reference. */
must_check bool command_read_effective(const struct command_line *line, struct config *file,
    struct config **ret_config, struct fault *fault);

/* Write all of `out` to standard output. */
must_check bool command_print(const struct buffer *out, struct fault *fault);

/* Say on stderr what went wrong. Returns COMMAND_FAILED. */
int command_fail(const struct fault *fault);

/* The database to use: the option's or the configuration's. Borrowed. */
const char *command_database(const struct command_line *line, const struct config *config);

/* Read a whole file ("-": standard input) of at most `max_bytes`; the caller frees *ret_data.
 */
must_check bool command_read_file(const char *path, size_t max_bytes, char **ret_data,
    size_t *ret_length, struct fault *fault);

/* The table, in the order of `briefd --help`: each lives in the file of its name. */
extern const struct command command_run, command_add, command_check, command_poll,
    command_parse, command_sanitize, command_classify, command_canonical_url, command_digest,
    command_import_issues, command_import_opml, command_export_opml, command_export_config,
    command_group, command_compare, command_eval, command_search, command_preflight,
    command_status, command_user, command_verify, command_backup, command_restore,
    command_export, command_import;

#endif
