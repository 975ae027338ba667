/* The cost of a check without an account is that of crypto_pwhash() itself, with the limits of
 * a new hash. An account whose hash is older takes another time until its next login renews it;
 * rejected was a stored dummy hash, which would have to be made anew with every change of the
 * limits and costs the same. */
#include "web/access/secret.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "base/utf8.h"

_Static_assert(SECRET_PASSWORD_BYTES >= crypto_pwhash_STRBYTES, "room for a hash");
_Static_assert(SECRET_DIGEST_BYTES == crypto_generichash_BYTES, "BLAKE2b-256");

enum { RANDOM_BYTES = 32 };

static void setup(void)
{
    if (sodium_init() < 0) {
        abort(); /* no source of randomness: there is no safe way to go on */
    }
}

bool secret_check_rules(const char *password, const char *account, struct fault *fault)
{
    size_t bytes = strlen(password);
    size_t characters = bytes > SECRET_PASSWORD_MAX ? 1 : utf8_count_printable(password);
    if (bytes > SECRET_PASSWORD_MAX) {
        return fault_set(
            fault, FAULT_PARSE, "a password has at most %d bytes", SECRET_PASSWORD_MAX);
    }
    if (bytes > 0 && characters == 0) {
        return fault_set(
            fault, FAULT_PARSE, "a password is text without control characters, in UTF-8");
    }
    if (characters < SECRET_PASSWORD_MIN) {
        return fault_set(fault, FAULT_PARSE,
            "a password has at least %d characters; a few words make a good one",
            SECRET_PASSWORD_MIN);
    }
    if (strcasecmp(password, account) == 0) {
        return fault_set(fault, FAULT_PARSE, "the password is the account's name");
    }
    return true;
}

/* RFC 8265 4.2.2: every space is the ASCII one. */
static utf8proc_int32_t map_space(utf8proc_int32_t codepoint, void *data)
{
    bool space = utf8proc_category(codepoint) == UTF8PROC_CATEGORY_ZS;
    return space ? ' ' : codepoint;
}

/* OpaqueString of RFC 8265: what two keyboards make of one password is one password, composed
 * letters or letters and accents. Bytes that are no text, which no account has, stay as they
 * are. Freed with forget_prepared(). */
static char *prepare(const char *password)
{
    utf8proc_uint8_t *prepared = NULL;
    utf8proc_map_custom((const utf8proc_uint8_t *)password, 0, &prepared,
        UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE, map_space, NULL);
    char *text = prepared != NULL ? (char *)prepared : strdup(password);
    if (text == NULL) {
        memory_exhausted();
    }
    return text;
}

static void forget_prepared(char **text)
{
    secret_forget(*text, strlen(*text));
    free(*text);
}

bool secret_hash_password(const char *password, char *out, struct fault *fault)
{
    setup();
    memset(out, 0, SECRET_PASSWORD_BYTES);
    cleanup(forget_prepared) char *prepared = prepare(password);
    return crypto_pwhash_str_alg(out, prepared, strlen(prepared),
               crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
               crypto_pwhash_ALG_ARGON2ID13) == 0 ||
        fault_set(fault, FAULT_LIMIT,
            "the password cannot be hashed: that takes %d MiB of memory, which are not there",
            (int)(crypto_pwhash_MEMLIMIT_INTERACTIVE >> 20));
}

bool secret_is_password(const char *password, const char *hash)
{
    setup();
    cleanup(forget_prepared) char *prepared = prepare(password);
    size_t length = strlen(prepared);
    if (hash != NULL) {
        return crypto_pwhash_str_verify(hash, prepared, length) == 0;
    }
    unsigned char key[32], salt[crypto_pwhash_SALTBYTES];
    randombytes_buf(salt, sizeof(salt));
    int done = crypto_pwhash(key, sizeof(key), prepared, length, salt,
        crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
        crypto_pwhash_ALG_ARGON2ID13);
    (void)done; /* without memory it is no password either */
    return false;
}

bool secret_needs_rehash(const char *hash)
{
    setup();
    return crypto_pwhash_str_needs_rehash(hash, crypto_pwhash_OPSLIMIT_INTERACTIVE,
               crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0;
}

void secret_make(const char *prefix, char *out)
{
    setup();
    unsigned char bytes[RANDOM_BYTES];
    char
        text[sodium_base64_ENCODED_LEN(RANDOM_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2base64(
        text, sizeof(text), bytes, sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    int length = snprintf(out, SECRET_TEXT_BYTES, "%s%s", prefix, text);
    assert(length < SECRET_TEXT_BYTES);
    sodium_memzero(bytes, sizeof(bytes));
    sodium_memzero(text, sizeof(text));
}

void secret_digest(const char *text, size_t length, unsigned char out[SECRET_DIGEST_BYTES])
{
    setup();
    crypto_generichash(out, SECRET_DIGEST_BYTES, (const unsigned char *)text, length, NULL, 0);
}

void secret_forget(void *secret, size_t length)
{
    sodium_memzero(secret, length);
}
