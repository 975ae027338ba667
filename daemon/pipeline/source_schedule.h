/* What kinds of sources change in the schedule. Pure. */
#ifndef PIPELINE_SOURCE_SCHEDULE_H
#define PIPELINE_SOURCE_SCHEDULE_H

#include "config/config.h"
#include "net/http_client.h"
#include "storage/store.h"

/* Call after outcome_schedule(): for arXiv, replace the next poll of `document->state` by its
 * announcements'; for any other feed, nothing. `response` is NULL when there was none. */
void source_schedule(struct store_document *document, const struct config_feed *feed,
    const struct config_polling *polling, const struct http_response *response);

#endif
