/* replay FOLDER...: run a fuzz target on every file of the folders, as an ordinary test.
 *
 * The corpus holds what a fuzzer would start from and whatever it ever found, so each build,
 * also without clang, sees old findings at once. An input gets a heap block of exactly its
 * size, as libFuzzer gives it, so that ASan sees a read behind the end. Its name stands on
 * standard error before it runs: the last one printed is the one that crashed. An input that
 * takes too long fails the test: processor time is measured, for other work on the machine
 * says nothing about the code. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "input.h"

#if defined(__SANITIZE_ADDRESS__) || defined(FUZZ_SANITIZED)
enum { SLOWER_BY = 5 };
#else
enum { SLOWER_BY = 1 };
#endif
static const double seconds_max = 1.0 * SLOWER_BY;

struct tally {
    size_t inputs;
    size_t failures;
};

static uint8_t *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    struct stat status;
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    *ret_size = (size_t)status.st_size;
    uint8_t *data = malloc(*ret_size > 0 ? *ret_size : 1);
    if (data == NULL || fread(data, 1, *ret_size, file) != *ret_size) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    fclose(file);
    return data;
}

static void replay_file(const char *path, struct tally *tally)
{
    size_t size;
    uint8_t *data = read_file(path, &size);
    fprintf(stderr, "%s\n", path);
    clock_t start = clock();
    LLVMFuzzerTestOneInput(data, size);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (seconds > seconds_max) {
        printf(
            "%s took %.2f s of processor time, more than %.0f s\n", path, seconds, seconds_max);
        tally->failures++;
    }
    tally->inputs++;
    free(data);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay_folder(const char *folder, struct tally *tally)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_visible, alphasort);
    if (count < 0) {
        perror(folder);
        exit(EXIT_FAILURE);
    }
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        replay_file(path, tally);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    struct tally tally = {0};
    LLVMFuzzerTestOneInput(NULL, 0);
    for (int i = 1; i < argc; i++) {
        struct stat status;
        if (stat(argv[i], &status) == 0 && !S_ISDIR(status.st_mode)) {
            replay_file(argv[i], &tally);
        } else {
            replay_folder(argv[i], &tally);
        }
    }
    printf("%zu inputs, %zu too slow\n", tally.inputs, tally.failures);
    return tally.inputs == 0 || tally.failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
