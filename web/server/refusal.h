/* What a refusal says in Chinese, and its code. PURE.
 *
 * A fault is one English sentence, made deep in libraries that know no reader. Who reads the
 * desk in Chinese is told the same in Chinese: the sentence is recognised by its pattern, and
 * what stands in it (a keyword, a place, a name) is taken over.
 */
#ifndef WEB_SERVER_REFUSAL_H
#define WEB_SERVER_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct refusal {
    const char *code;    /* stable; NULL: that of its part in {1~} */
    const char *english; /* as in the source, each conversion as {} */
    const char *chinese; /* {1} is what the first {} stands for, {1~} the same in Chinese */
};

/* web/server/refusal_words.c and refusal_rules.c; the first that fits counts. */
extern const struct refusal refusal_words[];
extern const size_t refusal_word_count;
extern const struct refusal refusal_rules[];
extern const size_t refusal_rule_count;

/* Write the sentence in Chinese and return its code; NULL with nothing written when it is not
 * known. */
const char *refusal_translate(const char *sentence, struct buffer *out);

/* The same; of a sentence that is not known what its status says, so that it is never English.
 */
const char *refusal_write(int status, const char *sentence, struct buffer *out);

#endif
