/* What curl says about a failed request, as a sentence an editor understands. PURE.
 *
 * The sentences name hosts, never whole URLs, so that no password or token of a feed's address
 * reaches a log or a health line.
 */
#ifndef NET_HTTP_FAULT_H
#define NET_HTTP_FAULT_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/* How far a request has come with the host it talks to now; later is further. */
enum http_phase {
    HTTP_PHASE_LOOKUP,  /* waits for the name's addresses */
    HTTP_PHASE_CONNECT, /* TCP and TLS */
    HTTP_PHASE_REQUEST, /* connected; asked */
    HTTP_PHASE_ANSWER,  /* the answer's first line has come */
};

struct http_failure {
    CURLcode code;
    enum http_phase phase;
    long os_error;           /* CURLINFO_OS_ERRNO */
    long verify_result;      /* CURLINFO_SSL_VERIFYRESULT: an X509_V_ERR_… of OpenSSL */
    const char *host;        /* of the URL asked last */
    const char *authority;   /* host, with the port when the URL names one */
    const char *redirect_to; /* where the last answer wanted to send us, or "" */
    int64_t timeout_ms;
    int64_t connect_timeout_ms;
    int64_t body_bytes; /* that had come */
    size_t max_bytes;
    size_t max_redirects;
};

/* Fill `fault`. LIMIT for what passed a limit of ours, NETWORK for all else. Returns false. */
bool http_fault_set(struct fault *fault, const struct http_failure *failure);

#endif
