/* The forms an issue can be written in, by name: for `briefd digest --format`, for addresses
 * like /issues/2020-09-17.html, for Accept. PURE.
 */
#ifndef BRIEFING_RENDER_H
#define BRIEFING_RENDER_H

#include <stddef.h>

#include "base/buffer.h"
#include "briefing/issue.h"

struct render_format {
    const char *name;       /* "html": of --format */
    const char *extension;  /* "html", "wechat.html": behind the issue's date */
    const char *media_type; /* with its charset where it has one */
    void (*write)(const struct issue *issue, struct buffer *out);
};

/* The format of that name, or NULL. Static. */
const struct render_format *render_find_format(const char *name);

/* All of them, in the order a person should read them in. Static. */
const struct render_format *render_formats(size_t *ret_count);

/* What `format` makes of the issue, the mail with sender and recipient of feeds.conf. */
void render_write(const struct render_format *format, const struct issue *issue,
    const struct config_briefing *briefing, struct buffer *out);

#endif
