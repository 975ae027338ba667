/* Two steps: a filter says where a word may begin, a trie says which ones do.
 *
 * Keywords have borders: a Latin one begins where a word of the text does, a Han one at a
 * character. So most bytes can begin nothing. From each of the others the filter looks at a
 * fixed number of bytes (two Han characters, four Latin letters; half of that for shorter
 * words), hashed into a set of bits that stays in the fastest cache. Nothing in these two
 * passes is a branch, since no text lets one predict where words begin; the tenth of the
 * beginnings that is left goes through the trie.
 *
 * The trie is a double array (J. Aoe, "An Efficient Digital Search Algorithm by Using a
 * Double-Array Structure", IEEE TSE 15(9), 1989): a state is a cell, its child by a byte stands
 * at the sum of its base and the byte's class and names its parent, which tells it from a child
 * of another state that the cell belongs to. Bytes that no literal holds share class 0, and
 * each other byte has its own.
 *
 * Rejected: Aho-Corasick, the automaton that never goes back in the text. Its bound does not
 * depend on the words, but it carries every suffix along inside each word, where no keyword can
 * begin, and each of its steps waits for a load that depends on the one before. The trie
 * without the filter waits for the same loads. */
#include "briefing/automaton.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

enum {
    ROOT = 0,
    CLASSES_MAX = 256,
    /* Places tried for the children of a state before they go to the end of the array. More
     * would fill it hardly better. */
    PLACES_TRIED_MAX = 64,
    BLOCK_BYTES = 512,
    KEY_BYTES = 8, /* are read at a beginning */
    FILTER_BITS_LOG2_MIN = 12,
    FILTER_BITS_LOG2_MAX = 17, /* 16 KiB: half of the first cache */
    FILTER_BITS_A_KEY = 16,    /* one beginning in sixteen passes by chance */
};

#define NO_CELL UINT32_MAX
#define ENDING UINT32_C(0x80000000)

struct cell {
    uint32_t base; /* cell of the child by class c: base + c; with ENDING a literal ends here */
    uint32_t parent; /* NO_CELL: nobody's */
};

/* The literals that end in a state. */
struct ending {
    uint32_t first, end; /* range of `order` */
};

/* Bits of what a byte is. */
enum { KIND_BEGINS = 1, KIND_LETTER = 2 };

/* Which bytes at a beginning the filter looks at, by whether the first is ASCII. */
static const struct {
    unsigned few, many;
} key_bytes[] = {{3, 6}, {2, 4}};

struct automaton {
    uint8_t kinds[256];
    uint8_t classes[256];
    uint32_t class_count;
    unsigned filter_shift; /* of a hash, leaves the number of a bit */
    uint64_t *filter;
    uint32_t cell_count;
    uint32_t ending_count;
    struct cell *cells;  /* CLASSES_MAX more than are used, so that no step needs a bound */
    uint32_t *ending_of; /* [cell_count] index of its ending, where it has one */
    struct ending *endings;
    uint32_t *order; /* literal numbers, sorted by their bytes */
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        memory_exhausted();
    }
    return memory;
}

/* --- building --- */

/* A state still to be given its children: the sorted literals that share its prefix. */
struct range {
    uint32_t first, end;
    uint32_t depth;
    uint32_t cell;
};

/* A child to be: class and range. */
struct branch {
    uint8_t class;
    uint32_t first, end;
};

struct builder {
    struct automaton *automaton;
    const struct automaton_literal **sorted;
    struct range *queue; /* states breadth first */
    size_t queued;
    uint32_t capacity;       /* of cells, all beyond cell_count free */
    uint32_t *ending_of;     /* [capacity] */
    uint32_t *next_free;     /* [capacity] the next free cell behind a free one */
    uint32_t *previous_free; /* [capacity] */
    uint32_t first_free, last_free;
    uint32_t first_try; /* free cell from which places for several children are looked for */
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
                assert(automaton->class_count < CLASSES_MAX); /* UTF-8 never uses all bytes */
                automaton->classes[byte] = (uint8_t)automaton->class_count++;
            }
        }
    }
}

static void assign_kinds(
    struct automaton *automaton, const struct automaton_literal *literals, size_t count)
{
    for (int byte = 0; byte < 256; byte++) {
        bool letter = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
        automaton->kinds[byte] = letter ? KIND_LETTER : 0;
    }
    for (size_t i = 0; i < count; i++) {
        automaton->kinds[(uint8_t)literals[i].bytes[0]] |= KIND_BEGINS;
    }
}

/* --- the filter --- */

static inline uint64_t read_key(const char *text)
{
    uint64_t key;
    memcpy(&key, text, sizeof(key));
    return key;
}

/* The first `bytes` of a key; on a big-endian machine these are its high end. */
static inline uint64_t cut_key(uint64_t key, unsigned bytes)
{
    const unsigned unused = 64 - 8 * bytes;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return key << unused >> unused;
#else
    return key >> unused << unused;
#endif
}

/* Multiplicative hashing: D. E. Knuth, "The Art of Computer Programming" 3, 6.4. */
static inline uint64_t hash_key(const struct automaton *automaton, uint64_t key)
{
    return key * UINT64_C(0x9e3779b97f4a7c15) >> automaton->filter_shift;
}

static void set_key(struct automaton *automaton, const char *bytes, unsigned length)
{
    uint64_t bit = hash_key(automaton, cut_key(read_key(bytes), length));
    automaton->filter[bit / 64] |= UINT64_C(1) << bit % 64;
}

static inline unsigned has_key(const struct automaton *automaton, uint64_t key, unsigned length)
{
    uint64_t bit = hash_key(automaton, cut_key(key, length));
    return automaton->filter[bit / 64] >> bit % 64 & 1;
}

/* A literal shorter than the shorter key goes in with every byte that may follow it. */
static void add_to_filter(
    struct automaton *automaton, const char *bytes, uint32_t length, unsigned few)
{
    char key[KEY_BYTES] = {0};
    memcpy(key, bytes, length);
    if (length >= few) {
        set_key(automaton, key, few);
        return;
    }
    for (int next = 0; next < 256; next++) {
        key[length] = (char)next;
        add_to_filter(automaton, key, length + 1, few);
    }
}

static void build_filter(
    struct automaton *automaton, const struct automaton_literal *literals, size_t count)
{
    unsigned log2 = FILTER_BITS_LOG2_MIN;
    while (log2 < FILTER_BITS_LOG2_MAX && count * FILTER_BITS_A_KEY > (size_t)1 << log2) {
        log2++;
    }
    automaton->filter_shift = 64 - log2;
    automaton->filter = allocate(((size_t)1 << log2) / 64, sizeof(uint64_t));
    for (size_t i = 0; i < count; i++) {
        bool ascii = (uint8_t)literals[i].bytes[0] < 0x80;
        if (literals[i].length < key_bytes[ascii].many) {
            unsigned few = key_bytes[ascii].few;
            add_to_filter(automaton, literals[i].bytes,
                literals[i].length < few ? literals[i].length : few, few);
        } else {
            char key[KEY_BYTES] = {0};
            memcpy(key, literals[i].bytes, key_bytes[ascii].many);
            set_key(automaton, key, key_bytes[ascii].many);
        }
    }
}

/* --- the trie --- */

static void *resize(void *memory, size_t count, size_t size)
{
    memory = realloc(memory, count * size);
    if (memory == NULL) {
        memory_exhausted();
    }
    return memory;
}

/* Free cells are a list by rising number, so that the array fills from its beginning. */
static void add_free_cells(struct builder *builder, uint32_t capacity)
{
    struct cell *cells = resize(builder->automaton->cells, capacity, sizeof(*cells));
    builder->automaton->cells = cells;
    builder->ending_of = resize(builder->ending_of, capacity, sizeof(uint32_t));
    builder->next_free = resize(builder->next_free, capacity, sizeof(uint32_t));
    builder->previous_free = resize(builder->previous_free, capacity, sizeof(uint32_t));
    for (uint32_t cell = builder->capacity; cell < capacity; cell++) {
        cells[cell] = (struct cell){0, NO_CELL};
        builder->previous_free[cell] = builder->last_free;
        builder->next_free[cell] = NO_CELL;
        if (builder->last_free == NO_CELL) {
            builder->first_free = cell;
        } else {
            builder->next_free[builder->last_free] = cell;
        }
        builder->last_free = cell;
    }
    builder->capacity = capacity;
}

static void take_cell(struct builder *builder, uint32_t cell)
{
    uint32_t next = builder->next_free[cell], previous = builder->previous_free[cell];
    if (previous == NO_CELL) {
        builder->first_free = next;
    } else {
        builder->next_free[previous] = next;
    }
    if (next == NO_CELL) {
        builder->last_free = previous;
    } else {
        builder->previous_free[next] = previous;
    }
    if (cell >= builder->automaton->cell_count) {
        builder->automaton->cell_count = cell + 1;
    }
}

static bool is_free(const struct builder *builder, uint32_t cell)
{
    return cell != ROOT && builder->automaton->cells[cell].parent == NO_CELL;
}

/* Do all children fall on free cells when the first lies on `cell`? */
static bool fits(
    const struct builder *builder, uint32_t cell, const struct branch *branches, uint32_t count)
{
    if (cell < branches[0].class) {
        return false;
    }
    uint32_t base = cell - branches[0].class;
    for (uint32_t i = 1; i < count; i++) {
        if (!is_free(builder, base + branches[i].class)) {
            return false;
        }
    }
    return true;
}

static uint32_t find_base(
    struct builder *builder, const struct branch *branches, uint32_t count)
{
    /* Behind the last used cell everything is free, and room for two whole rows is kept. */
    if (builder->capacity < builder->automaton->cell_count + 2 * CLASSES_MAX) {
        add_free_cells(builder, builder->capacity * 2);
    }
    uint32_t *first = count == 1 ? &builder->first_free : &builder->first_try;
    if (*first < builder->automaton->cell_count && !is_free(builder, *first)) {
        *first = builder->first_free;
    }
    uint32_t cell = *first;
    for (int i = 0; i < PLACES_TRIED_MAX && cell < builder->automaton->cell_count; i++) {
        if (fits(builder, cell, branches, count)) {
            return cell - branches[0].class;
        }
        cell = builder->next_free[cell];
    }
    if (count > 1) {
        builder->first_try = cell; /* what did not fit here will hardly do so later */
    }
    return builder->automaton->cell_count;
}

/* Take the literals that end in the state; the rest of its range begins behind them. */
static uint32_t add_ending(struct builder *builder, const struct range *range)
{
    struct automaton *automaton = builder->automaton;
    uint32_t end = range->first;
    while (end < range->end && builder->sorted[end]->length == range->depth) {
        end++;
    }
    if (end > range->first) {
        builder->ending_of[range->cell] = automaton->ending_count;
        automaton->endings[automaton->ending_count++] = (struct ending){range->first, end};
        automaton->cells[range->cell].base = ENDING;
    }
    return end;
}

static int compare_branches(const void *left, const void *right)
{
    const struct branch *a = left, *b = right;
    return a->class - b->class;
}

/* Children that share a byte are neighbours in sorted order. */
static uint32_t list_branches(
    const struct builder *builder, struct range range, struct branch *branches)
{
    uint32_t count = 0;
    for (uint32_t first = range.first; first < range.end;) {
        char byte = builder->sorted[first]->bytes[range.depth];
        uint32_t end = first + 1;
        while (end < range.end && builder->sorted[end]->bytes[range.depth] == byte) {
            end++;
        }
        branches[count++] = (struct branch){
            builder->automaton->classes[(uint8_t)byte], first, end};
        first = end;
    }
    qsort(branches, count, sizeof(*branches), compare_branches);
    return count;
}

static void add_children(struct builder *builder, struct range range)
{
    struct branch branches[CLASSES_MAX];
    range.first = add_ending(builder, &range);
    uint32_t count = list_branches(builder, range, branches);
    if (count == 0) {
        return; /* whatever stands at a base of 0 has another parent */
    }
    uint32_t base = find_base(builder, branches, count);
    builder->automaton->cells[range.cell].base |= base;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t cell = base + branches[i].class;
        take_cell(builder, cell);
        builder->automaton->cells[cell].parent = range.cell;
        builder->queue[builder->queued++] = (struct range){
            branches[i].first, branches[i].end, range.depth + 1, cell};
    }
}

static void build(struct builder *builder, uint32_t count)
{
    builder->first_free = builder->last_free = NO_CELL;
    add_free_cells(builder, 4 * CLASSES_MAX);
    take_cell(builder, ROOT);
    builder->first_try = builder->first_free;
    builder->queue[builder->queued++] = (struct range){.end = count, .cell = ROOT};
    for (size_t i = 0; i < builder->queued; i++) {
        add_children(builder, builder->queue[i]);
    }
    /* find_base() has left room for a step that looks this far behind the last cell. */
    struct automaton *automaton = builder->automaton;
    automaton->cells = resize(
        automaton->cells, automaton->cell_count + CLASSES_MAX, sizeof(*automaton->cells));
    automaton->ending_of = resize(
        builder->ending_of, automaton->cell_count, sizeof(*automaton->ending_of));
}

struct automaton *automaton_new(const struct automaton_literal *literals, size_t count)
{
    size_t total = 1;
    for (size_t i = 0; i < count; i++) {
        assert(literals[i].length > 0);
        total += literals[i].length;
    }
    assert(total < UINT32_MAX / 4);
    struct automaton *automaton = allocate(1, sizeof(*automaton));
    assign_classes(automaton, literals, count);
    assign_kinds(automaton, literals, count);
    build_filter(automaton, literals, count);
    automaton->endings = allocate(count + 1, sizeof(*automaton->endings));
    automaton->order = allocate(count + 1, sizeof(*automaton->order));
    struct builder builder = {.automaton = automaton,
        .sorted = allocate(count + 1, sizeof(*builder.sorted)),
        .queue = allocate(total, sizeof(*builder.queue))};
    for (size_t i = 0; i < count; i++) {
        builder.sorted[i] = &literals[i];
    }
    qsort(builder.sorted, count, sizeof(*builder.sorted), compare_literals);
    for (size_t i = 0; i < count; i++) {
        automaton->order[i] = (uint32_t)(builder.sorted[i] - literals);
    }
    build(&builder, (uint32_t)count);
    free(builder.sorted);
    free(builder.queue);
    free(builder.next_free);
    free(builder.previous_free);
    return automaton;
}

void automaton_free(struct automaton *automaton)
{
    if (automaton == NULL) {
        return;
    }
    free(automaton->filter);
    free(automaton->cells);
    free(automaton->ending_of);
    free(automaton->endings);
    free(automaton->order);
    free(automaton);
}

/* --- scanning --- */

static void report(const struct automaton *automaton, uint32_t cell, uint32_t end,
    automaton_on_hit on_hit, void *context)
{
    const struct ending *ending = &automaton->endings[automaton->ending_of[cell]];
    for (uint32_t i = ending->first; i < ending->end; i++) {
        on_hit(context, automaton->order[i], end);
    }
}

/* Report all words that begin at `at`. */
static void follow(const struct automaton *automaton, const char *text, uint32_t at,
    uint32_t length, automaton_on_hit on_hit, void *context)
{
    uint32_t state = ROOT;
    while (at < length) {
        uint32_t class = automaton->classes[(uint8_t)text[at++]];
        uint32_t child = (automaton->cells[state].base & ~ENDING) + class;
        if (automaton->cells[child].parent != state) {
            return;
        }
        state = child;
        if (automaton->cells[state].base & ENDING) {
            report(automaton, state, at, on_hit, context);
        }
    }
}

/* Where in a block a word may begin by the kinds of its bytes; `last` is that of the byte
 * before it. */
static uint32_t list_beginnings(const struct automaton *automaton, const char *block,
    uint32_t length, unsigned last, uint16_t *beginnings)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < length; i++) {
        unsigned kind = automaton->kinds[(uint8_t)block[i]];
        beginnings[count] = (uint16_t)i;
        count += kind & ~((kind & last) / KIND_LETTER) & KIND_BEGINS;
        last = kind;
    }
    return count;
}

/* Keep those where some word begins like the text. */
static uint32_t filter_beginnings(
    const struct automaton *automaton, const char *block, uint32_t count, uint16_t *beginnings)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = block + beginnings[i];
        uint64_t key = read_key(text);
        unsigned ascii = (uint8_t)*text < 0x80;
        beginnings[kept] = beginnings[i];
        kept += has_key(automaton, key, key_bytes[ascii].few) |
            has_key(automaton, key, key_bytes[ascii].many);
    }
    return kept;
}

/* A block that the filter may read KEY_BYTES beyond. */
static void scan_block(const struct automaton *automaton, const char *text, uint32_t start,
    uint32_t end, uint32_t length, automaton_on_hit on_hit, void *context)
{
    uint16_t beginnings[BLOCK_BYTES];
    unsigned before = start == 0 ? 0 : automaton->kinds[(uint8_t)text[start - 1]];
    uint32_t count = list_beginnings(automaton, text + start, end - start, before, beginnings);
    if (end + KEY_BYTES <= length) {
        count = filter_beginnings(automaton, text + start, count, beginnings);
    }
    for (uint32_t i = 0; i < count; i++) {
        follow(automaton, text, start + beginnings[i], length, on_hit, context);
    }
}

/* The last bytes are a block of their own, which is not filtered. */
void automaton_scan(const struct automaton *automaton, const char *text, uint32_t length,
    automaton_on_hit on_hit, void *context)
{
    const uint32_t filtered = length < KEY_BYTES ? 0 : length - KEY_BYTES;
    for (uint32_t start = 0; start < length;) {
        uint32_t limit = start < filtered ? filtered : length;
        uint32_t end = limit - start < BLOCK_BYTES ? limit : start + BLOCK_BYTES;
        scan_block(automaton, text, start, end, length, on_hit, context);
        start = end;
    }
}

size_t automaton_bytes(const struct automaton *automaton)
{
    return sizeof(*automaton) +
        (automaton->cell_count + (size_t)CLASSES_MAX) * sizeof(struct cell) +
        automaton->cell_count * sizeof(uint32_t) +
        automaton->ending_count * sizeof(struct ending);
}
