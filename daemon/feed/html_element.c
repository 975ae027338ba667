/* The table is the allow-list: what is not in it with HTML_KEEP does not come out. Elements
 * that only say which part of a page they are become "div"; presentational ones keep their
 * content only. Hidden ones vanish with their content: code, foreign markup (svg, math: the
 * place where sanitisers have been tricked most), form controls, and what browsers show only
 * when something else fails. */
#include "feed/html_element.h"

#include <ctype.h>
#include <string.h>

#include "base/attributes.h"

enum {
    KEEP = HTML_KEEP,
    BLOCK = HTML_KEEP | HTML_BLOCK,
    FENCE = HTML_KEEP | HTML_BLOCK | HTML_BARRIER,
    BREAK = HTML_BLOCK, /* the tag goes, the line break stays */
    HIDDEN = HTML_HIDDEN,
    HIDDEN_RAW = HTML_HIDDEN | HTML_RAW,
    VOID = HTML_VOID,
};

#define PLAIN(element_name, element_flags)                                                     \
    {                                                                                          \
        element_name, element_name, element_flags, HTML_GROUP_NONE, 0                          \
    }
#define GROUP(element_name, element_flags, element_group)                                      \
    {                                                                                          \
        element_name, element_name, element_flags, HTML_GROUP_##element_group, 0               \
    }
#define AS_DIV(element_name)                                                                   \
    {                                                                                          \
        element_name, "div", BLOCK, HTML_GROUP_NONE, 0                                         \
    }

/* By the first letter, sorted: every tag of every article is looked up here. */
static const struct html_element on_a[] = {
    {"a", "a", KEEP, HTML_GROUP_ANCHOR, HTML_TITLE},
    {"abbr", "abbr", KEEP, HTML_GROUP_NONE, HTML_TITLE},
    {"acronym", "abbr", KEEP, HTML_GROUP_NONE, HTML_TITLE},
    AS_DIV("address"),
    PLAIN("applet", HIDDEN),
    PLAIN("area", VOID),
    AS_DIV("article"),
    AS_DIV("aside"),
};

static const struct html_element on_b[] = {
    PLAIN("b", KEEP),
    PLAIN("base", VOID),
    PLAIN("bdi", KEEP),
    PLAIN("bdo", KEEP),
    PLAIN("bgsound", VOID),
    GROUP("blockquote", FENCE, NONE),
    PLAIN("body", BREAK),
    PLAIN("br", HTML_KEEP | HTML_VOID),
    PLAIN("button", HIDDEN),
};

static const struct html_element on_c[] = {
    PLAIN("canvas", HIDDEN),
    GROUP("caption", FENCE, CELL),
    AS_DIV("center"),
    PLAIN("cite", KEEP),
    PLAIN("code", KEEP),
    PLAIN("col", VOID),
    PLAIN("command", VOID),
};

static const struct html_element on_d[] = {
    GROUP("dd", FENCE, DEFINITION),
    PLAIN("del", KEEP),
    PLAIN("details", BLOCK),
    PLAIN("dfn", KEEP),
    PLAIN("dialog", HIDDEN),
    {"dir", "ul", FENCE, HTML_GROUP_LIST, 0},
    PLAIN("div", BLOCK),
    GROUP("dl", FENCE, DEFINITION_LIST),
    GROUP("dt", FENCE, DEFINITION),
};

static const struct html_element on_e[] = {
    PLAIN("em", KEEP),
    PLAIN("embed", VOID),
};

static const struct html_element on_f[] = {
    AS_DIV("fieldset"),
    PLAIN("figcaption", BLOCK),
    PLAIN("figure", BLOCK),
    AS_DIV("footer"),
    PLAIN("form", BREAK),
    PLAIN("frame", VOID),
    PLAIN("frameset", HIDDEN),
};

static const struct html_element on_h[] = {
    GROUP("h1", BLOCK, HEADING),
    GROUP("h2", BLOCK, HEADING),
    GROUP("h3", BLOCK, HEADING),
    GROUP("h4", BLOCK, HEADING),
    GROUP("h5", BLOCK, HEADING),
    GROUP("h6", BLOCK, HEADING),
    AS_DIV("header"),
    PLAIN("hr", BLOCK | HTML_VOID),
    PLAIN("html", 0),
};

static const struct html_element on_i[] = {
    PLAIN("i", KEEP),
    PLAIN("iframe", HIDDEN_RAW),
    PLAIN("image", VOID),
    {"img", "img", HTML_KEEP | HTML_VOID, HTML_GROUP_NONE,
        HTML_ALT | HTML_TITLE | HTML_WIDTH | HTML_HEIGHT},
    PLAIN("input", VOID),
    PLAIN("ins", KEEP),
};

static const struct html_element on_k[] = {
    PLAIN("kbd", KEEP),
    PLAIN("keygen", VOID),
};

static const struct html_element on_l[] = {
    AS_DIV("legend"),
    {"li", "li", FENCE, HTML_GROUP_LIST_ITEM, HTML_VALUE},
    PLAIN("link", VOID),
};

static const struct html_element on_m[] = {
    AS_DIV("main"),
    PLAIN("mark", KEEP),
    PLAIN("math", HIDDEN),
    {"menu", "ul", FENCE, HTML_GROUP_LIST, 0},
    PLAIN("meta", VOID),
};

static const struct html_element on_n[] = {
    AS_DIV("nav"),
    PLAIN("noembed", HIDDEN_RAW),
    PLAIN("noframes", HIDDEN_RAW),
};

static const struct html_element on_o[] = {
    PLAIN("object", HIDDEN),
    {"ol", "ol", FENCE, HTML_GROUP_LIST, HTML_START},
    PLAIN("optgroup", HIDDEN),
    PLAIN("option", HIDDEN),
};

static const struct html_element on_p[] = {
    GROUP("p", BLOCK, PARAGRAPH),
    PLAIN("param", VOID),
    PLAIN("pre", BLOCK),
};

static const struct html_element on_q[] = {
    PLAIN("q", KEEP),
};

static const struct html_element on_r[] = {
    PLAIN("rp", KEEP),
    PLAIN("rt", KEEP),
    PLAIN("ruby", KEEP),
};

static const struct html_element on_s[] = {
    PLAIN("s", KEEP),
    PLAIN("samp", KEEP),
    PLAIN("script", HIDDEN_RAW),
    AS_DIV("section"),
    PLAIN("select", HIDDEN),
    PLAIN("small", KEEP),
    PLAIN("source", VOID),
    {"strike", "s", KEEP, HTML_GROUP_NONE, 0},
    PLAIN("strong", KEEP),
    PLAIN("style", HIDDEN_RAW),
    PLAIN("sub", KEEP),
    PLAIN("summary", BLOCK),
    PLAIN("sup", KEEP),
    PLAIN("svg", HIDDEN),
};

static const struct html_element on_t[] = {
    GROUP("table", FENCE, TABLE),
    GROUP("tbody", FENCE, TABLE_SECTION),
    {"td", "td", FENCE, HTML_GROUP_CELL, HTML_COLSPAN | HTML_ROWSPAN},
    PLAIN("template", HIDDEN),
    PLAIN("textarea", HIDDEN_RAW),
    GROUP("tfoot", FENCE, TABLE_SECTION),
    {"th", "th", FENCE, HTML_GROUP_CELL, HTML_COLSPAN | HTML_ROWSPAN},
    GROUP("thead", FENCE, TABLE_SECTION),
    PLAIN("time", KEEP),
    PLAIN("title", HIDDEN_RAW),
    GROUP("tr", FENCE, ROW),
    PLAIN("track", VOID),
    {"tt", "code", KEEP, HTML_GROUP_NONE, 0},
};

static const struct html_element on_u[] = {
    PLAIN("u", KEEP),
    GROUP("ul", FENCE, LIST),
};

static const struct html_element on_v[] = {
    PLAIN("var", KEEP),
};

static const struct html_element on_w[] = {
    PLAIN("wbr", HTML_KEEP | HTML_VOID),
};

#define LETTER(elements)                                                                       \
    {                                                                                          \
        elements, array_count(elements)                                                        \
    }

static const struct {
    const struct html_element *elements;
    size_t count;
} letters['z' - 'a' + 1] = {
    ['a' - 'a'] = LETTER(on_a),
    ['b' - 'a'] = LETTER(on_b),
    ['c' - 'a'] = LETTER(on_c),
    ['d' - 'a'] = LETTER(on_d),
    ['e' - 'a'] = LETTER(on_e),
    ['f' - 'a'] = LETTER(on_f),
    ['h' - 'a'] = LETTER(on_h),
    ['i' - 'a'] = LETTER(on_i),
    ['k' - 'a'] = LETTER(on_k),
    ['l' - 'a'] = LETTER(on_l),
    ['m' - 'a'] = LETTER(on_m),
    ['n' - 'a'] = LETTER(on_n),
    ['o' - 'a'] = LETTER(on_o),
    ['p' - 'a'] = LETTER(on_p),
    ['q' - 'a'] = LETTER(on_q),
    ['r' - 'a'] = LETTER(on_r),
    ['s' - 'a'] = LETTER(on_s),
    ['t' - 'a'] = LETTER(on_t),
    ['u' - 'a'] = LETTER(on_u),
    ['v' - 'a'] = LETTER(on_v),
    ['w' - 'a'] = LETTER(on_w),
};

static const struct html_element unknown = {"", "", 0, HTML_GROUP_NONE, 0};

const struct html_element *html_element_find(const char *name, size_t length)
{
    char lower[16]; /* longer than any name of the table */
    if (length >= sizeof(lower)) {
        return &unknown;
    }
    for (size_t i = 0; i < length; i++) {
        lower[i] = (char)tolower((unsigned char)name[i]);
    }
    lower[length] = '\0';
    unsigned letter = (unsigned)(lower[0] - 'a');
    size_t count = letter < array_count(letters) ? letters[letter].count : 0;
    for (size_t i = 0; i < count; i++) {
        const struct html_element *element = &letters[letter].elements[i];
        if (element->name[1] == lower[1] && strcmp(element->name, lower) == 0) {
            return element;
        }
    }
    return &unknown;
}
