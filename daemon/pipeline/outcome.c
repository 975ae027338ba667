#include "pipeline/outcome.h"

#include <assert.h>
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
    {406, FAULT_NETWORK, "the server refuses programs like this one (406)"},
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

void outcome_name_answer(const struct http_response *response, struct fault *fault)
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

/* How long the answer stays fresh. What a 304 does not say holds as the answer said that it
 * confirms (RFC 9111 3.2, 4.3.4). */
static void note_freshness(struct feed_state *state, const struct http_response *response)
{
    if (response->max_age_s >= 0) {
        state->max_age_s = response->max_age_s;
    } else if (response->status == 200) {
        state->max_age_s = 0;
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
    assert(response != NULL || fault != NULL);
    state->last_poll_utc_s = now_utc_s;
    state->status = response == NULL ? 0 : response->status;
    struct fault named;
    bool conditional = state->etag != NULL || state->last_modified != NULL;
    if (fault == NULL && response->status == 304 && !conditional) {
        /* Its ETag taken for ours, the feed would be asked for what it never brought. */
        fault_set(&named, FAULT_NETWORK,
            "the server says that nothing has changed (304), which it was not asked");
        fault = &named;
    } else if (fault == NULL && response->status != 200 && response->status != 304) {
        outcome_name_answer(response, &named);
        fault = &named;
    }
    if (fault != NULL) {
        bool moved = state->moved_to != NULL &&
            polled_feed_url(state, now_utc_s) == state->moved_to;
        if (moved) { /* the new address fails: back to the one in the configuration */
            state->moved_to = NULL;
            state->moved_since_utc_s = CLOCK_NONE;
        }
        /* Only the address that the editor wrote can say that the feed is gone. */
        state->gone = fault->kind == FAULT_GONE && !moved;
        set_error(state, arena, fault);
        return OUTCOME_FAILED;
    }
    note_redirect(state, arena, response, now_utc_s);
    note_validators(state, arena, response);
    note_freshness(state, response);
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
    state->max_age_s = old->max_age_s; /* of a login page, not of the feed */
    set_error(state, arena, fault);
}

static void note_wishes(struct feed_state *state, const struct feed_document *parsed)
{
    int64_t ttl_s = parsed->ttl_minutes > 0 ? (int64_t)parsed->ttl_minutes * 60 : 0;
    state->pace_s = parsed->update_period_s > ttl_s ? parsed->update_period_s : ttl_s;
    state->skip_hours = parsed->skip_hours;
    state->skip_days = parsed->skip_days;
}

/* A document without dates that differs from the last one holds something new, more is not
 * known. */
static void note_rhythm(
    struct feed_state *state, struct arena *arena, const struct document *document)
{
    int64_t now_utc_s = document->fetched_utc_s;
    struct rhythm rhythm = rhythm_read(state->rhythm, now_utc_s);
    rhythm_advance(&rhythm, now_utc_s);
    if (state->rhythm == NULL) {
        rhythm_begin(&rhythm, document->dates_utc_s, document->date_count);
    } else if (document->date_count > 0 && state->newest_entry_utc_s != CLOCK_NONE) {
        rhythm_add(&rhythm, document->dates_utc_s, document->date_count,
            state->newest_entry_utc_s, state->last_success_utc_s);
    } else {
        rhythm_count(&rhythm, now_utc_s);
    }
    state->rhythm = rhythm_write(&rhythm, arena);
}

void outcome_accept(
    struct feed_state *state, struct arena *arena, const struct document *document)
{
    const struct feed_document *parsed = document->feed_document;
    note_wishes(state, parsed);
    note_rhythm(state, arena, document); /* before the state knows of this success */
    note_success(state, document->fetched_utc_s);
    state->body_hash = document->body_hash;
    state->title = arena_strdup(arena, parsed->title);
    state->entries = (int)parsed->entry_count;
    state->bozo = parsed->bozo;
    if (document->newest_entry_utc_s != CLOCK_NONE) {
        state->newest_entry_utc_s = document->newest_entry_utc_s;
    }
}

void outcome_schedule(struct feed_state *state, bool failed, int64_t retry_after_s,
    const struct config_polling *polling, const struct config_feed *feed, int64_t now_utc_s)
{
    struct rhythm rhythm = rhythm_read(state->rhythm, now_utc_s);
    rhythm_advance(&rhythm, now_utc_s);
    struct schedule_feed habits = {
        .min_interval_s = feed->min_interval_s > 0 ? feed->min_interval_s
                                                   : polling->min_interval_s,
        .max_interval_s = feed->max_interval_s > 0 ? feed->max_interval_s
                                                   : polling->max_interval_s,
        .failures = state->failures,
        .rhythm = &rhythm,
        .wish_s = state->max_age_s > state->pace_s ? state->max_age_s : state->pace_s,
        .skip_hours = state->skip_hours,
        .skip_days = state->skip_days,
        .entries = state->entries,
    };
    struct schedule_poll poll = {
        .now_utc_s = now_utc_s,
        .failed = failed,
        .retry_after_s = retry_after_s,
        .random = (uint32_t)hash_bytes(
            hash_string(HASH_START, state->url), &now_utc_s, sizeof(now_utc_s)),
    };
    struct schedule_next next = schedule_after_poll(&habits, &poll);
    state->interval_s = next.interval_s;
    state->next_poll_utc_s = next.next_poll_utc_s;
    state->failures = next.failures;
}

int64_t outcome_host_rest_s(const struct http_response *response)
{
    static const int statuses[] = {406, 429, 503};
    if (response == NULL || response->private_address || response->retry_after_s <= 0) {
        return 0;
    }
    for (size_t i = 0; i < array_count(statuses); i++) {
        if (statuses[i] == response->status) {
            return response->retry_after_s < SCHEDULE_LONGEST_RETRY_AFTER_S
                ? response->retry_after_s
                : SCHEDULE_LONGEST_RETRY_AFTER_S;
        }
    }
    return 0;
}
