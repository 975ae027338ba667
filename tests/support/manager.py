"""What systemd does for a service, done by hand: holds its socket, hears its notifications.

    with Manager(briefd) as manager:      # before briefd.start()
        manager.listen()                  # socket activation
        briefd.start()
        manager.wait_for("READY=1")
"""
import os
import select
import socket
import time

DEADLINE_S = 30.0
FIRST_SOCKET = 3  # SD_LISTEN_FDS_START


class Manager:
    def __init__(self, briefd, watchdog_ms=0):
        self.briefd = briefd
        self.sockets = []
        self.path = str(briefd.folder / "notify")
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(self.path)
        self.heard = []  # messages, each a dictionary
        self.environment = {"NOTIFY_SOCKET": self.path}
        if watchdog_ms:
            self.environment["WATCHDOG_USEC"] = str(watchdog_ms * 1000)
        self._arrange()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in [self.notify, *self.sockets]:
            one.close()

    # ---- sockets ----

    def listen(self, kind=socket.SOCK_STREAM, host="127.0.0.1", listening=True):
        """A socket that the service gets and that stays open while it does not run; its port."""
        one = socket.socket(socket.AF_INET, kind)
        one.bind((host, 0))
        if kind == socket.SOCK_STREAM and listening:
            one.listen(512)
        self.sockets.append(one)
        self._arrange()
        return one.getsockname()[1]

    def _arrange(self):
        """LISTEN_PID is the service's own, known only between fork and exec: a shell says it."""
        self.briefd.launcher = ["/bin/sh", "-c", 'export LISTEN_PID=$$; exec "$@"', "sh"]
        count = len(self.sockets)
        numbers = range(FIRST_SOCKET, FIRST_SOCKET + count)

        def place():
            # Out of the way first: the numbers may be those of the sockets themselves.
            high = [os.dup(one.fileno()) for one in self.sockets]
            spare = [os.dup2(fd, 200 + i) for i, fd in enumerate(high)]
            for fd, number in zip(spare, numbers):
                os.dup2(fd, number)

        self.briefd.launch = {
            "env": {**os.environ, **self.environment, **({"LISTEN_FDS": str(count)} if count else {})},
            "preexec_fn": place if count else None, "pass_fds": tuple(numbers)}

    # ---- notifications ----

    def _receive(self, timeout):
        if select.select([self.notify], [], [], timeout)[0]:
            text = self.notify.recv(65536).decode()
            self.heard.append(dict(line.split("=", 1) for line in text.strip().split("\n")))
            return self.heard[-1]
        return None

    def wait_for(self, assignment):
        """The next message that says so; those before it are kept in `heard`."""
        name, value = assignment.split("=", 1)
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            message = self._receive(end - time.monotonic())
            if message is not None and message.get(name) == value:
                return message
        raise AssertionError(f"no {assignment} within {DEADLINE_S} s; heard {self.heard}; "
                             f"the log:\n{self.briefd.log()}")

    def drain(self):
        """Everything that has come so far."""
        while self._receive(0) is not None:
            pass
        return self.heard
