/* The target of a request to our own server. A decoded path is "*" or begins with a slash, has
 * no control character and is no longer than what came; a host fits its buffer. */
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "web/server/request.h"

enum { HOST_BYTES = 64 };

static void check_path(const char *target, const char *path)
{
    fuzz_require(path[0] == '/' || strcmp(path, "*") == 0, "path '%s'", path);
    fuzz_require(strlen(path) <= strlen(target) + 1, "the path is longer than the target");
    for (const char *p = path; *p != '\0'; p++) {
        fuzz_require((unsigned char)*p >= ' ' && *p != 0x7f, "a control character in a path");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(fuzz_freep) char *target = fuzz_take_text(&input);
    char *path = malloc(strlen(target) + 1);
    fuzz_require(path != NULL, "no memory");
    if (request_decode_target(target, path)) {
        check_path(target, path);
    }
    free(path);
    char host[HOST_BYTES];
    if (request_target_host(target, host, sizeof(host))) {
        fuzz_require(memchr(host, '\0', sizeof(host)) != NULL && host[0] != '\0',
            "a host without an end, or an empty one");
    }
    struct request *request = request_new(target);
    request_free(request);
    return 0;
}
