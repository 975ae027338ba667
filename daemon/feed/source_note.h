/* What a source says instead of a feed, or beside one: the table of such answers. PURE.
 *
 * Bridges and portals answer in their own words when they have nothing, want a login or refuse
 * programs: with an error page, as text, or as a feed without entries. A note names the case;
 * it is kept with the feed's state as a word and shown in the editor's language.
 */
#ifndef FEED_SOURCE_NOTE_H
#define FEED_SOURCE_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

enum source_note {
    SOURCE_NOTE_NONE,
    SOURCE_NOTE_NOTHING_NOW,     /* RSSHub: the route is empty; no failure */
    SOURCE_NOTE_NO_ARTICLES,     /* a WeChat bridge: a feed without entries; no failure */
    SOURCE_NOTE_ROUTE_FAILS,     /* RSSHub: the site behind it could not be read */
    SOURCE_NOTE_RSSHUB_REFUSES,  /* the public instance turns programs away */
    SOURCE_NOTE_ACCOUNT_LOCKED,  /* a WeChat bridge's reading account is throttled */
    SOURCE_NOTE_ACCOUNT_EXPIRED, /* … has to log in again */
    SOURCE_NOTE_NO_ACCOUNT,      /* … has none that works */
    SOURCE_NOTE_ARXIV_ERROR,     /* arXiv's error, written as a feed */
    SOURCE_NOTE_COMMENTS,        /* WordPress: comments, not posts */
    SOURCE_NOTE_BROWSER_CHECK,   /* Cloudflare and the like want a browser */
    SOURCE_NOTE_COUNT,
};

struct source_note_words {
    const char *word;              /* "nothing-now": stored and in JSON, never translated */
    bool failure;                  /* the poll brought nothing that can be used */
    const char *english, *chinese; /* without a full stop */
};

/* Of SOURCE_NOTE_NONE all are NULL. */
const struct source_note_words *source_note_words(enum source_note note);

/* The note of a stored word; SOURCE_NOTE_NONE for NULL and for words of another version. */
enum source_note source_note_of_word(const char *word);

/* What `status` and the beginning of `body` mean from a source of this kind, by the first row
 * of the table that fits. A body with status 200 must be one that is no feed, or a feed without
 * entries: articles may quote anything. Reads at most 64 KiB. *ret_detail points into `body` at
 * the words to quote, *ret_length bytes of them, 0: none. */
enum source_note source_note_of_answer(enum config_kind kind, int status, const char *body,
    size_t length, const char **ret_detail, size_t *ret_length);

#endif
