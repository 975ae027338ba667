/* Every list of the configuration gets a number, and all keywords of all lists go into one
 * keyword set under these numbers, so that an item's texts are read once however many lists
 * there are. All bad keywords are reported, not only the first: an editor mends the file in one
 * go. */
#include "briefing/rulebook.h"

#include <stdlib.h>
#include <string.h>

#include "briefing/fold.h"

struct compiler {
    struct rulebook *book;
    const struct config *config;
    struct problems *problems;
    bool failed;
};

static void add_list(
    struct compiler *compiler, struct list list, const struct config_words *words)
{
    struct rulebook *book = compiler->book;
    uint32_t number = (uint32_t)book->list_count;
    book->lists[book->list_count++] = list;
    for (size_t i = 0; i < words->count; i++) {
        struct fault fault;
        if (!keyword_set_add(book->keywords, number, words->items[i].text, &fault)) {
            problems_add(compiler->problems, compiler->config->path, words->items[i].line,
                "%s: %s", list.label, fault.message);
            compiler->failed = true;
        }
    }
}

static void add_rule(struct compiler *compiler, enum list_kind kind, const char *group,
    int section, const struct config_rule *rule)
{
    const char *label = arena_printf(&compiler->book->arena, "%s/%s", group, rule->name);
    add_list(compiler, (struct list){kind, label, section, rule, NULL}, &rule->keywords);
}

static void add_lists(struct compiler *compiler)
{
    const struct config *config = compiler->config;
    size_t count = config->topic_count + config->vendor_count;
    for (size_t i = 0; i < config->section_count; i++) {
        count += config->sections[i].rule_count;
    }
    struct arena *arena = &compiler->book->arena;
    compiler->book->lists = arena_new_array(arena, struct list, count + 1);
    for (size_t i = 0; i < config->section_count; i++) {
        const struct config_section *section = &config->sections[i];
        for (size_t k = 0; k < section->rule_count; k++) {
            add_rule(compiler, LIST_SECTION, section->id, (int)i, &section->rules[k]);
        }
    }
    for (size_t i = 0; i < config->topic_count; i++) {
        add_rule(compiler, LIST_TOPIC, "topic", -1, &config->topics[i].rule);
    }
    for (size_t i = 0; i < config->vendor_count; i++) {
        const struct config_vendor *vendor = &config->vendors[i];
        const char *label = arena_printf(arena, "vendor/%s", vendor->name);
        add_list(
            compiler, (struct list){LIST_VENDOR, label, -1, NULL, vendor}, &vendor->aliases);
    }
}

static int compare_sources(const void *left, const void *right)
{
    const struct known_source *a = left, *b = right;
    return strcmp(a->label, b->label);
}

static bool vote_alike(const struct config_feed *a, const struct config_feed *b)
{
    return a == NULL || b == NULL ? false
                                  : a->section == b->section ||
            (a->section != NULL && b->section != NULL && strcmp(a->section, b->section) == 0);
}

static void add_sources(struct rulebook *book, const struct config *config)
{
    book->sources = arena_new_array(&book->arena, struct known_source, config->feed_count + 1);
    for (size_t i = 0; i < config->feed_count; i++) {
        const struct config_feed *feed = &config->feeds[i];
        book->sources[i] = (struct known_source){
            feed->source != NULL ? feed->source : feed->name, feed};
    }
    qsort(book->sources, config->feed_count, sizeof(*book->sources), compare_sources);
    size_t kept = 0;
    for (size_t i = 0; i < config->feed_count; i++) {
        struct known_source *last = kept > 0 ? &book->sources[kept - 1] : NULL;
        if (last == NULL || strcmp(last->label, book->sources[i].label) != 0) {
            book->sources[kept++] = book->sources[i];
        } else if (!vote_alike(last->feed, book->sources[i].feed)) {
            last->feed = NULL;
        }
    }
    book->source_count = kept;
}

bool rulebook_init(
    struct rulebook *book, const struct config *config, struct problems *problems)
{
    *book = (struct rulebook){0};
    book->folding = fold_table_get();
    book->keywords = keyword_set_new(book->folding);
    struct compiler compiler = {book, config, problems, false};
    add_lists(&compiler);
    add_sources(book, config);
    if (!compiler.failed) {
        keyword_set_build(book->keywords);
    }
    return !compiler.failed;
}

void rulebook_release(struct rulebook *book)
{
    keyword_set_free(book->keywords);
    arena_release(&book->arena);
    *book = (struct rulebook){0};
}

const struct config_feed *rulebook_find_source(const struct rulebook *book, const char *label)
{
    struct known_source wanted = {.label = label};
    const struct known_source *found = label == NULL
        ? NULL
        : bsearch(&wanted, book->sources, book->source_count, sizeof(wanted), compare_sources);
    return found == NULL ? NULL : found->feed;
}
