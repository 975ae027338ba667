/* A newsroom in which everything has happened once, and the question what becomes of it when
 * one call after another fails beneath an operation (failing_calls.h).
 *
 * For every operation and every n: the operation on a copy of that newsroom, its n-th call to
 * SQLite or the file system failing. It must say so, with FAULT_STORE and the cause; nothing of
 * it may be in the database; and the same operation at once again, on the same connection, must
 * end as if nothing had happened. */
#ifndef TESTS_STORAGE_FAULT_WORLD_H
#define TESTS_STORAGE_FAULT_WORLD_H

#include "desk_fixture.h"

struct fault_world {
    struct fixture *fixture;
    struct desk_fixture desk; /* of this round: its own arena, time and connection */
    struct arena arena;
    int64_t now_utc_s;         /* at the beginning of a round */
    const char *kept;          /* path of the newsroom that every round gets a copy of */
    struct desk_action action; /* by "ada", with a request key and lessons */
    int64_t news[6];           /* items of the inbox, alone in their stories */
    int64_t twins, twin;       /* a story of two items, joined by hand, and the second one */
    int64_t picked, pick;      /* a story in the draft, and its pick */
    int64_t line, other_line;  /* picks by hand */
    const char *day;           /* of the issue that was published */
    int64_t admin, reader;     /* accounts */
    int64_t session, token;    /* of the reader */
};

struct fault_operation {
    const char *name;
    bool (*run)(struct fault_world *world);
    bool (*prepare)(struct fault_world *world); /* before, with nothing failing; may be NULL */
    bool opens;                                 /* begins without a connection */
    bool in_steps; /* of a transaction each: failing late, it leaves what it did early */
    /* Says that it went well although a call failed, and is right: why stands at the table. */
    bool forgives;
    /* What it does first, where another test lets each of those calls fail: only the last of
     * them fails here. NULL: nothing. */
    bool (*begins_with)(struct fault_world *world);
    int last;  /* only so many at its end fail, where those before are alike; 0: all */
    int apart; /* so many calls lie between two that fail, where most are alike; 0: each fails
                */
    /* At the files, after it ran; `failed` as of failing_calls_disarm(). May be NULL. */
    void (*look)(struct fault_world *world, bool ok, const char *failed);
};

/* Build a newsroom and try every one there; fails the test with the operation, the call and
 * what was wrong. */
void fault_world_try(
    struct fixture *fixture, const struct fault_operation *operations, size_t count);

/* The same in a newsroom to which `fill` adds: `kept` is the file each round begins with. */
typedef void fault_world_fill(struct fixture *fixture, const char *kept);
void fault_world_try_in(struct fixture *fixture, fault_world_fill *fill,
    const struct fault_operation *operations, size_t count);

/* Send every action twice, with one request key: the second time it is known again, and nothing
 * is changed. `result` is where they write theirs. */
void fault_world_repeat(struct fixture *fixture, const struct fault_operation *operations,
    size_t count, const struct desk_result *result);

/* Something that must not be done: of which kind the fault is, and a piece of its sentence. */
struct fault_refusal {
    struct fault_operation operation;
    enum fault_kind kind;
    const char *said;
};

/* Ask for every one in a newsroom, with nothing failing: it is refused so, and the tables are
 * as before. */
void fault_world_refuse(
    struct fixture *fixture, const struct fault_refusal *refusals, size_t count);

#endif
