/* Common beginnings and ends are cut off, and the middles compared by the table of longest
 * common subsequences: an issue has a few hundred lines, so the table is small, and its answer
 * is the shortest there is. Rejected: Myers' algorithm, whose memory is smaller and whose code
 * is not; a library, for one text of a person's size. */
#include "briefing/line_diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct lines {
    const char **starts;
    size_t *lengths; /* without the newline */
    size_t count;
};

enum edit { EDIT_KEEP = ' ', EDIT_REMOVE = '-', EDIT_ADD = '+' };

struct step {
    enum edit edit;
    size_t before, after; /* lines, from 0, that it stands at */
};

static struct lines split(struct arena *arena, const char *text)
{
    struct lines lines = {0};
    size_t most = 1;
    for (const char *at = text; *at != '\0'; at++) {
        most += *at == '\n';
    }
    lines.starts = arena_new_array(arena, const char *, most);
    lines.lengths = arena_new_array(arena, size_t, most);
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        lines.starts[lines.count] = text;
        lines.lengths[lines.count++] = length;
        text += length + (text[length] == '\n');
    }
    return lines;
}

static bool is_same(const struct lines *a, size_t i, const struct lines *b, size_t k)
{
    return a->lengths[i] == b->lengths[k] &&
        memcmp(a->starts[i], b->starts[k], a->lengths[i]) == 0;
}

/* What both sides have in common at the beginning and the end. */
struct middle {
    size_t head, before_end, after_end;
};

static struct middle find_middle(const struct lines *before, const struct lines *after)
{
    struct middle middle = {0, before->count, after->count};
    while (middle.head < before->count && middle.head < after->count &&
        is_same(before, middle.head, after, middle.head)) {
        middle.head++;
    }
    while (middle.before_end > middle.head && middle.after_end > middle.head &&
        is_same(before, middle.before_end - 1, after, middle.after_end - 1)) {
        middle.before_end--;
        middle.after_end--;
    }
    return middle;
}

/* cells[i * columns + k]: lines common to before[i..] and after[k..] of the middles. */
static uint32_t *measure(struct arena *arena, const struct lines *before,
    const struct lines *after, const struct middle *middle)
{
    size_t rows = middle->before_end - middle->head + 1;
    size_t columns = middle->after_end - middle->head + 1;
    if (rows > LINE_DIFF_CELLS_MAX / columns) {
        return NULL;
    }
    uint32_t *cells = arena_new_array(arena, uint32_t, rows * columns);
    for (size_t i = rows - 1; i-- > 0;) {
        for (size_t k = columns - 1; k-- > 0;) {
            uint32_t down = cells[(i + 1) * columns + k], right = cells[i * columns + k + 1];
            cells[i * columns + k] = is_same(before, middle->head + i, after, middle->head + k)
                ? cells[(i + 1) * columns + k + 1] + 1
                : down > right ? down
                               : right;
        }
    }
    return cells;
}

static size_t walk_middle(const struct lines *before, const struct lines *after,
    const struct middle *middle, const uint32_t *cells, struct step *steps)
{
    size_t count = 0, i = middle->head, k = i;
    size_t columns = middle->after_end - middle->head + 1;
    while (i < middle->before_end || k < middle->after_end) {
        size_t cell = (i - middle->head) * columns + (k - middle->head);
        bool both = i < middle->before_end && k < middle->after_end;
        if (both && cells != NULL && is_same(before, i, after, k)) {
            steps[count++] = (struct step){EDIT_KEEP, i++, k++};
        } else if (i < middle->before_end &&
            (k == middle->after_end || cells == NULL ||
                cells[cell + columns] >= cells[cell + 1])) {
            steps[count++] = (struct step){EDIT_REMOVE, i++, k};
        } else {
            steps[count++] = (struct step){EDIT_ADD, i, k++};
        }
    }
    return count;
}

static size_t list_steps(struct arena *arena, const struct lines *before,
    const struct lines *after, struct step **ret_steps)
{
    struct middle middle = find_middle(before, after);
    const uint32_t *cells = measure(arena, before, after, &middle);
    struct step *steps = arena_new_array(arena, struct step, before->count + after->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < middle.head; i++) {
        steps[count++] = (struct step){EDIT_KEEP, i, i};
    }
    count += walk_middle(before, after, &middle, cells, steps + count);
    for (size_t i = middle.before_end; i < before->count; i++) {
        steps[count++] = (struct step){EDIT_KEEP, i, middle.after_end + i - middle.before_end};
    }
    *ret_steps = steps;
    return count;
}

static void write_hunk(const struct lines *before, const struct lines *after,
    const struct step *steps, size_t count, struct buffer *out)
{
    size_t removed = 0, added = 0;
    for (size_t i = 0; i < count; i++) {
        removed += steps[i].edit != EDIT_ADD;
        added += steps[i].edit != EDIT_REMOVE;
    }
    buffer_printf(out, "@@ -%zu,%zu +%zu,%zu @@\n", steps->before + (removed > 0), removed,
        steps->after + (added > 0), added);
    for (size_t i = 0; i < count; i++) {
        bool from_after = steps[i].edit == EDIT_ADD;
        const struct lines *lines = from_after ? after : before;
        size_t line = from_after ? steps[i].after : steps[i].before;
        buffer_putc(out, (char)steps[i].edit);
        buffer_append(out, lines->starts[line], lines->lengths[line]);
        buffer_putc(out, '\n');
    }
}

void line_diff_write(
    struct arena *arena, const char *before, const char *after, struct buffer *out)
{
    struct lines old = split(arena, before), new = split(arena, after);
    struct step *steps;
    size_t count = list_steps(arena, &old, &new, &steps);
    for (size_t i = 0, end = 0; i < count; i++) {
        if (steps[i].edit == EDIT_KEEP) {
            continue;
        }
        size_t start = i - end > LINE_DIFF_CONTEXT ? i - LINE_DIFF_CONTEXT : end;
        size_t last = i;
        for (size_t k = i; k < count && k - last <= 2 * LINE_DIFF_CONTEXT + 1; k++) {
            last = steps[k].edit != EDIT_KEEP ? k : last;
        }
        end = last + 1 + LINE_DIFF_CONTEXT < count ? last + 1 + LINE_DIFF_CONTEXT : count;
        write_hunk(&old, &new, steps + start, end - start, out);
        i = end - 1;
    }
}
