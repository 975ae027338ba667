/* Everything but the log is following's; what is left to do here is to have one change at a
 * time and to forget no SIGHUP. */
#include "pipeline/reload.h"

#include "base/log.h"

static void log_problems(const struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        log_line(problem->warning ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR, "%s:%d: %s",
            problem->file, problem->line, problem->message);
    }
}

static void on_reloaded(struct following_change *change, const struct fault *fault)
{
    struct reload *reload = (struct reload *)change;
    const struct reload_parts *parts = &reload->parts;
    log_problems(&change->problems);
    if (fault == NULL && !reload->stopped) {
        log_notice("read '%s' anew, feeds: %zu", parts->path,
            following_rules(parts->following)->config->feed_count);
    } else if (fault != NULL && fault->kind != FAULT_CANCELLED) {
        log_error("%s, continuing with the old configuration", fault->message);
    }
    bool again = reload->again;
    reload->running = reload->again = false;
    if (again) {
        reload_start(reload);
    } else if (!reload->stopped) {
        parts->on_done(parts->data);
    }
}

void reload_start(struct reload *reload)
{
    if (reload->stopped) {
        return;
    }
    if (reload->running) {
        reload->again = true;
        return;
    }
    notifier_reloading(reload->parts.notifier);
    reload->change = (struct following_change){
        .path = reload->parts.path, .on_done = on_reloaded};
    reload->running = true;
    following_change(reload->parts.following, &reload->change);
}

void reload_stop(struct reload *reload)
{
    reload->stopped = true;
}
