/* Tiers in words, for JSON, the database and people. */
#include "briefing/story.h"

#include <string.h>

static const struct {
    const char *name;
    const char *sentence;
} tiers[] = {
    [STORY_NEW] = {"new", "nothing alike among the live items"},
    [STORY_SAME_KEY] = {"same_key", "the same key"},
    [STORY_NEAR_DUPLICATE] = {"near_duplicate", "nearly the same text"},
    [STORY_RELATED] = {"related", "the same story"},
    [STORY_BY_HAND] = {"by_hand", "placed here by hand"},
};

const char *story_tier_name(enum story_tier tier)
{
    return tiers[tier].name;
}

bool story_tier_read(const char *name, enum story_tier *ret_tier)
{
    for (enum story_tier tier = 0; tier < STORY_TIER_COUNT; tier++) {
        if (strcmp(name, tiers[tier].name) == 0) {
            *ret_tier = tier;
            return true;
        }
    }
    return false;
}

const char *story_explain(struct arena *arena, const struct story_match *match)
{
    const char *text = tiers[match->tier].sentence;
    for (size_t i = 0; i < match->word_count; i++) {
        text = arena_printf(
            arena, "%s%s “%s”", text, i == 0 ? ", both have" : ",", match->words[i]);
    }
    return text;
}
