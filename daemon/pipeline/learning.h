/* The learner of the running daemon: it follows what the editor decides, and the stored items
 * are judged again by what it knows.
 *
 * Owned here and touched only by tasks of the writer, one after the other. It stands at an
 * event of the log and learns what came behind it; when something was taken back, or the rules
 * are others, it is built anew: first from the printed items of imported issues, which the
 * current rules look at, then from the log. So at any time it equals, bit for bit, the one that
 * a restart would build. A moment after the last decision of a burst the new rules go to
 * everybody who judges. Loop thread but for what says otherwise.
 */
#ifndef PIPELINE_LEARNING_H
#define PIPELINE_LEARNING_H

#include "base/buffer.h"
#include "pipeline/rules.h"
#include "pipeline/writer.h"
#include "storage/desk.h"

struct learning;

struct learning_parts {
    struct loop *loop;
    struct writer *writer;
    void *data;
    /* These rules are `rules` of the last call, taught; the callee takes its own reference. */
    void (*on_taught)(void *data, struct rules *taught);
};

struct learning *learning_new(const struct learning_parts *parts);

/* Before writer_stop(). */
void learning_stop(struct learning *learning);
/* After the loop has run dry. NULL is harmless. */
void learning_free(struct learning *learning);

/* Teach these rules from now on; builds anew. */
void learning_configure(struct learning *learning, struct rules *rules);

/* Something was decided: learn it soon. */
void learning_mark(struct learning *learning);

/* A desk_lesson_fn; `data` is a struct rules: what the judge sees of the item becomes the bytes
 * in the log. Any thread. */
void learning_write_lesson(void *data, const struct desk_lesson *lesson, struct buffer *out);

/* Learn what the log has behind `*event`, and move it; build anew where that is needed: then,
 * and with `*learner` NULL, from the beginning. Any thread with a store. */
must_check bool learning_follow(struct store *store, const struct rules *rules,
    struct learner **learner, int64_t *event, struct fault *fault);

#endif
