/* The sanitiser. Its output, as another reader (gumbo's HTML5 tree) understands it, has no
 * element, attribute or scheme outside the lists below, which are written anew here: a slip in
 * the product's table must not excuse itself. And sanitising twice is sanitising once. */
#include <gumbo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "feed/html.h"
#include "input.h"

enum { TREE_MAX_BYTES = 64 << 10 }; /* gumbo's cost is not linear */

static const char elements[] =
    " html head body a abbr b bdi bdo blockquote br caption cite code dd del details dfn div "
    "dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt "
    "ruby s samp small strong sub summary sup table tbody td tfoot th thead time tr u ul var "
    "wbr ";
static const char attributes[] =
    " href title src alt width height start value colspan rowspan ";

static bool is_listed(const char *list, const char *name)
{
    char padded[32];
    int length = snprintf(padded, sizeof(padded), " %s ", name);
    return length < (int)sizeof(padded) && strchr(name, ' ') == NULL &&
        strstr(list, padded) != NULL;
}

static bool has_scheme(const char *url, const char *scheme)
{
    return strncasecmp(url, scheme, strlen(scheme)) == 0;
}

static void check_attribute(const GumboAttribute *attribute)
{
    const char *name = attribute->name, *value = attribute->value;
    fuzz_require(is_listed(attributes, name), "attribute '%s'", name);
    if (strcmp(name, "href") == 0) {
        fuzz_require(has_scheme(value, "http://") || has_scheme(value, "https://") ||
                has_scheme(value, "mailto:"),
            "href '%s'", value);
    } else if (strcmp(name, "src") == 0) {
        fuzz_require(
            has_scheme(value, "http://") || has_scheme(value, "https://"), "src '%s'", value);
    }
}

static void check_element(const GumboElement *element)
{
    const char *name = gumbo_normalized_tagname(element->tag);
    fuzz_require(element->tag_namespace == GUMBO_NAMESPACE_HTML, "foreign element <%s>", name);
    fuzz_require(
        element->tag != GUMBO_TAG_UNKNOWN && is_listed(elements, name), "element <%s>", name);
    for (unsigned i = 0; i < element->attributes.length; i++) {
        check_attribute(element->attributes.data[i]);
    }
}

static const GumboNode *next_node(const GumboNode *node, const GumboNode *root)
{
    if (node->type == GUMBO_NODE_ELEMENT && node->v.element.children.length > 0) {
        return node->v.element.children.data[0];
    }
    while (node != root) {
        const GumboVector *siblings = &node->parent->v.element.children;
        if (node->index_within_parent + 1 < siblings->length) {
            return siblings->data[node->index_within_parent + 1];
        }
        node = node->parent;
    }
    return NULL;
}

static void check_tree(const char *html)
{
    GumboOutput *output = gumbo_parse(html);
    for (const GumboNode *node = output->root; node != NULL;
         node = next_node(node, output->root)) {
        fuzz_require(node->type != GUMBO_NODE_COMMENT && node->type != GUMBO_NODE_CDATA &&
                node->type != GUMBO_NODE_TEMPLATE,
            "a comment, CDATA section or template");
        if (node->type == GUMBO_NODE_ELEMENT) {
            check_element(&node->v.element);
        }
    }
    gumbo_destroy_output(&kGumboDefaultOptions, output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(fuzz_freep) char *base_url = fuzz_take_field(&input, "Base-URL");
    cleanup(arena_release) struct arena arena = {0};
    const char *once = html_sanitize(&arena, input.cursor, fuzz_left(&input), base_url);
    const char *twice = html_sanitize(&arena, once, strlen(once), base_url);
    if (once == NULL || twice == NULL) { /* "never NULL", says its header */
        abort();
    }
    fuzz_require(strcmp(once, twice) == 0, "sanitised once:\n%s\ntwice:\n%s", once, twice);
    if (strlen(once) <= TREE_MAX_BYTES) {
        check_tree(once);
    }
    return 0;
}
