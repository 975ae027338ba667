/* parse FILE…: how fast bytes become entries, beside libxml2's own reader on the same bytes.
 *
 * In process and by CPU time, so that neither the disk nor a neighbour counts. "read" is
 * xmlTextReader walking every node and taking its value, as the simplest feed reader would;
 * "entries" is feed_parse(): charset, sanitiser, dates, URLs; "items" adds what the pipeline
 * makes of each entry: plain text, summary, canonical URL, key. The three take turns on each
 * round, and the best round of each counts: noise only ever adds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libxml/xmlreader.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "feed/entry_text.h"
#include "feed/identity.h"
#include "feed/parse.h"
#include "feed/url.h"

enum { ROUNDS = 5, MEASURES = 3, SUMMARY_MAX_CHARACTERS = 2000 };

struct file {
    char *data;
    size_t length;
};

static struct file load(const char *path)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL || fseek(stream, 0, SEEK_END) != 0) {
        perror(path);
        exit(1);
    }
    struct file file = {.length = (size_t)ftell(stream)};
    rewind(stream);
    file.data = malloc(file.length + 1);
    if (file.data == NULL || fread(file.data, 1, file.length, stream) != file.length) {
        perror(path);
        exit(1);
    }
    fclose(stream);
    return file;
}

/* Each returns something that depends on all it read, so that nothing is optimised away. */

static size_t read_nodes(const struct file *file)
{
    xmlTextReaderPtr reader = xmlReaderForMemory(file->data, (int)file->length, NULL, NULL,
        XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    size_t bytes = 0;
    while (xmlTextReaderRead(reader) == 1) {
        const xmlChar *value = xmlTextReaderConstValue(reader);
        bytes += value == NULL ? 0 : strlen((const char *)value);
    }
    xmlFreeTextReader(reader);
    return bytes;
}

static size_t parse(const struct file *file, bool to_items)
{
    struct arena arena = {0};
    struct feed_parse_options options = {.base_url = "https://bench.example/feed"};
    struct feed_document *document;
    struct fault fault;
    size_t sum = 0;
    if (feed_parse(&arena, file->data, file->length, &options, &document, &fault)) {
        sum = document->entry_count;
        for (size_t i = 0; to_items && i < document->entry_count; i++) {
            struct feed_entry *entry = &document->entries[i];
            struct entry_identity identity = entry_identify(&arena, entry, options.base_url);
            const char *url = entry->link == NULL ? NULL : url_canonical(&arena, entry->link);
            const char *summary = entry_summary_text(&arena, entry, SUMMARY_MAX_CHARACTERS);
            const char *title = entry_title_text(&arena, entry, summary);
            sum += strlen(identity.key) + (url != NULL) + (title != NULL);
        }
    }
    arena_release(&arena);
    return sum;
}

static size_t parse_entries(const struct file *file)
{
    return parse(file, false);
}

static size_t parse_items(const struct file *file)
{
    return parse(file, true);
}

static const struct {
    const char *name;
    size_t (*run)(const struct file *file);
} measures[MEASURES] = {
    {"libxml2 reader", read_nodes}, {"entries", parse_entries}, {"items", parse_items}};

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    size_t count = (size_t)argc - 1, bytes = 0, sum = 0;
    struct file *files = calloc(count + 1, sizeof(*files));
    for (size_t i = 0; i < count; i++) {
        files[i] = load(argv[i + 1]);
        bytes += files[i].length;
    }
    if (count == 0 || bytes == 0) {
        fprintf(stderr, "usage: parse FILE...\n");
        return 2;
    }
    feed_parse_setup();
    double best[MEASURES] = {0};
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t m = 0; m < MEASURES; m++) {
            double start = cpu_s();
            for (size_t i = 0; i < count; i++) {
                sum += measures[m].run(&files[i]);
            }
            double spent = cpu_s() - start;
            best[m] = round == 0 || spent < best[m] ? spent : best[m];
        }
    }
    for (size_t m = 0; m < MEASURES; m++) {
        printf("%-16s %8.1f MB/s   %.2f of the reader\n", measures[m].name,
            (double)bytes / 1e6 / best[m], best[0] / best[m]);
    }
    for (size_t i = 0; i < count; i++) {
        free(files[i].data);
    }
    free(files);
    feed_parse_teardown();
    return sum == 0;
}
