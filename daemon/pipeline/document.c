/* The stages, in order: feed_parse -> entry_identify -> is it known? -> plain text ->
 * judge_item. An entry that cannot be used (an arXiv replacement, nothing to show) is left out
 * here, with the reason beside the rule, so that the store only ever sees entries that may
 * become items. */
#include "pipeline/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/shown_url.h"
#include "feed/entry_text.h"
#include "feed/identity.h"
#include "feed/url.h"
#include "feed/parse.h"
#include "feed/source.h"
#include "feed/tracking.h"
#include "net/inflate.h"
#include "pipeline/source_answer.h"

enum {
    /* A summary is for judging and for a few lines of the draft; the whole text stays in the
     * content. 2,000 characters is twice the longest the newsletter ever printed. */
    SUMMARY_MAX_CHARACTERS = 2000,
    /* Feeds of 2,000 entries exist (arXiv); the rhythm needs only the newest. */
    RHYTHM_ENTRIES_MAX = 64,
};

/* No newsletter item is older than the web; what claims to be is a broken date. */
static const int64_t OLDEST_UTC_S = 631152000; /* 1990-01-01 */

struct document *document_new(
    struct rules *rules, const struct config_feed *feed, int64_t fetched_utc_s)
{
    struct document *document = calloc(1, sizeof(*document));
    if (document == NULL) {
        memory_exhausted();
    }
    document->rules = rules_ref(rules);
    document->feed = feed;
    document->fetched_utc_s = fetched_utc_s;
    document->newest_entry_utc_s = CLOCK_NONE;
    document->store.fetched_utc_s = fetched_utc_s;
    document->store.source = feed->source != NULL ? feed->source : feed->name;
    return document;
}

void document_free(struct document *document)
{
    if (document == NULL) {
        return;
    }
    free(document->body);
    arena_release(&document->arena);
    rules_unref(document->rules);
    free(document);
}

/* A date in the future would pin its item on top, one before the web would hide it: the first
 * is clamped to the time of the fetch, the second is no date. The raw text is stored beside it.
 */
int64_t document_clamp_date(int64_t utc_s, int64_t fetched_utc_s)
{
    if (utc_s == CLOCK_NONE || utc_s < OLDEST_UTC_S) {
        return CLOCK_NONE;
    }
    return utc_s > fetched_utc_s ? fetched_utc_s : utc_s;
}

static char *join_strings(struct arena *arena, const struct feed_strings *strings)
{
    size_t length = 1;
    for (size_t i = 0; i < strings->count; i++) {
        length += strlen(strings->items[i]) + 2;
    }
    if (strings->count == 0) {
        return NULL;
    }
    char *joined = arena_alloc(arena, length);
    char *end = joined;
    for (size_t i = 0; i < strings->count; i++) {
        end = stpcpy(i == 0 ? end : stpcpy(end, ", "), strings->items[i]);
    }
    return joined;
}

/* The text to show: the content, or a summary that is more than one plain paragraph. */
static const char *entry_content(const struct feed_entry *entry)
{
    if (entry->content != NULL) {
        return entry->content;
    }
    return entry->summary != NULL && strchr(entry->summary, '<') != NULL ? entry->summary
                                                                         : NULL;
}

static void judge_entry(
    struct document *document, const struct feed_entry *entry, struct store_entry *out)
{
    struct arena *arena = &document->arena;
    struct item item = {
        .key = out->key,
        .title = out->title,
        .summary = out->summary,
        .url = out->url,
        .source = document->store.source,
        .feed = document->feed,
        .comment = entry->arxiv_comment,
        .journal_ref = entry->arxiv_journal_ref,
    };
    out->verdict = judge_item(document->rules->judge, document->rules->learner, arena, &item);
    out->reasons_json = verdict_reasons_json(&out->verdict, arena);
}

static const char *entry_url(struct arena *arena, const struct feed_entry *entry)
{
    const char *url = entry->link == NULL ? NULL : url_canonical(arena, entry->link);
    return url != NULL ? url : entry->link;
}

/* What tells whether the entry is known. False when no item is to be made of it. */
static bool identify_entry(
    struct document *document, struct feed_entry *entry, struct store_entry *out)
{
    struct arena *arena = &document->arena;
    if (!source_admits(document->feed, entry)) {
        return false;
    }
    source_adapt_entry(arena, document->feed, entry);
    if (entry->link != NULL) {
        entry->link = tracking_strip(
            arena, &document->rules->config->tracking_parameters, entry->link);
    }
    struct entry_identity identity = entry_identify(
        arena, entry, shown_url(arena, document->feed->url)); /* keys are shown to everybody */
    int64_t date = entry->published_utc_s != CLOCK_NONE ? entry->published_utc_s
                                                        : entry->updated_utc_s;
    *out = (struct store_entry){
        .guid = identity.guid,
        .content_hash = identity.content_hash,
        .key = identity.key,
        .published_utc_s = document_clamp_date(date, document->fetched_utc_s),
    };
    return true;
}

/* All the rest of an identified entry. False when there is nothing to show. */
static bool build_entry(
    struct document *document, const struct feed_entry *entry, struct store_entry *out)
{
    struct arena *arena = &document->arena;
    char *summary = entry_summary_text(arena, entry, SUMMARY_MAX_CHARACTERS);
    out->summary = summary;
    out->title = entry_title_text(arena, entry, summary);
    if (out->title == NULL || out->title[0] == '\0') {
        return false;
    }
    out->content_html = entry_content(entry);
    out->url = entry_url(arena, entry);
    out->authors = join_strings(arena, &entry->authors);
    out->language = entry->language != NULL ? entry->language : document->feed->language;
    out->comment = entry->arxiv_comment;
    out->journal_ref = entry->arxiv_journal_ref;
    out->published_raw = entry->published_raw;
    judge_entry(document, entry, out);
    return true;
}

static int compare_newest_first(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? 1 : a > b ? -1 : 0;
}

/* The newest dates: what the schedule learns the feed's rhythm from. */
static void collect_dates(
    struct document *document, const struct store_entry *entries, size_t count)
{
    int64_t *dates = arena_new_array(&document->arena, int64_t, count + 1);
    size_t dated = 0;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].published_utc_s != CLOCK_NONE) {
            dates[dated++] = entries[i].published_utc_s;
        }
    }
    if (dated == 0) {
        return;
    }
    qsort(dates, dated, sizeof(*dates), compare_newest_first);
    document->newest_entry_utc_s = dates[0];
    document->dates_utc_s = dates;
    document->date_count = dated < RHYTHM_ENTRIES_MAX ? dated : RHYTHM_ENTRIES_MAX;
}

static void judge_entries(struct document *document)
{
    const struct feed_document *parsed = document->feed_document;
    struct arena *arena = &document->arena;
    struct store_entry *entries = arena_new_array(
        arena, struct store_entry, parsed->entry_count + 1);
    const struct feed_entry **sources = arena_new_array(
        arena, const struct feed_entry *, parsed->entry_count + 1);
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < parsed->entry_count; i++) {
        sources[count] = &parsed->entries[i];
        count += identify_entry(document, &parsed->entries[i], &entries[count]) ? 1 : 0;
    }
    if (document->recogniser != NULL) {
        recogniser_ask(document->recogniser, document->store.state.id, entries, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (entries[i].known || build_entry(document, sources[i], &entries[i])) {
            entries[kept++] = entries[i];
        }
    }
    collect_dates(document, entries, kept);
    document->store.entries = entries;
    document->store.entry_count = kept;
}

static void read_body(struct document *document)
{
    struct feed_parse_options options = {
        .base_url = document->url,
        .content_type = document->content_type,
        .fetched_utc_s = document->fetched_utc_s,
    };
    if (document->is_gzip &&
        !inflate_gzip(&document->body, &document->body_length,
            document->rules->config->polling.max_bytes, &document->fault)) {
        return;
    }
    document->body_hash = hash_long(HASH_START, document->body, document->body_length);
    document->unchanged = document->body_hash == document->known_hash;
    if (!document->unchanged) {
        document->parsed = feed_parse(&document->arena, document->body, document->body_length,
            &options, &document->feed_document, &document->fault);
    }
    if (document->parsed) {
        feed_document_keep_newest(document->feed_document, document->feed->max_items);
    }
    if (!document->unchanged) {
        source_answer_inspect(document, document->body, document->body_length);
    }
}

void document_work(struct document *document)
{
    read_body(document);
    free(document->body);
    document->body = NULL;
    if (document->parsed) {
        document->store.source = source_label(document->feed, document->feed_document->title);
        judge_entries(document);
    }
}
