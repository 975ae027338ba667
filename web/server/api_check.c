/* What an editor looks at before she publishes: the guide as it would be composed now, what
 * the check finds, and how the file would change. /api/v1/draft/{guide,findings,diff} and the
 * same of /api/v1/drafts/{id}. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "briefing/guide_propose.h"
#include "briefing/line_diff.h"
#include "briefing/preflight.h"
#include "briefing/render_markdown.h"
#include "briefing/render_wechat.h"
#include "briefing/spans.h"
#include "pipeline/publication.h"
#include "web/server/desk_call.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"
#include "web/server/refusal.h"

enum { FILE_MAX_BYTES = 16 << 20 };

/* ---- the guide ---- */

static json_t *list_changes(
    struct call *call, const struct desk_draft *desk, const struct guide_proposal *proposal)
{
    json_t *list = json_array();
    for (size_t i = 0; i < proposal->change_count; i++) {
        const struct guide_change *change = &proposal->changes[i];
        const char *taken = guide_take(
            &call->arena, &desk->draft->issue->labels, desk->guide_by_hand, change);
        json_array_append_new(list,
            json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:b}", "kind",
                guide_change_name(change->kind), "group", json_text(change->group), "before",
                json_text(change->before), "after", json_text(change->after), "hers",
                json_text(change->hers), "taken", json_text(taken), "conflict",
                change->conflict));
    }
    return list;
}

/* Without a text of hers there is nothing to offer: the guide is the composed one. */
static bool propose_guide(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_draft *desk;
    if (!desk_call_read_draft(call, store, config, &desk, fault)) {
        return false;
    }
    struct guide_proposal proposal = {.merged = desk->guide_proposed};
    if (desk->guide_by_hand != NULL) {
        const char *base = desk->guide_base != NULL ? desk->guide_base : desk->guide_by_hand;
        proposal = guide_propose(&call->arena, &desk->draft->issue->labels, base,
            desk->guide_by_hand, desk->guide_proposed);
    }
    call->version = desk->tag;
    return call_answer(call,
        json_pack("{s:o, s:o, s:o, s:o, s:o}", "text", json_text(desk->guide_by_hand), "base",
            json_text(desk->guide_base), "proposal", json_text(desk->guide_proposed), "merged",
            json_text(proposal.merged), "changes", list_changes(call, desk, &proposal)));
}

const struct endpoint endpoint_draft_guide = {.door = ENDPOINT_READS, .work = propose_guide};

/* ---- the check ---- */

struct checking {
    struct call *call;
    struct store *store;
    const char *corrects; /* printing again what this issue printed is no finding */
    bool links;           /* ask whether they open */
    size_t opened, dead, pending;
};

static const char *say_in_chinese(struct arena *arena, const char *reason)
{
    cleanup(buffer_release) struct buffer chinese;
    buffer_init(&chinese, CALL_ANSWER_MAX_BYTES);
    refusal_write(502, reason, &chinese);
    return arena_strndup(arena, chinese.data, chinese.length);
}

/* The same address as title and as 链接：line counts twice, as it is found twice. */
static bool find_dead(void *user_data, const char *url, struct preflight_reason *ret_reason)
{
    struct checking *checking = user_data;
    struct arena *arena = &checking->call->arena;
    const char *reason;
    enum link_state state = link_checker_look(checking->call->links, arena, url, &reason);
    checking->opened += state == LINK_OPENS;
    checking->dead += state == LINK_DEAD;
    checking->pending += state == LINK_PENDING;
    if (state == LINK_DEAD) {
        *ret_reason = (struct preflight_reason){say_in_chinese(arena, reason), reason};
    }
    return state == LINK_DEAD;
}

static json_t *count_links(const struct checking *checking)
{
    return !checking->links
        ? json_null()
        : json_pack("{s:I, s:I, s:I}", "opened", (json_int_t)checking->opened, "dead",
              (json_int_t)checking->dead, "pending", (json_int_t)checking->pending);
}

static const char *find_printed(void *user_data, const char *key)
{
    struct checking *checking = user_data;
    struct desk_memory memory = {0};
    struct fault fault; /* a check that cannot be made finds nothing */
    if (!desk_recall(checking->store, &checking->call->arena, key, &memory, &fault) ||
        memory.printed_in == NULL ||
        (checking->corrects != NULL && strcmp(memory.printed_in, checking->corrects) == 0)) {
        return NULL;
    }
    return memory.printed_in;
}

/* The check counts in bytes; a page counts as its language does. */
static void set_place(json_t *value, const struct finding *finding)
{
    struct span span = spans_measure(
        finding->text, (uint32_t)finding->start, (uint32_t)finding->length);
    json_object_set_new(value, "start", json_integer(span.start));
    json_object_set_new(value, "length", json_integer(span.end - span.start));
}

/* The findings as preflight_write_json() has them, with the names this API gives places. */
static json_t *list_findings(
    struct call *call, const struct desk_draft *desk, const struct preflight *preflight)
{
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, CALL_ANSWER_MAX_BYTES);
    preflight_write_json(preflight, &text);
    json_t *list = desk_json_raw(text.data);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *value = json_array_get(list, i);
        const struct finding *finding = &preflight->findings[i];
        json_object_set_new(value, "pick", desk_json_id(finding->item_id));
        json_object_set_new(value, "section",
            finding->section < 0
                ? json_null()
                : desk_json_section_name(desk->draft->issue, (size_t)finding->section));
        json_object_del(value, "id");
        set_place(value, finding);
    }
    return list;
}

static bool check_draft(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_draft *desk;
    if (!desk_call_read_draft(call, store, config, &desk, fault)) {
        return false;
    }
    static const char *const names[] = {"links", NULL};
    bool given, asked;
    if (!call_query_takes(call, names, fault) ||
        !call_query_bool(call, "links", &given, &asked, fault)) {
        return false;
    }
    bool links = given ? asked : config->briefing.check_links;
    struct checking checking = {call, store, desk->corrects, .links = links};
    const struct preflight_context context = {.planned_date = desk->day_planned,
        .tells_suggestions = true,
        .find_printed = find_printed,
        .find_dead = links ? find_dead : NULL,
        .user_data = &checking};
    struct preflight preflight = preflight_check(&call->arena, desk->draft->issue, &context);
    struct render_wechat_size size = render_wechat_measure(desk->draft->issue);
    call->version = desk->tag;
    return call_answer(call,
        json_pack("{s:o, s:o, s:i, s:I, s:I}", "findings",
            list_findings(call, desk, &preflight), "links", count_links(&checking), "checks",
            PREFLIGHT_CODES, "wechat_characters", (json_int_t)size.characters, "wechat_limit",
            (json_int_t)size.characters_max));
}

const struct endpoint endpoint_draft_findings = {.door = ENDPOINT_READS, .work = check_draft};

/* ---- the file as it would change ---- */

static bool read_file(const char *path, struct buffer *text, struct fault *fault)
{
    char piece[16384];
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        return errno == ENOENT ||
            fault_set(
                fault, FAULT_STORE, "the file '%s' cannot be read: %s", path, strerror(errno));
    }
    size_t length;
    while ((length = fread(piece, 1, sizeof(piece), file)) > 0) {
        buffer_append(text, piece, length);
    }
    bool ok = ferror(file) == 0 && !buffer_failed(text);
    fclose(file);
    return ok || fault_set(fault, FAULT_STORE, "the file '%s' cannot be read whole", path);
}

static bool diff_draft(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_draft *desk;
    if (!desk_call_read_draft(call, store, config, &desk, fault)) {
        return false;
    }
    cleanup(buffer_release) struct buffer before, after;
    buffer_init(&before, FILE_MAX_BYTES);
    buffer_init(&after, FILE_MAX_BYTES);
    const char *path = publication_path(
        &call->arena, &config->briefing, desk->draft->issue->date);
    issue_write_markdown(desk->draft->issue, &after);
    if (!read_file(path, &before, fault)) {
        return false;
    }
    call->media_type = "text/x-diff; charset=utf-8";
    call->version = desk->tag;
    if (strcmp(before.data, after.data) != 0) {
        buffer_printf(
            &call->out, "--- %s\n+++ %s\n", before.length > 0 ? path : "/dev/null", path);
        line_diff_write(&call->arena, before.data, after.data, &call->out);
    }
    return true;
}

const struct endpoint endpoint_draft_diff = {.door = ENDPOINT_READS, .work = diff_draft};
