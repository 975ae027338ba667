/* LaTeX as arXiv's authors type it, to text. Valid UTF-8 stays valid UTF-8. */
#include "base/arena.h"
#include "feed/latex.h"
#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(fuzz_freep) char *text = fuzz_take_text(&input);
    cleanup(arena_release) struct arena arena = {0};
    const char *plain = latex_to_text(&arena, text);
    fuzz_require(plain != NULL, "no text");
    fuzz_require(!fuzz_is_utf8(text) || fuzz_is_utf8(plain), "the text is no UTF-8");
    return 0;
}
