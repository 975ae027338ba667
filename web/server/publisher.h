/* Keeps the served snapshot up to date.
 *
 * publisher_mark() says that something changed; a moment later, so that a burst of documents
 * makes one snapshot and not a hundred, a worker reads the store with the publisher's own
 * reading connection and renders, and the server gets the result. At most one build runs at a
 * time. A snapshot is also made anew every few minutes, because its ages and its window move
 * with the clock. Loop thread.
 */
#ifndef WEB_SERVER_PUBLISHER_H
#define WEB_SERVER_PUBLISHER_H

#include "base/attributes.h"
#include "base/fault.h"
#include "net/loop.h"
#include "pipeline/rules.h"
#include "web/server/events.h"
#include "web/server/server.h"

struct publisher;

/* Opens a reader on `database` (store_open() must have succeeded) and builds the first
 * snapshot. Borrows `loop` and `server`; takes its own reference to `rules`. */
must_check bool publisher_start(struct loop *loop, struct server *server, const char *database,
    struct rules *rules, struct publisher **ret_publisher, struct fault *fault);

/* Tell the open pages here what is other about the feeds; NULL: tell nobody any more. Borrowed.
 */
void publisher_tell(struct publisher *publisher, struct events *events);

/* Render with these rules from now on. */
void publisher_configure(struct publisher *publisher, struct rules *rules);

/* Something was stored. */
void publisher_mark(struct publisher *publisher);

/* No further build starts; a running one ends by itself and is thrown away. */
void publisher_stop(struct publisher *publisher);

/* After the loop has run dry. NULL is harmless. */
void publisher_free(struct publisher *publisher);

#endif
