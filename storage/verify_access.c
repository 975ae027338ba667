/* Who may enter, and the rules of the editor. */
#include <stdio.h>
#include <string.h>

#include "config/config.h"
#include "storage/verify_parts.h"

/* As when they are laid over feeds.conf. */
static bool look_at_rule(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault)
{
    struct problems problems;
    problems_init(&problems);
    int64_t id = column_int(row);
    const char *text = column_peek(row);
    struct config *rules = config_parse_rules(text, strlen(text), "rule", &problems);
    if (rules == NULL) {
        verify_report_id(verifier, id, problems.count > 0 ? problems.items[0].message : NULL);
    }
    config_unref(rules);
    problems_release(&problems);
    return true;
}

const struct verify_check verify_access_checks[] = {
    {"account-can-enter", "account", "an account has a role and a hash of its password",
        "role or password is none",
        "SELECT id, name FROM account WHERE role NOT IN ('reader', 'editor', 'admin')"
        " OR password NOT LIKE '$argon2id$%'",
        NULL},
    {"account-admin", "account", "where there are accounts, one is an admin's",
        "nobody is an admin",
        "SELECT '', NULL WHERE EXISTS (SELECT 1 FROM account)"
        " AND NOT EXISTS (SELECT 1 FROM account WHERE role = 'admin')",
        NULL},
    {"secret-hashed", "session", "of the secrets of sessions and tokens 32 bytes are kept",
        "it has another length",
        "SELECT id, 'session' FROM session WHERE length(secret) <> 32"
        " UNION ALL SELECT id, 'token' FROM token WHERE length(secret) <> 32",
        NULL},
    {"token-scope", "token", "a token says what it may do", "its scope is none",
        "SELECT id, scope FROM token WHERE scope NOT IN ('read', 'edit', 'admin')", NULL},
    {"rule-readable", "desk_rule", "a rule of the editor's is a piece of feeds.conf", NULL,
        "SELECT id, text FROM desk_rule", look_at_rule},
    {0},
};
