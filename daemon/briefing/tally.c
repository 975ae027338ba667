/* Each list that matches votes once, with its weight times the factor of the best field it
 * matched in: a word in the title says more about where an item belongs than one in a long
 * summary. */
#include "briefing/tally.h"

#include <assert.h>
#include <string.h>

/* A hit in the title, source or url counts whole. */
static const double summary_factor = 0.6;
/* What a vendor adds to relevance when only the summary names it, of what the title would. */
static const double vendor_summary_factor = 0.5;

enum { QUOTE_MAX_BYTES = 200 };

/* --- reasons --- */

static const char *field_name(enum keyword_field field)
{
    switch (field) {
    case KEYWORD_TITLE:
        return "title";
    case KEYWORD_SUMMARY:
        return "summary";
    case KEYWORD_SOURCE:
        return "source";
    case KEYWORD_URL:
        return "url";
    }
    assert(!"no such field");
    return "";
}

static const char *field_text(const struct item *item, enum keyword_field field)
{
    switch (field) {
    case KEYWORD_TITLE:
        return item->title;
    case KEYWORD_SUMMARY:
        return item->summary;
    case KEYWORD_SOURCE:
        return item->source;
    case KEYWORD_URL:
        return item->url;
    }
    assert(!"no such field");
    return "";
}

void tally_add_reason(struct tally *tally, struct reason reason)
{
    struct verdict *verdict = tally->verdict;
    if (verdict->reason_count == tally->reason_capacity) {
        verdict->reasons = arena_grow(
            tally->arena, verdict->reasons, sizeof(reason), &tally->reason_capacity);
    }
    verdict->reasons[verdict->reason_count++] = reason;
}

const char *tally_quote(struct arena *arena, const char *text, size_t length)
{
    if (length <= QUOTE_MAX_BYTES) {
        return arena_strndup(arena, text, length);
    }
    length = QUOTE_MAX_BYTES;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) {
        length--;
    }
    return arena_printf(arena, "%.*s…", (int)length, text);
}

static void add_match_reason(struct tally *tally, const struct list *list,
    const struct keyword_match *match, double weight)
{
    const char *text = field_text(tally->item, match->field);
    struct span *spans;
    size_t span_count = spans_build(
        tally->arena, tally->matches, match->list, match->field, text, &spans);
    tally_add_reason(tally,
        (struct reason){
            .rule = list->label,
            .matched = tally_quote(tally->arena, text + match->offset, match->length),
            .field = field_name(match->field),
            .weight = weight,
            .spans = spans,
            .span_count = span_count,
        });
}

static void add_feed_reason(
    struct tally *tally, const char *kind, const struct config_feed *feed, double weight)
{
    tally_add_reason(tally,
        (struct reason){
            .rule = arena_printf(tally->arena, "%s/%s", kind, feed->name),
            .matched = feed->source != NULL ? feed->source : feed->name,
            .field = "source",
            .weight = weight,
        });
}

/* --- votes --- */

static double field_factor(enum keyword_field field)
{
    return field == KEYWORD_SUMMARY ? summary_factor : 1.0;
}

/* For each list its best match, NULL where it has none: the field that counts most, and there
 * the first place. */
static const struct keyword_match **choose_matches(
    const struct rulebook *book, struct arena *scratch, const struct keyword_matches *matches)
{
    const struct keyword_match **best = arena_new_array(
        scratch, const struct keyword_match *, book->list_count + 1);
    for (size_t i = 0; i < matches->count; i++) {
        const struct keyword_match *match = &matches->items[i];
        const struct keyword_match *old = best[match->list];
        if (old == NULL || field_factor(match->field) > field_factor(old->field)) {
            best[match->list] = match;
        }
    }
    return best;
}

static void count_section_vote(
    struct tally *tally, const struct list *list, const struct keyword_match *match)
{
    const struct config_rule *rule = list->rule;
    double weight = rule->weight * (rule->final ? 1.0 : field_factor(match->field));
    if (rule->final && weight > tally->final_weight) {
        tally->final_section = list->section;
        tally->final_weight = weight;
    }
    tally->votes[list->section] += weight;
    tally->voted[list->section] = true;
    add_match_reason(tally, list, match, weight);
}

static void count_topic_vote(
    struct tally *tally, const struct list *list, const struct keyword_match *match)
{
    double weight = list->rule->weight * field_factor(match->field);
    tally->relevance += weight;
    add_match_reason(tally, list, match, weight);
}

/* The vendor whose news it is: the earliest place in the title, and there the longest alias
 * (紫光展锐 before 紫光); `matches` are in this order. Without one, a vendor of the summary is
 * a reason, but the item is not announced as its news. */
static void count_vendor_vote(struct tally *tally, const struct keyword_matches *matches)
{
    const struct rulebook *book = &tally->judge->book;
    for (size_t i = 0; i < matches->count; i++) {
        const struct keyword_match *match = &matches->items[i];
        const struct list *list = &book->lists[match->list];
        if (list->kind != LIST_VENDOR ||
            (match->field != KEYWORD_TITLE && match->field != KEYWORD_SUMMARY)) {
            continue;
        }
        bool in_title = match->field == KEYWORD_TITLE;
        double weight = list->vendor->weight * (in_title ? 1.0 : vendor_summary_factor);
        tally->verdict->vendor = in_title ? list->vendor->name : NULL;
        tally->relevance += weight;
        add_match_reason(tally, list, match, weight);
        return;
    }
}

static void count_feed_votes(struct tally *tally)
{
    const struct config *config = tally->judge->config;
    const struct config_feed *feed = tally->item->feed;
    if (feed == NULL) {
        feed = rulebook_find_source(&tally->judge->book, tally->item->source);
    }
    if (feed == NULL) {
        return;
    }
    int section = feed->section == NULL ? -1 : config_find_section(config, feed->section);
    if (section >= 0 && feed->section_weight != 0) {
        tally->votes[section] += feed->section_weight;
        tally->voted[section] = true;
        add_feed_reason(tally, "feed", feed, feed->section_weight);
    }
    if (feed->weight != 0) {
        tally->relevance += feed->weight;
        add_feed_reason(tally, "weight", feed, feed->weight);
    }
}

static void count_list_votes(struct tally *tally, const struct keyword_match **best)
{
    const struct rulebook *book = &tally->judge->book;
    for (size_t i = 0; i < book->list_count; i++) {
        if (best[i] == NULL) {
            continue;
        }
        tally->labels[tally->label_count++] = book->lists[i].label;
        if (book->lists[i].kind == LIST_SECTION) {
            count_section_vote(tally, &book->lists[i], best[i]);
        } else if (book->lists[i].kind == LIST_TOPIC) {
            count_topic_vote(tally, &book->lists[i], best[i]);
        }
    }
}

/* The gate opens for any match of a named topic, in any field, whatever its weight. */
static bool is_off_topic(const struct tally *tally, const struct keyword_match **best)
{
    const struct config_feed *feed = tally->item->feed;
    if (feed == NULL || feed->require_count == 0) {
        return false;
    }
    const struct rulebook *book = &tally->judge->book;
    for (size_t i = 0; i < book->list_count; i++) {
        for (size_t k = 0; best[i] != NULL && k < feed->require_count; k++) {
            if (book->lists[i].kind == LIST_TOPIC &&
                strcmp(book->lists[i].rule->name, feed->require[k]) == 0) {
                return false;
            }
        }
    }
    return true;
}

void tally_count_rules(struct tally *tally, struct arena *scratch)
{
    const struct rulebook *book = &tally->judge->book;
    const struct item *item = tally->item;
    const struct keyword_texts texts = {item->title, item->summary, item->source, item->url};
    struct keyword_matches matches;
    keyword_set_find(book->keywords, scratch, &texts, &matches, NULL);
    tally->matches = &matches;
    const struct keyword_match **best = choose_matches(book, scratch, &matches);
    tally->labels = arena_new_array(scratch, const char *, book->list_count + 1);
    count_list_votes(tally, best);
    count_vendor_vote(tally, &matches);
    count_feed_votes(tally);
    tally->verdict->off_topic = is_off_topic(tally, best);
    tally->matches = NULL;
}
