/* JSON Feed 1.0 and 1.1 (jsonfeed.org) -> struct feed_document, through jansson. PURE. */
#ifndef FEED_JSON_FEED_H
#define FEED_JSON_FEED_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"
#include "feed/document.h"
#include "feed/parse.h"

/* `data` is valid UTF-8. Fails with FAULT_PARSE when it is no JSON, or JSON of something else.
 */
must_check bool json_feed_parse(struct arena *arena, const char *data, size_t length,
    const struct feed_parse_options *options, struct feed_document **ret_document,
    struct fault *fault);

#endif
