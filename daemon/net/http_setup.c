/* What differs from curl's defaults stands here with its reason; what no request asks for is
 * left to curl. */
#include "net/http_setup.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"

void http_setup_require(CURLcode code, const char *option)
{
    if (code == CURLE_OUT_OF_MEMORY) {
        memory_exhausted();
    }
    if (code != CURLE_OK) {
        log_error("http client: setting %s failed: %s", option, curl_easy_strerror(code));
        abort();
    }
}

/* Validators come from a server's earlier answer: they must not be able to add a header. */
static bool add_header(
    struct curl_slist **headers, const char *name, const char *value, struct fault *fault)
{
    if (value == NULL || value[0] == '\0') {
        return true;
    }
    if (strpbrk(value, "\r\n") != NULL) {
        return fault_set(fault, FAULT_CONFIG, "the value for %s contains a line break", name);
    }
    struct buffer line;
    buffer_init(&line, 16 * 1024);
    bool fits = buffer_printf(&line, "%s: %s", name, value);
    if (fits) {
        struct curl_slist *longer = curl_slist_append(*headers, line.data);
        if (longer == NULL) {
            memory_exhausted();
        }
        *headers = longer;
    } else {
        fault_set(fault, FAULT_CONFIG, "the value for %s is too long", name);
    }
    buffer_release(&line);
    return fits;
}

/* libcurl itself keeps it from any host but the first (7.58). */
static bool add_bearer(struct curl_slist **headers, const char *token, struct fault *fault)
{
    char value[256];
    if (token == NULL) {
        return true;
    }
    int length = snprintf(value, sizeof(value), "Bearer %s", token);
    return length < (int)sizeof(value)
        ? add_header(headers, "Authorization", value, fault)
        : fault_set(fault, FAULT_CONFIG, "the token is too long to be one");
}

bool http_setup_headers(
    const struct http_options *options, struct curl_slist **ret_headers, struct fault *fault)
{
    struct curl_slist *headers = NULL;
    if (!add_header(&headers, "User-Agent", options->user_agent, fault) ||
        !add_header(&headers, "Accept", options->accept, fault) ||
        !add_header(&headers, "If-None-Match", options->etag, fault) ||
        !add_header(&headers, "If-Modified-Since", options->last_modified, fault) ||
        !add_header(&headers, "Content-Type", options->post_type, fault) ||
        !add_bearer(&headers, options->bearer, fault)) {
        curl_slist_free_all(headers);
        return false;
    }
    *ret_headers = headers;
    return true;
}

static void set_wire_options(CURL *easy, const struct http_options *options)
{
    size_t redirects = options->redirected == NULL ? 0 : options->redirected->count;
    http_setup(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    http_setup(easy, CURLOPT_ACCEPT_ENCODING,
        options->keep_gzip ? "gzip" : ""); /* "": all that this libcurl can undo */
    http_setup(easy, CURLOPT_HTTP_CONTENT_DECODING, options->keep_gzip ? 0L : 1L);
    http_setup(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    http_setup(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    http_setup(easy, CURLOPT_FOLLOWLOCATION, 1L);
    http_setup(easy, CURLOPT_MAXREDIRS, (long)(options->max_redirects - redirects));
    /* Debian's libcurl knows a CA file and a CA folder; while both are set it (7.88) does not
     * cache the parsed certificates and reads all of them, 20 to 30 ms, for each connection. */
    http_setup(easy, CURLOPT_CAPATH, NULL);
    http_setup(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    /* A proxy would resolve and connect for us, past the address guard: not even one that the
     * environment names. */
    http_setup(easy, CURLOPT_PROXY, "");
    http_setup(easy, CURLOPT_NOSIGNAL, 1L);
    /* Without it curl joins the resolver's thread when a transfer ends before the name is
     * found, i.e. the loop would wait for as long as a dead DNS server makes getaddrinfo()
     * wait. With it the thread is detached and frees its own memory (libcurl 7.87 and later).
     */
    http_setup(easy, CURLOPT_QUICK_EXIT, 1L);
    http_setup(easy, CURLOPT_TIMEOUT_MS, (long)options->timeout_ms);
    http_setup(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms);
    http_setup(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)options->max_bytes);
}

static void set_method(CURL *easy, const struct http_options *options)
{
    if (options->head) {
        http_setup(easy, CURLOPT_NOBODY, 1L);
    }
    if (options->post == NULL) {
        return;
    }
    if (options->post_bytes > 0) {
        http_setup(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)options->post_bytes);
    }
    http_setup(easy, CURLOPT_COPYPOSTFIELDS, options->post);
}

void http_setup_easy(CURL *easy, const struct http_options *options, struct curl_slist *headers)
{
    http_setup(easy, CURLOPT_URL, options->url);
    http_setup(easy, CURLOPT_HTTPHEADER, headers);
    http_setup(easy, CURLOPT_FORBID_REUSE, options->last_of_host ? 1L : 0L);
    set_method(easy, options);
    set_wire_options(easy, options);
}
