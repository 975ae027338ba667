/* The draft of the coming issue, and the pure functions that show it with its candidates.
 *
 * draft_build() takes the candidates since the last issue and suggests an issue: per section
 * the best first (relevance, then margin, then the newest), as many as the section's limit; a
 * one-line section takes the next best of its overflow_of section that have a vendor, one
 * vendor's lines together. Everything else stays listed as a candidate, what was printed in a
 * past issue behind all others and never suggested. The guide and its count
 * are computed.
 *
 * A pick is the text as it is printed (briefing/issue.h), apart from the candidate it came
 * from, so that a renderer is a function of the printed issue alone: texts an editor writes go
 * through the same renderers. Everything lives in the arena given; config and candidates must
 * outlive it. PURE.
 */
#ifndef BRIEFING_DRAFT_H
#define BRIEFING_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "briefing/issue.h"
#include "config/config.h"

/* One stored item with its verdict, as the store gives it. Missing strings are NULL. */
struct candidate {
    int64_t id;
    const char *key;
    const char *title;
    const char *summary; /* plain text, full */
    const char *url;
    const char *source;
    const char *language;
    int64_t published_utc_s; /* CLOCK_NONE: unknown */
    int64_t first_seen_utc_s;
    int section; /* index into config->sections */
    double margin;
    bool uncertain;
    double relevance;
    const char *vendor;
    const char *prefix;
    const char **tags;
    size_t tag_count;
    const char *printed_day;          /* of the issue that had it before; NULL: none had */
    const char *printed_how;          /* "key": the same thing; "title": nearly its title */
    const char *bundle;               /* a series that counts as one candidate; NULL: none */
    const struct candidate **bundled; /* the older ones it stands for, newest first; set by
                                         bundle_candidates() */
    size_t bundled_count;
    const char **also; /* other sources that brought the same item */
    size_t also_count;
    const char *reasons_json; /* array, as verdict_write_json wrote it */
};

struct draft_section {
    const struct config_section *section;
    struct issue_item *picks;        /* suggested, in printing order: the issue's items */
    const struct candidate **picked; /* picked[i] is what picks[i] was made from */
    size_t pick_count;
    const struct candidate **others; /* the remaining candidates, best first */
    size_t other_count;
};

struct draft {
    const char *date;    /* of the coming issue: 2020-09-17 */
    int64_t since_utc_s; /* candidates are from after this */
    size_t count;        /* N of 本次N条: picks of all sections but one-liners */
    const char *guide; /* plain text of the issue's: 本次20条。「新闻」…；「论文」… */
    struct issue *issue;            /* what would be printed, but for the archive, which
                                       issue_set_archive() fills */
    struct draft_section *sections; /* as many, and in the order, of config->sections and of
                                       issue->sections */
    size_t candidate_count;
};

/* Suggest an issue, from candidates of which the newest of a bundle stands for the others.
 * Every candidate's section must be an index into config->sections; equal
 * ones are told apart by their ids, so the same candidates in any order give the same draft. */
struct draft *draft_build(struct arena *arena, const struct config *config,
    const struct candidate *candidates, size_t count, int64_t since_utc_s, int64_t now_utc_s);

/* The same, but room[i] suggestions at most in section i: what an editor's own lines leave of
 * it. */
struct draft *draft_fill(struct arena *arena, const struct config *config,
    const struct candidate *candidates, size_t count, const size_t *room, int64_t since_utc_s,
    int64_t now_utc_s);

/* Write the guide of draft->issue, after its lines were changed, into `guide` of both. */
void draft_compose_guide(struct arena *arena, struct draft *draft);

/* A readable page: semantic HTML, own style inline in <style>, light and dark, print, no
 * script, no request to anywhere. Below each section its remaining candidates are folded away.
 * Only http(s) links are written. */
void draft_write_html(
    const struct draft *draft, const struct config *config, struct buffer *out);

/* One object:
 *     {"title", "tagline", "language", "date": "2020-09-17", "since": time|null, "generated":
 * time, "count": N, "candidates": all that were considered, "guide": "本次N条。…", "sections":
 * [{"id", "title", "form": "article"|"oneline"|"paper"|"project", "picks": [pick], "others":
 * [candidate]}]} pick: {"title", "url", "source", "subject", "prefix", "tags": [], "lines":
 * [{"label", "text"}], "summary", "clause", "candidate": candidate|null} as printed; what is
 * missing is null. candidate: {"id", "key", "title", "url", "source", "language", "published":
 * time|null, "first_seen": time, "relevance", "margin", "uncertain", "vendor", "prefix",
 * "printed": {"issue": "2020-09-17", "how": "key"|"title"}|null,
 * "tags": [], "also": [other sources], "bundled": [{"id", "title", "url"}], "reasons": [as
 * briefd classify writes them]} as stored. Times are ISO 8601 in UTC. No newline at the end. */
void draft_write_json(const struct draft *draft, const struct config *config,
    int64_t generated_utc_s, struct buffer *out);

#endif
