/* The API's endpoints, one struct each; web/openapi.yaml says what they take and answer. */
#ifndef WEB_SERVER_ENDPOINTS_H
#define WEB_SERVER_ENDPOINTS_H

#include "web/server/endpoint.h"

extern const struct endpoint endpoint_add;    /* POST /api/v1/add */
extern const struct endpoint endpoint_opml;   /* POST /api/v1/feeds.opml */
extern const struct endpoint endpoint_search; /* GET /api/v1/search */

extern const struct endpoint endpoint_rules;         /* GET /api/v1/rules */
extern const struct endpoint endpoint_rules_put;     /* PUT /api/v1/rules, /api/v1/vendors */
extern const struct endpoint endpoint_rules_try;     /* POST /api/v1/rules/try */
extern const struct endpoint endpoint_rule_delete;   /* DELETE /api/v1/rules/{section}/{name} */
extern const struct endpoint endpoint_topic_delete;  /* DELETE /api/v1/topics/{name} */
extern const struct endpoint endpoint_vendors;       /* GET /api/v1/vendors */
extern const struct endpoint endpoint_vendor_delete; /* DELETE /api/v1/vendors/{name} */

#endif
