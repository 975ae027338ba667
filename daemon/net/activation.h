/* The socket that systemd holds for the service (socket activation, sd_listen_fds(3)).
 *
 * It stays open while the service is restarted: who connects meanwhile waits in its queue and
 * is answered by the next process. Before the first thread: the environment is cleared of it,
 * so that no child takes it for its own.
 */
#ifndef NET_ACTIVATION_H
#define NET_ACTIVATION_H

#include "base/attributes.h"
#include "base/fault.h"

/* The listening socket, which is the caller's to close, or -1: none was handed over, or the
 * program is built without libsystemd. FAULT_CONFIG for more than one, since the server listens
 * on one. Whether it is a socket to serve on is not looked at: listen_check(). */
must_check bool activation_take_socket(int *ret_socket, struct fault *fault);

#endif
