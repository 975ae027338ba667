/* Problem: feeds lie about their charset - a GBK page declared utf-8, a UTF-8 file declared
 * gb2312 by a template of 2003, half a sentence of latin-1 pasted into UTF-8.
 *
 * Approach: find the strongest claim, then let the bytes contradict it. UTF-8 is the one
 * encoding whose validity proves itself, so bytes that are valid UTF-8 in a way no legacy text
 * is by accident win over any declared legacy charset; bytes that are mostly UTF-8 stay UTF-8
 * with U+FFFD in the holes; only what is neither goes to uchardet. Labels mean what browsers
 * mean by them (WHATWG Encoding Standard): gb2312 is gb18030, latin-1 is windows-1252. Valid
 * UTF-8 is never copied: it is most of what arrives.
 *
 * Rejected: asking uchardet first (it takes Chinese titles of ten characters for Vietnamese),
 * and libxml2's own decoding (it stops at the first bad byte and knows no HTTP header). */
#include "feed/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <uchardet.h>

enum {
    LABEL_BYTES = 48,
    DECLARATION_WINDOW = 1024,
    GUESS_WINDOW = 1 << 18,
    FOREIGN_MIN_BYTES = 24
};

/* Labels whose meaning on the web differs from iconv's reading of the same name, or that iconv
 * does not know. Others go to iconv as they are. */
static const struct {
    const char *label, *charset;
} label_table[] = {
    {"ansi_x3.4-1968", "CP1252"},
    {"ascii", "CP1252"},
    {"big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"chinese", "GB18030"},
    {"cn-big5", "BIG5-HKSCS"},
    {"cp936", "GB18030"},
    {"csgb2312", "GB18030"},
    {"euc-cn", "GB18030"},
    {"euc-jp", "EUC-JP-MS"},
    {"euc-kr", "UHC"},
    {"gb2312", "GB18030"},
    {"gb_2312", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"gbk", "GB18030"},
    {"hz-gb-2312", "ISO-2022-CN"},
    {"iso-8859-1", "CP1252"},
    {"iso-8859-11", "CP874"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-9", "CP1254"},
    {"iso8859-1", "CP1252"},
    {"iso_8859-1", "CP1252"},
    {"korean", "UHC"},
    {"ks_c_5601-1987", "UHC"},
    {"ks_c_5601-1989", "UHC"},
    {"ksc5601", "UHC"},
    {"ksc_5601", "UHC"},
    {"latin1", "CP1252"},
    {"ms936", "GB18030"},
    {"ms_kanji", "CP932"},
    {"shift-jis", "CP932"},
    {"shift_jis", "CP932"},
    {"sjis", "CP932"},
    {"tis-620", "CP874"},
    {"us-ascii", "CP1252"},
    {"utf8", "UTF-8"},
    {"windows-31j", "CP932"},
    {"windows-936", "GB18030"},
    {"windows-949", "UHC"},
    {"x-big5", "BIG5-HKSCS"},
    {"x-euc-jp", "EUC-JP-MS"},
    {"x-gbk", "GB18030"},
    {"x-mac-roman", "MACINTOSH"},
    {"x-sjis", "CP932"},
};

static const struct {
    const char *bytes;
    size_t length;
    const char *charset;
} bom_table[] = {
    {"\xef\xbb\xbf", 3, "UTF-8"},
    {"\xff\xfe\0\0", 4, "UTF-32LE"}, /* before UTF-16LE, whose mark it begins with */
    {"\0\0\xfe\xff", 4, "UTF-32BE"},
    {"\xff\xfe", 2, "UTF-16LE"},
    {"\xfe\xff", 2, "UTF-16BE"},
};

/* '<' as the first character of a document without BOM (XML 1.0, appendix F). */
static const struct {
    const char *bytes;
    size_t length;
    const char *charset;
} wide_table[] = {
    {"<\0\0\0", 4, "UTF-32LE"},
    {"\0\0\0<", 4, "UTF-32BE"},
    {"<\0", 2, "UTF-16LE"},
    {"\0<", 2, "UTF-16BE"},
};

/* ---- UTF-8 ---- */

static bool is_tail(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* Length of the valid character at `p`, 0 when there is none. */
static inline size_t utf8_character(const unsigned char *p, const unsigned char *end)
{
    size_t left = (size_t)(end - p);
    if (p[0] < 0x80) {
        return 1;
    }
    if (p[0] >= 0xe1 && p[0] <= 0xec) { /* most Han: tested first */
        return left >= 3 && is_tail(p[1]) && is_tail(p[2]) ? 3 : 0;
    }
    if (p[0] >= 0xc2 && p[0] <= 0xdf) {
        return left >= 2 && is_tail(p[1]) ? 2 : 0;
    }
    if ((p[0] & 0xf0) == 0xe0) {
        bool in_range = left >= 3 && (p[0] != 0xe0 || p[1] >= 0xa0) &&
            (p[0] != 0xed || p[1] < 0xa0);
        return in_range && is_tail(p[1]) && is_tail(p[2]) ? 3 : 0;
    }
    if (p[0] >= 0xf0 && p[0] <= 0xf4) {
        bool in_range = left >= 4 && (p[0] != 0xf0 || p[1] >= 0x90) &&
            (p[0] != 0xf4 || p[1] < 0x90);
        return in_range && is_tail(p[1]) && is_tail(p[2]) && is_tail(p[3]) ? 4 : 0;
    }
    return 0;
}

static const unsigned char *skip_ascii(const unsigned char *p, const unsigned char *end)
{
    uint64_t word;
    while (end - p >= (ptrdiff_t)sizeof(word)) {
        memcpy(&word, p, sizeof(word));
        if ((word & UINT64_C(0x8080808080808080)) != 0) {
            break;
        }
        p += sizeof(word);
    }
    while (p < end && *p < 0x80) {
        p++;
    }
    return p;
}

struct utf8_census {
    size_t pairs;   /* valid characters of two bytes */
    size_t longer;  /* of three or four */
    size_t invalid; /* bytes that belong to no character */
};

/* Count the characters beyond ASCII; stops at the first invalid byte when `until_invalid`. */
static struct utf8_census take_census(const char *data, size_t length, bool until_invalid)
{
    struct utf8_census census = {0};
    const unsigned char *p = (const unsigned char *)data, *end = p + length;
    while (p < end) {
        if (*p < 0x80) {
            p = skip_ascii(p, end);
            continue;
        }
        size_t step = utf8_character(p, end);
        census.pairs += step == 2;
        census.longer += step > 2;
        if (step == 0) {
            census.invalid++;
            step = 1;
            if (until_invalid) {
                break;
            }
        }
        p += step;
    }
    return census;
}

bool utf8_is_valid(const char *data, size_t length)
{
    return take_census(data, length, true).invalid == 0;
}

/* ---- labels and claims ---- */

static const char *find_charset(const char *label)
{
    for (size_t i = 0; i < array_count(label_table); i++) {
        if (strcasecmp(label_table[i].label, label) == 0) {
            return label_table[i].charset;
        }
    }
    return NULL;
}

/* The charset a label means, a copy in the arena; NULL when nobody knows it. */
static const char *resolve_label(struct arena *arena, const char *label)
{
    if (label[0] == '\0') {
        return NULL;
    }
    const char *known = find_charset(label);
    if (known != NULL) {
        return known;
    }
    if (strcasecmp(label, "utf-8") == 0) {
        return "UTF-8";
    }
    iconv_t probe = iconv_open("UTF-8", label);
    if (probe == (iconv_t)-1) {
        return NULL;
    }
    iconv_close(probe);
    return arena_strdup(arena, label);
}

/* Copy the value that begins at `text`, quoted or not, into `label`: only characters a charset
 * name may have (RFC 2978), because glibc's iconv reads "//" suffixes. */
static void copy_label(const char *text, const char *end, char *label)
{
    size_t length = 0;
    while (text < end && (*text == '"' || *text == '\'' || *text == ' ')) {
        text++;
    }
    while (text < end && length < LABEL_BYTES - 1 && *text != '\0' &&
        strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:", *text) !=
            NULL) {
        label[length++] = *text++;
    }
    label[length] = '\0';
}

static void find_http_label(const char *content_type, char *label)
{
    label[0] = '\0';
    const char *at = content_type == NULL ? NULL : strcasestr(content_type, "charset");
    if (at == NULL) {
        return;
    }
    at += strlen("charset");
    at += strspn(at, " ");
    if (*at == '=') {
        copy_label(at + 1, at + strlen(at), label);
    }
}

/* The encoding of the XML declaration, or of a <meta charset> when the bytes are a page: its
 * title is shown in the message that says so. */
static void find_declared_label(const char *data, size_t length, char *label)
{
    label[0] = '\0';
    size_t window = length < DECLARATION_WINDOW ? length : DECLARATION_WINDOW;
    const char *end = data + window;
    const char *start = memmem(data, window, "<?xml", 5);
    const char *at = NULL;
    if (start != NULL) {
        const char *close = memmem(start, (size_t)(end - start), "?>", 2);
        end = close == NULL ? end : close;
        at = memmem(start, (size_t)(end - start), "encoding", 8);
        at = at == NULL ? NULL : at + 8;
    } else {
        at = memmem(data, window, "charset", 7);
        at = at == NULL ? NULL : at + 7;
    }
    while (at != NULL && at < end && strchr(" \t\r\n", *at) != NULL) {
        at++;
    }
    if (at != NULL && at < end && *at == '=') {
        copy_label(at + 1, end, label);
    }
}

/* A wide charset cannot be declared in bytes: who could read the declaration (WHATWG says
 * UTF-8). */
static bool is_wide(const char *charset)
{
    return strncasecmp(charset, "UTF-16", 6) == 0 || strncasecmp(charset, "UTF-32", 6) == 0 ||
        strncasecmp(charset, "UCS", 3) == 0 || strncasecmp(charset, "ISO-10646", 9) == 0;
}

static bool is_utf8(const char *charset)
{
    return charset != NULL && strcasecmp(charset, "UTF-8") == 0;
}

/* ---- conversion ---- */

/* What windows-1252 and its sisters leave undefined is a C1 control in the WHATWG tables;
 * U+FFFD is more honest to a reader. One byte is skipped, so a broken pair costs one character.
 */
static size_t convert(struct arena *arena, const char *charset, const char *data, size_t length,
    const char **ret_text, size_t *ret_length)
{
    iconv_t converter = iconv_open("UTF-8", charset);
    if (converter == (iconv_t)-1) {
        converter = iconv_open("UTF-8", "CP1252");
    }
    size_t room = length * 3 + 16; /* no charset of ours makes more than 3 bytes of one */
    char *text = arena_alloc(arena, room + 1);
    char *in = (char *)data, *out = text;
    size_t in_left = length, out_left = room, lost = 0;
    while (in_left > 0) {
        if (iconv(converter, &in, &in_left, &out, &out_left) != (size_t)-1) {
            break;
        }
        if (out_left < 4 || (errno != EILSEQ && errno != EINVAL)) {
            break;
        }
        memcpy(out, "\xef\xbf\xbd", 3);
        out += 3;
        out_left -= 3;
        size_t skip = is_wide(charset) && in_left >= 2 ? 2 : 1;
        in += skip;
        in_left -= skip;
        lost++;
    }
    iconv(converter, NULL, NULL, &out, &out_left);
    iconv_close(converter);
    *out = '\0';
    *ret_text = text;
    *ret_length = (size_t)(out - text);
    return lost;
}

/* UTF-8 with holes: every maximal run of bytes that belong to no character becomes one U+FFFD.
 */
static void mend_utf8(struct arena *arena, struct charset_result *result, size_t invalid)
{
    char *text = arena_alloc(arena, result->length + invalid * 2 + 1), *out = text;
    const unsigned char *p = (const unsigned char *)result->data, *end = p + result->length;
    bool in_hole = false;
    while (p < end) {
        size_t step = utf8_character(p, end);
        if (step > 0) {
            memcpy(out, p, step);
            out += step;
            p += step;
            in_hole = false;
            continue;
        }
        if (!in_hole) {
            memcpy(out, "\xef\xbf\xbd", 3);
            out += 3;
            in_hole = true;
        }
        p++;
    }
    *out = '\0';
    result->data = text;
    result->length = (size_t)(out - text);
}

static void convert_result(
    struct arena *arena, struct charset_result *result, const char *charset)
{
    size_t lost = convert(
        arena, charset, result->data, result->length, &result->data, &result->length);
    result->charset = charset;
    if (lost > 0 && result->doubt == NULL) {
        result->doubt = arena_printf(arena, "bytes that are no %s: %zu", charset, lost);
    }
}

/* ---- decisions ---- */

/* uchardet sees the text beyond ASCII with some ASCII around it; markup would drown it. */
static const char *guess_charset(struct arena *arena, const char *data, size_t length)
{
    size_t window = length < GUESS_WINDOW ? length : GUESS_WINDOW;
    const unsigned char *p = (const unsigned char *)data, *end = p + window;
    p = skip_ascii(p, end);
    uchardet_t detector = uchardet_new();
    const char *charset = NULL;
    if (uchardet_handle_data(detector, (const char *)p, (size_t)(end - p)) == 0) {
        uchardet_data_end(detector);
        charset = resolve_label(arena, uchardet_get_charset(detector));
    }
    uchardet_delete(detector);
    return charset == NULL || is_utf8(charset) || is_wide(charset) ? "CP1252" : charset;
}

static bool is_single_byte(const char *charset)
{
    static const char *const families[] = {
        "CP12",
        "windows-12",
        "ISO-8859",
        "ISO_8859",
        "KOI8",
        "MACINTOSH",
        "CP874",
        "windows-874",
    };
    for (size_t i = 0; i < array_count(families); i++) {
        if (strncasecmp(charset, families[i], strlen(families[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Would legacy text look like this by accident? A few two-byte sequences do occur in short GBK
 * or Big5 texts, not a valid three-byte one with everything around it. In a one-byte charset
 * every sequence is some text, and a page may show a sample of "â‚¬": there it takes a habit.
 */
static bool is_surely_utf8(const struct utf8_census *census, bool single_byte)
{
    size_t valid = census->longer + census->pairs;
    return census->invalid == 0 && (valid > 3 || (census->longer > 0 && !single_byte));
}

/* "iso-8859-1" is what software writes that never asked. Latin languages have their letters
 * beyond ASCII one at a time, "déjà"; whole words and sentences of them are another script. */
static bool is_hardly_latin(const char *charset, const char *data, size_t length)
{
    size_t bytes = 0, runs = 0;
    bool in_run = false;
    if (strcasecmp(charset, "CP1252") != 0) {
        return false;
    }
    for (size_t i = 0; i < length && i < GUESS_WINDOW; i++) {
        bool high = (data[i] & 0x80) != 0;
        bytes += high;
        runs += high && !in_run;
        in_run = high;
    }
    return bytes >= FOREIGN_MIN_BYTES && bytes >= 4 * runs;
}

static void decide_without_claim(
    struct arena *arena, struct charset_result *result, const struct utf8_census *census)
{
    size_t valid = census->pairs + census->longer;
    if (valid * 2 >= census->invalid) {
        result->doubt = arena_printf(arena, "bytes that are no UTF-8: %zu", census->invalid);
        mend_utf8(arena, result, census->invalid);
        return;
    }
    const char *guess = guess_charset(arena, result->data, result->length);
    result->doubt = arena_printf(arena, "it is no UTF-8; read as %s", guess);
    convert_result(arena, result, guess);
}

static void decide(
    struct arena *arena, struct charset_result *result, const char *claim, const char *label)
{
    /* In ISO-2022 text every byte is ASCII, so validity proves nothing there. */
    if (claim != NULL && strncasecmp(claim, "ISO-2022", 8) == 0) {
        convert_result(arena, result, claim);
        return;
    }
    struct utf8_census census = take_census(result->data, result->length, false);
    bool is_legacy = claim != NULL && !is_utf8(claim) && !is_wide(claim);
    if (census.pairs + census.longer + census.invalid == 0) {
        return;
    }
    bool single_byte = is_legacy && is_single_byte(claim);
    if (is_legacy && !is_surely_utf8(&census, single_byte)) {
        if (is_hardly_latin(claim, result->data, result->length)) {
            claim = guess_charset(arena, result->data, result->length);
            result->doubt = arena_printf(arena, "declared '%s', read as %s", label, claim);
        }
        convert_result(arena, result, claim);
        return;
    }
    if (census.invalid > 0) {
        decide_without_claim(arena, result, &census);
    } else if ((is_legacy && !single_byte) || (claim == NULL && label[0] != '\0')) {
        /* latin-1 in a declaration is a default nobody chose: no lie, and no doubt */
        result->doubt = arena_printf(arena, "declared '%s', but it is UTF-8", label);
    }
}

static bool decide_by_bytes(struct arena *arena, struct charset_result *result)
{
    for (size_t i = 0; i < array_count(bom_table); i++) {
        size_t length = bom_table[i].length;
        if (result->length >= length && memcmp(result->data, bom_table[i].bytes, length) == 0) {
            result->data += length;
            result->length -= length;
            if (i == 0) {
                decide(arena, result, "UTF-8", "utf-8");
            } else {
                convert_result(arena, result, bom_table[i].charset);
            }
            return true;
        }
    }
    for (size_t i = 0; i < array_count(wide_table); i++) {
        size_t length = wide_table[i].length;
        if (result->length >= length &&
            memcmp(result->data, wide_table[i].bytes, length) == 0) {
            convert_result(arena, result, wide_table[i].charset);
            return true;
        }
    }
    return false;
}

struct charset_result charset_to_utf8(
    struct arena *arena, const char *data, size_t length, const char *http_content_type)
{
    struct charset_result result = {.data = data, .length = length, .charset = "UTF-8"};
    if (decide_by_bytes(arena, &result)) {
        return result;
    }
    char http[LABEL_BYTES], declared[LABEL_BYTES];
    find_http_label(http_content_type, http);
    find_declared_label(data, length, declared);
    const char *claim = resolve_label(arena, http);
    const char *label = http;
    if (claim == NULL) {
        claim = resolve_label(arena, declared);
        label = declared;
    }
    decide(arena, &result, claim, label);
    return result;
}
