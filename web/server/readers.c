#include "web/server/readers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct seat {
    uv_work_t work; /* first */
    struct readers *readers;
    struct store *store; /* NULL before its first job */
    struct readers_job *job;
    bool ok;
    struct fault fault;
};

struct readers {
    struct loop *loop;
    char *database;
    struct seat seats[READERS_MAX];
    size_t seat_count;
    struct readers_job *first, **last; /* in line */
    size_t waiting;
    size_t running;
    bool stopped;
};

struct readers *readers_new(struct loop *loop, const char *database, size_t seats)
{
    assert(seats > 0 && seats <= READERS_MAX);
    struct readers *readers = calloc(1, sizeof(*readers));
    if (readers == NULL || (readers->database = strdup(database)) == NULL) {
        memory_exhausted();
    }
    readers->loop = loop;
    readers->seat_count = seats;
    readers->last = &readers->first;
    for (size_t i = 0; i < READERS_MAX; i++) {
        readers->seats[i].readers = readers;
    }
    return readers;
}

static void free_when_done(struct readers *readers)
{
    if (!readers->stopped || readers->running > 0) {
        return;
    }
    for (size_t i = 0; i < READERS_MAX; i++) {
        store_close(readers->seats[i].store);
    }
    free(readers->database);
    free(readers);
}

static void run_seat(uv_work_t *work)
{
    struct seat *seat = (struct seat *)work;
    if (seat->store == NULL &&
        !store_open_reader(seat->readers->database, &seat->store, &seat->fault)) {
        seat->store = NULL;
        seat->ok = false;
        return;
    }
    seat->ok = seat->job->work(seat->job, seat->store, &seat->fault);
}

static void fill_seats(struct readers *readers);

static void on_seat_done(uv_work_t *work, int status)
{
    struct seat *seat = (struct seat *)work;
    struct readers *readers = seat->readers;
    struct readers_job *job = seat->job;
    seat->job = NULL;
    readers->running--;
    job->on_done(job, seat->ok ? NULL : &seat->fault);
    fill_seats(readers);
    free_when_done(readers);
}

static void fill_seats(struct readers *readers)
{
    for (size_t i = 0; i < readers->seat_count && readers->first != NULL; i++) {
        struct seat *seat = &readers->seats[i];
        if (seat->job != NULL) {
            continue;
        }
        seat->job = readers->first;
        readers->first = seat->job->next;
        readers->waiting--;
        if (readers->first == NULL) {
            readers->last = &readers->first;
        }
        readers->running++;
        uv_queue_work(loop_uv(readers->loop), &seat->work, run_seat, on_seat_done);
    }
}

void readers_run(struct readers *readers, struct readers_job *job)
{
    job->next = NULL;
    *readers->last = job;
    readers->last = &job->next;
    readers->waiting++;
    fill_seats(readers);
}

size_t readers_waiting(const struct readers *readers)
{
    return readers->waiting;
}

void readers_stop(struct readers *readers)
{
    if (readers == NULL) {
        return;
    }
    readers->waiting = 0;
    struct readers_job *waiting = readers->first;
    readers->first = NULL;
    readers->last = &readers->first;
    readers->stopped = true;
    while (waiting != NULL) {
        struct readers_job *job = waiting;
        waiting = job->next;
        struct fault fault;
        fault_set(&fault, FAULT_CANCELLED, "the daemon is stopping");
        job->on_done(job, &fault);
    }
    free_when_done(readers);
}
