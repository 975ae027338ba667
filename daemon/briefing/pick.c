/* The house prints four kinds of item (config_form). What differs between them at this stage is
 * which of the candidate's facts are printed at all: an arXiv paper or a GitHub project is its
 * own source, a one-line item has no summary, an article no tags. The table says it; code only
 * follows it. */
#include "briefing/pick.h"

#include <string.h>
#include <strings.h>

#include "briefing/guide.h"
#include "briefing/headline.h"
#include "briefing/letters.h"
#include "briefing/markdown_text.h"
#include "feed/html.h"
#include "feed/url.h"

/* Columns: a Han character is two (briefing/letters.h). The longest title the newsletter has
 * printed has 192 characters. */
enum {
    TITLE_MIN_COLUMNS = 80,
    TITLE_MAX_COLUMNS = 240,
};

struct form {
    bool has_subject, has_prefix, has_tags, has_source, has_summary, has_clause;
};

static const struct form forms[] = {
    [CONFIG_FORM_ARTICLE] = {.has_source = true, .has_summary = true, .has_clause = true},
    [CONFIG_FORM_ONELINE] = {.has_subject = true},
    [CONFIG_FORM_PAPER] = {.has_tags = true,
        .has_source = true,
        .has_summary = true,
        .has_clause = true},
    [CONFIG_FORM_PROJECT] = {.has_prefix = true,
        .has_source = true,
        .has_summary = true,
        .has_clause = true},
};

static bool is_web_url(const char *url)
{
    return url != NULL &&
        (strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0);
}

static bool has_key(const struct candidate *candidate, const char *kind)
{
    const char *rest;
    return candidate->key != NULL && url_key_is(candidate->key, kind, &rest);
}

static bool is_pdf(const char *url)
{
    size_t length = url == NULL ? 0 : strlen(url);
    return length > 4 && strcasecmp(url + length - 4, ".pdf") == 0;
}

/* The link leads to the paper itself, not to an article about it. */
static bool is_paper(const struct candidate *candidate)
{
    return has_key(candidate, "arxiv") || has_key(candidate, "doi") || is_pdf(candidate->url);
}

static const struct config_vendor *find_vendor(const struct config *config, const char *name)
{
    for (size_t i = 0; name != NULL && i < config->vendor_count; i++) {
        if (strcmp(config->vendors[i].name, name) == 0) {
            return &config->vendors[i];
        }
    }
    return NULL;
}

/* A title that is missing is replaced by what the item is: better an address than an empty
 * link. */
static const char *printed_title(struct arena *arena, const struct candidate *candidate)
{
    const char *const texts[] = {candidate->title, candidate->url, candidate->key};
    for (size_t i = 0; i < array_count(texts); i++) {
        const char *title = headline_clean(arena, texts[i]);
        if (*title != '\0') {
            title = headline_without_source(arena, title, candidate->source);
            return headline_shorten(arena, title, TITLE_MIN_COLUMNS, TITLE_MAX_COLUMNS);
        }
    }
    return "-";
}

/* arXiv's papers are linked by their abstract page, in the version that the tag names: that is
 * where a reader finds PDF, code and later versions, whatever page the feed pointed at. */
static const char *printed_url(struct arena *arena, const struct candidate *candidate)
{
    const char *id;
    if (candidate->key == NULL || !url_key_is(candidate->key, "arxiv", &id)) {
        return is_web_url(candidate->url) ? candidate->url : NULL;
    }
    for (size_t i = 0; i < candidate->tag_count; i++) {
        if (strncmp(candidate->tags[i], id, strlen(id)) == 0) {
            id = candidate->tags[i];
        }
    }
    return arena_printf(arena, "https://arxiv.org/abs/%s", id);
}

/* A line's text is Markdown, and an address in it must not end early. */
static const char *bare_url(struct arena *arena, const char *url)
{
    struct buffer text;
    buffer_init(&text, 3 * strlen(url) + 1);
    markdown_write_url(url, &text);
    const char *bare = arena_strdup(arena, text.data);
    buffer_release(&text);
    return bare;
}

static void add_lines(struct arena *arena, const struct config *config, enum config_form form,
    const struct candidate *candidate, struct issue_item *pick)
{
    struct issue_line line = {0};
    if (form == CONFIG_FORM_PAPER && pick->url != NULL && is_paper(candidate)) {
        line.label = config->briefing.labels.link;
        line.text = bare_url(arena, pick->url);
    } else if (form == CONFIG_FORM_PROJECT && pick->prefix != NULL &&
        !has_key(candidate, "github")) {
        line.label = config->briefing.labels.project;
        line.text = bare_url(arena, arena_printf(arena, "https://github.com/%s", pick->prefix));
    }
    if (line.text != NULL) {
        struct issue_line *lines = arena_new(arena, struct issue_line);
        *lines = line;
        pick->lines = lines;
        pick->line_count = 1;
    }
}

static const char *nonempty(const char *text)
{
    return text != NULL && *text != '\0' ? text : NULL;
}

struct issue_item pick_build(struct arena *arena, const struct config *config,
    enum config_form form, const struct candidate *candidate)
{
    const struct form *shown = &forms[form];
    struct issue_item pick = {
        .id = candidate->id,
        .key = candidate->key,
        .title = printed_title(arena, candidate),
        .url = printed_url(arena, candidate),
    };
    if (shown->has_subject) {
        pick.subject = nonempty(candidate->vendor);
        pick.title = headline_after_subject(
            arena, pick.title, find_vendor(config, candidate->vendor));
        if (pick.subject != NULL && headline_begins_with(pick.title, pick.subject)) {
            pick.subject = NULL;
        }
    }
    if (shown->has_prefix) {
        pick.prefix = nonempty(candidate->prefix);
        if (pick.prefix == NULL) {
            pick.prefix = headline_find_prefix(arena, pick.title);
        }
        pick.title = headline_without_prefix(arena, pick.title, pick.prefix);
    }
    const char *project = headline_project_of_version(pick.title, candidate->prefix);
    if (project != NULL && !shown->has_prefix) {
        pick.title = arena_printf(arena, "%s %s", project, pick.title);
    }
    if (shown->has_tags) {
        pick.tags = candidate->tags;
        pick.tag_count = candidate->tag_count;
        pick.title = headline_without_named_tags(
            arena, pick.title, (const char *const *)pick.tags, pick.tag_count);
    }
    if (shown->has_source && !has_key(candidate, "arxiv") && !has_key(candidate, "github")) {
        pick.source = nonempty(headline_clean(arena, candidate->source));
    }
    if (shown->has_summary && candidate->summary != NULL) {
        const char *summary = nonempty(
            text_summary(arena, candidate->summary, config->briefing.summary_length));
        pick.summary = markdown_from_plain(arena, summary);
    }
    add_lines(arena, config, form, candidate, &pick);
    if (shown->has_clause) {
        pick.clause = guide_clause_of_title(arena, &config->briefing.labels, &pick);
        pick.highlight = true;
    }
    return pick;
}
