/* Time of store_commit() for new and for known entries: bench_commit [FEEDS [ENTRIES]].
 *
 * Default 3334 feeds of 30 entries (100,000 items), shaped like life: every tenth feed brings
 * whole articles of 4 to 28 kB, the others summaries of 100 to 1500 bytes; every tenth entry
 * has been brought by another feed before. CPU time, since the machine is shared. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/hash.h"

enum { CONTENT_BYTES = 28000, SUMMARY_BYTES = 1500, CHUNK = STORE_BATCH_MAX };

struct load {
    struct fixture *fixture;
    struct store *store;
    size_t feeds, entries;
    struct feed_state *states;
    char content[CONTENT_BYTES + 1], summary[SUMMARY_BYTES + 1];
    size_t items_new, sightings_new;
    uint64_t bytes;
};

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct store_entry make_entry(
    struct load *load, struct arena *arena, size_t feed, size_t i)
{
    size_t number = i % 10 == 0 && feed > 0 ? (feed - 1) * load->entries + 1 + i
                                            : feed * load->entries + i;
    struct store_entry entry = {0};
    entry.key = arena_printf(arena, "https://site-%zu.example/2020/09/17/story-%zu.html",
        number / load->entries, number);
    entry.guid = entry.key;
    entry.url = entry.key;
    entry.title = arena_printf(arena, "Quantised inference on small devices, part %zu", number);
    /* The texts are tails of one long one, their lengths spread by a multiplicative hash. */
    size_t spread = number * 2654435761u % 1000;
    entry.summary = load->summary + SUMMARY_BYTES - 100 - spread * 14 / 10;
    if (feed % 10 == 0) {
        entry.content_html = load->content + CONTENT_BYTES - 4000 - spread * 24;
        load->bytes += strlen(entry.content_html);
    }
    entry.authors = "A. Author";
    entry.published_raw = "Thu, 17 Sep 2020 08:00:00 GMT";
    entry.published_utc_s = NOON - (int64_t)(number % (90 * DAY));
    entry.content_hash = hash_string(HASH_START, entry.title);
    entry.verdict.relevance = (double)(number % 97) / 97;
    entry.reasons_json =
        "[{\"rule\":\"news/chips\",\"matched\":\"devices\",\"field\":\"title\","
        "\"weight\":1.5}]";
    load->bytes += strlen(entry.summary) + strlen(entry.title) + 2 * strlen(entry.key) + 500;
    return entry;
}

/* One poll of all feeds; returns the CPU time of the commits alone. */
static double poll_all(struct load *load)
{
    double spent = 0;
    for (size_t start = 0; start < load->feeds; start += CHUNK) {
        struct arena arena = {0};
        struct store_document *batch[CHUNK];
        size_t count = 0;
        for (size_t feed = start; feed < load->feeds && count < CHUNK; feed++) {
            struct store_document *document = arena_new(&arena, struct store_document);
            struct store_entry *entries = arena_new_array(
                &arena, struct store_entry, load->entries);
            for (size_t i = 0; i < load->entries; i++) {
                entries[i] = make_entry(load, &arena, feed, i);
            }
            document->state = load->states[feed];
            document->source = "source";
            document->entries = entries;
            document->entry_count = load->entries;
            document->fetched_utc_s = NOON;
            batch[count++] = document;
        }
        double begin = cpu_s();
        fixture_must(load->fixture,
            store_commit(
                load->store, batch, count, &load->fixture->config, &load->fixture->fault));
        spent += cpu_s() - begin;
        for (size_t i = 0; i < count; i++) {
            load->items_new += batch[i]->items_new;
            load->sightings_new += batch[i]->sightings_new;
        }
        arena_release(&arena);
    }
    return spent;
}

static double read_candidates_ms(struct load *load, size_t limit)
{
    struct arena arena = {0};
    struct candidate *candidates;
    size_t count;
    double begin = cpu_s();
    fixture_must(load->fixture,
        store_read_candidates(load->store, &arena, &load->fixture->config, NOON - 30 * DAY,
            limit, &candidates, &count, &load->fixture->fault));
    double spent = cpu_s() - begin;
    arena_release(&arena);
    return spent * 1e3;
}

static void report(struct load *load)
{
    double entries = (double)(load->feeds * load->entries);
    double cold = poll_all(load);
    uint64_t bytes = load->bytes;
    printf("new entries:   %6.2f us each (%zu sightings, %zu items)\n", cold / entries * 1e6,
        load->sightings_new, load->items_new);
    load->items_new = load->sightings_new = 0;
    double warm = poll_all(load);
    printf("known entries: %6.2f us each (%zu sightings, %zu items new)\n",
        warm / entries * 1e6, load->sightings_new, load->items_new);
    size_t per_feed = load->entries;
    load->entries = 0;
    printf("states alone:  %6.2f us a feed\n", poll_all(load) / (double)load->feeds * 1e6);
    load->entries = per_feed;
    read_candidates_ms(load, 500);
    printf("500 candidates of 30 days: %.1f ms\n", read_candidates_ms(load, 500));
    store_close(load->store);
    struct stat file;
    stat(load->fixture->path, &file);
    printf("stored bytes / text bytes: %.3f (%.1f MB)\n", (double)file.st_size / (double)bytes,
        (double)file.st_size / 1e6);
}

int main(int argc, char **argv)
{
    void *state = NULL;
    if (fixture_setup(&state) != 0) {
        return 1;
    }
    struct load load = {.fixture = state, .feeds = 3334, .entries = 30};
    load.feeds = argc > 1 ? strtoul(argv[1], NULL, 10) : load.feeds;
    load.entries = argc > 2 ? strtoul(argv[2], NULL, 10) : load.entries;
    memset(load.content, 'c', CONTENT_BYTES);
    memset(load.summary, 's', SUMMARY_BYTES);
    load.store = fixture_open(load.fixture);
    load.states = calloc(load.feeds, sizeof(*load.states));
    for (size_t i = 0; i < load.feeds; i++) {
        const char *name = arena_printf(&load.fixture->arena, "feed %zu", i);
        load.states[i] = fixture_feed(load.fixture, load.store, name);
    }
    report(&load);
    free(load.states);
    return fixture_teardown(&state);
}
