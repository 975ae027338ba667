/* JSON strings from text that may be anything. PURE. */
#ifndef WEB_SERVER_JSON_H
#define WEB_SERVER_JSON_H

#include <jansson.h>

/* A JSON string of `text`, null for NULL. Bytes that are not UTF-8 become U+FFFD: jansson
 * refuses them, and one bad byte in a feed's error must not cost the document. New reference.
 */
json_t *json_text(const char *text);

#endif
