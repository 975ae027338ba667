/* LD_PRELOAD: a disk that fails on command, where no real one can be mounted or made to.
 *
 * Problem: a file system that turns read-only under its open files (ext4 after an error) or
 * fails in fsync() cannot be had without a device of one's own: a remount is refused while
 * files are open for writing.
 *
 * Approach: what writes to a file below $FAILING_DISK_FOLDER fails with the errno that stands
 * in the mapped file $FAILING_DISK_STATE (an int; 0: all is well), from which the test turns it
 * on and off. Reading goes on. Only the calls by which SQLite and this program write.
 *
 * Rejected: dmsetup's error target and loop devices (root, and the kernel of the machine that
 * tests); a SQLite VFS of ours (another file layer than the one that ships). */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "failing_state.h"

enum { PATH_BYTES = 4096 };

static const _Atomic int *state;
static const char *folder;

__attribute__((constructor)) static void start(void)
{
    folder = getenv("FAILING_DISK_FOLDER");
    state = map_failing_state("FAILING_DISK_STATE");
}

static int failure(void)
{
    return state == NULL || folder == NULL ? 0 : atomic_load(state);
}

static bool is_below(const char *path)
{
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

static bool fails(int file)
{
    char name[64], path[PATH_BYTES];
    int error = failure();
    if (error == 0) {
        return false;
    }
    snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
    ssize_t length = readlink(name, path, sizeof(path) - 1);
    if (length <= 0) {
        return false;
    }
    path[length] = '\0';
    if (is_below(path)) {
        errno = error;
        return true;
    }
    return false;
}

static bool opening_fails(const char *path, int flags)
{
    int error = failure();
    bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
    /* A full disk lets a file be opened that is there. */
    bool counts = error == EROFS ? writes : (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
    if (error == 0 || !counts || !is_below(path)) {
        return false;
    }
    errno = error;
    return true;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                                                             \
    int name(const char *path, int flags, ...)                                                 \
    {                                                                                          \
        va_list rest;                                                                          \
        va_start(rest, flags);                                                                 \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;         \
        va_end(rest);                                                                          \
        return opening_fails(path, flags) ? -1 : NEXT(name)(path, flags, mode);                \
    }

OPEN(open)
OPEN(open64)

ssize_t write(int file, const void *bytes, size_t length)
{
    return fails(file) ? -1 : NEXT(write)(file, bytes, length);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at)
{
    return fails(file) ? -1 : NEXT(pwrite)(file, bytes, length, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at)
{
    return fails(file) ? -1 : NEXT(pwrite64)(file, bytes, length, at);
}

int ftruncate(int file, off_t length)
{
    return fails(file) ? -1 : NEXT(ftruncate)(file, length);
}

int ftruncate64(int file, off64_t length)
{
    return fails(file) ? -1 : NEXT(ftruncate64)(file, length);
}

int fsync(int file)
{
    return fails(file) ? -1 : NEXT(fsync)(file);
}

int fdatasync(int file)
{
    return fails(file) ? -1 : NEXT(fdatasync)(file);
}
