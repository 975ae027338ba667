/* shutdown() and not close(): the descriptor is libmicrohttpd's, which learns of the end as of
 * any client that goes, and closes it.
 *
 * Rejected: libmicrohttpd's own limit alone (who comes late waits until idle ones time out,
 * half a minute); a shorter idle time when many are there (a desk that is read for a minute
 * would connect anew for each click); a limit for each address (behind a proxy all come from
 * one). */
#include "web/server/visitors.h"

#include <stdlib.h>
#include <sys/socket.h>

enum { ROOM_PART = 8 }; /* of all connections: kept free for who comes next */

void visitors_init(struct visitors *visitors, size_t most)
{
    *visitors = (struct visitors){.enough = most - most / ROOM_PART};
    TAILQ_INIT(&visitors->silent);
}

static void leave_silent(struct visitors *visitors, struct visitor *visitor)
{
    if (visitor->silent) {
        TAILQ_REMOVE(&visitors->silent, visitor, in_silent);
        visitor->silent = false;
    }
}

static void enter_silent(struct visitors *visitors, struct visitor *visitor)
{
    leave_silent(visitors, visitor);
    TAILQ_INSERT_TAIL(&visitors->silent, visitor, in_silent);
    visitor->silent = true;
}

static void make_room(struct visitors *visitors)
{
    struct visitor *oldest = TAILQ_FIRST(&visitors->silent);
    if (visitors->count > visitors->enough && oldest != NULL) {
        leave_silent(visitors, oldest);
        shutdown(oldest->socket, SHUT_RDWR);
    }
}

struct visitor *visitors_add(struct visitors *visitors, int socket)
{
    struct visitor *visitor = calloc(1, sizeof(*visitor));
    if (visitor == NULL) {
        abort();
    }
    visitor->socket = socket;
    visitors->count++;
    visitors->unasked++;
    make_room(visitors); /* before it is in the list itself */
    enter_silent(visitors, visitor);
    return visitor;
}

void visitors_remove(struct visitors *visitors, struct visitor *visitor)
{
    visitors->count--;
    visitors->unasked -= !visitor->asked;
    leave_silent(visitors, visitor);
    free(visitor);
}

void visitors_note_asked(struct visitors *visitors, struct visitor *visitor)
{
    visitors->unasked -= !visitor->asked;
    visitor->asked = true;
}

void visitors_note_served(struct visitors *visitors, struct visitor *visitor)
{
    leave_silent(visitors, visitor);
}

void visitors_note_answered(struct visitors *visitors, struct visitor *visitor)
{
    enter_silent(visitors, visitor);
}
