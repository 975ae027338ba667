/* The name of a page's own <style> for its Content-Security-Policy (CSP 3, 2.3.1), so that no
 * page of ours needs 'unsafe-inline'. PURE.
 */
#ifndef WEB_SERVER_STYLE_HASH_H
#define WEB_SERVER_STYLE_HASH_H

#include "base/arena.h"

/* 'sha256-…' with its quotes, of the first <style> inside the <head> of `html`, which ends with
 * NUL; NULL: there is none. Lives in the arena. */
const char *style_hash(struct arena *arena, const char *html);

#endif
