/* An issue as HTML to paste into the editor of a WeChat official account. PURE.
 *
 * That editor removes <style>, <script>, ids, classes, positions, svg and event handlers, and
 * refuses articles with links to other hosts than mp.weixin.qq.com. So: styles inline and terse
 * (markup counts against the limit), marks of lists as text, links to articles of WeChat kept,
 * every other link its text with a number, and the numbers' addresses listed at the end. One
 * address has one number, however often it is linked; an address that stands in the text as
 * itself gets none.
 *
 * Colours are for light: the WeChat app turns them over itself.
 */
#ifndef BRIEFING_RENDER_WECHAT_H
#define BRIEFING_RENDER_WECHAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "briefing/issue.h"

/* One <section>, no page around it. The heading is left out: the account's editor has a field
 * of its own for it. */
void render_wechat(const struct issue *issue, struct buffer *out);

/* https://developers.weixin.qq.com/doc/offiaccount/Draft_Box/Add_draft.html: content "必须少于
 * 2万字符，小于1M". Characters are UTF-16 units, as the editor's script counts them; markup
 * counts. */
struct render_wechat_size {
    size_t characters, characters_max;
    size_t bytes, bytes_max;
    bool fits;
};
struct render_wechat_size render_wechat_measure(const struct issue *issue);

/* The same of HTML that is rendered already. */
struct render_wechat_size render_wechat_measure_html(const char *html, size_t length);

#endif
