/* Problem: "SSL peer certificate or SSH remote key was not OK" tells an editor nothing, and
 * curl's own buffer may quote the URL with its password.
 *
 * Approach: one small writer for each kind of failure that a reader can act upon differently,
 * found through a table by curl's code; what is left falls back to curl's fixed text and the
 * host's name.
 */
#include "net/http_fault.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/attributes.h"
#include "base/shown_url.h"

typedef bool failure_writer(struct fault *fault, const struct http_failure *failure);

static bool write_lookup(struct fault *fault, const struct http_failure *failure)
{
    return fault_set(fault, FAULT_NETWORK, "could not find host '%s'", failure->host);
}

/* errno of connect(2) -> what happened; completes "… <authority>". */
static const struct {
    int os_error;
    const char *what;
} connect_errors[] = {
    {ECONNREFUSED, "connection refused by"},
    {ENETUNREACH, "no network route to"},
    {EHOSTUNREACH, "no route to"},
    {EADDRNOTAVAIL, "this machine has no address to reach"},
    {EACCES, "a local firewall forbids connections to"},
    {EPERM, "a local firewall forbids connections to"},
    {ETIMEDOUT, "no answer to a connection attempt by"},
    {EMFILE, "too many open files to connect to"},
};

static bool write_connect(struct fault *fault, const struct http_failure *failure)
{
    for (size_t i = 0; i < array_count(connect_errors); i++) {
        if (connect_errors[i].os_error == failure->os_error) {
            return fault_set(
                fault, FAULT_NETWORK, "%s %s", connect_errors[i].what, failure->authority);
        }
    }
    return fault_set(fault, FAULT_NETWORK, "could not connect to %s%s%s", failure->authority,
        failure->os_error != 0 ? ": " : "",
        failure->os_error != 0 ? strerror((int)failure->os_error) : "");
}

static bool write_timeout(struct fault *fault, const struct http_failure *failure)
{
    bool connecting = failure->phase < HTTP_PHASE_REQUEST;
    int64_t limit_ms = connecting && failure->connect_timeout_ms < failure->timeout_ms
        ? failure->connect_timeout_ms
        : failure->timeout_ms;
    double limit_s = (double)limit_ms / 1000;
    switch (failure->phase) {
    case HTTP_PHASE_LOOKUP:
        return fault_set(fault, FAULT_NETWORK, "could not find host '%s' within %g s",
            failure->host, limit_s);
    case HTTP_PHASE_CONNECT:
        return fault_set(fault, FAULT_NETWORK, "no connection to %s within %g s",
            failure->authority, limit_s);
    case HTTP_PHASE_REQUEST:
        return fault_set(fault, FAULT_NETWORK, "no answer within %g s", limit_s);
    case HTTP_PHASE_ANSWER:
        break;
    }
    return fault_set(fault, FAULT_NETWORK,
        "answer not complete within %g s (%" PRId64 " bytes had come)", limit_s,
        failure->body_bytes);
}

/* x509_vfy.h of OpenSSL: the numbers are its stable ABI. */
static const struct {
    long result;
    const char *what;
} certificate_errors[] = {
    {9, "is not valid yet"},
    {10, "has expired"},
    {18, "is self-signed"},
    {19, "is signed by an authority this machine does not know"},
    {20, "is signed by an authority this machine does not know"},
    {21, "came without the certificates of its authority"},
    {23, "has been revoked"},
    {62, "is for another host name"},
    {64, "is for another address"},
};

static bool write_certificate(struct fault *fault, const struct http_failure *failure)
{
    for (size_t i = 0; i < array_count(certificate_errors); i++) {
        if (certificate_errors[i].result == failure->verify_result) {
            return fault_set(fault, FAULT_NETWORK, "certificate of %s %s", failure->host,
                certificate_errors[i].what);
        }
    }
    /* curl compares the names itself, after OpenSSL has found nothing to object to */
    return fault_set(fault, FAULT_NETWORK, "certificate of %s %s", failure->host,
        failure->verify_result == 0 ? "is for another host name" : "cannot be verified");
}

static bool write_redirects(struct fault *fault, const struct http_failure *failure)
{
    return fault_set(
        fault, FAULT_NETWORK, "redirected more than %zu times", failure->max_redirects);
}

/* curl uses one code for a redirect to a forbidden scheme and for an answer without a status
 * line. */
static bool write_protocol(struct fault *fault, const struct http_failure *failure)
{
    if (failure->redirect_to[0] == '\0') {
        return fault_set(fault, FAULT_NETWORK, "%s does not speak HTTP", failure->authority);
    }
    char url[160];
    return fault_set(fault, FAULT_NETWORK, "redirected to %s which is not http or https",
        shown_url_cut(failure->redirect_to, url, sizeof(url)));
}

static bool write_malformed(struct fault *fault, const struct http_failure *failure)
{
    char url[160];
    return fault_set(fault, FAULT_NETWORK, "redirected to '%s' which is no URL",
        shown_url_cut(failure->redirect_to, url, sizeof(url)));
}

static bool write_partial(struct fault *fault, const struct http_failure *failure)
{
    return fault_set(fault, FAULT_NETWORK,
        "%s closed the connection before the answer was complete (%" PRId64 " bytes had come)",
        failure->authority, failure->body_bytes);
}

/* curl 7.88 has no other code for a header line beyond its 100 kB. */
static bool write_memory(struct fault *fault, const struct http_failure *failure)
{
    return fault_set(fault, FAULT_NETWORK,
        "%s sent a header line that is too long, or memory is exhausted", failure->authority);
}

static bool write_silence(struct fault *fault, const struct http_failure *failure)
{
    return fault_set(
        fault, FAULT_NETWORK, "%s closed the connection without an answer", failure->authority);
}

static bool write_receive(struct fault *fault, const struct http_failure *failure)
{
    return fault_set(fault, FAULT_NETWORK,
        "%s reset the connection (%" PRId64 " bytes had come)", failure->authority,
        failure->body_bytes);
}

static bool write_encoding(struct fault *fault, const struct http_failure *failure)
{
    return fault_set(fault, FAULT_NETWORK,
        "%s sent an answer whose compression is broken or unknown", failure->authority);
}

static bool write_nonsense(struct fault *fault, const struct http_failure *failure)
{
    return fault_set(
        fault, FAULT_NETWORK, "%s answered with malformed HTTP", failure->authority);
}

static bool write_size(struct fault *fault, const struct http_failure *failure)
{
    return fault_set(fault, FAULT_LIMIT, "answer is larger than %zu bytes", failure->max_bytes);
}

static bool write_tls(struct fault *fault, const struct http_failure *failure)
{
    return fault_set(
        fault, FAULT_NETWORK, "%s does not speak TLS (https) as it should", failure->authority);
}

static const struct {
    CURLcode code;
    failure_writer *write;
} writers[] = {
    {CURLE_COULDNT_RESOLVE_HOST, write_lookup},
    {CURLE_COULDNT_CONNECT, write_connect},
    {CURLE_OPERATION_TIMEDOUT, write_timeout},
    {CURLE_PEER_FAILED_VERIFICATION, write_certificate},
    {CURLE_SSL_CONNECT_ERROR, write_tls},
    {CURLE_TOO_MANY_REDIRECTS, write_redirects},
    {CURLE_UNSUPPORTED_PROTOCOL, write_protocol},
    {CURLE_URL_MALFORMAT, write_malformed},
    {CURLE_PARTIAL_FILE, write_partial},
    {CURLE_OUT_OF_MEMORY, write_memory},
    {CURLE_GOT_NOTHING, write_silence},
    {CURLE_RECV_ERROR, write_receive},
    {CURLE_SEND_ERROR, write_receive},
    {CURLE_BAD_CONTENT_ENCODING, write_encoding},
    {CURLE_WEIRD_SERVER_REPLY, write_nonsense},
    {CURLE_HTTP2, write_nonsense},
    {CURLE_HTTP2_STREAM, write_nonsense},
    {CURLE_FILESIZE_EXCEEDED, write_size},
};

bool http_fault_set(struct fault *fault, const struct http_failure *failure)
{
    for (size_t i = 0; i < array_count(writers); i++) {
        if (writers[i].code == failure->code) {
            return writers[i].write(fault, failure);
        }
    }
    return fault_set(fault, FAULT_NETWORK, "request to %s failed: %s", failure->authority,
        curl_easy_strerror(failure->code));
}
