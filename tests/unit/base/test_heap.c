#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/heap.h"

enum { BLOCKS = 32768, BLOCK_BYTES = 1000, KEPT_EACH = 512 };

static long resident_bytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL) {
        skip();
    }
    assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

/* A sanitizer's malloc and valgrind's keep what is freed. */
static bool is_glibc(void)
{
#ifdef __GLIBC__
    return mallinfo2().arena > 0;
#else
    return false;
#endif
}

static void holes_between_blocks_that_stay_are_given_back(void **state)
{
    static char *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = calloc(1, BLOCK_BYTES);
        assert_non_null(blocks[i]);
    }
    for (int i = 0; i < BLOCKS; i++) {
        if (i % KEPT_EACH != 0) {
            free(blocks[i]);
        }
    }
    long before = resident_bytes();
    heap_give_back();
    long given = before - resident_bytes();
    assert_true(!is_glibc() || given > (long)BLOCKS * BLOCK_BYTES / 2);
    for (int i = 0; i < BLOCKS; i += KEPT_EACH) {
        free(blocks[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holes_between_blocks_that_stay_are_given_back),
    };
    heap_share();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
