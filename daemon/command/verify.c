/* briefd verify: whether the database keeps what it promises; for a person after a crash, for a
 * timer, and for the tests of faults. Reads only, beside a daemon or without one. */
#include <stdio.h>
#include <string.h>

#include "briefing/learner.h"
#include "command/command.h"
#include "pipeline/learning.h"
#include "storage/verify.h"

enum { LEARNER_MAX_BYTES = 256 << 20 };

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

/* ---- the learner ---- */

static bool build_learner(
    struct store *store, const struct rules *rules, struct buffer *out, struct fault *fault)
{
    struct learner *learner = NULL;
    int64_t event = 0;
    if (!learning_follow(store, rules, &learner, &event, fault)) {
        return false;
    }
    learner_write(learner, out);
    learner_free(learner);
    return !buffer_failed(out) ||
        fault_set(
            fault, FAULT_LIMIT, "the learner is larger than %d MiB", LEARNER_MAX_BYTES >> 20);
}

/* Twice from the log, and once through its bytes: all three must be the same, bit for bit. */
static bool verify_learner(
    struct store *store, const struct rules *rules, size_t *count, struct fault *fault)
{
    struct buffer learners[3];
    struct learner *read = NULL;
    for (size_t i = 0; i < array_count(learners); i++) {
        buffer_init(&learners[i], LEARNER_MAX_BYTES);
    }
    bool ok = build_learner(store, rules, &learners[0], fault) &&
        build_learner(store, rules, &learners[1], fault) &&
        learner_read(rules->config, learners[0].data, learners[0].length, &read, fault);
    if (ok) {
        learner_write(read, &learners[2]);
    }
    for (size_t i = 1; ok && i < array_count(learners); i++) {
        if (learners[i].length != learners[0].length ||
            memcmp(learners[i].data, learners[0].data, learners[0].length) != 0) {
            print_finding(NULL,
                &(struct verify_finding){"learner-same", "learner", "",
                    i == 1 ? "built again from the log it is another"
                           : "read back it is another"});
            ++*count;
        }
    }
    learner_free(read);
    for (size_t i = 0; i < array_count(learners); i++) {
        buffer_release(&learners[i]);
    }
    return ok;
}

static bool verify_with_rules(
    const struct command_line *line, const char *database, size_t *count, struct fault *fault)
{
    struct store *store;
    struct rules *rules = command_load_rules(line);
    if (rules == NULL) {
        return fault_set(fault, FAULT_CONFIG, "without rules no learner can be built");
    }
    bool ok = store_open_reader(database, &store, fault);
    if (ok) {
        ok = verify_learner(store, rules, count, fault);
        store_close(store);
    }
    rules_unref(rules);
    return ok;
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
    bool learner = command_option_value(line, "learner") != NULL;
    if (!store_verify(database, print_finding, NULL, &count, &fault) ||
        (learner && count == 0 && !verify_with_rules(line, database, &count, &fault))) {
        return command_fail(&fault);
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
    .options =
        {
            {"list", NULL, "list the rules, and check nothing"},
            {"learner", NULL,
                "also that the log gives the same learner twice, with the rules of feeds.conf"},
        },
};
