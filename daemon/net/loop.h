/* The event loop: one uv_loop_t, the thread that owns all state, and how late it runs.
 *
 * A struct loop is created and run on one thread, the loop thread; stateful entry points of the
 * program begin with assert_loop_thread(). The loop measures its own delay: the time between an
 * iteration's wake-up and the moment it can wait again, i.e. how long a new event may have to
 * wait because callbacks ran. Iterations over 20 ms are logged with the callback that took
 * longest.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct histogram;
struct loop;

/* Never fails but for exhausted memory or descriptors, which abort at start. Caller frees with
 * loop_free(). */
struct loop *loop_new(void);

/* Close what remains, run the close callbacks, free. All handles must have been closed by their
 * owners; in a debug build a handle left open aborts with its type. */
void loop_free(struct loop *loop);

uv_loop_t *loop_uv(struct loop *loop);

/* Run until loop_stop() or until nothing is left to wait for. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* First line of a callback: what the log calls it when the iteration turns out slow. The
 * callback ends where the next one enters or the iteration ends. `name` is a string literal. */
void loop_enter(struct loop *loop, const char *name);

/* First line of a signal's callback. The signal ended the wait with EINTR, at which libuv
 * (1.44) forgets how long it had waited, so that hours of idleness would count as one slow
 * iteration: the iteration is counted from here. */
void loop_enter_signal(struct loop *loop, const char *name);

/* True when this iteration has run so long that what can wait should wait for the next one. For
 * callbacks that come in crowds and are told again (uv_poll is level-triggered): a hundred
 * sockets ready at once must not make one long turn. */
bool loop_is_late(const struct loop *loop);

/* Aborts when called off the thread that created the loop. */
void assert_loop_thread(const struct loop *loop);

struct loop_delay {
    uint64_t iterations;
    uint32_t p50_us, p99_us, max_us;
};
/* Since start or the last loop_reset_delay(). */
struct loop_delay loop_read_delay(const struct loop *loop);
void loop_reset_delay(struct loop *loop);

/* The same since start, whatever was reset, in microseconds; borrowed. */
const struct histogram *loop_delays(const struct loop *loop);

#endif
