/* XML namespaces of feeds: their URIs are many spellings of few meanings. PURE. */
#ifndef FEED_NAMESPACE_H
#define FEED_NAMESPACE_H

enum xml_namespace {
    NS_NONE, /* no namespace at all */
    NS_RSS,  /* any of the RSS ones, 0.90 to 2.0 */
    NS_RSS090,
    NS_ATOM03,
    NS_ATOM10,
    NS_RDF,
    NS_XML,
    NS_XHTML,
    NS_CONTENT,
    NS_DC,
    NS_DCTERMS,
    NS_SYNDICATION,
    NS_ITUNES,
    NS_MEDIA,
    NS_ARXIV,
    NS_PRISM,
    NS_BRIEFD, /* ours, in OPML: feed/opml.h */
    NS_OTHER,
};

/* The meaning of `uri` (without case, with or without a slash at its end). */
enum xml_namespace namespace_find(const char *uri);

/* The meaning people have in mind who use `prefix` and forget to declare it; NS_OTHER if
 * unknown. */
enum xml_namespace namespace_of_prefix(const char *prefix);

#endif
