/* Titles as feeds write them -> titles and clauses as an editor prints them. PURE.
 *
 * Feeds append their own name to a title, put [tags] around it, repeat the project or the
 * company that the printed line already begins with, and write titles of any length. Everything
 * here takes text apart at borders a reader accepts and never inside a Latin word.
 */
#ifndef BRIEFING_HEADLINE_H
#define BRIEFING_HEADLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "config/config.h"

/* One line: white space and line breaks become one space, control and bidi characters vanish.
 * NULL is "". Lives in the arena. */
char *headline_clean(struct arena *arena, const char *text);

/* `title` without a trailing " | source", "_source" or " - source" that names `source` (NULL:
 * none to remove). Clean text in, clean text out. Lives in the arena. */
char *headline_without_source(struct arena *arena, const char *title, const char *source);

/* `title` without the "owner/repo:" or "repo:" that `prefix` will put before it, and without
 * the "repo" before a version. */
char *headline_without_prefix(struct arena *arena, const char *title, const char *prefix);

/* "20240102", "v0.2.0", "b3456": a title that says nothing without its project's name. */
bool headline_is_version(const char *text);

/* The repository's name when `title` is nothing but a version ("v0.2.0", "Release 1.4"), to be
 * printed before it; else NULL. `prefix` is "owner/repo" or NULL. Borrowed from `prefix`. */
const char *headline_project_of_version(const char *title, const char *prefix);

/* The "owner/repo" that `title` begins with before a colon, or NULL. Lives in the arena. */
char *headline_find_prefix(struct arena *arena, const char *title);

/* What stands behind `vendor` in a one-line item: "英伟达发布X" -> "发布X", because "英伟达："
 * is printed before it. Only where the rest still reads as a sentence about the subject
 * ("华为云…" keeps its 华为); final stops are removed, because the list adds its own. */
char *headline_after_subject(
    struct arena *arena, const char *title, const struct config_vendor *vendor);

/* Whether `title` begins with `name` as it is printed before a line: "华为云…" with 华为, but
 * not "ARMv9" with ARM. "华为：华为云…" would say it twice. */
bool headline_begins_with(const char *title, const char *name);

/* `title` without leading and trailing bracketed tags: "[D] …", "【独家】…", "… (Part 2)". */
char *headline_without_tags(struct arena *arena, const char *title);

/* `title` without those leading tags that `names` holds already: they are printed before it. */
char *headline_without_named_tags(
    struct arena *arena, const char *title, const char *const *names, size_t count);

/* `title` up to the first ，；。！？ that leaves `min_columns` before it; else the whole
 * without its final stops. */
char *headline_lead(struct arena *arena, const char *title, size_t min_columns);

/* At most `max_columns` wide: whole when it fits, else cut at the last ，：| or the like that
 * leaves `min_columns`, else between words and with "…". Lives in the arena. */
char *headline_shorten(
    struct arena *arena, const char *title, size_t min_columns, size_t max_columns);

#endif
