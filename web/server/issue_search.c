/* A word is looked for as a substring: folding has taken away what else tells two apart. */
#include "web/server/issue_search.h"

#include <string.h>

#include "briefing/issue_parts.h"

struct issue_search issue_search_of(struct call *call)
{
    struct issue_search search = {.folding = judge_folding(call->rules->judge)};
    const char *query = call_query(call, "q");
    struct folded folded = fold_text(search.folding, &call->arena, query == NULL ? "" : query,
        query == NULL ? 0 : strlen(query));
    for (const char *at = folded.text; *at != '\0' && search.count < ISSUE_SEARCH_WORDS_MAX;) {
        size_t length = strcspn(at, " ");
        if (length > 0) {
            search.words[search.count++] = arena_strndup(&call->arena, at, length);
        }
        at += length + (at[length] == ' ');
    }
    return search;
}

bool issue_search_finds(const struct issue_search *search, struct arena *scratch,
    const struct issue *issue, const struct issue_item *item)
{
    const char *text = arena_printf(scratch, "%s\n%s\n%s\n%s",
        issue_item_text(scratch, issue, item), item->source == NULL ? "" : item->source,
        item->summary == NULL ? "" : item->summary, item->url == NULL ? "" : item->url);
    struct folded folded = fold_text(search->folding, scratch, text, strlen(text));
    for (size_t i = 0; i < search->count; i++) {
        if (strstr(folded.text, search->words[i]) == NULL) {
            return false;
        }
    }
    return true;
}
