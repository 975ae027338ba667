/* feeds.conf and what the editor added to it or changed of it -> the effective configuration.
 *
 * A configuration is immutable, so every change makes a new one: config_overlay() borrows all
 * of the file's but the feeds. A record of the editor wins over the file, setting by setting.
 * What no longer fits (a section the file has dropped, a name now given twice) is resolved and
 * said, never a reason to refuse: the editor's records were right when they were made, and a
 * daemon that does not start follows nothing. No state; any thread.
 */
#ifndef CONFIG_OVERLAY_H
#define CONFIG_OVERLAY_H

#include "config/config.h"
#include "config/desk_feed.h"

/* `base` (from config_load() or config_parse()) with `records` laid over it. What had to be
 * resolved goes to `notes` (initialised by the caller) as warnings. The caller holds one
 * reference; `records` are copied. */
struct config *config_overlay(
    struct config *base, const struct desk_feed *records, size_t count, struct problems *notes);

/* Whether `record` means something over `base`: for the one who is about to store it.
 * FAULT_CONFIG with a sentence that says what to write instead. */
must_check bool overlay_check(
    const struct config *base, const struct desk_feed *record, struct fault *fault);

/* The same when the caller knows which feed of `base` has the record's address (-1: none), so
 * that many records cost no search each. */
must_check bool overlay_check_at(
    const struct config *base, int place, const struct desk_feed *record, struct fault *fault);

/* The feed of `config` at the address `url` (compared as check_fold_url() does), or -1. */
int overlay_find_feed(const struct config *config, const char *url);

#endif
