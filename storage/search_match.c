/* Units are compared one by one at every place: texts are short and the items that come here
 * few. Between two units of a piece there may stand in the text what divides (a comma, a
 * bracket), unless the person wrote them as one name: characters side by side, a sign behind
 * its word. */
#include "storage/search_match.h"

#include <math.h>
#include <string.h>

#include "briefing/letters.h"

enum {
    TITLE_WEIGHT = 4,
    TITLE_UNITS = 16, /* lengths at which a match counts as it is; shorter texts count more */
    SUMMARY_UNITS = 120,
    SNIPPET_COLUMNS = 160, /* three lines of a page */
    LEAD_COLUMNS = 24,     /* before the first mark */
    BORDER_COLUMNS = 16,   /* how far a cut moves for the beginning of a sentence or word */
};
/* Robertson and Zaragoza 2009, their usual values */
static const double saturation = 1.2, length_share = 0.6;

static void build_field(const struct fold_table *folding, struct arena *arena, const char *text,
    struct search_field *field)
{
    field->text = text == NULL ? "" : text;
    field->folded = fold_text(folding, arena, field->text, strlen(field->text));
    field->units = search_units_build(&field->folded, arena, &field->unit_count);
}

void search_subject_build(const struct fold_table *folding, struct arena *arena,
    const char *title, const char *summary, struct search_subject *ret_subject)
{
    build_field(folding, arena, title, &ret_subject->title);
    build_field(folding, arena, summary, &ret_subject->summary);
}

/* ---- finding ---- */

static bool unit_matches(const struct search_piece *piece, size_t i,
    const struct search_field *field, const struct search_unit *unit)
{
    const struct search_unit *wanted = &piece->units[i];
    uint32_t bytes = wanted->end - wanted->start;
    bool begins = piece->prefix && i + 1 == piece->unit_count;
    uint32_t length = unit->end - unit->start;
    if (unit->kind != wanted->kind || (begins ? length < bytes : length != bytes)) {
        return false;
    }
    bool one_name = i > 0 && wanted->joined &&
        (wanted->kind == SEARCH_SIGN || piece->units[i - 1].kind == wanted->kind);
    return (!one_name || unit->joined) &&
        memcmp(field->folded.text + unit->start, piece->folded.text + wanted->start, bytes) ==
        0;
}

/* Does the piece stand at unit `at`? */
static bool stands_at(
    const struct search_piece *piece, const struct search_field *field, size_t at)
{
    if (field->unit_count - at < piece->unit_count) {
        return false;
    }
    for (size_t i = 0; i < piece->unit_count; i++) {
        if (!unit_matches(piece, i, field, &field->units[at + i])) {
            return false;
        }
    }
    return true;
}

static unsigned count_in(const struct search_piece *piece, const struct search_field *field)
{
    unsigned count = 0;
    for (size_t at = 0; at < field->unit_count; at++) {
        count += stands_at(piece, field, at);
    }
    return count;
}

static bool is_in(const struct search_piece *piece, const struct search_field *field)
{
    for (size_t at = 0; at < field->unit_count; at++) {
        if (stands_at(piece, field, at)) {
            return true;
        }
    }
    return false;
}

bool search_query_matches(
    const struct search_query *query, const struct search_subject *subject)
{
    for (size_t i = 0; i < query->count; i++) {
        const struct search_piece *piece = &query->pieces[i];
        bool found = is_in(piece, &subject->title) || is_in(piece, &subject->summary);
        if (found == piece->excluded) {
            return false;
        }
    }
    return true;
}

bool search_query_in_title(
    const struct search_query *query, const struct search_subject *subject)
{
    for (size_t i = 0; i < query->wanted; i++) {
        if (!is_in(&query->pieces[i], &subject->title)) {
            return false;
        }
    }
    return true;
}

/* ---- how well ---- */

static double weigh(const struct search_piece *piece, const struct search_field *field,
    double weight, double usual_units)
{
    double length = 1 - length_share + length_share * (double)field->unit_count / usual_units;
    return weight * count_in(piece, field) / length;
}

double search_query_score(const struct search_query *query, const double *rarity,
    const struct search_subject *subject)
{
    double score = 0;
    for (size_t i = 0; i < query->wanted; i++) {
        const struct search_piece *piece = &query->pieces[i];
        double frequency = weigh(piece, &subject->title, TITLE_WEIGHT, TITLE_UNITS) +
            weigh(piece, &subject->summary, 1, SUMMARY_UNITS);
        score += rarity[i] * frequency / (saturation + frequency);
    }
    return score;
}

/* ---- where ---- */

struct marks {
    struct search_mark *items;
    size_t count, capacity;
};

/* The longest of the pieces that stand at a unit, 0: none does. */
static size_t longest_at(
    const struct search_query *query, const struct search_field *field, size_t at)
{
    size_t longest = 0;
    for (size_t i = 0; i < query->wanted; i++) {
        if (query->pieces[i].unit_count > longest && stands_at(&query->pieces[i], field, at)) {
            longest = query->pieces[i].unit_count;
        }
    }
    return longest;
}

/* A mark that begins within the one before lengthens it. */
static void add_mark(struct marks *marks, struct arena *arena, uint32_t offset, uint32_t length)
{
    if (marks->count == marks->capacity) {
        marks->items = arena_grow(arena, marks->items, sizeof(*marks->items), &marks->capacity);
    }
    struct search_mark *last = &marks->items[marks->count - (marks->count > 0)];
    if (marks->count > 0 && offset < last->offset + last->length) {
        if (offset + length > last->offset + last->length) {
            last->length = offset + length - last->offset;
        }
        return;
    }
    marks->items[marks->count++] = (struct search_mark){offset, length};
}

static struct marks find_marks(
    const struct search_query *query, const struct search_field *field, struct arena *arena)
{
    struct marks marks = {0};
    for (size_t at = 0; at < field->unit_count; at++) {
        size_t units = longest_at(query, field, at);
        if (units > 0) {
            uint32_t offset, length;
            fold_span(&field->folded, field->units[at].start, field->units[at + units - 1].end,
                &offset, &length);
            add_mark(&marks, arena, offset, length);
        }
    }
    return marks;
}

struct search_text search_mark_whole(
    const struct search_query *query, const struct search_field *field, struct arena *arena)
{
    struct marks marks = find_marks(query, field, arena);
    return (struct search_text){
        arena_strdup(arena, field->text), marks.items, marks.count, false, false};
}

/* ---- a piece of a long text ---- */

/* The offset `columns` behind `offset`, at most the end. */
static size_t advance(const char *text, size_t offset, size_t columns)
{
    for (size_t used = 0; used < columns && text[offset] != '\0';) {
        used += letters_columns_of(letters_next(text, &offset));
    }
    return offset;
}

static size_t step_back(const char *text, size_t offset)
{
    do {
        offset--;
    } while (offset > 0 && ((unsigned char)text[offset] & 0xc0) == 0x80);
    return offset;
}

static size_t retreat(const char *text, size_t offset, size_t columns)
{
    for (size_t used = 0; used < columns && offset > 0;) {
        offset = step_back(text, offset);
        used += letters_columns_of(letters_peek(text, offset));
    }
    return offset;
}

/* No letter before `offset` goes on behind it. */
static bool is_border(const char *text, size_t offset)
{
    return offset == 0 || text[offset] == '\0' ||
        !(letters_is_latin(letters_peek(text, step_back(text, offset))) &&
            letters_is_latin(letters_peek(text, offset)));
}

/* The first border from `offset` on that is not behind `end`; else `end`, which is one of a
 * mark's. */
static size_t border_until(const char *text, size_t offset, size_t end)
{
    while (offset < end && !is_border(text, offset)) {
        letters_next(text, &offset);
    }
    return offset < end ? offset : end;
}

/* The mark with which a window holds the most of them. */
static size_t best_first_mark(const char *text, const struct marks *marks)
{
    size_t best = 0, best_count = 0;
    for (size_t first = 0; first < marks->count; first++) {
        size_t end = advance(text, marks->items[first].offset, SNIPPET_COLUMNS - LEAD_COLUMNS);
        size_t count = 0;
        while (first + count < marks->count && marks->items[first + count].offset < end) {
            count++;
        }
        if (count > best_count) {
            best = first;
            best_count = count;
        }
    }
    return best;
}

static size_t skip_spaces(const char *text, size_t offset, size_t end)
{
    while (offset < end && letters_is_space(letters_peek(text, offset))) {
        letters_next(text, &offset);
    }
    return offset;
}

/* Marks within [start, end), counted from `start`; one that is cut keeps its part. */
static struct search_text cut(const struct search_field *field, const struct marks *marks,
    size_t start, size_t end, struct arena *arena)
{
    struct marks kept = {0};
    for (size_t i = 0; i < marks->count; i++) {
        size_t from = marks->items[i].offset, to = from + marks->items[i].length;
        to = to > end ? end : to;
        if (from >= start && from < to) {
            add_mark(&kept, arena, (uint32_t)(from - start), (uint32_t)(to - from));
        }
    }
    return (struct search_text){
        .text = arena_strndup(arena, field->text + start, end - start),
        .marks = kept.items,
        .mark_count = kept.count,
        .cut_before = start > 0,
        .cut_after = field->text[end] != '\0',
    };
}

struct search_text search_mark_snippet(
    const struct search_query *query, const struct search_field *field, struct arena *arena)
{
    const char *text = field->text;
    size_t length = strlen(text), start = 0;
    struct marks marks = find_marks(query, field, arena);
    bool is_long = advance(text, 0, SNIPPET_COLUMNS) < length;
    if (is_long && marks.count > 0) {
        size_t first = marks.items[best_first_mark(text, &marks)].offset;
        start = retreat(text, first, LEAD_COLUMNS);
        start = skip_spaces(text, border_until(text, start, first), first);
    }
    size_t end = advance(text, start, SNIPPET_COLUMNS);
    if (end < length) {
        size_t back = retreat(text, end, BORDER_COLUMNS);
        while (end > back && !is_border(text, end)) {
            end = step_back(text, end);
        }
    }
    return cut(field, &marks, start, end, arena);
}
