#include "config_equal.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"

static const void *at(const void *target, size_t offset)
{
    return (const char *)target + offset;
}

static void assert_texts_equal(const char *key, const char *left, const char *right)
{
    if (left == right || (left != NULL && right != NULL && strcmp(left, right) == 0)) {
        return;
    }
    fail_msg("%s: '%s' is not '%s'", key, left == NULL ? "NULL" : left,
        right == NULL ? "NULL" : right);
}

static void assert_counts_equal(const char *key, size_t left, size_t right)
{
    if (left != right) {
        fail_msg("%s: %zu is not %zu", key, left, right);
    }
}

static void assert_words_equal(
    const char *key, const struct config_words *left, const struct config_words *right)
{
    assert_counts_equal(key, left->count, right->count);
    for (size_t i = 0; i < left->count; i++) {
        assert_texts_equal(key, left->items[i].text, right->items[i].text);
    }
}

static void assert_strings_equal(
    const struct schema_key *key, const void *left, const void *right)
{
    size_t count = *(const size_t *)at(left, key->count_offset);
    assert_counts_equal(key->name, count, *(const size_t *)at(right, key->count_offset));
    const char *const *a = *(const char *const *const *)at(left, key->offset);
    const char *const *b = *(const char *const *const *)at(right, key->offset);
    for (size_t i = 0; i < count; i++) {
        assert_texts_equal(key->name, a[i], b[i]);
    }
}

static size_t number_bytes(enum schema_kind kind)
{
    return kind == SCHEMA_BOOLEAN ? sizeof(bool)
        : kind == SCHEMA_FORM     ? sizeof(enum config_form)
        : kind == SCHEMA_CHOICE   ? sizeof(int)
        : kind == SCHEMA_FLAGS    ? sizeof(unsigned)
        : kind == SCHEMA_NUMBER   ? sizeof(double)
                                  : sizeof(int64_t);
}

static void assert_keys_equal(const struct schema_key *key, const void *left, const void *right)
{
    const void *a = at(left, key->offset), *b = at(right, key->offset);
    if (key->kind == SCHEMA_SECTION) {
        assert_sections_equal(key->section, a, b);
    } else if (key->kind == SCHEMA_SECTIONS) {
        size_t count = *(const size_t *)at(left, key->count_offset);
        assert_counts_equal(key->name, count, *(const size_t *)at(right, key->count_offset));
        for (size_t i = 0; i < count; i++) {
            assert_sections_equal(key->section,
                *(const char *const *)a + i * key->section->bytes,
                *(const char *const *)b + i * key->section->bytes);
        }
    } else if (schema_is_words(key->kind)) {
        assert_words_equal(key->name, a, b);
    } else if (schema_is_list(key->kind) && key->kind != SCHEMA_FLAGS) {
        assert_strings_equal(key, left, right);
    } else if (key->kind <= SCHEMA_SECTION_NAME) {
        assert_texts_equal(key->name, *(const char *const *)a, *(const char *const *)b);
    } else if (memcmp(a, b, number_bytes(key->kind)) != 0) {
        fail_msg("%s differs", key->name);
    }
}

void assert_sections_equal(
    const struct schema_section *section, const void *left, const void *right)
{
    if (section->titled) {
        assert_texts_equal(section->name, *(const char *const *)at(left, section->title_offset),
            *(const char *const *)at(right, section->title_offset));
    }
    for (size_t i = 0; i < section->key_count; i++) {
        assert_keys_equal(&section->keys[i], left, right);
    }
}
