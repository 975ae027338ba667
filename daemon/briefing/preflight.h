/* The check before publishing: what a careful colleague would point at. PURE.
 *
 * A finding says where (section, item, field, bytes), what, and where it is safe how it would
 * be right. Findings are few or they are not read: what the house does on purpose is none
 * (spaces between Han and Latin, half-width brackets, the same link as title and 链接：line, an
 * English list with ； at its ends), and what cannot be told from text alone is left alone.
 *
 * Whoever calls brings what the issue does not know: the planned day, what was printed before,
 * which links a checker found dead.
 */
#ifndef BRIEFING_PREFLIGHT_H
#define BRIEFING_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "briefing/issue.h"

enum preflight_severity {
    PREFLIGHT_ERROR,   /* readers would find it broken */
    PREFLIGHT_WARNING, /* most probably a slip */
    PREFLIGHT_HINT,    /* worth a look */
};

/* In the order in which they are explained in the table of preflight.c. */
enum preflight_code {
    PREFLIGHT_DATE_NOT_PLANNED,
    PREFLIGHT_SECTION_EMPTY,
    PREFLIGHT_SUGGESTED,
    PREFLIGHT_LINK_EMPTY,
    PREFLIGHT_LINK_MISSING,
    PREFLIGHT_LINE_EMPTY,
    PREFLIGHT_LINK_DUPLICATE,
    PREFLIGHT_LINK_TRACKING,
    PREFLIGHT_LINK_TEMPORARY,
    PREFLIGHT_LINK_PRINTED,
    PREFLIGHT_LINK_DEAD,
    PREFLIGHT_SUMMARY_MISSING,
    PREFLIGHT_PREFIX_MISSING,
    PREFLIGHT_SUBJECT_MISSING,
    PREFLIGHT_SOURCE_MISSING,
    PREFLIGHT_SOURCE_TWICE,
    PREFLIGHT_BRACKET_ALONE,
    PREFLIGHT_BRACKET_WIDTHS,
    PREFLIGHT_MARK_HALF_WIDTH,
    PREFLIGHT_MARK_DOUBLED,
    PREFLIGHT_LINE_MARK,
    PREFLIGHT_TITLE_LONG,
    PREFLIGHT_PARAGRAPH_LONG,
    PREFLIGHT_LINE_ESCAPED,
    PREFLIGHT_GUIDE_MISSING,
    PREFLIGHT_GUIDE_COUNT,
    PREFLIGHT_GUIDE_LONG,
    PREFLIGHT_GUIDE_BRACKETS,
    PREFLIGHT_GUIDE_GROUP_UNKNOWN,
    PREFLIGHT_GUIDE_GROUP_EMPTY,
    PREFLIGHT_GUIDE_GROUP_MISSED,
    PREFLIGHT_GUIDE_CLAUSE_GONE,
    PREFLIGHT_GUIDE_ITEM_MISSED,
    PREFLIGHT_WECHAT_LONG,
    PREFLIGHT_WECHAT_NEAR,
    PREFLIGHT_CODES,
};

struct finding {
    enum preflight_code code;
    enum preflight_severity severity;
    int section, item;    /* indexes; -1: of the issue, of the section */
    int64_t item_id;      /* of the pick; 0: none */
    const char *field;    /* "title", "lines[0].text", "guide"; never NULL */
    const char *text;     /* the field's, never NULL */
    size_t start, length; /* bytes of the field's text; both 0: the field as a whole */
    const char *message_zh, *message_en;
    const char *fix; /* replaces those bytes; of a field as a whole: its new text; NULL: none */
};

/* What somebody else found, in the words of each language. */
struct preflight_reason {
    const char *zh, *en;
};

struct preflight_context {
    const char *planned_date; /* NULL: not checked */
    bool tells_suggestions;   /* items without an id are the machine's: this is a draft */
    /* The date of the newest issue that printed `key` (feed/url.h), or NULL. May be NULL. */
    const char *(*find_printed)(void *user_data, const char *key);
    /* True where a link does not open, and why; false: it does, or nobody knows. May be NULL.
     */
    bool (*find_dead)(void *user_data, const char *url, struct preflight_reason *ret_reason);
    void *user_data;
};

struct preflight {
    struct finding *findings; /* in the order of the issue */
    size_t count;
};

/* Lives in the arena and borrows from the issue. */
struct preflight preflight_check(
    struct arena *arena, const struct issue *issue, const struct preflight_context *context);

/* "link_duplicate"; "error", "warning", "hint". Static. */
const char *preflight_code_name(enum preflight_code code);
const char *preflight_severity_name(enum preflight_severity severity);

/* [{"code", "severity", "section": n|null, "item": n|null, "id": n|null, "field", "start",
 * "length", "message": {"zh", "en"}, "fix": text|null}] */
void preflight_write_json(const struct preflight *preflight, struct buffer *out);

#endif
