/* An issue as a message (.eml) to open in a mail program or to hand to one that sends. PURE.
 *
 * multipart/alternative of plain text and HTML (RFC 5322, 2045, 2046, 2047). Sender and
 * recipient are of feeds.conf; without a sender the message is one of the newsletter at this
 * computer and says that it is a draft ("X-Unsent: 1"), which mail programs open to be sent.
 * List-Unsubscribe is for whoever sends it to a list.
 */
#ifndef BRIEFING_RENDER_MAIL_H
#define BRIEFING_RENDER_MAIL_H

#include <stdint.h>

#include "base/buffer.h"
#include "briefing/issue.h"

struct render_mail {
    const char *from; /* "name <address>" or "address"; NULL: a draft */
    const char *to;   /* the same; NULL: none */
    int64_t date_utc_s;
    int64_t utc_offset_s; /* of the zone the date is written in */
};

void render_mail_write(
    const struct issue *issue, const struct render_mail *mail, struct buffer *out);

/* As feeds.conf says (mail_from, mail_to), dated by the beginning of the issue's day. */
void render_mail_configured(
    const struct issue *issue, const struct config_briefing *briefing, struct buffer *out);

/* A draft dated by midnight UTC of the issue. */
void render_mail(const struct issue *issue, struct buffer *out);

#endif
