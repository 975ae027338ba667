/* The script first asks the asynchronous clipboard; where that is refused (no secure context,
 * an older WebView) the "copy" event, which needs no permission, takes the same two texts.
 *
 * These words are the editor's tool's, not the newsletter's, so they are no labels; they come
 * in the language of the issue, Chinese or English.
 */
#include "briefing/render_wechat_page.h"

#include <string.h>
#include <strings.h>

#include "briefing/issue_parts.h"
#include "briefing/markup.h"
#include "briefing/render_text.h"
#include "briefing/render_wechat.h"

enum { RENDERED_MAX_BYTES = 16 << 20 };

static const struct words {
    const char *title, *copy, *copied, *failed, *of, *unit, *too_long, *heading;
} words_zh =
    {
        .title = "公众号排版",
        .copy = "复制全文",
        .copied = "已复制，请到公众号后台的正文里粘贴。",
        .failed = "浏览器不允许复制。请全选下面的正文，再按 Ctrl+C。",
        .of = " / ",
        .unit = " 字符（含排版标记）",
        .too_long = "超出公众号的字符上限，粘贴后无法保存。",
        .heading = "标题：",
},
  words_en = {
      .title = "For WeChat",
      .copy = "Copy all",
      .copied = "Copied. Paste it into the body of the article.",
      .failed = "The browser did not allow copying. Select the text below and press Ctrl+C.",
      .of = " of ",
      .unit = " characters, markup included",
      .too_long = "Over WeChat's limit: it cannot be saved after pasting.",
      .heading = "Title: ",
};

static const char style[] =
    "\n:root{color-scheme:light}\n"
    "body{margin:0;background:#f4f5f6;color:#15181c;font:14px/24px -apple-system,"
    "BlinkMacSystemFont,\"Segoe UI\",\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\","
    "sans-serif}\n"
    "header{position:sticky;top:0;padding:12px 16px;background:#fff;border-bottom:1px solid "
    "#e4e7ea}\n"
    "header>*{max-width:640px;margin:0 auto}\n"
    ".bar{display:flex;flex-wrap:wrap;align-items:center;gap:4px 16px}\n"
    "button{padding:6px 16px;border:0;border-radius:6px;background:#0b6790;color:#fff;"
    "font:inherit;font-weight:600;cursor:pointer}\n"
    "button:focus-visible{outline:2px solid #0b6790;outline-offset:2px}\n"
    ".size{color:#5f6770;font-variant-numeric:tabular-nums}\n"
    ".over{color:#b3261e;font-weight:600}\n"
    "main{max-width:640px;margin:24px auto 64px;padding:24px 16px;background:#fff;"
    "border-radius:10px;overflow-wrap:anywhere}\n"
    "main p{margin:0}\nmain a{color:#576b95;text-decoration:none}\n"
    "[hidden]{display:none}\n";

/* What WeChat's sheet gives an article; the issue brings the rest in its attributes. */
static const char article_style[] =
    "\n:root{color-scheme:light}\n"
    "body{margin:0;padding:20px 16px 32px;background:#fff;color:#222;font:16px/28px "
    "-apple-system,BlinkMacSystemFont,\"Segoe UI\",\"PingFang SC\",\"Microsoft YaHei\","
    "\"Noto Sans CJK SC\",sans-serif;overflow-wrap:anywhere}\n"
    "h1{margin:0 0 12px;font-size:22px;line-height:31px;font-weight:600}\n"
    "p{margin:0}\na{color:#576b95;text-decoration:none}\n";

static const char script[] =
    "'use strict';\n"
    "(function () {\n"
    "  var button = document.getElementById('copy');\n"
    "  var status = document.getElementById('status');\n"
    "  function html() { return document.getElementById('issue').innerHTML.trim(); }\n"
    "  function text() { return document.getElementById('plain').value; }\n"
    "  function done(copied) {\n"
    "    status.textContent = copied ? button.dataset.copied : button.dataset.failed;\n"
    "  }\n"
    "  function byEvent() {\n"
    "    var taken = false;\n"
    "    function onCopy(event) {\n"
    "      event.clipboardData.setData('text/html', html());\n"
    "      event.clipboardData.setData('text/plain', text());\n"
    "      event.preventDefault();\n"
    "      taken = true;\n"
    "    }\n"
    "    document.addEventListener('copy', onCopy);\n"
    "    try { document.execCommand('copy'); } finally {\n"
    "      document.removeEventListener('copy', onCopy);\n"
    "    }\n"
    "    return taken;\n"
    "  }\n"
    "  button.addEventListener('click', function () {\n"
    "    if (!navigator.clipboard || !window.ClipboardItem) { done(byEvent()); return; }\n"
    "    navigator.clipboard.write([new ClipboardItem({\n"
    "      'text/html': new Blob([html()], { type: 'text/html' }),\n"
    "      'text/plain': new Blob([text()], { type: 'text/plain' })\n"
    "    })]).then(function () { done(true); }, function () { done(byEvent()); });\n"
    "  });\n"
    "  button.hidden = false;\n"
    "}());\n";

const char *render_wechat_script(void)
{
    return script;
}

const char *render_wechat_page_style(void)
{
    return style;
}

static void write_attribute(const char *name, const char *value, struct buffer *out)
{
    buffer_printf(out, " %s=\"", name);
    markup_write_text(value, out);
    buffer_putc(out, '"');
}

static void write_size(
    const struct words *words, const struct render_wechat_size *size, struct buffer *out)
{
    buffer_puts(out, size->fits ? "<span class=\"size\">" : "<span class=\"size over\">");
    buffer_printf(
        out, "%zu%s%zu%s", size->characters, words->of, size->characters_max, words->unit);
    buffer_puts(out, "</span>\n");
    if (!size->fits) {
        markup_write_element("span", "over", words->too_long, out);
    }
}

static void write_bar(const struct words *words, const char *heading,
    const struct render_wechat_size *size, struct buffer *out)
{
    buffer_puts(out, "<header>\n<div>");
    markup_write_text(words->heading, out);
    buffer_puts(out, "<strong>");
    markup_write_text(heading, out);
    buffer_puts(out, "</strong></div>\n<div class=\"bar\">\n<button id=\"copy\" hidden");
    write_attribute("data-copied", words->copied, out);
    write_attribute("data-failed", words->failed, out);
    buffer_putc(out, '>');
    markup_write_text(words->copy, out);
    buffer_puts(out, "</button>\n");
    write_size(words, size, out);
    buffer_puts(out, "<span id=\"status\" role=\"status\"></span>\n</div>\n</header>\n");
}

static void write_plain(const struct issue *issue, struct buffer *out)
{
    struct buffer text;
    buffer_init(&text, RENDERED_MAX_BYTES);
    render_text_wrapped(issue, 0, &text); /* a chat window breaks lines itself */
    /* HTML drops one newline behind <textarea> */
    buffer_puts(out, "<textarea id=\"plain\" hidden readonly>\n");
    markup_write_text(text.data, out);
    buffer_puts(out, "</textarea>\n");
    buffer_release(&text);
}

static void write_head(const struct issue *issue, struct buffer *out)
{
    buffer_puts(out, "<!DOCTYPE html>\n<html");
    write_attribute("lang", issue->language, out);
    buffer_puts(out,
        ">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"robots\" content=\"noindex\">\n<title>");
}

void render_wechat_article(const struct issue *issue, struct buffer *out)
{
    struct arena arena;
    arena_init(&arena);
    const char *heading = issue_heading(&arena, issue);
    write_head(issue, out);
    markup_write_text(heading, out);
    buffer_printf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n", article_style);
    markup_write_element("h1", NULL, heading, out);
    render_wechat(issue, out);
    buffer_puts(out, "</body>\n</html>\n");
    arena_release(&arena);
}

void render_wechat_page(const struct issue *issue, const char *script_url, struct buffer *out)
{
    bool chinese = issue->language != NULL && strncasecmp(issue->language, "zh", 2) == 0;
    const struct words *words = chinese ? &words_zh : &words_en;
    struct arena arena;
    struct buffer html;
    arena_init(&arena);
    buffer_init(&html, RENDERED_MAX_BYTES);
    render_wechat(issue, &html);
    struct render_wechat_size size = render_wechat_measure_html(html.data, html.length);
    write_head(issue, out);
    markup_write_text(words->title, out);
    markup_write_text(chinese ? "：" : ": ", out);
    markup_write_text(issue_heading(&arena, issue), out);
    buffer_printf(out, "</title>\n<style>%s</style>\n<script defer", style);
    write_attribute("src", script_url, out);
    buffer_puts(out, "></script>\n</head>\n<body>\n");
    write_bar(words, issue_heading(&arena, issue), &size, out);
    buffer_puts(out, "<main id=\"issue\">\n");
    buffer_append(out, html.data, html.length);
    buffer_puts(out, "</main>\n");
    write_plain(issue, out);
    buffer_puts(out, "</body>\n</html>\n");
    buffer_release(&html);
    arena_release(&arena);
}
