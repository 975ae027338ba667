/* Splitting, resolving and writing URLs.
 *
 * Feeds are full of URLs that RFC 3986 forbids and every browser opens: spaces around and
 * inside, line breaks in the middle, backslashes, Chinese paths and hosts, "http:/host". So the
 * reference is cleaned as the WHATWG URL Standard does it, split by the grammar of RFC 3986
 * appendix B, resolved by its section 5.2, and written with its escapes: the result is plain
 * ASCII.
 *
 * Rejected: libcurl's URL parser for the splitting. Its CURLU_URLENCODE takes blanks, but it
 * keeps backslashes, refuses scheme-relative references without a base and gives no difference
 * between an absent and an empty part; and its IDNA conversion depends on the process locale
 * (idn2_lookup_ul), which a PURE module must not. libidn2, the library that curl itself uses,
 * is therefore called directly. */
#include "feed/url_parts.h"

#include <ctype.h>
#include <idn2.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* The schemes the WHATWG standard calls special: backslash is slash, a host is required. */
static const struct {
    const char *name;
    const char *port;
} special_schemes[] = {
    {"http", "80"}, {"https", "443"}, {"ftp", "21"}, {"ws", "80"}, {"wss", "443"}};

static const char *special_port(const char *scheme)
{
    for (size_t i = 0; i < array_count(special_schemes); i++) {
        if (strcmp(special_schemes[i].name, scheme) == 0) {
            return special_schemes[i].port;
        }
    }
    return NULL;
}

bool url_parts_is_http(const struct url_parts *parts)
{
    return strcmp(parts->scheme, "http") == 0 || strcmp(parts->scheme, "https") == 0;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte of the escape at `text`, -1 when there is none. */
static int escaped_byte(const char *text)
{
    if (text[0] != '%' || hex_value(text[1]) < 0 || hex_value(text[2]) < 0) {
        return -1;
    }
    return hex_value(text[1]) * 16 + hex_value(text[2]);
}

char *url_percent_decode(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_strndup(arena, text, length);
    char *to = copy;
    for (const char *from = copy; *from != '\0';) {
        int byte = escaped_byte(from);
        *to++ = byte > 0 ? (char)byte : *from; /* %00 would cut the string: it stays */
        from += byte > 0 ? 3 : 1;
    }
    *to = '\0';
    return copy;
}

char *url_percent_normalize(struct arena *arena, const char *text)
{
    char *normal = arena_alloc(arena, strlen(text) * 3 + 1);
    char *to = normal;
    while (*text != '\0') {
        int byte = escaped_byte(text);
        if (byte > 0 && (isalnum(byte) || strchr("-._~", byte) != NULL)) {
            *to++ = (char)byte;
        } else if (byte >= 0) {
            *to++ = '%';
            *to++ = (char)toupper((unsigned char)text[1]);
            *to++ = (char)toupper((unsigned char)text[2]);
        } else if (*text == '%') {
            memcpy(to, "%25", 3);
            to += 3;
        } else {
            *to++ = *text;
        }
        text += byte >= 0 ? 3 : 1;
    }
    *to = '\0';
    return normal;
}

/* Trim blanks and controls around, drop line breaks and tabs inside (WHATWG "basic URL parser",
 * steps 1-3). NULL when nothing or too much is left. */
static char *clean(struct arena *arena, const char *text)
{
    while (*text != '\0' && (unsigned char)*text <= ' ') {
        text++;
    }
    size_t length = strnlen(text, URL_MAX_BYTES + 1);
    while (length > 0 && (unsigned char)text[length - 1] <= ' ') {
        length--;
    }
    if (length > URL_MAX_BYTES) {
        return NULL;
    }
    char *copy = arena_strndup(arena, text, length);
    char *to = copy;
    for (const char *from = copy; *from != '\0'; from++) {
        if (*from != '\t' && *from != '\n' && *from != '\r') {
            *to++ = *from;
        }
    }
    *to = '\0';
    return copy;
}

/* What must not stand raw: RFC 3986 has no place for these in any part. '%' is an escape or,
 * when two hex digits do not follow, kept as browsers keep it. */
static bool must_escape(unsigned char c)
{
    switch (c) { /* asked for every character of every link */
    case '"':
    case '<':
    case '>':
    case '\\':
    case '^':
    case '`':
    case '{':
    case '|':
    case '}':
        return true;
    default:
        return c <= ' ' || c >= 0x7f;
    }
}

char *url_percent_encode(struct arena *arena, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t extra = 0;
    for (const char *p = text; *p != '\0'; p++) {
        extra += must_escape((unsigned char)*p) ? 2 : 0;
    }
    if (extra == 0) {
        return arena_strdup(arena, text);
    }
    char *escaped = arena_alloc(arena, strlen(text) + extra + 1);
    char *to = escaped;
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (must_escape(c)) {
            *to++ = '%';
            *to++ = digits[c >> 4];
            *to++ = digits[c & 15];
        } else {
            *to++ = *p;
        }
    }
    *to = '\0';
    return escaped;
}

static bool take_scheme(struct arena *arena, char **text, struct url_parts *parts)
{
    char *p = *text;
    if (!isalpha((unsigned char)*p)) {
        return false;
    }
    while (isalnum((unsigned char)*p) || (*p != '\0' && strchr("+-.", *p) != NULL)) {
        p++;
    }
    if (*p != ':') {
        return false;
    }
    parts->scheme = arena_strndup(arena, *text, (size_t)(p - *text));
    for (char *c = parts->scheme; *c != '\0'; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
    *text = p + 1;
    return true;
}

/* Fragment and query are cut off first: backslashes mean slashes only before them. */
static void take_tail(struct arena *arena, char *text, struct url_parts *parts)
{
    char *hash = strchr(text, '#');
    if (hash != NULL) {
        *hash = '\0';
        parts->fragment = url_percent_encode(arena, hash + 1);
    }
    char *mark = strchr(text, '?');
    if (mark != NULL) {
        *mark = '\0';
        parts->query = url_percent_encode(arena, mark + 1);
    }
}

/* Beyond ASCII nothing is left here. */
static bool is_host_byte(unsigned char c)
{
    switch (c) {
    case '"':
    case '#':
    case '%':
    case '/':
    case ':':
    case '<':
    case '>':
    case '?':
    case '@':
    case '[':
    case '\\':
    case ']':
    case '^':
    case '`':
    case '{':
    case '|':
    case '}':
        return false;
    default:
        return c > ' ' && c < 0x7f;
    }
}

static bool host_is_valid(const char *host)
{
    if (host[0] == '[') {
        return strspn(host + 1, "0123456789abcdef:.") + 2 == strlen(host) &&
            host[strlen(host) - 1] == ']';
    }
    for (const char *p = host; *p != '\0'; p++) {
        if (!is_host_byte((unsigned char)*p)) {
            return false;
        }
    }
    return host[0] != '\0' && host[0] != '.';
}

/* Lower case, escapes decoded, IDNA (UTS 46 non-transitional, as browsers do), no final dot. */
static bool normalize_host(struct arena *arena, const char *raw, char **ret_host)
{
    char *host = url_percent_decode(arena, raw, strlen(raw));
    bool ascii = true;
    for (char *p = host; *p != '\0'; p++) {
        ascii = ascii && (unsigned char)*p < 0x80;
        *p = (char)((unsigned char)*p < 0x80 ? tolower((unsigned char)*p) : *p);
    }
    if (!ascii) {
        uint8_t *encoded = NULL;
        if (idn2_lookup_u8((const uint8_t *)host, &encoded,
                IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK) {
            return false;
        }
        host = arena_strdup(arena, (const char *)encoded);
        idn2_free(encoded);
    }
    size_t length = strlen(host);
    if (strstr(host, "..") != NULL) {
        return false;
    }
    if (length > 1 && host[length - 1] == '.') {
        host[length - 1] = '\0';
    }
    *ret_host = host;
    return host_is_valid(host);
}

static bool normalize_port(struct arena *arena, const char *raw, struct url_parts *parts)
{
    raw += strspn(raw, "0") - (strspn(raw, "0") > 0 && strspn(raw, "0") == strlen(raw));
    size_t digits = strspn(raw, "0123456789");
    if (raw[digits] != '\0' || digits > 5) {
        return false;
    }
    const char *own = special_port(parts->scheme);
    if (digits > 0 && (own == NULL || strcmp(raw, own) != 0)) {
        parts->port = arena_strdup(arena, raw);
    }
    return true;
}

/* The host of a scheme that is not special stays as it is, but must not read as something else
 * (forbidden host code points of the WHATWG standard): "x://a:b:" would come out as a host with
 * port b. */
static bool opaque_host_is_valid(const char *host)
{
    const char *end = host[0] == '[' ? strchr(host, ']') : NULL;
    return end != NULL ? end[1] == '\0' : strpbrk(host, ":[]") == NULL;
}

static bool take_authority(
    struct arena *arena, const char *text, size_t length, struct url_parts *parts)
{
    char *authority = arena_strndup(arena, text, length);
    char *at = strrchr(authority, '@');
    if (at != NULL) {
        *at = '\0';
        parts->userinfo = at > authority ? url_percent_encode(arena, authority) : NULL;
        authority = at + 1;
    }
    char *bracket = strrchr(authority, ']');
    char *colon = strrchr(bracket == NULL ? authority : bracket, ':');
    if (colon != NULL) {
        *colon = '\0';
        if (!normalize_port(arena, colon + 1, parts)) {
            return false;
        }
    }
    if (special_port(parts->scheme) != NULL) {
        return normalize_host(arena, authority, &parts->host);
    }
    parts->host = url_percent_encode(arena, authority);
    return opaque_host_is_valid(parts->host);
}

/* "." and ".." also when escaped, as the WHATWG standard reads them. */
static int dot_count(const char *segment, size_t length)
{
    int dots = 0;
    for (size_t i = 0; i < length; dots++) {
        if (segment[i] == '.') {
            i++;
        } else if (length - i >= 3 && strncasecmp(segment + i, "%2e", 3) == 0) {
            i += 3;
        } else {
            return 0;
        }
    }
    return dots <= 2 ? dots : 0;
}

void url_remove_dot_segments(char *path)
{
    if (path[0] != '/') {
        return;
    }
    char *to = path;
    const char *from = path;
    while (*from == '/') {
        size_t length = strcspn(from + 1, "/");
        int dots = dot_count(from + 1, length);
        bool last = from[1 + length] == '\0';
        if (dots == 2) {
            while (to > path && *--to != '/') {
            }
        }
        if (dots > 0) {
            if (last) {
                *to++ = '/';
            }
        } else {
            memmove(to, from, length + 1);
            to += length + 1;
        }
        from += length + 1;
    }
    *to = '\0';
}

/* RFC 3986 section 5.2.3: the base's path up to its last slash, then the reference. */
static char *merge_paths(struct arena *arena, const struct url_parts *base, const char *path)
{
    const char *slash = strrchr(base->path, '/');
    if (slash == NULL) {
        return arena_printf(arena, "%s%s", base->host != NULL ? "/" : "", path);
    }
    return arena_printf(arena, "%.*s%s", (int)(slash - base->path + 1), base->path, path);
}

static void inherit(struct arena *arena, const struct url_parts *base, struct url_parts *parts)
{
    parts->userinfo = base->userinfo;
    parts->host = base->host;
    parts->port = base->port;
    if (parts->path[0] == '\0') {
        parts->path = base->path;
        parts->query = parts->query != NULL ? parts->query : base->query;
    } else if (parts->path[0] != '/') {
        parts->path = merge_paths(arena, base, parts->path);
    }
}

/* Behind the scheme: authority, path, query, fragment. */
static bool take_rest(
    struct arena *arena, char *text, const struct url_parts *base, struct url_parts *parts)
{
    bool absolute = base == NULL;
    bool special = special_port(parts->scheme) != NULL;
    take_tail(arena, text, parts);
    for (char *p = text; special && *p != '\0'; p++) {
        *p = *p == '\\' ? '/' : *p;
    }
    size_t slashes = strspn(text, "/");
    if (slashes >= 2 || (special && absolute)) {
        /* a special scheme has a host whatever the number of slashes: "http:/host",
         * "http:///host" */
        char *authority = text + (special ? slashes : 2);
        size_t length = strcspn(authority, "/");
        if (!take_authority(arena, authority, length, parts)) {
            return false;
        }
        text = authority + length;
        absolute = true;
    }
    parts->path = url_percent_encode(arena, text);
    if (!absolute) {
        inherit(arena, base, parts);
    }
    if (special || parts->host != NULL) {
        url_remove_dot_segments(parts->path);
    }
    if (special && parts->path[0] == '\0') {
        parts->path = arena_strdup(arena, "/");
    }
    return true;
}

bool url_parts_resolve(struct arena *arena, const struct url_parts *base, const char *reference,
    struct url_parts *ret_parts)
{
    char *text = reference == NULL ? NULL : clean(arena, reference);
    if (text == NULL) {
        return false;
    }
    *ret_parts = (struct url_parts){0};
    if (take_scheme(arena, &text, ret_parts)) {
        /* "http:page.html" is relative when the base has the same scheme (RFC 3986
         * section 5.4.2, WHATWG "special relative or authority state"). */
        bool relative = base != NULL && special_port(ret_parts->scheme) != NULL &&
            text[0] != '/' && text[0] != '\\' && strcmp(base->scheme, ret_parts->scheme) == 0;
        return take_rest(arena, text, relative ? base : NULL, ret_parts);
    }
    if (base == NULL) {
        return false;
    }
    bool hierarchical = base->path[0] == '/' || base->host != NULL;
    if (!hierarchical && text[0] != '#') {
        return false; /* nothing can be relative to "mailto:a@b" but a fragment */
    }
    ret_parts->scheme = base->scheme;
    return take_rest(arena, text, base, ret_parts);
}

struct piece {
    const char *before, *part, *behind; /* all three, or nothing when `part` is NULL */
};

static const char *unless_empty(const char *part)
{
    return part == NULL || part[0] == '\0' ? NULL : part;
}

/* Every link of every feed comes through here: pieces cost a fifth of a format. */
char *url_parts_join(struct arena *arena, const struct url_parts *parts)
{
    const struct piece pieces[] = {
        {"", parts->scheme, ":"},
        {"//", parts->host == NULL ? NULL : "", ""},
        {"", unless_empty(parts->userinfo), "@"},
        {"", parts->host, ""},
        {":", unless_empty(parts->port), ""},
        {"", parts->path, ""},
        {"?", parts->query, ""},
        {"#", parts->fragment, ""},
    };
    size_t length = 1;
    for (size_t i = 0; i < array_count(pieces); i++) {
        length += pieces[i].part == NULL ? 0 : strlen(pieces[i].part) + 3;
    }
    char *url = arena_alloc(arena, length), *end = url;
    for (size_t i = 0; i < array_count(pieces); i++) {
        if (pieces[i].part != NULL) {
            end = stpcpy(
                stpcpy(stpcpy(end, pieces[i].before), pieces[i].part), pieces[i].behind);
        }
    }
    return url;
}
