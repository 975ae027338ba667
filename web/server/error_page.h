/* What a browser shows a person when there is no page to show: a few words in Chinese or
 * English, and the way to the pages that exist. Programs get the same as a problem (problem.h).
 * PURE.
 */
#ifndef WEB_SERVER_ERROR_PAGE_H
#define WEB_SERVER_ERROR_PAGE_H

#include <stdbool.h>

#include "base/buffer.h"

struct error_page {
    int status;
    const char *detail; /* the problem's sentence, in English */
    const char *prefix; /* the service's own, "" or "/briefing" */
    bool chinese;
};

void error_page_write(const struct error_page *page, struct buffer *out);

#endif
