#include "feed/entry_text.h"

#include <string.h>

#include "base/attributes.h"
#include "feed/html.h"
#include "feed/identity.h"
#include "feed/latex.h"
#include "feed/url.h"

enum {
    /* A title made of a summary: what fits a line of the newsletter. */
    MADE_TITLE_MAX_CHARACTERS = 60,
};

/* By arXiv's own namespace, or by the host: its API, its mirrors and RSSHub's lists have the
 * same texts and not the namespace. */
static bool is_arxiv(struct arena *arena, const struct feed_entry *entry)
{
    if (entry->arxiv_announce_type != NULL) {
        return true;
    }
    static const char domain[] = "arxiv.org";
    if (entry->link == NULL || strstr(entry->link, domain) == NULL) {
        return false;
    }
    const char *host = url_host(arena, entry->link);
    size_t length = host == NULL ? 0 : strlen(host), tail = strlen(domain);
    return length >= tail && strcmp(host + length - tail, domain) == 0 &&
        (length == tail || host[length - tail - 1] == '.');
}

char *entry_summary_text(
    struct arena *arena, const struct feed_entry *entry, size_t max_characters)
{
    const char *html = entry->summary != NULL ? entry->summary : entry->content;
    if (html == NULL) {
        return NULL;
    }
    /* Four bytes a character, and what boilerplate and LaTeX may take away again: the summary
     * must not take the end of what was read for the end of the text. */
    size_t enough_bytes = max_characters * 4 * 2 + 4096;
    /* What it is on the way is several times what it becomes, and a document waits long for the
     * store. */
    cleanup(arena_release) struct arena scratch = {0};
    const char *text = html_to_text_start(&scratch, html, strlen(html), enough_bytes);
    text = is_arxiv(&scratch, entry) ? latex_to_text(&scratch, arxiv_abstract(text))
                                     : text_strip_boilerplate(&scratch, text);
    return arena_strdup(arena, text_summary(&scratch, text, max_characters));
}

const char *entry_title_text(
    struct arena *arena, const struct feed_entry *entry, const char *summary)
{
    if (entry->title != NULL && entry->title[0] != '\0') {
        return is_arxiv(arena, entry) ? latex_to_text(arena, entry->title) : entry->title;
    }
    return summary == NULL || summary[0] == '\0'
        ? NULL
        : text_summary(arena, summary, MADE_TITLE_MAX_CHARACTERS);
}
