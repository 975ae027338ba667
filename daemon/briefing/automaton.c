/* The trie is laid out breadth first from the sorted literals, without building pointers: a
 * state is a range of literals that share a prefix, its children are the sub-ranges by next
 * byte. In this order the children of a state are neighbours and shallow states have small
 * numbers, which gives the two halves of the table:
 *
 * - The first states, where a scan spends nearly all its time, have dense rows: one transition
 * for each class of bytes, failure already resolved. They get DENSE_BYTES.
 * - The others are a few bytes each: first child, failure link, output; the child is looked for
 *   among the labels, and there is nearly always just one.
 *
 * Dense rows for all states need 37 MB for 10,000 keywords, of which a scan misses the cache
 * all the time; a double array is as small as this but has no contiguous children and is slower
 * to build.
 *
 * A transition is a `cell`: where the row or state is, and two flags, so that a step to a dense
 * state without output costs one load and no arithmetic. Bytes that no literal holds share
 * class 0, and each other byte has its own. */
#include "briefing/automaton.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DENSE_BYTES = 2 << 20, ROOT = 0 };

/* The place is the offset of a row in `dense`, or with CELL_SPARSE the number of a state. */
#define CELL_OUTPUT UINT32_C(0x80000000)
#define CELL_SPARSE UINT32_C(0x40000000)
#define CELL_PLACE UINT32_C(0x3fffffff)

/* Children are numbered from the first on; nearly all states have one, so that it is looked at
 * without leaving the record. */
struct state {
    uint32_t failure;     /* cell of the longest proper suffix that is a state too */
    uint32_t first_child; /* cell; set when the children are linked */
    uint32_t output;      /* index of its outputs, 0: none here nor along the failures */
    uint8_t child_count;
    uint8_t first_label; /* class of the byte that leads to the first child */
};

/* What ends in a state. */
struct output {
    uint32_t first, end; /* range of `order` */
    uint32_t next;       /* outputs of the nearest suffix that has some; 0: none */
};

struct automaton {
    uint8_t classes[256];
    uint32_t class_count;
    uint32_t stride; /* cells of a row: the classes and, last, the output */
    uint32_t dense_count;
    uint32_t state_count;
    uint32_t output_count;
    uint32_t *dense;      /* [dense_count * stride] */
    struct state *states; /* [state_count] */
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
    uint32_t depth;
    uint32_t first_child; /* number of the first child, behind it the others */
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
    builder->ranges[state].first_child = automaton->state_count;
    while (first < range.end) {
        char byte = builder->sorted[first]->bytes[range.depth];
        uint32_t end = first + 1;
        while (end < range.end && builder->sorted[end]->bytes[range.depth] == byte) {
            end++;
        }
        uint32_t child = automaton->state_count++;
        automaton->labels[child] = automaton->classes[(uint8_t)byte];
        builder->ranges[child] = (struct range){first, end, range.depth + 1, 0};
        automaton->states[state].child_count++;
        first = end;
    }
}

static uint32_t make_cell(const struct automaton *automaton, uint32_t state)
{
    uint32_t output = automaton->states[state].output != 0 ? CELL_OUTPUT : 0;
    return state < automaton->dense_count ? state * automaton->stride | output
                                          : state | CELL_SPARSE | output;
}

/* The transition from a state without a row: a child, or what its failure does. No child has
 * class 0. */
static uint32_t step_sparse(const struct automaton *automaton, uint32_t cell, uint32_t class)
{
    if (class == 0) {
        return ROOT;
    }
    do {
        const struct state *here = &automaton->states[cell & CELL_PLACE];
        if (here->first_label == class) {
            return here->first_child;
        }
        for (uint32_t i = 1; i < here->child_count; i++) {
            uint32_t child = (here->first_child & CELL_PLACE) + i;
            if (automaton->labels[child] == class) {
                return make_cell(automaton, child);
            }
        }
        cell = here->failure;
    } while (cell & CELL_SPARSE);
    return automaton->dense[(cell & CELL_PLACE) + class];
}

static inline uint32_t step(const struct automaton *automaton, uint32_t cell, uint32_t class)
{
    return cell & CELL_SPARSE ? step_sparse(automaton, cell, class)
                              : automaton->dense[(cell & CELL_PLACE) + class];
}

static inline uint32_t find_state(const struct automaton *automaton, uint32_t cell)
{
    uint32_t place = cell & CELL_PLACE;
    return cell & CELL_SPARSE ? place : place / automaton->stride;
}

/* A child's failure is a transition of its parent's failure, which is shallower and complete.
 * It is no deeper than the parent, so its own output is known too. */
static void link_child(struct automaton *automaton, uint32_t parent, uint32_t number)
{
    struct state *child = &automaton->states[number];
    uint32_t suffix = ROOT;
    if (parent != ROOT) {
        uint32_t failure = automaton->states[parent].failure;
        suffix = find_state(automaton, step(automaton, failure, automaton->labels[number]));
    }
    child->failure = make_cell(automaton, suffix);
    uint32_t inherited = automaton->states[suffix].output;
    if (child->output == 0) {
        child->output = inherited;
    } else {
        automaton->outputs[child->output].next = inherited;
    }
}

static void link_children(struct automaton *automaton, uint32_t state, uint32_t first)
{
    struct state *here = &automaton->states[state];
    for (uint32_t i = 0; i < here->child_count; i++) {
        link_child(automaton, state, first + i);
    }
    if (here->child_count > 0) {
        here->first_child = make_cell(automaton, first);
        here->first_label = automaton->labels[first];
    }
}

/* A row is its failure's row with the own children over it. */
static void fill_row(struct automaton *automaton, uint32_t state, uint32_t first)
{
    const struct state *here = &automaton->states[state];
    uint32_t *row = automaton->dense + (size_t)state * automaton->stride;
    if (state != ROOT) {
        memcpy(row, automaton->dense + (here->failure & CELL_PLACE),
            automaton->class_count * sizeof(*row));
    }
    for (uint32_t child = first; child < first + here->child_count; child++) {
        row[automaton->labels[child]] = make_cell(automaton, child);
    }
    row[automaton->class_count] = here->output;
}

static void build(struct builder *builder, uint32_t count)
{
    struct automaton *automaton = builder->automaton;
    builder->ranges[ROOT] = (struct range){.end = count};
    automaton->state_count = 1;
    for (uint32_t state = 0; state < automaton->state_count; state++) {
        add_children(builder, state, add_outputs(builder, state));
    }
    automaton->stride = automaton->class_count + 1;
    uint32_t rows = DENSE_BYTES / (automaton->stride * (uint32_t)sizeof(uint32_t));
    automaton->dense_count = rows < automaton->state_count ? rows : automaton->state_count;
    automaton->dense = allocate(
        (size_t)automaton->dense_count * automaton->stride, sizeof(uint32_t));
    for (uint32_t state = 0; state < automaton->state_count; state++) {
        uint32_t first_child = builder->ranges[state].first_child;
        link_children(automaton, state, first_child);
        if (state < automaton->dense_count) {
            fill_row(automaton, state, first_child);
        }
    }
}

struct automaton *automaton_new(const struct automaton_literal *literals, size_t count)
{
    size_t total = 1;
    for (size_t i = 0; i < count; i++) {
        total += literals[i].length;
    }
    assert(total < CELL_PLACE);
    struct automaton *automaton = allocate(1, sizeof(*automaton));
    assign_classes(automaton, literals, count);
    automaton->states = allocate(total, sizeof(*automaton->states));
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

static void report(const struct automaton *automaton, uint32_t cell, uint32_t end,
    automaton_on_hit on_hit, void *context)
{
    uint32_t number = cell & CELL_SPARSE
        ? automaton->states[cell & CELL_PLACE].output
        : automaton->dense[(cell & CELL_PLACE) + automaton->class_count];
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
    uint32_t cell = ROOT;
    for (uint32_t i = 0; i < length; i++) {
        cell = step(automaton, cell, automaton->classes[(uint8_t)text[i]]);
        if (cell & CELL_OUTPUT) {
            report(automaton, cell, i + 1, on_hit, context);
        }
    }
}

size_t automaton_bytes(const struct automaton *automaton)
{
    return sizeof(*automaton) +
        (size_t)automaton->dense_count * automaton->stride * sizeof(uint32_t) +
        automaton->state_count * (sizeof(struct state) + sizeof(uint8_t)) +
        automaton->output_count * sizeof(struct output);
}
