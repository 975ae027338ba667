/* Everything that looks like syntax but is not is refused, because a keyword that silently
 * means something else ("tilte:NPU", "*net") is only noticed when news is missing. The price is
 * that a literal colon behind a first word, or a literal star, must be written as a /regex/. */
#include "briefing/pattern.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "briefing/keyword.h"

static const struct {
    const char *name;
    enum keyword_field field;
} field_names[] = {
    {"title", KEYWORD_TITLE},
    {"summary", KEYWORD_SUMMARY},
    {"source", KEYWORD_SOURCE},
    {"url", KEYWORD_URL},
};

/* Length of an ASCII word that ends in ':' at the beginning, or 0. "std::move" has none. */
static size_t find_field_name(const char *text)
{
    size_t length = 0;
    while (isalpha((unsigned char)text[length])) {
        length++;
    }
    bool named = length > 0 && text[length] == ':' && text[length + 1] != ':';
    return named ? length : 0;
}

static bool take_field(
    const char *written, const char **text, unsigned *fields, struct fault *fault)
{
    *fields = KEYWORD_TITLE | KEYWORD_SUMMARY;
    size_t length = find_field_name(*text);
    if (length == 0) {
        return true;
    }
    for (size_t i = 0; i < array_count(field_names); i++) {
        if (strlen(field_names[i].name) == length &&
            strncmp(*text, field_names[i].name, length) == 0) {
            *fields = field_names[i].field;
            *text += length + 1;
            *text += strspn(*text, " \t");
            return true;
        }
    }
    if (strncmp(*text + length, "://", 3) == 0) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s': write 'url:%s' to match an address", written, *text + length + 3);
    }
    return fault_set(fault, FAULT_CONFIG,
        "keyword '%s': '%.*s' is no field; write title:, summary:, source: or url:, or a "
        "/regex/ "
        "when the colon belongs to the text",
        written, (int)length, *text);
}

static bool take_regex(const char *written, struct pattern *pattern, struct fault *fault)
{
    const char *end = memrchr(pattern->body + 1, '/', pattern->length - 1);
    if (end == NULL) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s' begins with '/' but does not end with it: write '%s/' for a regular "
            "expression, or leave the first '/' out",
            written, written);
    }
    size_t inside = (size_t)(end - pattern->body) - 1;
    if (inside + 2 < pattern->length) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s': nothing may follow the last '/'; write '%.*s' (it ignores case "
            "already)",
            written, (int)(inside + 2), pattern->body);
    }
    if (inside == 0) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s' is an empty regular expression: write one between the slashes",
            written);
    }
    pattern->kind = PATTERN_REGEX;
    pattern->body++;
    pattern->length = inside;
    return true;
}

static bool take_words(const char *written, struct pattern *pattern, struct fault *fault)
{
    const char *star = memchr(pattern->body, '*', pattern->length);
    pattern->kind = PATTERN_WORDS;
    if (star == NULL) {
        return true;
    }
    size_t before = (size_t)(star - pattern->body);
    if (pattern->length == 1) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s' would match every word: write the beginning of a word before the '*'",
            written);
    }
    if (before + 1 < pattern->length) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s': a '*' may only stand at the end, as in 'quantiz*'; write a /regex/ "
            "for "
            "anything else",
            written);
    }
    if (!isalnum((unsigned char)star[-1]) && (unsigned char)star[-1] < 0x80) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s': the '*' must follow a letter or digit, as in 'quantiz*'", written);
    }
    pattern->kind = PATTERN_PREFIX;
    pattern->length--;
    return true;
}

/* "=ARM"; *text moves behind the sign. */
static bool take_exact_case(
    const char *written, const char **text, bool *ret_exact, struct fault *fault)
{
    *ret_exact = **text == '=';
    if (!*ret_exact) {
        return true;
    }
    ++*text;
    if (**text == '/') {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s': in a regular expression upper and lower case differ behind (?-i): "
            "write '/(?-i)%s'",
            written, *text + 1);
    }
    return true;
}

bool pattern_parse(const char *text, struct pattern *ret_pattern, struct fault *fault)
{
    const char *written = text;
    if (strlen(text) > PATTERN_MAX_BYTES) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%.40s…' is longer than %d bytes: divide it into several", written,
            PATTERN_MAX_BYTES);
    }
    text += strspn(text, " \t\r\n");
    struct pattern pattern = {0};
    if (!take_field(written, &text, &pattern.fields, fault) ||
        !take_exact_case(written, &text, &pattern.exact_case, fault)) {
        return false;
    }
    pattern.body = text;
    pattern.length = strlen(text);
    while (pattern.length > 0 && isspace((unsigned char)text[pattern.length - 1])) {
        pattern.length--;
    }
    if (pattern.length == 0) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s' is empty: write a word, a prefix* or a /regex/, or take it out",
            written);
    }
    bool taken = text[0] == '/' ? take_regex(written, &pattern, fault)
                                : take_words(written, &pattern, fault);
    if (taken) {
        *ret_pattern = pattern;
    }
    return taken;
}
