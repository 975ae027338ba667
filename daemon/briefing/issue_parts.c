/* The separators are labels, so that nothing here knows a language. */
#include "briefing/issue_parts.h"

#include <string.h>

#include "briefing/markup.h"
#include "feed/url.h"

const char *issue_heading(struct arena *arena, const struct issue *issue)
{
    if (issue->headline == NULL) {
        return arena_printf(arena, "%s (%s)", issue->title, issue->date);
    }
    return arena_printf(arena, "%s (%s)%s%s", issue->title, issue->date,
        issue->labels.headline_separator, issue->headline);
}

static const char *lead_of(
    struct arena *arena, const struct issue *issue, const struct issue_item *item)
{
    if (item->subject != NULL) {
        return arena_printf(arena, "%s%s", item->subject, issue->labels.prefix_separator);
    }
    return item->prefix == NULL
        ? ""
        : arena_printf(arena, "%s%s", item->prefix, issue_prefix_mark(item, &issue->labels));
}

struct issue_title issue_item_title(
    struct arena *arena, const struct issue *issue, const struct issue_item *item)
{
    const char *lead = lead_of(arena, issue, item);
    const char *found = item->linked == NULL || *item->linked == '\0'
        ? NULL
        : strstr(item->title, item->linked);
    if (found == NULL) {
        return (struct issue_title){"", arena_printf(arena, "%s%s", lead, item->title), ""};
    }
    return (struct issue_title){
        .before = arena_printf(arena, "%s%.*s", lead, (int)(found - item->title), item->title),
        .linked = item->linked,
        .after = found + strlen(item->linked),
    };
}

const char *issue_item_text(
    struct arena *arena, const struct issue *issue, const struct issue_item *item)
{
    return arena_printf(arena, "%s%s", lead_of(arena, issue, item), item->title);
}

static bool ends_with_mark(const char *text)
{
    static const char *const marks[] = {"。", "；", "！", "？", "…", ".", ";", "!", "?"};
    size_t length = strlen(text);
    for (size_t i = 0; i < array_count(marks); i++) {
        size_t size = strlen(marks[i]);
        if (length >= size && strcmp(text + length - size, marks[i]) == 0) {
            return true;
        }
    }
    return false;
}

const char *issue_line_end(struct arena *arena, const struct issue *issue,
    const struct issue_section *section, size_t index)
{
    const struct config_labels *labels = &issue->labels;
    bool last = index + 1 == section->item_count;
    const char *mark = last ? labels->sentence_end : labels->group_separator;
    if (mark == NULL || ends_with_mark(section->items[index].title)) {
        return "";
    }
    size_t length = strlen(mark);
    while (length > 0 && mark[length - 1] == ' ') {
        length--;
    }
    return arena_strndup(arena, mark, length);
}

const char *issue_section_anchor(struct arena *arena, const struct issue *issue, size_t index)
{
    const char *id = issue->sections[index].id;
    size_t same = 1;
    for (size_t i = 0; i < index; i++) {
        same += strcmp(issue->sections[i].id, id) == 0;
    }
    return same == 1 ? id : arena_printf(arena, "%s-%zu", id, same);
}

const char *issue_past_url(
    struct arena *arena, const struct issue *issue, const struct past_issue *past)
{
    const char *url = past->url == NULL || markup_is_web_address(past->url) ? past->url
        : issue->url == NULL                                                ? NULL
                             : url_resolve(arena, issue->url, past->url);
    return markup_is_web_address(url) ? url : NULL;
}
