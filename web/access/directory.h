/* Who may enter, at one moment: what the loop asks at every request, without the database.
 *
 * Read whole from the store on a worker whenever the generation has changed, and put in place
 * of the one before. A thousand accounts with their sessions are some thousand rows, so there
 * is nothing to keep in step by hand. The loop's alone once it is in place: it notes there when
 * a session or token was seen.
 */
#ifndef WEB_ACCESS_DIRECTORY_H
#define WEB_ACCESS_DIRECTORY_H

#include "storage/accounts.h"

/* What a secret opens. */
struct directory_entry {
    unsigned char secret[ACCOUNT_SECRET_BYTES]; /* first: its digest */
    int64_t account;
    int64_t session, token; /* one of them is 0 */
    const char *name;       /* of the account */
    enum account_role role; /* of a token the lesser of role and scope */
    int64_t idle_s;         /* of a session */
    int64_t expires_utc_s;  /* INT64_MAX: never */
    const char *address;    /* a session was begun from; may be NULL */
    int64_t seen_utc_s;     /* CLOCK_NONE: never */
    int64_t stored_utc_s;   /* the same as the database has it */
};

struct directory {
    int64_t generation;
    size_t account_count;
    struct directory_entry *entries; /* sorted by secret */
    size_t entry_count;
    struct arena arena;
};

/* Caller frees with directory_free(). */
must_check bool directory_read(
    struct store *store, struct directory **ret_directory, struct fault *fault);
void directory_free(struct directory *directory); /* NULL is harmless */

/* Whom this secret belongs to, or NULL; expired ones are found, too. */
struct directory_entry *directory_find(
    const struct directory *directory, const unsigned char secret[ACCOUNT_SECRET_BYTES]);

/* Whether it still opens anything at this time. */
bool directory_is_alive(const struct directory_entry *entry, int64_t now_utc_s);

/* What `old` has seen later than the database counts here, too. */
void directory_take_over(struct directory *directory, const struct directory *old);

#endif
