#include "web/server/desk_assets.h"

#include <string.h>

/* A dozen files: a search from the first is as fast as anything. */
const struct desk_asset *desk_asset_find(const char *path)
{
    for (size_t i = 0; i < desk_asset_count; i++) {
        if (strcmp(desk_assets[i].path, path) == 0) {
            return &desk_assets[i];
        }
    }
    return NULL;
}
