/* One walk over the code points serves each question; there is no grammar here, only tables of
 * the characters and particles after which a reader accepts a cut. A segmenter (jieba and the
 * like) would find better borders inside long Han runs, but brings a dictionary of megabytes
 * for the few titles that have neither punctuation nor a space within 30 characters. */
#include "briefing/headline.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"
#include "base/buffer.h"

#include "briefing/letters.h"

char *headline_clean(struct arena *arena, const char *text)
{
    if (text == NULL) {
        return arena_strdup(arena, "");
    }
    /* An invalid byte grows to the three of U+FFFD; nothing else grows. */
    struct buffer clean;
    buffer_init(&clean, 3 * strlen(text) + 1);
    size_t offset = 0;
    bool gap = false;
    uint32_t c;
    while ((c = letters_next(text, &offset)) != 0) {
        if (letters_is_space(c)) {
            gap = true;
        } else if (!letters_is_invisible(c)) {
            if (gap && clean.length > 0) {
                buffer_putc(&clean, ' ');
            }
            gap = false;
            buffer_put_codepoint(&clean, c);
        }
    }
    char *copy = arena_strndup(arena, clean.data, clean.length);
    buffer_release(&clean);
    return copy;
}

/* The length of `text` once any of `marks`, and spaces, are taken from its end. */
static size_t length_without(const char *text, size_t length, const char *const *marks)
{
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; marks[i] != NULL; i++) {
            size_t size = strlen(marks[i]);
            if (length >= size && memcmp(text + length - size, marks[i], size) == 0) {
                length -= size;
                again = true;
            }
        }
    }
    return length;
}

/* Between a title and the name of its site. */
static const char *const source_marks[] = {"|", "｜", "丨", "-", "–", "—", "_", "·", " ", NULL};

char *headline_without_source(struct arena *arena, const char *title, const char *source)
{
    size_t length = strlen(title);
    size_t size = source == NULL ? 0 : strlen(source);
    if (size == 0 || length <= size || strcasecmp(title + length - size, source) != 0) {
        return arena_strdup(arena, title);
    }
    size_t rest = length_without(title, length - size, source_marks);
    bool marked = length_without(title, length - size, (const char *const[]){" ", NULL}) > rest;
    return arena_strndup(arena, title, marked && rest > 0 ? rest : length);
}

/* Bytes of the separators (":", "：", "-", "|" and spaces) at the start of `text`. */
static size_t separators_at(const char *text)
{
    static const char *const marks[] = {":", "：", "-", "–", "—", "|", "｜", " "};
    size_t length = 0;
    for (size_t i = 0; i < array_count(marks);) {
        size_t size = strlen(marks[i]);
        if (strncmp(text + length, marks[i], size) == 0) {
            length += size;
            i = 0;
        } else {
            i++;
        }
    }
    return length;
}

bool headline_is_version(const char *text)
{
    return isdigit((unsigned char)text[text[0] == 'v' || text[0] == 'V' || text[0] == 'b']);
}

const char *headline_project_of_version(const char *title, const char *prefix)
{
    static const char *const leads[] = {"release ", "version "};
    const char *slash = prefix == NULL ? NULL : strchr(prefix, '/');
    for (size_t i = 0; title != NULL && i < array_count(leads); i++) {
        title += strncasecmp(title, leads[i], strlen(leads[i])) == 0 ? strlen(leads[i]) : 0;
    }
    bool bare = slash != NULL && title != NULL && headline_is_version(title) &&
        strpbrk(title, " \t:") == NULL;
    return bare ? slash + 1 : NULL;
}

/* Bytes of `name` and what joins it to the rest at the start of `text`; 0: it does not stand
 * there, or the rest needs it ("ncnn 20240102" keeps its sense without the name, "ncnn is fast"
 * does not). */
static size_t leading_name(const char *text, const char *name, bool is_full)
{
    size_t size = strlen(name);
    if (size == 0 || strncasecmp(text, name, size) != 0) {
        return 0;
    }
    size_t gap = separators_at(text + size);
    const char *behind = text + size + gap;
    bool marked = strspn(text + size, " ") != gap;
    bool joined = gap > 0 && *behind != '\0' &&
        (is_full || marked || headline_is_version(behind));
    return joined ? size + gap : 0;
}

char *headline_without_prefix(struct arena *arena, const char *title, const char *prefix)
{
    const char *slash = prefix == NULL ? NULL : strchr(prefix, '/');
    if (slash != NULL) {
        title += leading_name(title, prefix, true);
        title += leading_name(title, slash + 1, false);
    }
    return arena_strdup(arena, title);
}

/* GitHub allows letters, digits, "-", "_" and "." in names. */
static size_t name_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) ||
        (text[length] != '\0' && strchr("-_.", text[length]) != NULL)) {
        length++;
    }
    return length;
}

char *headline_find_prefix(struct arena *arena, const char *title)
{
    size_t owner = name_length(title);
    size_t name = owner > 0 && title[owner] == '/' ? name_length(title + owner + 1) : 0;
    const char *behind = title + owner + 1 + name;
    bool joined = name > 0 && (*behind == ':' || strncmp(behind, "：", strlen("：")) == 0);
    return joined ? arena_strndup(arena, title, owner + 1 + name) : NULL;
}

/* What may follow a subject so that the rest still reads after "subject：". */
static const char *const han_predicates[] = {"发布", "推出", "宣布", "公布", "开源", "上线",
    "发表", "启动", "完成", "收购", "计划", "正式", "正在", "即将", "开始", "将", "已", "拟",
    "与", "获", "首发", "曝光", "量产", "投产", "停产", "回应", "起诉", "联合", "携手", "展示",
    "更新", "升级", "加入", "入股", "投资", "追加", "提出", "披露", "确认", "否认", "下调",
    "上调", "扩产", "裁员", "任命", "重启", "暂停", "终止", "合作", "首次", "首款", "新一代",
    "今日", "再", "或", "称", "表示", "举办", "举行", "成立", "打造", "研发", "自研", "进军",
    "签署", "达成", "交付", "放弃", "最快", "明年", "今年"};

static const char *const latin_predicates[] = {"announces ", "unveils ", "launches ",
    "releases ", "introduces ", "details ", "ships ", "adds ", "expands ", "acquires ",
    "updates ", "opens ", "reveals ", "plans ", "joins ", "raises ", "reports ",
    "demonstrates ", "shows ", "brings ", "partners ", "open-sources "};

static bool begins_with_any(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strncasecmp(text, words[i], strlen(words[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* "ARM" is no subject of "Armadillo", nor "苹果" one of "苹果园": a mark or a predicate must
 * follow. */
static bool reads_alone(const char *behind, size_t gap, bool marked)
{
    return *behind != '\0' &&
        (marked || begins_with_any(behind, han_predicates, array_count(han_predicates)) ||
            (gap > 0 &&
                begins_with_any(behind, latin_predicates, array_count(latin_predicates))));
}

static const char *const stops[] = {
    "。", "；", "！", "，", "、", "：", ".", ";", "!", ",", ":", " ", NULL};

/* What stands behind `name` in `title`, where it reads alone; NULL: nothing to cut. */
static const char *behind_subject(const char *title, const char *name, bool exact_case)
{
    size_t size = strlen(name);
    if (size == 0 ||
        (exact_case ? strncmp(title, name, size) : strncasecmp(title, name, size)) != 0) {
        return NULL;
    }
    size_t gap = separators_at(title + size);
    bool marked = gap > strspn(title + size, " ");
    const char *behind = title + size + gap;
    return reads_alone(behind, gap, marked) ? behind : NULL;
}

char *headline_after_subject(
    struct arena *arena, const char *title, const struct config_vendor *vendor)
{
    /* The name is among the aliases unless one of them is a pattern that stands for it. */
    const char *rest = vendor == NULL ? NULL : behind_subject(title, vendor->name, true);
    for (size_t i = 0; vendor != NULL && rest == NULL && i < vendor->aliases.count; i++) {
        const char *alias = vendor->aliases.items[i].text;
        bool exact_case = alias[0] == '=';
        rest = behind_subject(title, alias + (exact_case ? 1 : 0), exact_case);
    }
    const char *line = rest == NULL ? title : rest;
    size_t length = length_without(line, strlen(line), stops);
    char *printed = arena_strndup(arena, line, length == 0 ? strlen(line) : length);
    if (rest != NULL) {
        printed[0] = (char)toupper(
            (unsigned char)printed[0]); /* ASCII: "Announces …" begins a sentence */
    }
    return printed;
}

bool headline_begins_with(const char *title, const char *name)
{
    size_t size = strlen(name), offset = 0;
    if (size == 0 || strncmp(title, name, size) != 0) {
        return false;
    }
    uint32_t last = 0;
    while (offset < size) {
        last = letters_next(name, &offset);
    }
    uint32_t next = letters_peek(title, size);
    return !letters_is_latin(last) || !letters_is_latin(next);
}

struct bracket {
    uint32_t open, close;
    bool is_tag; /* at the edge of a title it holds a tag, not words of the sentence */
};

static const struct bracket brackets[] = {
    {'[', ']', true}, {0x3010, 0x3011, true}, /* 【】 */
    {'(', ')', true}, {0xff08, 0xff09, true}, /* （） */
    {0x300c, 0x300d, false},                  /* 「」 */
    {0x300e, 0x300f, false},                  /* 『』 */
    {0x300a, 0x300b, false},                  /* 《》 */
    {0x201c, 0x201d, false},                  /* curly double quotes */
};

static const struct bracket *find_bracket(uint32_t c, bool open)
{
    for (size_t i = 0; i < array_count(brackets); i++) {
        if (c == (open ? brackets[i].open : brackets[i].close)) {
            return &brackets[i];
        }
    }
    return NULL;
}

/* Bytes of one bracketed tag and the spaces behind it at the start of `text`; 0: none. */
static size_t leading_tag(const char *text)
{
    size_t offset = 0;
    const struct bracket *bracket = find_bracket(letters_next(text, &offset), true);
    uint32_t c = bracket != NULL && bracket->is_tag ? 1 : 0;
    while (c != 0 && (c = letters_next(text, &offset)) != 0) {
        if (c == bracket->close) {
            return offset + strspn(text + offset, " ");
        }
    }
    return 0;
}

static bool is_named(const char *text, size_t length, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(names[i]) == length && strncasecmp(names[i], text, length) == 0) {
            return true;
        }
    }
    return false;
}

char *headline_without_named_tags(
    struct arena *arena, const char *title, const char *const *names, size_t count)
{
    for (size_t tag; (tag = leading_tag(title)) > 0 && title[tag] != '\0'; title += tag) {
        size_t start = 0;
        letters_next(title, &start);
        size_t length = strcspn(title + start, "]）】)");
        for (size_t i = 0; i <= length; i++) { /* the closing mark may be of several bytes */
            if (is_named(title + start, i, names, count)) {
                length = i;
            }
        }
        if (!is_named(title + start, length, names, count)) {
            break;
        }
    }
    return arena_strdup(arena, title);
}

/* The length of `text` without one bracketed tag, and spaces, at its end. */
static size_t length_without_trailing_tag(const char *text, size_t length)
{
    size_t offset = 0, open_at = 0;
    const struct bracket *open = NULL, *closed = NULL;
    while (offset < length) {
        size_t at = offset;
        uint32_t c = letters_next(text, &offset);
        const struct bracket *opening = find_bracket(c, true);
        closed = open != NULL && c == open->close ? open : NULL;
        if (opening != NULL && opening->is_tag) {
            open = opening;
            open_at = at;
        }
    }
    while (closed != NULL && open_at > 0 && text[open_at - 1] == ' ') {
        open_at--;
    }
    return closed != NULL ? open_at : length;
}

char *headline_without_tags(struct arena *arena, const char *title)
{
    const char *start = title;
    for (size_t tag; (tag = leading_tag(start)) > 0 && start[tag] != '\0';) {
        start += tag;
    }
    size_t length = length_without_trailing_tag(start, strlen(start));
    return length == 0 ? arena_strdup(arena, start) : arena_strndup(arena, start, length);
}

/* ---- shortening ---- */

/* Ends a clause wherever it stands; ASCII marks only before a space ("1,000", "4:3"). */
static bool ends_clause(uint32_t c, uint32_t next)
{
    static const uint32_t always[] = {0xff0c, 0xff1a, 0xff1b, 0x3002, 0xff01, 0xff1f, 0xff5c,
        0x2014, 0x2013, 0x4e28, '|'}; /* ，：；。！？｜—–丨| */
    for (size_t i = 0; i < array_count(always); i++) {
        if (c == always[i]) {
            return true;
        }
    }
    return (c == ',' || c == ':' || c == ';' || c == '!' || c == '?' || c == '-') &&
        next == ' ';
}

/* A mark inside brackets ends nothing. */
static int depth_change(uint32_t c, int depth)
{
    return find_bracket(c, true) != NULL              ? 1
        : find_bracket(c, false) != NULL && depth > 0 ? -1
                                                      : 0;
}

/* The walk's state: where the text could be cut so far, in bytes; 0: nowhere. */
struct cuts {
    size_t clause; /* before the mark that ends a clause */
    size_t word;   /* between words, or between Latin and Han */
    size_t letter; /* between two Han characters */
};

static bool inside_latin(uint32_t before, uint32_t c, uint32_t next)
{
    /* "v0.2.0", "Im2Col+Pack", "TF32/BF16" are one word to the reader. */
    bool joins = c == '.' || c == '+' || c == '/' || c == '-' || c == '_' || c == '\'' ||
        c == '%' || c == 0x2019;
    return letters_is_latin(before) &&
        (letters_is_latin(c) || (joins && letters_is_latin(next)));
}

static struct cuts find_cuts(const char *text, size_t min_columns, size_t max_columns)
{
    struct cuts cuts = {0};
    size_t offset = 0, columns = 0;
    int depth = 0;
    uint32_t before = ' ';
    while (columns <= max_columns) {
        size_t at = offset;
        uint32_t c = letters_next(text, &offset);
        uint32_t next = letters_peek(text, offset);
        assert(c != 0); /* only called for text that is wider */
        if (depth == 0 && columns >= min_columns) {
            if (ends_clause(c, next)) {
                cuts.clause = at;
            }
            bool in_word = inside_latin(before, c, next) ||
                (before < 0x80 && before != ' ' && letters_is_latin(c) &&
                    !letters_is_latin(before));
            if (columns < max_columns && !in_word) {
                bool border = c == ' ' || c == 0x3001 || find_bracket(c, true) != NULL ||
                    (letters_is_han(c) && letters_is_latin(before));
                *(border ? &cuts.word : &cuts.letter) = at;
            }
        }
        depth += depth_change(c, depth);
        columns += letters_columns_of(c);
        before = c;
    }
    return cuts;
}

/* Words that promise another one: no headline ends with them. */
static size_t length_without_particles(const char *text, size_t length)
{
    static const char *const particles[] = {" of", " for", " the", " a", " an", " to", " in",
        " on", " with", " and", " by", " via", " from", " at", " or", " as", " is", " its",
        " vs.", " &", "的", "和", "与", "及", "在", "、", ",", "，", "：", ":", " ", NULL};
    return length_without(text, length, particles);
}

char *headline_lead(struct arena *arena, const char *title, size_t min_columns)
{
    static const uint32_t ends[] = {0xff0c, 0xff1b, 0x3002, 0xff01, 0xff1f}; /* ，；。！？ */
    size_t offset = 0, columns = 0;
    int depth = 0;
    uint32_t c;
    for (size_t at = 0; (c = letters_next(title, &offset)) != 0; at = offset) {
        for (size_t i = 0; i < array_count(ends) && depth == 0 && columns >= min_columns; i++) {
            if (c == ends[i]) {
                return arena_strndup(arena, title, at);
            }
        }
        depth += depth_change(c, depth);
        columns += letters_columns_of(c);
    }
    size_t length = length_without(title, offset, stops);
    return arena_strndup(arena, title, length > 0 ? length : offset);
}

char *headline_shorten(
    struct arena *arena, const char *title, size_t min_columns, size_t max_columns)
{
    if (letters_columns(title) <= max_columns) {
        return arena_strdup(arena, title);
    }
    struct cuts cuts = find_cuts(title, min_columns, max_columns);
    if (cuts.clause > 0) {
        return arena_strndup(arena, title, length_without(title, cuts.clause, stops));
    }
    /* A border between words far back would throw away half of what fits. */
    size_t cut = cuts.word * 5 >= cuts.letter * 3 ? cuts.word : cuts.letter;
    if (cut == 0) { /* one endless word or bracket: there is no good place */
        size_t columns = 0;
        for (size_t next = 0; columns < max_columns;) {
            cut = next;
            columns += letters_columns_of(letters_next(title, &next));
        }
    }
    size_t length = length_without_particles(title, cut);
    return arena_printf(arena, "%.*s…", (int)(length > 0 ? length : cut), title);
}
