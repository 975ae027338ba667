/* Problem: titles and abstracts from arXiv are LaTeX by habit and plain text by chance; the
 * same paragraph holds "$O(n^2)$", "costs $5", "{BERT}" and "C:\dir".
 *
 * Approach: one pass with one character of look-ahead where TeX has it, and tables for the
 * vocabulary. An argument is a sub-range read by the same function; depth and the search for a
 * closing mark are bounded, so time is linear whatever the text. What does not look like LaTeX
 * is left alone: dollars that cannot be a formula (pandoc's rule, and a test for money), braces
 * that list things, dashes of options.
 *
 * Rejected: a converter for real LaTeX (macros, environments): abstracts have none, and each
 * guess at what a macro means is a chance to lose words. */
#include "feed/latex.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "feed/latex_table.h"
#include "feed/text_flow.h"

enum {
    OUTPUT_MAX_BYTES = 4 << 20,
    SPAN_MAX_BYTES = 2000, /* of a formula or a group: longer than any abstract's */
    DEPTH_MAX = 12,
};

struct range {
    const char *at, *end;
};

struct latex_writer {
    struct buffer *out;
    bool in_math;
    bool in_quotes;        /* “ is open */
    bool in_single_quotes; /* ‘ is open */
    unsigned depth;
};

static void write_range(struct latex_writer *writer, struct range range);

static void write_inner(struct latex_writer *writer, struct range range, bool in_math)
{
    bool outer = writer->in_math;
    writer->in_math = in_math;
    writer->depth++;
    write_range(writer, range);
    writer->depth--;
    writer->in_math = outer;
}

/* Into a buffer of its own, which the caller releases: for what is written changed. */
static void write_aside(
    struct latex_writer *writer, struct range range, bool in_math, struct buffer *ret_text)
{
    struct buffer *out = writer->out;
    buffer_init(ret_text, OUTPUT_MAX_BYTES);
    writer->out = ret_text;
    write_inner(writer, range, in_math);
    writer->out = out;
}

static void write_literal(struct latex_writer *writer, struct range *range, size_t length)
{
    buffer_append(writer->out, range->at, length);
    range->at += length;
}

static bool has_more(struct range range, size_t bytes)
{
    return (size_t)(range.end - range.at) > bytes;
}

static struct range window(struct range range)
{
    if ((size_t)(range.end - range.at) > SPAN_MAX_BYTES) {
        range.end = range.at + SPAN_MAX_BYTES;
    }
    return range;
}

static bool skip_blanks(struct range *range)
{
    const char *start = range->at;
    while (range->at < range->end && (*range->at == ' ' || *range->at == '\n')) {
        range->at++;
    }
    return range->at > start;
}

/* ---- arguments ---- */

/* The '}' for the '{' at range.at, NULL when it is not near. */
static const char *find_brace(struct range range)
{
    range = window(range);
    size_t depth = 0;
    for (const char *p = range.at; p < range.end; p++) {
        if (*p == '\\' && p + 1 < range.end) {
            p++;
        } else if (*p == '{') {
            depth++;
        } else if (*p == '}' && --depth == 0) {
            return p;
        }
    }
    return NULL;
}

/* The inside of a group at range->at; false, and nothing moved, when there is none. */
static bool take_group(struct range *range, struct range *ret_inside)
{
    if (range->at == range->end || *range->at != '{') {
        return false;
    }
    const char *close = find_brace(*range);
    if (close == NULL) {
        return false;
    }
    *ret_inside = (struct range){range->at + 1, close};
    range->at = close + 1;
    return true;
}

/* "\ours{}": a way to end the command's name. */
static bool skip_empty_group(struct range *range)
{
    bool empty = has_more(*range, 1) && range->at[0] == '{' && range->at[1] == '}';
    range->at += empty ? 2 : 0;
    return empty;
}

/* How many bytes the command at range.at, a backslash, has: letters, or one character. */
static size_t measure_command(struct range range)
{
    const char *p = range.at + 1;
    while (p < range.end && isalpha((unsigned char)*p)) {
        p++;
    }
    return (size_t)(p - range.at) + (p == range.at + 1 && p < range.end ? 1 : 0);
}

/* A group, or the one character or command that TeX takes in its place. */
static bool take_argument(struct range *range, struct range *ret_argument)
{
    struct range at = *range;
    skip_blanks(&at);
    if (at.at == at.end || *at.at == '}' || *at.at == '$') {
        return false;
    }
    *range = at;
    if (take_group(range, ret_argument)) {
        return true;
    }
    size_t length;
    text_codepoint(range->at, (size_t)(range->end - range->at), &length);
    length = *range->at == '\\' ? measure_command(*range) : length;
    *ret_argument = (struct range){range->at, range->at + length};
    range->at += length;
    return true;
}

/* An optional "[…]" and a star say how. */
static void skip_options(struct range *range)
{
    if (range->at < range->end && *range->at == '*') {
        range->at++;
    }
    if (range->at < range->end && *range->at == '[') {
        struct range near = window(*range);
        const char *close = memchr(near.at, ']', (size_t)(near.end - near.at));
        range->at = close == NULL ? range->at : close + 1;
    }
}

/* ---- scripts ---- */

/* In raised or lowered characters; without one for each it is marked: "^Z", "_(i,j)". */
static void write_script(struct buffer *out, const char *text, bool raised)
{
    cleanup(buffer_release) struct buffer forms;
    buffer_init(&forms, OUTPUT_MAX_BYTES);
    size_t bytes = 0;
    const char *at = text, *form;
    while (*at != '\0' && (form = latex_script_find(at, raised, &bytes)) != NULL) {
        buffer_puts(&forms, form);
        at += bytes;
    }
    size_t length = strlen(text);
    if (*at == '\0') {
        buffer_append(out, forms.data, forms.length);
    } else {
        text_codepoint(text, length, &bytes);
        buffer_printf(out, bytes == length ? "%c%s" : "%c(%s)", raised ? '^' : '_', text);
    }
}

static void take_script(struct latex_writer *writer, struct range *range)
{
    bool raised = *range->at == '^';
    struct range rest = {range->at + 1, range->end}, argument;
    if (!take_argument(&rest, &argument)) {
        write_literal(writer, range, 1);
        return;
    }
    cleanup(buffer_release) struct buffer text;
    write_aside(writer, argument, true, &text);
    write_script(writer->out, text.data, raised);
    range->at = rest.at;
}

/* ---- commands ---- */

/* The argument of a fraction or root, in parentheses when it is more than one number or name.
 */
static void write_factor(struct latex_writer *writer, struct range argument)
{
    cleanup(buffer_release) struct buffer text;
    write_aside(writer, argument, true, &text);
    bool simple = strpbrk(text.data, " +-*/=,") == NULL;
    buffer_printf(writer->out, simple ? "%s" : "(%s)", text.data);
}

static void write_double_struck(struct latex_writer *writer, struct range argument)
{
    for (; argument.at < argument.end; argument.at++) {
        const char *form = latex_double_struck_find(*argument.at);
        if (form == NULL) {
            write_inner(writer, argument, true);
            return;
        }
        buffer_puts(writer->out, form);
    }
}

static void write_arguments(
    struct latex_writer *writer, const struct latex_command *command, struct range *range)
{
    struct range first, second;
    skip_options(range);
    if (!take_argument(range, &first)) {
        return;
    }
    switch (command->kind) {
    case LATEX_FRACTION:
        write_factor(writer, first);
        if (take_argument(range, &second)) {
            buffer_putc(writer->out, '/');
            write_factor(writer, second);
        }
        return;
    case LATEX_SECOND:
        if (take_argument(range, &second)) {
            write_inner(writer, second, writer->in_math);
        }
        return;
    case LATEX_ROOT:
        buffer_puts(writer->out, command->text);
        write_factor(writer, first);
        return;
    case LATEX_DOUBLE_STRUCK:
        write_double_struck(writer, first);
        return;
    default: /* LATEX_DISCARD */
        return;
    }
}

static void write_command(
    struct latex_writer *writer, const struct latex_command *command, struct range *range)
{
    struct range inside;
    switch (command->kind) {
    case LATEX_SYMBOL:
    case LATEX_LETTER:
        buffer_puts(writer->out, command->text);
        if (!skip_empty_group(range) && command->kind == LATEX_LETTER) {
            skip_blanks(range);
        }
        return;
    case LATEX_NOTHING:
        skip_blanks(range);
        if (take_group(range, &inside)) {
            write_inner(writer, inside, writer->in_math);
        }
        return;
    default:
        write_arguments(writer, command, range);
        return;
    }
}

/* What nobody knows: its argument, else its name. */
static void write_unknown(
    struct latex_writer *writer, const char *name, size_t length, struct range *range)
{
    struct range inside;
    skip_options(range);
    if (!skip_empty_group(range) && take_group(range, &inside)) {
        write_inner(writer, inside, writer->in_math);
    } else {
        buffer_append(writer->out, name, length);
    }
}

/* \'e, \"{o}, \c{c}, \v s, \'\i. False when it is no accent. */
static bool take_accent(struct latex_writer *writer, char accent, struct range *range)
{
    const char *mark;
    struct range rest = *range, argument;
    bool is_letter = isalpha((unsigned char)accent) != 0;
    bool spaced = is_letter && rest.at < rest.end && *rest.at != '{' && *rest.at != ' ' &&
        *rest.at != '\\';
    if (spaced || latex_accent_find(accent, 0, &mark) == NULL ||
        !take_argument(&rest, &argument)) {
        return false;
    }
    cleanup(buffer_release) struct buffer word;
    write_aside(writer, argument, writer->in_math, &word);
    static const char dotless[] = "ı";
    bool is_dotless = strncmp(word.data, dotless, strlen(dotless)) == 0;
    char base = is_dotless ? 'i' : word.data[0];
    if (!isalpha((unsigned char)base)) {
        return false;
    }
    const char *composed = latex_accent_find(accent, base, &mark);
    if (composed[0] != '\0') {
        buffer_append(writer->out, composed, 2); /* all of the table's have two bytes */
    } else {
        buffer_putc(writer->out, base);
        buffer_puts(writer->out, mark);
    }
    if (*argument.at == '\\') {
        skip_blanks(&rest); /* it only ends the command's name: "na\"\i ve" */
    }
    buffer_puts(writer->out, word.data + (is_dotless ? strlen(dotless) : 1));
    range->at = rest.at;
    return true;
}

static void take_command(struct latex_writer *writer, struct range *range)
{
    size_t length = measure_command(*range);
    if (length < 2) { /* the backslash is the last character */
        write_literal(writer, range, length);
        return;
    }
    const char *name = range->at + 1;
    struct range rest = {range->at + length, range->end};
    const struct latex_command *command = latex_command_find(name, length - 1);
    if (length == 2 && !(writer->in_math && command != NULL) &&
        take_accent(writer, *name, &rest)) {
        range->at = rest.at;
        return;
    }
    if (command != NULL) {
        write_command(writer, command, &rest);
    } else if (isalpha((unsigned char)*name)) {
        write_unknown(writer, name, length - 1, &rest);
    } else {
        buffer_append(writer->out, range->at, length);
    }
    range->at = rest.at;
}

/* ---- formulas ---- */

/* "$5 for 10$": begins with a digit, has words and no sign of mathematics. */
static bool is_money(struct range inside)
{
    if (!isdigit((unsigned char)*inside.at)) {
        return false;
    }
    bool words = false;
    for (const char *p = inside.at; p < inside.end; p++) {
        if (strchr("\\^_{}=<>+*", *p) != NULL) {
            return false;
        }
        words = words || (*p == ' ' && p + 1 < inside.end && isalpha((unsigned char)p[1]));
    }
    return words;
}

/* Pandoc's rule: no blank inside either dollar, no digit behind the second. */
static const char *find_dollar(struct range inside)
{
    struct range near = window(inside);
    if (near.at == near.end || *near.at == ' ' || *near.at == '\n') {
        return NULL;
    }
    for (const char *p = near.at; p < near.end; p++) {
        if (*p == '\\' && p + 1 < near.end) {
            p++;
        } else if (*p == '$') {
            bool good = p > near.at && p[-1] != ' ' && p[-1] != '\n' &&
                !(p + 1 < inside.end && isdigit((unsigned char)p[1]));
            return good && !is_money((struct range){inside.at, p}) ? p : NULL;
        }
    }
    return NULL;
}

static void take_dollar(struct latex_writer *writer, struct range *range)
{
    bool twice = has_more(*range, 1) && range->at[1] == '$';
    size_t mark_length = twice ? 2 : 1;
    struct range inside = {range->at + mark_length, range->end};
    if (twice) {
        skip_blanks(&inside);
    }
    const char *close = twice
        ? memmem(inside.at, (size_t)(window(inside).end - inside.at), "$$", 2)
        : find_dollar(inside);
    if (close == NULL) {
        write_literal(writer, range, mark_length);
        return;
    }
    inside.end = close;
    write_inner(writer, inside, true);
    range->at = close + mark_length;
}

/* "\(…\)" and "\[…\]". */
static bool take_bracketed_formula(struct latex_writer *writer, struct range *range)
{
    if (!has_more(*range, 1) || (range->at[1] != '(' && range->at[1] != '[')) {
        return false;
    }
    struct range inside = {range->at + 2, range->end};
    const char *close = memmem(inside.at, (size_t)(window(inside).end - inside.at),
        range->at[1] == '(' ? "\\)" : "\\]", 2);
    if (close == NULL) {
        return false;
    }
    inside.end = close;
    write_inner(writer, inside, true);
    range->at = close + 2;
    return true;
}

/* ---- text ---- */

/* Outside formulas a group is markup, "{BERT}", unless it lists things: "{-1, +1}". */
static void take_open_brace(struct latex_writer *writer, struct range *range)
{
    struct range rest = *range, inside;
    if (!take_group(&rest, &inside) ||
        (!writer->in_math &&
            (inside.at == inside.end ||
                memchr(inside.at, ',', (size_t)(inside.end - inside.at)) != NULL))) {
        write_literal(writer, range, 1);
        return;
    }
    write_inner(writer, inside, writer->in_math);
    range->at = rest.at;
}

static size_t count_run(struct range range, char c)
{
    size_t length = 0;
    while (range.at + length < range.end && range.at[length] == c) {
        length++;
    }
    return length;
}

/* "--" and "---" between words; "--option" stays. */
static void take_dashes(struct latex_writer *writer, struct range *range, char before)
{
    size_t length = count_run(*range, '-');
    bool option = (before == ' ' || before == '\0') && has_more(*range, length) &&
        isalnum((unsigned char)range->at[length]);
    if (writer->in_math || length < 2 || length > 3 || option) {
        write_literal(writer, range, length);
        return;
    }
    buffer_puts(writer->out, length == 2 ? "–" : "—");
    range->at += length;
}

/* ``…'' and `…'. Code between `backticks` stays. */
static void take_quote(struct latex_writer *writer, struct range *range)
{
    size_t length = count_run(*range, '`');
    struct range near = window((struct range){range->at + length, range->end});
    const char *close = memchr(near.at, '\'', (size_t)(near.end - near.at));
    const char *tick = memchr(near.at, '`', (size_t)(near.end - near.at));
    if (length == 2) {
        buffer_puts(writer->out, "“");
        writer->in_quotes = true;
    } else if (length == 1 && close != NULL && (tick == NULL || close < tick)) {
        buffer_puts(writer->out, "‘");
        writer->in_single_quotes = true;
    } else {
        buffer_append(writer->out, range->at, length);
    }
    range->at += length;
}

static void take_apostrophe(struct latex_writer *writer, struct range *range)
{
    size_t length = count_run(*range, '\'');
    if (writer->in_math) {
        for (size_t i = 0; i < length; i++) {
            buffer_puts(writer->out, "′");
        }
    } else if (length == 2 && writer->in_quotes) {
        buffer_puts(writer->out, "”");
        writer->in_quotes = false;
    } else if (length == 1 && writer->in_single_quotes &&
        !(has_more(*range, 1) && isalpha((unsigned char)range->at[1]))) {
        buffer_puts(writer->out, "’");
        writer->in_single_quotes = false;
    } else {
        buffer_append(writer->out, range->at, length);
    }
    range->at += length;
}

/* "Fig.~3": a blank that does not break. "~10 ms" means about. */
static void take_tilde(struct latex_writer *writer, struct range *range, char before)
{
    bool tie = before != ' ' && before != '\0' && has_more(*range, 1) && range->at[1] != ' ';
    buffer_putc(writer->out, tie || writer->in_math ? ' ' : '~');
    range->at++;
}

static void write_range(struct latex_writer *writer, struct range range)
{
    const char *start = range.at;
    if (writer->depth > DEPTH_MAX) {
        write_literal(writer, &range, (size_t)(range.end - range.at));
        return;
    }
    while (range.at < range.end) {
        size_t plain = 0;
        while (range.at + plain < range.end && strchr("\\${^_-`'~", range.at[plain]) == NULL) {
            plain++;
        }
        write_literal(writer, &range, plain);
        if (range.at == range.end) {
            return;
        }
        char before = range.at > start ? range.at[-1] : '\0';
        switch (*range.at) {
        case '\\':
            if (!take_bracketed_formula(writer, &range)) {
                take_command(writer, &range);
            }
            break;
        case '$':
            take_dollar(writer, &range);
            break;
        case '{':
            take_open_brace(writer, &range);
            break;
        case '-':
            take_dashes(writer, &range, before);
            break;
        case '`':
            take_quote(writer, &range);
            break;
        case '\'':
            take_apostrophe(writer, &range);
            break;
        case '~':
            take_tilde(writer, &range, before);
            break;
        default: /* '^' and '_' mean something in formulas only */
            if (writer->in_math) {
                take_script(writer, &range);
            } else {
                write_literal(writer, &range, 1);
            }
        }
    }
}

const char *latex_to_text(struct arena *arena, const char *text)
{
    if (strpbrk(text, "\\${`~") == NULL && strstr(text, "--") == NULL) {
        return text;
    }
    cleanup(buffer_release) struct buffer out;
    buffer_init(&out, OUTPUT_MAX_BYTES);
    struct latex_writer writer = {.out = &out};
    write_range(&writer, (struct range){text, text + strlen(text)});
    return arena_strndup(arena, out.data, out.length);
}
