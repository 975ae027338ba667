/* The syntax has no errors: whatever does not mean anything is a divider, an open quote ends
 * with the text, and nothing a person writes reaches FTS5's own syntax, since only tokens do,
 * which are letters and digits with + and #.
 *
 * Quotes are ASCII's, the Chinese pair and the full-width one: an input method gives what it
 * likes. */
#include "storage/search_query.h"

#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "storage/search_tokenizer.h"

enum {
    PREFIX_MIN_BYTES = 3, /* shorter, it is a word of its own: most items have one */
    TOKENS_MAX = 48,      /* of a piece that FTS5 is asked for; the text tells the rest */
};

/* ---- words of the text ---- */

struct scanner {
    const char *text;
    size_t length, at;
};

/* One word or phrase as written. */
struct written {
    const char *text;
    size_t length;
    bool excluded, quoted;
};

static bool is_divider(uint32_t codepoint)
{
    return codepoint <= 0x20 || codepoint == 0x7f || codepoint == 0xa0 || codepoint == 0x3000;
}

static bool is_quote(uint32_t codepoint)
{
    return codepoint == '"' || codepoint == 0x201c || codepoint == 0x201d ||
        codepoint == 0xff02;
}

/* Bytes of the character at `at`; NUL and broken bytes are one. */
static size_t look(const struct scanner *scanner, size_t at, uint32_t *ret_codepoint)
{
    size_t left = scanner->length - at;
    size_t used = left == 0 ? 0 : utf8_measure(scanner->text + at, left);
    if (used == 0) {
        *ret_codepoint = left > 0 && (unsigned char)scanner->text[at] < 0x20 ? ' ' : 0xfffd;
        return left > 0 ? 1 : 0;
    }
    char character[5] = "";
    memcpy(character, scanner->text + at, used);
    utf8_decode(character, ret_codepoint);
    return used;
}

/* Move to the first character for which `ends` holds, or to the end. */
static void scan_until(struct scanner *scanner, bool (*ends)(uint32_t codepoint))
{
    uint32_t codepoint;
    for (size_t used; (used = look(scanner, scanner->at, &codepoint)) > 0;
         scanner->at += used) {
        if (ends(codepoint)) {
            return;
        }
    }
}

static bool ends_word(uint32_t codepoint)
{
    return is_divider(codepoint) || is_quote(codepoint);
}

static bool begins_word(uint32_t codepoint)
{
    return !is_divider(codepoint);
}

static bool next_written(struct scanner *scanner, struct written *ret_written)
{
    uint32_t codepoint;
    scan_until(scanner, begins_word);
    size_t used = look(scanner, scanner->at, &codepoint);
    if (used == 0) {
        return false;
    }
    bool excluded = codepoint == '-';
    if (excluded) {
        scanner->at += used;
        used = look(scanner, scanner->at, &codepoint);
    }
    bool quoted = used > 0 && is_quote(codepoint);
    scanner->at += quoted ? used : 0;
    size_t start = scanner->at;
    scan_until(scanner, quoted ? is_quote : ends_word);
    *ret_written = (struct written){
        scanner->text + start, scanner->at - start, excluded, quoted};
    if (quoted) {
        scanner->at += look(scanner, scanner->at, &codepoint);
    }
    return true;
}

/* ---- pieces ---- */

/* How many tokens a piece is; *ret_cut when one is the beginning of a longer word only. */
static bool is_certain(const struct search_piece *piece)
{
    const struct search_unit *first = &piece->units[0];
    if (search_token_bytes(&piece->folded, first) < first->end - first->start) {
        return false;
    }
    return piece->unit_count == 1 ||
        (piece->unit_count == 2 && first->kind == SEARCH_CHARACTER &&
            piece->units[1].kind == SEARCH_CHARACTER && piece->units[1].joined);
}

static void build_piece(const struct fold_table *folding, struct arena *arena,
    const struct written *written, bool unfinished, struct search_piece *piece)
{
    bool starred = written->length > 0 && written->text[written->length - 1] == '*';
    *piece = (struct search_piece){.excluded = written->excluded};
    piece->folded = fold_text(folding, arena, written->text, written->length);
    piece->units = search_units_build(&piece->folded, arena, &piece->unit_count);
    if (piece->unit_count == 0) {
        return;
    }
    const struct search_unit *last = &piece->units[piece->unit_count - 1];
    piece->prefix = !written->quoted && (starred || unfinished) && last->kind == SEARCH_WORD &&
        last->end - last->start >= PREFIX_MIN_BYTES;
    piece->certain = is_certain(piece);
}

/* What is wanted goes before what is not. */
static bool add_piece(
    struct search_query *query, const struct search_piece *piece, struct fault *fault)
{
    if (query->count == SEARCH_WORDS_MAX) {
        return fault_set(fault, FAULT_LIMIT,
            "a search takes %d words or phrases: leave some out", SEARCH_WORDS_MAX);
    }
    if (piece->excluded) {
        query->pieces[query->count] = *piece;
    } else {
        query->pieces[query->count] = query->pieces[query->wanted];
        query->pieces[query->wanted++] = *piece;
    }
    query->count++;
    query->certain = query->certain && piece->certain;
    return true;
}

bool search_query_parse(const struct fold_table *folding, struct arena *arena, const char *text,
    size_t length, bool typing, struct search_query *ret_query, struct fault *fault)
{
    if (length > SEARCH_QUERY_MAX_BYTES) {
        return fault_set(fault, FAULT_LIMIT,
            "the search has %zu bytes, and at most %d are taken: shorten it", length,
            SEARCH_QUERY_MAX_BYTES);
    }
    struct scanner scanner = {text, length, 0};
    struct written written;
    *ret_query = (struct search_query){.certain = true};
    while (next_written(&scanner, &written)) {
        struct search_piece piece;
        build_piece(folding, arena, &written, typing && scanner.at == length, &piece);
        if (piece.unit_count > 0 && !add_piece(ret_query, &piece, fault)) {
            return false;
        }
    }
    if (ret_query->wanted > 0) {
        return true;
    }
    return fault_set(fault, FAULT_PARSE,
        ret_query->count > 0
            ? "the search only says what must not occur: name a word to look for"
            : "there is nothing to look for in the search: name a word");
}

/* ---- the question ---- */

struct question {
    struct buffer *out;
    const struct search_piece *piece;
    bool in_title;
    size_t tokens;
};

static void write_token(struct question *question, const char *token, size_t bytes)
{
    buffer_putc(question->out, '"');
    if (question->in_title) {
        buffer_putc(question->out, SEARCH_TITLE_MARK);
    }
    buffer_append(question->out, token, bytes);
    buffer_putc(question->out, '"');
}

/* One of the words the last unit may be. */
static void write_words(struct question *question)
{
    const struct search_piece *piece = question->piece;
    buffer_putc(question->out, '(');
    for (size_t i = 0; i < piece->word_count; i++) {
        buffer_puts(question->out, i == 0 ? "" : " OR ");
        write_token(question, piece->words[i], strlen(piece->words[i]));
    }
    buffer_putc(question->out, ')');
}

static void write_unit(struct question *question, uint32_t start, uint32_t bytes)
{
    buffer_puts(question->out, question->tokens++ == 0 ? "" : " AND ");
    write_token(question, question->piece->folded.text + start, bytes);
}

static void write_last_word(struct question *question)
{
    buffer_puts(question->out, question->tokens++ == 0 ? "" : " AND ");
    write_words(question);
}

static bool makes_pair(const struct search_piece *piece, size_t i)
{
    return i + 1 < piece->unit_count && piece->units[i].kind == SEARCH_CHARACTER &&
        piece->units[i + 1].kind == SEARCH_CHARACTER && piece->units[i + 1].joined;
}

/* Pairs where there are any: a character alone stands in more items. */
void search_piece_write_match(
    const struct search_piece *piece, bool in_title, struct buffer *out)
{
    struct question question = {out, piece, in_title, 0};
    for (size_t i = 0; i < piece->unit_count && question.tokens < TOKENS_MAX; i++) {
        const struct search_unit *unit = &piece->units[i];
        if (makes_pair(piece, i)) {
            write_unit(&question, unit->start, piece->units[i + 1].end - unit->start);
        } else if (i + 1 == piece->unit_count && piece->word_count > 0) {
            write_last_word(&question);
        } else if (i == 0 || !makes_pair(piece, i - 1)) {
            write_unit(&question, unit->start, search_token_bytes(&piece->folded, unit));
        }
    }
}

const char *search_piece_prefix(const struct search_piece *piece, struct arena *arena)
{
    const struct search_unit *last = &piece->units[piece->unit_count - 1];
    return arena_strndup(
        arena, piece->folded.text + last->start, search_token_bytes(&piece->folded, last));
}

void search_query_write_match(
    const struct search_query *query, bool in_title, struct buffer *out)
{
    buffer_puts(out, "(");
    for (size_t i = 0; i < query->wanted; i++) {
        buffer_puts(out, i == 0 ? "" : " AND ");
        search_piece_write_match(&query->pieces[i], in_title, out);
    }
    buffer_puts(out, ")");
    for (size_t i = query->wanted; i < query->count; i++) {
        if (query->pieces[i].certain) { /* else its tokens may stand there, but not together */
            buffer_puts(out, " NOT ");
            search_piece_write_match(&query->pieces[i], false, out);
        }
    }
}

uint64_t search_query_hash(const struct search_query *query, uint64_t hash)
{
    for (size_t i = 0; i < query->count; i++) {
        const struct search_piece *piece = &query->pieces[i];
        const unsigned char flags[] = {piece->excluded, piece->prefix};
        hash = hash_bytes(hash, flags, sizeof(flags));
        hash = hash_string(hash, piece->folded.text);
    }
    return hash;
}
