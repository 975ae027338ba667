/* `briefd user VERB`: who may enter, from where the database is.
 *
 * Whoever may write the file decides who may enter, so nobody is asked for a password but the
 * new one. A daemon that runs sees the change within a second or two (web/access/access.h). A
 * password is read from the terminal without showing it, twice, or as one line of standard
 * input; never from the command line, which every process can see. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "command/command.h"
#include "storage/accounts.h"
#include "web/access/access.h"
#include "web/access/secret.h"

enum { LINE_BYTES = SECRET_PASSWORD_MAX + 2, DAY_S = 86400, TOKEN_DAYS_MAX = 3660 };

/* What a verb works with. */
struct errand {
    const struct command_line *line;
    struct store *store;
    struct arena *arena;
    const char *argument; /* NULL: none was given */
    int64_t now_utc_s;
};

/* ---- reading a password ---- */

static bool read_line(FILE *in, char *out, struct fault *fault)
{
    if (fgets(out, LINE_BYTES, in) == NULL) {
        return fault_set(fault, FAULT_CONFIG, "no password was given on standard input");
    }
    size_t length = strcspn(out, "\r\n");
    if (out[length] == '\0' && length == LINE_BYTES - 1) {
        return fault_set(
            fault, FAULT_CONFIG, "a password has at most %d bytes", SECRET_PASSWORD_MAX);
    }
    out[length] = '\0';
    return true;
}

/* The terminal shows nothing meanwhile; a signal in between leaves that to the shell. */
static bool ask(const char *question, char *out, struct fault *fault)
{
    struct termios shown, hidden;
    if (tcgetattr(STDIN_FILENO, &shown) < 0) {
        return fault_set(fault, FAULT_CONFIG, "cannot ask for a password: %s", strerror(errno));
    }
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    hidden.c_lflag |= ECHONL;
    fputs(question, stderr);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    bool ok = read_line(stdin, out, fault);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    return ok;
}

static bool read_password(char *out, struct fault *fault)
{
    char again[LINE_BYTES];
    if (!isatty(STDIN_FILENO)) {
        return read_line(stdin, out, fault);
    }
    bool ok = ask("Password: ", out, fault) && ask("Once more: ", again, fault) &&
        (strcmp(out, again) == 0 ||
            fault_set(fault, FAULT_CONFIG, "the two passwords are not the same"));
    secret_forget(again, sizeof(again));
    return ok;
}

static bool read_hash(const char *name, char hash[SECRET_PASSWORD_BYTES], struct fault *fault)
{
    char password[LINE_BYTES] = "";
    bool ok = read_password(password, fault) && secret_check_rules(password, name, fault) &&
        secret_hash_password(password, hash, fault);
    secret_forget(password, sizeof(password));
    return ok;
}

/* ---- accounts ---- */

static bool read_role(const struct errand *errand, enum account_role otherwise,
    enum account_role *ret_role, struct fault *fault)
{
    const char *role = command_option_value(errand->line, "role");
    *ret_role = otherwise;
    return role == NULL || account_role_parse(role, ret_role) ||
        fault_set(
            fault, FAULT_CONFIG, "--role is 'reader', 'editor' or 'admin', not '%.32s'", role);
}

static bool add(const struct errand *errand, struct fault *fault)
{
    char hash[SECRET_PASSWORD_BYTES];
    struct account *accounts;
    size_t count;
    int64_t id;
    struct account account = {.name = errand->argument,
        .password = hash,
        .created_utc_s = errand->now_utc_s,
        .password_utc_s = errand->now_utc_s};
    if (!access_is_name(account.name)) {
        return fault_set(fault, FAULT_CONFIG,
            "a name has at most %d bytes of UTF-8 without control characters",
            ACCESS_NAME_MAX_BYTES);
    }
    if (!account_list(errand->store, errand->arena, &accounts, &count, fault) ||
        !read_role(errand, count == 0 ? ACCOUNT_ADMIN : ACCOUNT_EDITOR, &account.role, fault) ||
        !read_hash(account.name, hash, fault) ||
        !account_add(errand->store, &account, &id, fault)) {
        return false;
    }
    printf("%s: %s\n", account.name, account_role_name(account.role));
    return true;
}

static bool list(const struct errand *errand, struct fault *fault)
{
    struct account *accounts;
    size_t count;
    char day[CLOCK_ISO_BYTES];
    if (!account_list(errand->store, errand->arena, &accounts, &count, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        printf("%-8s %s  %s\n", account_role_name(accounts[i].role),
            clock_format_day(accounts[i].created_utc_s, 0, day), accounts[i].name);
    }
    return true;
}

static bool remove_one(const struct errand *errand, struct fault *fault)
{
    return account_remove(errand->store, errand->argument, fault);
}

static bool set_password(const struct errand *errand, struct fault *fault)
{
    char hash[SECRET_PASSWORD_BYTES];
    struct account *account;
    if (!account_find(errand->store, errand->arena, errand->argument, &account, fault)) {
        return false;
    }
    if (account == NULL) {
        return fault_set(fault, FAULT_MISSING, "there is no account '%s'", errand->argument);
    }
    return read_hash(account->name, hash, fault) &&
        account_set_password(errand->store, account->name, hash, errand->now_utc_s, 0, fault);
}

static bool set_role(const struct errand *errand, struct fault *fault)
{
    enum account_role role;
    return read_role(errand, ACCOUNT_NOBODY, &role, fault) &&
        (role != ACCOUNT_NOBODY ||
            fault_set(fault, FAULT_CONFIG, "name the role with --role")) &&
        account_set_role(errand->store, errand->argument, role, fault);
}

/* ---- sessions and tokens ---- */

/* The account that was named; 0: all of them. */
static bool find_whose(const struct errand *errand, struct account **ret_account,
    int64_t *ret_id, struct fault *fault)
{
    *ret_account = NULL;
    *ret_id = 0;
    if (errand->argument == NULL) {
        return true;
    }
    if (!account_find(errand->store, errand->arena, errand->argument, ret_account, fault)) {
        return false;
    }
    if (*ret_account == NULL) {
        return fault_set(fault, FAULT_MISSING, "there is no account '%s'", errand->argument);
    }
    *ret_id = (*ret_account)->id;
    return true;
}

static bool list_sessions(const struct errand *errand, struct fault *fault)
{
    struct account *account;
    struct account_session *sessions;
    size_t count;
    int64_t id;
    char seen[CLOCK_ISO_BYTES];
    if (!find_whose(errand, &account, &id, fault) ||
        !session_list(errand->store, errand->arena, id, &sessions, &count, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct account_session *session = &sessions[i];
        printf("%-6lld %s  %-15s  %s  %s\n", (long long)session->id,
            clock_format_iso(session->seen_utc_s, seen),
            session->address == NULL ? "" : session->address, session->name,
            session->agent == NULL ? "" : session->agent);
    }
    return true;
}

static bool parse_number(const char *text, int64_t *ret_number)
{
    char *end;
    errno = 0;
    *ret_number = strtoll(text, &end, 10);
    return *end == '\0' && end != text && errno == 0 && *ret_number > 0;
}

/* By its number, or all of an account. */
static bool end_session(const struct errand *errand, struct fault *fault)
{
    struct account *account;
    int64_t id;
    bool ended = false;
    if (parse_number(errand->argument, &id)) {
        return session_end(errand->store, id, 0, &ended, fault) &&
            (ended ||
                fault_set(fault, FAULT_MISSING, "there is no session %s", errand->argument));
    }
    return find_whose(errand, &account, &id, fault) &&
        session_end_others(errand->store, id, 0, fault);
}

static bool read_days(
    const struct errand *errand, int64_t *ret_expires_utc_s, struct fault *fault)
{
    const char *days = command_option_value(errand->line, "days");
    int64_t number;
    *ret_expires_utc_s = CLOCK_NONE;
    if (days == NULL) {
        return true;
    }
    if (!parse_number(days, &number) || number > TOKEN_DAYS_MAX) {
        return fault_set(fault, FAULT_CONFIG, "--days is a number from 1 to %d, not '%.32s'",
            TOKEN_DAYS_MAX, days);
    }
    *ret_expires_utc_s = errand->now_utc_s + number * DAY_S;
    return true;
}

static bool add_token(const struct errand *errand, struct fault *fault)
{
    char secret[SECRET_TEXT_BYTES];
    struct account *account;
    struct account_token token = {
        .created_utc_s = errand->now_utc_s, .used_utc_s = CLOCK_NONE, .scope = ACCOUNT_READER};
    const char *scope = command_option_value(errand->line, "scope");
    const char *label = command_option_value(errand->line, "label");
    token.label = label == NULL ? "command line" : label;
    if (!find_whose(errand, &account, &token.account, fault) ||
        !read_days(errand, &token.expires_utc_s, fault)) {
        return false;
    }
    if (scope != NULL && !account_scope_parse(scope, &token.scope)) {
        return fault_set(
            fault, FAULT_CONFIG, "--scope is 'read', 'edit' or 'admin', not '%.32s'", scope);
    }
    if (!access_is_name(token.label)) {
        return fault_set(fault, FAULT_CONFIG, "--label is a line of at most %d bytes",
            ACCESS_NAME_MAX_BYTES);
    }
    secret_make("briefd_", secret);
    secret_digest(secret, strlen(secret), token.secret);
    bool ok = token_add(errand->store, &token, &token.id, fault);
    if (ok) {
        printf("%s\n", secret);
    }
    secret_forget(secret, sizeof(secret));
    return ok;
}

static bool list_tokens(const struct errand *errand, struct fault *fault)
{
    struct account *account;
    struct account_token *tokens;
    size_t count;
    int64_t id;
    char used[CLOCK_ISO_BYTES];
    if (!find_whose(errand, &account, &id, fault) ||
        !token_list(errand->store, errand->arena, id, &tokens, &count, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct account_token *token = &tokens[i];
        printf("%-6lld %-5s  %-20s  %s  %s\n", (long long)token->id,
            account_scope_name(token->scope),
            token->used_utc_s == CLOCK_NONE ? "never used"
                                            : clock_format_iso(token->used_utc_s, used),
            token->name, token->label);
    }
    return true;
}

static bool revoke_token(const struct errand *errand, struct fault *fault)
{
    int64_t id;
    bool removed = false;
    if (!parse_number(errand->argument, &id)) {
        return fault_set(fault, FAULT_CONFIG, "a token is named by its number, see 'tokens'");
    }
    return token_remove(errand->store, id, 0, &removed, fault) &&
        (removed || fault_set(fault, FAULT_MISSING, "there is no token %s", errand->argument));
}

/* ---- the command ---- */

static const struct verb {
    const char *name;
    bool needs_argument, takes_argument;
    bool (*run)(const struct errand *errand, struct fault *fault);
} verbs[] = {
    {"add", true, true, add},
    {"list", false, false, list},
    {"remove", true, true, remove_one},
    {"password", true, true, set_password},
    {"role", true, true, set_role},
    {"sessions", false, true, list_sessions},
    {"logout", true, true, end_session},
    {"token", true, true, add_token},
    {"tokens", false, true, list_tokens},
    {"revoke", true, true, revoke_token},
};

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < array_count(verbs); i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}

static const struct verb *read_verb(const struct command_line *line)
{
    const struct verb *verb = find_verb(line->arguments[0]);
    bool argued = line->argument_count == 2;
    if (verb == NULL) {
        fprintf(stderr, "briefd: there is no 'user %s'; see 'briefd user --help'\n",
            line->arguments[0]);
    } else if (argued ? !verb->takes_argument : verb->needs_argument) {
        fprintf(stderr, "briefd: 'user %s' %s\n", verb->name,
            argued ? "takes no name" : "needs to know of whom or what");
        verb = NULL;
    }
    return verb;
}

static bool run_verb(
    const struct verb *verb, const struct command_line *line, struct fault *fault)
{
    struct config *config = command_load_config(line);
    struct arena arena = {0};
    struct errand errand = {.line = line, .arena = &arena, .now_utc_s = clock_now_utc_s()};
    errand.argument = line->argument_count == 2 ? line->arguments[1] : NULL;
    if (config == NULL) {
        return fault_set(fault, FAULT_CONFIG, "the configuration cannot be used");
    }
    bool ok = accounts_open(command_database(line, config), &errand.store, fault) &&
        verb->run(&errand, fault);
    store_close(errand.store);
    arena_release(&arena);
    config_unref(config);
    return ok;
}

static int user(const struct command_line *line)
{
    struct fault fault;
    const struct verb *verb = read_verb(line);
    if (verb == NULL) {
        return COMMAND_USAGE;
    }
    if (!run_verb(verb, line, &fault)) {
        return command_fail(&fault);
    }
    return fflush(stdout) == 0 ? COMMAND_OK : COMMAND_FAILED;
}

const struct command command_user = {
    .name = "user",
    .arguments = "VERB [NAME]",
    .summary = "Who may enter: accounts, sessions, tokens",
    .details =
        "  add NAME          a new account; the first one is an admin (--role)\n"
        "  list              all of them\n"
        "  remove NAME       with its sessions and tokens\n"
        "  password NAME     a new one; ends its sessions\n"
        "  role NAME         what it may do (--role)\n"
        "  sessions [NAME]   who is logged in: number, last seen, from where\n"
        "  logout NUMBER     end that session; with a NAME all of that account\n"
        "  token NAME        a secret for a program, shown once (--scope, --label, --days)\n"
        "  tokens [NAME]     number, scope, last used\n"
        "  revoke NUMBER     that token opens nothing any more\n\n"
        "A password is asked for, or read as one line from standard input. A daemon that runs\n"
        "knows of all this within a moment. Without any account nobody logs in, and only this\n"
        "machine is served.\n",
    .min_arguments = 1,
    .max_arguments = 2,
    .run = user,
    .options =
        {
            {"role", "ROLE", "'reader', 'editor' (default) or 'admin'"},
            {"scope", "SCOPE", "'read' (default), 'edit' or 'admin'"},
            {"label", "TEXT", "to tell tokens apart by"},
            {"days", "N", "the token ends after so many (default: never)"},
        },
};
