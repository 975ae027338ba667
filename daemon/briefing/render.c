/* One line a format. */
#include "briefing/render.h"

#include <string.h>

#include "base/attributes.h"
#include "briefing/render_feed.h"
#include "briefing/render_mail.h"
#include "briefing/render_markdown.h"
#include "briefing/render_page.h"
#include "briefing/render_text.h"
#include "briefing/render_wechat.h"

static const struct render_format formats[] = {
    {"md", "md", "text/markdown; charset=utf-8", issue_write_markdown},
    {"html", "html", "text/html; charset=utf-8", render_page},
    {"wechat", "wechat.html", "text/html; charset=utf-8", render_wechat},
    {"json", "json", "application/json", issue_write_json},
    {"text", "txt", "text/plain; charset=utf-8", render_text},
    {"eml", "eml", "message/rfc822", render_mail},
    {"atom", "atom", "application/atom+xml", render_atom},
    {"jsonfeed", "feed.json", "application/feed+json", render_json_feed},
};

const struct render_format *render_find_format(const char *name)
{
    for (size_t i = 0; i < array_count(formats); i++) {
        if (strcmp(formats[i].name, name) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

const struct render_format *render_formats(size_t *ret_count)
{
    *ret_count = array_count(formats);
    return formats;
}

void render_write(const struct render_format *format, const struct issue *issue,
    const struct config_briefing *briefing, struct buffer *out)
{
    if (format->write == render_mail) {
        render_mail_configured(issue, briefing, out);
    } else {
        format->write(issue, out);
    }
}
