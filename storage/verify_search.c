/* The search index against the texts it was made of.
 *
 * What the index must hold is known: of each item up to search_state.indexed_id its document,
 * or where search_stale has an older one, that. The documents are cut into tokens again, and
 * each pair of document and token gives a number; the numbers of a document add up to its sum,
 * whatever their order. Then the index is read once, in its own order, by FTS5's vocabulary of
 * instances, and each of its pairs is taken off the sum of its document. What is not zero in
 * the end lacks a token or has one too many. Two errors that cancel out would have to meet in
 * 64 bits.
 *
 * The vocabulary is a virtual table in the temporary schema: nothing of the file is written.
 *
 * Rejected: FTS5's 'integrity-check' (a write, and of a table without content it compares
 * nothing but its own structure); asking for each token of each document by a query, which
 * reads lists of common tokens a million times. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "storage/search_index.h"
#include "storage/verify_parts.h"

enum { TEXT_MAX_BYTES = 1 << 20 /* as storage/search_index.c indexes */ };

struct sum {
    int64_t document;
    uint64_t left;
};

struct recount {
    struct verifier *verifier;
    struct sum *sums; /* by document, ascending */
    size_t count, capacity;
    uint64_t *tokens; /* of the document that is cut */
    size_t token_count, token_capacity;
};

static int compare_tokens(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void *grow(void *items, size_t item_bytes, size_t *capacity)
{
    *capacity = *capacity == 0 ? 1024 : *capacity * 2;
    items = reallocarray(items, *capacity, item_bytes);
    if (items == NULL) {
        memory_exhausted();
    }
    return items;
}

static uint64_t hash_token(const char *token, size_t length)
{
    return hash_bytes(HASH_START, token, length);
}

/* The document is mixed in, or two that exchanged a token would not show; multiplied, for sums
 * of plain FNV values of similar tokens are similar. */
static uint64_t hash_pair(int64_t document, uint64_t token)
{
    uint64_t pair = hash_bytes(token, &document, sizeof(document));
    pair ^= pair >> 32;
    pair *= UINT64_C(0x9e3779b97f4a7c15);
    return pair ^ (pair >> 29);
}

static void on_token(void *data, const char *token, size_t length)
{
    struct recount *recount = data;
    if (recount->token_count == recount->token_capacity) {
        recount->tokens = grow(
            recount->tokens, sizeof(*recount->tokens), &recount->token_capacity);
    }
    recount->tokens[recount->token_count++] = hash_token(token, length);
}

/* A token counts once however often the document has it: the index keeps no positions. */
static void add_document(struct recount *recount, int64_t document, const struct buffer *text)
{
    if (recount->count == recount->capacity) {
        recount->sums = grow(recount->sums, sizeof(*recount->sums), &recount->capacity);
    }
    struct sum *sum = &recount->sums[recount->count++];
    *sum = (struct sum){.document = document};
    recount->token_count = 0;
    search_tokens_list(text->data, on_token, recount);
    if (recount->token_count > 1) {
        qsort(recount->tokens, recount->token_count, sizeof(*recount->tokens), compare_tokens);
    }
    for (size_t i = 0; i < recount->token_count; i++) {
        if (i == 0 || recount->tokens[i] != recount->tokens[i - 1]) {
            sum->left += hash_pair(document, recount->tokens[i]);
        }
    }
}

static bool add_documents(struct recount *recount, struct fault *fault)
{
    struct statement list;
    bool row = true;
    bool ok = verify_begin(recount->verifier,
        "SELECT item_id AS id, title, summary FROM search_stale"
        " UNION ALL SELECT id, title, summary FROM item"
        " WHERE id <= (SELECT indexed_id FROM search_state)"
        " AND id NOT IN (SELECT item_id FROM search_stale) ORDER BY 1",
        &list, fault);
    struct buffer text;
    buffer_init(&text, TEXT_MAX_BYTES);
    while (ok && (ok = statement_next(&list, &row, fault)) && row) {
        int64_t document = column_int(&list);
        const char *title = column_peek(&list), *summary = column_peek(&list);
        search_document_write(title, summary, &text);
        add_document(recount, document, &text);
    }
    buffer_release(&text);
    statement_finalize(&list);
    return ok;
}

static int compare_documents(const void *key, const void *entry)
{
    int64_t document = *(const int64_t *)key;
    const struct sum *sum = entry;
    return (document > sum->document) - (document < sum->document);
}

static bool take_off(struct recount *recount, struct fault *fault)
{
    struct statement list;
    bool row = true;
    int64_t stranger = 0;
    bool ok = verify_begin(
        recount->verifier, "SELECT doc, term FROM temp.search_instance", &list, fault);
    while (ok && (ok = statement_next(&list, &row, fault)) && row) {
        int64_t document = column_int(&list);
        const char *token = column_peek(&list);
        struct sum *sum = recount->count == 0
            ? NULL
            : bsearch(&document, recount->sums, recount->count, sizeof(*recount->sums),
                  compare_documents);
        if (sum != NULL) {
            sum->left -= hash_pair(document, hash_token(token, strlen(token)));
        } else if (document != stranger) {
            stranger = document; /* its other tokens come again and again */
            verify_report_id(
                recount->verifier, document, "the index has an item that is not there");
        }
    }
    statement_finalize(&list);
    return ok;
}

static bool recount_index(struct verifier *verifier, struct fault *fault)
{
    struct recount recount = {.verifier = verifier};
    bool ok = add_documents(&recount, fault) && take_off(&recount, fault);
    for (size_t i = 0; ok && i < recount.count; i++) {
        if (recount.sums[i].left != 0) {
            verify_report_id(verifier, recount.sums[i].document,
                "the index has other words of it than its texts");
        }
    }
    free(recount.sums);
    free(recount.tokens);
    return ok;
}

/* An index by other rules is made anew by the next start: until then there is nothing to
 * compare. */
static bool find_wrong_words(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault)
{
    struct search_state state;
    return search_read_state(verifier->store, &state, fault) &&
        (state.version != search_tokenizer_version() || recount_index(verifier, fault));
}

const struct verify_check verify_search_checks[] = {
    {"search-state", "search_state", "the search index stands at an item that was given an id",
        "it stands behind the last item",
        "SELECT '', indexed_id FROM search_state, tally WHERE indexed_id > last_item_id", NULL},
    {"search-words", "search", "the search index has the words of every item, and no others",
        NULL, NULL, find_wrong_words},
    {0},
};
