/* A list of stories must not look at items, so what it filters and sorts by stands in the
 * story's row, and whoever changes an item of a story calls story_refresh(). A story of one
 * item, which nearly all are, is derived by one statement from the item's row; only where there
 * are more a lead is chosen among them.
 *
 * Items off topic do not lead as long as one is on it: a story is in the inbox for what the
 * gates let through. Of a story that has become very large the lead is chosen among the newest
 * and the one that leads (SEEN_OF_STORY); counts and the best relevance are of all. */
#include "storage/stories.h"

#include <stdlib.h>
#include <string.h>

#include "briefing/story_lead.h"
#include "feed/url.h"
#include "storage/grouping.h"

struct member {
    struct story_member story;
    bool off_topic;
};

struct members {
    struct member *items;
    size_t count;
};

static bool derive(struct store *store, int64_t id, int64_t lead, struct fault *fault)
{
    return statement_run_ints(
        store, STATEMENT_DERIVE_STORY, (const int64_t[]){id, lead}, 2, fault);
}

bool story_begin(struct store *store, int64_t item_id, struct fault *fault)
{
    return statement_run_ints(store, STATEMENT_BEGIN_STORY, &item_id, 1, fault);
}

/* ---- the lead ---- */

static bool is_within(const char *host, const char *domain)
{
    size_t length = strlen(host), part = strlen(domain);
    return length >= part && strcmp(host + length - part, domain) == 0 &&
        (length == part || host[length - part - 1] == '.');
}

/* The feed speaks of its own site's pages; an aggregator or a bridge of other ones. */
static bool is_own_page(struct arena *arena, const char *feed_url, const char *url)
{
    if (feed_url == NULL || url == NULL) {
        return true; /* by hand, or nothing that could be somebody else's */
    }
    const char *feed_host = url_host(arena, feed_url);
    const char *host = url_host(arena, url);
    return feed_host == NULL || host == NULL || is_within(feed_host, host) ||
        is_within(host, feed_host);
}

static void read_member(struct statement *row, struct arena *arena, void *item)
{
    struct member *member = item;
    member->story.item = column_int(row);
    member->off_topic = column_int(row) != 0;
    member->story.published_s = column_time(row);
    member->story.title = column_text(row, arena);
    member->story.language = column_text(row, arena);
    member->story.summary_letters = (size_t)column_int(row);
    const char *url = column_text(row, arena);
    member->story.original = is_own_page(arena, column_text(row, arena), url);
}

static bool read_members(struct store *store, struct arena *arena, int64_t story,
    struct members *ret_members, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_MEMBERS, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, story);
    ret_members->items = statement_rows(
        list, arena, sizeof(*ret_members->items), read_member, &ret_members->count, fault);
    return ret_members->items != NULL;
}

static int64_t choose_lead(
    struct arena *arena, const struct config *config, const struct members *members)
{
    struct story_member *able = arena_new_array(arena, struct story_member, members->count);
    size_t count = 0;
    for (size_t pass = 0; count == 0; pass++) { /* on topic first, else all */
        for (size_t i = 0; i < members->count; i++) {
            if (pass > 0 || !members->items[i].off_topic) {
                able[count++] = members->items[i].story;
            }
        }
    }
    struct story_lead_settings settings = story_lead_settings_build(config);
    return able[story_choose_lead(&settings, able, count)].item;
}

static bool has_member(const struct members *members, int64_t item)
{
    for (size_t i = 0; i < members->count; i++) {
        if (members->items[i].story.item == item) {
            return true;
        }
    }
    return false;
}

bool story_refresh(
    struct store *store, const struct config *config, int64_t id, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    struct members members;
    int64_t lead;
    if (!read_members(store, &arena, id, &members, fault) ||
        !statement_find_int(store, STATEMENT_FIND_LEAD_BY_HAND, id, &lead, fault)) {
        return false;
    }
    if (members.count == 0) {
        return true;
    }
    if (members.count == 1) {
        lead = members.items[0].story.item;
    } else if (lead == 0 || !has_member(&members, lead)) {
        lead = choose_lead(&arena, config, &members);
    }
    return derive(store, id, lead, fault);
}

/* ---- one member more ---- */

/* A member as it enters, or the one that leads with what its story is. */
struct standing {
    struct member member;
    double relevance;
    int64_t printed_issue_id; /* of one that enters; 0: none */
    bool story_off_topic;     /* of the one that leads, as the next */
    bool by_hand;
};

static bool read_standing(struct store *store, struct arena *arena, enum statement_id id,
    int64_t of, struct standing *ret_standing, bool *ret_found, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(store, id, fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, of);
    if (!statement_next(read, ret_found, fault)) {
        return false;
    }
    *ret_standing = (struct standing){0};
    if (*ret_found) {
        read_member(read, arena, &ret_standing->member);
        ret_standing->relevance = column_real(read);
        if (id == STATEMENT_READ_MEMBER) {
            ret_standing->printed_issue_id = column_int(read);
        } else {
            ret_standing->story_off_topic = column_int(read) != 0;
            ret_standing->by_hand = column_int(read) != 0;
        }
    }
    return true;
}

/* Whether `newcomer` takes the lead; false when all members must be asked. What was printed
 * before is rare and looked up for the whole story; so is the first on topic of those off it.
 */
static bool challenge(const struct config *config, const struct standing *leader,
    const struct standing *newcomer, bool *ret_leads)
{
    *ret_leads = false;
    if (newcomer->printed_issue_id != 0 ||
        (leader->story_off_topic && !newcomer->member.off_topic)) {
        return false;
    }
    if (leader->by_hand || leader->story_off_topic != newcomer->member.off_topic) {
        return true;
    }
    struct story_lead_settings settings = story_lead_settings_build(config);
    return story_challenge_lead(
        &settings, &leader->member.story, &newcomer->member.story, ret_leads);
}

static bool raise_relevance(
    struct store *store, int64_t id, double relevance, struct fault *fault)
{
    cleanup(statement_donep) struct statement *raise = statement_get(
        store, STATEMENT_RAISE_STORY, fault);
    if (raise == NULL) {
        return false;
    }
    bind_real(raise, relevance);
    bind_int(raise, id);
    return statement_run(raise, fault);
}

bool story_join(struct store *store, const struct config *config, int64_t id, int64_t item_id,
    struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    struct standing leader, newcomer;
    bool has_leader, has_newcomer, leads;
    if (!read_standing(store, &arena, STATEMENT_READ_LEADER, id, &leader, &has_leader, fault) ||
        !read_standing(
            store, &arena, STATEMENT_READ_MEMBER, item_id, &newcomer, &has_newcomer, fault)) {
        return false;
    }
    if (!has_leader || !has_newcomer || !challenge(config, &leader, &newcomer, &leads)) {
        return story_refresh(store, config, id, fault);
    }
    bool counts = leader.story_off_topic == newcomer.member.off_topic;
    return statement_run_ints(store, STATEMENT_COUNT_MEMBER, &id, 1, fault) &&
        (!counts || newcomer.relevance <= leader.relevance ||
            raise_relevance(store, id, newcomer.relevance, fault)) &&
        (!leads ||
            statement_run_ints(
                store, STATEMENT_LEAD_STORY, (const int64_t[]){item_id, id}, 2, fault));
}

bool story_refresh_of_item(
    struct store *store, const struct config *config, int64_t item_id, struct fault *fault)
{
    int64_t story;
    return statement_find_int(store, STATEMENT_FIND_STORY_OF, item_id, &story, fault) &&
        story_refresh(store, config, story, fault);
}

static int compare_ids(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b ? 1 : 0;
}

bool stories_refresh_of_items(struct store *store, const struct config *config,
    const int64_t *item_ids, size_t count, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    int64_t *stories = arena_new_array(&arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (!statement_find_int(
                store, STATEMENT_FIND_STORY_OF, item_ids[i], &stories[i], fault)) {
            return false;
        }
    }
    qsort(stories, count, sizeof(*stories), compare_ids);
    for (size_t i = 0; i < count; i++) {
        if ((i == 0 || stories[i] != stories[i - 1]) &&
            !story_refresh(store, config, stories[i], fault)) {
            return false;
        }
    }
    return true;
}

bool story_stand(struct store *store, struct arena *arena, int64_t id, const char **ret_state,
    const char **ret_section, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        store, STATEMENT_READ_STAND, fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, id);
    bool row;
    if (!statement_next(read, &row, fault)) {
        return false;
    }
    *ret_state = row ? column_text(read, arena) : NULL;
    *ret_section = row ? column_text(read, arena) : NULL;
    return true;
}

/* ---- after an action ---- */

static bool refresh_touched(
    struct action *action, const struct touched *touched, struct fault *fault)
{
    switch (touched->kind) {
    case DESK_STORY:
        return story_refresh(action->store, action->config, touched->id, fault);
    case DESK_ITEM:
        return story_refresh(action->store, action->config, touched->story, fault) &&
            story_refresh_of_item(action->store, action->config, touched->id, fault);
    default:
        return true;
    }
}

bool stories_refresh_touched(struct action *action, struct fault *fault)
{
    for (size_t i = 0; i < action->touched_count; i++) {
        if (!refresh_touched(action, &action->touched[i], fault)) {
            return false;
        }
    }
    return true;
}

void stories_follow_moves(struct action *action)
{
    for (size_t i = 0; i < action->result->change_count; i++) {
        const struct desk_change *change = &action->result->changes[i];
        if (change->kind == DESK_ITEM) {
            grouping_follow(action->store, change->id);
        }
    }
}
