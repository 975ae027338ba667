/* What a new issue takes from feeds.conf, and small questions about an issue that more than one
 * renderer asks. */
#include "briefing/issue.h"

#include <string.h>
#include <strings.h>

#include "briefing/letters.h"

/* Text blocks of feeds.conf as an issue has them: without the line ends around them. */
static const char *trimmed(struct arena *arena, const char *block)
{
    if (block == NULL) {
        return NULL;
    }
    block += strspn(block, "\r\n");
    size_t length = strlen(block);
    while (length > 0 && strchr("\r\n", block[length - 1]) != NULL) {
        length--;
    }
    return length == 0 ? NULL : arena_strndup(arena, block, length);
}

static struct issue_section furnish_section(
    const struct config_briefing *briefing, const struct config_section *section)
{
    return (struct issue_section){
        .id = section->id,
        .title = section->title,
        .short_title = section->short_title,
        .form = section->form,
        .lead_in = section->form == CONFIG_FORM_ONELINE ? briefing->lead_in : NULL,
        .note = section->note,
    };
}

struct issue *issue_furnish(struct arena *arena, const struct config *config, const char *date)
{
    const struct config_briefing *briefing = &config->briefing;
    struct issue *issue = arena_new(arena, struct issue);
    *issue = (struct issue){
        .date = date,
        .title = briefing->title,
        .tagline = briefing->tagline,
        .language = briefing->language,
        .front_matter = trimmed(arena, briefing->front_matter),
        .sections = arena_new_array(arena, struct issue_section, config->section_count),
        .section_count = config->section_count,
        .note_before = briefing->note,
        .note_after = briefing->note,
        .archive_form = ISSUE_ARCHIVE_TABLE,
        .archive_url = briefing->homepage,
        .archive_anchor = briefing->archive_anchor,
        .footer = trimmed(arena, briefing->footer),
        .labels = briefing->labels,
    };
    for (size_t i = 0; i < config->section_count; i++) {
        issue->sections[i] = furnish_section(briefing, &config->sections[i]);
    }
    return issue;
}

const char *issue_file_name(
    struct arena *arena, const struct config_briefing *briefing, const char *date)
{
    static const char place[] = "{date}";
    const char *pattern = briefing->file_name;
    const char *found = pattern == NULL ? NULL : strstr(pattern, place);
    return found == NULL ? arena_printf(arena, "%s.md", date)
                         : arena_printf(arena, "%.*s%s%s", (int)(found - pattern), pattern,
                               date, found + strlen(place));
}

/* The address of an issue as seen from any other: through the folder's name, as the house does,
 * so that it also holds for a copy one level deeper. */
static const char *relative_url(
    struct arena *arena, const struct config_briefing *briefing, const char *date)
{
    const char *name = issue_file_name(arena, briefing, date);
    const char *folder = briefing->output_folder;
    size_t length = folder == NULL ? 0 : strlen(folder);
    while (length > 0 && folder[length - 1] == '/') {
        length--;
    }
    size_t start = length;
    while (start > 0 && folder[start - 1] != '/') {
        start--;
    }
    if (length == start || folder[start] == '.') {
        return name;
    }
    return arena_printf(arena, "../%.*s/%s", (int)(length - start), folder + start, name);
}

void issue_set_archive(struct arena *arena, struct issue *issue,
    const struct config_briefing *briefing, const struct past_issue *past, size_t past_count)
{
    issue->archive = arena_new_array(arena, struct past_issue, past_count + 1);
    issue->archive[0].date = issue->date;
    issue->archive_count = 1;
    for (size_t i = 0; i < past_count; i++) {
        if (strcmp(past[i].date, issue->date) != 0) {
            issue->archive[issue->archive_count++] = past[i];
        } else {
            issue->archive[0] = past[i];
        }
    }
    for (size_t i = 0; i < issue->archive_count; i++) {
        if (issue->archive[i].url == NULL) {
            issue->archive[i].url = relative_url(arena, briefing, issue->archive[i].date);
        }
    }
}

size_t issue_count_items(const struct issue *issue)
{
    size_t count = 0;
    for (size_t i = 0; i < issue->section_count; i++) {
        bool counts = issue->sections[i].form != CONFIG_FORM_ONELINE;
        count += counts ? issue->sections[i].item_count : 0;
    }
    return count;
}

bool issue_line_is_url(const struct issue_line *line)
{
    const char *text = line->text;
    bool web = text != NULL &&
        (strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0);
    return web && text[strcspn(text, " \t\r\n<>()[]")] == '\0';
}

/* "https://github.com/Tencent/ncnn" of Tencent/ncnn */
static bool leads_to_repository(const struct issue_item *item)
{
    return item->prefix != NULL && item->url != NULL &&
        strcasestr(item->url, item->prefix) != NULL;
}

const char *issue_prefix_mark(const struct issue_item *item, const struct config_labels *labels)
{
    return leads_to_repository(item) || !letters_have_han(item->title)
        ? ": "
        : labels->prefix_separator;
}
