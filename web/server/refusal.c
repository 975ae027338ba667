/* A pattern's fixed pieces are looked for from left to right, each {} as short as what follows
 * allows; going back is bounded by the few {} there are. What {1~} names must be known as well,
 * or the pattern does not fit: half a sentence in the other language is worse than the plainer
 * one of the status.
 *
 * Rejected: codes at every fault_set() (four hundred places would carry an argument for one
 * reader of theirs); gettext (a catalogue beside the binary and a locale of the process, where
 * two readers have two languages). tests/lint/refusals.py holds the patterns against the
 * sources. */
#include "web/server/refusal.h"

#include <string.h>

#include "base/attributes.h"

enum { PARTS_MAX = 9, SENTENCE_MAX_BYTES = 4096, DEPTH_MAX = 4 };

struct part {
    const char *start;
    size_t length;
};

static bool match(const char *pattern, const char *text, struct part *parts, size_t count)
{
    const char *gap = strstr(pattern, "{}");
    if (gap == NULL || count == PARTS_MAX) {
        return strcmp(pattern, text) == 0;
    }
    size_t fixed = (size_t)(gap - pattern);
    if (strncmp(pattern, text, fixed) != 0) {
        return false;
    }
    text += fixed;
    parts[count].start = text;
    const char *rest = gap + 2;
    for (size_t length = 0;; length++) {
        if (match(rest, text + length, parts, count + 1)) {
            parts[count].length = length;
            return true;
        }
        if (text[length] == '\0') {
            return false;
        }
    }
}

static const char *translate(const char *sentence, struct buffer *out, int depth);

/* Its code; NULL when it is not known. */
static const char *translate_part(const struct part *part, struct buffer *out, int depth)
{
    char text[SENTENCE_MAX_BYTES];
    if (part->length >= sizeof(text)) {
        return NULL;
    }
    memcpy(text, part->start, part->length);
    text[part->length] = '\0';
    return translate(text, out, depth + 1);
}

/* `*ret_code` becomes that of a part that is translated. */
static bool fill(const char *chinese, const struct part *parts, struct buffer *out, int depth,
    const char **ret_code)
{
    for (const char *at = chinese; *at != '\0'; at++) {
        if (at[0] != '{' || at[1] < '1' || at[1] > '9') {
            buffer_putc(out, *at);
            continue;
        }
        const struct part *part = &parts[at[1] - '1'];
        if (at[2] != '~') {
            buffer_append(out, part->start, part->length);
            at += 2;
            continue;
        }
        *ret_code = translate_part(part, out, depth);
        if (*ret_code == NULL) {
            return false;
        }
        at += 3;
    }
    return true;
}

static const char *translate_by(const struct refusal *table, size_t count, const char *sentence,
    struct buffer *out, int depth)
{
    for (size_t i = 0; i < count; i++) {
        struct part parts[PARTS_MAX] = {{NULL, 0}};
        if (!match(table[i].english, sentence, parts, 0)) {
            continue;
        }
        cleanup(buffer_release) struct buffer text;
        buffer_init(&text, SENTENCE_MAX_BYTES);
        const char *code = "value"; /* a piece of a sentence about one */
        if (fill(table[i].chinese, parts, &text, depth, &code) && !buffer_failed(&text)) {
            buffer_append(out, text.data, text.length);
            return table[i].code != NULL ? table[i].code : code;
        }
    }
    return NULL;
}

static const char *translate(const char *sentence, struct buffer *out, int depth)
{
    if (depth > DEPTH_MAX) {
        return NULL;
    }
    const char *code = translate_by(refusal_words, refusal_word_count, sentence, out, depth);
    return code != NULL ? code
                        : translate_by(refusal_rules, refusal_rule_count, sentence, out, depth);
}

const char *refusal_translate(const char *sentence, struct buffer *out)
{
    return translate(sentence, out, 0);
}

const char *refusal_write(int status, const char *sentence, struct buffer *out)
{
    static const struct {
        int status;
        const char *code, *chinese;
    } others[] = {
        {400, "bad-request", "请求里有服务不认识的内容"},
        {401, "not-logged-in", "要先登录"},
        {403, "not-allowed", "这个帐号不能做这件事"},
        {404, "not-found", "没有找到，可能已经不在了"},
        {409, "conflict", "现在的状态下做不了，刷新后再看看"},
        {412, "changed", "别处改过了，重新读取后再决定"},
        {413, "too-large", "内容太大"},
        {422, "refused", "这样不行，服务没有接受"},
        {429, "too-often", "太频繁了，过一会儿再试"},
        {502, "source-unreadable", "对方的网站没有给出能读的内容"},
        {503, "busy", "服务还没准备好，过一会儿再试"},
    };
    const char *code = refusal_translate(sentence, out);
    for (size_t i = 0; code == NULL && i < array_count(others); i++) {
        if (others[i].status == status) {
            buffer_puts(out, others[i].chinese);
            return others[i].code;
        }
    }
    if (code == NULL) {
        buffer_puts(out, "服务出了错，原因在它的日志里");
        return "error";
    }
    return code;
}
