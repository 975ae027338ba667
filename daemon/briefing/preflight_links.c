/* Links. The same link twice inside one item is the house's form (an arXiv title and its 链接：
 * line); twice in the issue is a slip, told by key, so that abs and pdf of one paper are one.
 */
#include "briefing/preflight_report.h"

#include <string.h>

#include "briefing/markup.h"
#include "feed/url.h"
#include "feed/url_query.h"

static bool is_temporary(struct arena *arena, const char *url)
{
    const char *host = url_host(arena, url);
    const char *query = strchr(url, '?');
    return host != NULL && query != NULL && strcmp(host, "mp.weixin.qq.com") == 0 &&
        ((url_query_value(arena, query + 1, "timestamp") != NULL &&
             url_query_value(arena, query + 1, "signature") != NULL) ||
            url_query_value(arena, query + 1, "tempkey") != NULL);
}

static void check_dead(struct preflight_run *run, const struct preflight_field *field,
    size_t start, const char *url)
{
    const struct preflight_context *context = run->context;
    struct preflight_reason reason;
    if (context->find_dead != NULL && context->find_dead(context->user_data, url, &reason)) {
        preflight_report_reason(run, PREFLIGHT_LINK_DEAD, field, start, strlen(url), &reason);
    }
}

/* What is to be said of an address wherever it stands. */
static void check_address(struct preflight_run *run, const struct preflight_field *field,
    size_t start, const char *url)
{
    if (!markup_is_web_address(url)) {
        return;
    }
    check_dead(run, field, start, url);
    if (is_temporary(run->arena, url)) {
        preflight_report(run, PREFLIGHT_LINK_TEMPORARY, field, start, strlen(url), NULL, NULL);
        return; /* its parameters are what opens it */
    }
    const char *clean = url_without_tracking(run->arena, url);
    if (strcmp(clean, url) != 0) {
        preflight_report(run, PREFLIGHT_LINK_TRACKING, field, start, strlen(url), NULL, NULL)
            ->fix = clean;
    }
}

static const char *key_of(struct arena *arena, const struct issue_item *item)
{
    return item->url != NULL ? url_key(arena, item->url) : NULL;
}

/* The first item before this one with the same main link; NULL: none. */
static const struct issue_item *find_twin(
    const struct preflight_run *run, size_t section, size_t index, const char *key)
{
    for (size_t s = 0; s <= section; s++) {
        const struct issue_section *in = &run->issue->sections[s];
        size_t count = s == section ? index : in->item_count;
        for (size_t i = 0; i < count; i++) {
            const char *other = key_of(run->arena, &in->items[i]);
            if (other != NULL && strcmp(other, key) == 0) {
                return &in->items[i];
            }
        }
    }
    return NULL;
}

static void check_main_link(
    struct preflight_run *run, size_t section, size_t index, const struct issue_item *item)
{
    struct preflight_field field = preflight_item_field(
        run, section, index, "url", item->url, false);
    const char *key = key_of(run->arena, item);
    const struct issue_item *twin = find_twin(run, section, index, key);
    if (twin != NULL) {
        preflight_report(
            run, PREFLIGHT_LINK_DUPLICATE, &field, 0, strlen(item->url), twin->title, NULL);
    }
    const char *date = run->context->find_printed == NULL
        ? NULL
        : run->context->find_printed(run->context->user_data, key);
    if (date != NULL && strcmp(date, run->issue->date) != 0) {
        preflight_report(run, PREFLIGHT_LINK_PRINTED, &field, 0, strlen(item->url), date, NULL);
    }
    check_address(run, &field, 0, item->url);
}

void preflight_check_links(struct preflight_run *run, size_t section, size_t index)
{
    const struct issue_item *item = &run->issue->sections[section].items[index];
    bool oneline = run->issue->sections[section].form == CONFIG_FORM_ONELINE;
    struct preflight_field field = preflight_item_field(run, section, index, "url", "", false);
    if (item->url != NULL) {
        check_main_link(run, section, index, item);
    } else if (item->awaits_url) {
        preflight_report(run, PREFLIGHT_LINK_EMPTY, &field, 0, 0, NULL, NULL);
    } else if (!oneline) { /* most one-liners have none */
        preflight_report(run, PREFLIGHT_LINK_MISSING, &field, 0, 0, NULL, NULL);
    }
    for (size_t i = 0; i < item->link_count; i++) {
        field.name = arena_printf(run->arena, "links[%zu].url", i);
        field.text = item->links[i].url;
        if (field.text == NULL || *field.text == '\0') {
            preflight_report(run, PREFLIGHT_LINK_EMPTY, &field, 0, 0, NULL, NULL);
        } else {
            check_address(run, &field, 0, field.text);
        }
    }
}

/* ---- links inside Markdown ---- */

/* Bytes of a web address in running text: to white space, a Han character or what ends a
 * destination. */
static size_t address_bytes(const char *text)
{
    size_t length = 0;
    int open = 0;
    while ((unsigned char)text[length] > ' ' && (unsigned char)text[length] < 0x80 &&
        strchr("<>\"`|]", text[length]) == NULL) {
        open += (text[length] == '(') - (text[length] == ')');
        if (open < 0) {
            break;
        }
        length++;
    }
    while (length > 0 && strchr(".,;:!?", text[length - 1]) != NULL) {
        length--;
    }
    return length;
}

/* "[text]()", and "[text]( )". */
static size_t empty_link_bytes(const char *text)
{
    size_t blank = strncmp(text, "](", 2) == 0 ? 2 + strspn(text + 2, " ") : 0;
    return blank > 0 && text[blank] == ')' ? blank + 1 : 0;
}

void preflight_check_markdown_links(
    struct preflight_run *run, const struct preflight_field *field)
{
    const char *at = preflight_is_readable(field) ? field->text : "";
    while (*at != '\0') {
        size_t start = (size_t)(at - field->text);
        size_t address = markup_is_web_address(at) ? address_bytes(at) : 0;
        size_t empty = empty_link_bytes(at);
        if (address > 0) {
            check_address(run, field, start, arena_strndup(run->arena, at, address));
        } else if (empty > 0) {
            preflight_report(run, PREFLIGHT_LINK_EMPTY, field, start, empty, NULL, NULL);
        }
        at += address > 0 ? address : empty > 0 ? empty : 1;
    }
}
