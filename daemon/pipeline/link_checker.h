/* Which links open. The check before publishing asks for every address of a draft; what is not
 * known is asked of its site in the background, politely: through the daemon's own HTTP client
 * and address guard, behind the host gate that the polls use, a few at a time, HEAD first and
 * GET where that is not understood. Answers are kept for some hours.
 *
 * Dead is what readers would find dead: an answer that says so (404, 410, a server that fails
 * for good, a WeChat article taken down), or no answer. What only keeps programs out (403, 429,
 * a login) is not: nobody knows then.
 */
#ifndef PIPELINE_LINK_CHECKER_H
#define PIPELINE_LINK_CHECKER_H

#include <stddef.h>

#include "base/arena.h"
#include "pipeline/following.h"
#include "pipeline/poller.h"

enum {
    LINKS_KEPT = 2048, /* of some dozen drafts; the oldest answer goes first */
    LINKS_AT_ONCE = 4,
};

struct link_checker;

/* All borrowed; they must outlive the checker. */
struct link_checker_parts {
    struct loop *loop;
    struct http_client *client;
    struct following *following; /* whose configuration has timeouts and the agent's name */
    struct poller *poller;       /* for its host gate */
    const struct address_range *allowed;
    size_t allowed_count;
    /* Everything that was asked for is known; loop. */
    void (*on_idle)(void *data);
    void *data;
};

struct link_checker *link_checker_new(const struct link_checker_parts *parts);

enum link_state {
    LINK_PENDING, /* it is being asked, or will be */
    LINK_OPENS,   /* or nobody can say */
    LINK_DEAD,
};

/* What is known of `url`, http(s); what is not is asked for. The reason why it is dead is
 * copied into the arena. NULL checker: nothing is known or asked, LINK_OPENS. Any thread. */
enum link_state link_checker_look(struct link_checker *checker, struct arena *arena,
    const char *url, const char **ret_reason);

/* Cancel what runs, ask nothing more; link_checker_look() may still be called. Loop thread.
 * NULL is harmless. */
void link_checker_stop(struct link_checker *checker);

/* After link_checker_stop() and after the loop has run dry. NULL is harmless. */
void link_checker_free(struct link_checker *checker);

#endif
