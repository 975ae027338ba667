#include "net/notify.h"

#include <inttypes.h>
#include <stdlib.h>

#if HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include "base/clock.h"

struct notifier {
    uv_timer_t watchdog; /* idle when systemd asked for none */
};

#if HAVE_SYSTEMD

static void on_watchdog(uv_timer_t *timer)
{
    sd_notify(0, "WATCHDOG=1");
}

static void start_watchdog(struct notifier *notifier)
{
    uint64_t limit_us;
    if (sd_watchdog_enabled(0, &limit_us) > 0) {
        uint64_t half_ms = limit_us / 2000; /* half of it, as sd_watchdog_enabled(3) advises */
        uv_timer_start(&notifier->watchdog, on_watchdog, half_ms, half_ms);
    }
}

static void say(const char *state)
{
    sd_notify(0, state);
}

static void say_ready(const char *status)
{
    sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

static void say_reloading(void)
{
    /* Type=notify-reload wants the time as well (sd_notify(3)). */
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, clock_monotonic_ns() / 1000);
}

#else

static void start_watchdog(struct notifier *notifier)
{
}

static void say(const char *state)
{
}

static void say_ready(const char *status)
{
}

static void say_reloading(void)
{
}

#endif

struct notifier *notifier_start(struct loop *loop)
{
    struct notifier *notifier = calloc(1, sizeof(*notifier));
    if (notifier == NULL) {
        memory_exhausted();
    }
    uv_timer_init(loop_uv(loop), &notifier->watchdog);
    notifier->watchdog.data = notifier;
    start_watchdog(notifier);
    return notifier;
}

void notifier_ready(struct notifier *notifier, const char *status)
{
    say_ready(status);
}

void notifier_reloading(struct notifier *notifier)
{
    say_reloading();
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void notifier_stop(struct notifier *notifier)
{
    if (notifier == NULL) {
        return;
    }
    say("STOPPING=1");
    uv_close((uv_handle_t *)&notifier->watchdog, on_closed);
}
