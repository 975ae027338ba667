/* What publishing systems and public accounts put around every summary, and nobody wants to
 * read twice.
 *
 * Approach: a table of phrases. A lead is a whole short line at the beginning that contains the
 * phrase; a tail is what runs from the phrase, at the beginning of a sentence of the last line,
 * to the end, when that is short. The lengths keep real sentences that happen to use the words.
 * Each row was met in feeds; add one with a test.
 *
 * Rejected: learning what a feed repeats in every entry. It needs a history the PURE stages do
 * not have, and series ("本周开源项目") repeat on purpose. */
#include <string.h>
#include <strings.h>

#include "feed/html.h"
#include "feed/text_flow.h"

enum { ROUNDS_MAX = 6 };

static const struct {
    const char *phrase;
    size_t max_bytes; /* of the whole line */
} leads[] = {
    {"点击上方", 120}, /* 点击上方蓝字关注我们 */
    {"点击下方", 120}, /* 点击下方卡片，关注… */
    {"蓝字关注", 120},
    {"点击蓝字", 120},
    {"关注并星标", 120},
    {"设为星标", 120},
    {"设为“星标”", 120},
    {"本文约", 60}, /* 本文约3000字，建议阅读8分钟 */
    {"Listen to this article", 80},
    {"min read", 24}, /* 5 min read */
    {"Estimated reading time", 60},
    {"Reading Time:", 40},
};

static const struct {
    const char *phrase;
    const char *also; /* must stand behind it, NULL: nothing must */
    size_t max_bytes; /* from the phrase to the end */
} tails[] = {
    {"The post ", " appeared first on ", 600}, /* WordPress */
    {"The post ", " first appeared on ", 600}, {"This post ", " appeared first on ", 600},
    {"The article ", " appeared first on ", 600}, {"Continue reading", NULL, 300},
    {"Read more", NULL, 60}, {"Read the full", NULL, 80}, {"Read full", NULL, 60},
    {"Read the rest", NULL, 60}, {"Keep reading", NULL, 60}, {"Learn more", NULL, 20},
    {"View the full post", NULL, 40}, {"submitted by", "[link]", 120}, /* Reddit */
    {"Comments", NULL, 9},                                             /* Hacker News */
    {"Discuss", NULL, 8}, {"阅读原文", NULL, 40}, {"点击阅读", NULL, 60},
    {"阅读全文", NULL, 40}, {"继续阅读", NULL, 120}, {"查看原文", NULL, 40},
    {"查看全文", NULL, 40}, {"点击查看", NULL, 60}, {"了解更多", NULL, 30},
    {"原文链接", NULL, 300}, {"原文地址", NULL, 300},
    {"转载请", NULL, 300}, /* 转载请注明出处 */
    {"未经授权", NULL, 150}, {"未经许可", NULL, 150}, {"本文来自微信公众号", NULL, 300},
    {"本文转载自", NULL, 200}, {"本文系作者", NULL, 200}, {"欢迎关注", NULL, 200},
    {"扫码关注", NULL, 150}, {"扫描二维码", NULL, 150}, {"长按识别", NULL, 150},
    {"长按二维码", NULL, 150}, {"更多精彩内容", NULL, 200}, /* 更多精彩内容，请登录/关注… */
};

/* `text` from `at` to `end`, `end` excluded. */
struct lines {
    const char *at, *end;
};

static bool is_blank_at(const char *at, const char *end)
{
    return text_space_length(at, (size_t)(end - at)) > 0;
}

static void trim(struct lines *lines)
{
    while (lines->at < lines->end && is_blank_at(lines->at, lines->end)) {
        lines->at += text_space_length(lines->at, (size_t)(lines->end - lines->at));
    }
    while (lines->at < lines->end && (unsigned char)lines->end[-1] <= ' ') {
        lines->end--;
    }
}

static const char *find(const char *at, const char *end, const char *phrase)
{
    size_t length = strlen(phrase);
    if ((phrase[0] & 0x80) != 0) { /* Han has no case, and memmem() is several times faster */
        return memmem(at, (size_t)(end - at), phrase, length);
    }
    char first = (char)(phrase[0] | 0x20);
    for (; (size_t)(end - at) >= length; at++) {
        if ((*at | 0x20) == first && strncasecmp(at, phrase, length) == 0) {
            return at;
        }
    }
    return NULL;
}

static bool cut_lead(struct lines *lines)
{
    const char *line_end = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    if (line_end == NULL) {
        return false; /* the only line */
    }
    for (size_t i = 0; i < array_count(leads); i++) {
        if ((size_t)(line_end - lines->at) <= leads[i].max_bytes &&
            find(lines->at, line_end, leads[i].phrase) != NULL) {
            lines->at = line_end + 1;
            return true;
        }
    }
    return false;
}

/* Marks that may stand before a sentence: general punctuation, arrows and shapes, Chinese and
 * full-width punctuation, emoji. No letters and no Han. */
static bool is_mark(unsigned c)
{
    return (c >= 0x2010 && c < 0x2c00) || (c >= 0x3000 && c < 0x3040) ||
        (c >= 0xff00 && c < 0xff21) || c >= 0x1f000;
}

/* Does a sentence begin at `at`? Brackets, arrows and emoji may stand before it. */
static bool begins_sentence(const char *start, const char *at)
{
    while (at > start && strchr(" [(<>-*|", at[-1]) != NULL) {
        at--;
    }
    if (at == start || strchr("\n.!?]", at[-1]) != NULL) {
        return true;
    }
    const char *before = at - 1;
    while (before > start && (*before & 0xc0) == 0x80) {
        before--;
    }
    size_t bytes;
    return is_mark(text_codepoint(before, (size_t)(at - before), &bytes));
}

/* Where the phrase begins that the text ends with, NULL for none. */
static const char *find_tail(struct lines lines, size_t row)
{
    size_t length = (size_t)(lines.end - lines.at);
    const char *from = length > tails[row].max_bytes ? lines.end - tails[row].max_bytes
                                                     : lines.at;
    const char *line = memrchr(from, '\n', (size_t)(lines.end - from));
    from = line == NULL ? from : line + 1;
    const char *at = find(from, lines.end, tails[row].phrase);
    if (at == NULL || !begins_sentence(lines.at, at) ||
        (tails[row].also != NULL && find(at, lines.end, tails[row].also) == NULL)) {
        return NULL;
    }
    return at;
}

static bool cut_tail(struct lines *lines)
{
    for (size_t i = 0; i < array_count(tails); i++) {
        const char *at = find_tail(*lines, i);
        if (at != NULL) {
            lines->end = at;
            while (lines->end > lines->at && strchr(" \n[(<>-*|", lines->end[-1]) != NULL) {
                lines->end--;
            }
            return true;
        }
    }
    return false;
}

/* "[…]", "[...]" and "..." at the end all say that there is more. */
static const char *cut_ellipsis(struct lines *lines)
{
    static const char *const marks[] = {"[…]", "[...]", "[&hellip;]", "(...)", "(…)", "......"};
    for (size_t i = 0; i < array_count(marks); i++) {
        size_t length = strlen(marks[i]);
        if ((size_t)(lines->end - lines->at) >= length &&
            memcmp(lines->end - length, marks[i], length) == 0) {
            lines->end -= length;
            trim(lines);
            return "…";
        }
    }
    return "";
}

char *text_strip_boilerplate(struct arena *arena, const char *text)
{
    struct lines lines = {text, text + strlen(text)};
    bool again = true;
    for (size_t round = 0; round < ROUNDS_MAX && again; round++) {
        trim(&lines);
        again = cut_lead(&lines) || cut_tail(&lines);
    }
    trim(&lines);
    const char *more = cut_ellipsis(&lines);
    size_t length = (size_t)(lines.end - lines.at);
    char *stripped = arena_alloc(arena, length + strlen(more) + 1);
    memcpy(stripped, lines.at, length);
    memcpy(stripped + length, more, strlen(more) + 1);
    return stripped;
}
