/* The API's endpoints, one struct each; web/openapi.yaml says what they take and answer. */
#ifndef WEB_SERVER_ENDPOINTS_H
#define WEB_SERVER_ENDPOINTS_H

#include "web/server/endpoint.h"

extern const struct endpoint endpoint_add;  /* POST /api/v1/add */
extern const struct endpoint endpoint_opml; /* POST /api/v1/feeds.opml */

#endif
