/* What the fuzz targets share: taking an input apart, and saying that a property does not hold.
 *
 * An input is readable: optional "Name: value" lines for what stands beside the document (its
 * content type, its base URL), then the document. A mutated name is simply part of the
 * document, so every input means something, and files of other tests serve as seeds as they
 * are. */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

/* What libFuzzer, or replay.c in its place, calls. Each target defines it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_input {
    const char *cursor;
    const char *end;
};

struct fuzz_input fuzz_input_of(const uint8_t *data, size_t size);

/* The value of "`name`: value" when that is the line the input stands before, else NULL and
 * nothing is taken. Ends at a NUL. Caller frees with free(3). */
char *fuzz_take_field(struct fuzz_input *input, const char *name);

/* The bytes up to the next line end, which is taken too; NULL at the end of the input. Ends at
 * a NUL. Caller frees with free(3). */
char *fuzz_take_line(struct fuzz_input *input);

/* All that is left, as a string of its own, so that a read behind its end is seen. Ends at a
 * NUL. Caller frees with free(3). */
char *fuzz_take_text(struct fuzz_input *input);

static inline size_t fuzz_left(const struct fuzz_input *input)
{
    return (size_t)(input->end - input->cursor);
}

/* Every character of `text` is whole and valid UTF-8. */
bool fuzz_is_utf8(const char *text);

/* Abort with the sentence unless `holds`: a finding like any crash. */
void fuzz_require(bool holds, const char *format, ...) printf_like(2, 3);

/* For cleanup(): frees *text. */
void fuzz_freep(char **text);

#endif
