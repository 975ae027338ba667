/* Both parts are base64: three bytes of Chinese are nine characters in quoted-printable and
 * four here, and no server on the way has anything to rewrite. A header's text that is not
 * ASCII is encoded words of at most 75 characters, cut between characters (RFC 2047 5 (3)).
 *
 * The boundary is a hash of both parts with a "=_" in front, which base64 cannot hold.
 */
#include "briefing/render_mail.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "briefing/issue_html.h"
#include "briefing/issue_parts.h"
#include "briefing/letters.h"
#include "briefing/markup.h"
#include "briefing/prose.h"
#include "briefing/render_text.h"

enum {
    PART_MAX_BYTES = 64 << 20,
    LINE_BYTES = 76, /* RFC 2045 6.8; a line with an encoded word: RFC 2047 2 */
};

/* ---- base64 (RFC 4648) ---- */

static void write_base64(const char *data, size_t length, struct buffer *out)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = (const unsigned char *)data;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned group = (unsigned)bytes[i] << 16;
        group |= left > 1 ? (unsigned)bytes[i + 1] << 8 : 0;
        group |= left > 2 ? bytes[i + 2] : 0;
        buffer_putc(out, digits[group >> 18]);
        buffer_putc(out, digits[group >> 12 & 63]);
        buffer_putc(out, left > 1 ? digits[group >> 6 & 63] : '=');
        buffer_putc(out, left > 2 ? digits[group & 63] : '=');
    }
}

static void write_base64_lines(const char *data, size_t length, struct buffer *out)
{
    enum { LINE_INPUT = LINE_BYTES / 4 * 3 };
    for (size_t i = 0; i < length; i += LINE_INPUT) {
        write_base64(data + i, length - i < LINE_INPUT ? length - i : LINE_INPUT, out);
        buffer_puts(out, "\r\n");
    }
}

/* ---- headers ---- */

/* One line without what cannot be seen: no text of an issue begins a header of its own. */
static const char *clean(struct arena *arena, const char *text)
{
    struct buffer kept;
    buffer_init(&kept, strlen(text) * 3 + 1);
    size_t offset = 0;
    uint32_t c;
    while ((c = letters_next(text, &offset)) != 0) {
        if (letters_is_space(c)) {
            buffer_putc(&kept, ' ');
        } else if (!letters_is_invisible(c)) {
            buffer_put_codepoint(&kept, c);
        }
    }
    const char *copy = arena_strndup(arena, kept.data, kept.length);
    buffer_release(&kept);
    return copy;
}

static bool is_plain_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80 || (unsigned char)*text < ' ') {
            return false;
        }
    }
    return true;
}

/* Bytes of the next encoded word on a line that has `column` characters: whole ones, three
 * become four, between "=?utf-8?B?" and "?=". */
static size_t word_length(const char *text, size_t column)
{
    size_t most = (LINE_BYTES - column - (sizeof("=?utf-8?B?") - 1) - 2) / 4 * 3;
    size_t length = 0, left = strlen(text);
    while (length < left) {
        size_t size = utf8_measure(text + length, left - length);
        size = size == 0 ? 1 : size;
        if (length + size > most) {
            break;
        }
        length += size;
    }
    return length;
}

static void write_encoded(const char *text, size_t column, struct buffer *out)
{
    for (const char *between = ""; *text != '\0'; between = "\r\n ") {
        size_t length = word_length(text, column);
        buffer_puts(out, between);
        buffer_puts(out, "=?utf-8?B?");
        write_base64(text, length, out);
        buffer_puts(out, "?=");
        text += length;
        column = 1;
    }
}

/* ASCII is folded at spaces before column 76; a longer word, or "=?", is encoded. */
static void write_unstructured(const char *text, size_t column, struct buffer *out)
{
    bool encode = !is_plain_ascii(text) || strstr(text, "=?") != NULL;
    for (const char *word = text; !encode && *word != '\0';) {
        size_t length = strcspn(word, " ");
        encode = length > LINE_BYTES - 12;
        word += length + strspn(word + length, " ");
    }
    if (encode) {
        write_encoded(text, column, out);
        return;
    }
    while (*text != '\0') {
        size_t length = strspn(text, " ");
        length += strcspn(text + length, " ");
        if (column + length > LINE_BYTES && *text == ' ') {
            buffer_puts(out, "\r\n");
            column = 0;
        }
        buffer_append(out, text, length);
        column += length;
        text += length;
    }
}

static void write_header(
    struct arena *arena, const char *name, const char *text, struct buffer *out)
{
    buffer_printf(out, "%s: ", name);
    write_unstructured(clean(arena, text), strlen(name) + 2, out);
    buffer_puts(out, "\r\n");
}

static void write_quoted(const char *text, size_t length, struct buffer *out)
{
    buffer_putc(out, '"');
    for (size_t i = 0; i < length; i++) {
        buffer_puts(out, text[i] == '"' || text[i] == '\\' ? "\\" : "");
        buffer_putc(out, text[i]);
    }
    buffer_putc(out, '"');
}

/* "name <address>": the name is a quoted string or encoded words, the address as it is. */
static void write_mailbox(
    struct arena *arena, const char *name, const char *mailbox, struct buffer *out)
{
    const char *text = clean(arena, mailbox);
    const char *open = strrchr(text, '<');
    size_t length = open == NULL ? 0 : (size_t)(open - text);
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    const char *shown = arena_strndup(arena, text, length);
    buffer_printf(out, "%s: ", name);
    if (length > 0 && is_plain_ascii(shown)) {
        write_quoted(shown, length, out);
    } else if (length > 0) {
        write_encoded(shown, strlen(name) + 2, out);
    }
    const char *address = open == NULL ? text : open + 1;
    buffer_printf(out, length > 0 ? "\r\n <%.*s>\r\n" : "<%.*s>\r\n",
        (int)strcspn(address, "<> "), address);
}

static void write_date(int64_t date_utc_s, int64_t utc_offset_s, struct buffer *out)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
        "Sep", "Oct", "Nov", "Dec"}; /* strftime()'s would be the locale's */
    time_t local = (time_t)(date_utc_s + utc_offset_s);
    struct tm tm;
    gmtime_r(&local, &tm);
    long minutes = (long)(utc_offset_s < 0 ? -utc_offset_s : utc_offset_s) / 60;
    buffer_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d %c%02ld%02ld\r\n", days[tm.tm_wday],
        tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec,
        utc_offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/* ---- parts ---- */

/* Width and font are attributes, which every mail program keeps; the rest stands in a <style>,
 * which some throw away: without it the mail reads well, with it as the web page does. */
static const char mail_style[] =
    "h2{margin:32px 0 8px;padding-bottom:4px;border-bottom:2px solid;font-size:18px}\n"
    "h3{margin:24px 0 4px;font-size:16px}\n"
    "p{margin:4px 0}\n"
    "a{color:#0b6790}\n"
    ".guide{margin:16px 0;padding:12px 16px;background:#f4f5f6;border-radius:6px}\n"
    ".lines{padding-left:20px}\n"
    ".lines li{margin:6px 0}\n"
    ".source,.tag,.note,.line,.ending{color:#5f6770;font-weight:400}\n"
    ".note,.line,.ending{font-size:14px}\n"
    "@media (prefers-color-scheme:dark){a{color:#63bde2}.guide{background:#1b1f23}"
    ".source,.tag,.note,.line,.ending{color:#929ba4}}\n";

static void write_html_part(struct arena *arena, const struct issue *issue, struct buffer *out)
{
    static const struct issue_html_form form = {.heading = 2};
    buffer_puts(out, "<!DOCTYPE html>\n<html lang=\"");
    markup_write_text(issue->language, out);
    buffer_puts(out,
        "\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    markup_write_text(issue_heading(arena, issue), out);
    buffer_puts(out, "</title>\n<style>");
    buffer_puts(out, mail_style);
    buffer_puts(out,
        "</style>\n</head>\n<body>\n<div style=\"max-width:640px;margin:0 auto;"
        "font:16px/1.75 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif\">"
        "\n<h1 style=\"font-size:24px;line-height:1.5\">");
    markup_write_text(issue_heading(arena, issue), out);
    buffer_puts(out, "</h1>\n");
    struct prose tagline = prose_parse(arena, issue->tagline, issue->url);
    prose_write_html(&tagline, NULL, out);
    issue_html_write(issue, &form, out);
    buffer_puts(out, "</div>\n</body>\n</html>\n");
}

static void write_part(
    const char *boundary, const char *type, const struct buffer *content, struct buffer *out)
{
    buffer_printf(out,
        "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        boundary, type);
    write_base64_lines(content->data, content->length, out);
}

/* Line ends of text parts are CRLF also below base64 (RFC 2046 4.1.1). */
static void write_crlf(const struct buffer *text, struct buffer *out)
{
    for (size_t i = 0; i < text->length; i++) {
        buffer_puts(out, text->data[i] == '\n' ? "\r" : "");
        buffer_putc(out, text->data[i]);
    }
}

/* What stands behind the sender's @, for the Message-ID. */
static const char *domain_of(struct arena *arena, const char *from)
{
    const char *at = strrchr(from, '@');
    const char *domain = at == NULL ? "localhost" : at + 1;
    return arena_strndup(arena, domain, strcspn(domain, "<> \t\r\n"));
}

/* The last headers, which are made of the parts, and the parts. The same issue has the same
 * Message-ID, so that a mail sent twice is seen to be one (RFC 5322 3.6.4). */
static void write_body(
    struct arena *arena, const struct issue *issue, const char *from, struct buffer *out)
{
    struct buffer raw, text, html;
    buffer_init(&raw, PART_MAX_BYTES);
    buffer_init(&text, PART_MAX_BYTES);
    buffer_init(&html, PART_MAX_BYTES);
    render_text(issue, &raw);
    write_crlf(&raw, &text);
    buffer_clear(&raw);
    write_html_part(arena, issue, &raw);
    write_crlf(&raw, &html);
    uint64_t hash = hash_bytes(HASH_START, text.data, text.length);
    hash = hash_bytes(hash, html.data, html.length);
    const char *boundary = arena_printf(arena, "=_%016llx", (unsigned long long)hash);
    buffer_printf(out, "Message-ID: <%s.%016llx@%s>\r\n", issue->date, (unsigned long long)hash,
        domain_of(arena, from));
    buffer_printf(out,
        "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n",
        boundary);
    write_part(boundary, "text/plain", &text, out);
    write_part(boundary, "text/html", &html, out);
    buffer_printf(out, "--%s--\r\n", boundary);
    buffer_release(&raw);
    buffer_release(&text);
    buffer_release(&html);
}

/* Without a sender it is a draft of somebody at this computer: RFC 5322 3.6 wants a From in
 * any message, and mail programs put their user's in its place. */
static const char *sender_of(
    struct arena *arena, const struct issue *issue, const struct render_mail *mail)
{
    return mail->from != NULL ? mail->from
                              : arena_printf(arena, "%s <newsletter@localhost>", issue->title);
}

void render_mail_write(
    const struct issue *issue, const struct render_mail *mail, struct buffer *out)
{
    struct arena arena;
    arena_init(&arena);
    const char *from = sender_of(&arena, issue, mail);
    write_mailbox(&arena, "From", from, out);
    if (mail->from == NULL) {
        buffer_puts(out, "X-Unsent: 1\r\n");
    }
    if (mail->to != NULL) {
        write_mailbox(&arena, "To", mail->to, out);
    }
    write_date(mail->date_utc_s, mail->utc_offset_s, out);
    write_header(&arena, "Subject", issue_heading(&arena, issue), out);
    if (issue->language != NULL && is_plain_ascii(issue->language)) {
        write_header(&arena, "Content-Language", issue->language, out);
    }
    write_body(&arena, issue, from, out);
    arena_release(&arena);
}

void render_mail_configured(
    const struct issue *issue, const struct config_briefing *briefing, struct buffer *out)
{
    struct render_mail mail = {
        .from = briefing->mail_from,
        .to = briefing->mail_to,
        .utc_offset_s = briefing->utc_offset_s,
    };
    if (clock_parse_day(issue->date, &mail.date_utc_s)) {
        mail.date_utc_s -= briefing->utc_offset_s; /* its day begins there */
    }
    render_mail_write(issue, &mail, out);
}

void render_mail(const struct issue *issue, struct buffer *out)
{
    static const struct config_briefing nobody = {.mail_from = NULL};
    render_mail_configured(issue, &nobody, out);
}
