/* libsystemd checks LISTEN_PID and LISTEN_FDS and sets FD_CLOEXEC; what is left to us is the
 * number and O_NONBLOCK, which systemd does not set unless asked to: a client that is gone
 * again before accept(2) would halt the loop. */
#include "net/activation.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#if HAVE_SYSTEMD
#include <systemd/sd-daemon.h>

bool activation_take_socket(int *ret_socket, struct fault *fault)
{
    int count = sd_listen_fds(1);
    *ret_socket = -1;
    if (count < 0) {
        return fault_set(fault, FAULT_CONFIG,
            "the sockets from systemd cannot be taken over: %s", strerror(-count));
    }
    if (count > 1) {
        return fault_set(fault, FAULT_CONFIG,
            "systemd hands over %d sockets, but briefd listens on one; leave one ListenStream "
            "in briefd.socket",
            count);
    }
    if (count == 0) {
        return true;
    }
    int flags = fcntl(SD_LISTEN_FDS_START, F_GETFL);
    if (flags < 0 || fcntl(SD_LISTEN_FDS_START, F_SETFL, flags | O_NONBLOCK) < 0) {
        return fault_set(fault, FAULT_CONFIG, "the socket from systemd cannot be used");
    }
    *ret_socket = SD_LISTEN_FDS_START;
    return true;
}

#else

bool activation_take_socket(int *ret_socket, struct fault *fault)
{
    *ret_socket = -1;
    return true;
}

#endif
