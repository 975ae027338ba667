#include "pipeline/outcome.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "pipeline/polled_feed.h"

/* Answers that need a sentence of their own; any other is told by its number and class. */
static const struct {
    int status;
    enum fault_kind kind;
    const char *sentence;
} answers[] = {
    {401, FAULT_NETWORK, "access refused: the server wants a login (401)"},
    {403, FAULT_NETWORK, "access refused (403)"},
    {404, FAULT_NETWORK, "there is nothing at this address (404)"},
    {406, FAULT_NETWORK, "the server refuses programs like this one for now (406)"},
    {410, FAULT_GONE, "gone for good, says the server (410); it is not asked again"},
    {429, FAULT_NETWORK, "asked too often, says the server (429)"},
    {451, FAULT_NETWORK, "withheld for legal reasons (451)"},
    {500, FAULT_NETWORK, "the server has an error (500)"},
    {502, FAULT_NETWORK, "the server behind the gateway does not answer (502)"},
    {503, FAULT_NETWORK, "the server is overloaded or under repair (503)"},
    {504, FAULT_NETWORK, "the server behind the gateway is too slow (504)"},
};

static void set_error(struct feed_state *state, struct arena *arena, const struct fault *fault)
{
    state->error = arena_strdup(arena, fault->message);
    state->error_kind = fault_kind_name(fault->kind);
}

static void name_answer(const struct http_response *response, struct fault *fault)
{
    for (size_t i = 0; i < array_count(answers); i++) {
        if (answers[i].status == response->status) {
            fault_set(fault, answers[i].kind, "%s", answers[i].sentence);
            return;
        }
    }
    fault_set(fault, FAULT_NETWORK, "the server answered with status %d", response->status);
}

/* Watch a permanent redirect: the clock starts when it first points where it points now. */
static void note_redirect(struct feed_state *state, struct arena *arena,
    const struct http_response *response, int64_t now_utc_s)
{
    const char *target = response->permanent_url;
    if (target == NULL || strcmp(target, state->url) == 0) {
        /* Asked at its new address it redirects no further; only the old address can revoke. */
        bool asked_old = strcmp(polled_feed_url(state, now_utc_s), state->url) == 0;
        if (asked_old) {
            state->moved_to = NULL;
            state->moved_since_utc_s = CLOCK_NONE;
        }
        return;
    }
    if (state->moved_to == NULL || strcmp(state->moved_to, target) != 0) {
        state->moved_to = arena_strdup(arena, target);
        state->moved_since_utc_s = now_utc_s;
    }
}

/* RFC 9110 15.4.5: a 304 may bring new validators, which replace the old. Byte for byte: arXiv
 * sends an ETag without quotes. */
static void note_validators(
    struct feed_state *state, struct arena *arena, const struct http_response *response)
{
    bool replace = response->status == 200;
    if (replace || response->etag != NULL) {
        state->etag = arena_strdup(arena, response->etag);
    }
    if (replace || response->last_modified != NULL) {
        state->last_modified = arena_strdup(arena, response->last_modified);
    }
}

static void note_success(struct feed_state *state, int64_t now_utc_s)
{
    state->last_success_utc_s = now_utc_s;
    state->error = NULL;
    state->error_kind = NULL;
    state->gone = false;
}

enum outcome_kind outcome_of_response(struct feed_state *state, struct arena *arena,
    const struct http_response *response, const struct fault *fault, int64_t now_utc_s)
{
    state->last_poll_utc_s = now_utc_s;
    state->status = response == NULL ? 0 : response->status;
    struct fault named;
    if (fault == NULL && response->status != 200 && response->status != 304) {
        name_answer(response, &named);
        state->gone = named.kind == FAULT_GONE;
        fault = &named;
    }
    if (fault != NULL) {
        if (state->moved_to != NULL && polled_feed_url(state, now_utc_s) == state->moved_to) {
            state->moved_to =
                NULL; /* the new address fails: back to the one in the configuration */
            state->moved_since_utc_s = CLOCK_NONE;
        }
        set_error(state, arena, fault);
        return OUTCOME_FAILED;
    }
    note_redirect(state, arena, response, now_utc_s);
    note_validators(state, arena, response);
    if (response->status == 304) {
        note_success(state, now_utc_s);
        return OUTCOME_NOT_MODIFIED;
    }
    return OUTCOME_BODY;
}

void outcome_unchanged(struct feed_state *state, int64_t now_utc_s)
{
    note_success(state, now_utc_s);
}

void outcome_refuse(struct feed_state *state, struct arena *arena, const struct feed_state *old,
    const struct fault *fault)
{
    state->etag = old->etag;
    state->last_modified = old->last_modified;
    set_error(state, arena, fault);
}

void outcome_accept(
    struct feed_state *state, struct arena *arena, const struct document *document)
{
    const struct feed_document *parsed = document->feed_document;
    note_success(state, document->fetched_utc_s);
    state->body_hash = document->body_hash;
    state->title = arena_strdup(arena, parsed->title);
    state->entries = (int)parsed->entry_count;
    state->bozo = parsed->bozo;
    if (document->newest_entry_utc_s != CLOCK_NONE) {
        state->newest_entry_utc_s = document->newest_entry_utc_s;
    }
}

void outcome_schedule(struct feed_state *state, enum outcome_kind kind, bool has_new,
    const struct document *document, const struct http_response *response,
    const struct config *config, const struct config_feed *feed, int64_t now_utc_s)
{
    const struct config_polling *polling = &config->polling;
    const struct feed_document *parsed = document == NULL ? NULL : document->feed_document;
    struct schedule_feed habits = {
        .min_interval_s = feed->min_interval_s > 0 ? feed->min_interval_s
                                                   : polling->min_interval_s,
        .max_interval_s = feed->max_interval_s > 0 ? feed->max_interval_s
                                                   : polling->max_interval_s,
        .interval_s = state->interval_s,
        .failures = state->failures,
    };
    struct schedule_poll poll = {
        .outcome = kind == OUTCOME_FAILED ? SCHEDULE_FAILED
            : has_new                     ? SCHEDULE_NEW
                                          : SCHEDULE_UNCHANGED,
        .now_utc_s = now_utc_s,
        .retry_after_s = response == NULL ? -1 : response->retry_after_s,
        .max_age_s = response == NULL ? -1 : response->max_age_s,
        .ttl_minutes = parsed == NULL ? -1 : parsed->ttl_minutes,
        .update_period_s = parsed == NULL ? -1 : parsed->update_period_s,
        .skip_hours = parsed == NULL ? 0 : parsed->skip_hours,
        .skip_days = parsed == NULL ? 0 : parsed->skip_days,
        .entries_per_day = document == NULL ? -1 : document->entries_per_day,
        .random = (uint32_t)hash_bytes(
            hash_string(HASH_START, state->url), &now_utc_s, sizeof(now_utc_s)),
    };
    struct schedule_next next = schedule_after_poll(&habits, &poll);
    state->interval_s = next.interval_s;
    state->next_poll_utc_s = next.next_poll_utc_s;
    state->failures = next.failures;
}

bool outcome_closes_host(const struct http_response *response)
{
    return response != NULL &&
        (response->status == 429 || response->status == 503 || response->status == 406) &&
        response->retry_after_s > 0;
}
