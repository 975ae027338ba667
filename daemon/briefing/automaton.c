/* The trie is laid out breadth first from the sorted literals, without building pointers: a
 * state is a range of literals that share a prefix, its children are the sub-ranges by next
 * byte. In this order the children of a state are neighbours and shallow states have small
 * numbers, which gives the two halves of the table:
 *
 * - The first states, where a scan spends nearly all its time, have dense rows: one transition
 * for each class of bytes, failure already resolved. They get DENSE_BYTES, about what a core's
 * second cache holds.
 * - The others are a few bytes each: first child, failure link, output; the child is looked for
 *   among the labels, and there is nearly always just one.
 *
 * Dense rows for all states need 37-68 MB for 10,000 keywords and run from memory instead of
 * cache; a double array is as small as this but has no contiguous children and is slower to
 * build.
 *
 * Bytes that no literal holds share class 0, and each other byte has its own. */
#include "briefing/automaton.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DENSE_BYTES = 1 << 20, ROOT = 0 };

struct state {
    uint32_t first_child; /* children are [first_child, the next state's first_child) */
    uint32_t failure;     /* the longest proper suffix that is a state too */
    uint32_t output;      /* index of its outputs, 0: none here nor along the failures */
};

/* What ends in a state. */
struct output {
    uint32_t first, end; /* range of `order` */
    uint32_t next;       /* outputs of the nearest suffix that has some; 0: none */
};

struct automaton {
    uint8_t classes[256];
    uint32_t class_count;
    uint32_t dense_count;
    uint32_t state_count;
    uint32_t output_count;
    uint32_t *dense;      /* [dense_count * class_count] */
    struct state *states; /* [state_count + 1] */
    uint8_t *labels;      /* [state_count] class of the byte that leads to the state */
    struct output *outputs;
    uint32_t *order; /* literal numbers, sorted by their bytes */
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

/* --- building --- */

struct range {
    uint32_t first, end; /* sorted literals that share the state's prefix */
    uint32_t parent;
    uint32_t depth;
};

struct builder {
    struct automaton *automaton;
    const struct automaton_literal **sorted;
    struct range *ranges; /* one a state */
};

static int compare_literals(const void *left, const void *right)
{
    const struct automaton_literal *a = *(const struct automaton_literal *const *)left;
    const struct automaton_literal *b = *(const struct automaton_literal *const *)right;
    int order = memcmp(a->bytes, b->bytes, a->length < b->length ? a->length : b->length);
    if (order != 0) {
        return order;
    }
    if (a->length != b->length) {
        return a->length < b->length ? -1 : 1;
    }
    return a < b ? -1 : a > b; /* equal ones in the caller's order */
}

static void assign_classes(
    struct automaton *automaton, const struct automaton_literal *literals, size_t count)
{
    automaton->class_count = 1;
    for (size_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < literals[i].length; k++) {
            uint8_t byte = (uint8_t)literals[i].bytes[k];
            if (automaton->classes[byte] == 0) {
                assert(automaton->class_count <= UINT8_MAX); /* UTF-8 never uses all bytes */
                automaton->classes[byte] = (uint8_t)automaton->class_count++;
            }
        }
    }
}

/* Take the literals that end in the state; the rest of its range begins behind them. */
static uint32_t add_outputs(struct builder *builder, uint32_t state)
{
    struct automaton *automaton = builder->automaton;
    const struct range *range = &builder->ranges[state];
    uint32_t end = range->first;
    while (end < range->end && builder->sorted[end]->length == range->depth) {
        end++;
    }
    if (end > range->first) {
        uint32_t number = ++automaton->output_count;
        automaton->outputs[number] = (struct output){range->first, end, 0};
        automaton->states[state].output = number;
    }
    return end;
}

/* Append the children of a state. Children that share a byte are neighbours in sorted order. */
static void add_children(struct builder *builder, uint32_t state, uint32_t first)
{
    struct automaton *automaton = builder->automaton;
    const struct range range = builder->ranges[state];
    automaton->states[state].first_child = automaton->state_count;
    while (first < range.end) {
        char byte = builder->sorted[first]->bytes[range.depth];
        uint32_t end = first + 1;
        while (end < range.end && builder->sorted[end]->bytes[range.depth] == byte) {
            end++;
        }
        uint32_t child = automaton->state_count++;
        automaton->labels[child] = automaton->classes[(uint8_t)byte];
        builder->ranges[child] = (struct range){first, end, state, range.depth + 1};
        first = end;
    }
}

static inline uint32_t step(const struct automaton *automaton, uint32_t state, uint32_t class)
{
    while (state >= automaton->dense_count) {
        const struct state *here = &automaton->states[state];
        for (uint32_t child = here->first_child; child < here[1].first_child; child++) {
            if (automaton->labels[child] == class) {
                return child;
            }
        }
        state = here->failure;
    }
    return automaton->dense[state * automaton->class_count + class];
}

/* Failure links are the transitions of shallower states, which are complete by then. */
static void link_failure(struct builder *builder, uint32_t state)
{
    struct automaton *automaton = builder->automaton;
    struct state *here = &automaton->states[state];
    uint32_t parent = builder->ranges[state].parent;
    if (state != ROOT && parent != ROOT) {
        here->failure = step(
            automaton, automaton->states[parent].failure, automaton->labels[state]);
    }
    uint32_t inherited = automaton->states[here->failure].output;
    if (here->output == 0) {
        here->output = inherited;
    } else {
        automaton->outputs[here->output].next = inherited;
    }
}

static void fill_row(struct automaton *automaton, uint32_t state)
{
    const struct state *here = &automaton->states[state];
    uint32_t *row = automaton->dense + (size_t)state * automaton->class_count;
    if (state != ROOT) {
        memcpy(row, automaton->dense + (size_t)here->failure * automaton->class_count,
            automaton->class_count * sizeof(*row));
    }
    for (uint32_t child = here->first_child; child < here[1].first_child; child++) {
        row[automaton->labels[child]] = child;
    }
}

static void build(struct builder *builder, uint32_t count)
{
    struct automaton *automaton = builder->automaton;
    builder->ranges[ROOT] = (struct range){.end = count};
    automaton->state_count = 1;
    for (uint32_t state = 0; state < automaton->state_count; state++) {
        add_children(builder, state, add_outputs(builder, state));
    }
    automaton->states[automaton->state_count].first_child = automaton->state_count;
    uint32_t rows = DENSE_BYTES / (automaton->class_count * (uint32_t)sizeof(uint32_t));
    automaton->dense_count = rows < automaton->state_count ? rows : automaton->state_count;
    automaton->dense = allocate(
        (size_t)automaton->dense_count * automaton->class_count, sizeof(uint32_t));
    for (uint32_t state = 0; state < automaton->state_count; state++) {
        link_failure(builder, state);
        if (state < automaton->dense_count) {
            fill_row(automaton, state);
        }
    }
}

struct automaton *automaton_new(const struct automaton_literal *literals, size_t count)
{
    size_t total = 1;
    for (size_t i = 0; i < count; i++) {
        total += literals[i].length;
    }
    assert(total < UINT32_MAX);
    struct automaton *automaton = allocate(1, sizeof(*automaton));
    assign_classes(automaton, literals, count);
    automaton->states = allocate(total + 1, sizeof(*automaton->states));
    automaton->labels = allocate(total, sizeof(*automaton->labels));
    automaton->outputs = allocate(count + 1, sizeof(*automaton->outputs));
    automaton->order = allocate(count + 1, sizeof(*automaton->order));
    struct builder builder = {automaton, allocate(count + 1, sizeof(*builder.sorted)),
        allocate(total, sizeof(*builder.ranges))};
    for (size_t i = 0; i < count; i++) {
        assert(literals[i].length > 0);
        builder.sorted[i] = &literals[i];
    }
    qsort(builder.sorted, count, sizeof(*builder.sorted), compare_literals);
    for (size_t i = 0; i < count; i++) {
        automaton->order[i] = (uint32_t)(builder.sorted[i] - literals);
    }
    build(&builder, (uint32_t)count);
    free(builder.sorted);
    free(builder.ranges);
    return automaton;
}

void automaton_free(struct automaton *automaton)
{
    if (automaton == NULL) {
        return;
    }
    free(automaton->dense);
    free(automaton->states);
    free(automaton->labels);
    free(automaton->outputs);
    free(automaton->order);
    free(automaton);
}

/* --- scanning --- */

static void report(const struct automaton *automaton, uint32_t number, uint32_t end,
    automaton_on_hit on_hit, void *context)
{
    while (number != 0) {
        const struct output *output = &automaton->outputs[number];
        for (uint32_t i = output->first; i < output->end; i++) {
            on_hit(context, automaton->order[i], end);
        }
        number = output->next;
    }
}

void automaton_scan(const struct automaton *automaton, const char *text, uint32_t length,
    automaton_on_hit on_hit, void *context)
{
    uint32_t state = ROOT;
    for (uint32_t i = 0; i < length; i++) {
        state = step(automaton, state, automaton->classes[(uint8_t)text[i]]);
        uint32_t output = automaton->states[state].output;
        if (output != 0) {
            report(automaton, output, i + 1, on_hit, context);
        }
    }
}

size_t automaton_bytes(const struct automaton *automaton)
{
    return sizeof(*automaton) +
        (size_t)automaton->dense_count * automaton->class_count * sizeof(uint32_t) +
        automaton->state_count * (sizeof(struct state) + sizeof(uint8_t)) +
        automaton->output_count * sizeof(struct output);
}
