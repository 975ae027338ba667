/* database FILE [--feeds N] [--items N] [--issues N] [--urls FILE] [--turn-ms MS] [--no-index]:
 * a database as large as wanted, for benchmarks.
 *
 * Default: 10,000 feeds, 1,000,000 items of the last three years, 40 issues that print some of
 * them. Everything goes through store.h, as from polls: rounds in which each feed brings a few
 * items, newer from round to round. 60 % of the items are Chinese, a tenth of the feeds bring
 * whole articles. --urls names the feeds' addresses, one a line, for a poll of them. What a
 * larger archive has besides (drafts) is one more function in `parts`. The same numbers give
 * the same database. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/hash.h"
#include "briefing/issue.h"
#include "briefing/issue_reader.h"
#include "../unit/briefing/house_labels.h"
#include "config/problems.h"
#include "prose.h"
#include "storage/store.h"

enum {
    DAY_S = 86400,
    SPAN_DAYS = 3 * 365,
    ISSUE_ITEMS = 15,
    ITEMS_A_VISIT = 5,
    TEXT_MAX_BYTES = 64 << 10,
    PROSE_SEED = 20200917,
};
static const int64_t newest_utc_s = INT64_C(1795305600); /* 2026-11-22 */

struct plan {
    const char *path;
    size_t feeds, items, issues;
    const char *urls; /* NULL: addresses that nobody serves */
    int64_t turn_ms;  /* 0: no index */
};

struct making {
    const struct plan *plan;
    struct store *store;
    struct config *config; /* holds one reference */
    struct feed_state *states;
    struct prose *prose;
    struct arena arena; /* of the feeds */
    FILE *urls;
    size_t made;
    uint64_t text_bytes;
    size_t slow_turns;
    struct fault fault;
};

static void must(struct making *making, bool ok)
{
    if (!ok) {
        fprintf(stderr, "%s\n", making->fault.message);
        exit(1);
    }
}

/* All else is as in a daemon whose file says nothing of it. */
static const char configuration[] =
    "briefing { title = 大库 }"
    " section brief { title = 热身小新闻 }"
    " section news { title = 业界新闻 fallback = true }"
    " section papers { title = 论文 }"
    " section oss { title = 开源项目 }"
    " section blog { title = 博文 }"
    " feed none { url = 'https://none.example/' }"; /* make_feeds() has more */

static void read_configuration(struct making *making)
{
    cleanup(problems_release) struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(configuration, "database", &problems);
    must(making,
        config != NULL ||
            fault_set(
                &making->fault, FAULT_CONFIG, "the configuration of the benchmark is refused"));
    making->config = config;
}

/* ---- feeds ---- */

static const char *read_url(struct making *making, size_t feed)
{
    char line[512];
    if (making->plan->urls == NULL) {
        return arena_printf(&making->arena, "https://f%zu.example/feed.xml", feed);
    }
    if (making->urls == NULL && (making->urls = fopen(making->plan->urls, "r")) == NULL) {
        must(making, fault_set(&making->fault, FAULT_STORE, "no '%s'", making->plan->urls));
    }
    if (fgets(line, sizeof(line), making->urls) == NULL) {
        must(making,
            fault_set(&making->fault, FAULT_STORE, "'%s' is too short", making->plan->urls));
    }
    line[strcspn(line, "\r\n")] = '\0';
    return arena_strdup(&making->arena, line);
}

static void make_feeds(struct making *making)
{
    size_t count = making->plan->feeds;
    struct config_feed *feeds = arena_new_array(&making->arena, struct config_feed, count);
    for (size_t i = 0; i < count; i++) {
        feeds[i].name = arena_printf(&making->arena, "feed %zu", i);
        feeds[i].url = read_url(making, i);
        feeds[i].enabled = true;
    }
    making->config->feeds = feeds;
    making->config->feed_count = count;
    must(making,
        store_register_feeds(
            making->store, &making->arena, making->config, &making->states, &making->fault));
}

/* ---- items ---- */

/* Feeds take turns, and each brings ITEMS_A_VISIT. */
static size_t feed_of(const struct making *making, size_t item)
{
    return item / ITEMS_A_VISIT % making->plan->feeds;
}

static const char *make_key(const struct making *making, struct arena *arena, size_t item)
{
    return arena_printf(
        arena, "https://f%zu.example/2026/post-%zu.html", feed_of(making, item), item);
}

static int64_t date_of(const struct making *making, size_t item)
{
    double age = 1.0 - (double)item / (double)making->plan->items;
    return newest_utc_s - (int64_t)(age * SPAN_DAYS * DAY_S);
}

static char *write_prose(struct making *making, struct arena *arena, bool chinese,
    unsigned words, const char *around)
{
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, TEXT_MAX_BYTES);
    buffer_printf(&text, "%s", around);
    prose_write(making->prose, chinese, words, &text);
    making->text_bytes += text.length;
    return arena_strndup(arena, text.data, text.length);
}

/* Whom or what it is about: one report in eight is about what the one before it was. Without
 * names of their own all English items would be one story of a third of a million, which no
 * newsroom has. */
static const char *make_names(struct arena *arena, size_t number)
{
    static const char consonants[] = "bdfgklmnprstvz", vowels[] = "aeiou";
    enum { LETTERS = 18, SPACE = 9 };
    uint64_t event = number % 8 == 7 ? number - 1 : number;
    uint64_t random = hash_bytes(HASH_START, &event, sizeof(event));
    char names[LETTERS + 2] = "";
    for (size_t i = 0; i < LETTERS; i++, random = hash_bytes(random, &i, sizeof(i))) {
        names[i] = i == SPACE ? ' '
            : i % 2 == 0      ? consonants[random % (sizeof(consonants) - 1)]
                              : vowels[random % (sizeof(vowels) - 1)];
    }
    names[LETTERS] = ' ';
    return arena_strdup(arena, names);
}

/* Mostly short, a few long: the lengths of the summaries of real feeds. */
static unsigned summary_words(struct prose *prose)
{
    unsigned words = 15 + (unsigned)prose_number(prose, 60);
    return prose_number(prose, 10) == 0 ? words * 5 : words;
}

static void make_entry(
    struct making *making, struct arena *arena, size_t feed, struct store_entry *entry)
{
    struct prose *prose = making->prose;
    bool chinese = feed % 10 < 6;
    size_t number = making->made++;
    const char *about = chinese ? "" : make_names(arena, number);
    entry->key = make_key(making, arena, number);
    entry->guid = entry->key;
    entry->url = entry->key;
    entry->title = write_prose(
        making, arena, chinese, 5 + (unsigned)prose_number(prose, 8), about);
    entry->summary = write_prose(making, arena, chinese, summary_words(prose), about);
    if (feed % 10 == 9) {
        entry->content_html = write_prose(making, arena, chinese, 800, "<p>");
    }
    entry->language = chinese ? "zh-CN" : "en";
    entry->published_utc_s = date_of(making, number) - (int64_t)prose_number(prose, 2 * DAY_S);
    entry->content_hash = hash_string(HASH_START, entry->title);
    entry->verdict.section = (int)prose_number(prose, making->config->section_count);
    entry->verdict.off_topic = prose_number(prose, 3) == 0;
    entry->verdict.relevance = (double)prose_number(prose, 1000) / 1000;
    entry->reasons_json = "[]";
}

static struct store_document *make_document(
    struct making *making, struct arena *arena, size_t feed)
{
    struct store_document *document = arena_new(arena, struct store_document);
    struct store_entry *entries = arena_new_array(arena, struct store_entry, ITEMS_A_VISIT);
    for (size_t i = 0; i < ITEMS_A_VISIT && making->made < making->plan->items; i++) {
        make_entry(making, arena, feed, &entries[i]);
        document->entry_count++;
    }
    document->state = making->states[feed];
    document->source = making->states[feed].name;
    document->entries = entries;
    document->fetched_utc_s = document->entry_count == 0 ? newest_utc_s
                                                         : entries[0].published_utc_s;
    return document;
}

static void make_items(struct making *making)
{
    for (size_t feed = 0; making->made < making->plan->items;) {
        struct arena arena = {0};
        struct store_document *batch[STORE_BATCH_MAX];
        size_t count = 0;
        while (count < STORE_BATCH_MAX && count < making->plan->feeds) {
            batch[count++] = make_document(making, &arena, feed);
            feed = (feed + 1) % making->plan->feeds;
        }
        must(making, store_commit(making->store, batch, count, making->config, &making->fault));
        arena_release(&arena);
    }
}

/* ---- issues ---- */

static struct issue_section *make_section(
    struct making *making, struct arena *arena, size_t first)
{
    struct issue_item *items = arena_new_array(arena, struct issue_item, ISSUE_ITEMS);
    for (size_t i = 0; i < ISSUE_ITEMS; i++) {
        items[i].key = items[i].url = make_key(making, arena, first + i);
        items[i].title = write_prose(making, arena, true, 8, "");
        items[i].summary = write_prose(making, arena, true, 60, "");
    }
    struct issue_section *section = arena_new(arena, struct issue_section);
    *section = (struct issue_section){.id = "news",
        .title = "业界新闻",
        .short_title = "新闻",
        .items = items,
        .item_count = ISSUE_ITEMS};
    return section;
}

/* Each prints what was new when it came out. The items come later and find themselves
 * printed. */
static void make_issues(struct making *making)
{
    for (size_t i = 0; i < making->plan->issues; i++) {
        struct arena arena = {0};
        char day[sizeof("2026-11-22")];
        size_t first = making->plan->items * (i + 1) / (making->plan->issues + 1);
        int64_t date = date_of(making, first);
        struct tm parts;
        strftime(day, sizeof(day), "%Y-%m-%d", gmtime_r(&date, &parts));
        struct issue issue = {.date = day,
            .title = "大库",
            .sections = make_section(making, &arena, first),
            .section_count = 1,
            .labels = HOUSE_LABELS};
        enum store_issue_change change;
        must(making,
            store_import_issue(making->store, &(struct issue_reading){.issue = &issue}, &change,
                &making->fault));
        arena_release(&arena);
    }
}

/* The machine may be busy otherwise. */
static int64_t cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void index_items(struct making *making)
{
    int64_t longest_ms = 0;
    size_t turns = 0;
    for (bool more = making->plan->turn_ms > 0; more; turns++) {
        int64_t begin_ms = cpu_ms();
        must(making,
            store_index_items(making->store, making->plan->turn_ms, &more, &making->fault));
        int64_t spent_ms = cpu_ms() - begin_ms;
        longest_ms = spent_ms > longest_ms ? spent_ms : longest_ms;
        making->slow_turns += spent_ms > 2 * making->plan->turn_ms;
    }
    printf("%zu turns of the index, %zu of them twice as long as asked, longest %lld ms of "
           "processor time\n",
        turns, making->slow_turns, (long long)longest_ms);
}

static const struct part {
    const char *name;
    void (*make)(struct making *making);
} parts[] = {
    {"feeds", make_feeds},
    {"issues", make_issues},
    {"items", make_items},
    {"index", index_items},
};

static bool read_plan(int argc, char **argv, struct plan *ret_plan)
{
    static const struct option options[] = {{"feeds", required_argument, NULL, 'f'},
        {"items", required_argument, NULL, 'i'}, {"issues", required_argument, NULL, 's'},
        {"urls", required_argument, NULL, 'u'}, {"no-index", no_argument, NULL, 'n'},
        {"turn-ms", required_argument, NULL, 't'}, {0}};
    *ret_plan = (struct plan){.feeds = 10000, .items = 1000000, .issues = 40, .turn_ms = 1000};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'f':
            ret_plan->feeds = strtoul(optarg, NULL, 10);
            break;
        case 'i':
            ret_plan->items = strtoul(optarg, NULL, 10);
            break;
        case 's':
            ret_plan->issues = strtoul(optarg, NULL, 10);
            break;
        case 'u':
            ret_plan->urls = optarg;
            break;
        case 'n':
            ret_plan->turn_ms = 0;
            break;
        case 't':
            ret_plan->turn_ms = strtol(optarg, NULL, 10);
            break;
        default:
            return false;
        }
    }
    ret_plan->path = argv[optind];
    return optind + 1 == argc && ret_plan->feeds > 0;
}

int main(int argc, char **argv)
{
    struct plan plan;
    if (!read_plan(argc, argv, &plan)) {
        fprintf(stderr,
            "usage: database FILE [--feeds N] [--items N] [--issues N] [--urls FILE] "
            "[--turn-ms MS] [--no-index]\n");
        return 2;
    }
    struct making making = {.plan = &plan, .prose = prose_new(PROSE_SEED)};
    read_configuration(&making);
    must(&making, store_open(plan.path, &making.store, &making.fault));
    for (size_t i = 0; i < array_count(parts); i++) {
        int64_t begin_ms = clock_monotonic_ms();
        parts[i].make(&making);
        printf(
            "%-8s %8.1f s\n", parts[i].name, (double)(clock_monotonic_ms() - begin_ms) / 1e3);
        fflush(stdout);
    }
    printf("text     %8.1f MB\n", (double)making.text_bytes / 1e6);
    if (making.urls != NULL) {
        fclose(making.urls);
    }
    store_close(making.store);
    prose_free(making.prose);
    config_unref(making.config);
    arena_release(&making.arena);
    return 0;
}
