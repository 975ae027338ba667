#include "pipeline/polled_feed.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

/* A permanent redirect counts after it has held for a week: a captive portal or a botched
 * migration answers 301 for hours, and a forgotten address is lost. */
static const int64_t MOVED_AFTER_S = 7 * 86400;

/* The strings of a state, so that copying them is a loop and not a list to keep in step. */
static const size_t state_strings[] = {
    offsetof(struct feed_state, url),
    offsetof(struct feed_state, name),
    offsetof(struct feed_state, title),
    offsetof(struct feed_state, etag),
    offsetof(struct feed_state, last_modified),
    offsetof(struct feed_state, moved_to),
    offsetof(struct feed_state, rhythm),
    offsetof(struct feed_state, error),
    /* error_kind is a literal of fault_kind_name() or lives in an arena: copied as well */
    offsetof(struct feed_state, error_kind),
    offsetof(struct feed_state, note),
};

static const char **string_of(struct feed_state *state, size_t offset)
{
    return (const char **)(void *)((char *)state + offset);
}

struct feed_state *feed_state_clone(const struct feed_state *state)
{
    struct feed_state copy = *state;
    size_t bytes = sizeof(copy);
    for (size_t i = 0; i < array_count(state_strings); i++) {
        const char *text = *string_of(&copy, state_strings[i]);
        bytes += text == NULL ? 0 : strlen(text) + 1;
    }
    struct feed_state *clone = malloc(bytes);
    if (clone == NULL) {
        memory_exhausted();
    }
    char *end = (char *)(clone + 1);
    for (size_t i = 0; i < array_count(state_strings); i++) {
        const char **text = string_of(&copy, state_strings[i]);
        if (*text != NULL) {
            const char *source = *text;
            *text = end;
            end = stpcpy(end, source) + 1;
        }
    }
    *clone = copy;
    return clone;
}

const char *polled_feed_url(const struct feed_state *state, int64_t now_utc_s)
{
    bool moved = state->moved_to != NULL &&
        now_utc_s - state->moved_since_utc_s >= MOVED_AFTER_S;
    return moved ? state->moved_to : state->url;
}

struct http_options polled_feed_request(
    const struct polled_feed *feed, const struct config_polling *polling, int64_t now_utc_s)
{
    const struct http_redirect *redirect = feed->redirect;
    return (struct http_options){
        .url = redirect != NULL ? redirect->url : polled_feed_url(feed->state, now_utc_s),
        .redirected = redirect,
        .user_agent = polling->user_agent,
        .accept = "application/rss+xml, application/atom+xml, application/feed+json, "
                  "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
        .etag = feed->state->etag,
        .last_modified = feed->state->last_modified,
        .timeout_ms = polling->timeout_s * 1000,
        .connect_timeout_ms = polling->connect_timeout_s * 1000,
        .max_bytes = polling->max_bytes,
        .keep_gzip = true,
        .max_redirects = polling->max_redirects,
        .allowed = feed->allowed,
        .allowed_count = feed->allowed_count,
    };
}

/* One block, like a state. */
void polled_feed_redirect(struct polled_feed *feed, const struct http_redirect *redirect)
{
    struct http_redirect *copy = NULL;
    if (redirect != NULL) {
        const char *permanent = redirect->permanent_url == NULL ? "" : redirect->permanent_url;
        copy = malloc(sizeof(*copy) + strlen(redirect->url) + strlen(permanent) + 2);
        if (copy == NULL) {
            memory_exhausted();
        }
        *copy = *redirect;
        copy->url = (char *)(copy + 1);
        char *behind = stpcpy((char *)(copy + 1), redirect->url) + 1;
        stpcpy(behind, permanent);
        copy->permanent_url = redirect->permanent_url == NULL ? NULL : behind;
    }
    free(feed->redirect);
    feed->redirect = copy;
}

static void log_change_of_health(const struct feed_state *old, const struct feed_state *state)
{
    if (state->error != NULL && (old->error == NULL || strcmp(old->error, state->error) != 0)) {
        log_feed(LOG_LEVEL_WARNING, state->name, "%s, continuing with what it brought before",
            state->error);
    } else if (state->error == NULL && old->error != NULL) {
        log_feed(LOG_LEVEL_INFO, state->name, "works again");
    }
}

void polled_feed_keep_state(struct polled_feed *feed, const struct feed_state *state)
{
    struct feed_state *old = feed->state;
    feed->state = feed_state_clone(state);
    log_change_of_health(old, feed->state);
    free(old);
}

bool polled_feed_enabled(const struct polled_feed *feed)
{
    return feed->config != NULL && feed->config->enabled && !feed->state->gone;
}

struct polled_feed *polled_feed_new(
    struct poller *poller, const struct feed_state *state, struct host_queue *host)
{
    struct polled_feed *feed = calloc(1, sizeof(*feed));
    if (feed == NULL) {
        memory_exhausted();
    }
    feed->poller = poller;
    feed->state = feed_state_clone(state);
    feed->host = host;
    return feed;
}

void polled_feed_free(struct polled_feed *feed)
{
    free(feed->allowed);
    free(feed->redirect);
    free(feed->state);
    free(feed);
}

static void add_allowed(struct polled_feed *feed, const char *const *destinations, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct fault fault;
        if (address_range_parse(destinations[i], &feed->allowed[feed->allowed_count], &fault)) {
            feed->allowed_count++;
        } else {
            log_feed(LOG_LEVEL_WARNING, feed->config->name, "allow: %s, continuing without it",
                fault.message);
        }
    }
}

void polled_feed_configure(struct polled_feed *feed, const struct config_feed *config,
    const struct config_polling *polling, const struct address_range *allowed,
    size_t allowed_count)
{
    feed->config = config;
    free(feed->allowed);
    feed->allowed = calloc(
        allowed_count + polling->allow_count + config->allow_count + 1, sizeof(*feed->allowed));
    if (feed->allowed == NULL) {
        memory_exhausted();
    }
    for (size_t i = 0; i < allowed_count; i++) {
        feed->allowed[i] = allowed[i];
    }
    feed->allowed_count = allowed_count;
    add_allowed(feed, polling->allow, polling->allow_count);
    add_allowed(feed, config->allow, config->allow_count);
}
