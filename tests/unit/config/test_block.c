/* What is printed of a configuration, read back: equal in every key there is. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/block.h"
#include "config_equal.h"

static struct config *parse(const char *text)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "test", &problems);
    for (size_t i = 0; i < problems.count; i++) {
        print_error("%d: %s\n", problems.items[i].line, problems.items[i].message);
    }
    problems_release(&problems);
    if (config == NULL) {
        print_error("%s\n", text);
    }
    assert_non_null(config);
    return config;
}

/* The caller frees. */
static char *print(const struct config *config)
{
    struct arena arena = {0};
    struct buffer out;
    buffer_init(&out, BLOCK_TEXT_MAX);
    block_write(block_describe(config, &arena), &out);
    assert_false(buffer_failed(&out));
    arena_release(&arena);
    return out.data;
}

static void assert_survives(const struct config *config)
{
    char *text = print(config);
    cleanup(config_unrefp) struct config *again = parse(text);
    assert_sections_equal(&schema_root, config, again);
    assert_int_equal(config->rules_hash, again->rules_hash);
    char *twice = print(again);
    assert_string_equal(text, twice);
    free(text);
    free(twice);
}

/* A value of each kind that is not the default and that wants care in quoting. '%' is a number
 * that varies. Kinds that are not here depend on the key: see write_value(). */
static const char *const samples[] = {
    [SCHEMA_PARAGRAPH] = "'two\n  lines it\\'s \\\\ \"%\"\n'",
    [SCHEMA_MAILBOX] = "\"简报, \\\" % <a.b+%@x-y.example>\"",
    [SCHEMA_URL] = "\"https://example.org/%?a='b'&c=$d\"",
    [SCHEMA_ADDRESS] = "\"[::1]:8\"",
    [SCHEMA_PATH] = "\"/news/desk\"",
    [SCHEMA_NETWORKS] = "{ \"10.0.0.0/8\", \"::1\", \"127.0.0.1\" }",
    [SCHEMA_LANGUAGE] = "en-GB",
    [SCHEMA_SECTION_NAME] = "other",
    [SCHEMA_FORM] = "project",
    [SCHEMA_FLAGS] = "{ cross, new }",
    [SCHEMA_UTC_OFFSET] = "\"-03:30\"",
    [SCHEMA_WORDS] = "{ \"词%\", '/\\bint ?[48]\"\\d/', \"it's\" }",
    [SCHEMA_PARAMETERS] = "{ \"ref%\", \"trk_*\", \"example.com:source\" }",
    [SCHEMA_TOPIC_NAMES] = "{ \"*\", \"topic \\\\ 1\" }",
    [SCHEMA_DESTINATIONS] = "{ \"a.example:80\", \"[::1]:443\" }",
};

static void write_sample(const char *sample, int turn, struct buffer *out)
{
    for (const char *c = sample; *c != '\0'; c++) {
        if (*c == '%') {
            buffer_printf(out, "%d", turn);
        } else {
            buffer_putc(out, *c);
        }
    }
}

static void write_text(const struct schema_key *key, int turn, struct buffer *out)
{
    static const char *const texts[] = {"plain", "「引号」 \\\" ", "a b", "\\${HOME} # no",
        "// x { } = ,", "back\\\\slash", "true", "3"};
    const char *text = key->kind == SCHEMA_TEXT ? texts[turn % array_count(texts)] : "name";
    buffer_printf(out, "\"%s %s\"", text, key->holds == NULL ? "" : key->holds);
}

/* `turn` varies. */
static void write_value(const struct schema_key *key, int turn, struct buffer *out)
{
    switch (key->kind) {
    case SCHEMA_TEXT:
    case SCHEMA_FILE_NAME:
        write_text(key, turn, out);
        break;
    case SCHEMA_SEPARATOR:
        buffer_puts(out, turn % 2 == 0 ? "\"\"" : "\" \\\\ \"");
        break;
    case SCHEMA_CHOICE:
        buffer_puts(out, key->choices[2]);
        break;
    case SCHEMA_BOOLEAN:
        buffer_puts(out, strcmp(key->fallback, "true") == 0 ? "false" : "true");
        break;
    case SCHEMA_COUNT:
        buffer_printf(out, "%.0f", key->min + 3 + turn % 7);
        break;
    case SCHEMA_SIZE:
        buffer_printf(out, "%d", 4096 * 3 + turn);
        break;
    case SCHEMA_NUMBER:
        buffer_printf(out, "0.1%d7000000001", turn % 10);
        break;
    case SCHEMA_SECONDS:
        buffer_printf(out, "%.0fs", key->min + 61 + turn % 7);
        break;
    case SCHEMA_MILLISECONDS:
        buffer_printf(out, "%dms", 1500 + turn);
        break;
    default:
        if (key->kind >= array_count(samples) || samples[key->kind] == NULL) {
            fail_msg("%s: a kind without a sample", key->name);
        }
        write_sample(samples[key->kind], turn, out);
    }
}

/* Every key there is of `section`, but for the sections that `skip` names. */
static void write_all_keys(const struct schema_section *section, struct buffer *out)
{
    static int turn;
    for (size_t i = 0; i < section->key_count; i++) {
        const struct schema_key *key = &section->keys[i];
        /* Only one section is the fallback, and what is final cannot vote against. */
        if (strcmp(key->name, "fallback") == 0 || strcmp(key->name, "max_interval") == 0) {
            continue;
        }
        turn++;
        buffer_printf(out, "%s ", key->name);
        if (schema_is_section(key->kind)) {
            if (key->section->titled) {
                buffer_printf(out, "\"%s%d\"", key->section->name, turn);
            }
            buffer_puts(out, "{\n");
            write_all_keys(key->section, out);
            buffer_puts(out, "}\n");
        } else {
            buffer_puts(out, "= ");
            write_value(key, turn, out);
            buffer_putc(out, '\n');
        }
    }
}

static void every_key_of_the_schema_survives_printing_and_reading(void **state)
{
    struct buffer text;
    buffer_init(&text, 1 << 20);
    for (size_t i = 0; i < schema_root.key_count; i++) {
        const struct schema_key *key = &schema_root.keys[i];
        buffer_puts(&text, key->name);
        if (!schema_is_section(key->kind)) {
            buffer_puts(&text, " = ");
            write_value(key, 0, &text);
            buffer_putc(&text, '\n');
            continue;
        }
        if (key->section->titled) {
            bool host = key->section->title_kind == SCHEMA_HOST;
            buffer_printf(&text, " \"%s\"", host ? "h.example" : key->section->name);
        }
        buffer_puts(&text, " {\n");
        size_t start = text.length;
        write_all_keys(key->section, &text);
        /* host's name is an address, not a word */
        char *name = strstr(text.data + start, "host \"");
        if (name != NULL) {
            memset(name + 6, 'h', strcspn(name + 6, "\""));
        }
        buffer_puts(&text, "}\n");
    }
    buffer_puts(&text,
        "section other { title = \"other\" fallback = true short_title = x }\n"
        "topic 'topic \\\\ 1' { keywords = { a } }\n"
        "feed \"on\" { url = \"http://x/\" max_interval = 9m }\n");
    cleanup(config_unrefp) struct config *config = parse(text.data);
    assert_survives(config);
    buffer_release(&text);
}

static void the_shipped_file_survives_printing_and_reading(void **state)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/../../feeds.conf", getenv("BRIEFD_FIXTURES"));
    struct problems problems;
    problems_init(&problems);
    cleanup(config_unrefp) struct config *config = config_load(path, &problems);
    assert_non_null(config);
    assert_true(config->feed_count >= 60);
    assert_survives(config);
    problems_release(&problems);
}

#define FRAME                                                                                  \
    "briefing { title = t }\nsection news { title = n fallback = true }\n"                     \
    "topic 轻 { weight = 0.5 keywords = { a } } topic 重 { keywords = { b } }\n"

static void a_star_is_printed_as_a_star(void **state)
{
    cleanup(config_unrefp) struct config *config = parse(
        FRAME "feed a { url = \"http://a/\" require = { \"*\" } }");
    char *text = print(config);
    assert_non_null(strstr(text, "require = { \"*\" }"));
    assert_null(strstr(text, "source"));
    free(text);
}

static void a_password_in_an_address_is_not_printed(void **state)
{
    cleanup(config_unrefp) struct config *config = parse(
        FRAME "feed a { url = \"https://me:s3cret@a.example/x?y=@z\" }");
    char *text = print(config);
    assert_null(strstr(text, "s3cret"));
    assert_null(strstr(text, "me:"));
    assert_non_null(strstr(text, "\"https://a.example/x?y=@z\""));
    assert_non_null(strstr(text, "# user and password of this address are left out"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_the_schema_survives_printing_and_reading),
        cmocka_unit_test(the_shipped_file_survives_printing_and_reading),
        cmocka_unit_test(a_star_is_printed_as_a_star),
        cmocka_unit_test(a_password_in_an_address_is_not_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
