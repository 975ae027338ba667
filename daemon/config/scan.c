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
#include "config/value.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_STRING,
    TOKEN_EQUALS,
    TOKEN_APPEND, /* += */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_STRANGE, /* a run of bytes that mean nothing without quotes */
};

struct token {
    enum token_kind kind;
    const char *start; /* with the quotes */
    size_t length;
    int line;         /* where it begins */
    bool unclosed;    /* a string without its closing quote */
    const char *flaw; /* what is wrong inside it, or NULL */
};

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
    const char *cursor, *end;
    int line;
    bool many_lines; /* the next string may span lines */
    struct token token;
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

/* ---- tokens ---- */

static bool is_word_byte(unsigned char byte)
{
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
        (byte >= 'A' && byte <= 'Z') || strchr("_-.:%@", byte) != NULL;
}

static bool at(const struct scan *scan, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(scan->end - scan->cursor) >= length &&
        memcmp(scan->cursor, text, length) == 0;
}

static void skip_line(struct scan *scan)
{
    const char *newline = memchr(scan->cursor, '\n', (size_t)(scan->end - scan->cursor));
    scan->cursor = newline == NULL ? scan->end : newline;
}

static void skip_block_comment(struct scan *scan)
{
    const char *close = memmem(scan->cursor, (size_t)(scan->end - scan->cursor), "*/", 2);
    if (close == NULL) {
        problems_add(scan->problems, scan->file, scan->line,
            "this comment is never closed: write */ at its end");
        scan->cursor = scan->end;
        return;
    }
    for (; scan->cursor < close; scan->cursor++) {
        scan->line += *scan->cursor == '\n';
    }
    scan->cursor += 2;
}

static void skip_blanks(struct scan *scan)
{
    while (scan->cursor < scan->end) {
        if (*scan->cursor == '\n') {
            scan->line++;
            scan->cursor++;
        } else if (*scan->cursor == ' ' || *scan->cursor == '\t' || *scan->cursor == '\r') {
            scan->cursor++;
        } else if (*scan->cursor == '#' || at(scan, "//")) {
            skip_line(scan);
        } else if (at(scan, "/*")) {
            skip_block_comment(scan);
        } else {
            return;
        }
    }
}

/* Escapes libconfuse would take as something other than what stands there. `text` is behind the
 * backslash of a string in double quotes. */
static const char *find_escape_flaw(char byte)
{
    return strchr("\"\\nt$\n", byte) != NULL
        ? NULL
        : "this backslash means nothing inside \"…\": write \\\\, or put a pattern in single "
          "quotes";
}

static void read_string(struct scan *scan, struct token *token)
{
    char quote = *scan->cursor++;
    while (scan->cursor < scan->end && *scan->cursor != quote &&
        (scan->many_lines || *scan->cursor != '\n')) {
        if (*scan->cursor == '\\' && scan->cursor + 1 < scan->end) {
            scan->cursor++;
            if (quote == '"' && token->flaw == NULL) {
                token->flaw = find_escape_flaw(*scan->cursor);
            }
        } else if (quote == '"' && at(scan, "${")) {
            token->flaw =
                "${ would be filled from the environment: write \\${, or use single quotes";
        }
        scan->line += *scan->cursor == '\n';
        scan->cursor++;
    }
    token->unclosed = scan->cursor == scan->end || *scan->cursor != quote;
    token->length = (size_t)(scan->cursor - token->start);
    if (!token->unclosed) {
        scan->cursor++;
        token->length++;
    }
}

static void read_strange(struct scan *scan, struct token *token)
{
    token->kind = TOKEN_STRANGE;
    while (scan->cursor < scan->end && strchr(" \t\n{}=,\"'", *scan->cursor) == NULL) {
        scan->cursor++;
    }
    token->length = (size_t)(scan->cursor - token->start);
}

static void read_word(struct scan *scan, struct token *token)
{
    token->kind = TOKEN_WORD;
    while (scan->cursor < scan->end && is_word_byte((unsigned char)*scan->cursor)) {
        scan->cursor++;
    }
    token->length = (size_t)(scan->cursor - token->start);
    /* "https://x" and "a/b": one thing to the person, and a comment to libconfuse. */
    if (scan->cursor < scan->end && strchr(" \t\r\n{}=,\"'#+", *scan->cursor) == NULL) {
        read_strange(scan, token);
    }
}

static void advance(struct scan *scan)
{
    skip_blanks(scan);
    struct token *token = &scan->token;
    *token = (struct token){.start = scan->cursor, .length = 1, .line = scan->line};
    if (scan->cursor == scan->end) {
        token->kind = TOKEN_END;
        token->length = 0;
        return;
    }
    static const char punctuation[] = "={},";
    static const enum token_kind kinds[] = {TOKEN_EQUALS, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA};
    const char *mark = strchr(punctuation, *scan->cursor);
    if (mark != NULL) {
        token->kind = kinds[mark - punctuation];
        scan->cursor++;
    } else if (at(scan, "+=")) {
        token->kind = TOKEN_APPEND;
        token->length = 2;
        scan->cursor += 2;
    } else if (*scan->cursor == '"' || *scan->cursor == '\'') {
        token->kind = TOKEN_STRING;
        read_string(scan, token);
    } else if (is_word_byte((unsigned char)*scan->cursor)) {
        read_word(scan, token);
    } else {
        scan->cursor++;
        read_strange(scan, token);
    }
}

/* ---- the copy ---- */

static void emit(struct scan *scan, const char *text, size_t length, int line)
{
    for (; scan->out_line < line; scan->out_line++) {
        buffer_putc(scan->out, '\n');
    }
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

static void roll_back(struct scan *scan, size_t out_length, int out_line)
{
    scan->out->length = out_length;
    scan->out->data[out_length] = '\0';
    scan->out_line = out_line;
}

/* ---- recovery ---- */

#define complain(scan, line, ...)                                                              \
    problems_add((scan)->problems, (scan)->file, (line), __VA_ARGS__)

/* From an opening brace to behind the one that closes it. */
static void skip_braces(struct scan *scan)
{
    size_t depth = 0;
    int line = scan->token.line;
    do {
        depth += scan->token.kind == TOKEN_OPEN;
        depth -= scan->token.kind == TOKEN_CLOSE;
        advance(scan);
    } while (depth > 0 && scan->token.kind != TOKEN_END);
    if (depth > 0) {
        complain(scan, line, "this brace is never closed: write } where its block ends");
    }
}

/* What follows a key that was refused: "= value", "= { list }", "title { … }" or "{ … }". */
static void skip_entry(struct scan *scan)
{
    int line = scan->token.line;
    if (scan->token.kind == TOKEN_EQUALS || scan->token.kind == TOKEN_APPEND) {
        advance(scan);
        if (scan->token.kind == TOKEN_WORD || scan->token.kind == TOKEN_STRING ||
            scan->token.kind == TOKEN_STRANGE) {
            advance(scan);
            return;
        }
    } else {
        while ((scan->token.kind == TOKEN_STRING || scan->token.kind == TOKEN_STRANGE ||
                   scan->token.kind == TOKEN_WORD) &&
            scan->token.line == line) {
            advance(scan);
        }
    }
    if (scan->token.kind == TOKEN_OPEN) {
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
    if (frame->section == &schema_root) {
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

static const char *find_nearest(
    const struct schema_section *section, const char *name, size_t length)
{
    const char *nearest = NULL;
    int best = 0;
    for (size_t i = 0; i < section->key_count; i++) {
        int distance = value_distance(name, length, section->keys[i].name);
        if (distance >= 0 && (nearest == NULL || distance < best)) {
            nearest = section->keys[i].name;
            best = distance;
        }
    }
    return nearest;
}

static bool sounds_secret(const char *name, size_t length)
{
    static const char *const words[] = {
        "passw", "secret", "token", "api_key", "apikey", "cookie"};
    for (size_t i = 0; i < array_count(words); i++) {
        if (memmem(name, length, words[i], strlen(words[i])) != NULL) {
            return true;
        }
    }
    return false;
}

/* The section below `within` that has a key of this name, for "belongs in". */
static const struct schema_section *find_home(
    const struct schema_section *within, const char *name, size_t length)
{
    for (size_t i = 0; i < within->key_count; i++) {
        const struct schema_section *inner = within->keys[i].section;
        if (inner == NULL) {
            continue;
        }
        const struct schema_section *home = schema_find(inner, name, length) != NULL
            ? inner
            : find_home(inner, name, length);
        if (home != NULL) {
            return home;
        }
    }
    return NULL;
}

static void list_keys(const struct schema_section *section, char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < section->key_count && used < size; i++) {
        used += (size_t)snprintf(
            text + used, size - used, "%s%s", i == 0 ? "" : ", ", section->keys[i].name);
    }
}

static void report_unknown(struct scan *scan, const struct token *key)
{
    char place[128], known[400];
    const char *where = name_frame(top(scan), place, sizeof(place));
    int shown = (int)(key->length > 60 ? 60 : key->length);
    const char *nearest = find_nearest(top(scan)->section, key->start, key->length);
    const struct schema_section *home = find_home(&schema_root, key->start, key->length);
    if (sounds_secret(key->start, key->length)) {
        complain(scan, key->line,
            "unknown key '%.*s' in %s: no secret is read from this file; "
            "they come from the environment or from systemd credentials",
            shown, key->start, where);
    } else if (nearest != NULL) {
        complain(scan, key->line, "unknown key '%.*s' in %s: write '%s'", shown, key->start,
            where, nearest);
    } else if (home != NULL) {
        complain(scan, key->line, "unknown key '%.*s' in %s: it belongs in %s { … }", shown,
            key->start, where, home->name);
    } else {
        list_keys(top(scan)->section, known, sizeof(known));
        complain(scan, key->line, "unknown key '%.*s' in %s: the keys here are %s", shown,
            key->start, where, known);
    }
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

static bool next_is_equals(const struct scan *scan)
{
    const char *next = scan->cursor;
    while (next < scan->end && (*next == ' ' || *next == '\t')) {
        next++;
    }
    return next < scan->end && (*next == '=' || *next == '+');
}

/* What stands between a section's name and its brace. A word before '=' is the first key of a
 * section whose brace was forgotten. */
static void read_title(struct scan *scan, struct frame *frame)
{
    while ((scan->token.kind == TOKEN_WORD && !next_is_equals(scan)) ||
        scan->token.kind == TOKEN_STRING || scan->token.kind == TOKEN_STRANGE) {
        frame->dropped |= !accept_value(scan, &scan->token);
        if (!frame->section->titled || frame->title.length > 0) {
            complain(scan, scan->token.line,
                frame->section->titled ? "%s takes one name: put it in quotes"
                                       : "%s takes no name: write { behind it",
                frame->section->name);
        } else {
            frame->title = scan->token;
        }
        advance(scan);
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
    if (scan->token.kind == TOKEN_OPEN) {
        advance(scan);
    } else {
        complain(
            scan, name->line, "'%s' is a section: write {, its keys, and }", section->name);
        if (scan->token.kind != TOKEN_WORD) {
            return;
        }
    }
    emit_token(scan, name);
    emit_text(scan, "{");
    if (section->titled && frame.title.length > 0) {
        char line[48];
        snprintf(line, sizeof(line), SCAN_LINE_KEY " = %d " SCAN_TITLE_KEY " =", name->line);
        emit_text(scan, line);
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
    int begin = scan->token.line;
    bool need_comma = false, empty = true;
    emit_text(scan, "{");
    for (advance(scan); scan->token.kind != TOKEN_CLOSE; advance(scan)) {
        struct token token = scan->token;
        if (token.kind == TOKEN_END || (token.kind == TOKEN_WORD && next_is_equals(scan))) {
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
            if (scan->token.kind == TOKEN_CLOSE || scan->token.kind == TOKEN_END) {
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
    advance(scan);
}

static bool scan_single(struct scan *scan, const struct schema_key *key)
{
    struct token value = scan->token;
    if (value.kind == TOKEN_OPEN) {
        complain(scan, value.line, "'%s' takes one value: write it without braces", key->name);
        skip_braces(scan);
        return false;
    }
    bool usable = accept_value(scan, &value);
    emit_token(scan, &value);
    scan->many_lines = false;
    advance(scan);
    return usable;
}

/* The value of `key`: behind '=', which is the current token. */
static void scan_value(
    struct scan *scan, const struct schema_key *key, const struct token *name)
{
    size_t out_length = scan->out->length;
    int out_line = scan->out_line;
    bool sound = note_seen(scan, key, name->line);
    if (scan->token.kind == TOKEN_APPEND) {
        complain(scan, name->line, "'+=' is not known here: write '=' and the whole list");
    }
    emit_token(scan, name);
    emit_text(scan, "=");
    scan->many_lines = key->kind == SCHEMA_PARAGRAPH;
    advance(scan);
    enum token_kind kind = scan->token.kind;
    bool next_entry = kind == TOKEN_WORD && scan->token.line > name->line;
    if (kind == TOKEN_END || kind == TOKEN_CLOSE || kind == TOKEN_COMMA ||
        kind == TOKEN_EQUALS || kind == TOKEN_APPEND || next_entry) {
        complain(scan, name->line, "'%s' has no value: write %s = %s", key->name, key->name,
            key->example == NULL ? "…" : key->example);
        sound = false;
        if (kind == TOKEN_EQUALS || kind == TOKEN_APPEND || kind == TOKEN_COMMA) {
            advance(scan);
        }
    } else if (kind == TOKEN_OPEN && schema_is_list(key->kind)) {
        scan_list(scan, key, name);
    } else {
        sound &= scan_single(scan, key);
    }
    scan->many_lines = false;
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

static void scan_entry(struct scan *scan)
{
    struct token name = scan->token;
    advance(scan);
    bool assigned = scan->token.kind == TOKEN_EQUALS || scan->token.kind == TOKEN_APPEND;
    bool opened = !assigned &&
        (scan->token.kind == TOKEN_OPEN ||
            (scan->token.kind == TOKEN_STRING && scan->token.line == name.line));
    const struct schema_key *key = schema_find(top(scan)->section, name.start, name.length);
    size_t depth = 0;
    if (assigned && key != NULL && !schema_is_section(key->kind)) {
        scan_value(scan, key, &name);
    } else if (opened && find_section_key(scan, &name, &depth) != NULL) {
        scan_section(scan, &name);
    } else if (key == NULL) {
        report_unknown(scan, &name);
        skip_entry(scan);
    } else if (schema_is_section(key->kind)) {
        complain(scan, name.line,
            assigned ? "'%s' is a section: write it without '='"
                     : "'%s' is a section: write {, its keys, and }",
            key->name);
        note_seen(scan, key, name.line);
        skip_entry(scan);
    } else {
        complain(scan, name.line, "'%s' has no '=': write %s = %s", key->name, key->name,
            key->example == NULL ? "…" : key->example);
        note_seen(scan, key, name.line);
        skip_entry(scan);
    }
}

static void scan_stray(struct scan *scan)
{
    const struct token *token = &scan->token;
    if (token->kind == TOKEN_CLOSE) {
        complain(scan, token->line, "this } closes nothing: remove it");
    } else {
        complain(scan, token->line, "'%.*s' stands alone: a line begins with the name of a key",
            (int)(token->length > 60 ? 60 : token->length), token->start);
    }
    advance(scan);
}

static void scan_file(struct scan *scan)
{
    scan->frames[0] = (struct frame){.section = &schema_root};
    advance(scan);
    while (scan->token.kind != TOKEN_END) {
        if (scan->token.kind == TOKEN_WORD) {
            scan_entry(scan);
        } else if (scan->token.kind == TOKEN_CLOSE && scan->depth > 0) {
            close_frame(scan);
            advance(scan);
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

/* ---- bytes ---- */

/* Length of the UTF-8 character at `text`, 0 when there is none (RFC 3629: no overlong forms,
 * no surrogates, nothing above U+10FFFF). */
static size_t measure_character(const unsigned char *text, size_t left)
{
    static const struct {
        unsigned char first, last, low, high; /* range of the first byte, then of the second */
        size_t length;
    } forms[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 2},
        {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3},
        {0xED, 0xED, 0x80, 0x9F, 3},
        {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4},
        {0xF1, 0xF3, 0x80, 0xBF, 4},
        {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    if (text[0] < 0x80) {
        return text[0] == 0 ? 0 : 1;
    }
    for (size_t i = 0; i < array_count(forms); i++) {
        if (text[0] < forms[i].first || text[0] > forms[i].last) {
            continue;
        }
        bool sound = left >= forms[i].length && text[1] >= forms[i].low &&
            text[1] <= forms[i].high;
        for (size_t k = 2; sound && k < forms[i].length; k++) {
            sound = (text[k] & 0xC0) == 0x80;
        }
        return sound ? forms[i].length : 0;
    }
    return 0;
}

/* Copy with CR LF as LF and '?' for every byte that is no text; report those once a line. */
static void clean_bytes(struct scan *scan, const char *text, size_t length, struct buffer *out)
{
    size_t i = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    int line = 1, reported = 0;
    while (i < length) {
        size_t step = measure_character((const unsigned char *)text + i, length - i);
        if (step == 0) {
            if (line != reported) {
                complain(scan, line,
                    text[i] == '\0' ? "this line holds a NUL byte: remove it"
                                    : "this line is not UTF-8: save the file as UTF-8");
            }
            reported = line;
            buffer_putc(out, '?');
            i++;
            continue;
        }
        line += text[i] == '\n';
        bool line_end = text[i] == '\r' && i + 1 < length && text[i + 1] == '\n';
        if (!line_end) {
            buffer_append(out, text + i, step);
        }
        i += step;
    }
}

void scan_text(const char *text, size_t length, const char *file, struct problems *problems,
    struct buffer *out)
{
    struct scan scan = {
        .line = 1, .out_line = 1, .file = file, .problems = problems, .out = out};
    cleanup(buffer_release) struct buffer clean;
    buffer_init(&clean, length + 1);
    clean_bytes(&scan, text, length, &clean);
    scan.cursor = clean.data;
    scan.end = clean.data + clean.length;
    scan_file(&scan);
}
