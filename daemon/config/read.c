/* libconfuse parses and unquotes; what it stores are struct words (a text and its line), made
 * by the one value callback, and this file walks its tree along the tables of schema.c. Types
 * are not its business: its own conversions stop the parse at the first bad value (see
 * value.c).
 *
 * The line: the callback's cfg_t counts lines up to the end of the value, which for a text that
 * spans lines is the last of them. */
#include "config/read.h"

#include <confuse.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/scan.h"
#include "config/schema.h"
#include "config/value.h"

struct word {
    int line;
    char text[];
};

struct reading {
    struct config *config;
    struct problems *problems;
    struct read_names *names;
    char place[200]; /* "feed '量子位'": the section being read */
};

/* ---- libconfuse ---- */

static int on_value(cfg_t *cfg, cfg_opt_t *option, const char *value, void *ret_value)
{
    size_t size = strlen(value) + 1;
    struct word *word = malloc(sizeof(*word) + size);
    if (word == NULL) {
        abort();
    }
    memcpy(word->text, value, size);
    word->line = cfg->line;
    for (const char *at = value; *at != '\0'; at++) {
        word->line -= *at == '\n';
    }
    *(struct word **)ret_value = word;
    return 0;
}

static cfg_opt_t *build_options(const struct schema_section *section, struct arena *arena);

static cfg_opt_t build_option(const struct schema_key *key, struct arena *arena)
{
    if (schema_is_section(key->kind)) {
        return (cfg_opt_t){
            .name = key->name,
            .type = CFGT_SEC,
            .flags = key->kind == SCHEMA_SECTIONS ? CFGF_MULTI : CFGF_NONE,
            .subopts = build_options(key->section, arena),
        };
    }
    return (cfg_opt_t){
        .name = key->name,
        .type = CFGT_PTR,
        .flags = CFGF_NODEFAULT | (schema_is_list(key->kind) ? CFGF_LIST : CFGF_NONE),
        .parsecb = on_value,
        .freecb = free,
    };
}

/* The section's keys, the two the scanner adds, and the end; cfg_init() copies all of it. */
static cfg_opt_t *build_options(const struct schema_section *section, struct arena *arena)
{
    cfg_opt_t *options = arena_new_array(arena, cfg_opt_t, section->key_count + 3);
    for (size_t i = 0; i < section->key_count; i++) {
        options[i] = build_option(&section->keys[i], arena);
    }
    options[section->key_count] = (cfg_opt_t)CFG_INT(SCAN_LINE_KEY, 0, CFGF_NONE);
    options[section->key_count + 1] = (cfg_opt_t)CFG_STR(SCAN_TITLE_KEY, "", CFGF_NONE);
    return options;
}

/* libconfuse's scanner is global, and its error callback, which runs only inside
 * cfg_parse_buf(), has no argument of ours: one parse at a time. */
static pthread_mutex_t parser = PTHREAD_MUTEX_INITIALIZER;
static struct reading *parsing;

printf_like(2, 0) static void on_error(cfg_t *cfg, const char *format, va_list values)
{
    char message[256];
    vsnprintf(message, sizeof(message), format, values);
    problems_add(parsing->problems, parsing->config->path, cfg->line,
        "the line cannot be understood (%s)", message);
}

/* NULL with the problem reported, else the caller frees with cfg_free(). */
static cfg_t *parse(
    struct reading *reading, const struct schema_section *root, const char *clean)
{
    struct arena arena = {0};
    cfg_t *tree = cfg_init(build_options(root, &arena), CFGF_NONE);
    arena_release(&arena);
    if (tree == NULL) {
        abort();
    }
    pthread_mutex_lock(&parser);
    parsing = reading;
    cfg_set_error_function(tree, on_error);
    int result = cfg_parse_buf(tree, clean);
    parsing = NULL;
    pthread_mutex_unlock(&parser);
    if (result == CFG_SUCCESS) {
        return tree;
    }
    if (reading->problems->error_count == 0) {
        problems_add(reading->problems, reading->config->path, 0, "the file cannot be parsed");
    }
    cfg_free(tree);
    return NULL;
}

/* ---- values ---- */

static void report(const struct reading *reading, int line, const struct schema_key *key,
    const struct fault *fault)
{
    problems_add(reading->problems, reading->config->path, line, "%s in %s: %s", key->name,
        reading->place, fault->message);
}

static void note_name(
    struct reading *reading, enum read_name_kind kind, const char *text, int line)
{
    struct read_names *names = reading->names;
    struct arena *arena = &reading->config->arena;
    if (names->count == names->capacity) {
        names->items = arena_grow(arena, names->items, sizeof(*names->items), &names->capacity);
    }
    names->items[names->count++] = (struct read_name){
        kind, text, arena_strdup(arena, reading->place), line};
}

static void read_fallback(struct reading *reading, const struct schema_key *key, void *field)
{
    struct fault fault = {0};
    if (key->fallback != NULL &&
        !value_read(key, key->fallback, &reading->config->arena, field, &fault)) {
        fprintf(stderr, "schema.c: the default of '%s': %s\n", key->name, fault.message);
        abort();
    }
}

static void read_single(
    struct reading *reading, const struct schema_key *key, const struct word *word, void *field)
{
    struct fault fault;
    if (!value_read(key, word->text, &reading->config->arena, field, &fault)) {
        report(reading, word->line, key, &fault);
    } else if (key->kind == SCHEMA_SECTION_NAME) {
        note_name(reading, READ_SECTION_NAME, *(const char **)field, word->line);
    } else if (key->kind == SCHEMA_URL) {
        note_name(reading, READ_FEED_URL, *(const char **)field, word->line);
    }
}

static bool check_element(
    struct reading *reading, const struct schema_key *key, const struct word *word)
{
    struct fault fault;
    if (value_check(key->kind, word->text, &fault)) {
        return true;
    }
    report(reading, word->line, key, &fault);
    return false;
}

static struct config_words read_words(
    struct reading *reading, const struct schema_key *key, cfg_opt_t *option)
{
    struct config_words words = {0};
    struct arena *arena = &reading->config->arena;
    if (cfg_opt_size(option) == 0) {
        return value_default_words(key->fallback, arena);
    }
    words.items = arena_new_array(arena, struct config_word, cfg_opt_size(option));
    for (unsigned i = 0; i < cfg_opt_size(option); i++) {
        const struct word *word = cfg_opt_getnptr(option, i);
        if (check_element(reading, key, word)) {
            words.items[words.count++] = (struct config_word){
                arena_strdup(arena, word->text), word->line};
        }
    }
    return words;
}

static size_t read_strings(struct reading *reading, const struct schema_key *key,
    cfg_opt_t *option, const char ***ret_strings)
{
    size_t count = 0;
    struct arena *arena = &reading->config->arena;
    const char **strings = arena_new_array(arena, const char *, cfg_opt_size(option));
    for (unsigned i = 0; i < cfg_opt_size(option); i++) {
        const struct word *word = cfg_opt_getnptr(option, i);
        if (!check_element(reading, key, word)) {
            continue;
        }
        strings[count] = arena_strdup(arena, word->text);
        if (key->kind == SCHEMA_TOPIC_NAMES) {
            note_name(reading, READ_TOPIC_NAME, strings[count], word->line);
        }
        count++;
    }
    *ret_strings = strings;
    return count;
}

static unsigned read_flags(
    struct reading *reading, const struct schema_key *key, cfg_opt_t *option)
{
    unsigned flags = 0;
    for (unsigned i = 0; i < cfg_opt_size(option); i++) {
        const struct word *word = cfg_opt_getnptr(option, i);
        struct fault fault;
        int choice;
        if (value_read_choice(key, word->text, &choice, &fault)) {
            flags |= 1U << choice;
        } else {
            report(reading, word->line, key, &fault);
        }
    }
    return flags;
}

/* ---- sections ---- */

static void read_section(
    struct reading *reading, const struct schema_section *section, cfg_t *tree, void *target);

static void name_place(
    struct reading *reading, const struct schema_section *section, const char *title)
{
    if (section->name[0] == '\0') {
        snprintf(reading->place, sizeof(reading->place), "the file");
    } else if (!section->titled) {
        snprintf(reading->place, sizeof(reading->place), "%s", section->name);
    } else {
        snprintf(reading->place, sizeof(reading->place), "%s '%.80s'", section->name, title);
    }
}

static void read_title(
    struct reading *reading, const struct schema_section *section, cfg_t *tree, char *target)
{
    struct fault fault;
    int line = (int)cfg_getint(tree, SCAN_LINE_KEY);
    const char *title = cfg_getstr(tree, SCAN_TITLE_KEY);
    if (!value_check(section->title_kind, title, &fault)) {
        problems_add(reading->problems, reading->config->path, line, "the name of this %s: %s",
            section->name, fault.message);
    }
    *(const char **)(void *)(target + section->title_offset) = arena_strdup(
        &reading->config->arena, title);
    name_place(reading, section, title);
}

static void read_sections(
    struct reading *reading, const struct schema_key *key, cfg_opt_t *option, char *target)
{
    size_t count = cfg_opt_size(option);
    char *items = arena_zalloc(&reading->config->arena,
        arena_array_bytes(key->section->bytes, count == 0 ? 1 : count));
    for (size_t i = 0; i < count; i++) {
        read_section(reading, key->section, cfg_opt_getnsec(option, (unsigned)i),
            items + i * key->section->bytes);
    }
    *(char **)(void *)(target + key->offset) = items;
    *(size_t *)(void *)(target + key->count_offset) = count;
}

static void read_key(
    struct reading *reading, const struct schema_key *key, cfg_opt_t *option, char *target)
{
    void *field = target + key->offset;
    if (key->kind == SCHEMA_SECTIONS) {
        read_sections(reading, key, option, target);
    } else if (key->kind == SCHEMA_SECTION) {
        read_section(reading, key->section, cfg_opt_getnsec(option, 0), field);
    } else if (schema_is_words(key->kind)) {
        *(struct config_words *)field = read_words(reading, key, option);
    } else if (key->kind == SCHEMA_FLAGS) {
        *(unsigned *)field = read_flags(reading, key, option);
    } else if (schema_is_list(key->kind)) {
        *(size_t *)(void *)(target + key->count_offset) = read_strings(
            reading, key, option, field);
    } else {
        read_fallback(reading, key, field);
        if (cfg_opt_size(option) > 0) {
            read_single(reading, key, cfg_opt_getnptr(option, 0), field);
        }
    }
}

/* Sections last: they leave their own name in reading->place. */
static void read_section(
    struct reading *reading, const struct schema_section *section, cfg_t *tree, void *target)
{
    name_place(reading, section, "");
    if (section->line_offset != SCHEMA_NO_FIELD) {
        *(int *)(void *)((char *)target + section->line_offset) = (int)cfg_getint(
            tree, SCAN_LINE_KEY);
    }
    if (section->titled) {
        read_title(reading, section, tree, target);
    }
    for (int inner = 0; inner < 2; inner++) {
        for (size_t i = 0; i < section->key_count; i++) {
            if (schema_is_section(section->keys[i].kind) == (inner == 1)) {
                read_key(reading, &section->keys[i], cfg_getopt(tree, section->keys[i].name),
                    target);
            }
        }
    }
}

void read_config(const char *clean, const struct schema_section *root, struct config *config,
    struct problems *problems, struct read_names *ret_names)
{
    struct reading reading = {.config = config, .problems = problems, .names = ret_names};
    cfg_t *tree = parse(&reading, root, clean);
    if (tree != NULL) {
        read_section(&reading, root, tree, config);
        cfg_free(tree);
    }
}
