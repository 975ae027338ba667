/* Problem: some sixty addresses on a dozen hosts, most of them on one that wants a pause
 * between requests, while a person waits for the check's other findings.
 *
 * Approach: she does not wait. Whoever looks gets what is known; what is not is put into line,
 * the loop works the line off, and the open pages are told when it is done, upon which they
 * look again. The table is the one thing here that workers and loop share, so it has a lock,
 * which is held for a look and no longer.
 *
 *     WAITING -(gate)-> ASKING: HEAD -> WAITING: GET -(gate)-> ASKING: GET -> KNOWN
 *
 * Many servers answer HEAD wrongly, so nothing is dead before a GET said so. Of its body no
 * more is taken than tells a page that was taken down; a longer one opens. WeChat answers 200
 * for an article that is gone: there a worker reads the page as it does one to be added.
 *
 * Rejected: answering when all is known (a minute on one connection); keeping answers in the
 * database, where they would be old by the next issue. */
#include "pipeline/link_checker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "feed/url.h"
#include "pipeline/add_reading.h"

enum {
    KEPT_MS = 6 * 3600 * 1000,
    GATE_RETRY_MS = 100, /* while another request to the host runs */
    BODY_MAX_BYTES = 64 << 10,
    PAGE_MAX_BYTES = 8 << 20, /* where the page itself has to be read */
    REASON_BYTES = 256,
};

enum stage { WAITING, ASKING, KNOWN };

struct entry {
    uint64_t hash;
    char *url;
    enum stage stage;
    bool get; /* HEAD was no answer */
    enum link_state state;
    char reason[REASON_BYTES];
    int64_t known_ms;
};

/* One request under way. */
struct asking {
    struct link_checker *checker;
    struct entry *entry; /* NULL: none */
    char *url;
    bool get;
    struct http_request *request;
    uv_work_t work; /* reads a page */
    struct arena arena;
    struct add_reading reading;
};

struct link_checker {
    struct link_checker_parts parts;
    uv_async_t woken;
    uv_timer_t timer;
    struct asking asking[LINKS_AT_ONCE];
    bool busy; /* since on_idle was told last */

    pthread_mutex_t lock;
    struct entry *entries[LINKS_KEPT]; /* under the lock, as all below; those ASKING stay */
    size_t count;
    bool stopped;
};

/* ---- the table ---- */

static struct entry *find(struct link_checker *checker, const char *url, uint64_t hash)
{
    for (size_t i = 0; i < checker->count; i++) {
        struct entry *entry = checker->entries[i];
        if (entry->hash == hash && strcmp(entry->url, url) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* Room for one more: the end, or the place of the oldest answer. NULL: all are in line. */
static struct entry **find_room(struct link_checker *checker)
{
    if (checker->count < LINKS_KEPT) {
        checker->entries[checker->count] = NULL;
        return &checker->entries[checker->count++];
    }
    struct entry **oldest = NULL;
    for (size_t i = 0; i < LINKS_KEPT; i++) {
        struct entry **at = &checker->entries[i];
        if ((*at)->stage == KNOWN &&
            (oldest == NULL || (*at)->known_ms < (*oldest)->known_ms)) {
            oldest = at;
        }
    }
    return oldest;
}

static struct entry *add(struct link_checker *checker, const char *url, uint64_t hash)
{
    struct entry **room = find_room(checker);
    if (room == NULL) {
        return NULL;
    }
    if (*room != NULL) {
        free((*room)->url);
        free(*room);
    }
    struct entry *entry = calloc(1, sizeof(*entry));
    if (entry == NULL || (entry->url = strdup(url)) == NULL) {
        memory_exhausted();
    }
    entry->hash = hash;
    *room = entry;
    return entry;
}

static enum link_state look(struct link_checker *checker, struct arena *arena, const char *url,
    bool *ret_wake, const char **ret_reason)
{
    uint64_t hash = hash_string(HASH_START, url);
    struct entry *entry = find(checker, url, hash);
    bool old = entry != NULL && entry->stage == KNOWN &&
        clock_monotonic_ms() - entry->known_ms >= KEPT_MS;
    *ret_wake = !checker->stopped && (entry == NULL || old);
    if (entry == NULL) {
        return checker->stopped || add(checker, url, hash) == NULL ? LINK_OPENS : LINK_PENDING;
    }
    if (old && !checker->stopped) {
        entry->stage = WAITING;
        entry->get = false;
    }
    if (entry->stage != KNOWN) {
        return LINK_PENDING;
    }
    *ret_reason = entry->state == LINK_DEAD ? arena_strdup(arena, entry->reason) : NULL;
    return entry->state;
}

enum link_state link_checker_look(
    struct link_checker *checker, struct arena *arena, const char *url, const char **ret_reason)
{
    bool wake;
    *ret_reason = NULL;
    if (checker == NULL) {
        return LINK_OPENS;
    }
    pthread_mutex_lock(&checker->lock);
    enum link_state state = look(checker, arena, url, &wake, ret_reason);
    if (wake) {
        uv_async_send(&checker->woken); /* under the lock: it is closed under it */
    }
    pthread_mutex_unlock(&checker->lock);
    return state;
}

/* ---- what an answer means ---- */

static void pump(struct link_checker *checker);

static void settle(struct asking *asking, enum link_state state, const char *reason)
{
    struct link_checker *checker = asking->checker;
    struct entry *entry = asking->entry;
    pthread_mutex_lock(&checker->lock);
    entry->stage = KNOWN;
    entry->state = state;
    entry->known_ms = clock_monotonic_ms();
    snprintf(entry->reason, sizeof(entry->reason), "%s", reason);
    pthread_mutex_unlock(&checker->lock);
    asking->entry = NULL;
    free(asking->url);
    asking->url = NULL;
    arena_release(&asking->arena);
    pump(checker);
}

/* HEAD was no answer: in line again, for a GET. */
static void ask_again(struct asking *asking)
{
    struct link_checker *checker = asking->checker;
    pthread_mutex_lock(&checker->lock);
    asking->entry->stage = WAITING;
    asking->entry->get = true;
    pthread_mutex_unlock(&checker->lock);
    asking->entry = NULL;
    free(asking->url);
    asking->url = NULL;
    pump(checker);
}

static void read_work(uv_work_t *work)
{
    struct asking *asking = work->data;
    add_reading_work(&asking->reading, &asking->arena);
}

static void on_read(uv_work_t *work, int status)
{
    struct asking *asking = work->data;
    const struct add_reading *reading = &asking->reading;
    bool gone = !reading->is_feed && reading->page == NULL &&
        reading->page_fault.kind == FAULT_GONE;
    settle(asking, gone ? LINK_DEAD : LINK_OPENS, gone ? reading->page_fault.message : "");
}

static bool is_wechat(const char *url)
{
    struct arena arena = {0};
    const char *host = url_host(&arena, url);
    bool wechat = host != NULL && strcmp(host, "mp.weixin.qq.com") == 0;
    arena_release(&arena);
    return wechat;
}

static void read_page(struct asking *asking, struct http_response *response)
{
    asking->reading = (struct add_reading){
        .url = arena_strdup(&asking->arena, response->url),
        .content_type = arena_strdup(&asking->arena, response->content_type),
    };
    asking->reading.body = http_response_take_body(response, &asking->reading.body_length);
    asking->work.data = asking;
    uv_queue_work(loop_uv(asking->checker->parts.loop), &asking->work, read_work, on_read);
}

/* Gone, or a server that fails: 429 and 503 ask for patience, and the rest of 4xx is as often
 * said to programs only. */
static bool is_dead_status(int status)
{
    return status == 404 || status == 410 || (status >= 500 && status != 503);
}

static void take_answer(
    struct asking *asking, struct http_response *response, const struct fault *fault)
{
    char reason[REASON_BYTES];
    bool answered = fault == NULL || (fault->kind == FAULT_LIMIT && response->status != 0);
    bool good = answered && response->status >= 200 && response->status < 400;
    if (!asking->get && !good) {
        ask_again(asking);
    } else if (!answered) {
        settle(asking, fault->kind == FAULT_CANCELLED ? LINK_OPENS : LINK_DEAD, fault->message);
    } else if (is_dead_status(response->status)) {
        snprintf(reason, sizeof(reason), "HTTP %d", response->status);
        settle(asking, LINK_DEAD, reason);
    } else if (good && fault == NULL && asking->get && is_wechat(asking->url)) {
        read_page(asking, response);
    } else {
        settle(asking, LINK_OPENS, "");
    }
}

static void on_response(void *data, struct http_response *response, const struct fault *fault)
{
    struct asking *asking = data;
    asking->request = NULL;
    poller_leave_host(asking->checker->parts.poller, asking->url);
    if (asking->checker->stopped) {
        settle(asking, LINK_OPENS, "");
    } else {
        take_answer(asking, response, fault);
    }
}

/* ---- asking ---- */

/* The host's gate has been entered. */
static void ask(struct asking *asking)
{
    const struct link_checker_parts *parts = &asking->checker->parts;
    const struct config_polling *polling = &following_rules(parts->following)->config->polling;
    struct http_options options = {
        .url = asking->url,
        .user_agent = polling->user_agent,
        .accept = "text/html, */*;q=0.5",
        .head = !asking->get,
        .timeout_ms = polling->timeout_s * 1000,
        .connect_timeout_ms = polling->connect_timeout_s * 1000,
        .max_bytes = is_wechat(asking->url) ? PAGE_MAX_BYTES : BODY_MAX_BYTES,
        .max_redirects = polling->max_redirects,
        .allowed = parts->allowed,
        .allowed_count = parts->allowed_count,
    };
    struct fault fault;
    if (!http_get(parts->client, &options, on_response, asking, &asking->request, &fault)) {
        poller_leave_host(parts->poller, asking->url);
        settle(asking, LINK_DEAD, fault.message);
    }
}

static void begin(struct asking *asking, struct entry *entry)
{
    entry->stage = ASKING;
    asking->entry = entry;
    asking->get = entry->get || is_wechat(entry->url);
    asking->url = strdup(entry->url);
    if (asking->url == NULL) {
        memory_exhausted();
    }
}

/* The next in line whose host may be asked now. NULL: none, and *wait_ms says when to look
 * again; *ret_waiting counts those in line. */
static bool take_next(
    struct link_checker *checker, struct asking *asking, int64_t *wait_ms, size_t *ret_waiting)
{
    bool taken = false;
    *ret_waiting = 0;
    pthread_mutex_lock(&checker->lock);
    for (size_t i = 0; i < checker->count && !taken; i++) {
        struct entry *entry = checker->entries[i];
        int64_t wait = 0;
        if (entry->stage != WAITING) {
            continue;
        }
        ++*ret_waiting;
        if (poller_enter_host(checker->parts.poller, entry->url, &wait)) {
            begin(asking, entry);
            taken = true;
        } else {
            wait = wait < 0 ? GATE_RETRY_MS : wait;
            *wait_ms = wait < *wait_ms ? wait : *wait_ms;
        }
    }
    pthread_mutex_unlock(&checker->lock);
    return taken;
}

static void on_timer(uv_timer_t *timer)
{
    pump(timer->data);
}

static void rest(struct link_checker *checker, size_t waiting, int64_t wait_ms)
{
    bool running = false;
    for (size_t i = 0; i < LINKS_AT_ONCE; i++) {
        running = running || checker->asking[i].entry != NULL;
    }
    checker->busy = checker->busy || running || waiting > 0;
    if (waiting > 0) {
        uv_timer_start(&checker->timer, on_timer, clock_sleep_ms((uint64_t)wait_ms), 0);
    } else if (checker->busy && !running) {
        checker->busy = false;
        checker->parts.on_idle(checker->parts.data);
    }
}

/* Ask as many as may be. A request that fails at once comes back here through settle(): the
 * outer call goes on with what is left. */
static void pump(struct link_checker *checker)
{
    int64_t wait_ms = GATE_RETRY_MS * 10;
    size_t waiting = 0;
    for (size_t i = 0; i < LINKS_AT_ONCE && !checker->stopped; i++) {
        struct asking *asking = &checker->asking[i];
        if (asking->entry == NULL && take_next(checker, asking, &wait_ms, &waiting)) {
            checker->busy = true;
            ask(asking);
        }
    }
    if (!checker->stopped) {
        rest(checker, waiting, wait_ms);
    }
}

static void on_woken(uv_async_t *woken)
{
    pump(woken->data);
}

/* ---- life ---- */

struct link_checker *link_checker_new(const struct link_checker_parts *parts)
{
    struct link_checker *checker = calloc(1, sizeof(*checker));
    if (checker == NULL || pthread_mutex_init(&checker->lock, NULL) != 0) {
        memory_exhausted();
    }
    checker->parts = *parts;
    uv_async_init(loop_uv(parts->loop), &checker->woken, on_woken);
    uv_timer_init(loop_uv(parts->loop), &checker->timer);
    uv_unref((uv_handle_t *)&checker->woken);
    uv_unref((uv_handle_t *)&checker->timer);
    checker->woken.data = checker->timer.data = checker;
    for (size_t i = 0; i < LINKS_AT_ONCE; i++) {
        checker->asking[i].checker = checker;
    }
    return checker;
}

void link_checker_stop(struct link_checker *checker)
{
    if (checker == NULL || checker->stopped) {
        return;
    }
    pthread_mutex_lock(&checker->lock);
    checker->stopped = true;
    uv_close((uv_handle_t *)&checker->woken, NULL);
    pthread_mutex_unlock(&checker->lock);
    uv_close((uv_handle_t *)&checker->timer, NULL);
    for (size_t i = 0; i < LINKS_AT_ONCE; i++) {
        if (checker->asking[i].request != NULL) {
            http_cancel(checker->asking[i].request);
        }
    }
}

void link_checker_free(struct link_checker *checker)
{
    if (checker == NULL) {
        return;
    }
    for (size_t i = 0; i < checker->count; i++) {
        free(checker->entries[i]->url);
        free(checker->entries[i]);
    }
    pthread_mutex_destroy(&checker->lock);
    free(checker);
}
