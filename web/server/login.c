/* A login is two steps: `prove` looks at the password on the worker that does nothing else, and
 * `work` begins the session on the writer's, if the password is still that one. A session gets
 * a new secret at every login, and the one that was shown ends: a cookie planted before it
 * opens nothing afterwards.
 *
 * SameSite=Strict leaves the cookie at home when somebody follows a link of another site to
 * here. Such a request is answered with a page that asks for itself once more, from this site
 * then, rather than with a login that is not needed.
 *
 * Names are logged of accounts that exist only: people type passwords into the wrong field. */
#include "web/server/login.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/log.h"
#include "briefing/markup.h"
#include "feed/text.h"
#include "web/access/cookie.h"
#include "web/access/secret.h"
#include "web/server/endpoints.h"
#include "web/server/login_page.h"
#include "web/server/front.h"
#include "web/server/respond.h"
#include "web/server/style_hash.h"

enum {
    FORM_MAX_BYTES = 8192, /* the longest password, percent-encoded, and a place to go on */
    PLACE_MAX_BYTES = 4096,
    AGENT_MAX_BYTES = 200,
};

static const char home[] = "/";

/* ---- leading there ---- */

static void write_encoded(const char *text, struct buffer *out)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "-._~/";
    for (; *text != '\0'; text++) {
        bool kept = strchr(plain, *text) != NULL;
        buffer_printf(out, kept ? "%c" : "%%%02X", (unsigned char)*text);
    }
}

/* Path and query as they were asked for. */
static void write_place(const struct request *request, struct buffer *out)
{
    const char *query = strchr(request->target, '?');
    if (request->front != NULL) {
        buffer_puts(out, request->front->prefix);
    }
    write_encoded(request->path, out);
    if (query != NULL) {
        buffer_puts(out, query);
    }
}

/* A link on another site led here, and the browser sent no cookie for that reason. */
static bool was_led_here(const struct request *request)
{
    const char *site = request_header(request, "Sec-Fetch-Site");
    return site != NULL && (strcmp(site, "cross-site") == 0 || strcmp(site, "same-site") == 0);
}

static enum MHD_Result respond_again(const struct request *request, const char *place)
{
    struct buffer page;
    size_t length;
    buffer_init(&page, 8 * PLACE_MAX_BYTES);
    buffer_puts(&page,
        "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"robots\" content=\"noindex\">\n<title>briefd</title>\n"
        "<meta http-equiv=\"refresh\" content=\"0; url=");
    markup_write_text(place, &page);
    buffer_puts(&page, "\">\n");
    char *text = buffer_take(&page, &length);
    buffer_release(&page);
    return respond_own(request, 200, "text/html; charset=utf-8", text, length);
}

enum MHD_Result login_redirect(const struct request *request)
{
    struct buffer place, location;
    buffer_init(&place, 4 * PLACE_MAX_BYTES);
    buffer_init(&location, 16 * PLACE_MAX_BYTES);
    write_place(request, &place);
    bool fits = !buffer_failed(&place) && place.length <= PLACE_MAX_BYTES &&
        login_is_place(place.data);
    buffer_puts(&location, "/login?next=");
    write_encoded(fits ? place.data : home, &location);
    enum MHD_Result result = fits && was_led_here(request)
        ? respond_again(request, place.data)
        : respond_redirect(request, location.data);
    buffer_release(&place);
    buffer_release(&location);
    return result;
}

/* ---- the page ---- */

static const char *place_of(const char *next)
{
    return next != NULL && strlen(next) <= PLACE_MAX_BYTES && login_is_place(next) ? next
                                                                                   : home;
}

/* The form is sent with an Origin only where the page may say where it comes from. */
static void answer_page(struct call *call, const struct config *config, struct login_page page)
{
    call->referrer = "same-origin";
    call->media_type = "text/html; charset=utf-8";
    page.title = config->briefing.title;
    page.remembered_s = config->server.session_max_s;
    page.chinese = login_wants_chinese(
        call->languages, strncasecmp(config->briefing.language, "zh", 2) == 0);
    login_page_write(&page, &call->out);
    call->policy = arena_printf(&call->arena,
        "default-src 'none'; style-src %s; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        style_hash(&call->arena, call->out.data));
}

static bool show_page(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const char *next = place_of(call_query(call, "next"));
    if (call->caller.open) { /* there is nobody to log in as */
        call->status = 303;
        call->location = next;
        return true;
    }
    answer_page(call, config, (struct login_page){.next = next});
    return true;
}

const struct endpoint endpoint_login_page = {.door = ENDPOINT_READS, .work = show_page};

/* ---- logging in ---- */

/* What `prove` has found, for `work`. */
struct proof {
    struct account *account;
    const char *rehashed; /* NULL: the hash is as it should be */
    const char *next;
    bool remember;
};

/* A session has been begun from there before, and not yet been forgotten. */
static bool is_known_at(struct call *call, struct store *store, const struct account *account)
{
    struct account_session *sessions;
    size_t count;
    struct fault fault;
    if (account == NULL ||
        !session_list(store, &call->arena, account->id, &sessions, &count, &fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (sessions[i].address != NULL && strcmp(sessions[i].address, call->address) == 0) {
            return true;
        }
    }
    return false;
}

static void refuse(struct call *call, const struct config *config, const char *name,
    const char *next, struct throttle_answer answer)
{
    struct login_page page = {
        .name = name, .next = next, .left = answer.left, .wait_s = answer.wait_s};
    if (answer.allowed) {
        page.trouble = answer.left > 0 ? LOGIN_WRONG : LOGIN_LAST;
        page.wait_s = THROTTLE_PAIR_MS / 1000;
    } else {
        page.trouble = LOGIN_CROWDED;
        call->wait_s = answer.wait_s;
    }
    call->status = answer.allowed ? 401 : 429;
    answer_page(call, config, page);
}

static void log_failure(
    const struct call *call, const struct account *account, struct throttle_answer answer)
{
    const char *what = answer.allowed ? "a wrong password" : "too many wrong passwords";
    if (account == NULL) {
        log_warning("login: %s from %s, for no account there is", what, call->address);
    } else {
        log_warning(
            "login: %s from %s, for the account '%s'", what, call->address, account->name);
    }
}

/* Also hashes it anew where that is due; a hash that fails keeps the old one. */
static bool is_right(
    struct call *call, const char *password, const struct account *account, struct proof *proof)
{
    char rehashed[SECRET_PASSWORD_BYTES];
    struct fault fault;
    /* Asked also for nobody, so that an answer takes as long as for an account. */
    if (!secret_is_password(password, account == NULL ? NULL : account->password) ||
        account == NULL) {
        return false;
    }
    if (secret_needs_rehash(account->password) &&
        secret_hash_password(password, rehashed, &fault)) {
        proof->rehashed = arena_strdup(&call->arena, rehashed);
    }
    return true;
}

static bool prove(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct proof *proof = arena_new(&call->arena, struct proof);
    const char *name = call_form(call, "name"), *typed = call_form(call, "password");
    char *password = typed == NULL ? arena_strdup(&call->arena, "") : (char *)typed;
    proof->next = place_of(call_form(call, "next"));
    proof->remember = call_form(call, "remember") != NULL;
    name = name == NULL ? "" : name;
    if (access_is_name(name) &&
        !account_find(store, &call->arena, name, &proof->account, fault)) {
        return false;
    }
    struct throttle *throttle = access_throttle(call->access);
    struct throttle_answer answer = throttle_guess(throttle, name, call->address,
        is_known_at(call, store, proof->account), clock_monotonic_ms());
    bool right = answer.allowed && strlen(password) <= SECRET_PASSWORD_MAX &&
        is_right(call, password, proof->account, proof);
    secret_forget(password, strlen(password));
    if (!right) {
        log_failure(call, proof->account, answer);
        refuse(call, config, name, proof->next, answer);
        return true;
    }
    throttle_forgive(throttle, name, call->address, clock_monotonic_ms());
    call->proof = proof;
    return true;
}

bool login_whose(struct call *call, int64_t *ret_account, struct fault *fault)
{
    bool given, all;
    if (!call_query_bool(call, "all", &given, &all, fault)) {
        return false;
    }
    if (all && call->caller.role < ACCOUNT_ADMIN) {
        call->status = 403;
        return fault_set(fault, FAULT_REFUSED, "Only an admin sees those of everybody.");
    }
    *ret_account = all ? 0 : call->caller.account != 0 ? call->caller.account : -1;
    return true;
}

bool login_renew(struct call *call, struct store *store, struct fault *fault)
{
    return directory_read(store, &call->directory, fault);
}

/* The browser as it calls itself, fit for a list. */
static const char *agent_of(struct call *call)
{
    const char *agent = call->agent == NULL ? "" : call->agent;
    char *text = arena_strndup(
        &call->arena, agent, text_clip(agent, strlen(agent), AGENT_MAX_BYTES));
    for (char *at = text; *at != '\0'; at++) {
        *at = (unsigned char)*at < 0x20 || *at == 0x7f ? '?' : *at;
    }
    return text[0] == '\0' ? NULL : text;
}

static bool begin_session(struct call *call, struct store *store, const struct config *config,
    const char *secret, struct fault *fault)
{
    const struct proof *proof = call->proof;
    const struct config_server *server = &config->server;
    struct account_session session = {
        .account = proof->account->id,
        .created_utc_s = call->now_utc_s,
        .seen_utc_s = call->now_utc_s,
        .idle_s = proof->remember ? server->session_max_s : server->session_idle_s,
        .expires_utc_s = call->now_utc_s + server->session_max_s,
        .address = call->address,
        .agent = agent_of(call),
    };
    int64_t id;
    secret_digest(secret, strlen(secret), session.secret);
    return session_begin(store,
        &(struct session_start){
            &session, proof->account->password, proof->rehashed, call->caller.session},
        &id, fault);
}

static bool log_in(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const struct proof *proof = call->proof;
    char secret[SECRET_TEXT_BYTES], cookie[COOKIE_SET_BYTES];
    secret_make("", secret);
    if (!begin_session(call, store, config, secret, fault) ||
        !login_renew(call, store, fault)) {
        return false;
    }
    call->cookie = arena_strdup(&call->arena,
        cookie_write(
            secret, call->secure, proof->remember ? config->server.session_max_s : 0, cookie));
    secret_forget(secret, sizeof(secret));
    secret_forget(cookie, sizeof(cookie));
    call->status = 303;
    call->location = proof->next;
    log_notice("login: '%s' from %s", proof->account->name, call->address);
    return true;
}

static const char *const form[] = {"application/x-www-form-urlencoded", NULL};

const struct endpoint endpoint_login = {
    .door = ENDPOINT_PROVES,
    .media_types = form,
    .takes = "This address takes a form (application/x-www-form-urlencoded).",
    .body_max = FORM_MAX_BYTES,
    .prove = prove,
    .work = log_in,
};

/* ---- logging out ---- */

static bool log_out(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    char cookie[COOKIE_SET_BYTES];
    bool ended = false;
    if (call->caller.session != 0 &&
        (!session_end(store, call->caller.session, call->caller.account, &ended, fault) ||
            !login_renew(call, store, fault))) {
        return false;
    }
    call->cookie = arena_strdup(&call->arena, cookie_write_ended(call->secure, cookie));
    call->status = 303;
    call->location = "/login";
    return true;
}

const struct endpoint endpoint_logout = {
    .door = ENDPOINT_WRITES,
    .media_types = form,
    .takes = "This address takes a form (application/x-www-form-urlencoded).",
    .body_max = FORM_MAX_BYTES,
    .work = log_out,
};
