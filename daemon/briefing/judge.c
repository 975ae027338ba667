/* A verdict is a tally of votes (tally.c), and what the learner adds to them.
 *
 * Votes are taken as log-odds, so sections compare by softmax: the margin is the difference of
 * the two best probabilities, and the learner adds its own log-odds to the same tally without
 * another scale. On the open data a margin is right as often as it says, with and without the
 * learner. A plain difference of sums was rejected: it calls one weak lone vote certain.
 *
 * Relevance is the logistic function of what topics, the feed's weight and a vendor's name add
 * up to, shifted so that an item about nothing of interest lies near 0.1. */
#include "briefing/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "briefing/source_rules.h"
#include "briefing/tags.h"
#include "briefing/tally.h"
#include "feed/source.h"

/* Log-odds of being relevant without any reason: 1 / (1 + e^2) = 0.12. */
static const double relevance_start = -2.0;
/* What the learner is told of one vote: beyond it everything is certain anyway. */
static const double odds_max = 1000;

enum { LEARNER_REASONS = 3, LEARNER_SHARES = 12 };

static int find_fallback(const struct config *config)
{
    for (size_t i = 0; i < config->section_count; i++) {
        if (config->sections[i].fallback) {
            return (int)i;
        }
    }
    return 0;
}

/* A configuration is judged with by one thread before others see it. */
static void recognise_sources(struct config *config)
{
    for (size_t i = 0; i < config->feed_count; i++) {
        if (config->feeds[i].recognised == CONFIG_KIND_AUTO) {
            source_recognise(&config->feeds[i]);
        }
    }
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
    recognise_sources(config);
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

const struct fold_table *judge_folding(const struct judge *judge)
{
    return judge->book.folding;
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

static bool is_one_letter(const struct learner_term *term)
{
    return term->length > 0 && utf8_measure(term->text, term->length) == term->length;
}

/* Grams overlap: of 蚂蚁金 and 蚁金服 the stronger is enough, of 蚂蚁 and 蚂蚁金服 as well. */
static bool overlaps(const struct learner_term *a, const struct learner_term *b)
{
    return strcmp(a->field, b->field) == 0 && a->text < b->text + b->length &&
        b->text < a->text + a->length;
}

/* The strongest terms that mean something to a reader: single letters do not. */
static size_t choose_terms(const struct learner_extract *extract,
    const struct learner_share *shares, size_t count, struct learner_term *ret_terms,
    double *ret_weights)
{
    size_t chosen = 0;
    for (size_t i = 0; i < count && chosen < LEARNER_REASONS; i++) {
        struct learner_term term = learner_extract_find(extract, shares[i].code);
        bool shown = term.length > 0 && !is_one_letter(&term);
        for (size_t k = 0; k < chosen; k++) {
            shown = shown && !overlaps(&ret_terms[k], &term);
        }
        if (shown) {
            ret_weights[chosen] = shares[i].weight;
            ret_terms[chosen++] = term;
        }
    }
    return chosen;
}

/* Where the term stands in the title or the summary; other texts are not marked. */
static const struct span *mark_term(
    const struct tally *tally, const struct learner_term *term, size_t *ret_count)
{
    const char *text = strcmp(term->field, "title") == 0 ? tally->item->title
        : strcmp(term->field, "summary") == 0            ? tally->item->summary
                                                         : NULL;
    *ret_count = text != NULL;
    if (text == NULL) {
        return NULL;
    }
    struct span *span = arena_new(tally->arena, struct span);
    *span = spans_measure(text, (uint32_t)(term->text - text), term->length);
    return span;
}

static void add_learned_reasons(
    struct tally *tally, const struct learner_extract *extract, const char *about, int slot)
{
    struct learner_share shares[LEARNER_SHARES];
    struct learner_term terms[LEARNER_REASONS];
    double weights[LEARNER_REASONS];
    size_t count = learner_explain(
        tally->learner, learner_extract_features(extract), slot, shares, array_count(shares));
    count = choose_terms(extract, shares, count, terms, weights);
    for (size_t i = 0; i < count; i++) {
        struct reason reason = {
            .rule = arena_printf(tally->arena, "learner/%s", about),
            .matched = tally_quote(tally->arena, terms[i].text, terms[i].length),
            .field = terms[i].field,
            .weight = weights[i],
        };
        reason.spans = mark_term(tally, &terms[i], &reason.span_count);
        tally_add_reason(tally, reason);
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
    tally_count_rules(&tally, &scratch);
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
        tally_add_reason(&tally, reason);
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
    tally_count_rules(&tally, &scratch);
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
