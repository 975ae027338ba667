/* briefd verify: whether the database keeps what it promises; for a person after a crash, for a
 * timer, and for the tests of faults. Reads only, beside a daemon or without one. */
#include <stdio.h>

#include "command/command.h"
#include "storage/verify.h"

static void print_finding(void *data, const struct verify_finding *finding)
{
    printf("%s%s%s: %s: %s\n", finding->table, finding->row[0] == '\0' ? "" : " ", finding->row,
        finding->check, finding->words);
}

static int list_checks(void)
{
    const char *name, *rule;
    for (size_t i = 0; store_verify_describe(i, &name, &rule); i++) {
        printf("%-26s %s\n", name, rule);
    }
    return COMMAND_OK;
}

static int run(const struct command_line *line)
{
    struct fault fault;
    size_t count;
    if (command_option_value(line, "list") != NULL) {
        return list_checks();
    }
    cleanup(config_unrefp) struct config *config = NULL;
    if (line->database == NULL && (config = command_load_config(line)) == NULL) {
        return COMMAND_FAILED;
    }
    const char *database = command_database(line, config);
    if (!store_verify(database, print_finding, NULL, &count, &fault)) {
        fprintf(stderr, "briefd: %s\n", fault.message);
        return COMMAND_FAILED;
    }
    if (count > 0) {
        fprintf(stderr, "briefd: '%s' has %zu %s\n", database, count,
            count == 1 ? "finding" : "findings");
    }
    return count == 0 ? COMMAND_OK : COMMAND_FAILED;
}

const struct command command_verify = {
    .name = "verify",
    .arguments = "",
    .summary = "Check that the database is whole and consistent",
    .details =
        "Pages, references, every rule that the tables keep among each other, that the state "
        "is\n"
        "what the log of actions says, and the search index. Reads only, also beside a "
        "running\n"
        "daemon. Each finding is a line, 'TABLE ROW: RULE: what is wrong'; exits 1 when there\n"
        "are some, 0 when there are none.\n",
    .run = run,
    .options = {{"list", NULL, "list the rules, and check nothing"}},
};
