/* The page to log in on: a form that works without a script, in light and dark, in Chinese or
 * English. PURE. */
#ifndef WEB_SERVER_LOGIN_PAGE_H
#define WEB_SERVER_LOGIN_PAGE_H

#include <stdint.h>

#include "base/buffer.h"

enum login_trouble {
    LOGIN_NO_TROUBLE,
    LOGIN_WRONG,   /* name or password */
    LOGIN_LAST,    /* the same, and no guess is left */
    LOGIN_CROWDED, /* too many guesses */
};

struct login_page {
    const char *title; /* of the newsletter */
    bool chinese;
    enum login_trouble trouble;
    int left;       /* guesses, with LOGIN_WRONG */
    int64_t wait_s; /* before the next guess, or after the last one that is left */
    int64_t remembered_s;
    const char *name; /* as it was typed; NULL: nothing was */
    const char *next; /* where to go on; checked with login_is_place() */
};

void login_page_write(const struct login_page *page, struct buffer *out);

/* Whether it is a path of this server and nothing else: what stands in an address must not
 * send anybody who has logged in to another one. */
bool login_is_place(const char *path);

/* Which of its two languages an Accept-Language wants first; `otherwise` when it names none. */
bool login_wants_chinese(const char *accept_language, bool otherwise);

#endif
