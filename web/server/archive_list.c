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
#include "web/server/endpoints.h"
#include "web/server/issue_json.h"
#include "web/server/issue_search.h"
#include "web/server/style_hash.h"

static const char policy[] = "default-src 'none'; img-src 'self'; base-uri 'none'; "
                             "form-action 'self'; frame-ancestors 'none'; style-src ";

static const char style[] =
    "<style>:root{color-scheme:light dark}body{font:16px/1.75 system-ui,\"Noto Sans SC\","
    "sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}"
    "h2{margin:2rem 0 .5rem}ul{list-style:none;padding:0}li{margin:.75rem 0}"
    "li li{margin:.25rem 0 .25rem 1rem}time{font-variant-numeric:tabular-nums;"
    "font-weight:600}p{margin:0;opacity:.8}form{display:flex;gap:.5rem}"
    "input,button{font:inherit;padding:.25rem .75rem}input{flex:1;min-width:0}</style>";

static const struct words {
    const char *find, *hint, *all, *none;
} words_zh = {"查找", "在往期登过的条目里查找", "全部往期", "往期没有登过含有这些词的条目。"},
  words_en = {"Find", "Find in what past issues printed", "All issues",
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
        buffer_printf(&list->call->out, "%s<h2>%.4s</h2><ul>\n",
            list->year[0] == '\0' ? "" : "</ul>", date);
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
    buffer_printf(out, "<li><a href=\"%s.html\"><time datetime=\"%s\">%s</time></a> ",
        issue->date, issue->date, issue->date);
    markup_write_text(issue->headline, out);
    if (found != NULL) {
        buffer_printf(out, "<ul>\n%s</ul>", found);
    } else if (issue->guide != NULL) {
        buffer_puts(out, "<p>");
        markup_write_text(markdown_to_plain(arena, issue->guide), out);
        buffer_puts(out, "</p>");
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
        buffer_puts(&list->call->out, "<li><time>");
        markup_write_link(past->url, past->date, &list->call->out);
        buffer_puts(&list->call->out, "</time></li>\n");
    }
    buffer_release(&found);
    arena_release(&arena);
    return ok;
}

static void write_head(struct archive_list *list)
{
    struct buffer *out = &list->call->out;
    const struct config_briefing *briefing = &list->config->briefing;
    const char *query = call_query(list->call, "q");
    buffer_puts(out, "<!doctype html>\n<html lang=\"");
    markup_write_text(briefing->language, out);
    buffer_puts(out,
        "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>");
    markup_write_text(briefing->title, out);
    buffer_printf(out,
        "</title><link rel=\"alternate\" type=\"application/atom+xml\" href=\"../issues.atom\">"
        "<link rel=\"alternate\" type=\"application/feed+json\" "
        "href=\"../issues.json\">%s</head><body><main><h1>",
        style);
    markup_write_text(briefing->title, out);
    buffer_puts(out, "</h1>\n<form role=\"search\"><input type=\"search\" name=\"q\" value=\"");
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
    for (size_t i = 0; i < count; i++) {
        if (!write_entry(&list, &past[i], fault)) {
            return false;
        }
    }
    if (list.year[0] != '\0') {
        buffer_puts(&call->out, "</ul>");
    } else if (list.search.count > 0) {
        buffer_printf(&call->out, "<p role=\"status\">%s</p>\n", list.words->none);
    }
    buffer_puts(&call->out, "</main></body></html>\n");
    call->media_type = "text/html; charset=utf-8";
    call->lasting = true;
    call->policy = arena_printf(
        &call->arena, "%s%s", policy, style_hash(&call->arena, call->out.data));
    return true;
}

const struct endpoint endpoint_issue_list = {.door = ENDPOINT_READS, .work = list_by_year};
