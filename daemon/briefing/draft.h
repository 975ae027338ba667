/* The draft of the coming issue, and the pure functions that write it.
 *
 * draft_build() takes the candidates since the last issue and suggests an issue: per section the
 * best first, as many as the section's limit; the warm-up list takes the next best news that have a
 * vendor (config_section.overflow_of). Everything else stays listed as a candidate. The guide and
 * its count are computed. All of it lives in the arena given; the config must outlive it. PURE.
 */
#ifndef BRIEFING_DRAFT_H
#define BRIEFING_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
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
    const char **also; /* other sources that brought the same item */
    size_t also_count;
    const char *reasons_json; /* array, as verdict_write_json wrote it */
};

struct draft_section {
    const struct config_section *section;
    const struct candidate **picks; /* suggested, in printing order */
    size_t pick_count;
    const struct candidate **others; /* the remaining candidates, best first */
    size_t other_count;
};

/* A line of the archive table: one published issue. */
struct past_issue {
    const char *date; /* 2020-09-17 */
    const char *url;
};

struct draft {
    const char *date; /* of the coming issue: 2020-09-17 */
    int64_t since_utc_s; /* candidates are from after this */
    size_t count;     /* N of 本次N条: picks of all sections but one-liners */
    const char *guide; /* 本次20条。「新闻」…；「论文」… without the label */
    struct draft_section *sections; /* as many, and in the order, of config->sections */
    size_t candidate_count;
};

struct draft *draft_build(struct arena *arena, const struct config *config,
    const struct candidate *candidates, size_t count, int64_t since_utc_s, int64_t now_utc_s);

/* The house form (Markdown), with escaping that never breaks a link or a line. */
void draft_write_markdown(const struct draft *draft, const struct config *config,
    const struct past_issue *past, size_t past_count, struct buffer *out);

/* A readable page: semantic HTML, own style inline in <style>, light and dark, no script. */
void draft_write_html(const struct draft *draft, const struct config *config, struct buffer *out);

/* {"title","date","since","count","guide","sections":[{"id","title","picks":[…],"others":[…]}]}.
 * `generated_utc_s` is written as "generated". */
void draft_write_json(const struct draft *draft, const struct config *config,
    int64_t generated_utc_s, struct buffer *out);

#endif
