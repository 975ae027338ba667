/* Points instead of an ordered list of words: an order is points that halve, and an editor who
 * wants a long original text before a short translation can say so, which no order can. */
#include "briefing/story_lead.h"

#include <assert.h>
#include <math.h>
#include <strings.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "briefing/letters.h"

struct story_lead_settings story_lead_settings_build(const struct config *config)
{
    return (struct story_lead_settings){
        .language = config->briefing.language,
        .language_points = config->stories.lead_language,
        .original_points = config->stories.lead_original,
        .summary_points = config->stories.lead_summary,
    };
}

/* Letters of the primary subtag: 2 of "zh-Hant-TW". */
static size_t measure_primary(const char *tag)
{
    size_t length = 0;
    while (tag[length] != '\0' && tag[length] != '-' && tag[length] != '_') {
        length++;
    }
    return length;
}

/* Hiragana, katakana and hangul: whoever has them is not Chinese. */
static bool has_syllables(const char *text)
{
    size_t offset = 0;
    uint32_t c;
    while ((c = letters_next(text, &offset)) != 0) {
        if ((c >= 0x3040 && c <= 0x30ff) || (c >= 0xac00 && c <= 0xd7af)) {
            return true;
        }
    }
    return false;
}

static bool is_readable(const char *wanted, const struct story_member *member)
{
    const char *language = member->language;
    if (language == NULL && member->title != NULL && letters_have_han(member->title) &&
        !has_syllables(member->title)) {
        language = "zh";
    }
    if (language == NULL || wanted == NULL) {
        return false;
    }
    size_t length = measure_primary(wanted);
    return measure_primary(language) == length && strncasecmp(language, wanted, length) == 0;
}

/* What the summary has no part in. */
static double count_certain_points(
    const struct story_lead_settings *settings, const struct story_member *member)
{
    return (is_readable(settings->language, member) ? settings->language_points : 0) +
        (member->original ? settings->original_points : 0);
}

static double count_points(const struct story_lead_settings *settings,
    const struct story_member *member, size_t longest)
{
    double points = count_certain_points(settings, member);
    if (longest > 0) {
        points += settings->summary_points * (double)member->summary_letters / (double)longest;
    }
    return points;
}

static bool is_earlier(const struct story_member *a, const struct story_member *b)
{
    if (a->published_s != b->published_s) {
        return b->published_s == CLOCK_NONE ||
            (a->published_s != CLOCK_NONE && a->published_s < b->published_s);
    }
    return a->item < b->item;
}

size_t story_choose_lead(const struct story_lead_settings *settings,
    const struct story_member *members, size_t count)
{
    assert(count > 0);
    size_t longest = 0, lead = 0;
    for (size_t i = 0; i < count; i++) {
        longest = members[i].summary_letters > longest ? members[i].summary_letters : longest;
    }
    double most = count_points(settings, &members[0], longest);
    for (size_t i = 1; i < count; i++) {
        double points = count_points(settings, &members[i], longest);
        if (points > most || (points == most && is_earlier(&members[i], &members[lead]))) {
            most = points;
            lead = i;
        }
    }
    return lead;
}

/* Whether a summary only decides between members that are equal otherwise: then the order of
 * two members is the same whatever the longest summary is. */
static bool summary_ranks_last(const struct story_lead_settings *settings)
{
    const double differences[] = {settings->language_points, settings->original_points,
        settings->language_points - settings->original_points,
        settings->language_points + settings->original_points};
    for (size_t i = 0; i < array_count(differences); i++) {
        double difference = fabs(differences[i]);
        if (difference > 0 && difference <= fabs(settings->summary_points)) {
            return false;
        }
    }
    return settings->summary_points >= 0;
}

bool story_challenge_lead(const struct story_lead_settings *settings,
    const struct story_member *lead, const struct story_member *newcomer, bool *ret_leads)
{
    if (!summary_ranks_last(settings)) {
        return false;
    }
    double has = count_certain_points(settings, lead);
    double brings = count_certain_points(settings, newcomer);
    if (brings == has && settings->summary_points > 0) {
        has = (double)lead->summary_letters;
        brings = (double)newcomer->summary_letters;
    }
    *ret_leads = brings > has || (brings == has && is_earlier(newcomer, lead));
    return true;
}
