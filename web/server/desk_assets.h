/* The files of the desk (web/desk), carried in the binary. Constant; any thread. */
#ifndef WEB_SERVER_DESK_ASSETS_H
#define WEB_SERVER_DESK_ASSETS_H

#include <stddef.h>

struct desk_asset {
    const char *path; /* below /desk/: "index.html", "assets/index-BZk3.js"; "/" for the root */
    const char *media_type;
    const char *etag; /* in quotation marks, of the plain bytes */
    const unsigned char *plain;
    size_t plain_length;
    const unsigned char *gzip;
    size_t gzip_length;
};

extern const struct desk_asset desk_assets[];
extern const size_t desk_asset_count; /* 0: built without the desk */

/* The one at `path`, or NULL. */
const struct desk_asset *desk_asset_find(const char *path);

#endif
