/* What went wrong with a request, as RFC 9457 application/problem+json. PURE.
 *
 * "type" is about:blank: the status says what kind of problem it is, and "title" is the
 * status's own phrase as 4.2.1 of the RFC asks; "detail" says in a sentence what to do instead,
 * "detail_zh" the same in Chinese, and "code" names it for programs (web/server/refusal.h).
 */
#ifndef WEB_SERVER_PROBLEM_H
#define WEB_SERVER_PROBLEM_H

#include "base/buffer.h"

#define PROBLEM_MEDIA_TYPE "application/problem+json"

/* The reason phrase of an HTTP status that this server sends. */
const char *problem_title(int status);

/* {"type","title","status","detail","instance","code","detail_zh"}. `instance` is the request's
 * target as it came: bytes that are not UTF-8 are replaced, and it is cut when long. `more` are
 * further members as JSON, each behind a comma, or "". */
void problem_write(
    int status, const char *detail, const char *instance, const char *more, struct buffer *out);

#endif
