/* Things of the desk (storage/desk.h) as JSON values of web/openapi.yaml. New references; ids
 * and versions are strings of digits. PURE.
 */
#ifndef WEB_SERVER_DESK_JSON_H
#define WEB_SERVER_DESK_JSON_H

#include <jansson.h>

#include "storage/desk.h"

/* An id or version: a string of digits. */
json_t *desk_json_number(int64_t number);
/* The same, null for 0. */
json_t *desk_json_id(int64_t id);
/* null for CLOCK_NONE. */
json_t *desk_json_time(int64_t utc_s);
/* Text that is JSON already; null for NULL and for what is none. */
json_t *desk_json_raw(const char *text);

/* Story. Its summary is cut to what a list shows. */
json_t *desk_json_story(const struct desk_story *story, const struct config *config);
/* StoryDetail: with all of its items and their whole texts. */
json_t *desk_json_story_detail(const struct desk_story *story, const struct desk_item *items,
    size_t count, const struct config *config);
/* ItemDetail; `story` is where it belongs. */
json_t *desk_json_item(
    const struct desk_item *item, int64_t story, const struct config *config);

/* Pick: the members of its text, and whose it is. `section` as the draft names it. */
json_t *desk_json_pick(const struct desk_pick *pick, const char *section);
/* Draft. `now_utc_s` belongs to nothing in it: the same draft is the same text. */
json_t *desk_json_draft(const struct desk_draft *draft);
/* How a draft names the `index`th section of its issue: its id, or "id#2" where two have it.
 * The string lives as long as the returned reference. */
json_t *desk_json_section_name(const struct issue *issue, size_t index);

json_t *desk_json_event(const struct desk_event *event);

#endif
