/* The look at the database costs one row on a reading connection; only when its number has
 * moved is the directory read. Rejected: a signal or socket from the command to the daemon
 * (another way in, and one that may be missing), and asking the database at every request (the
 * loop never does).
 *
 * When somebody was seen last is kept to a minute: a session that a page asks once a second is
 * written once a minute, together with all others, when the writer has nothing else to do. */
#include "web/access/access.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "web/access/cookie.h"
#include "web/access/secret.h"
#include "web/server/listen.h"

enum {
    LOOK_MS = 1000,
    SEEN_GRAIN_S = 60,
    REVIEW_LOOKS = 15, /* a stream outlives its session by as many seconds at most */
};

/* What is under way on a worker, each at most once. */
struct look {
    struct readers_job job; /* first */
    struct access *access;
    int64_t known;               /* worker while running: the generation there is in memory */
    struct directory *directory; /* NULL: nothing has changed */
};

struct note {
    struct writer_task task; /* first */
    struct access *access;
    struct account_sight *sights;
    size_t count;
};

struct access {
    /* loop thread only */
    bool loopback;
    struct directory *directory;
    struct config *config; /* NULL: not configured yet */
    struct access_parts parts;
    uv_timer_t timer;
    bool started, stopped;
    struct look look;
    bool looking;
    struct note note;
    bool noting;
    bool failed; /* the last look did: told once */
    unsigned looks;
    /* any thread */
    struct throttle *throttle;
};

/* ---- life ---- */

struct access *access_new(bool loopback, struct directory *directory)
{
    struct access *access = calloc(1, sizeof(*access));
    if (access == NULL) {
        memory_exhausted();
    }
    access->loopback = loopback;
    access->directory = directory;
    access->throttle = throttle_new();
    access->look.access = access->note.access = access;
    return access;
}

void access_free(struct access *access)
{
    if (access != NULL) {
        directory_free(access->directory);
        config_unref(access->config);
        throttle_free(access->throttle);
        free(access->note.sights);
        free(access);
    }
}

void access_configure(struct access *access, struct config *config)
{
    config_ref(config);
    if (access->config != NULL) {
        config_unref(access->config);
    }
    access->config = config;
}

void access_install(struct access *access, struct directory *directory)
{
    if (directory->generation < access->directory->generation) {
        directory_free(directory);
        return;
    }
    directory_take_over(directory, access->directory);
    directory_free(access->directory);
    access->directory = directory;
    if (access->parts.on_changed != NULL) {
        access->parts.on_changed(access->parts.data);
    }
}

struct throttle *access_throttle(struct access *access)
{
    return access->throttle;
}

/* ---- looking at the database ---- */

static bool work_look(struct readers_job *job, struct store *store, struct fault *fault)
{
    struct look *look = (struct look *)job;
    int64_t generation;
    look->directory = NULL;
    return accounts_generation(store, &generation, fault) &&
        (generation == look->known || directory_read(store, &look->directory, fault));
}

static void on_looked(struct readers_job *job, const struct fault *fault)
{
    struct look *look = (struct look *)job;
    struct access *access = look->access;
    access->looking = false;
    if (fault == NULL && look->directory != NULL) {
        access_install(access, look->directory);
    } else if (fault != NULL && fault->kind != FAULT_CANCELLED && !access->failed) {
        log_warning("%s, continuing with the accounts as they were", fault->message);
    }
    access->failed = fault != NULL;
}

static void look(struct access *access)
{
    if (!access->looking) {
        access->looking = true;
        access->look.known = access->directory->generation;
        access->look.job = (struct readers_job){.work = work_look, .on_done = on_looked};
        readers_run(access->parts.readers, &access->look.job);
    }
}

/* ---- noting who was seen ---- */

static bool work_note(struct writer_task *task, struct store *store, struct fault *fault)
{
    struct note *note = (struct note *)task;
    return accounts_note_seen(store, note->sights, note->count, fault);
}

/* A note that failed is made again a minute later. */
static void on_noted(struct writer_task *task, const struct fault *fault)
{
    struct note *note = (struct note *)task;
    note->access->noting = false;
    free(note->sights);
    note->sights = NULL;
}

static bool is_due(const struct directory_entry *entry)
{
    return entry->seen_utc_s != CLOCK_NONE &&
        (entry->stored_utc_s == CLOCK_NONE ||
            entry->seen_utc_s >= entry->stored_utc_s + SEEN_GRAIN_S);
}

static size_t collect_sights(struct access *access, struct account_sight *sights)
{
    size_t count = 0;
    for (size_t i = 0; i < access->directory->entry_count; i++) {
        struct directory_entry *entry = &access->directory->entries[i];
        if (is_due(entry)) {
            sights[count++] = (struct account_sight){
                entry->session, entry->token, entry->seen_utc_s};
            entry->stored_utc_s = entry->seen_utc_s;
        }
    }
    return count;
}

static void note(struct access *access)
{
    size_t entries = access->directory->entry_count;
    if (access->noting || entries == 0) {
        return;
    }
    struct account_sight *sights = calloc(entries, sizeof(*sights));
    if (sights == NULL) {
        memory_exhausted();
    }
    access->note.sights = sights;
    access->note.count = collect_sights(access, sights);
    if (access->note.count == 0) {
        free(sights);
        access->note.sights = NULL;
        return;
    }
    access->noting = true;
    access->note.task = (struct writer_task){.work = work_note, .on_done = on_noted};
    writer_run_idle(access->parts.writer, &access->note.task);
}

static void on_timer(uv_timer_t *timer)
{
    struct access *access = timer->data;
    loop_enter(access->parts.loop, "access");
    look(access);
    note(access);
    if (++access->looks % REVIEW_LOOKS == 0) { /* sessions end by time, too */
        access->parts.on_changed(access->parts.data);
    }
}

void access_start(struct access *access, const struct access_parts *parts)
{
    access->parts = *parts;
    access->started = true;
    uv_timer_init(loop_uv(parts->loop), &access->timer);
    access->timer.data = access;
    uv_timer_start(&access->timer, on_timer, LOOK_MS, LOOK_MS);
}

void access_stop(struct access *access)
{
    if (access != NULL && access->started && !access->stopped) {
        access->stopped = true;
        access->parts.on_changed = NULL;
        uv_close((uv_handle_t *)&access->timer, NULL);
    }
}

/* ---- who ---- */

bool access_is_name(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= ACCESS_NAME_MAX_BYTES && name[0] != ' ' &&
        name[length - 1] != ' ' && utf8_count_printable(name) > 0;
}

static void set_name(struct caller *caller, const char *name)
{
    size_t length = strnlen(name, ACCESS_NAME_MAX_BYTES);
    memcpy(caller->name, name, length);
    caller->name[length] = '\0';
}

const char *access_fronted(const struct config_server *server)
{
    return server->names.count > 0  ? server->names.items[0].text
        : server->proxies.count > 0 ? server->proxies.items[0].text
                                    : NULL;
}

static bool is_open(const struct access *access)
{
    return access == NULL ||
        (access->loopback && access->directory->account_count == 0 &&
            (access->config == NULL || access_fronted(&access->config->server) == NULL));
}

static struct caller make_open(const char *editor)
{
    struct caller caller = {.role = ACCOUNT_ADMIN, .open = true};
    set_name(&caller, editor == NULL || *editor == '\0' ? "editor" : editor);
    return caller;
}

const char *access_find_token(const char *authorization, size_t *ret_length)
{
    static const char scheme[] = "Bearer ";
    if (strncasecmp(authorization, scheme, sizeof(scheme) - 1) != 0) {
        return NULL;
    }
    const char *secret = authorization + sizeof(scheme) - 1;
    secret += strspn(secret, " ");
    *ret_length = strlen(secret);
    return secret;
}

/* A token is none of a session's cookie and the other way round, though both are secrets. */
static struct directory_entry *find_entry(
    const struct access *access, const struct access_claim *claim)
{
    bool by_token = claim->authorization != NULL;
    size_t length = 0;
    const char *secret = by_token ? access_find_token(claim->authorization, &length)
                                  : cookie_find(claim->cookie, claim->secure, &length);
    if (secret == NULL || length == 0) {
        return NULL;
    }
    unsigned char digest[SECRET_DIGEST_BYTES];
    secret_digest(secret, length, digest);
    struct directory_entry *entry = directory_find(access->directory, digest);
    return entry != NULL && (entry->token != 0) == by_token ? entry : NULL;
}

struct caller access_identify(
    struct access *access, const struct access_claim *claim, int64_t now_utc_s)
{
    if (is_open(access)) {
        return make_open(claim->editor);
    }
    struct caller caller = {.role = ACCOUNT_NOBODY};
    struct directory_entry *entry = find_entry(access, claim);
    if (entry == NULL || !directory_is_alive(entry, now_utc_s)) {
        return caller;
    }
    if (entry->seen_utc_s < now_utc_s) {
        entry->seen_utc_s = now_utc_s;
    }
    caller.role = entry->role;
    caller.account = entry->account;
    caller.session = entry->session;
    caller.token = entry->token;
    memcpy(caller.secret, entry->secret, sizeof(caller.secret));
    set_name(&caller, entry->name);
    return caller;
}

bool access_is_alive(
    const struct access *access, const struct caller *caller, int64_t now_utc_s)
{
    if (caller->open || caller->role == ACCOUNT_NOBODY) {
        return caller->open == is_open(access);
    }
    const struct directory_entry *entry = directory_find(access->directory, caller->secret);
    return entry != NULL && directory_is_alive(entry, now_utc_s) && entry->role >= caller->role;
}

/* ---- what ---- */

static const struct {
    const char *name;
    enum account_role role;
} needs[] = {
    [ACCESS_ADMIN] = {"admin", ACCOUNT_ADMIN},
    [ACCESS_EDITOR] = {"editor", ACCOUNT_EDITOR},
    [ACCESS_READER] = {"reader", ACCOUNT_READER},
    [ACCESS_OWN] = {"session", ACCOUNT_READER},
    [ACCESS_ANYONE] = {"nobody", ACCOUNT_NOBODY},
};

bool access_allows(const struct caller *caller, enum access_need need)
{
    bool lent = caller->token != 0 && caller->role < ACCOUNT_ADMIN;
    return caller->role >= needs[need].role && !(need == ACCESS_OWN && lent);
}

const char *access_need_name(enum access_need need)
{
    return needs[need].name;
}

static bool is_listed(const struct access *access, const char *host)
{
    const struct config_words *names = access->config == NULL ? NULL
                                                              : &access->config->server.names;
    size_t length = strcspn(host, ":");
    for (size_t i = 0; names != NULL && i < names->count; i++) {
        if (strlen(names->items[i].text) == length &&
            strncasecmp(names->items[i].text, host, length) == 0) {
            return true;
        }
    }
    return false;
}

bool access_is_host(const struct access *access, const char *host)
{
    return listen_host_allowed(host) ||
        (access != NULL &&
            ((!access->loopback && listen_host_is_address(host)) || is_listed(access, host)));
}
