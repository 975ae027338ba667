/* Commands that read one JSON object a line from standard input and answer each on standard
 * output. A bad line costs only itself. */
#ifndef COMMAND_JSON_LINES_H
#define COMMAND_JSON_LINES_H

#include <jansson.h>
#include <stdbool.h>

#include "base/attributes.h"
#include "base/buffer.h"
#include "base/fault.h"

enum { JSON_LINE_MAX_BYTES = 16 << 20 };

/* Answer one object by writing to `out`, without the line's end. The object is borrowed. */
typedef bool json_line_answer(
    void *context, const json_t *line, struct buffer *out, struct fault *fault);

/* One line (with or without its line end): the answer, a line of JSON, goes into `out` in place
 * of what was there. FAULT_PARSE for what is no object, FAULT_LIMIT for a line or answer too
 * long. */
must_check bool json_line_run(json_line_answer *answer, void *context, const char *text,
    size_t length, struct buffer *out, struct fault *fault);

/* Every line of standard input through `answer`; empty ones are passed over. Faults go to
 * standard error with their line. The exit code: COMMAND_FAILED when any line had one. */
must_check int json_lines_run(json_line_answer *answer, void *context);

/* A member that must be a string or null; NULL when it is absent. Borrowed from `line`. */
must_check bool json_line_string(
    const json_t *line, const char *name, const char **ret_text, struct fault *fault);

#endif
