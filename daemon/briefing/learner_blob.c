/* Events and learners as bytes. Numbers are LEB128, floats are their IEEE 754 bits, little end
 * first; codes ascend and are written as distances. Both forms begin with a version and end
 * with FNV-1a of all before it.
 *
 * The checksum is against damage, not against forgery, so a reader trusts nothing behind it:
 * every length is checked against what is left, every number against its range. A learner is
 * kept only to start faster, so at the least doubt it is refused and built again. */
#include "briefing/learner.h"

#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "briefing/learner_parts.h"

enum {
    EVENT_VERSION = 1,
    CHECKSUM_BYTES = 8,
    VOTES_MAX = 64,
    ODDS_MAX = 1000000, /* of what rules said; judge_see() stays within 1000 */
    /* Far beyond what weights grow to: the prior's variance bounds them. */
    WEIGHT_MAX = 1000,
};

static const char event_mark[] = {'b', 'E', EVENT_VERSION};
static const char learner_mark[] = {'b', 'L', LEARNER_VERSION};

/* --- writing --- */

static void put_number(struct buffer *out, uint64_t number)
{
    while (number >= 0x80) {
        buffer_putc(out, (char)(0x80 | (number & 0x7f)));
        number >>= 7;
    }
    buffer_putc(out, (char)number);
}

static void put_bits(struct buffer *out, uint64_t bits, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        buffer_putc(out, (char)(bits >> (8 * i)));
    }
}

static void put_float(struct buffer *out, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    put_bits(out, bits, sizeof(bits));
}

static void put_text(struct buffer *out, const char *text)
{
    size_t length = text == NULL ? 0 : strlen(text);
    put_number(out, length);
    buffer_append(out, text == NULL ? "" : text, length);
}

static void put_checksum(struct buffer *out, size_t start)
{
    if (!buffer_failed(out)) {
        put_bits(out, hash_bytes(HASH_START, out->data + start, out->length - start),
            CHECKSUM_BYTES);
    }
}

void learner_event_write(const struct learner_event *event, struct buffer *out)
{
    const size_t start = out->length;
    const struct learner_sight *sight = &event->sight;
    buffer_append(out, event_mark, sizeof(event_mark));
    buffer_putc(out, (char)event->kind);
    put_text(out, event->section);
    put_float(out, sight->relevance);
    put_number(out, sight->vote_count);
    for (size_t i = 0; i < sight->vote_count; i++) {
        put_text(out, sight->votes[i].section);
        put_float(out, sight->votes[i].votes);
    }
    put_number(out, sight->features.count);
    for (size_t i = 0; i < sight->features.count; i++) {
        put_number(out,
            sight->features.codes[i] - (i > 0 ? sight->features.codes[i - 1] : UINT32_C(0)));
    }
    put_checksum(out, start);
}

static bool is_empty(const struct learner_cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (cells[i].weight != 0.0f || cells[i].precision != 0.0f) {
            return false;
        }
    }
    return true;
}

/* Which heads know something, then what. */
static void put_cells(struct buffer *out, const struct learner_cell *cells, size_t count)
{
    uint32_t known = 0;
    for (size_t i = 0; i < count; i++) {
        known |= is_empty(&cells[i], 1) ? 0 : UINT32_C(1) << i;
    }
    put_number(out, known);
    for (size_t i = 0; i < count; i++) {
        if (known >> i & 1) {
            put_float(out, cells[i].weight);
            put_float(out, cells[i].precision);
        }
    }
}

void learner_write(const struct learner *learner, struct buffer *out)
{
    const size_t start = out->length;
    buffer_append(out, learner_mark, sizeof(learner_mark));
    put_bits(out, learner->settings, sizeof(learner->settings));
    put_number(out, learner->events);
    uint32_t next = 0; /* bucket that a distance of 0 means */
    for (uint32_t bucket = 0; bucket < UINT32_C(1) << LEARNER_BUCKET_BITS; bucket++) {
        const struct learner_cell *cells = learner_find_cells(learner, bucket);
        if (cells == NULL) {
            bucket |= LEARNER_PAGE_BUCKETS - 1; /* to the end of the page */
        } else if (!is_empty(cells, learner->head_count)) {
            put_number(out, bucket - next);
            put_cells(out, cells, learner->head_count);
            next = bucket + 1;
        }
    }
    put_number(out, (UINT32_C(1) << LEARNER_BUCKET_BITS) - next); /* the end */
    put_checksum(out, start);
}

/* --- reading --- */

/* What is left. After a fault everything reads as zero, so that the caller asks once. */
struct reader {
    const unsigned char *at;
    size_t left;
    bool bad;
};

static const unsigned char *take(struct reader *reader, size_t count)
{
    if (reader->bad || count > reader->left) {
        reader->bad = true;
        return NULL;
    }
    const unsigned char *bytes = reader->at;
    reader->at += count;
    reader->left -= count;
    return bytes;
}

/* At most `max`, in its shortest form: one event has one spelling. */
static uint64_t take_number(struct reader *reader, uint64_t max)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
        const unsigned char *byte = take(reader, 1);
        if (byte == NULL) {
            return 0;
        }
        number |= (uint64_t)(*byte & 0x7f) << shift;
        if ((*byte & 0x80) == 0) {
            reader->bad = number > max || (*byte == 0 && shift > 0);
            return reader->bad ? 0 : number;
        }
    }
    reader->bad = true;
    return 0;
}

static uint64_t take_bits(struct reader *reader, size_t count)
{
    const unsigned char *bytes = take(reader, count);
    uint64_t bits = 0;
    for (size_t i = 0; bytes != NULL && i < count; i++) {
        bits |= (uint64_t)bytes[i] << (8 * i);
    }
    return bits;
}

static float take_float(struct reader *reader, float min, float max)
{
    uint32_t bits = (uint32_t)take_bits(reader, sizeof(bits));
    float value;
    memcpy(&value, &bits, sizeof(value));
    if (!(value >= min && value <= max)) { /* also NaN */
        reader->bad = true;
        return 0;
    }
    return value;
}

/* NULL for an empty one. */
static const char *take_text(struct reader *reader, struct arena *arena)
{
    size_t length = (size_t)take_number(reader, LEARNER_SECTION_ID_MAX);
    const char *bytes = (const char *)take(reader, length);
    if (bytes == NULL || length == 0) {
        return NULL;
    }
    if (!utf8_is_text(bytes, length)) {
        reader->bad = true;
        return NULL;
    }
    return arena_strndup(arena, bytes, length);
}

static bool open_blob(struct reader *reader, const void *bytes, size_t length, const char *mark,
    size_t mark_bytes)
{
    *reader = (struct reader){bytes, length, false};
    if (length < mark_bytes + CHECKSUM_BYTES || memcmp(bytes, mark, mark_bytes) != 0) {
        return false;
    }
    reader->left -= CHECKSUM_BYTES;
    struct reader tail = {reader->at + reader->left, CHECKSUM_BYTES, false};
    if (take_bits(&tail, CHECKSUM_BYTES) != hash_bytes(HASH_START, bytes, reader->left)) {
        return false;
    }
    take(reader, mark_bytes);
    return true;
}

static void take_votes(
    struct reader *reader, struct arena *arena, struct learner_sight *ret_sight)
{
    ret_sight->vote_count = (size_t)take_number(reader, VOTES_MAX);
    struct learner_vote *votes = arena_new_array(
        arena, struct learner_vote, ret_sight->vote_count + 1);
    for (size_t i = 0; i < ret_sight->vote_count; i++) {
        votes[i].section = take_text(reader, arena);
        votes[i].votes = take_float(reader, -ODDS_MAX, ODDS_MAX);
        reader->bad = reader->bad || votes[i].section == NULL;
    }
    ret_sight->votes = votes;
}

static void take_features(
    struct reader *reader, struct arena *arena, struct learner_features *ret_features)
{
    const uint32_t end = UINT32_C(1) << LEARNER_CODE_BITS;
    size_t count = (size_t)take_number(reader, LEARNER_FEATURES_MAX);
    if (count > reader->left) { /* a code is a byte at least */
        reader->bad = true;
        return;
    }
    uint32_t *codes = arena_new_array(arena, uint32_t, count + 1);
    uint32_t code = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t distance = (uint32_t)take_number(reader, end - 1);
        reader->bad = reader->bad || (i > 0 && distance == 0) || distance >= end - code;
        code += reader->bad ? 0 : distance;
        codes[i] = code;
    }
    *ret_features = (struct learner_features){codes, count};
}

bool learner_event_read(struct arena *arena, const void *bytes, size_t length,
    struct learner_event *ret_event, struct fault *fault)
{
    struct reader reader;
    if (!open_blob(&reader, bytes, length, event_mark, sizeof(event_mark))) {
        return fault_set(fault, FAULT_PARSE,
            "the event is damaged, or of a version that this program does not know");
    }
    struct learner_event event = {0};
    event.kind = (enum learner_kind)take_bits(&reader, 1);
    event.section = take_text(&reader, arena);
    event.sight.relevance = take_float(&reader, -ODDS_MAX, ODDS_MAX);
    take_votes(&reader, arena, &event.sight);
    take_features(&reader, arena, &event.sight.features);
    if (reader.bad || reader.left > 0 || event.kind < LEARNER_PICKED ||
        event.kind > LEARNER_KIND_LAST) {
        return fault_set(fault, FAULT_PARSE, "the event is damaged");
    }
    *ret_event = event;
    return true;
}

static void take_cells(struct reader *reader, struct learner *learner, uint32_t bucket)
{
    uint32_t known = (uint32_t)take_number(reader, (UINT64_C(1) << learner->head_count) - 1);
    struct learner_cell *cells = learner_cells(learner, bucket);
    for (size_t i = 0; i < learner->head_count; i++) {
        if (known >> i & 1) {
            cells[i].weight = take_float(reader, -WEIGHT_MAX, WEIGHT_MAX);
            cells[i].precision = take_float(reader, 0, 1e9f);
        }
    }
}

static bool take_learner(struct reader *reader, struct learner *learner)
{
    const uint32_t end = UINT32_C(1) << LEARNER_BUCKET_BITS;
    if (take_bits(reader, sizeof(learner->settings)) != learner->settings) {
        return false;
    }
    learner->events = take_number(reader, UINT64_MAX >> 1);
    for (uint32_t next = 0; !reader->bad;) {
        uint32_t bucket = next + (uint32_t)take_number(reader, end - next);
        if (reader->bad || bucket == end) {
            break;
        }
        take_cells(reader, learner, bucket);
        next = bucket + 1;
    }
    return !reader->bad && reader->left == 0;
}

bool learner_read(const struct config *config, const void *bytes, size_t length,
    struct learner **ret_learner, struct fault *fault)
{
    struct reader reader;
    struct learner *learner = learner_new(config);
    if (!open_blob(&reader, bytes, length, learner_mark, sizeof(learner_mark)) ||
        !take_learner(&reader, learner)) {
        learner_free(learner);
        return fault_set(fault, FAULT_PARSE,
            "what was learned is damaged, or of another version, or of other sections: it must "
            "be built again from the decisions");
    }
    *ret_learner = learner;
    return true;
}
