/* Private to storage/: items as candidates (briefing/draft.h). */
#ifndef STORAGE_CANDIDATES_H
#define STORAGE_CANDIDATES_H

#include "storage/statements.h"

/* What candidate_from_row() reads, in this order: the row `item` by itself, or as the lead of
 * the row `story`, which decides its section and relevance and where it was printed. When
 * another item of the story was, the lead is nearly that one. */
#define CANDIDATE_TEXTS                                                                        \
    "item.id, key, item.title, summary, CASE item.url WHEN '' THEN key ELSE item.url END,"     \
    " coalesce(feed.source, feed.name, hand_sighting.source), language, published_utc_s,"      \
    " first_seen_utc_s, "
#define ITEM_CANDIDATE                                                                         \
    CANDIDATE_TEXTS                                                                            \
    "item.section, margin, item.uncertain, item.relevance, item.vendor, prefix, tags,"         \
    " (SELECT day FROM issue WHERE issue.id = item.printed_issue_id), printed_how, bundle,"    \
    " reasons"
#define STORY_CANDIDATE                                                                        \
    CANDIDATE_TEXTS                                                                            \
    "story.section, margin, item.uncertain, story.relevance, item.vendor, prefix, tags,"       \
    " (SELECT day FROM issue WHERE issue.id = story.printed_issue_id),"                        \
    " CASE WHEN story.printed_issue_id IS NOT NULL THEN coalesce(printed_how, 'title') END,"   \
    " bundle,"                                                                                 \
    " reasons"
#define CANDIDATE_JOINS                                                                        \
    " LEFT JOIN feed ON feed.id = item.feed_id"                                                \
    " LEFT JOIN hand_sighting ON hand_sighting.item_id = item.id"

/* The newest items of story ?1. A feed that says the same every five minutes makes a story of a
 * hundred thousand items a year: whatever is done again and again for all stories that are
 * shown or chosen among looks at no more of it than an editor would. */
#define NEWEST_OF_STORY                                                                        \
    "(SELECT id FROM item AS newest WHERE newest.story_id = ?1 ORDER BY id DESC LIMIT 200)"
/* Is the item one of them, or does it lead? */
#define SEEN_OF_STORY                                                                          \
    "item.id IN (SELECT id FROM " NEWEST_OF_STORY                                              \
    " UNION SELECT lead_item_id FROM story WHERE id = ?1"                                      \
    " UNION SELECT lead_by_hand FROM story WHERE id = ?1) AND +item.story_id = ?1"

/* Index of the section with this id, else of the fallback section. */
int section_index(const struct config *config, const char *id);

struct candidate candidate_from_row(
    struct statement *row, struct arena *arena, const struct config *config);

/* Fill `also`: the sources of the story's newest items beside the candidate's own. */
must_check bool candidate_read_also(struct store *store, struct arena *arena, int64_t story,
    struct candidate *candidate, struct fault *fault);

/* One item. FAULT_MISSING when there is none. */
must_check bool candidate_read(struct store *store, struct arena *arena,
    const struct config *config, int64_t item, struct candidate *ret_candidate,
    struct fault *fault);

/* Candidates with the story of each. */
struct candidates {
    struct candidate *items;
    int64_t *stories;
    size_t count;
};

/* As store_read_candidates(), within the caller's transaction. */
must_check bool candidates_list(struct store *store, struct arena *arena,
    const struct config *config, int64_t since_utc_s, size_t limit, struct candidates *ret_list,
    struct fault *fault);

#endif
