/* Rejected: feed/url.h, which is about which URLs are the same one. What curl connects to must
 * be asked of curl, or an address could be one thing to the guard and another on the wire. */
#include "net/http_url.h"

#include <curl/curl.h>
#include <string.h>

#include "base/shown_url.h"

/* NULL when `url` (which may be NULL) cannot be read; else freed with curl_url_cleanup(). */
static CURLU *parse(const char *url)
{
    CURLU *parsed = url == NULL ? NULL : curl_url();
    if (parsed != NULL &&
        curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
        curl_url_cleanup(parsed);
        parsed = NULL;
    }
    return parsed;
}

static char *find_part(CURLU *parsed, CURLUPart part)
{
    char *text = NULL;
    return curl_url_get(parsed, part, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool is_http(CURLU *parsed)
{
    char *scheme = find_part(parsed, CURLUPART_SCHEME);
    bool http = scheme != NULL && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    curl_free(scheme);
    return http;
}

bool http_url_read(
    const char *url, char **ret_host, bool *ret_has_credentials, struct fault *fault)
{
    char shown[200];
    shown_url_cut(url, shown, sizeof(shown));
    CURLU *parsed = curl_url();
    CURLUcode code = curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME);
    char *host = NULL;
    if (code != CURLUE_OK) {
        fault_set(fault, FAULT_CONFIG, "'%s' is no URL: %s", shown, curl_url_strerror(code));
    } else if (!is_http(parsed)) {
        fault_set(fault, FAULT_CONFIG, "'%s' is not http or https", shown);
    } else if ((host = find_part(parsed, CURLUPART_HOST)) == NULL) {
        fault_set(fault, FAULT_CONFIG, "'%s' names no host", shown);
    } else {
        char *user = find_part(parsed, CURLUPART_USER);
        *ret_host = host;
        *ret_has_credentials = user != NULL;
        curl_free(user);
    }
    curl_url_cleanup(parsed);
    return host != NULL;
}

void http_url_split(const char *url, char **ret_host, char **ret_port)
{
    CURLU *parsed = parse(url);
    *ret_host = find_part(parsed, CURLUPART_HOST);
    *ret_port = find_part(parsed, CURLUPART_PORT);
    curl_url_cleanup(parsed);
}

char *http_url_without_credentials(const char *url)
{
    CURLU *parsed = parse(url);
    curl_url_set(parsed, CURLUPART_USER, NULL, 0);
    curl_url_set(parsed, CURLUPART_PASSWORD, NULL, 0);
    char *text = find_part(parsed, CURLUPART_URL);
    curl_url_cleanup(parsed);
    return text;
}

char *http_url_redirect(const char *url, const char *location)
{
    CURLU *parsed = parse(url);
    bool leads = curl_url_set(parsed, CURLUPART_URL, location,
                     CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) == CURLUE_OK &&
        is_http(parsed);
    char *target = leads ? find_part(parsed, CURLUPART_URL) : NULL;
    curl_url_cleanup(parsed);
    return target;
}
