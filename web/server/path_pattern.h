/* Paths with places in them: "/api/v1/items/{}/content", "/issues/{}.html". PURE.
 *
 * {} stands for one or more bytes within one segment, as many as leave the rest of the segment
 * to the pattern; everything else matches byte by byte.
 */
#ifndef WEB_SERVER_PATH_PATTERN_H
#define WEB_SERVER_PATH_PATTERN_H

#include <stdbool.h>

#include "base/attributes.h"
#include "web/server/call.h"

enum { PATH_PARAMETER_BYTES = 128 }; /* a longer one matches nothing */

struct path_parameters {
    const char *values[CALL_PARAMETERS_MAX + 1]; /* NULL behind the last */
    char text[CALL_PARAMETERS_MAX][PATH_PARAMETER_BYTES];
};

must_check bool path_pattern_match(
    const char *pattern, const char *path, struct path_parameters *ret_parameters);

#endif
