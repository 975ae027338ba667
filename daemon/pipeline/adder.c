/* Problem: one address may take a dozen requests to understand, on hosts the poller is asking
 * at the same time, while a person waits and may go away.
 *
 * Approach: a small state machine for each addition. It has at most one request, one job on a
 * worker or one writer task at a time, so it needs no bookkeeping of parallel parts; candidates
 * are asked one after another, which the host gate would enforce anyway. Everything it learns
 * lives in one arena. A deadline bounds the whole; when it passes, what has been found counts.
 *
 *     start -> ask -(gate)-> fetching -> reading -+-> ask the next candidate …
 *                                                 +-> storing -> done
 *
 * Rejected: checking candidates in parallel (the gate lets one through a host), and trusting
 * what a page announces without reading it: templates announce feeds that are long dead, and
 * the editor would learn of it days later. */
#include "pipeline/adder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "config/overlay.h"
#include "feed/url.h"
#include "pipeline/add_reading.h"
#include "pipeline/outcome.h"

enum {
    DEADLINE_MS = 45 * 1000, /* a person waits; a browser would give up after a minute */
    /* Feeds of one site to read before listing them: front pages announce up to a dozen. */
    CANDIDATES_MAX = 8,
    /* Paths to try when nothing is announced; the first that is a feed ends the search. */
    GUESSES_MAX = 8,
    GATE_RETRY_MS = 100, /* while another request to the host runs */
};

struct addition {
    /* loop thread only */
    struct adder *adder;
    struct addition *next;
    add_done_fn *on_added; /* NULL: told already */
    void *data;
    struct rules *rules; /* that judge it: the adder's when it began */
    struct http_request *request;
    const char *gate_url; /* whose host's gate is taken; NULL: none */
    uv_timer_t timer;     /* waits for the gate */
    uv_work_t work;
    int64_t deadline_ms;
    bool cancelled;

    /* frozen */
    enum add_kind kind;
    size_t chosen;
    const char *url; /* canonical */

    /* worker while reading or storing, else loop */
    struct arena arena;
    struct add_reading reading;
    const char *asked; /* the address under way */

    /* what is known so far */
    const char *fetched_url;
    struct page *page;
    struct fault page_fault;     /* why there is no page */
    struct discovery candidates; /* to be read, best first */
    size_t next_candidate;
    bool guessing;
    struct added_feed feeds[CANDIDATES_MAX + 1];
    size_t feed_count;

    struct writer_task task;        /* stores an item */
    struct following_change change; /* stores a feed */
    struct desk_feed record;
    struct store_added added;
    size_t added_feed;
};

struct adder {
    struct adder_parts parts;
    struct addition *first;
    size_t count;
    bool stopped;
};

static void ask(struct addition *addition, const char *url);

/* ---- the end ---- */

static void on_timer_closed(uv_handle_t *handle)
{
    struct addition *addition = handle->data;
    rules_unref(addition->rules);
    arena_release(&addition->arena);
    free(addition->reading.body);
    free(addition);
}

static void forget(struct addition *addition)
{
    struct addition **link = &addition->adder->first;
    while (*link != addition) {
        link = &(*link)->next;
    }
    *link = addition->next;
    addition->adder->count--;
    uv_close((uv_handle_t *)&addition->timer, on_timer_closed);
}

static void tell(
    struct addition *addition, const struct add_result *result, const struct fault *fault)
{
    add_done_fn *on_added = addition->on_added;
    addition->on_added = NULL;
    if (on_added != NULL) {
        on_added(addition->data, result, fault);
    }
}

static void fail(struct addition *addition, const struct fault *fault)
{
    tell(addition, NULL, fault);
    forget(addition);
}

static void finish(struct addition *addition, enum add_outcome outcome)
{
    bool item = outcome == ADDED_ITEM || outcome == ADDED_ITEM_KNOWN;
    struct add_result result = {
        .outcome = outcome,
        .feeds = addition->feeds,
        .feed_count = addition->feed_count,
        .feed = addition->added_feed,
        .feed_name = addition->record.name,
        .item = item ? &addition->added : NULL,
    };
    tell(addition, &result, NULL);
    forget(addition);
}

/* ---- storing ---- */

static struct addition *addition_of(struct writer_task *task)
{
    return holder_of(task, struct addition, task);
}

static bool store_item_work(struct writer_task *task, struct store *store, struct fault *fault)
{
    struct addition *addition = addition_of(task);
    struct store_addition item = add_reading_item(&addition->arena, addition->rules,
        addition->page, addition->url, addition->fetched_url, clock_now_utc_s());
    return store_add_item(
        store, &addition->arena, &item, addition->rules->config, &addition->added, fault);
}

static void on_item_stored(struct writer_task *task, const struct fault *fault)
{
    struct addition *addition = addition_of(task);
    if (fault != NULL) {
        fail(addition, fault);
        return;
    }
    const struct adder_parts *parts = &addition->adder->parts;
    if (parts->on_item != NULL && !addition->adder->stopped) {
        parts->on_item(parts->data);
    }
    finish(addition, addition->added.known ? ADDED_ITEM_KNOWN : ADDED_ITEM);
}

static void store_item(struct addition *addition)
{
    addition->task = (struct writer_task){.work = store_item_work, .on_done = on_item_stored};
    writer_run(addition->adder->parts.writer, &addition->task);
}

static struct addition *addition_of_change(struct following_change *change)
{
    return holder_of(change, struct addition, change);
}

static bool store_feed_work(struct following_change *change, struct store *store,
    const struct config *config, struct fault *fault)
{
    return store_put_feed(store, &addition_of_change(change)->record, fault);
}

static void on_feed_stored(struct following_change *change, const struct fault *fault)
{
    struct addition *addition = addition_of_change(change);
    if (fault != NULL) {
        fail(addition, fault);
    } else {
        finish(addition, ADDED_FEED);
    }
}

/* The feed's own title, and its host when another feed has that name. */
static const char *feed_name(struct addition *addition, const struct added_feed *feed)
{
    const struct config *config = following_rules(addition->adder->parts.following)->config;
    const char *host = url_host(&addition->arena, feed->url);
    const char *name = feed->title != NULL ? feed->title : host;
    if (config_find_feed(config, name) != NULL) {
        name = arena_printf(&addition->arena, "%s (%s)", name, host);
    }
    return config_find_feed(config, name) == NULL ? name : feed->url;
}

static void store_feed(struct addition *addition, size_t number)
{
    const struct config *config = following_rules(addition->adder->parts.following)->config;
    const struct added_feed *feed = &addition->feeds[number];
    addition->added_feed = number;
    int known = overlay_find_feed(config, feed->url);
    if (known >= 0) {
        addition->record.name = config->feeds[known].name;
        finish(addition, ADDED_FEED_KNOWN);
        return;
    }
    addition->record = (struct desk_feed){
        .url = feed->url,
        .name = feed_name(addition, feed),
        .added = true,
        .changed_utc_s = clock_now_utc_s(),
    };
    struct fault fault;
    if (!overlay_check(config, &addition->record, &fault)) {
        fail(addition, &fault);
        return;
    }
    addition->change = (struct following_change){
        .work = store_feed_work, .on_done = on_feed_stored};
    following_change(addition->adder->parts.following, &addition->change);
}

/* ---- deciding ---- */

static void list_announced(struct addition *addition)
{
    for (size_t i = 0; i < addition->candidates.count && addition->feed_count < CANDIDATES_MAX;
         i++) {
        const struct discovery_feed *found = &addition->candidates.feeds[i];
        addition->feeds[addition->feed_count++] = (struct added_feed){
            .url = found->url, .title = found->title, .origin = found->origin};
    }
}

static void finish_without_feed(struct addition *addition)
{
    struct fault fault;
    if (addition->kind != ADD_FEED && addition->page != NULL) {
        store_item(addition);
    } else if (addition->kind != ADD_FEED && addition->page_fault.kind != FAULT_NONE) {
        fail(addition, &addition->page_fault);
    } else {
        fault_set(&fault, FAULT_PARSE,
            "no feed was found at %s: if the site has one, give its "
            "own address",
            addition->url);
        fail(addition, &fault);
    }
}

static void choose(struct addition *addition)
{
    struct fault fault;
    if (addition->feed_count == 0) {
        finish_without_feed(addition);
    } else if (addition->chosen > addition->feed_count) {
        fault_set(&fault, FAULT_CONFIG, "there are %zu feeds to choose from, not %zu",
            addition->feed_count, addition->chosen);
        fail(addition, &fault);
    } else if (addition->feed_count == 1 || addition->chosen > 0) {
        store_feed(addition, addition->chosen > 0 ? addition->chosen - 1 : 0);
    } else {
        finish(addition, ADDED_NOTHING);
    }
}

static bool out_of_time(const struct addition *addition)
{
    return clock_monotonic_ms() >= addition->deadline_ms;
}

/* Read the next candidate, or decide when there is none. */
static void advance(struct addition *addition)
{
    size_t most = addition->guessing ? GUESSES_MAX : CANDIDATES_MAX;
    bool enough = addition->next_candidate >= addition->candidates.count ||
        addition->next_candidate >= most || (addition->guessing && addition->feed_count > 0);
    if (enough && addition->feed_count == 0 && !addition->guessing && !out_of_time(addition)) {
        addition->guessing = true;
        addition->candidates = (struct discovery){0};
        addition->next_candidate = 0;
        discovery_guess(&addition->arena, &addition->candidates,
            addition->fetched_url != NULL ? addition->fetched_url : addition->url);
        enough = addition->candidates.count == 0;
    }
    if (enough || out_of_time(addition)) {
        choose(addition);
    } else {
        ask(addition, addition->candidates.feeds[addition->next_candidate].url);
    }
}

static bool is_first(const struct addition *addition)
{
    return addition->fetched_url == NULL;
}

static void keep_feed(struct addition *addition)
{
    const struct add_reading *reading = &addition->reading;
    bool first = is_first(addition);
    const struct discovery_feed *found = first
        ? NULL
        : &addition->candidates.feeds[addition->next_candidate];
    const char *url = first ? url_canonical(&addition->arena, reading->url) : found->url;
    for (size_t i = 0; i < addition->feed_count; i++) {
        /* /feed and /feed/ end at one address */
        if (strcmp(addition->feeds[i].url, url) == 0) {
            return;
        }
    }
    addition->feeds[addition->feed_count++] = (struct added_feed){
        .url = url,
        .title = reading->title != NULL ? reading->title
            : first                     ? NULL
                                        : found->title,
        .format = reading->format,
        .entries = reading->entries,
        .origin = first ? DISCOVERY_SITE : found->origin,
        .read = true,
    };
}

/* The first answer decides what this is about. */
static void take_first(struct addition *addition)
{
    struct add_reading *reading = &addition->reading;
    addition->fetched_url = reading->url;
    if (reading->is_feed) {
        choose(addition);
        return;
    }
    for (size_t i = 0; i < reading->feeds.count; i++) {
        const struct discovery_feed *found = &reading->feeds.feeds[i];
        discovery_add(
            &addition->arena, &addition->candidates, found->origin, found->url, found->title);
    }
    addition->page = reading->page;
    addition->page_fault = reading->page_fault;
    bool item = addition->kind == ADD_ITEM ||
        (addition->kind == ADD_ANY && addition->chosen == 0 && addition->page != NULL &&
            addition->page->is_article && !addition->candidates.is_source);
    if (addition->page == NULL && (item || addition->page_fault.kind == FAULT_GONE)) {
        fail(addition, &addition->page_fault);
    } else if (item) {
        list_announced(addition);
        store_item(addition);
    } else {
        advance(addition);
    }
}

static void read_work(uv_work_t *work)
{
    struct addition *addition = work->data;
    add_reading_work(&addition->reading, &addition->arena);
}

static void fail_cancelled(struct addition *addition)
{
    struct fault fault;
    fault_set(&fault, FAULT_CANCELLED, "briefd is stopping");
    fail(addition, &fault);
}

static void on_read(uv_work_t *work, int status)
{
    struct addition *addition = work->data;
    if (addition->cancelled) {
        fail_cancelled(addition);
        return;
    }
    /* A feed that is meant as an item is still a feed: its bytes are no page. */
    if (addition->reading.is_feed) {
        keep_feed(addition);
    }
    if (is_first(addition)) {
        take_first(addition);
    } else {
        addition->next_candidate++;
        advance(addition);
    }
}

/* ---- asking ---- */

/* The address itself cannot be had: what follows from it alone may still be. */
static void on_no_answer(struct addition *addition, const struct fault *fault)
{
    if (!is_first(addition)) {
        addition->next_candidate++;
        advance(addition);
    } else if (addition->candidates.count > 0 && addition->kind != ADD_ITEM) {
        addition->fetched_url = addition->url;
        addition->page_fault = *fault;
        advance(addition);
    } else {
        fail(addition, fault);
    }
}

static void on_response(void *data, struct http_response *response, const struct fault *fault)
{
    struct addition *addition = data;
    addition->request = NULL;
    if (addition->gate_url != NULL) {
        poller_leave_host(addition->adder->parts.poller, addition->gate_url);
        addition->gate_url = NULL;
    }
    if (addition->cancelled) {
        fail_cancelled(addition);
        return;
    }
    struct fault answer = {.kind = FAULT_NONE};
    if (fault == NULL && response->status != 200) {
        outcome_name_answer(response, &answer);
        fault = &answer;
    }
    if (fault != NULL) {
        on_no_answer(addition, fault);
        return;
    }
    addition->reading = (struct add_reading){
        .url = arena_strdup(&addition->arena, response->url),
        .content_type = arena_strdup(&addition->arena, response->content_type),
        .link = arena_strdup(&addition->arena, response->link),
        .feed_only = !is_first(addition),
    };
    addition->reading.body = http_response_take_body(response, &addition->reading.body_length);
    uv_queue_work(loop_uv(addition->adder->parts.loop), &addition->work, read_work, on_read);
}

static void fetch(struct addition *addition)
{
    const struct adder_parts *parts = &addition->adder->parts;
    const struct config_polling *polling = &addition->rules->config->polling;
    int64_t left_ms = addition->deadline_ms - clock_monotonic_ms();
    int64_t timeout_ms = polling->timeout_s * 1000;
    struct http_options options = {
        .url = addition->asked,
        .user_agent = polling->user_agent,
        .accept =
            "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
            "application/feed+json, application/xml;q=0.9, */*;q=0.5",
        .timeout_ms = left_ms < 1  ? 1
            : left_ms < timeout_ms ? left_ms
                                   : timeout_ms,
        .connect_timeout_ms = polling->connect_timeout_s * 1000,
        .max_bytes = polling->max_bytes,
        .max_redirects = polling->max_redirects,
        .allowed = parts->allowed,
        .allowed_count = parts->allowed_count,
    };
    struct fault fault;
    addition->gate_url = addition->asked;
    if (!http_get(parts->client, &options, on_response, addition, &addition->request, &fault)) {
        on_response(addition, NULL, &fault);
    }
}

static void on_gate(uv_timer_t *timer)
{
    struct addition *addition = timer->data;
    int64_t wait_ms = 0;
    if (addition->cancelled) {
        fail_cancelled(addition);
    } else if (poller_enter_host(addition->adder->parts.poller, addition->asked, &wait_ms)) {
        fetch(addition);
    } else if (out_of_time(addition)) {
        struct fault fault;
        fault_set(&fault, FAULT_NETWORK,
            "the site is being asked for other feeds, or wants to be left alone for a while: "
            "try again later");
        on_no_answer(addition, &fault);
    } else {
        uint64_t delay_ms = wait_ms < 0 || wait_ms > DEADLINE_MS ? GATE_RETRY_MS
                                                                 : (uint64_t)wait_ms;
        uv_timer_start(timer, on_gate, clock_sleep_ms(delay_ms), 0);
    }
}

static void ask(struct addition *addition, const char *url)
{
    addition->asked = url;
    uv_timer_start(&addition->timer, on_gate, 0, 0);
}

/* ---- life ---- */

struct adder *adder_new(const struct adder_parts *parts)
{
    struct adder *adder = calloc(1, sizeof(*adder));
    if (adder == NULL) {
        abort();
    }
    adder->parts = *parts;
    return adder;
}

static bool refuse(const struct adder *adder, const char *url, struct fault *fault)
{
    struct arena arena = {0};
    const char *canonical = url_canonical(&arena, url);
    bool http = canonical != NULL &&
        (strncmp(canonical, "http://", 7) == 0 || strncmp(canonical, "https://", 8) == 0) &&
        url_host(&arena, canonical) != NULL;
    arena_release(&arena);
    if (!http) {
        return fault_set(fault, FAULT_CONFIG,
            "'%.200s' is no address of a page: write it whole, with https://", url);
    }
    if (adder->stopped) {
        return fault_set(fault, FAULT_CANCELLED, "briefd is stopping");
    }
    return adder->count < ADDITIONS_MAX ||
        fault_set(fault, FAULT_LIMIT,
            "%d addresses are being looked at already: wait a moment and try again",
            ADDITIONS_MAX);
}

bool adder_start(struct adder *adder, const struct add_request *request, add_done_fn *on_added,
    void *data, struct fault *fault)
{
    assert_loop_thread(adder->parts.loop);
    if (!refuse(adder, request->url, fault)) {
        return false;
    }
    struct addition *addition = calloc(1, sizeof(*addition));
    if (addition == NULL) {
        abort();
    }
    addition->adder = adder;
    addition->on_added = on_added;
    addition->data = data;
    addition->rules = rules_ref(following_rules(adder->parts.following));
    addition->kind = request->kind;
    addition->chosen = request->feed;
    addition->url = url_canonical(&addition->arena, request->url);
    addition->deadline_ms = clock_monotonic_ms() + DEADLINE_MS;
    addition->work.data = addition;
    uv_timer_init(loop_uv(adder->parts.loop), &addition->timer);
    addition->timer.data = addition;
    addition->next = adder->first;
    adder->first = addition;
    adder->count++;
    discovery_from_url(&addition->arena, &addition->candidates, addition->url,
        addition->rules->config->polling.rsshub);
    ask(addition, addition->url);
    return true;
}

/* A worker or the writer may have an addition: it is told now and ends by itself. */
void adder_stop(struct adder *adder)
{
    if (adder == NULL || adder->stopped) {
        return;
    }
    adder->stopped = true;
    struct fault fault;
    fault_set(&fault, FAULT_CANCELLED, "briefd is stopping");
    for (struct addition *addition = adder->first, *next; addition != NULL; addition = next) {
        next = addition->next;
        addition->cancelled = true;
        tell(addition, NULL, &fault);
        if (addition->request != NULL) {
            http_cancel(addition->request);
        } else if (uv_is_active((uv_handle_t *)&addition->timer)) {
            forget(addition);
        }
    }
}

void adder_free(struct adder *adder)
{
    if (adder == NULL) {
        return;
    }
    assert(adder->count == 0);
    free(adder);
}
