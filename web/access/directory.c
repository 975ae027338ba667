/* The generation is read first: what is changed while the rest is being read is then newer than
 * the number says, and is read once more. */
#include "web/access/directory.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static int compare_secrets(const void *left, const void *right)
{
    return memcmp(left, right, ACCOUNT_SECRET_BYTES);
}

static void add_session(struct directory *directory, const struct account_session *session)
{
    struct directory_entry *entry = &directory->entries[directory->entry_count++];
    *entry = (struct directory_entry){.account = session->account,
        .session = session->id,
        .name = session->name,
        .role = session->role,
        .idle_s = session->idle_s,
        .expires_utc_s = session->expires_utc_s,
        .address = session->address,
        .seen_utc_s = session->seen_utc_s,
        .stored_utc_s = session->seen_utc_s};
    memcpy(entry->secret, session->secret, sizeof(entry->secret));
}

static void add_token(struct directory *directory, const struct account_token *token)
{
    struct directory_entry *entry = &directory->entries[directory->entry_count++];
    *entry = (struct directory_entry){.account = token->account,
        .token = token->id,
        .name = token->name,
        .role = token->scope < token->role ? token->scope : token->role,
        .expires_utc_s = token->expires_utc_s == CLOCK_NONE ? INT64_MAX : token->expires_utc_s,
        .seen_utc_s = token->used_utc_s,
        .stored_utc_s = token->used_utc_s};
    memcpy(entry->secret, token->secret, sizeof(entry->secret));
}

static bool read_entries(struct store *store, struct directory *directory, struct fault *fault)
{
    struct account *accounts;
    struct account_session *sessions;
    struct account_token *tokens;
    size_t session_count, token_count;
    struct arena *arena = &directory->arena;
    if (!accounts_generation(store, &directory->generation, fault) ||
        !account_list(store, arena, &accounts, &directory->account_count, fault) ||
        !session_list(store, arena, 0, &sessions, &session_count, fault) ||
        !token_list(store, arena, 0, &tokens, &token_count, fault)) {
        return false;
    }
    for (size_t i = 0; i < directory->account_count; i++) {
        /* No password's hash stays in the loop's memory. */
        memset((char *)accounts[i].password, 0, strlen(accounts[i].password));
    }
    directory->entries = arena_new_array(
        arena, struct directory_entry, session_count + token_count);
    for (size_t i = 0; i < session_count; i++) {
        add_session(directory, &sessions[i]);
    }
    for (size_t i = 0; i < token_count; i++) {
        add_token(directory, &tokens[i]);
    }
    if (directory->entry_count > 0) {
        qsort(directory->entries, directory->entry_count, sizeof(*directory->entries),
            compare_secrets);
    }
    return true;
}

bool directory_read(struct store *store, struct directory **ret_directory, struct fault *fault)
{
    struct directory *directory = calloc(1, sizeof(*directory));
    if (directory == NULL) {
        memory_exhausted();
    }
    if (!read_entries(store, directory, fault)) {
        directory_free(directory);
        return false;
    }
    *ret_directory = directory;
    return true;
}

void directory_free(struct directory *directory)
{
    if (directory != NULL) {
        arena_release(&directory->arena);
        free(directory);
    }
}

/* How long a comparison takes tells something of the digest only, from which there is no way
 * back to a secret. */
struct directory_entry *directory_find(
    const struct directory *directory, const unsigned char secret[ACCOUNT_SECRET_BYTES])
{
    return directory->entry_count == 0
        ? NULL
        : bsearch(secret, directory->entries, directory->entry_count,
              sizeof(*directory->entries), compare_secrets);
}

bool directory_is_alive(const struct directory_entry *entry, int64_t now_utc_s)
{
    return entry->role != ACCOUNT_NOBODY && now_utc_s < entry->expires_utc_s &&
        (entry->session == 0 || now_utc_s < entry->seen_utc_s + entry->idle_s);
}

void directory_take_over(struct directory *directory, const struct directory *old)
{
    for (size_t i = 0; old != NULL && i < old->entry_count; i++) {
        struct directory_entry *entry = directory_find(directory, old->entries[i].secret);
        if (entry != NULL && old->entries[i].seen_utc_s > entry->seen_utc_s) {
            entry->seen_utc_s = old->entries[i].seen_utc_s;
        }
    }
}
