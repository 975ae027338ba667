/* -Ddesk=disabled: the plain draft page stands in for the desk. */
#include "web/server/desk_assets.h"

const struct desk_asset desk_assets[] = {{0}};
const size_t desk_asset_count = 0;
