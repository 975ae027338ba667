/* feeds.conf in three passes, each of which goes on after a mistake so that one run reports
 * all: scan.c its form, read.c its values (through libconfuse), check.c what must agree. A
 * later pass sees what the earlier ones let through, so the same mistake is not reported twice.
 */
#include "config/config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/check.h"
#include "config/read.h"
#include "config/scan.h"

static struct config *config_new(const char *path)
{
    struct config *config = calloc(1, sizeof(*config));
    if (config == NULL) {
        abort();
    }
    arena_init(&config->arena);
    config->path = arena_strdup(&config->arena, path);
    atomic_init(&config->references, 1);
    return config;
}

static struct config *parse(
    const char *text, size_t length, const char *path, struct problems *problems)
{
    cleanup(buffer_release) struct buffer clean;
    buffer_init(&clean, SCAN_CLEAN_BYTES(length));
    scan_text(text, length, &schema_root, path, problems, &clean);
    struct config *config = config_new(path);
    struct read_names names = {0};
    read_config(clean.data, &schema_root, config, problems, &names);
    check_config(config, &names, problems);
    return config;
}

struct config *config_parse_rules(
    const char *text, size_t length, const char *path, struct problems *problems)
{
    if (length > SCAN_BYTES_MAX) {
        problems_add(problems, path, 0, "the rules are longer than %d MiB: divide them",
            SCAN_BYTES_MAX >> 20);
        return NULL;
    }
    size_t errors_before = problems->error_count;
    cleanup(buffer_release) struct buffer clean;
    buffer_init(&clean, SCAN_CLEAN_BYTES(length));
    scan_text(text, length, &schema_rules, path, problems, &clean);
    struct config *config = config_new(path);
    struct read_names names = {0};
    read_config(clean.data, &schema_rules, config, problems, &names);
    check_rules_alone(config, problems);
    if (problems->error_count > errors_before) {
        config_unref(config);
        return NULL;
    }
    return config;
}

static struct config *refuse_errors(
    struct config *config, size_t errors_before, const struct problems *problems)
{
    if (problems->error_count > errors_before) {
        config_unref(config);
        return NULL;
    }
    return config;
}

static bool read_file(const char *path, struct buffer *content, struct problems *problems)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        problems_add(problems, path, 0, "the file cannot be opened: %s", strerror(errno));
        return false;
    }
    char chunk[16384];
    size_t got;
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0 &&
        buffer_append(content, chunk, got)) {
    }
    bool broken = ferror(file) != 0;
    int cause = errno;
    fclose(file);
    if (broken) {
        problems_add(problems, path, 0, "the file cannot be read: %s", strerror(cause));
    } else if (buffer_failed(content)) {
        problems_add(problems, path, 0,
            "the file is longer than %d MiB: this is no configuration", SCAN_BYTES_MAX >> 20);
    }
    return !broken && !buffer_failed(content);
}

struct config *config_load_with_errors(const char *path, struct problems *problems)
{
    cleanup(buffer_release) struct buffer content;
    buffer_init(&content, SCAN_BYTES_MAX);
    if (!read_file(path, &content, problems)) {
        return NULL;
    }
    return parse(content.data, content.length, path, problems);
}

struct config *config_load(const char *path, struct problems *problems)
{
    size_t errors_before = problems->error_count;
    return refuse_errors(config_load_with_errors(path, problems), errors_before, problems);
}

struct config *config_parse(const char *text, const char *path, struct problems *problems)
{
    size_t length = strlen(text);
    if (length > SCAN_BYTES_MAX) {
        problems_add(problems, path, 0,
            "the file is longer than %d MiB: this is no configuration", SCAN_BYTES_MAX >> 20);
        return NULL;
    }
    size_t errors_before = problems->error_count;
    return refuse_errors(parse(text, length, path, problems), errors_before, problems);
}

struct config *config_ref(struct config *config)
{
    atomic_fetch_add_explicit(&config->references, 1, memory_order_relaxed);
    return config;
}

void config_copy_values(const struct config *from, struct config *to)
{
    memcpy(to, from, offsetof(struct config, base));
}

struct config *config_derive(struct config *base)
{
    struct config *config = calloc(1, sizeof(*config));
    if (config == NULL) {
        abort();
    }
    config_copy_values(base, config);
    config->base = config_ref(base);
    arena_init(&config->arena);
    atomic_init(&config->references, 1);
    return config;
}

void config_unref(struct config *config)
{
    if (config == NULL ||
        atomic_fetch_sub_explicit(&config->references, 1, memory_order_acq_rel) > 1) {
        return;
    }
    arena_release(&config->arena);
    config_unref(config->base);
    free(config);
}

void config_unrefp(struct config **config)
{
    config_unref(*config);
}

int config_find_section(const struct config *config, const char *id)
{
    for (size_t i = 0; i < config->section_count; i++) {
        if (strcmp(config->sections[i].id, id) == 0) {
            return (int)i;
        }
    }
    return -1;
}

const struct config_feed *config_find_feed(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->feed_count; i++) {
        if (strcmp(config->feeds[i].name, name) == 0) {
            return &config->feeds[i];
        }
    }
    return NULL;
}
