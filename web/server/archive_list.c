/* /issues/: the archive by year, and what it printed when it is searched (`q`).
 *
 * A form of GET and no script: the page works in any browser, a search has an address, and the
 * desk is not needed to look something up. A finding leads to its place in the issue.
 */
#include <string.h>
#include <strings.h>

#include "briefing/issue_parts.h"
#include "briefing/markdown_text.h"
#include "briefing/markup.h"
#include "briefing/render_page.h"
#include "web/server/endpoints.h"
#include "web/server/issue_json.h"
#include "web/server/issue_search.h"
#include "web/server/style_hash.h"

static const char policy[] = "default-src 'none'; img-src 'self'; base-uri 'none'; "
                             "form-action 'self'; frame-ancestors 'none'; style-src ";

/* The list is set as the issues it lists (briefing/render_page.h), whose style it takes; what a
 * guide says of an issue is quieter than its day. */
static const char list_style[] =
    "h1{margin-bottom:8px}\n"
    ".feeds{font-size:14px;color:var(--ink-3)}\n"
    ".feeds a{margin-inline-end:16px}\n"
    "form{display:flex;gap:8px;margin-top:24px}\n"
    "input,button{font:inherit;padding:4px 12px;color:inherit;background:transparent;"
    "border:1px solid var(--line);border-radius:6px}\n"
    "input{flex:1;min-width:0}\n"
    "h2{margin-top:48px}\n"
    "ul{padding:0;list-style:none}\n"
    "li{padding:20px 0;border-bottom:1px solid var(--line)}\n"
    "li:last-child{border-bottom:0}\n"
    "li li{padding:4px 0;border:0}\n"
    "h3 a{text-decoration:none}\n"
    "h3 span{font-weight:400;margin-inline-start:8px}\n"
    "li p{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;overflow:hidden;"
    "margin-top:4px;font-size:15px;line-height:26px;color:var(--ink-2)}\n"
    "@media print{.feeds,form{display:none}h3 a::after{content:none}}\n";

static const struct words {
    const char *page, *subscribe, *find, *hint, *all, *empty, *none;
} words_zh = {"往期", "订阅：", "查找", "在往期登过的条目里查找", "全部往期", "还没有发布过。",
    "往期没有登过含有这些词的条目。"},
  words_en = {"Past issues", "Subscribe: ", "Find", "Find in what past issues printed",
      "All issues", "Nothing has been published yet.",
      "No past issue printed an item with these words."};

struct archive_list {
    struct call *call;
    struct store *store;
    const struct config *config;
    const struct words *words;
    struct issue_search search;
    char year[5]; /* of the heading written last; "": none yet */
};

static void open_year(struct archive_list *list, const char *date)
{
    if (strncmp(list->year, date, 4) != 0) {
        buffer_printf(&list->call->out, "%s<h2>%.4s</h2>\n<ul>\n",
            list->year[0] == '\0' ? "" : "</ul>\n", date);
        memcpy(list->year, date, 4);
    }
}

/* One-liners have no address of their own, their list has. */
static void write_found(struct arena *arena, const struct issue *issue, size_t section,
    size_t item, struct buffer *out)
{
    const struct issue_item *printed = &issue->sections[section].items[item];
    buffer_printf(out, "<li><a href=\"%s.html#", issue->date);
    markup_write_text(issue_section_anchor(arena, issue, section), out);
    if (issue->sections[section].form != CONFIG_FORM_ONELINE) {
        buffer_printf(out, "-item-%zu", item + 1);
    }
    buffer_puts(out, "\">");
    markup_write_text(issue_item_text(arena, issue, printed), out);
    buffer_puts(out, "</a>");
    if (printed->source != NULL) {
        markup_write_text(issue->labels.source_separator, out);
        markup_write_text(printed->source, out);
    }
    buffer_puts(out, "</li>\n");
}

static size_t write_all_found(const struct archive_list *list, struct arena *arena,
    const struct issue *issue, struct buffer *out)
{
    size_t found = 0;
    for (size_t i = 0; i < issue->section_count; i++) {
        for (size_t k = 0; k < issue->sections[i].item_count; k++) {
            const struct issue_item *item = &issue->sections[i].items[k];
            if (issue_search_finds(&list->search, arena, issue, item)) {
                write_found(arena, issue, i, k, out);
                found++;
            }
        }
    }
    return found;
}

static void write_issue(struct archive_list *list, struct arena *arena,
    const struct issue *issue, const char *found)
{
    struct buffer *out = &list->call->out;
    open_year(list, issue->date);
    buffer_printf(out, "<li><h3><a href=\"%s.html\"><time datetime=\"%s\">%s</time></a>",
        issue->date, issue->date, issue->date);
    if (issue->headline != NULL) {
        markup_write_element("span", NULL, issue->headline, out);
    }
    buffer_puts(out, "</h3>");
    if (found != NULL) {
        buffer_printf(out, "<ul>\n%s</ul>", found);
    } else if (issue->guide != NULL) {
        markup_write_element("p", NULL, markdown_to_plain(arena, issue->guide), out);
    }
    buffer_puts(out, "</li>\n");
}

static bool write_entry(
    struct archive_list *list, const struct past_issue *past, struct fault *fault)
{
    struct arena arena = {0};
    struct issue_edition edition;
    struct buffer found;
    buffer_init(&found, CALL_ANSWER_MAX_BYTES);
    bool ok = issue_edition_read(list->store, &arena, past->date, 0, &edition, fault);
    if (ok && edition.issue != NULL && list->search.count > 0) {
        if (write_all_found(list, &arena, edition.issue, &found) > 0) {
            write_issue(list, &arena, edition.issue, found.data);
        }
    } else if (ok && edition.issue != NULL) {
        write_issue(list, &arena, edition.issue, NULL);
    } else if (ok && list->search.count == 0) {
        open_year(list, past->date);
        buffer_puts(&list->call->out, "<li><h3><time>");
        markup_write_link(past->url, past->date, &list->call->out);
        buffer_puts(&list->call->out, "</time></h3></li>\n");
    }
    buffer_release(&found);
    arena_release(&arena);
    return ok;
}

static void write_head(struct archive_list *list)
{
    struct buffer *out = &list->call->out;
    const struct config_briefing *briefing = &list->config->briefing;
    buffer_puts(out, "<!DOCTYPE html>\n<html lang=\"");
    markup_write_text(briefing->language, out);
    buffer_printf(out,
        "\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>%s · ",
        list->words->page);
    markup_write_text(briefing->title, out);
    buffer_printf(out,
        "</title>\n"
        "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"../issues.atom\">\n"
        "<link rel=\"alternate\" type=\"application/feed+json\" href=\"../issues.json\">\n"
        "<style>%s%s</style>\n</head>\n<body>\n<main>\n<h1>",
        render_page_style(), list_style);
    markup_write_text(briefing->title, out);
    buffer_puts(out, "</h1>\n");
    markup_write_element("p", "tagline", briefing->tagline, out);
    buffer_printf(out,
        "\n<p class=\"feeds\">%s<a href=\"../issues.atom\">Atom</a>"
        "<a href=\"../issues.json\">JSON Feed</a></p>\n",
        list->words->subscribe);
}

static void write_search(struct archive_list *list)
{
    struct buffer *out = &list->call->out;
    const char *query = call_query(list->call, "q");
    buffer_puts(out, "<form role=\"search\"><input type=\"search\" name=\"q\" value=\"");
    markup_write_text(query == NULL ? "" : query, out);
    buffer_puts(out, "\" maxlength=\"400\" aria-label=\"");
    markup_write_text(list->words->hint, out);
    buffer_puts(out, "\" placeholder=\"");
    markup_write_text(list->words->hint, out);
    buffer_puts(out, "\"><button>");
    markup_write_text(list->words->find, out);
    buffer_puts(out, "</button></form>\n");
    if (list->search.count > 0) {
        buffer_printf(out, "<p><a href=\"./\">%s</a></p>\n", list->words->all);
    }
}

static bool list_by_year(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct past_issue *past = NULL;
    size_t count = 0;
    int64_t last_utc_s;
    bool chinese = strncasecmp(config->briefing.language, "zh", 2) == 0;
    struct archive_list list = {.call = call,
        .store = store,
        .config = config,
        .words = chinese ? &words_zh : &words_en,
        .search = issue_search_of(call)};
    if (!store_read_issues(store, &call->arena, &past, &count, &last_utc_s, fault)) {
        return false;
    }
    write_head(&list);
    write_search(&list);
    for (size_t i = 0; i < count; i++) {
        if (!write_entry(&list, &past[i], fault)) {
            return false;
        }
    }
    if (list.year[0] != '\0') {
        buffer_puts(&call->out, "</ul>\n");
    } else {
        buffer_printf(&call->out, "<p class=\"preface\" role=\"status\">%s</p>\n",
            list.search.count > 0 ? list.words->none : list.words->empty);
    }
    buffer_puts(&call->out, "</main>\n</body>\n</html>\n");
    call->media_type = "text/html; charset=utf-8";
    call->lasting = true;
    call->policy = arena_printf(
        &call->arena, "%s%s", policy, style_hash(&call->arena, call->out.data));
    return true;
}

const struct endpoint endpoint_issue_list = {.door = ENDPOINT_READS, .work = list_by_year};
