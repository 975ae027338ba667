#include "pipeline/rules.h"

#include <stdatomic.h>
#include <stdlib.h>

struct rules *rules_new(struct config *config, struct problems *problems)
{
    struct judge *judge = judge_new(config, problems);
    if (judge == NULL) {
        config_unref(config);
        return NULL;
    }
    struct rules *rules = calloc(1, sizeof(*rules));
    if (rules == NULL) {
        memory_exhausted();
    }
    rules->config = config;
    rules->judge = judge;
    rules->references = 1;
    return rules;
}

struct rules *rules_load(const char *path, struct problems *problems)
{
    struct config *config = config_load_with_errors(path, problems);
    if (config == NULL || config->section_count == 0) {
        config_unref(config);
        return NULL; /* which has been said */
    }
    struct rules *rules = rules_new(config, problems);
    if (problems->error_count > 0) {
        rules_unref(rules);
        return NULL;
    }
    return rules;
}

struct rules *rules_with_learner(struct rules *rules, const struct learner *learner)
{
    struct rules *compiled = rules->compiled != NULL ? rules->compiled : rules;
    struct rules *taught = calloc(1, sizeof(*taught));
    if (taught == NULL) {
        memory_exhausted();
    }
    taught->config = compiled->config;
    taught->judge = compiled->judge;
    taught->compiled = rules_ref(compiled);
    if (learner != NULL && taught->config->briefing.learner) {
        taught->learner = learner_copy(learner);
    }
    taught->references = 1;
    return taught;
}

struct rules *rules_ref(struct rules *rules)
{
    atomic_fetch_add(&rules->references, 1);
    return rules;
}

void rules_unref(struct rules *rules)
{
    if (rules == NULL || atomic_fetch_sub(&rules->references, 1) > 1) {
        return;
    }
    learner_free((struct learner *)rules->learner); /* the copy is ours */
    if (rules->compiled != NULL) {
        rules_unref(rules->compiled);
    } else {
        judge_free(rules->judge);
        config_unref(rules->config);
    }
    free(rules);
}
