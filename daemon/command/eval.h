/* What `briefd eval` measures, file by file. */
#ifndef COMMAND_EVAL_H
#define COMMAND_EVAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"
#include "briefing/story.h"
#include "pipeline/rules.h"

/* One line of the table. */
struct eval_row {
    const char *file;    /* as it is shown */
    const char *measure; /* "macro-F1, rules alone" */
    double value;
    size_t count; /* of cases behind it */
};

struct eval {
    struct arena arena; /* rows, names */
    const char *path;   /* of the file that is being scored */
    struct rules *rules;
    const struct fold_table *fold;
    struct story_settings stories;
    struct eval_row *rows;
    size_t row_count, row_capacity;
};

/* `format` names the measure. */
void eval_add(struct eval *eval, const char *file, double value, size_t count,
    const char *format, ...) printf_like(5, 6);

/* The lines of a file of JSON objects: borrowed arrays of references, freed with the array.
 * FAULT_PARSE names file and line. */
must_check bool eval_read_lines(const char *path, json_t **ret_lines, struct fault *fault);

/* How well the Markdown that a folder `issues`, beside the file of these labelled items or
 * beside its folder, holds is read: the share of items that have the right section, title,
 * source, url and tags. Adds nothing where there is no such folder. */
void eval_import(struct eval *eval, const char *name, const json_t *lines);

/* Each scores the labelled lines of one kind of file; what the lines must have is described in
 * CONTRIBUTING.md, "Measuring the judgement". `name` is how the file is shown. */
typedef bool eval_score(
    struct eval *eval, const char *name, const json_t *lines, struct fault *fault);
eval_score eval_urls, eval_pairs, eval_streams, eval_items, eval_ranking, eval_replay;

#endif
