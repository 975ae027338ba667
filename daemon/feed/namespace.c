/* The URIs that real feeds use, mistakes included: a trailing slash too many, http for https,
 * the drafts that were published under other names. Looked up once a document and URI (the
 * reader remembers), so a plain table does. */
#include "feed/namespace.h"

#include <string.h>
#include <strings.h>

#include "base/attributes.h"

static const struct {
    const char *uri; /* without scheme and trailing slash */
    enum xml_namespace ns;
} uri_table[] = {
    {"www.w3.org/2005/Atom", NS_ATOM10},
    {"purl.org/atom/ns#", NS_ATOM03},
    {"purl.org/atom/ns", NS_ATOM03},
    {"example.com/newformat#", NS_ATOM03}, /* Atom 0.2 and its forerunners */
    {"example.com/necho", NS_ATOM03},
    {"purl.org/echo", NS_ATOM03},
    {"uri/of/echo/namespace#", NS_ATOM03},
    {"purl.org/pie", NS_ATOM03},
    {"purl.org/rss/1.0", NS_RSS},
    {"backend.userland.com/rss", NS_RSS},
    {"backend.userland.com/rss2", NS_RSS},
    {"blogs.law.harvard.edu/tech/rss", NS_RSS},
    {"cyber.law.harvard.edu/rss/rss.html", NS_RSS},
    {"cyber.law.harvard.edu/rss", NS_RSS},
    {"www.rssboard.org/rss-specification", NS_RSS},
    {"backend.userland.com/rss09", NS_RSS},
    {"backend.userland.com/rss091", NS_RSS},
    {"backend.userland.com/rss092", NS_RSS},
    {"my.netscape.com/rdf/simple/0.9", NS_RSS090},
    {"channel.netscape.com/rdf/simple/0.9", NS_RSS090},
    {"my.netscape.com/publish/formats/rss-0.91.dtd", NS_RSS},
    {"purl.org/net/rss1.1#", NS_RSS},
    {"www.w3.org/1999/02/22-rdf-syntax-ns#", NS_RDF},
    {"www.w3.org/XML/1998/namespace", NS_XML},
    {"www.w3.org/1999/xhtml", NS_XHTML},
    {"www.w3.org/TR/xhtml1/strict", NS_XHTML},
    {"purl.org/rss/1.0/modules/content", NS_CONTENT},
    {"purl.org/dc/elements/1.1", NS_DC},
    {"purl.org/dc/elements/1.0", NS_DC},
    {"purl.org/dc/terms", NS_DCTERMS},
    {"purl.org/rss/1.0/modules/syndication", NS_SYNDICATION},
    {"www.itunes.com/dtds/podcast-1.0.dtd", NS_ITUNES},
    {"www.itunes.com/dtds/podcast-1.0", NS_ITUNES},
    {"itunes.com/dtds/podcast-1.0.dtd", NS_ITUNES},
    {"search.yahoo.com/mrss", NS_MEDIA},
    {"www.rssboard.org/media-rss", NS_MEDIA},
    {"search.yahoo.com/rss", NS_MEDIA},
    {"arxiv.org/schemas/atom", NS_ARXIV},
    {"prismstandard.org/namespaces/basic/2.0", NS_PRISM},
    {"prismstandard.org/namespaces/basic/2.1", NS_PRISM},
    {"prismstandard.org/namespaces/1.2/basic", NS_PRISM},
    {"urn:briefd:opml:1", NS_BRIEFD},
};

static const struct {
    const char *prefix;
    enum xml_namespace ns;
} prefix_table[] = {
    {"xml", NS_XML},
    {"rss", NS_RSS},
    {"atom", NS_ATOM10},
    {"atom10", NS_ATOM10},
    {"a10", NS_ATOM10},
    {"rdf", NS_RDF},
    {"content", NS_CONTENT},
    {"dc", NS_DC},
    {"dcterms", NS_DCTERMS},
    {"sy", NS_SYNDICATION},
    {"itunes", NS_ITUNES},
    {"media", NS_MEDIA},
    {"arxiv", NS_ARXIV},
    {"prism", NS_PRISM},
    {"xhtml", NS_XHTML},
};

enum xml_namespace namespace_find(const char *uri)
{
    if (uri == NULL || uri[0] == '\0') {
        return NS_NONE;
    }
    const char *rest = strstr(uri, "://");
    rest = rest == NULL ? uri : rest + 3;
    size_t length = strlen(rest);
    while (length > 0 && (rest[length - 1] == '/' || rest[length - 1] == ' ')) {
        length--;
    }
    for (size_t i = 0; i < array_count(uri_table); i++) {
        if (strlen(uri_table[i].uri) == length &&
            strncasecmp(uri_table[i].uri, rest, length) == 0) {
            return uri_table[i].ns;
        }
    }
    return NS_OTHER;
}

enum xml_namespace namespace_of_prefix(const char *prefix)
{
    for (size_t i = 0; i < array_count(prefix_table); i++) {
        if (strcasecmp(prefix_table[i].prefix, prefix) == 0) {
            return prefix_table[i].ns;
        }
    }
    return NS_OTHER;
}
