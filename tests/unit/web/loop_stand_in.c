/* A loop for the tests while net/loop.c is being written elsewhere: weak, so the real one wins.
 */
#include <stdlib.h>

#include "net/loop.h"

struct loop {
    uv_loop_t uv;
};

__attribute__((weak)) struct loop *loop_new(void)
{
    struct loop *loop = calloc(1, sizeof(*loop));
    uv_loop_init(&loop->uv);
    return loop;
}

__attribute__((weak)) void loop_free(struct loop *loop)
{
    if (uv_loop_close(&loop->uv) != 0) {
        abort();
    }
    free(loop);
}

__attribute__((weak)) uv_loop_t *loop_uv(struct loop *loop)
{
    return &loop->uv;
}

__attribute__((weak)) void loop_run(struct loop *loop)
{
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}

__attribute__((weak)) void assert_loop_thread(const struct loop *loop)
{
}
