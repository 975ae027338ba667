/* Who is asking, and whether he may.
 *
 * A server that nobody but this machine reaches and that has no accounts is open: whoever is
 * there is the editor, and says his name if he wants to. One that has a name of its own or a
 * proxy in the configuration is reached by others, wherever it listens. From the first account
 * on everybody logs in, on loopback too, because a proxy's requests come from there. What
 * others can reach is never open: without accounts it serves nobody.
 *
 * Requests are judged on the loop from a directory in memory. A change made through the server
 * brings its new directory along before it is answered (access_install()); for a change by a
 * command beside the daemon a worker looks once a second. Loop thread but for
 * access_throttle(). Where a struct access is NULL nobody has set one up: open, on loopback
 * names.
 */
#ifndef WEB_ACCESS_ACCESS_H
#define WEB_ACCESS_ACCESS_H

#include "config/config.h"
#include "net/loop.h"
#include "pipeline/writer.h"
#include "web/access/directory.h"
#include "web/access/throttle.h"
#include "web/server/readers.h"

struct access;

enum { ACCESS_NAME_MAX_BYTES = 100 }; /* of an account or editor */

/* What an address of ours asks of a caller; a row that names nothing is an admin's. */
enum access_need {
    ACCESS_ADMIN,
    ACCESS_EDITOR,
    ACCESS_READER,
    ACCESS_OWN, /* sessions and tokens: logged in as oneself, or a token that may do all */
    ACCESS_ANYONE,
};

struct caller {
    enum account_role role; /* ACCOUNT_NOBODY: not logged in */
    bool open;              /* there are no accounts: the name is only said */
    int64_t account, session, token;
    unsigned char secret[ACCOUNT_SECRET_BYTES];
    char name[ACCESS_NAME_MAX_BYTES + 1];
};

/* What a request says of its sender; fields NULL that were not sent. */
struct access_claim {
    const char *authorization, *cookie;
    const char *editor; /* as he calls himself, checked with access_is_name() */
    bool secure;        /* it came over TLS */
};

/* Takes over the first `directory`; `loopback`: only this machine reaches the server. */
struct access *access_new(bool loopback, struct directory *directory);
void access_free(struct access *access); /* NULL is harmless */

struct access_parts {
    struct loop *loop;
    struct readers *readers;        /* to look at the database, */
    struct writer *writer;          /* to note there who was seen; both borrowed */
    void (*on_changed)(void *data); /* somebody may have lost his rights. Loop. */
    void *data;
};
/* Look for changes from now on. access_stop() before the readers and the writer stop; what it
 * has given them comes back before the loop has run dry. */
void access_start(struct access *access, const struct access_parts *parts);
void access_stop(struct access *access); /* NULL is harmless */

/* Names under which the server may be asked for; keeps a reference. */
void access_configure(struct access *access, struct config *config);

/* The name or proxy by which `server` is reached from elsewhere, though it may listen on
 * loopback alone; NULL when there is none. Borrowed from it. PURE. */
const char *access_fronted(const struct config_server *server);

/* Put in place unless it is older than the one there is; takes it over. */
void access_install(struct access *access, struct directory *directory);

/* Whom a request comes from: the token of its Authorization, else the session of its cookie. A
 * token that opens nothing is nobody's, whatever cookie there is. Notes that he was seen. */
struct caller access_identify(
    struct access *access, const struct access_claim *claim, int64_t now_utc_s);

/* Whether the rights a caller had when he was identified still stand. */
bool access_is_alive(
    const struct access *access, const struct caller *caller, int64_t now_utc_s);

/* PURE. */
bool access_allows(const struct caller *caller, enum access_need need);

/* "admin", for messages. */
const char *access_need_name(enum access_need need);

/* Whether a Host header names this server: this machine's loopback names, what the
 * configuration lists, and, when others can reach it, any address written as numbers. Any other
 * name would let a web page reach it by DNS rebinding, which numbers cannot. */
bool access_is_host(const struct access *access, const char *host);

/* The secret of an Authorization "Bearer …" (RFC 6750), the scheme in any case, borrowed from
 * it; NULL for anything else. PURE. */
const char *access_find_token(const char *authorization, size_t *ret_length);

/* A name for an account or editor: UTF-8 of at most ACCESS_NAME_MAX_BYTES without control
 * characters, not empty, no space at its ends. PURE. */
bool access_is_name(const char *name);

/* Any thread. */
struct throttle *access_throttle(struct access *access);

#endif
