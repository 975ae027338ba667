/* The tokenizer of the search index, for FTS5. Private to storage/.
 *
 * A document is its title, SEARCH_FIELD_END, and its summary. Of each it gives the words and
 * signs, every character of the scripts without spaces, and every two of these that stand side
 * by side (storage/search_units.h): so a word of two Han characters is one token, and one
 * character is one, too. The tokens of the title come a second time with SEARCH_TITLE_MARK
 * before them, which makes "in the title" a term like any other.
 *
 * A query is one token as it stands in the index, and is not folded again: folding twice is not
 * always folding once (OpenCC's answer may have an answer of its own), and of several units
 * FTS5 would make a phrase, which an index without positions refuses. storage/search_query.c
 * makes the tokens.
 *
 * The tokenizer belongs to one connection and is used by its thread.
 */
#ifndef STORAGE_SEARCH_TOKENIZER_H
#define STORAGE_SEARCH_TOKENIZER_H

#include <sqlite3.h>

#include "base/buffer.h"
#include "storage/search_units.h"

#define SEARCH_TOKENIZER_NAME "briefd"

enum {
    SEARCH_TITLE_MARK = 0x1e, /* no text has it: XML forbids it, folding makes it a space */
    SEARCH_FIELD_END = 0x1f,
    SEARCH_TOKEN_MAX_BYTES = 48, /* of a longer word this much is kept */
};

/* The document of an item: what FTS5 is given to put in, and to take out again. NULL texts are
 * empty; of a summary that does not fit, the beginning. Clears `out`. */
void search_document_write(const char *title, const char *summary, struct buffer *out);

/* Make the name known to `db`. False: `db` has no FTS5. */
bool search_tokenizer_register(sqlite3 *db);

/* Names the tokens it makes of text: an index made under another number must be built anew. */
int64_t search_tokenizer_version(void);

/* The tokens of a document as the index has them, one as often as it occurs; borrowed for the
 * call. */
typedef void search_token_fn(void *data, const char *token, size_t length);
void search_tokens_list(const char *document, search_token_fn *on_token, void *data);

/* The bytes of `unit` that a token has: all of them, but of a long word its beginning. */
uint32_t search_token_bytes(const struct folded *folded, const struct search_unit *unit);

#endif
