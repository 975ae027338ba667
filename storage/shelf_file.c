/* Things live for two weeks and leave about in the order they came, so the file is a heap of
 * segments: things are put into the current one, which is in memory until it is full and then
 * written at once; a segment that has lost its last thing is the next to be filled. So the file
 * grows no longer than what is alive, but for segments of which an editor's or a late item
 * keeps a part.
 *
 * Rejected: mapping the file (what is mapped counts as the process's memory, and every page is
 * fetched by a fault), a table of the database (a transaction for what need not last). */
#include "storage/shelf_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SEGMENT_BYTES = 256 << 10,
    ALIGNMENT = 8, /* the strictest that a thing needs */
};

struct shelf_file {
    int file;
    uint32_t *alive; /* bytes of each segment that are still on the shelf */
    size_t segments, capacity;
    size_t current, used; /* segment that is being filled, how far */
    char *filling;        /* its bytes */
    char *page;           /* what was read */
};

static size_t round_up(size_t length)
{
    return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static bool write_segment(const struct shelf_file *shelf)
{
    for (size_t done = 0; done < SEGMENT_BYTES;) {
        ssize_t wrote = pwrite(shelf->file, shelf->filling + done, SEGMENT_BYTES - done,
            (off_t)(shelf->current * SEGMENT_BYTES + done));
        if (wrote < 0 && errno != EINTR) {
            return false;
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

/* One without things, or a new one behind the others. */
static void begin_segment(struct shelf_file *shelf)
{
    size_t at = 0;
    while (at < shelf->segments && shelf->alive[at] > 0) {
        at++;
    }
    if (at == shelf->capacity) {
        shelf->capacity = shelf->capacity == 0 ? 64 : shelf->capacity * 2;
        shelf->alive = reallocarray(shelf->alive, shelf->capacity, sizeof(*shelf->alive));
        if (shelf->alive == NULL) {
            memory_exhausted();
        }
    }
    if (at == shelf->segments) {
        shelf->alive[shelf->segments++] = 0;
    }
    shelf->current = at;
    shelf->used = 0;
}

static bool put(void *context, const void *bytes, size_t length, uint64_t *ret_place)
{
    struct shelf_file *shelf = context;
    size_t taken = round_up(length);
    assert(length > 0 && length <= SHELF_THING_MAX);
    if (shelf->used + taken > SEGMENT_BYTES) {
        if (!write_segment(shelf)) {
            return false;
        }
        begin_segment(shelf);
    }
    memcpy(shelf->filling + shelf->used, bytes, length);
    *ret_place = shelf->current * SEGMENT_BYTES + shelf->used;
    shelf->used += taken;
    shelf->alive[shelf->current] += (uint32_t)taken;
    return true;
}

static const void *get(void *context, uint64_t place, size_t length)
{
    struct shelf_file *shelf = context;
    if (place / SEGMENT_BYTES == shelf->current) {
        return shelf->filling + place % SEGMENT_BYTES;
    }
    ssize_t have;
    do {
        have = pread(shelf->file, shelf->page, length, (off_t)place);
    } while (have < 0 && errno == EINTR);
    return have == (ssize_t)length ? shelf->page : NULL;
}

static void drop(void *context, uint64_t place, size_t length)
{
    struct shelf_file *shelf = context;
    uint32_t *alive = &shelf->alive[place / SEGMENT_BYTES];
    assert(*alive >= round_up(length));
    *alive -= (uint32_t)round_up(length);
}

static void end(void *context)
{
    struct shelf_file *shelf = context;
    close(shelf->file);
    free(shelf->alive);
    free(shelf->filling);
    free(shelf->page);
    free(shelf);
}

/* A file that has no name, also where the file system cannot make one without. */
static int open_nameless(const char *beside)
{
    enum { MODE = 0600 };
    const char *slash = strrchr(beside, '/');
    int length = slash == NULL ? 0 : (int)(slash - beside) + 1;
    char *name;
    if (asprintf(&name, "%.*s", length, length == 0 ? "" : beside) < 0) {
        memory_exhausted();
    }
    int file = open(length == 0 ? "." : name, O_TMPFILE | O_RDWR | O_CLOEXEC, MODE);
    free(name);
    if (file >= 0) {
        return file;
    }
    if (asprintf(&name, "%s-XXXXXX", beside) < 0) {
        memory_exhausted();
    }
    file = mkostemp(name, O_CLOEXEC);
    if (file >= 0) {
        unlink(name);
    }
    free(name);
    return file;
}

static void *allocate(size_t size)
{
    void *memory = calloc(1, size);
    if (memory == NULL) {
        memory_exhausted();
    }
    return memory;
}

bool shelf_file_new(const char *beside, struct shelf *ret_shelf, struct fault *fault)
{
    int file = open_nameless(beside);
    if (file < 0) {
        return fault_set(fault, FAULT_STORE, "no working file can be made beside '%s': %s",
            beside, strerror(errno));
    }
    struct shelf_file *shelf = allocate(sizeof(*shelf));
    shelf->file = file;
    shelf->filling = allocate(SEGMENT_BYTES);
    shelf->page = allocate(SHELF_THING_MAX);
    begin_segment(shelf);
    *ret_shelf = (struct shelf){
        .context = shelf,
        .put = put,
        .get = get,
        .drop = drop,
        .free = end,
    };
    return true;
}
