/* One pass of the automaton finds the literals of all lists; what makes a hit a match (its
 * field, word boundaries) is checked per hit, which is rare. Literals that differ only in list
 * or field are separate entries: the automaton keeps equal ones in one place anyway.
 *
 * Regexes run one by one on the original text. Joining them into one alternation was rejected:
 * it reports only the leftmost branch, and one catastrophic branch would silence all. */
#include "briefing/keyword.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "briefing/automaton.h"
#include "briefing/fold.h"
#include "briefing/pattern.h"

enum {
    REGEX_TEXT_MAX_BYTES = 64 << 10,
    REGEX_MATCHES_MAX = 16,
    /* PCRE2's own default of ten million steps is about a second; no sane pattern needs more
     * than a few thousand on a summary. */
    REGEX_MATCH_LIMIT = 100000,
    REGEX_DEPTH_LIMIT = 5000,
    REGEX_HEAP_LIMIT_KIB = 4096,
    REGEX_PADDING_BYTES = 32,
};

struct literal {
    const char *written;
    uint32_t list;
    uint32_t length; /* folded bytes */
    uint8_t fields;
    bool left_border; /* the neighbour there must be no word character */
    bool right_border;
    bool prefix;          /* the match goes on to the end of the word */
    const bool *capitals; /* [length] which bytes must come from capitals; NULL: any may */
};

struct regex {
    const char *written;
    uint32_t list;
    uint8_t fields;
    pcre2_code *code;
};

struct keyword_set {
    const struct fold_table *table;
    struct arena arena;
    struct literal *literals;
    struct automaton_literal *bytes; /* parallel to literals */
    size_t literal_count, literal_capacity, bytes_capacity;
    struct regex *regexes;
    size_t regex_count, regex_capacity;
    /* frozen by keyword_set_build() */
    struct automaton *automaton;
    pcre2_match_context *limits;
    unsigned literal_fields; /* fields that some literal looks at */
    unsigned regex_fields;
};

struct keyword_set *keyword_set_new(const struct fold_table *table)
{
    struct keyword_set *set = calloc(1, sizeof(*set));
    if (set == NULL) {
        memory_exhausted();
    }
    set->table = table;
    return set;
}

void keyword_set_free(struct keyword_set *set)
{
    if (set == NULL) {
        return;
    }
    for (size_t i = 0; i < set->regex_count; i++) {
        pcre2_code_free(set->regexes[i].code);
    }
    pcre2_match_context_free(set->limits);
    automaton_free(set->automaton);
    arena_release(&set->arena);
    free(set);
}

/* --- adding --- */

static bool has_word_or_han(const struct folded *folded)
{
    for (uint32_t i = 0; i < folded->length; i++) {
        unsigned char byte = (unsigned char)folded->text[i];
        if (byte >= 0x80 || fold_is_word(byte)) {
            return true;
        }
    }
    return false;
}

/* For each folded byte, whether the pattern has a capital there. */
static const bool *note_capitals(struct keyword_set *set, const struct folded *folded)
{
    bool *capitals = arena_new_array(&set->arena, bool, folded->length);
    for (uint32_t i = 0; i < folded->length; i++) {
        capitals[i] = fold_was_capital(folded, i);
    }
    return capitals;
}

static bool add_literal(struct keyword_set *set, uint32_t list, const char *written,
    const struct pattern *pattern, struct fault *fault)
{
    struct folded folded = fold_text(set->table, &set->arena, pattern->body, pattern->length);
    if (!has_word_or_han(&folded)) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s' has no letter or digit: write a word, or a /regex/ for signs",
            written);
    }
    if (memmem(folded.text, folded.length, "\xef\xbf\xbd", 3) != NULL) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s' is not valid UTF-8: save the file as UTF-8", written);
    }
    bool right_word = fold_is_word(fold_before(&folded, folded.length));
    if (pattern->kind == PATTERN_PREFIX && !right_word) {
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s' matches inside a text anyway: write it without the '*'", written);
    }
    if (set->literal_count == set->literal_capacity) {
        set->literals = arena_grow(
            &set->arena, set->literals, sizeof(*set->literals), &set->literal_capacity);
        set->bytes = arena_grow(
            &set->arena, set->bytes, sizeof(*set->bytes), &set->bytes_capacity);
    }
    set->bytes[set->literal_count] = (struct automaton_literal){folded.text, folded.length};
    set->literals[set->literal_count++] = (struct literal){
        .written = written,
        .list = list,
        .length = folded.length,
        .fields = (uint8_t)pattern->fields,
        .left_border = fold_is_word(fold_at(&folded, 0)),
        .right_border = right_word && pattern->kind != PATTERN_PREFIX,
        .prefix = pattern->kind == PATTERN_PREFIX,
        .capitals = pattern->exact_case ? note_capitals(set, &folded) : NULL,
    };
    return true;
}

static bool refuse_regex(const char *written, int error, size_t offset, struct fault *fault)
{
    char cause[128] = "";
    pcre2_get_error_message(error, (PCRE2_UCHAR *)cause, sizeof(cause));
    return fault_set(fault, FAULT_CONFIG,
        "keyword '%s': %s at byte %zu of the regular expression; leave the slashes out to look "
        "for the text as it stands",
        written, cause, offset);
}

static bool add_regex(struct keyword_set *set, uint32_t list, const char *written,
    const struct pattern *pattern, struct fault *fault)
{
    int error;
    size_t offset;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern->body, pattern->length,
        PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_MATCH_INVALID_UTF |
            PCRE2_NEVER_BACKSLASH_C,
        &error, &offset, NULL);
    if (code == NULL) {
        return refuse_regex(written, error, offset, fault);
    }
    uint32_t matches_nothing = 0;
    pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &matches_nothing);
    if (matches_nothing) {
        pcre2_code_free(code);
        return fault_set(fault, FAULT_CONFIG,
            "keyword '%s' can match an empty text, so it would match everywhere: write '+' for "
            "'*', or take out a '?' or an empty branch",
            written);
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without JIT the interpreter does it */
    if (set->regex_count == set->regex_capacity) {
        set->regexes = arena_grow(
            &set->arena, set->regexes, sizeof(*set->regexes), &set->regex_capacity);
    }
    set->regexes[set->regex_count++] = (struct regex){
        written, list, (uint8_t)pattern->fields, code};
    return true;
}

bool keyword_set_add(
    struct keyword_set *set, uint32_t list, const char *text, struct fault *fault)
{
    struct pattern pattern;
    const char *written = arena_strdup(&set->arena, text);
    if (!pattern_parse(written, &pattern, fault)) {
        return false;
    }
    return pattern.kind == PATTERN_REGEX ? add_regex(set, list, written, &pattern, fault)
                                         : add_literal(set, list, written, &pattern, fault);
}

void keyword_set_build(struct keyword_set *set)
{
    set->automaton = automaton_new(set->bytes, set->literal_count);
    for (size_t i = 0; i < set->literal_count; i++) {
        set->literal_fields |= set->literals[i].fields;
    }
    for (size_t i = 0; i < set->regex_count; i++) {
        set->regex_fields |= set->regexes[i].fields;
    }
    set->limits = pcre2_match_context_create(NULL);
    if (set->limits == NULL) {
        memory_exhausted();
    }
    pcre2_set_match_limit(set->limits, REGEX_MATCH_LIMIT);
    pcre2_set_depth_limit(set->limits, REGEX_DEPTH_LIMIT);
    pcre2_set_heap_limit(set->limits, REGEX_HEAP_LIMIT_KIB);
}

/* --- finding --- */

struct finder {
    const struct keyword_set *set;
    struct arena *arena;
    struct keyword_matches *matches;
    enum keyword_field field;
    const struct folded *folded;
    pcre2_match_data *match_data;
    size_t limited;
};

static void add_match(struct finder *finder, struct keyword_match match)
{
    struct keyword_matches *matches = finder->matches;
    if (matches->count == matches->capacity) {
        matches->items = arena_grow(
            finder->arena, matches->items, sizeof(*matches->items), &matches->capacity);
    }
    matches->items[matches->count++] = match;
}

static uint32_t find_word_end(const struct folded *folded, uint32_t at)
{
    while (at < folded->length && fold_is_word(fold_at(folded, at))) {
        do {
            at++;
        } while (((unsigned char)folded->text[at] & 0xc0) == 0x80);
    }
    return at;
}

static bool has_capitals(
    const struct folded *folded, const struct literal *literal, uint32_t start)
{
    for (uint32_t i = 0; literal->capitals != NULL && i < literal->length; i++) {
        if (fold_was_capital(folded, start + i) != literal->capitals[i]) {
            return false;
        }
    }
    return true;
}

static void on_literal(void *context, uint32_t number, uint32_t end)
{
    struct finder *finder = context;
    const struct literal *literal = &finder->set->literals[number];
    const struct folded *folded = finder->folded;
    uint32_t start = end - literal->length;
    if (!(literal->fields & finder->field) ||
        (literal->left_border && fold_is_word(fold_before(folded, start))) ||
        (literal->right_border && fold_is_word(fold_at(folded, end))) ||
        !has_capitals(folded, literal, start)) {
        return;
    }
    struct keyword_match match = {
        .list = literal->list, .field = finder->field, .pattern = literal->written};
    if (literal->prefix) {
        end = find_word_end(folded, end);
    }
    fold_span(folded, start, end, &match.offset, &match.length);
    add_match(finder, match);
}

static void find_literals(struct finder *finder, const char *text, size_t length)
{
    struct folded folded = fold_text(finder->set->table, finder->arena, text, length);
    finder->folded = &folded;
    automaton_scan(finder->set->automaton, folded.text, folded.length, on_literal, finder);
    finder->folded = NULL;
}

/* The JIT's own small stack is no reason to give up: the interpreter has the heap limit. */
static int match_once(const struct finder *finder, const struct regex *regex, const char *text,
    size_t length, size_t start)
{
    int found = pcre2_match(regex->code, (PCRE2_SPTR)text, length, start, 0, finder->match_data,
        finder->set->limits);
    if (found == PCRE2_ERROR_JIT_STACKLIMIT) {
        found = pcre2_match(regex->code, (PCRE2_SPTR)text, length, start, PCRE2_NO_JIT,
            finder->match_data, finder->set->limits);
    }
    return found;
}

static void find_regex(
    struct finder *finder, const struct regex *regex, const char *text, size_t length)
{
    const size_t *ends = pcre2_get_ovector_pointer(finder->match_data);
    size_t start = 0;
    for (int i = 0; i < REGEX_MATCHES_MAX && start < length; i++) {
        int found = match_once(finder, regex, text, length, start);
        if (found < 0) {
            finder->limited += found != PCRE2_ERROR_NOMATCH;
            return;
        }
        if (ends[1] <= ends[0]) { /* \K in a lookahead can turn a match around */
            return;
        }
        add_match(finder,
            (struct keyword_match){.list = regex->list,
                .field = finder->field,
                .offset = (uint32_t)ends[0],
                .length = (uint32_t)(ends[1] - ends[0]),
                .pattern = regex->written});
        start = ends[1];
    }
}

static int compare_matches(const void *left, const void *right)
{
    const struct keyword_match *a = left, *b = right;
    if (a->field != b->field) {
        return a->field < b->field ? -1 : 1;
    }
    if (a->offset != b->offset) {
        return a->offset < b->offset ? -1 : 1;
    }
    if (a->length != b->length) {
        return a->length > b->length ? -1 : 1;
    }
    return a->list < b->list ? -1 : a->list > b->list;
}

/* PCRE2's compiled code reads whole vectors around the text. That is harmless, but a memory
 * checker cannot know it: the copy has room on both sides. */
static const char *copy_for_regex(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_zalloc(arena, length + 2 * REGEX_PADDING_BYTES);
    memcpy(copy + REGEX_PADDING_BYTES, text, length);
    return copy + REGEX_PADDING_BYTES;
}

static void find_regexes(struct finder *finder, const char *text, size_t length)
{
    const struct keyword_set *set = finder->set;
    if (length > REGEX_TEXT_MAX_BYTES) {
        length = REGEX_TEXT_MAX_BYTES;
    }
    text = copy_for_regex(finder->arena, text, length);
    for (size_t i = 0; i < set->regex_count; i++) {
        if (set->regexes[i].fields & finder->field) {
            find_regex(finder, &set->regexes[i], text, length);
        }
    }
}

static void find_in_field(struct finder *finder, enum keyword_field field, const char *text)
{
    if (text == NULL) {
        return;
    }
    size_t length = strlen(text);
    finder->field = field;
    if (finder->set->literal_fields & field) {
        find_literals(finder, text, length);
    }
    if (finder->set->regex_fields & field) {
        find_regexes(finder, text, length);
    }
}

void keyword_set_find(const struct keyword_set *set, struct arena *arena,
    const struct keyword_texts *texts, struct keyword_matches *ret_matches, size_t *ret_limited)
{
    *ret_matches = (struct keyword_matches){0};
    struct finder finder = {.set = set, .arena = arena, .matches = ret_matches};
    if (set->regex_count > 0) {
        finder.match_data = pcre2_match_data_create(1, NULL);
        if (finder.match_data == NULL) {
            memory_exhausted();
        }
    }
    find_in_field(&finder, KEYWORD_TITLE, texts->title);
    find_in_field(&finder, KEYWORD_SUMMARY, texts->summary);
    find_in_field(&finder, KEYWORD_SOURCE, texts->source);
    find_in_field(&finder, KEYWORD_URL, texts->url);
    pcre2_match_data_free(finder.match_data);
    if (ret_matches->count > 1) {
        qsort(ret_matches->items, ret_matches->count, sizeof(*ret_matches->items),
            compare_matches);
    }
    if (ret_limited != NULL) {
        *ret_limited = finder.limited;
    }
}
