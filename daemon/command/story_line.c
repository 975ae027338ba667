/* Items as the daemon stores them: the key from the URL, the time from the date. */
#include "command/story_line.h"

#include <stdio.h>
#include <string.h>

#include "command/json_lines.h"
#include "feed/date.h"
#include "feed/url.h"

/* A site's front page stands in for items without a page of their own, so it is nobody's key.
 */
static bool names_a_page(const char *url)
{
    const char *host = strstr(url, "://");
    const char *path = host == NULL ? NULL : strpbrk(host + 3, "/?");
    return url[0] != '\0' && (host == NULL || (path != NULL && strcmp(path, "/") != 0));
}

bool story_line_read(
    struct arena *arena, const json_t *line, struct story_item *ret_item, struct fault *fault)
{
    const char *url, *published;
    struct story_item item = {0};
    if (!json_line_string(line, "title", &item.title, fault) ||
        !json_line_string(line, "summary", &item.summary, fault) ||
        !json_line_string(line, "url", &url, fault) ||
        !json_line_string(line, "published", &published, fault)) {
        return false;
    }
    item.key = url == NULL || !names_a_page(url) ? NULL : url_key(arena, url);
    item.published_s = feed_date_parse(published);
    *ret_item = item;
    return true;
}

bool story_line_begin(const struct command_line *line, struct story_settings *ret_settings)
{
    cleanup(config_unrefp) struct config *config = NULL;
    if (!command_find_config(line, &config)) {
        return false;
    }
    *ret_settings = config == NULL ? story_defaults : story_settings_build(&config->stories);
    return true;
}
