/* What somebody wrote into the search box, as pieces and as a question to FTS5. Private to
 * storage/.
 *
 * A piece is a word or a quoted phrase: units that stand one behind the other. The index can
 * only say which items have all tokens of a piece; whether they stand together is asked of the
 * text (storage/search_match.h), unless one token says it all.
 */
#ifndef STORAGE_SEARCH_QUERY_H
#define STORAGE_SEARCH_QUERY_H

#include "base/buffer.h"
#include "storage/search.h"
#include "storage/search_units.h"

struct search_piece {
    struct folded folded;
    const struct search_unit *units;
    size_t unit_count;
    bool excluded;
    bool prefix; /* the last unit is the beginning of a word */
    const char *const
        *words; /* that begin so of those in the index: the caller fills them in */
    size_t word_count;
    bool certain; /* who has its token has the piece */
};

struct search_query {
    struct search_piece pieces[SEARCH_WORDS_MAX]; /* what is wanted first */
    size_t wanted, count;
    bool certain; /* no text needs to be looked at */
};

/* Take `text` apart. FAULT_PARSE when nothing is left to look for, FAULT_LIMIT when it is too
 * long. Lives in the arena; `text` is borrowed for as long. */
must_check bool search_query_parse(const struct fold_table *folding, struct arena *arena,
    const char *text, size_t length, bool typing, struct search_query *ret_query,
    struct fault *fault);

/* The beginning that `piece`, which is a prefix, ends with; lives in the arena. */
const char *search_piece_prefix(const struct search_piece *piece, struct arena *arena);

/* The question for items that may match; `in_title`: with all that is wanted in the title. */
void search_query_write_match(
    const struct search_query *query, bool in_title, struct buffer *out);

/* The question for items that may have one piece. */
void search_piece_write_match(
    const struct search_piece *piece, bool in_title, struct buffer *out);

/* Continue `hash` over what is asked. */
uint64_t search_query_hash(const struct search_query *query, uint64_t hash);

#endif
