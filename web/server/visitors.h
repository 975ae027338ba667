/* Connections that nobody is served on: how to have room for who comes next.
 *
 * A connection that says nothing costs a descriptor and some memory until its time is over.
 * There is a most of connections, and a few thousand silent ones, kept open by mistake or on
 * purpose, would shut out everybody else. So when room becomes scarce, the one that has been
 * silent longest is closed for each that comes. Silent is who has not asked, who is still
 * asking (headers or a body byte by byte), and who was answered and has not asked again; never
 * who waits for an answer or is being given one.
 *
 * Loop thread only.
 */
#ifndef WEB_SERVER_VISITORS_H
#define WEB_SERVER_VISITORS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

struct visitor {
    int socket;
    bool asked;  /* a request has come */
    bool silent; /* in the list */
    TAILQ_ENTRY(visitor) in_silent;
};

TAILQ_HEAD(visitor_list, visitor);

struct visitors {
    size_t count;
    size_t unasked;             /* of them: no request has begun yet */
    size_t enough;              /* from so many on, one goes for each that comes */
    struct visitor_list silent; /* longest silence first */
};

/* `most` is what the server takes at all. */
void visitors_init(struct visitors *visitors, size_t most);

/* Somebody connected; maybe another one is shut down for it. Freed by visitors_remove(). */
struct visitor *visitors_add(struct visitors *visitors, int socket);

/* The connection is closed. */
void visitors_remove(struct visitors *visitors, struct visitor *visitor);

/* Its request has begun to arrive; it may still take a while. */
void visitors_note_asked(struct visitors *visitors, struct visitor *visitor);

/* The request is there and is being answered. */
void visitors_note_served(struct visitors *visitors, struct visitor *visitor);

/* It has its answer. */
void visitors_note_answered(struct visitors *visitors, struct visitor *visitor);

#endif
