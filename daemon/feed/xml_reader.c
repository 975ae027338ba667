/* Problem: read hostile XML fast and without following anything it points at.
 *
 * Approach: a SAX2 handler of our own, so libxml2 builds no tree and keeps no entity table; the
 * whole document goes in as one chunk, which spares the push parser its searches for the end of
 * a CDATA section over chunk borders. libxml2 hands attribute values over with '&' still
 * written as
 * "&#38;" and references to non-standard entities untouched (parser.c 2.9.14,
 * xmlParseAttValueComplex), so values are decoded here.
 *
 * Entities: declared values are expanded once, at their declaration, with everything they refer
 * to. A "billion laughs" doubles there, level by level, and meets VALUE_MAX; a large one
 * referred to often meets EXPANSION_MAX. External entities do not exist for us.
 *
 * Rejected: XML_PARSE_NOENT with libxml2's amplification check, whose threshold is about bytes
 * parsed and not about bytes we would store; xmlReader and DOM (1.5 times the time, measured).
 */
#include "feed/xml_reader.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "base/buffer.h"
#include "feed/charset.h"

enum {
    ATTRIBUTES_MAX = 64,
    URI_CACHE = 32,
    ENTITIES_MAX = 256,
    VALUE_MAX = 16 << 10,      /* one entity, expanded */
    EXPANSION_MAX = 256 << 10, /* all references to declared entities of a document */
    FLOOD_ATTRIBUTES = 2048,   /* in one tag; libxml2 compares each with each (2.9.14) */
    FLOOD_BYTES = 8192,        /* the shortest text that can hold so many */
    NAMESPACES_MAX = 1024,     /* in scope: each is looked at for every prefixed name */
};

struct declared_entity {
    struct declared_entity *next;
    const char *name;
    const char *value;
    size_t length;
};

struct xml_reader {
    struct arena *arena;
    const struct xml_handlers *handlers;
    xmlParserCtxtPtr parser;
    struct fault *fault;
    struct xml_outcome *outcome;
    size_t depth;
    uint16_t declared[XML_DEPTH_MAX]; /* namespaces, by the element at that depth */
    size_t namespaces_in_scope;
    bool limit_passed;
    struct {
        const xmlChar *uri; /* interned by the parser's dictionary */
        enum xml_namespace ns;
    } uris[URI_CACHE];
    struct declared_entity *entities;
    size_t entity_count, expanded_bytes;
    xmlEntity answer; /* what get_entity() returns: libxml2 copies from it at once */
    char answer_text[8];
    struct buffer values; /* decoded attribute values of the current tag */
    struct xml_attribute attributes[ATTRIBUTES_MAX];
};

/* ---- small things ---- */

static void stop(struct xml_reader *reader)
{
    xmlStopParser(reader->parser);
}

static void pass_limit(struct xml_reader *reader, const char *what)
{
    if (!reader->limit_passed) {
        reader->limit_passed = true;
        fault_set(reader->fault, FAULT_LIMIT, "%s", what);
        stop(reader);
    }
}

static void note_problem(struct xml_reader *reader, const char *message)
{
    reader->outcome->well_formed = false;
    if (reader->outcome->problem[0] == '\0') {
        snprintf(reader->outcome->problem, sizeof(reader->outcome->problem), "%s", message);
    }
}

static enum xml_namespace find_namespace(
    struct xml_reader *reader, const xmlChar *uri, const xmlChar *prefix)
{
    if (uri == NULL) {
        return prefix == NULL ? NS_NONE : namespace_of_prefix((const char *)prefix);
    }
    for (size_t i = 0; i < URI_CACHE && reader->uris[i].uri != NULL; i++) {
        if (reader->uris[i].uri == uri) {
            return reader->uris[i].ns;
        }
    }
    enum xml_namespace ns = namespace_find((const char *)uri);
    for (size_t i = 0; i < URI_CACHE; i++) {
        if (reader->uris[i].uri == NULL) {
            reader->uris[i].uri = uri;
            reader->uris[i].ns = ns;
            break;
        }
    }
    return ns;
}

const char *xml_tag_attribute_ns(
    const struct xml_tag *tag, enum xml_namespace ns, const char *name)
{
    for (size_t i = 0; i < tag->attribute_count; i++) {
        if (tag->attributes[i].ns == ns && strcasecmp(tag->attributes[i].name, name) == 0) {
            return tag->attributes[i].value;
        }
    }
    return NULL;
}

const char *xml_tag_attribute(const struct xml_tag *tag, const char *name)
{
    return xml_tag_attribute_ns(tag, NS_NONE, name);
}

/* ---- entities ---- */

static const struct declared_entity *find_declared(
    const struct xml_reader *reader, const char *name, size_t length)
{
    for (const struct declared_entity *e = reader->entities; e != NULL; e = e->next) {
        if (strncmp(e->name, name, length) == 0 && e->name[length] == '\0') {
            return e;
        }
    }
    return NULL;
}

static const struct {
    const char *name;
    char byte;
} xml_entities[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

/* The code point that `name` stands for in XML or HTML 4, 0 for none. */
static unsigned find_standard_entity(const char *name, size_t length)
{
    char copy[16];
    if (length == 0 || length >= sizeof(copy)) {
        return 0;
    }
    memcpy(copy, name, length);
    copy[length] = '\0';
    for (size_t i = 0; i < array_count(xml_entities); i++) {
        if (strcmp(xml_entities[i].name, copy) == 0) {
            return (unsigned char)xml_entities[i].byte;
        }
    }
    const htmlEntityDesc *html = htmlEntityLookup((const xmlChar *)copy);
    return html == NULL ? 0 : html->value;
}

bool xml_entity_is_known(const char *name, size_t length)
{
    return find_standard_entity(name, length) != 0;
}

/* Append what the reference "name" between '&' and ';' means; false when it means nothing. */
static bool append_reference(
    struct xml_reader *reader, struct buffer *out, const char *name, size_t length)
{
    if (name[0] == '#') {
        bool is_hex = length > 1 && (name[1] == 'x' || name[1] == 'X');
        unsigned long code = strtoul(name + (is_hex ? 2 : 1), NULL, is_hex ? 16 : 10);
        buffer_put_codepoint(out, code > 0x10ffff ? 0xfffd : (unsigned)code);
        return true;
    }
    const struct declared_entity *declared = find_declared(reader, name, length);
    if (declared != NULL) {
        reader->expanded_bytes += declared->length;
        buffer_append(out, declared->value, declared->length);
        return true;
    }
    unsigned code = find_standard_entity(name, length);
    return code != 0 && buffer_put_codepoint(out, code);
}

/* Copy `text`, replacing references. */
static void append_decoded(
    struct xml_reader *reader, struct buffer *out, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        const char *amp = memchr(text, '&', (size_t)(end - text));
        buffer_append(out, text, (size_t)((amp == NULL ? end : amp) - text));
        if (amp == NULL) {
            return;
        }
        const char *semicolon = memchr(
            amp, ';', (size_t)(end - amp) < 64 ? (size_t)(end - amp) : 64);
        if (semicolon != NULL &&
            append_reference(reader, out, amp + 1, (size_t)(semicolon - amp - 1))) {
            text = semicolon + 1;
        } else {
            buffer_putc(out, '&');
            text = amp + 1;
        }
    }
}

static void on_entity_declared(void *context, const xmlChar *name, int type,
    const xmlChar *public_id, const xmlChar *system_id, xmlChar *content)
{
    struct xml_reader *reader = context;
    if (type != XML_INTERNAL_GENERAL_ENTITY || content == NULL ||
        reader->entity_count == ENTITIES_MAX) {
        return;
    }
    struct buffer value;
    buffer_init(&value, VALUE_MAX);
    append_decoded(reader, &value, (const char *)content, strlen((const char *)content));
    if (buffer_failed(&value)) {
        pass_limit(
            reader, "its entities multiply beyond the limit (a \"billion laughs\" file)");
    } else {
        struct declared_entity *entity = arena_new(reader->arena, struct declared_entity);
        entity->name = arena_strdup(reader->arena, (const char *)name);
        entity->value = arena_strndup(reader->arena, value.data, value.length);
        entity->length = value.length;
        entity->next = reader->entities;
        reader->entities = entity;
        reader->entity_count++;
    }
    buffer_release(&value);
}

/* In character data libxml2 copies the whole text of a "predefined" entity; in an attribute it
 * takes only its first byte, but leaves a reference to a general one for us to decode. */
static xmlEntityPtr on_entity_asked(void *context, const xmlChar *name)
{
    struct xml_reader *reader = context;
    if (reader->parser->inSubset != 0) {
        return NULL;
    }
    size_t length = strlen((const char *)name);
    const struct declared_entity *declared = find_declared(reader, (const char *)name, length);
    if (declared != NULL) {
        reader->expanded_bytes += declared->length;
        if (reader->expanded_bytes > EXPANSION_MAX) {
            pass_limit(reader, "its entities multiply beyond the limit");
        }
        reader->answer.content = (xmlChar *)declared->value;
        reader->answer.length = (int)declared->length;
    } else {
        unsigned code = find_standard_entity((const char *)name, length);
        if (code == 0) {
            return NULL;
        }
        if (reader->parser->hasExternalSubset == 0) { /* the DTD of RSS 0.91 declares them */
            note_problem(reader, "HTML's entities in XML");
        }
        struct buffer text;
        buffer_init(&text, sizeof(reader->answer_text) - 1);
        buffer_put_codepoint(&text, code);
        memcpy(reader->answer_text, text.data, text.length + 1);
        reader->answer.content = (xmlChar *)reader->answer_text;
        reader->answer.length = (int)text.length;
        buffer_release(&text);
    }
    bool in_attribute = reader->parser->instate == XML_PARSER_ATTRIBUTE_VALUE;
    reader->answer.type = XML_ENTITY_DECL;
    reader->answer.name = name;
    reader->answer.etype = in_attribute ? XML_INTERNAL_GENERAL_ENTITY
                                        : XML_INTERNAL_PREDEFINED_ENTITY;
    reader->answer.checked = 2; /* "seen, holds no '<'": keeps the parser from parsing it */
    return &reader->answer;
}

/* A reference the parser could not resolve but, with an external DTD, must tolerate. */
static void on_reference(void *context, const xmlChar *name)
{
    struct xml_reader *reader = context;
    char text[80];
    int length = snprintf(text, sizeof(text), "&%s;", (const char *)name);
    if (length > 0 && (size_t)length < sizeof(text)) {
        reader->handlers->text(reader->handlers->context, text, (size_t)length);
    }
}

/* ---- events ---- */

/* libxml2 gives five pointers an attribute: local name, prefix, URI, value, end of value. */
static size_t take_attributes(struct xml_reader *reader, int count, const xmlChar **raw)
{
    size_t kept = 0;
    size_t offsets[ATTRIBUTES_MAX];
    buffer_clear(&reader->values);
    for (int i = 0; i < count && kept < ATTRIBUTES_MAX; i++, raw += 5) {
        const char *value = (const char *)raw[3];
        offsets[kept] = reader->values.length;
        append_decoded(reader, &reader->values, value, (size_t)((const char *)raw[4] - value));
        buffer_putc(&reader->values, '\0');
        if (buffer_failed(&reader->values)) {
            break;
        }
        reader->attributes[kept].name = (const char *)raw[0];
        reader->attributes[kept].ns = find_namespace(reader, raw[2], raw[1]);
        kept++;
    }
    for (size_t i = 0; i < kept; i++) { /* only now: the buffer moves while it grows */
        reader->attributes[i].value = reader->values.data + offsets[i];
    }
    return kept;
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int namespace_count, const xmlChar **namespaces, int attribute_count,
    int defaulted_count, const xmlChar **attributes)
{
    struct xml_reader *reader = context;
    if (reader->limit_passed || reader->outcome->stopped) {
        return;
    }
    if (reader->depth == XML_DEPTH_MAX) {
        pass_limit(reader, "its elements are nested too deeply");
        return;
    }
    reader->declared[reader->depth] = (uint16_t)namespace_count;
    reader->namespaces_in_scope += reader->declared[reader->depth];
    if (reader->namespaces_in_scope > NAMESPACES_MAX) {
        pass_limit(reader, "it declares a thousand namespaces");
        return;
    }
    struct xml_tag tag = {
        .name = (const char *)name,
        .prefix = (const char *)prefix,
        .ns = find_namespace(reader, uri, prefix),
        .attributes = reader->attributes,
        .attribute_count = take_attributes(reader, attribute_count, attributes),
    };
    reader->depth++;
    if (!reader->handlers->start(reader->handlers->context, &tag)) {
        reader->outcome->stopped = true;
        stop(reader);
    }
}

static void on_end(
    void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml_reader *reader = context;
    if (reader->depth > 0 && !reader->outcome->stopped && !reader->limit_passed) {
        reader->depth--;
        reader->namespaces_in_scope -= reader->declared[reader->depth];
        reader->handlers->end(reader->handlers->context);
    }
}

static void on_text(void *context, const xmlChar *text, int length)
{
    struct xml_reader *reader = context;
    if (!reader->outcome->stopped && !reader->limit_passed) {
        reader->handlers->text(reader->handlers->context, (const char *)text, (size_t)length);
    }
}

/* libxml2's words for `error`, on one line and in valid UTF-8: it cuts names anywhere. */
static void describe_error(
    const struct xml_reader *reader, const xmlError *error, char *text, size_t size)
{
    const char *words = error->message == NULL ? "not well-formed" : error->message;
    if (error->code == XML_ERR_DOCUMENT_END && reader->depth > 0) {
        words = "the document stops in the middle";
    }
    int length = snprintf(text, size, "line %d: %s", error->line, words);
    length = length >= (int)size ? (int)size - 1 : length;
    while (length > 0 && text[length - 1] == '\n') {
        text[--length] = '\0';
    }
    for (char *p = text; !utf8_is_valid(text, (size_t)length) && *p != '\0'; p++) {
        *p = (*p & 0x80) != 0 ? '?' : *p;
    }
}

/* Called for every error; those of namespaces are no reason to stop, but are told. */
static void on_error(void *context, xmlErrorPtr error)
{
    struct xml_reader *reader = context;
    if (error->level < XML_ERR_ERROR || reader->outcome->stopped || reader->limit_passed) {
        return;
    }
    if (error->domain == XML_FROM_NAMESPACE && error->code != XML_NS_ERR_UNDEFINED_NAMESPACE) {
        return; /* such as a relative namespace URI: odd, but read as meant */
    }
    char words[sizeof(reader->outcome->problem)];
    describe_error(reader, error, words, sizeof(words));
    note_problem(reader, words);
}

static void setup_handler(xmlSAXHandler *sax)
{
    *sax = (xmlSAXHandler){
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .reference = on_reference,
        .entityDecl = on_entity_declared,
        .getEntity = on_entity_asked,
        .serror = on_error,
    };
}

static size_t count_attributes(const char *at, const char *end)
{
    size_t count = 0;
    while ((at = memchr(at, '=', (size_t)(end - at))) != NULL) {
        at++;
        count += at < end && (*at == '"' || *at == '\'') ? 1 : 0;
    }
    return count;
}

/* Is there a tag with thousands of attributes? '<' cannot stand inside a tag, so it would be a
 * stretch of FLOOD_BYTES without one. Such a stretch covers a whole block of half the size, and
 * nearly every block shows its '<' in the first bytes. */
static bool has_attribute_flood(const char *data, size_t length)
{
    const char *end = data + length, *at = data;
    while (at < end) {
        size_t left = (size_t)(end - at);
        size_t block = left < FLOOD_BYTES / 2 ? left : FLOOD_BYTES / 2;
        if (memchr(at, '<', block) != NULL) {
            at += block;
            continue;
        }
        const char *start = memrchr(data, '<', (size_t)(at - data));
        const char *next = memchr(at, '<', left);
        at = next == NULL ? end : next;
        if (count_attributes(start == NULL ? data : start, at) > FLOOD_ATTRIBUTES) {
            return true;
        }
    }
    return false;
}

bool xml_read(struct arena *arena, const char *data, size_t length, bool lenient,
    const struct xml_handlers *handlers, struct xml_outcome *ret_outcome, struct fault *fault)
{
    *ret_outcome = (struct xml_outcome){.well_formed = true};
    if (length > INT_MAX) {
        return fault_set(fault, FAULT_LIMIT, "the document is larger than 2 GB");
    }
    if (has_attribute_flood(data, length)) {
        return fault_set(fault, FAULT_LIMIT, "one of its tags has thousands of attributes");
    }
    struct xml_reader *reader = arena_new(arena, struct xml_reader);
    reader->arena = arena;
    reader->handlers = handlers;
    reader->fault = fault;
    reader->outcome = ret_outcome;
    buffer_init(&reader->values, length + 4096);
    xmlSAXHandler sax;
    setup_handler(&sax);
    reader->parser = xmlCreatePushParserCtxt(&sax, reader, NULL, 0, NULL);
    if (reader->parser == NULL) {
        memory_exhausted();
    }
    xmlCtxtUseOptions(reader->parser,
        XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_IGNORE_ENC |
            (lenient ? XML_PARSE_RECOVER : 0));
    xmlSwitchEncoding(reader->parser, XML_CHAR_ENCODING_UTF8);
    xmlParseChunk(reader->parser, data, (int)length, 1);
    ret_outcome->fatal = reader->parser->wellFormed == 0 && !ret_outcome->stopped;
    if (ret_outcome->fatal) {
        note_problem(reader, "not well-formed");
    }
    while (reader->depth > 0) {
        reader->depth--;
        handlers->end(handlers->context);
    }
    xmlDocPtr scaffold = reader->parser->myDoc; /* made for entity declarations */
    reader->parser->myDoc = NULL;
    xmlFreeDoc(scaffold);
    xmlFreeParserCtxt(reader->parser);
    buffer_release(&reader->values);
    return !reader->limit_passed;
}
