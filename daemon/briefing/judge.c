/* A verdict is a tally of votes.
 *
 * Each list that matches votes once, with its weight times the factor of the best field it
 * matched in: a word in the title says more about where an item belongs than one in a long
 * summary. Votes are taken as log-odds, so sections compare by softmax: the margin is the
 * difference of the two best probabilities, and a learner can later add its own log-odds to the
 * same tally without another scale. A plain difference of sums was rejected: it calls one weak
 * lone vote certain.
 *
 * Relevance is the logistic function of what topics, the feed's weight and a vendor's name add
 * up to, shifted so that an item about nothing of interest lies near 0.1. */
#include "briefing/judge.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "briefing/keyword.h"
#include "briefing/rulebook.h"
#include "briefing/source_rules.h"
#include "briefing/tags.h"

/* A hit in the title, source or url counts whole. */
static const double summary_factor = 0.6;
/* Log-odds of being relevant without any reason: 1 / (1 + e^2) = 0.12. */
static const double relevance_start = -2.0;
/* What a vendor adds to relevance when only the summary names it, of what the title would. */
static const double vendor_summary_factor = 0.5;

/* What the learner is told of one vote: beyond it everything is certain anyway. */
static const double odds_max = 1000;

enum { QUOTE_MAX_BYTES = 200, LEARNER_REASONS = 3 };

struct judge {
    struct config *config;
    struct rulebook book;
    int fallback; /* section of items no rule claims */
};

/* Sums while one item is judged. */
struct tally {
    const struct judge *judge;
    const struct learner *learner; /* NULL: by the rules alone */
    struct arena *arena;           /* the caller's: what the verdict keeps */
    const struct item *item;
    const struct keyword_matches *matches;
    double *votes; /* [section] */
    bool *voted;   /* [section] some rule or feed spoke */
    int final_section;
    double final_weight;
    double relevance;    /* log-odds */
    const char **labels; /* of the lists that matched */
    size_t label_count;
    struct verdict *verdict;
    size_t reason_capacity;
};

static int find_fallback(const struct config *config)
{
    for (size_t i = 0; i < config->section_count; i++) {
        if (config->sections[i].fallback) {
            return (int)i;
        }
    }
    return 0;
}

struct judge *judge_new(struct config *config, struct problems *problems)
{
    if (config->section_count == 0) {
        problems_add(problems, config->path, 0,
            "there is no section to put an item into: write at least one 'section'");
        return NULL;
    }
    struct judge *judge = calloc(1, sizeof(*judge));
    if (judge == NULL) {
        abort();
    }
    judge->config = config_ref(config);
    judge->fallback = find_fallback(config);
    if (!rulebook_init(&judge->book, config, problems)) {
        judge_free(judge);
        return NULL;
    }
    return judge;
}

void judge_free(struct judge *judge)
{
    if (judge == NULL) {
        return;
    }
    rulebook_release(&judge->book);
    config_unref(judge->config);
    free(judge);
}

bool judge_check_keywords(const struct config *config, struct problems *problems)
{
    struct rulebook book;
    bool sound = rulebook_init(&book, config, problems);
    rulebook_release(&book);
    return sound;
}

const struct config *judge_config(const struct judge *judge)
{
    return judge->config;
}

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

static void add_reason(struct tally *tally, struct reason reason)
{
    struct verdict *verdict = tally->verdict;
    if (verdict->reason_count == tally->reason_capacity) {
        verdict->reasons = arena_grow(
            tally->arena, verdict->reasons, sizeof(reason), &tally->reason_capacity);
    }
    verdict->reasons[verdict->reason_count++] = reason;
}

/* A regex may match half a summary; a reason shows enough of it to recognise. */
static const char *quote(struct arena *arena, const char *text, size_t length)
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
    add_reason(tally,
        (struct reason){
            .rule = list->label,
            .matched = quote(tally->arena, text + match->offset, match->length),
            .field = field_name(match->field),
            .weight = weight,
            .spans = spans,
            .span_count = span_count,
        });
}

static void add_feed_reason(
    struct tally *tally, const char *kind, const struct config_feed *feed, double weight)
{
    add_reason(tally,
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

/* --- the decision --- */

/* The two largest among the sections that have a vote, and the fallback. */
static void decide_by_votes(struct tally *tally)
{
    const struct judge *judge = tally->judge;
    const size_t count = judge->config->section_count;
    int best = judge->fallback;
    for (size_t i = 0; i < count; i++) {
        if (tally->voted[i] && tally->votes[i] > tally->votes[best]) {
            best = (int)i;
        }
    }
    double sum = 0, next = 0;
    for (size_t i = 0; i < count; i++) {
        double odds = exp(tally->votes[i] - tally->votes[best]);
        sum += odds;
        next = (int)i != best && odds > next ? odds : next;
    }
    tally->verdict->section = best;
    tally->verdict->margin = count > 1 ? fmax(0, (1 - next) / sum) : 1;
    tally->verdict->uncertain = tally->verdict->margin <
        judge->config->briefing.uncertain_margin;
}

static void decide(struct tally *tally)
{
    if (tally->final_section >= 0) {
        tally->verdict->section = tally->final_section;
        tally->verdict->margin = 1;
    } else {
        decide_by_votes(tally);
    }
    tally->verdict->relevance = 1 / (1 + exp(-tally->relevance));
}

static void count_votes(struct tally *tally, struct arena *scratch)
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

/* --- the learner --- */

static struct learner_texts offer_texts(const struct tally *tally)
{
    return (struct learner_texts){
        .title = tally->item->title,
        .summary = tally->item->summary,
        .source = tally->item->source,
        .url = tally->item->url,
        .rules = tally->labels,
        .rule_count = tally->label_count,
    };
}

static void add_learned_reasons(
    struct tally *tally, const struct learner_extract *extract, const char *about, int slot)
{
    struct learner_share shares[LEARNER_REASONS];
    size_t count = learner_explain(
        tally->learner, learner_extract_features(extract), slot, shares, array_count(shares));
    for (size_t i = 0; i < count; i++) {
        struct learner_term term = learner_extract_find(extract, shares[i].code);
        if (term.length > 0) {
            add_reason(tally,
                (struct reason){
                    .rule = arena_printf(tally->arena, "learner/%s", about),
                    .matched = quote(tally->arena, term.text, term.length),
                    .field = term.field,
                    .weight = shares[i].weight,
                });
        }
    }
}

static void add_learned_votes(struct tally *tally, const struct learner_score *score)
{
    const struct config *config = tally->judge->config;
    for (size_t i = 0; i < config->section_count; i++) {
        int slot = config->sections[i].overflow_of != NULL
            ? -1
            : learner_find_slot(tally->learner, config->sections[i].id);
        if (slot >= 0) {
            tally->votes[i] += score->sections[slot];
            tally->voted[i] = tally->voted[i] || score->sections[slot] > 0;
        }
    }
}

static void decide_with_learner(struct tally *tally, struct arena *scratch)
{
    const struct learner_texts texts = offer_texts(tally);
    const struct learner_extract *extract = learner_extract(
        scratch, tally->judge->book.folding, &texts);
    const struct learner_score score = learner_score(
        tally->learner, learner_extract_features(extract));
    tally->relevance += score.relevance;
    add_learned_votes(tally, &score);
    decide(tally);
    const char *section = tally->judge->config->sections[tally->verdict->section].id;
    int slot = learner_find_slot(tally->learner, section);
    if (tally->final_section < 0 && slot >= 0) {
        add_learned_reasons(tally, extract, section, slot);
    }
    add_learned_reasons(tally, extract, "relevance", -1);
}

/* --- from outside --- */

static struct tally start_tally(const struct judge *judge, struct arena *arena,
    struct arena *scratch, const struct item *item, struct verdict *verdict)
{
    const size_t sections = judge->config->section_count;
    return (struct tally){
        .judge = judge,
        .arena = arena,
        .item = item,
        .votes = arena_new_array(scratch, double, sections),
        .voted = arena_new_array(scratch, bool, sections),
        .final_section = -1,
        .relevance = relevance_start,
        .verdict = verdict,
    };
}

struct verdict judge_item(const struct judge *judge, const struct learner *learner,
    struct arena *arena, const struct item *item)
{
    /* Folded texts and matches are many times the verdict: they do not stay in the document. */
    cleanup(arena_release) struct arena scratch = {0};
    struct verdict verdict = {0};
    struct tally tally = start_tally(judge, arena, &scratch, item, &verdict);
    tally.learner = learner;
    count_votes(&tally, &scratch);
    if (learner != NULL && learner_event_count(learner) > 0) {
        decide_with_learner(&tally, &scratch);
    } else {
        decide(&tally);
    }
    verdict.prefix = tags_find_repository(arena, item);
    verdict.tags = tags_build(arena, judge->config, item, &verdict.tag_count);
    struct reason reason = {0};
    source_rules_apply(arena, item, &verdict, &reason);
    if (reason.rule != NULL) {
        add_reason(&tally, reason);
    }
    return verdict;
}

static float clamp_odds(double odds)
{
    return (float)fmax(-odds_max, fmin(odds_max, odds));
}

struct learner_sight judge_see(
    const struct judge *judge, struct arena *arena, const struct item *item)
{
    cleanup(arena_release) struct arena scratch = {0};
    struct verdict verdict = {0};
    struct tally tally = start_tally(judge, &scratch, &scratch, item, &verdict);
    count_votes(&tally, &scratch);
    const struct learner_texts texts = offer_texts(&tally);
    const struct learner_extract *extract = learner_extract(arena, judge->book.folding, &texts);
    const size_t count = judge->config->section_count;
    struct learner_vote *votes = arena_new_array(arena, struct learner_vote, count);
    struct learner_sight sight = {
        .features = *learner_extract_features(extract),
        .relevance = clamp_odds(tally.relevance),
        .votes = votes,
    };
    for (size_t i = 0; i < count; i++) {
        if (tally.votes[i] != 0) {
            votes[sight.vote_count++] = (struct learner_vote){
                judge->config->sections[i].id, clamp_odds(tally.votes[i])};
        }
    }
    return sight;
}
