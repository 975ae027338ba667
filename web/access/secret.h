/* Passwords and the secrets that sessions and tokens are: making them, and what is kept of
 * them.
 *
 * A password becomes Argon2id's hash with libsodium's interactive limits (64 MiB, two passes,
 * some 50 to 100 ms) of its OpaqueString (RFC 8265): for workers, never the loop. A session or
 * token is 32 random bytes; its BLAKE2b-256 is kept, which needs no salt and no work because
 * nobody can try 2^256 of them. Any thread. Nothing here logs, and nothing puts a secret into a
 * fault.
 */
#ifndef WEB_ACCESS_SECRET_H
#define WEB_ACCESS_SECRET_H

#include <stddef.h>

#include "base/attributes.h"
#include "base/fault.h"

enum {
    SECRET_TEXT_BYTES = 64,      /* room for a session's or token's secret as text */
    SECRET_DIGEST_BYTES = 32,    /* what is kept of one */
    SECRET_PASSWORD_BYTES = 128, /* room for a password's hash */
    SECRET_PASSWORD_MIN = 10,    /* characters; NIST SP 800-63B asks for 8 */
    SECRET_PASSWORD_MAX = 1024,  /* bytes: whole sentences, and no way to keep a worker busy */
};

/* Refuse what no account should have: too short, longer than SECRET_PASSWORD_MAX, not UTF-8,
 * control characters, the account's own name. FAULT_PARSE. PURE. */
must_check bool secret_check_rules(
    const char *password, const char *account, struct fault *fault);

/* $argon2id$… into `out` of SECRET_PASSWORD_BYTES. FAULT_LIMIT when the memory is not there. */
must_check bool secret_hash_password(const char *password, char *out, struct fault *fault);

/* Whether it is the password. Takes as long when `hash` is NULL: an account that does not exist
 * must not be told from a wrong password by the time it takes. */
bool secret_is_password(const char *password, const char *hash);

/* Whether the hash was made with other limits than today's. */
bool secret_needs_rehash(const char *hash);

/* A new one as text into `out` of SECRET_TEXT_BYTES: `prefix`, then 43 letters, digits, - and
 * _. A token's prefix lets programs that look for leaked secrets recognise it. */
void secret_make(const char *prefix, char *out);

/* What is kept of one, whatever its text. */
void secret_digest(const char *text, size_t length, unsigned char out[SECRET_DIGEST_BYTES]);

/* Overwrite a secret that is no longer needed, in a way no compiler leaves out. */
void secret_forget(void *secret, size_t length);

#endif
