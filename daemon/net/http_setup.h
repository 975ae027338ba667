/* What curl is told of a request before it runs: from struct http_options to an easy handle.
 * The callbacks, which hold the limits that curl does not, are the request's own
 * (http_request.c). Loop thread only.
 */
#ifndef NET_HTTP_SETUP_H
#define NET_HTTP_SETUP_H

#include <curl/curl.h>

#include "net/http_client.h"

/* The header fields that `options` ask for; caller frees with curl_slist_free_all(), NULL when
 * there are none. FAULT_CONFIG: a value has a line break or is too long. */
must_check bool http_setup_headers(
    const struct http_options *options, struct curl_slist **ret_headers, struct fault *fault);

/* Everything of `options` but its callbacks; `headers` are borrowed until `easy` is cleaned up,
 * the rest is copied. */
void http_setup_easy(
    CURL *easy, const struct http_options *options, struct curl_slist *headers);

/* One option more. It fails only for want of memory, which ends the process, or of a feature
 * that Debian's libcurl has, which aborts it. */
#define http_setup(easy, option, value)                                                        \
    http_setup_require(curl_easy_setopt((easy), (option), (value)), #option)
void http_setup_require(CURLcode code, const char *option);

#endif
