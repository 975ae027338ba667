/* A rule, topic or vendor that the editor wrote at the desk: kept in the database, laid over
 * feeds.conf.
 *
 * Kept as it would stand in feeds.conf, so that a new key of a rule needs no new column and
 * what was stored under an earlier version is read by the same checks as the file
 * (config/patch.h). Plain values; whoever makes one says where its strings live.
 */
#ifndef CONFIG_DESK_RULE_H
#define CONFIG_DESK_RULE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "config/config.h"

#define DESK_RULE "rule"
#define DESK_TOPIC "topic"
#define DESK_VENDOR "vendor"

struct desk_rule {
    const char *kind;    /* one of the three */
    const char *section; /* of a rule: its id; "" of the others */
    const char *name;
    int64_t changed_utc_s;
    const char *text; /* section "papers" { rule "venues" { … } } */
};

/* What config_parse_rules() has read, one by one; lives in the arena. */
struct desk_rule *desk_rules_build(
    struct arena *arena, const struct config *rules, int64_t changed_utc_s, size_t *ret_count);

/* `base` with the rules over it; what no longer fits is left out and said in `problems`. The
 * caller holds one reference. */
struct config *desk_rules_apply(struct config *base, const struct desk_rule *rules,
    size_t count, struct problems *problems);

#endif
