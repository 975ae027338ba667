/* Part of the verdict, so that it is explained like one, changes when feeds.conf does, and is
 * never more than a mark on the item: nothing is left out of the store for it. */
#include "briefing/source_rules.h"

#include <string.h>
#include <strings.h>

#include "feed/release.h"
#include "feed/source.h"
#include "feed/url.h"

static const struct {
    const char *bundle; /* "owner/repo " before it; NULL: stands for itself */
    const char *rule;
} series[] = {
    [RELEASE_PREVIEW] = {"prereleases", "source/prerelease"},
    [RELEASE_BUILD] = {"builds", "source/build"},
};

/* A tag that was never made a release has its own name for a title and nothing under it. */
static bool is_bare_tag(const struct item *item, const char *tag)
{
    const char *title = item->title == NULL ? "" : item->title;
    return strcasecmp(title, tag) == 0 && release_notes_are_empty(item->summary);
}

static void judge_release(struct arena *arena, const struct item *item, const char *release,
    struct verdict *verdict, struct reason *ret_reason)
{
    const char *tag = strchr(release, '@');
    if (tag == NULL) {
        return; /* a commit, an issue, the repository itself */
    }
    tag++;
    enum release_kind kind = release_kind_of_tag(tag);
    enum config_prereleases wanted = item->feed->prereleases;
    struct reason reason = {.matched = tag, .field = "url"};
    if (is_bare_tag(item, tag)) {
        reason.rule = "source/bare-tag";
        verdict->off_topic = true;
    } else if (kind == RELEASE_PREVIEW && wanted == CONFIG_PRERELEASES_DROP) {
        reason.rule = series[kind].rule;
        verdict->off_topic = true;
    } else if (kind != RELEASE_FINAL && wanted != CONFIG_PRERELEASES_KEEP) {
        reason.rule = series[kind].rule;
        verdict->bundle = arena_printf(
            arena, "%.*s %s", (int)(tag - 1 - release), release, series[kind].bundle);
    }
    if (reason.rule != NULL) {
        *ret_reason = reason;
    }
}

void source_rules_apply(struct arena *arena, const struct item *item, struct verdict *verdict,
    struct reason *ret_reason)
{
    const char *release;
    if (item->feed == NULL || item->key == NULL || !url_key_is(item->key, "github", &release) ||
        source_kind(item->feed) != CONFIG_KIND_GITHUB_RELEASES) {
        return;
    }
    judge_release(arena, item, release, verdict, ret_reason);
}
