/* The guide against the issue. Its clauses are in the editor's words, not the titles', so a
 * clause counts as found when a small share of its character pairs is somewhere in an item of
 * its section: she takes names and figures from the summary. What the share must be was looked
 * at on printed guides; it is low, because a false alarm here costs more than a miss.
 */
#include "briefing/preflight_report.h"

#include <stdio.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/guide.h"
#include "briefing/guide_parts.h"
#include "briefing/letters.h"
#include "feed/text.h"

enum {
    GUIDE_MAX_CHARACTERS = 700, /* printed: 315 to 540 */
    CLAUSE_MAX_COLUMNS = 100,   /* printed: 60 in nine of ten */
    GUIDE_MAX_BYTES = 16 << 10, /* beyond, only its length is worth a word */
    CLAUSES_MAX = 64,           /* looked up in the issue; printed: about 20 */
    WORDS_MAX_BYTES = 8 << 10   /* of an item, to look in */
};

static const double found_share = 0.2, named_share = 0.5;

/* ---- is it there? ---- */

static bool has_pair(const char *text, uint32_t first, uint32_t second)
{
    size_t offset = 0;
    uint32_t before = 0, c;
    while ((c = letters_next(text, &offset)) != 0) {
        if (before == first && c == second) {
            return true;
        }
        before = c;
    }
    return false;
}

/* The share of the character pairs of `clause` that `text` has. */
static double share_in(const char *clause, const char *text)
{
    size_t offset = 0, pairs = 0, found = 0;
    uint32_t before = letters_next(clause, &offset), c;
    while (before != 0 && (c = letters_next(clause, &offset)) != 0) {
        pairs++;
        found += has_pair(text, before, c);
        before = c;
    }
    return pairs == 0 ? 1 : (double)found / (double)pairs;
}

static const char *words_of(struct arena *arena, const struct issue_item *item)
{
    const char *words = arena_printf(arena, "%s %s %s %s",
        item->clause != NULL ? item->clause : "", item->prefix != NULL ? item->prefix : "",
        item->title, item->summary != NULL ? item->summary : "");
    for (size_t i = 0; i < item->line_count && strlen(words) < WORDS_MAX_BYTES; i++) {
        if (item->lines[i].text != NULL) {
            words = arena_printf(arena, "%s %s", words, item->lines[i].text);
        }
    }
    return arena_strndup(arena, words, text_clip(words, strlen(words), WORDS_MAX_BYTES));
}

static bool is_in_section(
    struct arena *arena, const struct issue_section *section, const char *clause)
{
    for (size_t i = 0; i < section->item_count; i++) {
        if (share_in(clause, words_of(arena, &section->items[i])) >= found_share) {
            return true;
        }
    }
    return false;
}

/* Anywhere: an item may stand in another section than the guide's group says. */
static bool is_in_issue(const struct preflight_run *run, const char *clause)
{
    for (size_t i = 0; i < run->issue->section_count; i++) {
        if (is_in_section(run->arena, &run->issue->sections[i], clause)) {
            return true;
        }
    }
    return false;
}

/* ---- the parts ---- */

static void check_count(
    struct preflight_run *run, const struct preflight_field *field, const char *head)
{
    long said = guide_count_in(head);
    size_t real = issue_count_items(run->issue);
    if (said < 0 || (size_t)said == real) {
        return;
    }
    char number[24];
    size_t start = strcspn(head, "0123456789");
    size_t length = strspn(head + start, "0123456789");
    snprintf(number, sizeof(number), "%zu", real);
    preflight_report(run, PREFLIGHT_GUIDE_COUNT, field, start, length,
        arena_strndup(run->arena, head + start, length), number)
        ->fix = arena_strdup(run->arena, number);
}

/* The section a group is about: "新闻" is short for 业界新闻, and some print the long name. */
static const struct issue_section *section_of(const struct preflight_run *run, const char *name)
{
    for (size_t i = 0; i < run->issue->section_count; i++) {
        const struct issue_section *section = &run->issue->sections[i];
        bool is_short = section->short_title != NULL && strcmp(section->short_title, name) == 0;
        if (is_short || strcmp(section->title, name) == 0) {
            return section;
        }
    }
    return NULL;
}

/* "「" of "「新闻」", with a place for the name: "「…」". */
static const char *style_of(struct arena *arena, const struct guide_group *group)
{
    const char *name = strstr(group->bracket, group->name);
    return arena_printf(arena, "%.*s…%s", (int)(name - group->bracket), group->bracket,
        name + strlen(group->name));
}

static void check_group(struct preflight_run *run, const struct preflight_field *field,
    const struct guide_parts *parts, size_t index, size_t start)
{
    const struct guide_group *group = &parts->groups[index];
    const char *style = style_of(run->arena, group);
    const char *first = style_of(run->arena, &parts->groups[0]);
    size_t length = strlen(group->bracket);
    if (strcmp(style, first) != 0) {
        const char *gap = strstr(first, "…");
        preflight_report(run, PREFLIGHT_GUIDE_BRACKETS, field, start, length, first, style)
            ->fix = arena_printf(
            run->arena, "%.*s%s%s", (int)(gap - first), first, group->name, gap + strlen("…"));
    }
    if (section_of(run, group->name) == NULL) {
        preflight_report(
            run, PREFLIGHT_GUIDE_GROUP_UNKNOWN, field, start, length, group->name, NULL);
    }
    if (group->clause_count == 0) {
        preflight_report(
            run, PREFLIGHT_GUIDE_GROUP_EMPTY, field, start, length, group->name, NULL);
    }
}

/* What is longer, or stands in a guide of several lines, is prose, as guides were until
 * 2020-07, and no clause of one item. */
static bool is_one_clause(const struct preflight_run *run, const char *text)
{
    return letters_columns(text) <= CLAUSE_MAX_COLUMNS &&
        strchr(run->issue->guide, '\n') == NULL;
}

static size_t check_clauses(struct preflight_run *run, const struct preflight_field *field,
    const struct guide_group *group, size_t start)
{
    for (size_t i = 0; i < group->clause_count; i++) {
        const char *clause = group->clauses[i].text;
        start += strlen(group->clauses[i].separator);
        bool looked_up = i < CLAUSES_MAX && is_one_clause(run, clause);
        if (looked_up && !is_in_issue(run, clause)) {
            preflight_report(
                run, PREFLIGHT_GUIDE_CLAUSE_GONE, field, start, strlen(clause), clause, NULL);
        }
        start += strlen(clause);
    }
    return start;
}

/* "「论文」" or "【论文】" anywhere, also inside a sentence. */
static bool names(const struct preflight_run *run, const char *name)
{
    const struct config_labels *labels = &run->issue->labels;
    const char *const pairs[][2] = {
        {labels->open_bracket, labels->close_bracket}, {"「", "」"}, {"【", "】"}};
    for (size_t i = 0; name != NULL && i < array_count(pairs); i++) {
        const char *bracket = arena_printf(
            run->arena, "%s%s%s", pairs[i][0], name, pairs[i][1]);
        if (strstr(run->issue->guide, bracket) != NULL) {
            return true;
        }
    }
    return false;
}

/* A section with items that the guide passes over. */
static void check_sections(struct preflight_run *run, const struct preflight_field *field)
{
    for (size_t i = 0; i < run->issue->section_count; i++) {
        const struct issue_section *section = &run->issue->sections[i];
        bool named = names(run, section->short_title) || names(run, section->title);
        if (!named && section->item_count > 0 && section->form != CONFIG_FORM_ONELINE) {
            preflight_report(
                run, PREFLIGHT_GUIDE_GROUP_MISSED, field, 0, 0, section->title, NULL);
        }
    }
}

/* Half of what the program would say of the item is in the guide, or half of a clause of the
 * guide is in the item: she may have said it shorter, or longer. */
static bool is_named(const struct preflight_run *run, const struct guide_parts *parts,
    const struct issue_item *item)
{
    const char *clause = guide_clause(run->arena, run->issue, item);
    const char *words = words_of(run->arena, item);
    bool named = share_in(clause, run->issue->guide) >= named_share;
    for (size_t i = 0; i < parts->group_count && !named; i++) {
        for (size_t k = 0; k < parts->groups[i].clause_count && k < CLAUSES_MAX && !named;
             k++) {
            named = share_in(parts->groups[i].clauses[k].text, words) >= named_share;
        }
    }
    return named;
}

static void check_highlights(struct preflight_run *run, const struct guide_parts *parts)
{
    for (size_t s = 0; s < run->issue->section_count; s++) {
        const struct issue_section *section = &run->issue->sections[s];
        for (size_t i = 0; i < section->item_count; i++) {
            const struct issue_item *item = &section->items[i];
            bool meant = item->highlight && section->form != CONFIG_FORM_ONELINE;
            if (meant && !is_named(run, parts, item)) {
                struct preflight_field field = preflight_item_field(
                    run, s, i, "highlight", "", false);
                preflight_report(run, PREFLIGHT_GUIDE_ITEM_MISSED, &field, 0, 0, NULL, NULL);
            }
        }
    }
}

static void check_length(struct preflight_run *run, const struct preflight_field *field)
{
    size_t columns = letters_columns(field->text);
    if (columns > 2 * GUIDE_MAX_CHARACTERS) {
        char number[24];
        snprintf(number, sizeof(number), "%zu", columns / 2);
        preflight_report(
            run, PREFLIGHT_GUIDE_LONG, field, 0, strlen(field->text), number, NULL);
    }
}

/* A count and groups by their names; until 2020-05 the guide was prose with a bracket here and
 * there. */
static bool has_house_form(const struct preflight_run *run, const struct guide_parts *parts)
{
    size_t known = 0;
    for (size_t i = 0; i < parts->group_count; i++) {
        known += section_of(run, parts->groups[i].name) != NULL;
    }
    return guide_count_in(parts->head) >= 0 && known > 0;
}

void preflight_check_guide(struct preflight_run *run)
{
    const struct issue *issue = run->issue;
    struct preflight_field field = {-1, -1, "guide", issue->guide, true};
    if (issue->guide == NULL) {
        if (issue_count_items(issue) > 0) {
            field.text = "";
            preflight_report(run, PREFLIGHT_GUIDE_MISSING, &field, 0, 0, NULL, NULL);
        }
        return;
    }
    check_length(run, &field);
    if (strlen(issue->guide) > GUIDE_MAX_BYTES) {
        return;
    }
    const struct guide_parts *parts = guide_parts_read(
        run->arena, issue->guide, &issue->labels);
    size_t start = strlen(parts->head);
    check_count(run, &field, parts->head);
    for (size_t i = 0; i < parts->group_count; i++) {
        start += strlen(parts->groups[i].separator);
        check_group(run, &field, parts, i, start);
        start += strlen(parts->groups[i].bracket);
        start = check_clauses(run, &field, &parts->groups[i], start);
    }
    if (has_house_form(run, parts)) {
        check_sections(run, &field);
    }
    check_highlights(run, parts);
}
