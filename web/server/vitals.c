/* The numbers are kept where they arise (loop, poller, writer, traffic) and only read here, so
 * that /metrics costs nothing until it is asked for and nobody counts for it. Every number is
 * one since the start, as a monitor wants it: it computes rates itself, and a counter that
 * begins anew tells of a restart. */
#include "web/server/vitals.h"

#include <stdio.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/json.h"
#include "web/server/openmetrics.h"

enum { WORDS_MAX_BYTES = 1024 };

/* ---- numbers ---- */

static void write_gauge(
    const char *name, const char *unit, const char *help, double value, struct buffer *out)
{
    openmetrics_write_single(
        &(struct openmetrics_family){name, OPENMETRICS_GAUGE, unit, help}, value, out);
}

static void write_counter(
    const char *name, const char *unit, const char *help, double value, struct buffer *out)
{
    openmetrics_write_single(
        &(struct openmetrics_family){name, OPENMETRICS_COUNTER, unit, help}, value, out);
}

static void write_build(struct buffer *out)
{
    static const struct openmetrics_family build = {
        "briefd_build", OPENMETRICS_INFO, NULL, "The program that runs."};
    static const struct openmetrics_label version = {"version", BRIEFD_VERSION};
    openmetrics_write_head(&build, out);
    openmetrics_write_sample(&build, &version, 1, 1, out);
}

static void write_polls(const struct poll_counts *counts, struct buffer *out)
{
    static const struct openmetrics_family polls = {
        "briefd_polls", OPENMETRICS_COUNTER, NULL, "Polls that ended, by what came of them."};
    const struct {
        const char *outcome;
        size_t count;
    } outcomes[] = {
        {"read", counts->ok},
        {"not_modified", counts->not_modified},
        {"failed", counts->failed - counts->unstored},
        {"not_stored", counts->unstored},
    };
    openmetrics_write_head(&polls, out);
    for (size_t i = 0; i < array_count(outcomes); i++) {
        openmetrics_write_sample(&polls,
            &(struct openmetrics_label){"outcome", outcomes[i].outcome}, 1,
            (double)outcomes[i].count, out);
    }
    write_counter("briefd_poll_received_bytes", "bytes",
        "Received by polls, before decompression.", (double)counts->wire_bytes, out);
    write_counter(
        "briefd_items_new", NULL, "Items never seen before.", (double)counts->items_new, out);
    write_counter("briefd_items_changed", NULL, "Items that came again with other words.",
        (double)counts->items_changed, out);
}

static void write_poller(const struct poller *poller, struct buffer *out)
{
    static const struct openmetrics_family phases = {"briefd_poll_queue", OPENMETRICS_GAUGE,
        NULL, "Feeds that are being polled, by how far they are."};
    struct poll_counts counts = poller_counts(poller);
    struct poller_state state = poller_state(poller);
    const struct {
        const char *name;
        size_t count;
    } queue[] = {
        {"waiting", state.waiting},
        {"fetching", state.fetching},
        {"storing", state.storing},
    };
    write_polls(&counts, out);
    openmetrics_write_head(&phases, out);
    for (size_t i = 0; i < array_count(queue); i++) {
        openmetrics_write_sample(&phases, &(struct openmetrics_label){"phase", queue[i].name},
            1, (double)queue[i].count, out);
    }
    write_gauge("briefd_feeds", NULL, "Feeds that are followed.", (double)state.feeds, out);
    write_gauge("briefd_feeds_failing", NULL, "Of them, those whose last poll failed.",
        (double)state.failing, out);
    write_gauge("briefd_polling_paused", NULL,
        "1 while polling rests because the database cannot be written.", state.paused, out);
    openmetrics_write_histogram("briefd_poll_lag_seconds",
        "From the time a feed was due to its request.", state.lags_ms, 1e-3, out);
}

static void write_writer(const struct writer *writer, struct buffer *out)
{
    struct writer_state state = writer_state(writer);
    write_gauge("briefd_store_pending_documents", NULL,
        "Documents that wait to be written or are.", (double)writer_pending(writer), out);
    write_counter("briefd_store_failures", NULL, "Transactions that the database refused.",
        (double)state.failures, out);
    openmetrics_write_histogram("briefd_store_write_seconds",
        "What a transaction took, with all the documents in it.", state.times_us, 1e-6, out);
}

static void write_care(const struct caretaker *caretaker, struct buffer *out)
{
    struct caretaker_state state = caretaker_state(caretaker);
    if (state.backup_utc_s != CLOCK_NONE) {
        write_gauge("briefd_backup_last_timestamp_seconds", "seconds",
            "When the newest backup was made.", (double)state.backup_utc_s, out);
        write_gauge("briefd_backup_last_size_bytes", "bytes", "Of the newest backup.",
            (double)state.backup_bytes, out);
    }
    write_counter(
        "briefd_backups", NULL, "Backups that were made.", (double)state.backups, out);
    write_counter("briefd_backup_failures", NULL, "Backups that failed.",
        (double)state.backup_failures, out);
    write_counter("briefd_items_removed", NULL, "Old items that nobody decided on, removed.",
        (double)state.items_removed, out);
}

static void write_snapshot(const struct vitals *vitals, struct buffer *out)
{
    const struct snapshot *snapshot = vitals->snapshot;
    write_gauge("briefd_draft_age_seconds", "seconds",
        "Since the draft that is served was put together.",
        (double)(vitals->now_utc_s - snapshot->built_utc_s), out);
    write_gauge("briefd_items", NULL, "Items stored.", (double)snapshot->totals.items, out);
    write_gauge(
        "briefd_issues", NULL, "Issues of the archive.", (double)snapshot->totals.issues, out);
}

static void write_traffic(const struct vitals *vitals, struct buffer *out)
{
    static const struct openmetrics_family requests = {"briefd_http_requests",
        OPENMETRICS_COUNTER, NULL,
        "Requests that ended, by route (a pattern, empty for none), method and status (0: the "
        "client left first)."};
    const struct traffic *traffic = vitals->traffic;
    openmetrics_write_head(&requests, out);
    for (size_t i = 0; i < traffic->kind_count; i++) {
        const struct traffic_kind *kind = &traffic->kinds[i];
        char status[16];
        snprintf(status, sizeof(status), "%u", kind->status);
        const struct openmetrics_label labels[] = {
            {"route", kind->route}, {"method", kind->method}, {"status", status}};
        openmetrics_write_sample(
            &requests, labels, array_count(labels), (double)kind->count, out);
    }
    openmetrics_write_histogram("briefd_http_request_seconds",
        "From a request's first line to its answer's last byte, streams of events aside.",
        &traffic->times_us, 1e-6, out);
    write_gauge("briefd_http_connections", NULL, "Connections that are open.",
        (double)vitals->connections, out);
    if (vitals->events != NULL) {
        write_gauge("briefd_http_event_streams", NULL, "Of them, pages that listen to events.",
            (double)events_listener_count(vitals->events), out);
    }
}

/* The names that every monitor knows. */
static void write_process(struct buffer *out)
{
    size_t resident = 0;
    struct rusage used;
    if (uv_resident_set_memory(&resident) == 0) {
        write_gauge(
            "process_resident_memory_bytes", "bytes", "Memory in use.", (double)resident, out);
    }
    if (getrusage(RUSAGE_SELF, &used) == 0) {
        double seconds = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
            (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
        write_counter(
            "process_cpu_seconds", "seconds", "Processor time, all threads.", seconds, out);
    }
}

void vitals_write_metrics(const struct vitals *vitals, struct buffer *out)
{
    write_build(out);
    openmetrics_write_histogram("briefd_loop_delay_seconds",
        "How long a turn of the event loop kept what came next waiting.",
        loop_delays(vitals->loop), 1e-6, out);
    if (vitals->poller != NULL) {
        write_poller(vitals->poller, out);
    }
    if (vitals->writer != NULL) {
        write_writer(vitals->writer, out);
    }
    if (vitals->caretaker != NULL) {
        write_care(vitals->caretaker, out);
    }
    if (vitals->snapshot != NULL) {
        write_snapshot(vitals, out);
    }
    write_traffic(vitals, out);
    write_process(out);
    openmetrics_end(out);
}

/* ---- words ---- */

static void write_backup(const struct caretaker *caretaker, struct buffer *out)
{
    struct caretaker_state state = caretaker_state(caretaker);
    buffer_puts(out, ",\"backup\":");
    json_write_time(state.backup_utc_s, out);
    buffer_puts(out, ",\"backup_error\":");
    json_write_string(state.failing, out);
}

void vitals_write_health(const struct vitals *vitals, struct buffer *out)
{
    const struct histogram *delays = loop_delays(vitals->loop);
    const struct snapshot *snapshot = vitals->snapshot;
    double late_ms = histogram_percentile(delays, 0.99) / 1000.0;
    buffer_printf(out,
        "{\"status\":\"ok\",\"version\":\"" BRIEFD_VERSION "\",\"loop_delay_p99_ms\":%.1f,"
        "\"words\":\"The event loop turns; 99 of 100 turns took at most %.1f ms.\"",
        late_ms, late_ms);
    if (snapshot != NULL) {
        buffer_puts(out, ",\"snapshot\":");
        json_write_time(snapshot->built_utc_s, out);
        buffer_printf(out,
            ",\"snapshot_age_s\":%lld,\"feeds\":%lld,\"feeds_failing\":%zu,\"items\":%lld,"
            "\"sightings\":%lld,\"issues\":%lld",
            (long long)(vitals->now_utc_s - snapshot->built_utc_s),
            (long long)snapshot->totals.feeds, snapshot->failing,
            (long long)snapshot->totals.items, (long long)snapshot->totals.sightings,
            (long long)snapshot->totals.issues);
    }
    if (vitals->caretaker != NULL) {
        write_backup(vitals->caretaker, out);
    }
    buffer_putc(out, '}');
}

/* ---- readiness ---- */

static bool check_serving(const struct vitals *vitals, struct buffer *words)
{
    buffer_puts(words, vitals->stopping ? "It is stopping." : "It serves.");
    return !vitals->stopping;
}

static bool check_database(const struct vitals *vitals, struct buffer *words)
{
    const char *failing = vitals->writer == NULL ? NULL : writer_state(vitals->writer).failing;
    if (failing != NULL) {
        buffer_printf(
            words, "The last write failed: %s; polling rests and tries again.", failing);
        return false;
    }
    buffer_puts(words, "The database is open and took the last write.");
    return vitals->writer != NULL;
}

static bool check_feeds(const struct vitals *vitals, struct buffer *words)
{
    if (vitals->poller == NULL) {
        buffer_puts(words, "The feeds are not loaded yet.");
        return false;
    }
    struct poller_state state = poller_state(vitals->poller);
    buffer_printf(words, "Feeds followed: %zu; failing: %zu.", state.feeds, state.failing);
    return true;
}

static bool check_draft(const struct vitals *vitals, struct buffer *words)
{
    buffer_puts(words,
        vitals->snapshot != NULL ? "A draft is there to be shown."
                                 : "The draft is being put together for the first time.");
    return vitals->snapshot != NULL;
}

static const struct {
    const char *name;
    bool (*holds)(const struct vitals *vitals, struct buffer *words);
} checks_made[VITALS_CHECK_COUNT] = {
    [VITALS_SERVING] = {"serving", check_serving},
    [VITALS_DATABASE] = {"database", check_database},
    [VITALS_FEEDS] = {"feeds", check_feeds},
    [VITALS_DRAFT] = {"draft", check_draft},
};

bool vitals_check(const struct vitals *vitals, struct buffer *words, struct buffer *checks)
{
    bool ready = true;
    buffer_puts(checks, ",\"checks\":[");
    for (size_t i = 0; i < VITALS_CHECK_COUNT; i++) {
        cleanup(buffer_release) struct buffer own;
        buffer_init(&own, WORDS_MAX_BYTES);
        bool holds = checks_made[i].holds(vitals, &own);
        if (!holds) {
            buffer_printf(words, "%s%s", words->length > 0 ? " " : "", own.data);
        }
        ready = ready && holds;
        buffer_printf(checks, "%s{\"name\":\"%s\",\"ok\":%s,\"words\":", i == 0 ? "" : ",",
            checks_made[i].name, holds ? "true" : "false");
        json_write_string(own.data, checks);
        buffer_putc(checks, '}');
    }
    buffer_putc(checks, ']');
    if (ready) {
        buffer_puts(words, "It works.");
    }
    return ready;
}
