/* The grammar of a keyword: field prefix, words, `prefix*`, =Case, /regex/. Private to
 * keyword.c. PURE. */
#ifndef BRIEFING_PATTERN_H
#define BRIEFING_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/fault.h"

enum pattern_kind { PATTERN_WORDS, PATTERN_PREFIX, PATTERN_REGEX };

enum { PATTERN_MAX_BYTES = 1000 };

struct pattern {
    enum pattern_kind kind;
    unsigned fields;  /* set of enum keyword_field */
    bool exact_case;  /* capitals only where the pattern has them */
    const char *body; /* inside the text given: without field, '=', star and slashes */
    size_t length;    /* > 0 */
};

/* Take `text` apart. Fails with FAULT_CONFIG and what to write instead; the message begins with
 * the keyword itself. */
must_check bool pattern_parse(
    const char *text, struct pattern *ret_pattern, struct fault *fault);

#endif
