#include "issue_fixture.h"

#include <assert.h>

#include "base/attributes.h"
#include "house_labels.h"

/* A struct that has grown needs its new field in the sample and in the list below; these say
 * so. */
_Static_assert(sizeof(struct issue_line) == 2 * sizeof(void *), "list the new field");
_Static_assert(sizeof(struct issue_link) == 2 * sizeof(void *), "list the new field");
_Static_assert(sizeof(struct issue_item) == 19 * sizeof(void *), "list the new field");
_Static_assert(sizeof(struct issue_section) == 8 * sizeof(void *), "list the new field");
_Static_assert(sizeof(struct past_issue) == 3 * sizeof(void *), "list the new field");
_Static_assert(sizeof(struct issue) == 22 * sizeof(void *) + sizeof(struct config_labels),
    "list the new field");

static const struct config_labels labels = HOUSE_LABELS;

static struct issue_section *make_sections(struct arena *arena)
{
    struct issue_section *sections = arena_new_array(arena, struct issue_section, 2);
    struct issue_item *line = arena_new_array(arena, struct issue_item, 2);
    line[0] = (struct issue_item){.id = 7,
        .key = "https://example.org/a",
        .subject = "海鸥半导体",
        .title = "发布首款端侧芯片，功耗减半",
        .linked = "首款端侧芯片",
        .url = "https://example.org/a"};
    line[1] = (struct issue_item){.title = "一条没有链接的消息"};
    sections[0] = (struct issue_section){.id = "brief",
        .title = "热身小新闻",
        .short_title = "热身",
        .form = CONFIG_FORM_ONELINE,
        .lead_in = "先是一些小新闻：",
        .items = line,
        .item_count = 2};

    const char **tags = arena_new_array(arena, const char *, 2);
    tags[0] = "2009.00001v2";
    tags[1] = "CVPR2021";
    struct issue_link *links = arena_new_array(arena, struct issue_link, 1);
    links[0] = (struct issue_link){"解读", "https://example.org/reading"};
    struct issue_line *lines = arena_new_array(arena, struct issue_line, 2);
    lines[0] = (struct issue_line){"标题：", "Tiny Networks"};
    lines[1] = (struct issue_line){"链接：", "https://example.org/paper.pdf"};
    struct issue_item *items = arena_new_array(arena, struct issue_item, 2);
    items[0] = (struct issue_item){.id = 8,
        .key = "arxiv:2009.00001",
        .prefix = "owner/tiny",
        .tags = tags,
        .tag_count = 2,
        .title = "小网络的量化",
        .source = "某某公众号",
        .url = "https://example.org/b",
        .links = links,
        .link_count = 1,
        .lines = lines,
        .line_count = 2,
        .summary =
            "第一段，有[链接](https://example.org/c)。\n  1. 其一；\n  2. 其二。\n末段。",
        .clause = "小网络量化",
        .highlight = true};
    items[1] = (struct issue_item){.title = "还没有链接的一条",
        .awaits_url = true,
        .summary = "无标签。",
        .bare_summary = true};
    sections[1] = (struct issue_section){.id = "papers",
        .title = "论文",
        .short_title = "论文",
        .form = CONFIG_FORM_PAPER,
        .note = "每条前缀为仓库名。",
        .items = items,
        .item_count = 2};
    return sections;
}

struct issue *issue_fixture(struct arena *arena)
{
    struct past_issue *archive = arena_new_array(arena, struct past_issue, 3);
    archive[0] = (struct past_issue){.date = "2026-03-05", .url = "../out/2026-03-05.md"};
    archive[1] = (struct past_issue){.date = "2026-02-18",
        .url = "../out/2026-02-18.md",
        .spaces_before = 1,
        .spaces_after = 2};
    archive[2] = (struct past_issue){
        .date = "2025-12-30", .url = "https://example.org/2025-12-30", .spaces_after = 1};
    struct issue *issue = arena_new(arena, struct issue);
    *issue = (struct issue){
        .date = "2026-03-05",
        .title = "端侧智能简报",
        .tagline = "关注模型压缩、部署",
        .language = "zh-CN",
        .headline = "首款芯片/小网络",
        .front_matter = "layout: default",
        .preface = "请用手机打开",
        .guide = "本次2条。「论文」小网络量化。\n另有一行。",
        .sections = make_sections(arena),
        .section_count = 2,
        .note_before = "个别链接打不开。",
        .closing = "最后一句。",
        .note_after = "点击【阅读原文】。",
        .archive_form = ISSUE_ARCHIVE_TABLE,
        .archive = archive,
        .archive_count = 3,
        .archive_url = "https://example.org/",
        .archive_anchor = "2026-02-18",
        .archive_filler = "-",
        .footer = "----\n\n- Editor: https://example.org/editor",
        .url = "https://example.org/2026-03-05",
        .labels = labels,
    };
    return issue;
}

struct list {
    struct issue_field *fields;
    size_t count;
};

static void add(struct list *list, struct issue_field field)
{
    assert(list->count < ISSUE_FIELDS_MAX);
    list->fields[list->count++] = field;
}

#define TEXT(place) add(list, (struct issue_field){.name = #place, .text = &issue->place})
#define FLAG(place) add(list, (struct issue_field){.name = #place, .flag = &issue->place})
#define SMALL(place) add(list, (struct issue_field){.name = #place, .small = &issue->place})
#define COUNT(place) add(list, (struct issue_field){.name = #place, .count = &issue->place})
#define CHOICE(place)                                                                          \
    add(list, (struct issue_field){.name = #place, .choice = (unsigned *)&issue->place})

static void add_item_fields(struct issue *issue, struct list *list)
{
    add(list,
        (struct issue_field){
            .name = "sections[1].items[0].id", .id = &issue->sections[1].items[0].id});
    TEXT(sections[1].items[0].key);
    TEXT(sections[0].items[0].subject);
    TEXT(sections[1].items[0].prefix);
    TEXT(sections[1].items[0].tags[1]);
    COUNT(sections[1].items[0].tag_count);
    TEXT(sections[0].items[0].title);
    TEXT(sections[1].items[0].title);
    TEXT(sections[1].items[1].title);
    TEXT(sections[0].items[0].linked);
    TEXT(sections[1].items[0].source);
    TEXT(sections[0].items[0].url);
    TEXT(sections[1].items[0].url);
    FLAG(sections[1].items[1].awaits_url);
    TEXT(sections[1].items[0].links[0].label);
    TEXT(sections[1].items[0].links[0].url);
    COUNT(sections[1].items[0].link_count);
    TEXT(sections[1].items[0].lines[0].label);
    TEXT(sections[1].items[0].lines[0].text);
    TEXT(sections[1].items[0].lines[1].text);
    COUNT(sections[1].items[0].line_count);
    TEXT(sections[1].items[0].summary);
    FLAG(sections[1].items[1].bare_summary);
    TEXT(sections[1].items[0].clause);
    FLAG(sections[1].items[0].highlight);
}

static void add_label_fields(struct issue *issue, struct list *list)
{
    TEXT(labels.guide);
    TEXT(labels.guide_count);
    TEXT(labels.summary);
    TEXT(labels.link);
    TEXT(labels.title);
    TEXT(labels.project);
    TEXT(labels.code);
    TEXT(labels.paper);
    TEXT(labels.note);
    TEXT(labels.open_bracket);
    TEXT(labels.close_bracket);
    TEXT(labels.item_separator);
    TEXT(labels.group_separator);
    TEXT(labels.sentence_end);
    TEXT(labels.source_separator);
    TEXT(labels.prefix_separator);
    TEXT(labels.archive);
    TEXT(labels.references);
    TEXT(labels.headline_separator);
}

static void add_section_fields(struct issue *issue, struct list *list)
{
    TEXT(sections[1].id);
    TEXT(sections[1].title);
    TEXT(sections[1].short_title);
    CHOICE(sections[1].form);
    TEXT(sections[0].lead_in);
    TEXT(sections[1].note);
    COUNT(sections[1].item_count);
}

size_t issue_fixture_fields(
    struct issue *issue, struct issue_field fields[static ISSUE_FIELDS_MAX])
{
    struct list own = {fields, 0}, *list = &own;
    TEXT(date);
    TEXT(title);
    TEXT(tagline);
    TEXT(language);
    TEXT(headline);
    TEXT(front_matter);
    TEXT(preface);
    TEXT(guide);
    COUNT(section_count);
    SMALL(blanks_behind_note);
    TEXT(note_before);
    TEXT(closing);
    TEXT(note_after);
    CHOICE(archive_form);
    TEXT(archive[1].date);
    TEXT(archive[1].url);
    SMALL(archive[1].spaces_before);
    SMALL(archive[1].spaces_after);
    FLAG(archive[2].breaks_row);
    FLAG(archive[0].breaks_year);
    COUNT(archive_count);
    TEXT(archive_url);
    TEXT(archive_anchor);
    TEXT(archive_filler);
    TEXT(footer);
    TEXT(url);
    add_section_fields(issue, list);
    add_item_fields(issue, list);
    add_label_fields(issue, list);
    return list->count;
}

void issue_fixture_change(const struct issue_field *field, const char *to)
{
    if (field->text != NULL) {
        *field->text = to;
    } else if (field->flag != NULL) {
        *field->flag = !*field->flag;
    } else if (field->small != NULL) {
        *field->small = (uint8_t)(*field->small + 1);
    } else if (field->id != NULL) {
        *field->id += 1;
    } else if (field->choice != NULL) {
        *field->choice = *field->choice == 0;
    } else {
        *field->count -= 1;
    }
}
