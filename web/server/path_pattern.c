#include "web/server/path_pattern.h"

#include <stddef.h>
#include <string.h>

/* One {} at `*path`, up to what follows it in the pattern within the segment. */
static bool take_place(
    const char *pattern, const char **path, size_t index, struct path_parameters *parameters)
{
    size_t suffix = strcspn(pattern, "/{");
    size_t segment = strcspn(*path, "/");
    size_t length = segment - suffix;
    if (index == CALL_PARAMETERS_MAX || segment <= suffix || length >= PATH_PARAMETER_BYTES) {
        return false;
    }
    memcpy(parameters->text[index], *path, length);
    parameters->text[index][length] = '\0';
    parameters->values[index] = parameters->text[index];
    *path += length;
    return true;
}

bool path_pattern_match(
    const char *pattern, const char *path, struct path_parameters *ret_parameters)
{
    memset(ret_parameters->values, 0, sizeof(ret_parameters->values));
    for (size_t index = 0; *pattern != '\0';) {
        if (pattern[0] == '{' && pattern[1] == '}') {
            pattern += 2;
            if (!take_place(pattern, &path, index++, ret_parameters)) {
                return false;
            }
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}
