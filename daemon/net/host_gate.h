/* At most one request at a time to a host, and a pause between two.
 *
 * Hosts are grouped: a name of the configuration ("arxiv.org") covers its subdomains with one
 * gate; any other host is its own. PURE: the caller brings the monotonic time. Loop thread
 * only.
 */
#ifndef NET_HOST_GATE_H
#define NET_HOST_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"

struct host_gate;

struct host_gate *host_gate_new(const struct config_polling *polling);
void host_gate_free(struct host_gate *gate);

/* A new configuration: pauses change, what is open or closed until a time stays. */
void host_gate_configure(struct host_gate *gate, const struct config_polling *polling);

/* May a request to `host` start at `now_ms`? If so the gate is taken and true is returned; the
 * caller must host_gate_leave() it. If not, *ret_wait_ms says when to ask again; -1 means "when
 * the running request has left". */
bool host_gate_enter(
    struct host_gate *gate, const char *host, int64_t now_ms, int64_t *ret_wait_ms);
void host_gate_leave(struct host_gate *gate, const char *host, int64_t now_ms);

/* The host asked for rest (Retry-After): closed until `until_ms` unless it is closed longer. */
void host_gate_close_until(struct host_gate *gate, const char *host, int64_t until_ms);

/* Hosts remembered now: what runs, rests or is closed, and idle ones not yet forgotten. */
size_t host_gate_count(const struct host_gate *gate);

#endif
