/* Rejected: a line a round (by the schedule a round is one feed, thousands of lines a day). */
#include "pipeline/poll_report.h"

#include "base/log.h"

enum { REPORT_AFTER_MS = 60 * 1000 };

static void tell(struct poll_report *report)
{
    const struct poll_counts *polls = &report->untold;
    struct loop_delay delay = loop_read_delay(report->loop);
    loop_reset_delay(report->loop);
    log_info("polled %zu %s: %zu read, %zu not modified, %zu failed; %zu new items; "
             "loop delay p99 %.1f ms, most %.1f ms",
        polls->feeds, polls->feeds == 1 ? "feed" : "feeds", polls->ok, polls->not_modified,
        polls->failed, polls->items_new, delay.p99_us / 1000.0, delay.max_us / 1000.0);
    report->untold = (struct poll_counts){0};
}

static void on_report(uv_timer_t *timer)
{
    tell(timer->data);
}

void poll_report_start(struct poll_report *report, struct loop *loop)
{
    report->loop = loop;
    uv_timer_init(loop_uv(loop), &report->timer);
    report->timer.data = report;
}

void poll_report_add(struct poll_report *report, const struct poll_counts *round)
{
    bool first = report->untold.feeds == 0;
    if (report->loop == NULL) {
        return;
    }
    poll_counts_add(&report->untold, round);
    if (first && round->feeds > 0) {
        uv_timer_start(&report->timer, on_report, REPORT_AFTER_MS, 0);
    }
}

void poll_report_stop(struct poll_report *report)
{
    if (report->loop == NULL) {
        return;
    }
    if (report->untold.feeds > 0) {
        tell(report);
    }
    uv_close((uv_handle_t *)&report->timer, NULL);
    report->loop = NULL;
}
