/* The draft as one JSON object; its shape is documented at draft_write_json() in
 * briefing/draft.h and is part of the API: members are added, never renamed. */
#include "briefing/draft.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "briefing/markdown_text.h"

static void write_member(const char *name, const char *text, struct buffer *out)
{
    buffer_printf(out, "\"%s\":", name);
    json_write_string(text, out);
}

/* Markdown, for programs that show it: its plain text. */
static void write_plain_member(const char *name, const char *markdown, struct buffer *out)
{
    struct buffer plain;
    buffer_init(&plain, markdown == NULL ? 1 : 2 * strlen(markdown) + 1);
    if (markdown != NULL) {
        markdown_read_lines(markdown, &plain);
    }
    write_member(name, markdown == NULL ? NULL : plain.data, out);
    buffer_release(&plain);
}

/* JSON has no NaN and no infinity. Four digits are more than a score means, and keep the
 * document stable from one build to the next. */
static void write_score(const char *name, double score, struct buffer *out)
{
    buffer_printf(out, ",\"%s\":%.4f", name, isfinite(score) ? score : 0.0);
}

static void write_strings(
    const char *name, const char **texts, size_t count, struct buffer *out)
{
    buffer_printf(out, ",\"%s\":", name);
    json_write_strings((const char *const *)texts, count, out);
}

/* The older ones of its series, which it stands for. */
static void write_bundled(const struct candidate *candidate, struct buffer *out)
{
    buffer_puts(out, ",\"bundled\":[");
    for (size_t i = 0; i < candidate->bundled_count; i++) {
        const struct candidate *older = candidate->bundled[i];
        buffer_printf(out, "%s{\"id\":%lld,", i > 0 ? "," : "", (long long)older->id);
        write_member("title", older->title, out);
        buffer_putc(out, ',');
        write_member("url", older->url, out);
        buffer_putc(out, '}');
    }
    buffer_putc(out, ']');
}

static void write_candidate(const struct candidate *candidate, struct buffer *out)
{
    const struct {
        const char *name, *text;
    } members[] = {
        {"key", candidate->key},
        {"title", candidate->title},
        {"url", candidate->url},
        {"source", candidate->source},
        {"vendor", candidate->vendor},
        {"prefix", candidate->prefix},
        {"language", candidate->language},
    };
    buffer_printf(out, "{\"id\":%lld", (long long)candidate->id);
    for (size_t i = 0; i < array_count(members); i++) {
        buffer_putc(out, ',');
        write_member(members[i].name, members[i].text, out);
    }
    buffer_puts(out, ",\"published\":");
    json_write_time(candidate->published_utc_s, out);
    buffer_puts(out, ",\"first_seen\":");
    json_write_time(candidate->first_seen_utc_s, out);
    write_score("relevance", candidate->relevance, out);
    write_score("margin", candidate->margin, out);
    buffer_printf(out, ",\"uncertain\":%s", candidate->uncertain ? "true" : "false");
    buffer_puts(out, ",\"printed\":");
    if (candidate->printed_day != NULL) {
        buffer_putc(out, '{');
        write_member("issue", candidate->printed_day, out);
        buffer_putc(out, ',');
        write_member("how", candidate->printed_how, out);
        buffer_putc(out, '}');
    } else {
        buffer_puts(out, "null");
    }
    write_strings("tags", candidate->tags, candidate->tag_count, out);
    write_strings("also", candidate->also, candidate->also_count, out);
    write_bundled(candidate, out);
    /* stored as verdict_write_json() wrote it: JSON already */
    bool reasoned = candidate->reasons_json != NULL && candidate->reasons_json[0] == '[';
    buffer_printf(out, ",\"reasons\":%s}", reasoned ? candidate->reasons_json : "[]");
}

static void write_lines(const struct issue_item *pick, struct buffer *out)
{
    buffer_puts(out, ",\"lines\":[");
    for (size_t i = 0; i < pick->line_count; i++) {
        buffer_puts(out, i > 0 ? ",{" : "{");
        write_member("label", pick->lines[i].label, out);
        buffer_putc(out, ',');
        write_plain_member("text", pick->lines[i].text, out);
        buffer_putc(out, '}');
    }
    buffer_putc(out, ']');
}

static void write_pick(
    const struct issue_item *pick, const struct candidate *candidate, struct buffer *out)
{
    const struct {
        const char *name, *text;
    } members[] = {
        {"title", pick->title},
        {"url", pick->url},
        {"source", pick->source},
        {"subject", pick->subject},
        {"prefix", pick->prefix},
    };
    for (size_t i = 0; i < array_count(members); i++) {
        buffer_putc(out, i == 0 ? '{' : ',');
        write_member(members[i].name, members[i].text, out);
    }
    buffer_putc(out, ',');
    write_plain_member("summary", pick->summary, out);
    buffer_putc(out, ',');
    write_plain_member("clause", pick->clause, out);
    write_strings("tags", pick->tags, pick->tag_count, out);
    write_lines(pick, out);
    buffer_puts(out, ",\"candidate\":");
    if (candidate != NULL) {
        write_candidate(candidate, out);
    } else {
        buffer_puts(out, "null");
    }
    buffer_putc(out, '}');
}

static void write_section(const struct draft_section *section, struct buffer *out)
{
    buffer_putc(out, '{');
    write_member("id", section->section->id, out);
    buffer_putc(out, ',');
    write_member("title", section->section->title, out);
    buffer_printf(out, ",\"form\":\"%s\",\"picks\":[", issue_form_name(section->section->form));
    for (size_t i = 0; i < section->pick_count; i++) {
        buffer_puts(out, i > 0 ? "," : "");
        write_pick(&section->picks[i], section->picked[i], out);
    }
    buffer_puts(out, "],\"others\":[");
    for (size_t i = 0; i < section->other_count; i++) {
        buffer_puts(out, i > 0 ? "," : "");
        write_candidate(section->others[i], out);
    }
    buffer_puts(out, "]}");
}

void draft_write_json(const struct draft *draft, const struct config *config,
    int64_t generated_utc_s, struct buffer *out)
{
    const struct {
        const char *name, *text;
    } members[] = {
        {"title", config->briefing.title},
        {"tagline", config->briefing.tagline},
        {"language", config->briefing.language},
        {"date", draft->date},
        {"guide", draft->guide},
    };
    for (size_t i = 0; i < array_count(members); i++) {
        buffer_putc(out, i == 0 ? '{' : ',');
        write_member(members[i].name, members[i].text, out);
    }
    buffer_puts(out, ",\"since\":");
    json_write_time(draft->since_utc_s, out);
    buffer_puts(out, ",\"generated\":");
    json_write_time(generated_utc_s, out);
    buffer_printf(out, ",\"count\":%zu,\"candidates\":%zu,\"sections\":[", draft->count,
        draft->candidate_count);
    for (size_t i = 0; i < config->section_count; i++) {
        buffer_puts(out, i > 0 ? "," : "");
        write_section(&draft->sections[i], out);
    }
    buffer_puts(out, "]}");
}
