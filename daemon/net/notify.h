/* Tells systemd how the service is (sd_notify(3)): ready, reloading, stopping, alive.
 *
 * Type=notify with WatchdogSec: the watchdog is fed from a timer on the loop, so a loop that
 * hangs is restarted. Without libsystemd or without $NOTIFY_SOCKET nothing is sent. Loop
 * thread.
 */
#ifndef NET_NOTIFY_H
#define NET_NOTIFY_H

#include "net/loop.h"

struct notifier;

struct notifier *notifier_start(struct loop *loop);
/* `status` is one line for `systemctl status`. */
void notifier_ready(struct notifier *notifier, const char *status);
void notifier_reloading(struct notifier *notifier);

/* Say STOPPING=1, close the timer; freed when the loop has closed it. NULL is harmless. */
void notifier_stop(struct notifier *notifier);

#endif
