/* jansson builds the values, so that every text is escaped and every answer is well-formed
 * whatever a feed or an editor wrote. */
#include "web/server/desk_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "web/server/json.h"

enum { LIST_SUMMARY_CHARACTERS = 300 };

/* ---- values ---- */

json_t *desk_json_number(int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%lld", (long long)number);
    return json_string(digits);
}

json_t *desk_json_id(int64_t id)
{
    return id == 0 ? json_null() : desk_json_number(id);
}

json_t *desk_json_time(int64_t utc_s)
{
    char text[CLOCK_ISO_BYTES];
    return utc_s == CLOCK_NONE ? json_null() : json_string(clock_format_iso(utc_s, text));
}

json_t *desk_json_raw(const char *text)
{
    json_t *value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
    return value == NULL ? json_null() : value;
}

static json_t *list_texts(const char *const *texts, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, json_text(texts[i]));
    }
    return list;
}

/* The beginning of a text, cut at a character. */
static json_t *beginning_of(const char *text)
{
    size_t length = text == NULL ? 0 : strlen(text), end = 0;
    for (int i = 0; i < LIST_SUMMARY_CHARACTERS && end < length; i++) {
        size_t size = utf8_measure(text + end, length - end);
        end += size == 0 ? 1 : size;
    }
    if (text == NULL || end >= length) {
        return json_text(text);
    }
    char *cut = strndup(text, end);
    if (cut == NULL) {
        memory_exhausted();
    }
    json_t *value = json_text(cut);
    free(cut);
    return value;
}

/* ---- stories ---- */

json_t *desk_json_story(const struct desk_story *story, const struct config *config)
{
    const struct candidate *lead = &story->lead;
    const char *section = story->section != NULL ? story->section
                                                 : config->sections[lead->section].id;
    json_t *value = json_pack("{s:o, s:o, s:s, s:o, s:b, s:b, s:o, s:o, s:o}", "id",
        desk_json_number(story->id), "version", desk_json_number(story->version), "state",
        desk_state_name(story->state), "section", json_text(section), "section_by_editor",
        story->section_by_hand != NULL, "lead_by_editor", story->lead_by_hand != 0, "lead",
        desk_json_number(lead->id), "pick", desk_json_id(story->pick), "printed",
        json_text(story->printed_in));
    json_t *shown = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "title",
        json_text(lead->title), "summary", beginning_of(lead->summary), "url",
        json_text(lead->url), "source", json_text(lead->source), "language",
        json_text(lead->language), "vendor", json_text(lead->vendor), "prefix",
        json_text(lead->prefix), "tags",
        list_texts((const char *const *)lead->tags, lead->tag_count), "published",
        desk_json_time(lead->published_utc_s), "first_seen",
        desk_json_time(lead->first_seen_utc_s));
    json_t *judged = json_pack("{s:f, s:f, s:b, s:I, s:o, s:o}", "relevance", lead->relevance,
        "margin", lead->margin, "uncertain", lead->uncertain, "items",
        (json_int_t)story->item_count, "also",
        list_texts((const char *const *)lead->also, lead->also_count), "reasons",
        lead->reasons_json == NULL ? json_array() : desk_json_raw(lead->reasons_json));
    json_object_update_new(value, shown);
    json_object_update_new(value, judged);
    return value;
}

static json_t *list_sightings(const struct desk_item *item, const struct config *config)
{
    json_t *list = json_array();
    for (size_t i = 0; i < item->sighting_count; i++) {
        const struct desk_sighting *sighting = &item->sightings[i];
        json_array_append_new(list,
            json_pack("{s:o, s:o, s:o}", "feed", json_text(sighting->feed_url), "source",
                json_text(sighting->source), "first_seen",
                desk_json_time(sighting->seen_utc_s)));
    }
    return list;
}

/* How it came to its story: the tiers of story.h in the contract's words. */
static const char *tier_name(enum story_tier tier)
{
    static const char *const names[] = {
        [STORY_NEW] = "first",
        [STORY_SAME_KEY] = "key",
        [STORY_NEAR_DUPLICATE] = "copy",
        [STORY_RELATED] = "event",
        [STORY_BY_HAND] = "editor",
    };
    return names[tier];
}

json_t *desk_json_item(const struct desk_item *item, int64_t story, const struct config *config)
{
    const struct candidate *it = &item->candidate;
    json_t *value = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
        desk_json_number(it->id), "version", desk_json_number(item->version), "story",
        desk_json_number(story), "key", json_text(it->key), "title", json_text(it->title),
        "summary", json_text(it->summary), "url", json_text(it->url), "source",
        json_text(it->source), "language", json_text(it->language), "published",
        desk_json_time(it->published_utc_s), "first_seen",
        desk_json_time(it->first_seen_utc_s));
    json_t *more = json_pack("{s:o, s:f, s:f, s:b, s:o, s:b, s:{s:s, s:o, s:f, s:o}, s:o}",
        "section", json_text(config->sections[it->section].id), "relevance", it->relevance,
        "margin", it->margin, "uncertain", it->uncertain, "printed", json_text(it->printed_day),
        "has_content", item->content_html != NULL, "joined", "reason", tier_name(item->tier),
        "like", desk_json_id(item->matched), "score", item->score, "sentence",
        json_text(item->reason), "sightings", list_sightings(item, config));
    json_t *paper = json_pack("{s:o, s:o, s:o, s:o}", "authors", json_text(item->authors),
        "comment", json_text(item->comment), "journal_ref", json_text(item->journal_ref),
        "tags", list_texts((const char *const *)it->tags, it->tag_count));
    json_object_update_new(value, more);
    json_object_update_new(value, paper);
    return value;
}

json_t *desk_json_story_detail(const struct desk_story *story, const struct desk_item *items,
    size_t count, const struct config *config)
{
    json_t *value = desk_json_story(story, config), *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, desk_json_item(&items[i], story->id, config));
    }
    json_object_set_new(value, "summary", json_text(story->lead.summary));
    json_object_set_new(value, "story_items", list);
    return value;
}

/* ---- the draft ---- */

json_t *desk_json_pick(const struct desk_pick *pick, const char *section)
{
    json_t *value = desk_json_raw(pick->body);
    json_t *whose = json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "id",
        desk_json_id(pick->id), "version", desk_json_number(pick->version), "section",
        json_text(section), "story", desk_json_id(pick->story), "item",
        desk_json_id(pick->item), "suggested", pick->id == 0, "original",
        desk_json_raw(pick->original));
    json_object_update_new(value, whose);
    return value;
}

json_t *desk_json_section_name(const struct issue *issue, size_t index)
{
    size_t same = 1;
    for (size_t i = 0; i < index; i++) {
        same += strcmp(issue->sections[i].id, issue->sections[index].id) == 0;
    }
    return same == 1 ? json_text(issue->sections[index].id)
                     : json_sprintf("%s#%zu", issue->sections[index].id, same);
}

static json_t *draft_section(const struct desk_draft *desk, size_t index)
{
    const struct issue_section *section = &desk->draft->issue->sections[index];
    json_t *name = desk_json_section_name(desk->draft->issue, index), *picks = json_array();
    for (size_t i = 0; i < section->item_count; i++) {
        json_array_append_new(
            picks, desk_json_pick(&desk->picks[index][i], json_string_value(name)));
    }
    return json_pack("{s:o, s:o, s:o, s:s, s:I, s:o, s:o}", "id", name, "title",
        json_text(section->title), "short_title", json_text(section->short_title), "form",
        issue_form_name(section->form), "limit",
        (json_int_t)desk->draft->sections[index].section->limit, "note",
        json_text(section->note), "picks", picks);
}

static json_t *draft_sections(const struct desk_draft *desk)
{
    json_t *list = json_array();
    for (size_t i = 0; i < desk->draft->issue->section_count; i++) {
        json_array_append_new(list, draft_section(desk, i));
    }
    return list;
}

/* The line before the one-line section: as long as there is one, all have the same. */
static const char *lead_in_of(const struct issue *issue)
{
    for (size_t i = 0; i < issue->section_count; i++) {
        if (issue->sections[i].form == CONFIG_FORM_ONELINE) {
            return issue->sections[i].lead_in;
        }
    }
    return NULL;
}

json_t *desk_json_draft(const struct desk_draft *draft)
{
    const struct issue *issue = draft->draft->issue;
    json_t *value = json_pack("{s:o, s:o, s:o, s:o, s:b, s:b, s:o, s:b}", "id",
        desk_json_number(draft->id), "version", desk_json_number(draft->version), "tag",
        desk_json_number(draft->tag), "corrects", json_text(draft->corrects), "publishing",
        draft->publishing, "suggest", draft->suggest, "date", json_text(issue->date),
        "date_by_editor", draft->day_by_hand != NULL || draft->corrects != NULL);
    json_t *texts = json_pack("{s:o, s:o, s:I, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "title", json_text(issue->title), "headline", json_text(issue->headline), "count",
        (json_int_t)draft->draft->count, "guide", json_text(issue->guide), "guide_by_editor",
        draft->guide_by_hand != NULL, "guide_base", json_text(draft->guide_base),
        "guide_proposed", json_text(draft->guide_proposed), "preface",
        json_text(issue->preface), "lead_in", json_text(lead_in_of(issue)), "note_before",
        json_text(issue->note_before), "closing", json_text(issue->closing), "note_after",
        json_text(issue->note_after));
    json_object_update_new(value, texts);
    json_object_set_new(value, "sections", draft_sections(draft));
    return value;
}

/* ---- the log ---- */

json_t *desk_json_event(const struct desk_event *event)
{
    json_t *changes = json_array();
    for (size_t i = 0; i < event->change_count; i++) {
        const struct desk_change *change = &event->changes[i];
        json_array_append_new(changes,
            json_pack("{s:s, s:o, s:o, s:o}", "kind", desk_kind_name(change->kind), "id",
                desk_json_number(change->id), "before", desk_json_raw(change->before), "after",
                desk_json_raw(change->after)));
    }
    return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "id", desk_json_number(event->id),
        "at", desk_json_time(event->utc_s), "editor", json_text(event->editor), "action",
        event->action, "undoes", desk_json_id(event->undoes), "undone_by",
        desk_json_id(event->undone_by), "changes", changes);
}
