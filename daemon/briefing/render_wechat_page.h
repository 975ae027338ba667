/* The page an editor copies an issue from into her WeChat account. PURE.
 *
 * It shows what will be pasted, counts it against the limit, and a button puts it on the
 * clipboard as text/html with text/plain beside it. The one script is a file of its own, so
 * that the page lives under `script-src 'self'`; the preview needs `style-src-attr
 * 'unsafe-inline'`, because styles inside attributes are all WeChat leaves (where the policy
 * forbids them it looks bare, and what is copied is the same).
 */
#ifndef BRIEFING_RENDER_WECHAT_PAGE_H
#define BRIEFING_RENDER_WECHAT_PAGE_H

#include "base/buffer.h"
#include "briefing/issue.h"

/* `script_url` is where the server serves render_wechat_script(). */
void render_wechat_page(const struct issue *issue, const char *script_url, struct buffer *out);

/* The same for looking at only: the issue as WeChat shows an article, with its title above and
 * the type and margins its own sheet gives. */
void render_wechat_article(const struct issue *issue, struct buffer *out);

/* The script (text/javascript) and the text of the page's <style>, for the policy's hash.
 * Static. */
const char *render_wechat_script(void);
const char *render_wechat_page_style(void);

#endif
