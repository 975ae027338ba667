/* The verdict on an item: its section, how sure, how relevant, whose news, and why.
 *
 * A judge is compiled once from a configuration and then frozen: workers share it, it holds a
 * reference to the config. Strong rules are final (arXiv host -> papers, GitHub -> oss);
 * otherwise each rule whose list matches votes with its weight, the feed's own section votes
 * too, and the highest sum wins; the margin is its lead over the next. Topics vote on
 * relevance. A feed's `require` gate marks items off-topic when none of the named topics
 * matches. What a learner (briefing/learner.h) knows is added to the votes of the rules, but
 * final rules stay final. Every vote is kept as a reason. PURE, any thread.
 */
#ifndef BRIEFING_JUDGE_H
#define BRIEFING_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buffer.h"
#include "briefing/learner.h"
#include "briefing/spans.h"
#include "config/config.h"

/* What is judged. Missing strings are NULL. */
struct item {
    const char *key;     /* feed/url.h */
    const char *title;   /* plain text */
    const char *summary; /* plain text */
    const char *url;
    const char *source;             /* label of the feed or site */
    const struct config_feed *feed; /* NULL: by hand, or from a feed that is not configured */
    const char *comment;            /* arXiv comment, for venues; NULL elsewhere */
    const char *journal_ref;
};

struct reason {
    const char *rule;    /* "papers/venues", "topic/quantization", "vendor/英伟达",
                            "feed/量子位", "learner/papers", "learner/relevance" */
    const char *matched; /* the text that matched, as it stands in the item; of the learner also
                            the label of another rule */
    const char *field;   /* "title", "summary", "source", "url"; of the learner also "rule" */
    double weight;
    const struct span *spans; /* where in that field the list's keywords stand, to be marked */
    size_t span_count;
};

struct verdict {
    int section;   /* index into config->sections */
    double margin; /* lead of the section over the next, 0..1; 1 for a final rule */
    bool uncertain;
    bool off_topic;     /* the feed's `require` gate is not met, or its kind of source says that
                           this is no news (briefing/source_rules.h): kept, but no candidate */
    double relevance;   /* 0..1, orders the candidates */
    const char *vendor; /* name of the first vendor in the title, or NULL */
    const char *prefix; /* "owner/repo" for a GitHub project, else NULL */
    const char **tags;  /* "2009.00278v2", "CVPR2021" */
    size_t tag_count;
    const char *bundle; /* "owner/repo prereleases": items of a bundle count as one candidate,
                           the newest; NULL: it stands for itself */
    struct reason *reasons;
    size_t reason_count;
};

struct fold_table;
struct judge;

/* Compile. On failure returns NULL and `problems` has one entry for each bad pattern, at its
 * file:line. Takes its own reference to `config`. */
must_check struct judge *judge_new(struct config *config, struct problems *problems);
void judge_free(struct judge *judge);

/* Whether all keywords of `config` can be compiled, of a part of a file as well
 * (config_parse_rules()); the bad ones go to `problems`. */
must_check bool judge_check_keywords(const struct config *config, struct problems *problems);

const struct config *judge_config(const struct judge *judge);

/* How its keywords and texts are folded; for searching as the judge reads. Borrowed. */
const struct fold_table *judge_folding(const struct judge *judge);

/* The verdict, living in `arena`; `item` is borrowed for the call. `learner` NULL: by the rules
 * alone. */
struct verdict judge_item(const struct judge *judge, const struct learner *learner,
    struct arena *arena, const struct item *item);

/* What a learner sees of the item, for an event: its features and what the rules say of it. In
 * `arena`; names of sections are the configuration's. */
struct learner_sight judge_see(
    const struct judge *judge, struct arena *arena, const struct item *item);

/* {"section":…,"margin":…,…,"reasons":[…]} without the outer braces' newline: the body of
 * `briefd classify`'s lines and of an item's "why". `id` NULL leaves it out. */
void verdict_write_json(const struct verdict *verdict, const struct config *config,
    const char *id, struct buffer *out);

/* The array of reasons alone, as it is stored with the item. Lives in the arena; "[]" when it
 * would be longer than 64 KiB. */
const char *verdict_reasons_json(const struct verdict *verdict, struct arena *arena);

#endif
