/* Problem: the HTML of the items is half of the file, and most of it stands there twice: a
 * summary is its text, and nine feeds of ten bring no more HTML than that.
 *
 * Approach: LZ4 with the summary as its dictionary. What the summary has costs three bytes a
 * run, markup and long articles shrink as any text does. 28,000 items of the bench, 67 MB:
 *
 *     LZ4               47 MB   0.19 s      LZ4, summary      21 MB   0.15 s
 *     zstd -1           44 MB   0.25 s      zstd -1, summary  19 MB   0.26 s
 *     zstd 1            32 MB   0.36 s      zstd 1, summary   15 MB   0.22 s
 *
 * and what is not written is saved twice, in the log and in the file: storing these items costs
 * less time than it did without packing.
 *
 * Eight bytes stand before: how long the HTML is, and a hash of it, since LZ4 would unpack with
 * another summary as readily, to nonsense.
 *
 * Rejected: zstd (seven bytes of a hundred for half as much time again), one dictionary for all
 * (it would have to be kept for ever, and knows no item's words), the text itself only in the
 * HTML (every list and the search read summaries). */
#include "storage/packed_html.h"

#include <lz4.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/hash.h"

enum { HEAD_BYTES = 8 };

/* Set in the length when there was no summary. */
#define ALONE UINT32_C(0x80000000)

struct text {
    const char *bytes;
    int length;
};

static struct text read_text(sqlite3_value *value)
{
    struct text text = {(const char *)sqlite3_value_text(value), sqlite3_value_bytes(value)};
    return text;
}

static void put_u32(unsigned char *bytes, uint32_t number)
{
    for (int i = 0; i < 4; i++) {
        bytes[i] = (unsigned char)(number >> 8 * i);
    }
}

static uint32_t get_u32(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
        (uint32_t)bytes[3] << 24;
}

static uint32_t check_of(struct text html)
{
    return (uint32_t)hash_long(HASH_START, html.bytes, (size_t)html.length);
}

/* The state is the connection's: 16 KiB that need not be asked for with every item. */
static void html_pack(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    LZ4_stream_t *state = sqlite3_user_data(context);
    if (sqlite3_value_type(values[0]) == SQLITE_NULL) {
        return;
    }
    struct text html = read_text(values[0]), summary = read_text(values[1]);
    int room = html.bytes == NULL ? 0 : LZ4_compressBound(html.length);
    unsigned char *packed = room == 0 ? NULL : sqlite3_malloc(HEAD_BYTES + room);
    if (packed == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (summary.bytes == NULL) {
        LZ4_resetStream_fast(state);
    } else {
        LZ4_loadDict(state, summary.bytes, summary.length);
    }
    put_u32(packed, (uint32_t)html.length | (summary.bytes == NULL ? ALONE : 0));
    put_u32(packed + 4, check_of(html));
    int made = LZ4_compress_fast_continue(
        state, html.bytes, (char *)packed + HEAD_BYTES, html.length, room, 1);
    sqlite3_result_blob(context, packed, HEAD_BYTES + made, sqlite3_free);
}

static bool unpack_into(char *html, int length, struct text packed, struct text summary)
{
    return LZ4_decompress_safe_usingDict(packed.bytes + HEAD_BYTES, html,
               packed.length - HEAD_BYTES, length, summary.bytes, summary.length) == length;
}

/* A length that these bytes cannot have is refused before it is asked of memory. */
static bool may_have(int packed, int length)
{
    enum { RATIO_MAX = 255 }; /* of LZ4 */
    return length / RATIO_MAX <= packed;
}

/* NULL when the bytes are damaged. */
static char *unpack(sqlite3_value **values, int *ret_length)
{
    struct text packed = {sqlite3_value_blob(values[0]), sqlite3_value_bytes(values[0])};
    struct text summary = read_text(values[1]);
    if (packed.length < HEAD_BYTES) {
        return NULL;
    }
    const unsigned char *head = (const unsigned char *)packed.bytes;
    int length = (int)(get_u32(head) & ~ALONE);
    if ((get_u32(head) & ALONE) != 0) {
        summary = (struct text){NULL, 0};
    }
    char *html = may_have(packed.length, length) ? sqlite3_malloc(length + 1) : NULL;
    if (html == NULL || !unpack_into(html, length, packed, summary) ||
        check_of((struct text){html, length}) != get_u32(head + 4)) {
        sqlite3_free(html);
        return NULL;
    }
    html[length] = '\0';
    *ret_length = length;
    return html;
}

static void html_unpack(sqlite3_context *context, int count, sqlite3_value **values)
{
    int length;
    (void)count;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL) {
        return;
    }
    char *html = unpack(values, &length);
    if (html == NULL) {
        sqlite3_result_error_code(context, SQLITE_CORRUPT);
        return;
    }
    sqlite3_result_text(context, html, length, sqlite3_free);
}

static void html_is_whole(sqlite3_context *context, int count, sqlite3_value **values)
{
    int length;
    (void)count;
    char *html = unpack(values, &length);
    sqlite3_result_int(context, html != NULL);
    sqlite3_free(html);
}

static void free_state(void *state)
{
    LZ4_freeStream(state);
}

bool packed_html_register(sqlite3 *db)
{
    enum { HOW = SQLITE_UTF8 | SQLITE_DIRECTONLY | SQLITE_DETERMINISTIC };
    LZ4_stream_t *state = LZ4_createStream();
    if (state == NULL) {
        memory_exhausted();
    }
    /* SQLite frees the state, also when it refuses. */
    return sqlite3_create_function_v2(db, "html_pack", 2, HOW, state, html_pack, NULL, NULL,
               free_state) == SQLITE_OK &&
        sqlite3_create_function_v2(
            db, "html_unpack", 2, HOW, NULL, html_unpack, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_create_function_v2(
            db, "html_is_whole", 2, HOW, NULL, html_is_whole, NULL, NULL, NULL) == SQLITE_OK;
}
