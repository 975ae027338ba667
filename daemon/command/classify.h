/* The line reader of `briefd classify`, apart from its standard input and output. */
#ifndef COMMAND_CLASSIFY_H
#define COMMAND_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "briefing/judge.h"

struct classifier {
    const struct judge *judge;
    struct learner *learner; /* NULL: the rules alone judge */
    bool learns;             /* from labelled lines, issue by issue */

    /* The issue that is being judged, and the events to learn when it ends. */
    struct arena arena;
    const char *issue; /* NULL: none yet */
    struct learner_event *events;
    size_t event_count, event_capacity;
};

/* `judge` is borrowed. With `prequential` lines with labels are learned, issue by issue, unless
 * the configuration switches learning off. */
void classifier_init(
    struct classifier *classifier, const struct judge *judge, bool prequential);
void classifier_release(struct classifier *classifier);

/* Judge one line (with or without its line end) and put the answer, a line of JSON, into `out`
 * in place of what was there. FAULT_PARSE for what is no item, FAULT_LIMIT for a line or answer
 * too long. */
must_check bool classify_line(struct classifier *classifier, const char *text, size_t length,
    struct buffer *out, struct fault *fault);

#endif
