/* The line reader of `briefd classify`, apart from its standard input and output. */
#ifndef COMMAND_CLASSIFY_H
#define COMMAND_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "briefing/judge.h"

/* Judge one line (with or without its line end) and put the answer, a line of JSON, into `out`
 * in place of what was there. FAULT_PARSE for what is no item, FAULT_LIMIT for a line or answer
 * too long. */
must_check bool classify_line(const struct judge *judge, const char *text, size_t length,
    struct buffer *out, struct fault *fault);

#endif
