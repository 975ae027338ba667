/* Why a pass of our own before libconfuse (3.3):
 *   - it stops at its first error, of form or of value, and a person who must run `check` ten
 * times to learn of ten mistakes stops using it;
 *   - with CFGF_IGNORE_UNKNOWN it goes on but says nothing, and it skips an unknown section by
 *     recursion, one stack frame a brace: a megabyte of "a{" ends the process;
 *   - a section's cfg->line is the line of its closing brace, a second section of the same
 * title silently replaces the first, and a key written twice silently wins;
 *   - "${NAME}" is filled from the environment, and a comment inside a list is a syntax error.
 * So this pass knows the tokens and the tables of schema.c, reports all of that, and hands
 * libconfuse a copy in which a refused entry is missing and a missing brace, comma or quote is
 * added; every token stands on its own line, so the lines libconfuse counts are the person's.
 * Titled sections get their title and line as keys and lose them as titles, which is what keeps
 * two of one name apart.
 *
 * Rejected: parsing and reporting only the first problem of libconfuse; retrying with the
 * offending line removed (quadratic, and a removed line brings problems of its own).
 *
 * Recovery is by what people write: an entry is dropped as a whole; a word that belongs to an
 * outer section ends the inner one; a quoted one-line value ends at the end of its line. */
#include "config/scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "config/schema.h"
#include "config/suggest.h"
#include "config/token.h"

struct frame {
    const struct schema_section *section;
    struct token title; /* length 0: none */
    int line;
    bool dropped; /* was refused: nothing of it reaches the copy */
    size_t out_length;
    int out_line;
    int seen_lines[SCHEMA_KEYS_MAX]; /* 0: not yet */
};

struct scan {
    struct token_reader reader;
    struct frame frames[SCHEMA_DEPTH_MAX + 1];
    size_t depth; /* of the current frame; 0: the file */
    size_t section_count;
    const char *file;
    struct problems *problems;
    struct buffer *out;
    int out_line;
};

/* Hostile files only: each section costs libconfuse a copy of its option table (2 KiB). */
enum { SECTIONS_MAX = 20000 };

/* ---- the copy ---- */

static void catch_up(struct scan *scan, int line)
{
    for (; scan->out_line < line; scan->out_line++) {
        buffer_putc(scan->out, '\n');
    }
}

static void emit(struct scan *scan, const char *text, size_t length, int line)
{
    catch_up(scan, line);
    buffer_append(scan->out, text, length);
    buffer_putc(scan->out, ' ');
    for (size_t i = 0; i < length; i++) {
        scan->out_line += text[i] == '\n';
    }
}

static void emit_token(struct scan *scan, const struct token *token)
{
    emit(scan, token->start, token->length, token->line);
    if (token->unclosed) {
        scan->out->data[scan->out->length - 1] = token->start[0];
    }
}

static void emit_text(struct scan *scan, const char *text)
{
    emit(scan, text, strlen(text), scan->out_line);
}

/* What was emitted since goes, its lines stay: were they left to the next emit(), each of many
 * dropped sections would write the lines of all before it once more. */
static void roll_back(struct scan *scan, size_t out_length, int out_line)
{
    int line = scan->out_line;
    scan->out->length = out_length;
    scan->out->data[out_length] = '\0';
    scan->out_line = out_line;
    catch_up(scan, line);
}

/* ---- recovery ---- */

#define complain(scan, line, ...)                                                              \
    problems_add((scan)->problems, (scan)->file, (line), __VA_ARGS__)

/* From an opening brace to behind the one that closes it. */
static void skip_braces(struct scan *scan)
{
    size_t depth = 0;
    int line = scan->reader.current.line;
    do {
        depth += scan->reader.current.kind == TOKEN_OPEN;
        depth -= scan->reader.current.kind == TOKEN_CLOSE;
        token_advance(&scan->reader);
    } while (depth > 0 && scan->reader.current.kind != TOKEN_END);
    if (depth > 0) {
        complain(scan, line, "this brace is never closed: write } where its block ends");
    }
}

/* What follows a key that was refused: "= value", "= { list }", "title { … }" or "{ … }". */
static void skip_entry(struct scan *scan)
{
    int line = scan->reader.current.line;
    if (scan->reader.current.kind == TOKEN_EQUALS ||
        scan->reader.current.kind == TOKEN_APPEND) {
        token_advance(&scan->reader);
        if (scan->reader.current.kind == TOKEN_WORD ||
            scan->reader.current.kind == TOKEN_STRING ||
            scan->reader.current.kind == TOKEN_STRANGE) {
            token_advance(&scan->reader);
            return;
        }
    } else {
        while ((scan->reader.current.kind == TOKEN_STRING ||
                   scan->reader.current.kind == TOKEN_STRANGE ||
                   scan->reader.current.kind == TOKEN_WORD) &&
            scan->reader.current.line == line) {
            token_advance(&scan->reader);
        }
    }
    if (scan->reader.current.kind == TOKEN_OPEN) {
        skip_braces(scan);
    }
}

/* Report what is wrong inside a string or a bare value; true when it can be used. */
static bool accept_value(struct scan *scan, const struct token *token)
{
    if (token->kind == TOKEN_STRANGE) {
        complain(scan, token->line, "'%.*s' stands without quotes: write it as \"…\"",
            (int)(token->length > 60 ? 60 : token->length), token->start);
        return false;
    }
    if (token->unclosed) {
        complain(scan, token->line, "this text has no closing quote: write %c at its end",
            token->start[0]);
    }
    if (token->flaw != NULL) {
        complain(scan, token->line, "%s", token->flaw);
    }
    return token->flaw == NULL;
}

/* ---- names ---- */

static struct frame *top(struct scan *scan)
{
    return &scan->frames[scan->depth];
}

/* "the file", "briefing", "feed '量子位'" */
static const char *name_frame(const struct frame *frame, char *text, size_t size)
{
    if (frame->section->name[0] == '\0') {
        return "the file";
    }
    if (frame->title.length == 0) {
        return frame->section->name;
    }
    bool quoted = frame->title.kind == TOKEN_STRING;
    size_t length = frame->title.length - (quoted ? 1 : 0) -
        (quoted && !frame->title.unclosed ? 1 : 0);
    snprintf(text, size, "%s '%.*s'", frame->section->name, (int)(length > 80 ? 80 : length),
        frame->title.start + quoted);
    return text;
}

static void report_unknown(struct scan *scan, const struct token *key)
{
    char place[128], advice[512];
    suggest_key(top(scan)->section, key->start, key->length, advice, sizeof(advice));
    complain(scan, key->line, "unknown key '%.*s' in %s: %s",
        (int)(key->length > 60 ? 60 : key->length), key->start,
        name_frame(top(scan), place, sizeof(place)), advice);
}

/* ---- entries ---- */

static void check_required(struct scan *scan, const struct frame *frame)
{
    char place[128];
    const char *where = name_frame(frame, place, sizeof(place));
    for (size_t i = 0; i < frame->section->key_count; i++) {
        const struct schema_key *key = &frame->section->keys[i];
        if (key->required && frame->seen_lines[i] == 0) {
            complain(scan, frame->line, "%s has no %s: write %s %s%s", where, key->name,
                key->name, schema_is_section(key->kind) ? "" : "= ", key->example);
        }
    }
}

static void close_frame(struct scan *scan)
{
    struct frame *frame = top(scan);
    check_required(scan, frame);
    emit_text(scan, "}");
    if (frame->dropped) {
        roll_back(scan, frame->out_length, frame->out_line);
    }
    scan->depth--;
}

static bool note_seen(struct scan *scan, const struct schema_key *key, int line)
{
    struct frame *frame = top(scan);
    int *seen = &frame->seen_lines[key - frame->section->keys];
    if (*seen != 0 && key->kind != SCHEMA_SECTIONS) {
        char place[128];
        complain(scan, line, "'%s' is written twice in %s: line %d has it already", key->name,
            name_frame(frame, place, sizeof(place)), *seen);
        return false;
    }
    *seen = line;
    return true;
}

/* What stands between a section's name and its brace. A word before '=' is the first key of a
 * section whose brace was forgotten. */
static void read_title(struct scan *scan, struct frame *frame)
{
    while ((scan->reader.current.kind == TOKEN_WORD &&
               !token_is_followed_by(&scan->reader, "=+")) ||
        scan->reader.current.kind == TOKEN_STRING ||
        scan->reader.current.kind == TOKEN_STRANGE) {
        frame->dropped |= !accept_value(scan, &scan->reader.current);
        if (!frame->section->titled || frame->title.length > 0) {
            complain(scan, scan->reader.current.line,
                frame->section->titled ? "%s takes one name: put it in quotes"
                                       : "%s takes no name: write { behind it",
                frame->section->name);
        } else {
            frame->title = scan->reader.current;
        }
        token_advance(&scan->reader);
    }
}

/* A section begins as `feed "name" {` and reaches the copy as `feed { @line = 7 @title =
 * "name"`. */
static void open_frame(
    struct scan *scan, const struct schema_key *key, const struct token *name)
{
    const struct schema_section *section = key->section;
    struct frame frame = {.section = section,
        .line = name->line,
        .out_length = scan->out->length,
        .out_line = scan->out_line};
    frame.dropped = !note_seen(scan, key, name->line);
    read_title(scan, &frame);
    if (section->titled && frame.title.length == 0) {
        complain(scan, name->line, "this %s has no name: write %s \"name\" { … }",
            section->name, section->name);
        frame.dropped = true;
    }
    if (scan->reader.current.kind == TOKEN_OPEN) {
        token_advance(&scan->reader);
    } else {
        complain(
            scan, name->line, "'%s' is a section: write {, its keys, and }", section->name);
        if (scan->reader.current.kind != TOKEN_WORD) {
            return;
        }
    }
    emit_token(scan, name);
    emit_text(scan, "{");
    char line[32];
    snprintf(line, sizeof(line), SCAN_LINE_KEY " = %d", name->line);
    emit_text(scan, line);
    if (section->titled && frame.title.length > 0) {
        emit_text(scan, SCAN_TITLE_KEY " =");
        emit_token(scan, &frame.title);
    }
    if (++scan->section_count == SECTIONS_MAX) {
        complain(
            scan, name->line, "the file has more than %d sections: split it", SECTIONS_MAX);
    }
    frame.dropped |= scan->section_count >= SECTIONS_MAX;
    scan->frames[++scan->depth] = frame;
}

/* Behind the opening brace of a list, to behind the closing one. */
static void scan_list(struct scan *scan, const struct schema_key *key, const struct token *name)
{
    int begin = scan->reader.current.line;
    bool need_comma = false, empty = true;
    emit_text(scan, "{");
    for (token_advance(&scan->reader); scan->reader.current.kind != TOKEN_CLOSE;
         token_advance(&scan->reader)) {
        struct token token = scan->reader.current;
        if (token.kind == TOKEN_END ||
            (token.kind == TOKEN_WORD && token_is_followed_by(&scan->reader, "=+"))) {
            complain(scan, begin, "the list of '%.*s' is never closed: write } at its end",
                (int)name->length, name->start);
            emit_text(scan, "}");
            return;
        }
        if (token.kind == TOKEN_COMMA) {
            if (!need_comma) {
                complain(scan, token.line, "a comma too many: remove it");
            }
            need_comma = false;
        } else if (token.kind == TOKEN_EQUALS || token.kind == TOKEN_APPEND) {
            complain(scan, token.line, "a list holds only texts and commas: remove the '='");
        } else if (token.kind == TOKEN_OPEN) {
            complain(scan, token.line, "a list cannot hold a list: remove the inner braces");
            skip_braces(scan);
            if (scan->reader.current.kind == TOKEN_CLOSE ||
                scan->reader.current.kind == TOKEN_END) {
                break;
            }
        } else {
            if (need_comma) {
                complain(scan, token.line, "write a comma before '%.*s'",
                    (int)(token.length > 60 ? 60 : token.length), token.start);
            }
            need_comma = true;
            empty = false;
            if (accept_value(scan, &token)) {
                emit_token(scan, &token);
                emit_text(scan, ",");
            }
        }
    }
    if (key->required && empty) {
        complain(scan, begin, "the list of '%s' is empty: write %s", key->name, key->example);
    }
    emit_text(scan, "}");
    token_advance(&scan->reader);
}

static bool scan_single(struct scan *scan, const struct schema_key *key)
{
    struct token value = scan->reader.current;
    if (value.kind == TOKEN_OPEN) {
        complain(scan, value.line, "'%s' takes one value: write it without braces", key->name);
        skip_braces(scan);
        return false;
    }
    bool usable = accept_value(scan, &value);
    emit_token(scan, &value);
    scan->reader.many_lines = false;
    token_advance(&scan->reader);
    return usable;
}

/* The value of `key`: behind '=', which is the current token. */
static void scan_value(
    struct scan *scan, const struct schema_key *key, const struct token *name)
{
    size_t out_length = scan->out->length;
    int out_line = scan->out_line;
    bool sound = note_seen(scan, key, name->line);
    if (scan->reader.current.kind == TOKEN_APPEND) {
        complain(scan, name->line, "'+=' is not known here: write '=' and the whole list");
    }
    emit_token(scan, name);
    emit_text(scan, "=");
    scan->reader.many_lines = key->kind == SCHEMA_PARAGRAPH;
    token_advance(&scan->reader);
    enum token_kind kind = scan->reader.current.kind;
    bool next_entry = kind == TOKEN_WORD && scan->reader.current.line > name->line;
    if (kind == TOKEN_END || kind == TOKEN_CLOSE || kind == TOKEN_COMMA ||
        kind == TOKEN_EQUALS || kind == TOKEN_APPEND || next_entry) {
        complain(scan, name->line, "'%s' has no value: write %s = %s", key->name, key->name,
            key->example == NULL ? "…" : key->example);
        sound = false;
        if (kind == TOKEN_EQUALS || kind == TOKEN_APPEND || kind == TOKEN_COMMA) {
            token_advance(&scan->reader);
        }
    } else if (kind == TOKEN_OPEN && schema_is_list(key->kind)) {
        scan_list(scan, key, name);
    } else {
        sound &= scan_single(scan, key);
    }
    scan->reader.many_lines = false;
    if (!sound) {
        roll_back(scan, out_length, out_line);
    }
}

/* The innermost outer frame in which `name` begins a section; the current one comes first. */
static const struct schema_key *find_section_key(
    struct scan *scan, const struct token *name, size_t *ret_depth)
{
    for (size_t depth = scan->depth + 1; depth-- > 0;) {
        const struct schema_key *key = schema_find(
            scan->frames[depth].section, name->start, name->length);
        if (key != NULL && schema_is_section(key->kind)) {
            *ret_depth = depth;
            return key;
        }
    }
    return NULL;
}

static void scan_section(struct scan *scan, const struct token *name)
{
    size_t depth = 0;
    const struct schema_key *key = find_section_key(scan, name, &depth);
    while (scan->depth > depth) {
        char place[128];
        complain(scan, top(scan)->line, "%s is not closed before line %d: write } at its end",
            name_frame(top(scan), place, sizeof(place)), name->line);
        close_frame(scan);
    }
    open_frame(scan, key, name);
}

/* Whether a section begins at the current token, which follows its name: a brace, or a title.
 * Where the name is also a plain key here (a feed has a `section`), only a title before a brace
 * counts. */
static bool begins_section(struct scan *scan, const struct token *name, bool is_plain_key)
{
    enum token_kind kind = scan->reader.current.kind;
    size_t depth = 0;
    if (find_section_key(scan, name, &depth) == NULL) {
        return false;
    }
    bool title = (kind == TOKEN_STRING || kind == TOKEN_WORD || kind == TOKEN_STRANGE) &&
        scan->reader.current.line == name->line;
    return kind == TOKEN_OPEN ||
        (title && (!is_plain_key || token_is_followed_by(&scan->reader, "{")));
}

static void refuse_entry(
    struct scan *scan, const struct schema_key *key, const struct token *name)
{
    enum token_kind kind = scan->reader.current.kind;
    if (key == NULL) {
        report_unknown(scan, name);
    } else if (!schema_is_section(key->kind)) {
        complain(scan, name->line, "'%s' has no '=': write %s = %s", key->name, key->name,
            key->example == NULL ? "…" : key->example);
    } else {
        complain(scan, name->line,
            kind == TOKEN_EQUALS || kind == TOKEN_APPEND
                ? "'%s' is a section: write it without '='"
                : "'%s' is a section: write {, its keys, and }",
            key->name);
    }
    if (key != NULL) {
        note_seen(scan, key, name->line);
    }
    skip_entry(scan);
}

static void scan_entry(struct scan *scan)
{
    struct token name = scan->reader.current;
    token_advance(&scan->reader);
    enum token_kind kind = scan->reader.current.kind;
    const struct schema_key *key = schema_find(top(scan)->section, name.start, name.length);
    bool is_plain_key = key != NULL && !schema_is_section(key->kind);
    bool assigned = kind == TOKEN_EQUALS || kind == TOKEN_APPEND;
    if (assigned && is_plain_key) {
        scan_value(scan, key, &name);
    } else if (!assigned && begins_section(scan, &name, is_plain_key)) {
        scan_section(scan, &name);
    } else {
        refuse_entry(scan, key, &name);
    }
}

static void scan_stray(struct scan *scan)
{
    const struct token *token = &scan->reader.current;
    if (token->kind == TOKEN_CLOSE) {
        complain(scan, token->line, "this } closes nothing: remove it");
    } else {
        complain(scan, token->line, "'%.*s' stands alone: a line begins with the name of a key",
            (int)(token->length > 60 ? 60 : token->length), token->start);
    }
    token_advance(&scan->reader);
}

static void scan_file(struct scan *scan, const struct schema_section *root)
{
    scan->frames[0] = (struct frame){.section = root};
    token_advance(&scan->reader);
    while (scan->reader.current.kind != TOKEN_END) {
        if (scan->reader.current.kind == TOKEN_WORD) {
            scan_entry(scan);
        } else if (scan->reader.current.kind == TOKEN_CLOSE && scan->depth > 0) {
            close_frame(scan);
            token_advance(&scan->reader);
        } else {
            scan_stray(scan);
        }
    }
    for (; scan->depth > 0;) {
        char place[128];
        complain(scan, top(scan)->line, "%s is never closed: write } at its end",
            name_frame(top(scan), place, sizeof(place)));
        close_frame(scan);
    }
    check_required(scan, top(scan));
}

void scan_text(const char *text, size_t length, const struct schema_section *root,
    const char *file, struct problems *problems, struct buffer *out)
{
    struct scan scan = {.out_line = 1, .file = file, .problems = problems, .out = out};
    cleanup(buffer_release) struct buffer clean;
    buffer_init(&clean, length + 1);
    token_clean_bytes(text, length, file, problems, &clean);
    token_reader_init(&scan.reader, clean.data, clean.length, file, problems);
    scan_file(&scan, root);
}
