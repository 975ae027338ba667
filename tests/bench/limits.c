/* limits transfer URLS | store FOLDER DATABASE: what the machine and the libraries cost by
 * themselves.
 *
 * The least a poller must do, without anything it does with it: get every feed and decode it
 * (curl's multi interface, 64 at a time), read each document with libxml2's push parser and
 * copy the fields of its items, put these items into SQLite with two indexes and an FTS5 table
 * of Han pairs. The sum of the three is what the cold poll of the daemon is measured by;
 * getting everything once more with validators, 304 throughout, what the warm one is. What a
 * step needs is in memory before it begins, so that none pays for the one before it.
 *
 * Prints "NAME WALL_S CPU_S" for each step. */
#include <curl/curl.h>
#include <dirent.h>
#include <libxml/parser.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/hash.h"

enum { AT_A_TIME = 64, BODY_MAX_BYTES = 64 << 20, CHUNK_BYTES = 16384, FEEDS_MAX = 100000 };

enum field { GUID, TITLE, LINK, SUMMARY, CONTENT, DATE, FIELD_COUNT };

struct entry {
    const char *fields[FIELD_COUNT];
};

struct feed {
    const char *url; /* or the name of a file */
    struct buffer body;
    char *etag;
    struct curl_slist *headers;
    struct entry *entries;
    size_t entry_count, entry_capacity;
};

static struct {
    struct arena arena;
    struct feed *feeds;
    size_t count;
} load;

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "limits: %s: %s\n", what, why);
    exit(1);
}

static struct feed *add_feed(const char *url)
{
    if (load.feeds == NULL) {
        load.feeds = arena_new_array(&load.arena, struct feed, FEEDS_MAX);
    }
    if (load.count == FEEDS_MAX) {
        stop(url, "too many feeds");
    }
    struct feed *feed = &load.feeds[load.count++];
    feed->url = arena_strdup(&load.arena, url);
    buffer_init(&feed->body, BODY_MAX_BYTES);
    return feed;
}

/* ---- measuring ---- */

static struct timespec wall_begin;
static double cpu_begin;

static double cpu_s(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
        (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void begin(void)
{
    clock_gettime(CLOCK_MONOTONIC, &wall_begin);
    cpu_begin = cpu_s();
}

static void end(const char *name)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double wall = (double)(now.tv_sec - wall_begin.tv_sec) +
        (double)(now.tv_nsec - wall_begin.tv_nsec) / 1e9;
    printf("%s %.4f %.4f\n", name, wall, cpu_s() - cpu_begin);
    fflush(stdout);
}

/* ---- transfer ---- */

static void read_urls(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[1024];
    if (file == NULL) {
        stop(path, "cannot be read");
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        add_feed(line);
    }
    fclose(file);
}

static size_t on_body(char *data, size_t size, size_t count, void *of)
{
    struct feed *feed = of;
    return buffer_append(&feed->body, data, size * count) ? size * count : 0;
}

static size_t on_header(char *line, size_t size, size_t count, void *of)
{
    static const char name[] = "etag: ";
    struct feed *feed = of;
    size_t length = size * count, skip = sizeof(name) - 1;
    if (length > skip && strncasecmp(line, name, skip) == 0 && feed->etag == NULL) {
        feed->etag = arena_strndup(&load.arena, line + skip, length - skip);
        feed->etag[strcspn(feed->etag, "\r\n")] = '\0';
    }
    return length;
}

static void start_transfer(CURLM *multi, CURL *easy, struct feed *feed, bool conditional)
{
    curl_easy_reset(easy);
    buffer_clear(&feed->body);
    curl_easy_setopt(easy, CURLOPT_URL, feed->url);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, feed);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, feed);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    if (conditional) {
        feed->headers = curl_slist_append(feed->headers,
            arena_printf(&load.arena, "If-None-Match: %s",
                feed->etag == NULL ? "\"none\"" : feed->etag));
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, feed->headers);
    }
    curl_multi_add_handle(multi, easy);
}

/* Which transfers ended: their handles are free for the next feeds. */
static size_t collect(CURLM *multi, CURL **idle, size_t idle_count, long status)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        long got = 0;
        CURLcode code = message->data.result;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &got);
        if (code != CURLE_OK || got != status) {
            stop("transfer", code != CURLE_OK ? curl_easy_strerror(code) : "another status");
        }
        curl_multi_remove_handle(multi, easy);
        idle[idle_count++] = easy;
    }
    return idle_count;
}

static void transfer_all(bool conditional)
{
    CURLM *multi = curl_multi_init();
    CURL *idle[AT_A_TIME];
    size_t idle_count = 0, next = 0;
    for (; idle_count < AT_A_TIME; idle_count++) {
        idle[idle_count] = curl_easy_init();
    }
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)AT_A_TIME);
    while (next < load.count || idle_count < AT_A_TIME) {
        while (next < load.count && idle_count > 0) {
            start_transfer(multi, idle[--idle_count], &load.feeds[next++], conditional);
        }
        int running;
        curl_multi_perform(multi, &running);
        idle_count = collect(multi, idle, idle_count, conditional ? 304 : 200);
        if (idle_count == 0 || (next == load.count && idle_count < AT_A_TIME)) {
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
        }
    }
    while (idle_count > 0) {
        curl_easy_cleanup(idle[--idle_count]);
    }
    curl_multi_cleanup(multi);
}

/* ---- parse ---- */

static int is_document(const struct dirent *found)
{
    size_t length = strlen(found->d_name);
    return length > 4 && strcmp(found->d_name + length - 4, ".xml") == 0;
}

static void read_folder(const char *folder)
{
    struct dirent **names;
    int count = scandir(folder, &names, is_document, alphasort);
    for (int i = 0; i < count; i++) {
        struct feed *feed = add_feed(names[i]->d_name);
        FILE *file = fopen(arena_printf(&load.arena, "%s/%s", folder, feed->url), "r");
        char chunk[CHUNK_BYTES];
        if (file == NULL) {
            stop(feed->url, "cannot be read");
        }
        for (size_t got; (got = fread(chunk, 1, sizeof(chunk), file)) > 0;) {
            buffer_append(&feed->body, chunk, got);
        }
        fclose(file);
        free(names[i]);
    }
    if (count <= 0) {
        stop(folder, "has no documents");
    }
    free(names);
}

struct reading {
    struct feed *feed;
    struct entry *entry; /* NULL outside of one */
    int field;           /* -1: none that is wanted */
    struct buffer text;
};

static int find_field(const char *name)
{
    static const struct {
        const char *name;
        enum field field;
    } names[] = {{"title", TITLE}, {"link", LINK}, {"guid", GUID}, {"id", GUID},
        {"description", SUMMARY}, {"summary", SUMMARY}, {"encoded", CONTENT},
        {"content", CONTENT}, {"pubDate", DATE}, {"published", DATE}, {"date", DATE}};
    for (size_t i = 0; i < array_count(names); i++) {
        if (strcmp(names[i].name, name) == 0) {
            return (int)names[i].field;
        }
    }
    return -1;
}

static bool is_entry(const xmlChar *name)
{
    return strcmp((const char *)name, "item") == 0 || strcmp((const char *)name, "entry") == 0;
}

static void begin_entry(struct feed *feed, struct reading *reading)
{
    if (feed->entry_count == feed->entry_capacity) {
        feed->entries = arena_grow(
            &load.arena, feed->entries, sizeof(*feed->entries), &feed->entry_capacity);
    }
    reading->entry = &feed->entries[feed->entry_count++];
    *reading->entry = (struct entry){0};
    reading->field = -1;
}

static void on_start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespace_count, const xmlChar **namespaces, int attribute_count, int default_count,
    const xmlChar **attributes)
{
    struct reading *reading = data;
    if (is_entry(name)) {
        begin_entry(reading->feed, reading);
    } else if (reading->entry != NULL) {
        reading->field = find_field((const char *)name);
        buffer_clear(&reading->text);
        for (int i = 0; reading->field == LINK && i < attribute_count; i++) {
            const xmlChar **of = attributes + (ptrdiff_t)i * 5;
            if (strcmp((const char *)of[0], "href") == 0) {
                buffer_append(&reading->text, of[3], (size_t)(of[4] - of[3]));
            }
        }
    }
}

static void on_text(void *data, const xmlChar *text, int length)
{
    struct reading *reading = data;
    if (reading->entry != NULL && reading->field >= 0) {
        buffer_append(&reading->text, text, (size_t)length);
    }
}

static void on_end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct reading *reading = data;
    if (is_entry(name)) {
        reading->entry = NULL;
    } else if (reading->entry != NULL && reading->field >= 0) {
        const char **field = &reading->entry->fields[reading->field];
        if (*field == NULL) {
            *field = arena_strndup(&load.arena, reading->text.data, reading->text.length);
        }
        reading->field = -1;
    }
}

static void parse_feed(struct feed *feed)
{
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .cdataBlock = on_text};
    struct reading reading = {.feed = feed, .field = -1};
    buffer_init(&reading.text, BODY_MAX_BYTES);
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, &reading, NULL, 0, NULL);
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    for (size_t at = 0; at < feed->body.length;) {
        size_t left = feed->body.length - at;
        size_t length = left < CHUNK_BYTES ? left : CHUNK_BYTES;
        xmlParseChunk(parser, feed->body.data + at, (int)length, 0);
        at += length;
    }
    xmlParseChunk(parser, NULL, 0, 1);
    xmlFreeDoc(parser->myDoc);
    xmlFreeParserCtxt(parser);
    buffer_release(&reading.text);
}

static void parse_all(void)
{
    for (size_t i = 0; i < load.count; i++) {
        parse_feed(&load.feeds[i]);
    }
}

/* ---- insert ---- */

static sqlite3 *db;
static sqlite3_stmt *find, *insert, *index_text;

static void run(const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        stop(sql, sqlite3_errmsg(db));
    }
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        stop(sql, sqlite3_errmsg(db));
    }
    return statement;
}

static void open_database(const char *path)
{
    if (sqlite3_open(path, &db) != SQLITE_OK) {
        stop(path, sqlite3_errmsg(db));
    }
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;"
        "CREATE TABLE item (id INTEGER PRIMARY KEY, feed INT, hash INT, guid TEXT, url TEXT,"
        " title TEXT, summary TEXT, content TEXT, date TEXT);"
        "CREATE UNIQUE INDEX item_by_hash ON item (feed, hash);"
        "CREATE INDEX item_by_date ON item (date);"
        "CREATE VIRTUAL TABLE search USING fts5 (title, summary, content = '');");
    find = prepare("SELECT id FROM item WHERE feed = ? AND hash = ?");
    insert = prepare("INSERT INTO item (feed, hash, guid, title, url, summary, content, date)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    index_text = prepare("INSERT INTO search (rowid, title, summary) VALUES (?, ?, ?)");
}

/* Han as overlapping pairs with spaces between, all else as it is. */
static const char *write_pairs(const char *text, struct buffer *out)
{
    enum { HAN_BYTES = 3 };
    const char *before = NULL;
    buffer_clear(out);
    for (const char *at = text == NULL ? "" : text; *at != '\0';) {
        unsigned char lead = (unsigned char)*at;
        size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        bool han = lead >= 0xe4 && lead <= 0xe9;
        if (han && before != NULL) {
            buffer_append(out, before, HAN_BYTES);
            buffer_append(out, at, HAN_BYTES);
        }
        if (han || before != NULL) {
            buffer_putc(out, ' ');
        }
        if (!han) {
            buffer_append(out, at, length);
        }
        before = han ? at : NULL;
        at += length;
    }
    return out->data;
}

static void put_text(sqlite3_stmt *statement, int at, const char *text)
{
    sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static void insert_entry(size_t feed, const struct entry *entry, struct buffer *pairs)
{
    const char *id = entry->fields[GUID] != NULL ? entry->fields[GUID] : entry->fields[LINK];
    int64_t hash = (int64_t)hash_string(HASH_START, id == NULL ? "" : id);
    sqlite3_bind_int64(find, 1, (int64_t)feed);
    sqlite3_bind_int64(find, 2, hash);
    bool known = sqlite3_step(find) == SQLITE_ROW;
    sqlite3_reset(find);
    if (known) {
        return;
    }
    sqlite3_bind_int64(insert, 1, (int64_t)feed);
    sqlite3_bind_int64(insert, 2, hash);
    for (int i = 0; i < FIELD_COUNT; i++) {
        put_text(insert, 3 + i, entry->fields[i]);
    }
    sqlite3_step(insert);
    sqlite3_reset(insert);
    sqlite3_bind_int64(index_text, 1, sqlite3_last_insert_rowid(db));
    put_text(index_text, 2, write_pairs(entry->fields[TITLE], &pairs[0]));
    put_text(index_text, 3, write_pairs(entry->fields[SUMMARY], &pairs[1]));
    if (sqlite3_step(index_text) != SQLITE_DONE) {
        stop("insert", sqlite3_errmsg(db));
    }
    sqlite3_reset(index_text);
}

static void insert_all(void)
{
    struct buffer pairs[2];
    buffer_init(&pairs[0], BODY_MAX_BYTES);
    buffer_init(&pairs[1], BODY_MAX_BYTES);
    run("BEGIN");
    for (size_t i = 0; i < load.count; i++) {
        for (size_t k = 0; k < load.feeds[i].entry_count; k++) {
            insert_entry(i, &load.feeds[i].entries[k], pairs);
        }
    }
    run("COMMIT; PRAGMA wal_checkpoint(PASSIVE)");
    buffer_release(&pairs[0]);
    buffer_release(&pairs[1]);
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "";
    curl_global_init(CURL_GLOBAL_DEFAULT);
    xmlInitParser();
    if (argc == 3 && strcmp(what, "transfer") == 0) {
        read_urls(argv[2]);
        begin();
        transfer_all(false);
        end("transfer");
        begin();
        transfer_all(true);
        end("transfer_304");
    } else if (argc == 4 && strcmp(what, "store") == 0) {
        read_folder(argv[2]);
        begin();
        parse_all();
        end("parse");
        open_database(argv[3]);
        begin();
        insert_all();
        end("insert");
    } else {
        fprintf(stderr, "usage: limits transfer URLS | store FOLDER DATABASE\n");
        return 2;
    }
    return 0;
}
