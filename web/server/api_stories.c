/* /api/v1/stories, /decisions, /merges, /items: what was found, and deciding about it. */
#include <string.h>

#include "base/clock.h"
#include "briefing/vendor_name.h"
#include "web/server/desk_call.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"

enum { STORIES_DEFAULT = 50, SEARCH_MS = 1000 };

/* ---- the list ---- */

static bool refuse_parameter(struct call *call, struct fault *fault, const char *sentence)
{
    call->status = 400;
    return fault_set(fault, FAULT_CONFIG, "%s", sentence);
}

/* "inbox,later" */
static bool read_state(struct call *call, struct desk_filter *filter, struct fault *fault)
{
    const char *names = call_query(call, "state");
    for (const char *at = names; at != NULL;) {
        size_t length = strcspn(at, ",");
        if (!desk_state_read(arena_strndup(&call->arena, at, length), &filter->state)) {
            return refuse_parameter(call, fault,
                "'state' is one or more of inbox, picked, later and rejected, with commas.");
        }
        filter->also |= 1U << filter->state;
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return true;
}

static bool read_order(struct call *call, struct desk_filter *filter, struct fault *fault)
{
    const char *sort = call_query(call, "sort");
    filter->order = sort != NULL && strcmp(sort, "date") == 0 ? DESK_BY_DATE
                                                              : DESK_BY_RELEVANCE;
    return sort == NULL || filter->order == DESK_BY_DATE || strcmp(sort, "relevance") == 0 ||
        refuse_parameter(call, fault, "'sort' is relevance or date.");
}

static bool read_tristate(
    struct call *call, const char *name, enum desk_tristate *tristate, struct fault *fault)
{
    bool given, value;
    if (!call_query_bool(call, name, &given, &value, fault)) {
        return false;
    }
    *tristate = !given ? DESK_EITHER : value ? DESK_YES : DESK_NO;
    return true;
}

static bool read_section(struct call *call, const struct config *config,
    struct desk_filter *filter, struct fault *fault)
{
    filter->section = call_query(call, "section");
    return filter->section == NULL || config_find_section(config, filter->section) >= 0 ||
        refuse_parameter(
            call, fault, "'section' is the id of a section, as feeds.conf names it.");
}

static bool read_filter(struct call *call, const struct config *config,
    struct desk_filter *filter, struct fault *fault)
{
    static const char *const names[] = {"state", "section", "source", "feed", "vendor", "tag",
        "since", "until", "uncertain", "printed", "off_topic", "q", "typing", "sort", "cursor",
        "limit", NULL};
    bool given;
    int64_t limit = STORIES_DEFAULT;
    if (!call_query_takes(call, names, fault)) {
        return false;
    }
    *filter = (struct desk_filter){
        .source = call_query(call, "source"),
        .feed_url = call_query(call, "feed"),
        .vendor = vendor_name_find(config, call_query(call, "vendor")),
        .tag = call_query(call, "tag"),
        .from_utc_s = CLOCK_NONE,
        .to_utc_s = CLOCK_NONE,
        .search = call_query(call, "q"),
        .search_ms = SEARCH_MS,
        .cursor = call_query(call, "cursor"),
    };
    if (!read_state(call, filter, fault) || !read_order(call, filter, fault) ||
        !read_section(call, config, filter, fault) ||
        !call_query_bool(call, "off_topic", &given, &filter->off_topic, fault) ||
        !call_query_bool(call, "typing", &given, &filter->typing, fault) ||
        !read_tristate(call, "uncertain", &filter->uncertain, fault) ||
        !read_tristate(call, "printed", &filter->printed, fault) ||
        !call_query_time(call, "since", &filter->from_utc_s, fault) ||
        !call_query_time(call, "until", &filter->to_utc_s, fault) ||
        !call_query_integer(call, "limit", 1, DESK_PAGE_MAX, &limit, fault)) {
        return false;
    }
    filter->limit = (size_t)limit;
    return true;
}

/* What a list or its count says of words that cannot be searched for. */
static void refuse_search(struct call *call, const struct fault *fault)
{
    call->status = fault->kind == FAULT_PARSE ? 400 : fault->kind == FAULT_LIMIT ? 422 : 0;
}

static bool list_stories(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_filter filter;
    struct desk_page page;
    if (!read_filter(call, config, &filter, fault)) {
        return false;
    }
    if (!desk_list_stories(store, &call->arena, config, &filter, &page, fault)) {
        refuse_search(call, fault);
        return false;
    }
    json_t *stories = json_array();
    for (size_t i = 0; i < page.count; i++) {
        json_array_append_new(stories, desk_json_story(&page.stories[i], config));
    }
    return call_answer(
        call, json_pack("{s:o, s:o}", "stories", stories, "next", json_text(page.next)));
}

const struct endpoint endpoint_stories = {.door = ENDPOINT_READS, .work = list_stories};

/* ---- how many there are ---- */

/* {"state", "total", "uncertain", "sections": {"news": 143}} */
static json_t *count_state(enum desk_state state, const struct desk_count *counts, size_t count)
{
    json_t *sections = json_object();
    size_t total = 0, uncertain = 0;
    for (size_t i = 0; i < count; i++) {
        json_object_set_new(
            sections, counts[i].section, json_integer((json_int_t)counts[i].stories));
        total += counts[i].stories;
        uncertain += counts[i].uncertain;
    }
    return json_pack("{s:s, s:I, s:I, s:o}", "state", desk_state_name(state), "total",
        (json_int_t)total, "uncertain", (json_int_t)uncertain, "sections", sections);
}

static bool count_stories(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_filter filter;
    if (!read_filter(call, config, &filter, fault)) {
        return false;
    }
    json_t *states = json_array();
    for (int state = 0; state < DESK_STATE_COUNT; state++) {
        struct desk_count *counts;
        size_t count;
        if (((filter.also | 1U << filter.state) >> state & 1) == 0) {
            continue;
        }
        if (!desk_count_stories(
                store, &call->arena, &filter, (enum desk_state)state, &counts, &count, fault)) {
            json_decref(states);
            refuse_search(call, fault);
            return false;
        }
        json_array_append_new(states, count_state((enum desk_state)state, counts, count));
    }
    return call_answer(call, json_pack("{s:o}", "states", states));
}

const struct endpoint endpoint_counts = {.door = ENDPOINT_READS, .work = count_stories};

/* ---- one of them ---- */

static bool read_story(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_target target;
    struct desk_story story;
    struct desk_item *items;
    size_t count;
    if (!desk_call_target(call, &target, fault) ||
        !desk_read_story(
            store, &call->arena, config, target.id, &story, &items, &count, fault)) {
        return false;
    }
    call->version = story.version;
    return call_answer(call, desk_json_story_detail(&story, items, count, config));
}

const struct endpoint endpoint_story = {.door = ENDPOINT_READS, .work = read_story};

static json_t *list_similar(const struct desk_printed *items, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list,
            json_pack("{s:o, s:o, s:o, s:o, s:o, s:f}", "date", json_text(items[i].day),
                "section", json_text(items[i].section), "title", json_text(items[i].title),
                "url", json_text(items[i].url), "source", json_text(items[i].source), "score",
                items[i].score));
    }
    return list;
}

static json_t *list_bundled(const struct desk_bundled *items, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list,
            json_pack("{s:o, s:o, s:o, s:o, s:o}", "item", desk_json_number(items[i].item),
                "story", desk_json_number(items[i].story), "title", json_text(items[i].title),
                "url", json_text(items[i].url), "published",
                desk_json_time(items[i].dated_utc_s)));
    }
    return list;
}

/* What a reader of the story may want beside it; its own request, since the first one of a
 * connection reads every printed title, and the story is to be shown at once. */
static bool read_related(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_target target;
    struct desk_story story;
    struct desk_item *items;
    struct desk_printed *similar;
    struct desk_bundled *bundled;
    size_t count, similar_count, bundled_count;
    if (!desk_call_target(call, &target, fault) ||
        !desk_read_story(
            store, &call->arena, config, target.id, &story, &items, &count, fault) ||
        !desk_list_similar(
            store, &call->arena, config, target.id, &similar, &similar_count, fault) ||
        !desk_list_bundled(store, &call->arena, story.lead.bundle, target.id, &bundled,
            &bundled_count, fault)) {
        return false;
    }
    return call_answer(call,
        json_pack("{s:o, s:o, s:o}", "similar", list_similar(similar, similar_count), "bundle",
            json_text(story.lead.bundle), "bundled", list_bundled(bundled, bundled_count)));
}

const struct endpoint endpoint_related = {.door = ENDPOINT_READS, .work = read_related};

/* The item the path names, and the story it belongs to. */
static bool find_item(struct call *call, struct store *store, const struct config *config,
    struct desk_item *ret_item, int64_t *ret_story, struct fault *fault)
{
    struct desk_target target;
    struct desk_story story;
    struct desk_item *items;
    size_t count;
    if (!desk_call_target(call, &target, fault) ||
        !desk_find_story(store, target.id, ret_story, fault)) {
        return false;
    }
    if (*ret_story == 0) {
        return call_not_found(call, fault, "There is no such item.");
    }
    if (!desk_read_story(
            store, &call->arena, config, *ret_story, &story, &items, &count, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (items[i].candidate.id == target.id) {
            *ret_item = items[i];
            return true;
        }
    }
    return call_not_found(call, fault, "There is no such item.");
}

static bool read_item(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_item item;
    int64_t story;
    return find_item(call, store, config, &item, &story, fault) &&
        call_answer(call, desk_json_item(&item, story, config));
}

const struct endpoint endpoint_item = {.door = ENDPOINT_READS, .work = read_item};

/* ---- its article ---- */

/* The look of the desk (web/desk/src/styles/tokens.css): its text, its ground, its links. The
 * frame is another origin, which knows only what the system prefers, so the desk says when she
 * chose otherwise. */
static const char frame_head[] =
    "<!doctype html><html><head><meta charset=\"utf-8\">"
    "<meta name=\"referrer\" content=\"no-referrer\"><base target=\"_blank\">"
    "<style>:root{color-scheme:%s;color:light-dark(#15181c,#e9ebed);"
    "background:light-dark(#fff,#15181b)}"
    "body{font:16px/28px -apple-system,BlinkMacSystemFont,\"Segoe UI\",\"PingFang SC\","
    "\"Microsoft YaHei\",\"Noto Sans CJK SC\",\"Noto Sans SC\",sans-serif;margin:0;"
    "overflow-wrap:anywhere;line-break:strict;text-autospace:normal}p,pre,blockquote{margin:0 "
    "0 16px}"
    "a{color:light-dark(#0b6790,#63bde2);text-underline-offset:3px}"
    "img,video{max-width:100%%;height:auto}pre{overflow-x:auto;font-size:14px}"
    "blockquote{margin-inline:0;padding-inline-start:16px;"
    "border-inline-start:2px solid light-dark(#e4e7ea,#262b30)}"
    "table{border-collapse:collapse}td,th{padding:2px 8px;border:1px solid "
    "light-dark(#e4e7ea,#262b30)}</style></head><body>";

static bool read_theme(struct call *call, const char **ret_scheme, struct fault *fault)
{
    static const char *const schemes[] = {"light", "dark"};
    const char *theme = call_query(call, "theme");
    *ret_scheme = "light dark";
    for (size_t i = 0; theme != NULL && i < array_count(schemes); i++) {
        if (strcmp(theme, schemes[i]) == 0) {
            *ret_scheme = schemes[i];
            return true;
        }
    }
    return theme == NULL || refuse_parameter(call, fault, "'theme' is light or dark.");
}

/* Sanitised markup has pictures in this form only (feed/html_sanitize.c), and no '<' in a text
 * or a value. Without its address a picture is its words; the policy would hold it back, too,
 * but then a browser complains of every one. */
static void write_without_pictures(struct buffer *out, const char *html)
{
    static const char picture[] = "<img src=\"";
    for (const char *at; (at = strstr(html, picture)) != NULL; html = at + strlen(picture)) {
        buffer_append(out, html, (size_t)(at - html));
        buffer_puts(out, "<img data-src=\"");
    }
    buffer_puts(out, html);
}

/* For a frame with sandbox="": even so nothing may run, and without `pictures` nothing is
 * fetched, so that reading does not tell a publisher who reads. */
static bool read_content(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_item item;
    int64_t story;
    bool given, pictures;
    const char *scheme;
    if (!call_query_bool(call, "pictures", &given, &pictures, fault) ||
        !read_theme(call, &scheme, fault) ||
        !find_item(call, store, config, &item, &story, fault)) {
        return false;
    }
    if (item.content_html == NULL) {
        return call_not_found(call, fault, "The feed brought no text of this item.");
    }
    call->media_type = "text/html; charset=utf-8";
    call->policy = pictures ? "default-src 'none'; img-src https: http:; style-src "
                              "'unsafe-inline'; sandbox allow-popups "
                              "allow-popups-to-escape-sandbox; frame-ancestors 'self'"
                            : "default-src 'none'; style-src 'unsafe-inline'; sandbox "
                              "allow-popups allow-popups-to-escape-sandbox; frame-ancestors "
                              "'self'";
    buffer_printf(&call->out, frame_head, scheme);
    if (pictures) {
        buffer_puts(&call->out, item.content_html);
    } else {
        write_without_pictures(&call->out, item.content_html);
    }
    buffer_puts(&call->out, "</body></html>\n");
    return true;
}

const struct endpoint endpoint_content = {.door = ENDPOINT_READS, .work = read_content};

/* ---- decisions ---- */

struct decision_body {
    struct desk_target *stories;
    size_t count;
    enum desk_state state;
    const char *section;
    int64_t lead;
    bool has_state, has_section, has_lead;
};

static bool read_decision_state(
    const json_t *body, struct decision_body *decision, struct fault *fault)
{
    const json_t *state = json_object_get(body, "state");
    decision->has_state = state != NULL;
    return state == NULL ||
        (json_is_string(state) &&
            desk_state_read(json_string_value(state), &decision->state)) ||
        fault_set(fault, FAULT_PARSE, "state: expected inbox, picked, later or rejected");
}

static bool read_decision(
    struct call *call, const json_t *body, struct decision_body *decision, struct fault *fault)
{
    static const char *const known[] = {"stories", "state", "section", "lead", NULL};
    if (!desk_call_expect(body, "", known, fault) ||
        !desk_call_targets(
            call, body, "stories", &decision->stories, &decision->count, fault) ||
        !read_decision_state(body, decision, fault) ||
        !desk_call_text(call, body, "section", false, &decision->section, fault) ||
        !desk_call_id(body, "lead", &decision->lead, fault)) {
        return false;
    }
    decision->has_section = json_object_get(body, "section") != NULL;
    decision->has_lead = json_object_get(body, "lead") != NULL;
    if (decision->has_lead && decision->count > 1) {
        return fault_set(fault, FAULT_PARSE, "lead: is for one story only");
    }
    return decision->has_state || decision->has_section || decision->has_lead ||
        fault_set(fault, FAULT_PARSE, "state: expected a state, a section or a lead");
}

static bool read_body(struct call *call,
    bool (*read)(
        struct call *call, const json_t *body, struct decision_body *into, struct fault *fault),
    struct decision_body *into, struct fault *fault)
{
    json_t *body;
    if (!call_read_object(call, &body, fault)) {
        return false;
    }
    bool ok = read(call, body, into, fault);
    json_decref(body);
    return ok;
}

static bool decide(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct decision_body body = {0};
    struct desk_result result = {0};
    if (!read_body(call, read_decision, &body, fault)) {
        return desk_call_fail(call, store, config, &result, fault);
    }
    struct desk_decision *decisions = arena_new_array(
        &call->arena, struct desk_decision, body.count);
    for (size_t i = 0; i < body.count; i++) {
        decisions[i] = (struct desk_decision){
            .story = body.stories[i],
            .state = body.has_state ? &body.state : NULL,
            .section = body.has_section ? &body.section : NULL,
            .lead = body.has_lead ? &body.lead : NULL,
        };
    }
    struct desk_action action = desk_call_action(call);
    bool ok = desk_decide(
        store, &call->arena, config, &action, decisions, body.count, &result, fault);
    return desk_call_end(call, store, config, &result, ok,
        &(struct desk_call_done){"decide", body.stories, body.count}, fault);
}

const struct endpoint endpoint_decisions = {
    .door = ENDPOINT_WRITES,
    .media_types = endpoint_json,
    .takes = endpoint_takes_json,
    .body_max = DESK_CALL_BODY_MAX,
    .work = decide,
};

/* ---- merging and splitting ---- */

static bool read_merge(
    struct call *call, const json_t *body, struct decision_body *merge, struct fault *fault)
{
    static const char *const known[] = {"stories", NULL};
    return desk_call_expect(body, "", known, fault) &&
        desk_call_targets(call, body, "stories", &merge->stories, &merge->count, fault) &&
        (merge->count > 1 ||
            fault_set(fault, FAULT_PARSE, "stories: expected two or more to become one"));
}

static bool merge(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct decision_body body = {0};
    struct desk_result result = {0};
    if (!read_body(call, read_merge, &body, fault)) {
        return desk_call_fail(call, store, config, &result, fault);
    }
    struct desk_action action = desk_call_action(call);
    bool ok = desk_merge(store, &call->arena, config, &action, body.stories[0],
        body.stories + 1, body.count - 1, &result, fault);
    return desk_call_end(call, store, config, &result, ok,
        &(struct desk_call_done){"merge", body.stories, body.count}, fault);
}

const struct endpoint endpoint_merges = {
    .door = ENDPOINT_WRITES,
    .media_types = endpoint_json,
    .takes = endpoint_takes_json,
    .body_max = DESK_CALL_BODY_MAX,
    .work = merge,
};

static bool read_split(
    struct call *call, const json_t *body, struct decision_body *split, struct fault *fault)
{
    static const char *const known[] = {"items", NULL};
    return desk_call_expect(body, "", known, fault) &&
        desk_call_targets(call, body, "items", &split->stories, &split->count, fault);
}

static bool split(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct decision_body body = {0};
    struct desk_result result = {0};
    struct desk_target story;
    if (!desk_call_target(call, &story, fault) || !read_body(call, read_split, &body, fault)) {
        return desk_call_fail(call, store, config, &result, fault);
    }
    int64_t *items = arena_new_array(&call->arena, int64_t, body.count);
    for (size_t i = 0; i < body.count; i++) {
        items[i] = body.stories[i].id;
    }
    struct desk_action action = desk_call_action(call);
    bool ok = desk_split(
        store, &call->arena, config, &action, story, items, body.count, &result, fault);
    return desk_call_end(
        call, store, config, &result, ok, &(struct desk_call_done){"split", &story, 1}, fault);
}

const struct endpoint endpoint_split = {
    .door = ENDPOINT_WRITES,
    .media_types = endpoint_json,
    .takes = endpoint_takes_json,
    .body_max = DESK_CALL_BODY_MAX,
    .work = split,
};
