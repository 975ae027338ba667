/* A query in the first line, a title in the second, a summary. What the texts say they hold,
 * the index must find (it may find more: it knows no order); marks are whole characters, in
 * order and apart; a title finds itself as a phrase; what was taken out of the index is found
 * no more. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "input.h"
#include "storage/search_match.h"
#include "storage/search_tokenizer.h"

static sqlite3 *db;
static const struct fold_table *folding;

static void run(const char *sql, const char *text)
{
    sqlite3_stmt *statement = NULL;
    int step = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (step == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, text, -1, SQLITE_STATIC);
        step = sqlite3_step(statement);
    }
    fuzz_require(step == SQLITE_DONE, "%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_finalize(statement);
}

static void open_index(void)
{
    if (db != NULL) {
        return;
    }
    fuzz_require(sqlite3_open(":memory:", &db) == SQLITE_OK, "no database");
    fuzz_require(search_tokenizer_register(db), "no FTS5");
    folding = fold_table_get();
    run("CREATE VIRTUAL TABLE search USING fts5(text, content = '', columnsize = 0, detail = "
        "none,"
        " tokenize = '" SEARCH_TOKENIZER_NAME "')",
        NULL);
}

static bool index_finds(const struct search_query *query, bool in_title)
{
    struct buffer match;
    sqlite3_stmt *find = NULL;
    buffer_init(&match, 1 << 20);
    search_query_write_match(query, in_title, &match);
    int step = sqlite3_prepare_v2(
        db, "SELECT rowid FROM search WHERE search MATCH ?", -1, &find, NULL);
    if (step == SQLITE_OK) {
        sqlite3_bind_text(find, 1, match.data, -1, SQLITE_STATIC);
        step = sqlite3_step(find);
    }
    fuzz_require(
        step == SQLITE_ROW || step == SQLITE_DONE, "%s: %s", match.data, sqlite3_errmsg(db));
    sqlite3_finalize(find);
    buffer_release(&match);
    return step == SQLITE_ROW;
}

static bool is_border(const char *text, size_t offset)
{
    size_t at = 0;
    uint32_t codepoint;
    for (size_t length; at < offset && (length = utf8_decode(text + at, &codepoint)) > 0;) {
        at += length;
    }
    return at == offset;
}

static void check_marks(const struct search_text *text)
{
    size_t end = 0;
    for (size_t i = 0; i < text->mark_count; i++) {
        const struct search_mark *mark = &text->marks[i];
        fuzz_require(
            mark->length > 0 && mark->offset >= end, "mark %zu is not behind the last", i);
        end = (size_t)mark->offset + mark->length;
        fuzz_require(end <= strlen(text->text), "a mark goes behind the text");
        fuzz_require(is_border(text->text, mark->offset) && is_border(text->text, end),
            "a mark cuts a character at %u+%u", mark->offset, mark->length);
    }
}

static void check_texts(
    const struct search_query *query, const struct search_subject *subject, struct arena *arena)
{
    struct search_text title = search_mark_whole(query, &subject->title, arena);
    struct search_text whole = search_mark_whole(query, &subject->summary, arena);
    struct search_text snippet = search_mark_snippet(query, &subject->summary, arena);
    double rarity[SEARCH_WORDS_MAX] = {1};
    bool found = search_query_matches(query, subject);
    check_marks(&title);
    check_marks(&whole);
    check_marks(&snippet);
    fuzz_require(
        !found || title.mark_count + whole.mark_count > 0, "found, and nothing is marked");
    fuzz_require(
        !found || search_query_score(query, rarity, subject) > 0, "found, and no score");
    fuzz_require(whole.mark_count == 0 || snippet.mark_count > 0, "the snippet has no mark");
    fuzz_require(
        strstr(subject->summary.text, snippet.text) != NULL, "the snippet is not of the text");
}

static bool has_prefix(const struct search_query *query)
{
    for (size_t i = 0; i < query->count; i++) {
        if (query->pieces[i].prefix) {
            return true;
        }
    }
    return false;
}

static void check_query(
    const char *text, size_t length, const struct search_subject *subject, struct arena *arena)
{
    struct search_query query;
    struct fault fault = {0};
    if (!search_query_parse(folding, arena, text, length, false, &query, &fault)) {
        fuzz_require(fault.message[0] != '\0', "a refusal without a reason");
        return;
    }
    check_texts(&query, subject, arena);
    bool found = search_query_matches(&query, subject), hit = index_finds(&query, false);
    if (has_prefix(&query)) { /* the words it stands for come from the store */
        return;
    }
    fuzz_require(!found || hit, "'%.*s' is there and not found", (int)length, text);
    fuzz_require(
        !query.certain || hit == found, "'%.*s' was certain, and is not", (int)length, text);
    fuzz_require(!found || !search_query_in_title(&query, subject) || index_finds(&query, true),
        "'%.*s' is in the title and not found there", (int)length, text);
}

/* As a phrase it stands in its own text. */
static void check_finds_itself(const struct search_subject *subject, struct arena *arena)
{
    const char *title = subject->title.text;
    if (subject->title.unit_count == 0 || strlen(title) > SEARCH_QUERY_MAX_BYTES - 2 ||
        !fuzz_is_utf8(title) || strchr(title, '"') != NULL || strstr(title, "“") != NULL ||
        strstr(title, "”") != NULL || strstr(title, "＂") != NULL) {
        return;
    }
    struct search_query query;
    struct fault fault = {0};
    const char *phrase = arena_printf(arena, "\"%s\"", title);
    fuzz_require(
        search_query_parse(folding, arena, phrase, strlen(phrase), false, &query, &fault), "%s",
        fault.message);
    fuzz_require(search_query_in_title(&query, subject), "'%s' is not in itself", title);
    fuzz_require(index_finds(&query, true), "'%s' does not find itself", title);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(fuzz_freep) char *query = fuzz_take_line(&input);
    cleanup(fuzz_freep) char *title = fuzz_take_line(&input);
    cleanup(fuzz_freep) char *summary = fuzz_take_text(&input);
    cleanup(arena_release) struct arena arena = {0};
    struct search_subject subject;
    open_index();
    search_subject_build(folding, &arena, title, summary, &subject);
    struct buffer document;
    buffer_init(&document, 1 << 20);
    search_document_write(title, summary, &document);
    const char *text = arena_strdup(&arena, document.data);
    buffer_release(&document);
    run("INSERT INTO search (rowid, text) VALUES (1, ?)", text);
    if (query != NULL) {
        check_query(query, strlen(query), &subject, &arena);
    }
    check_finds_itself(&subject, &arena);
    run("INSERT INTO search (search, rowid, text) VALUES ('delete', 1, ?)", text);
    struct search_query again;
    if (query != NULL &&
        search_query_parse(folding, &arena, query, strlen(query), false, &again, NULL)) {
        fuzz_require(!index_finds(&again, false), "found after it was taken out");
    }
    return 0;
}
