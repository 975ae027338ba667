/* From the draft to an issue: its file in the output folder, and its place in the archive.
 *
 * The draft is frozen and recorded first (storage/desk.h), then the file is written aside,
 * synced and renamed, then the issue is entered. After a crash in between the record is there,
 * and publication_recover() does the rest again: the same document gives the same file. The
 * writer's thread.
 */
#ifndef PIPELINE_PUBLICATION_H
#define PIPELINE_PUBLICATION_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"
#include "pipeline/rules.h"
#include "storage/desk.h"

/* Publish `draft` (its version is desk_draft.tag). Faults as desk_publish_begin(), and
 * FAULT_STORE when the file cannot be written: then the draft is open again. *ret_result is
 * that of the last step. Lives in the arena. */
must_check bool publication_run(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_action *action, struct desk_target draft,
    struct desk_publication *ret_publication, struct desk_result *ret_result,
    struct fault *fault);

/* Finish what a crash interrupted; before anything is served. *ret_day is the day of that
 * issue, NULL when there was none. Fails with FAULT_STORE when the file cannot be written: it
 * stays on its way, and nothing else can be published. */
must_check bool publication_recover(struct store *store, struct arena *arena,
    const struct config *config, int64_t now_utc_s, desk_lesson_fn *lesson, void *lesson_data,
    const char **ret_day, struct fault *fault);

/* The file of the issue of `day`. Lives in the arena. */
const char *publication_path(
    struct arena *arena, const struct config_briefing *briefing, const char *day);

/* Write `length` bytes to `name` in `folder`, which is made when it is missing: whole or not at
 * all, and on disk when this returns. FAULT_STORE. */
must_check bool publication_write_file(
    const char *folder, const char *name, const char *text, size_t length, struct fault *fault);

#endif
