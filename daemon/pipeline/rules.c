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
        abort();
    }
    rules->config = config;
    rules->judge = judge;
    rules->references = 1;
    return rules;
}

struct rules *rules_load(const char *path, struct problems *problems)
{
    struct config *config = config_load(path, problems);
    return config == NULL ? NULL : rules_new(config, problems);
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
    judge_free(rules->judge);
    config_unref(rules->config);
    free(rules);
}
