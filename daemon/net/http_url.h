/* What a request needs to know of URLs, asked of curl's own parser: what curl will do with a
 * URL is decided by that one and no other. No I/O; any thread.
 *
 * Texts handed out are the caller's, freed with curl_free(); NULL means that there is none or
 * that the URL cannot be read, which curl finds words for when it comes to it.
 */
#ifndef NET_HTTP_URL_H
#define NET_HTTP_URL_H

#include <stdbool.h>

#include "base/fault.h"

/* Is `url` one that can be asked at all? Then its host, and whether it carries a user's name.
 * FAULT_CONFIG else, whose sentence shows no password. The scheme is checked here, so that
 * "file:" is a mistake in the configuration and not something that goes wrong on the wire. */
must_check bool http_url_read(
    const char *url, char **ret_host, bool *ret_has_credentials, struct fault *fault);

/* Host and port as they stand in `url` (NULL: both are). */
void http_url_split(const char *url, char **ret_host, char **ret_port);

/* `url` without its credentials. */
char *http_url_without_credentials(const char *url);

/* Where a redirect from `url` to `location` leads, absolute; NULL also where that is neither
 * http nor https. */
char *http_url_redirect(const char *url, const char *location);

#endif
