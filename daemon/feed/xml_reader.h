/* XML as events, well-formed or not: libxml2's push parser behind three callbacks. PURE.
 *
 * xml_read() parses strictly and stops at the first thing that is not XML; the caller then
 * mends the text (feed/xml_mend.h) and reads again with `lenient`. Most feeds are well-formed
 * and pay nothing for the others. Nothing is loaded, no entity is expanded by libxml2: HTML's
 * names and small entities of the document itself are replaced here, within a limit.
 */
#ifndef FEED_XML_READER_H
#define FEED_XML_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"
#include "feed/namespace.h"

enum { XML_DEPTH_MAX = 512 };

struct xml_attribute {
    enum xml_namespace ns;
    const char *name;
    const char *value; /* decoded */
};

/* Borrowed until the callback returns, except `name` and `prefix`: interned for the whole
 * parse, so equal names are equal pointers. */
struct xml_tag {
    const char *name;   /* local */
    const char *prefix; /* NULL: none */
    enum xml_namespace ns;
    const struct xml_attribute *attributes;
    size_t attribute_count;
};

/* The value of the attribute without namespace (case does not matter), or NULL. */
const char *xml_tag_attribute(const struct xml_tag *tag, const char *name);
/* The same in namespace `ns`. */
const char *xml_tag_attribute_ns(
    const struct xml_tag *tag, enum xml_namespace ns, const char *name);

/* True for the names XML and HTML 4 define: "amp", "nbsp", "eacute". */
bool xml_entity_is_known(const char *name, size_t length);

struct xml_handlers {
    /* False stops the parse: the caller has seen enough. */
    bool (*start)(void *context, const struct xml_tag *tag);
    /* Exactly one for every start, also when the document was cut or the parse stopped. */
    void (*end)(void *context);
    void (*text)(void *context, const char *text, size_t length);
    void *context;
};

struct xml_outcome {
    bool well_formed;  /* and nothing HTML's, nothing undeclared in it */
    bool fatal;        /* the parser lost its way: what came after is missing */
    bool stopped;      /* by a handler */
    char problem[160]; /* the first error in words, when not well-formed */
};

/* Parse valid UTF-8. Fails only with FAULT_LIMIT: nesting deeper than XML_DEPTH_MAX, entities
 * that multiply. Scratch memory comes from `arena`. */
must_check bool xml_read(struct arena *arena, const char *data, size_t length, bool lenient,
    const struct xml_handlers *handlers, struct xml_outcome *ret_outcome, struct fault *fault);

#endif
