/* Adding by address: a site's feed, or a page as an item.
 *
 * One addition is a conversation of requests through the daemon's own HTTP client, address
 * guard and host gate: the address itself, then, where a feed is wanted, the candidates found
 * (feed/discovery.h), best first, until they are known to be feeds. What comes of it is stored
 * by the writer:
 *
 *     the address is a feed             -> that feed
 *     the page is an article            -> an item (its site's feeds are listed)
 *     one feed found, or one chosen     -> that feed
 *     several                           -> nothing yet: all are listed, to choose from
 *     none                              -> the page as an item
 *
 * Loop thread only.
 */
#ifndef PIPELINE_ADDER_H
#define PIPELINE_ADDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "feed/discovery.h"
#include "pipeline/following.h"
#include "pipeline/poller.h"

struct adder;

enum add_kind { ADD_ANY, ADD_FEED, ADD_ITEM };

struct add_request {
    const char *url;
    enum add_kind kind; /* what the editor means; ADD_ANY: what the page is */
    size_t feed;        /* number in the list, from 1; 0: none chosen */
};

enum add_outcome {
    ADDED_FEED,
    ADDED_FEED_KNOWN, /* it is followed already */
    ADDED_ITEM,
    ADDED_ITEM_KNOWN, /* it is that item already */
    ADDED_NOTHING,    /* several feeds: choose one */
};

struct added_feed {
    const char *url, *title, *format; /* title, format: NULL when not read as a feed */
    size_t entries;
    enum discovery_origin origin;
    bool read; /* it is a feed; else only announced */
};

/* Borrowed for the call of on_added. */
struct add_result {
    enum add_outcome outcome;
    const struct added_feed *feeds; /* in the order to choose from */
    size_t feed_count;
    size_t feed;                    /* index of the one that was added or is known */
    const char *feed_name;          /* under which it is followed */
    const struct store_added *item; /* NULL unless an item */
};

/* Runs exactly once: later, on the loop, or from adder_stop() with FAULT_CANCELLED. `result` is
 * NULL with a fault, whose kind says whose doing it is: CONFIG the address or choice, LIMIT the
 * address guard or a limit, NETWORK and GONE the server, PARSE what it sent, STORE ours. */
typedef void add_done_fn(
    void *data, const struct add_result *result, const struct fault *fault);

/* All borrowed; they must outlive the adder. */
struct adder_parts {
    struct loop *loop;
    struct http_client *client;
    struct writer *writer;       /* stores items */
    struct following *following; /* stores feeds and follows them; whose rules judge */
    struct poller *poller;       /* for its host gate */
    const struct address_range *allowed;
    size_t allowed_count;
    void (*on_item)(void *data); /* an item was stored; may be NULL */
    void *data;
};

enum { ADDITIONS_MAX = 8 }; /* at a time: each may hold a few pages in memory */

struct adder *adder_new(const struct adder_parts *parts);

/* Start. Fails at once with FAULT_CONFIG for what is no http(s) address, FAULT_LIMIT when
 * ADDITIONS_MAX are under way; then on_added does not run. */
must_check bool adder_start(struct adder *adder, const struct add_request *request,
    add_done_fn *on_added, void *data, struct fault *fault);

/* Cancel what runs: their on_added is called before this returns. NULL is harmless. */
void adder_stop(struct adder *adder);

/* After adder_stop() and after the loop has run dry. NULL is harmless. */
void adder_free(struct adder *adder);

/* The answer of the API and of `briefd add --json`, one object:
 *     {"outcome": "feed"|"feed_known"|"item"|"item_known"|"choose", "feeds": [{"number", "url",
 *     "title", "format", "entries", "from"}], "feed": {…, "name"}|null, "item": {"id", "key",
 *     "title", "url", "source", "section", "published", "first_seen"}|null} */
void add_result_write_json(const struct add_result *result, struct buffer *out);

#endif
