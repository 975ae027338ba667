/* Brackets and marks. Both walk the running text only: what stands in code, in an address or
 * behind a backslash is nobody's punctuation.
 *
 * Brackets pair across lines (a list may stand inside one). A half-width closing bracket behind
 * a digit or a single letter is a list's mark, "1)"; a pair of unequal width is one finding,
 * not two lonely ones. Square brackets are Markdown's and mathematics' and are left alone, and
 * so are ' and ", which have no sides.
 */
#include "briefing/preflight_report.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"
#include "base/utf8.h"
#include "briefing/letters.h"

enum { BRACKETS_MAX = 64, ADDRESS_MAX_BYTES = 2048 };

bool preflight_is_readable(const struct preflight_field *field)
{
    return field->text != NULL &&
        strnlen(field->text, PREFLIGHT_TEXT_MAX_BYTES + 1) <= PREFLIGHT_TEXT_MAX_BYTES;
}

/* ---- mask ---- */

static bool begins_address(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

static void hide(char *mask, size_t from, size_t bytes)
{
    memset(mask + from, 0, bytes);
}

/* Bytes of the address that begins here: to the first byte that is none of an address, without
 * a closing bracket it did not open. */
static size_t address_bytes(const char *text)
{
    size_t length = 0;
    int open = 0;
    while ((unsigned char)text[length] > ' ' && (unsigned char)text[length] < 0x80 &&
        strchr("<>\"`|", text[length]) == NULL) {
        open += (text[length] == '(') - (text[length] == ')');
        if (open < 0) {
            break;
        }
        length++;
    }
    return length;
}

/* Bytes of `code`, ``code`` or a fenced block; 0: the ticks are not closed. */
static size_t code_bytes(const char *text)
{
    size_t ticks = strspn(text, "`");
    for (const char *at = text + ticks; (at = strchr(at, '`')) != NULL;) {
        size_t run = strspn(at, "`");
        if (run == ticks) {
            return (size_t)(at - text) + run;
        }
        at += run;
    }
    return ticks >= 3 ? strlen(text) : 0;
}

/* Bytes of "](address)" at "]"; 0: no link's end. */
static size_t destination_bytes(const char *text)
{
    if (text[1] != '(') {
        return 0;
    }
    size_t length = 2;
    for (int open = 1; open > 0; length++) {
        if (text[length] == '\0' || text[length] == '\n' || length > ADDRESS_MAX_BYTES) {
            return 0;
        }
        open += (text[length] == '(') - (text[length] == ')');
    }
    return length;
}

const char *preflight_mask(struct arena *arena, const struct preflight_field *field)
{
    const char *text = field->text;
    size_t length = strlen(text);
    char *mask = arena_alloc(arena, length + 1);
    memset(mask, 1, length + 1);
    for (size_t i = 0; i < length;) {
        size_t hidden = begins_address(text + i) ? address_bytes(text + i) : 0;
        if (hidden == 0 && field->markdown) {
            hidden = text[i] == '`' ? code_bytes(text + i)
                : text[i] == ']'    ? destination_bytes(text + i)
                : text[i] == '\\'   ? 1 + (text[i + 1] != '\0')
                                    : 0;
        }
        hide(mask, i, hidden);
        i += hidden > 0 ? hidden : 1;
    }
    return mask;
}

/* ---- brackets ---- */

static const struct bracket {
    uint32_t open, close;
    const char *open_text, *close_text;
    uint32_t other_open, other_close; /* the same bracket of the other width; 0: none */
} brackets[] = {
    {0xff08, 0xff09, "（", "）", '(', ')'},
    {'(', ')', "(", ")", 0xff08, 0xff09},
    {0x300c, 0x300d, "「", "」", 0, 0},
    {0x300e, 0x300f, "『", "』", 0, 0},
    {0x3010, 0x3011, "【", "】", 0, 0},
    {0x300a, 0x300b, "《", "》", 0, 0},
    {0x3008, 0x3009, "〈", "〉", 0, 0},
    {0x201c, 0x201d, "“", "”", 0, 0},
};

struct open_bracket {
    const struct bracket *bracket;
    size_t at;
};

struct bracket_walk {
    struct open_bracket stack[BRACKETS_MAX];
    size_t depth;
};

static const struct bracket *opening(uint32_t c)
{
    for (size_t i = 0; i < array_count(brackets); i++) {
        if (brackets[i].open == c) {
            return &brackets[i];
        }
    }
    return NULL;
}

static const struct bracket *closing(uint32_t c)
{
    for (size_t i = 0; i < array_count(brackets); i++) {
        if (brackets[i].close == c) {
            return &brackets[i];
        }
    }
    return NULL;
}

static void report_alone(
    struct preflight_run *run, const struct preflight_field *field, size_t at, const char *text)
{
    preflight_report(run, PREFLIGHT_BRACKET_ALONE, field, at, strlen(text), text, NULL);
}

/* "1)", "a)" and "iv)" at the start of a line or behind a space or a mark. */
static bool is_list_mark(const char *text, size_t at)
{
    size_t start = at;
    while (start > 0 && isalnum((unsigned char)text[start - 1]) && at - start < 4) {
        start--;
    }
    unsigned char before = start > 0 ? (unsigned char)text[start - 1] : ' ';
    return at > start && at - start <= 3 && (isspace(before) || before >= 0x80);
}

/* The open bracket that `closes` is for, deepest first; -1: none. Those above it were
 * forgotten. */
static int find_open(const struct bracket_walk *walk, const struct bracket *closes, bool other)
{
    for (size_t i = walk->depth; i-- > 0;) {
        uint32_t open = walk->stack[i].bracket->open;
        if (open == (other ? closes->other_open : closes->open)) {
            return (int)i;
        }
    }
    return -1;
}

static void close_bracket(struct preflight_run *run, const struct preflight_field *field,
    struct bracket_walk *walk, const struct bracket *closes, size_t at)
{
    int same = find_open(walk, closes, false), other = find_open(walk, closes, true);
    int match = same >= other ? same : other;
    if (match < 0) {
        bool round = closes->close == ')' || closes->other_close == ')';
        if (!round || !is_list_mark(field->text, at)) {
            report_alone(run, field, at, closes->close_text);
        }
        return;
    }
    for (size_t i = walk->depth; i-- > (size_t)match + 1;) {
        report_alone(run, field, walk->stack[i].at, walk->stack[i].bracket->open_text);
    }
    walk->depth = (size_t)match;
    if (match == other) {
        const char *fix = walk->stack[match].bracket->close_text;
        preflight_report(run, PREFLIGHT_BRACKET_WIDTHS, field, at, strlen(closes->close_text),
            closes->close_text, fix)
            ->fix = fix;
    }
}

static void check_brackets(
    struct preflight_run *run, const struct preflight_field *field, const char *mask)
{
    struct bracket_walk walk = {.depth = 0};
    uint32_t c;
    for (size_t offset = 0, at; at = offset, (c = letters_next(field->text, &offset)) != 0;) {
        const struct bracket *opens = mask[at] ? opening(c) : NULL;
        const struct bracket *closes = mask[at] ? closing(c) : NULL;
        if (opens != NULL && walk.depth < BRACKETS_MAX) {
            walk.stack[walk.depth++] = (struct open_bracket){opens, at};
        } else if (closes != NULL) {
            close_bracket(run, field, &walk, closes, at);
        }
    }
    for (size_t i = 0; i < walk.depth; i++) {
        report_alone(run, field, walk.stack[i].at, walk.stack[i].bracket->open_text);
    }
}

/* ---- marks ---- */

/* The full-width form of a mark that a Han character stands before; NULL: none. A full stop
 * only at a line's end: "2.0版.zip" and "第1章.概述" are no ends of sentences. */
static const char *full_width(const char *text)
{
    static const char *const forms[][2] = {
        {",", "，"}, {";", "；"}, {":", "："}, {"!", "！"}, {"?", "？"}};
    for (size_t i = 0; i < array_count(forms); i++) {
        if (text[0] == forms[i][0][0]) {
            return forms[i][1];
        }
    }
    size_t blank = 1 + strspn(text + 1, " \r");
    bool line_end = text[blank] == '\0' || text[blank] == '\n';
    return text[0] == '.' && line_end ? "。" : NULL;
}

/* The white space behind the half-width mark goes with it. */
static void report_half_width(
    struct preflight_run *run, const struct preflight_field *field, size_t at, const char *full)
{
    const char mark[2] = {field->text[at], '\0'};
    size_t behind = at + 1;
    bool spaced = field->text[behind] == ' ' && field->text[behind + 1] != ' ' &&
        field->text[behind + 1] != '\n' && field->text[behind + 1] != '\0';
    preflight_report(run, PREFLIGHT_MARK_HALF_WIDTH, field, at, 1 + spaced, mark, full)->fix =
        full;
}

static bool is_full_width_mark(uint32_t c)
{
    static const uint32_t marks[] = {0xff0c, 0x3002, 0xff1b, 0xff1a, 0x3001};
    for (size_t i = 0; i < array_count(marks); i++) {
        if (marks[i] == c) {
            return true;
        }
    }
    return false;
}

static void check_marks(
    struct preflight_run *run, const struct preflight_field *field, const char *mask)
{
    uint32_t before = 0, c;
    for (size_t offset = 0, at; at = offset, (c = letters_next(field->text, &offset)) != 0;) {
        const char *full = mask[at] && letters_is_han(before) ? full_width(field->text + at)
                                                              : NULL;
        if (full != NULL) {
            report_half_width(run, field, at, full);
        } else if (mask[at] && is_full_width_mark(c) && is_full_width_mark(before)) {
            size_t first = at - utf8_measure("，", 3);
            char pair[8] = "";
            memcpy(pair, field->text + first, offset - first);
            preflight_report(
                run, PREFLIGHT_MARK_DOUBLED, field, first, offset - first, pair, NULL)
                ->fix = before == c ? arena_strndup(run->arena, field->text + at, offset - at)
                                    : NULL;
        }
        before = c;
    }
}

void preflight_check_text(struct preflight_run *run, const struct preflight_field *field)
{
    if (preflight_is_readable(field)) {
        const char *mask = preflight_mask(run->arena, field);
        check_brackets(run, field, mask);
        check_marks(run, field, mask);
    }
}
