/* FTS5 calls a tokenizer with a text and a function that takes tokens with the bytes they stand
 * for in that text (https://www.sqlite.org/fts5.html#custom_tokenizers). The text is folded and
 * cut into units at once; a text of a title and a summary is a kilobyte or two.
 *
 * Each character and each pair are indexed. Pairs alone, with the prefix search "X*" for a
 * single character X, would spare a fifth of the index, but make FTS5 merge the lists of all
 * pairs that begin with it: 200 ms for a common one in a million items. Trigrams find no word
 * of two characters, and cost twice as much. */
#include "storage/search_tokenizer.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { TOKENIZER_RULES = 1 /* counts up when other tokens are made of the same folded text */ };

typedef int token_fn(
    void *context, int flags, const char *token, int length, int start, int end);

/* One call of tokenize() for a document. */
struct token_stream {
    void *context;
    token_fn *on_token;
    const struct folded *folded;
    bool placed; /* where they stand is asked for, which costs more than the token */
    bool marked;
    int result;
};

int64_t search_tokenizer_version(void)
{
    const uint64_t parts[] = {TOKENIZER_RULES, fold_table_fingerprint(fold_table_get())};
    return (int64_t)hash_bytes(HASH_START, parts, sizeof(parts));
}

void search_document_write(const char *title, const char *summary, struct buffer *out)
{
    buffer_clear(out);
    buffer_puts(out, title == NULL ? "" : title);
    /* A title that has the end of a title in it would go on in the summary. */
    for (char *end = out->data; (end = strchr(end, SEARCH_FIELD_END)) != NULL;) {
        *end = ' ';
    }
    buffer_putc(out, SEARCH_FIELD_END);
    size_t room = out->max_bytes - out->length;
    buffer_append(out, summary, summary == NULL ? 0 : strnlen(summary, room));
}

uint32_t search_token_bytes(const struct folded *folded, const struct search_unit *unit)
{
    uint32_t bytes = unit->end - unit->start;
    if (bytes > SEARCH_TOKEN_MAX_BYTES) {
        bytes = SEARCH_TOKEN_MAX_BYTES;
        while (((unsigned char)folded->text[unit->start + bytes] & 0xc0) == 0x80) {
            bytes--;
        }
    }
    return bytes;
}

/* Give the token [start, start + bytes) of the folded text. */
static void give(struct token_stream *stream, uint32_t start, uint32_t bytes)
{
    char token[1 + 2 * SEARCH_TOKEN_MAX_BYTES];
    uint32_t offset = 0, length = 0;
    if (stream->placed) {
        fold_span(stream->folded, start, start + bytes, &offset, &length);
    }
    token[0] = SEARCH_TITLE_MARK;
    memcpy(token + 1, stream->folded->text + start, bytes);
    if (stream->result == SQLITE_OK) {
        stream->result = stream->on_token(stream->context, 0,
            stream->marked ? token : token + 1, (int)(stream->marked ? bytes + 1 : bytes),
            (int)offset, (int)(offset + length));
    }
}

static bool is_pair(const struct search_unit *left, const struct search_unit *right)
{
    return left->kind == SEARCH_CHARACTER && right->kind == SEARCH_CHARACTER && right->joined;
}

static void give_units(
    struct token_stream *stream, const struct search_unit *units, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        give(stream, units[i].start, search_token_bytes(stream->folded, &units[i]));
        if (i + 1 < count && is_pair(&units[i], &units[i + 1])) {
            give(stream, units[i].start, units[i + 1].end - units[i].start);
        }
    }
}

static size_t count_title_units(
    const struct folded *folded, const struct search_unit *units, size_t count, size_t end)
{
    size_t titled = 0;
    while (titled < count && folded->origin[units[titled].start] < end) {
        titled++;
    }
    return titled;
}

static void give_document(
    struct token_stream *stream, const struct search_unit *units, size_t count)
{
    const struct folded *folded = stream->folded;
    const char *end = memchr(folded->original, SEARCH_FIELD_END, folded->original_length);
    size_t title_bytes = end == NULL ? folded->original_length
                                     : (size_t)(end - folded->original);
    stream->marked = true;
    give_units(stream, units, count_title_units(folded, units, count, title_bytes));
    stream->marked = false;
    give_units(stream, units, count);
}

static int tokenize_document(
    void *context, int flags, const char *text, size_t length, token_fn *on_token)
{
    struct arena arena = {0};
    struct folded folded = fold_text(fold_table_get(), &arena, text, length);
    size_t count;
    struct search_unit *units = search_units_build(&folded, &arena, &count);
    /* FTS5 drops the places of what it only indexes. */
    struct token_stream stream = {.context = context,
        .on_token = on_token,
        .folded = &folded,
        .placed = flags != FTS5_TOKENIZE_DOCUMENT};
    give_document(&stream, units, count);
    arena_release(&arena);
    return stream.result;
}

/* Somebody who lists tokens and is not FTS5. */
struct listing {
    search_token_fn *on_token;
    void *data;
};

static int list_token(
    void *context, int flags, const char *token, int length, int start, int end)
{
    const struct listing *listing = context;
    listing->on_token(listing->data, token, (size_t)length);
    return SQLITE_OK;
}

void search_tokens_list(const char *document, search_token_fn *on_token, void *data)
{
    struct listing listing = {on_token, data};
    if (document[0] != '\0') {
        tokenize_document(
            &listing, FTS5_TOKENIZE_DOCUMENT, document, strlen(document), list_token);
    }
}

static int tokenize(Fts5Tokenizer *instance, void *context, int flags, const char *text,
    int length, token_fn *on_token)
{
    if (text == NULL || length <= 0) {
        return SQLITE_OK;
    }
    if ((flags & FTS5_TOKENIZE_QUERY) != 0) {
        return on_token(context, 0, text, length, 0, length);
    }
    return tokenize_document(context, flags, text, (size_t)length, on_token);
}

/* It has no state: any pointer but NULL will do for an instance. */
static int create(void *data, const char **options, int count, Fts5Tokenizer **ret_instance)
{
    static char instance;
    *ret_instance = (Fts5Tokenizer *)&instance;
    return SQLITE_OK;
}

static void delete_instance(Fts5Tokenizer *instance)
{
}

static fts5_api *find_fts5(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *select = NULL;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?)", -1, &select, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(select, 1, (void *)&api, "fts5_api_ptr", NULL);
        sqlite3_step(select);
    }
    sqlite3_finalize(select);
    return api;
}

bool search_tokenizer_register(sqlite3 *db)
{
    fts5_api *api = find_fts5(db);
    fts5_tokenizer methods = {create, delete_instance, tokenize};
    return api != NULL &&
        api->xCreateTokenizer(api, SEARCH_TOKENIZER_NAME, NULL, &methods, NULL) == SQLITE_OK;
}
