"""`briefd run` as a service: what it tells systemd, and the socket that outlives it."""
import http.client
import pathlib
import signal
import socket
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd, DEADLINE_S  # noqa: E402
from manager import Manager  # noqa: E402
from origin import Origin  # noqa: E402

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def read_all(connection):
    """What comes until the other side closes."""
    connection.settimeout(DEADLINE_S)
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


class Service(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())
        self.briefd = self.enterContext(Briefd({"a": self.origin.url("/ok/a")}))

    def manager(self, **how):
        return self.enterContext(Manager(self.briefd, **how))

    def connect(self, port):
        connection = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
        self.addCleanup(connection.close)
        return connection

    # ---- what it says ----

    def test_it_is_ready_when_it_answers_and_not_before(self):
        manager = self.manager()
        self.briefd.start(wait=False)
        message = manager.wait_for("READY=1")
        self.briefd._find_port(-1)
        self.assertIn(f"127.0.0.1:{self.briefd.port}", message["STATUS"])
        self.assertIn(self.briefd.get("/healthz")[0], (200, 503))
        self.assertTrue(self.briefd.database.exists())

    def test_what_cannot_start_is_never_ready(self):
        manager = self.manager()
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.briefd.start("--listen", f"127.0.0.1:{taken.getsockname()[1]}", wait=False)
            self.assertEqual(self.briefd.process.wait(timeout=DEADLINE_S), 1)
        self.briefd.database.write_text("no database " * 500)
        self.briefd.verifies = False
        self.briefd.start(wait=False)
        self.assertEqual(self.briefd.process.wait(timeout=DEADLINE_S), 1)
        self.assertEqual([m for m in manager.drain() if "READY" in m], [])

    def test_the_watchdog_is_fed_as_long_as_the_loop_turns(self):
        manager = self.manager(watchdog_ms=200)
        self.briefd.start()
        for _ in range(5):
            manager.wait_for("WATCHDOG=1")
        self.briefd.stop()
        manager.wait_for("STOPPING=1")

    def test_without_a_limit_no_watchdog_is_fed(self):
        manager = self.manager()
        self.briefd.start()
        self.briefd.stop()
        self.assertEqual([m for m in manager.drain() if "WATCHDOG" in m], [])

    def test_a_reload_is_told_from_its_beginning_to_its_end_also_when_the_file_is_refused(self):
        manager = self.manager()
        self.briefd.start()
        manager.wait_for("READY=1")
        for text in (self.briefd.config.read_text(encoding="utf-8"), "nonsense"):
            self.briefd.config.write_text(text, encoding="utf-8")
            self.briefd.signal(signal.SIGHUP)
            message = manager.wait_for("RELOADING=1")
            self.assertGreater(int(message["MONOTONIC_USEC"]), 0)
            manager.wait_for("READY=1")

    def test_stopping_is_told_before_the_last_client_is_answered(self):
        manager = self.manager()
        self.briefd.start()
        connection = self.connect(self.briefd.port)
        connection.sendall(GET[:-2])
        self.briefd.get("/healthz")  # by then the half request has been seen as well
        self.briefd.signal(signal.SIGTERM)
        manager.wait_for("STOPPING=1")
        connection.sendall(GET[-2:])
        answer = read_all(connection)
        self.assertIn(b" 200 ", answer.split(b"\r\n")[0])
        self.assertIn(b"connection: close", answer.lower())
        self.assertEqual(self.briefd.process.wait(timeout=DEADLINE_S), 0)

    # ---- stopping ----

    def test_a_connection_that_has_asked_nothing_yet_is_answered_before_the_end(self):
        manager = self.manager()
        self.briefd.start()
        connection = self.connect(self.briefd.port)
        self.briefd.get("/healthz")
        self.briefd.signal(signal.SIGTERM)
        manager.wait_for("STOPPING=1")
        connection.sendall(GET)
        self.assertIn(b" 200 ", read_all(connection).split(b"\r\n")[0])

    def test_open_pages_and_silent_clients_do_not_hold_it_up(self):
        self.briefd.start()
        silent = self.connect(self.briefd.port)
        stream = http.client.HTTPConnection("127.0.0.1", self.briefd.port, timeout=DEADLINE_S)
        self.addCleanup(stream.close)
        stream.request("GET", "/api/v1/events")
        answer = stream.getresponse()
        self.assertIn(b"hello", answer.readline() + answer.readline())
        self.briefd.stop()
        self.assertEqual(read_all(silent), b"")
        answer.read()  # the stream was ended as streams are

    # ---- the socket ----

    def test_it_serves_on_the_socket_it_is_given(self):
        port = self.manager().listen()
        self.briefd.start()
        self.assertEqual(self.briefd.port, port)

    def test_who_connects_while_it_is_away_is_answered_when_it_is_back(self):
        port = self.manager().listen()
        self.briefd.start()
        self.briefd.stop()
        waiting = [self.connect(port) for _ in range(20)]
        for connection in waiting[:10]:
            connection.sendall(GET)
        self.briefd.start()
        for connection in waiting[10:]:
            connection.sendall(GET)
        for connection in waiting:
            connection.settimeout(DEADLINE_S)
            self.assertTrue(connection.recv(12).startswith(b"HTTP/1.1 "), connection)

    def test_no_client_notices_a_restart(self):
        """Each request is a new connection, as many come while the daemon stops and starts."""
        port = self.manager().listen()
        self.briefd.start()
        done, failures, answered = threading.Event(), [], []

        def ask():
            while not done.is_set():
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_S)
                try:
                    connection.request("GET", "/api/v1/drafts")
                    connection.getresponse().read()
                    answered.append(1)
                except (OSError, http.client.HTTPException) as error:
                    failures.append(repr(error))
                    return
                finally:
                    connection.close()

        clients = [threading.Thread(target=ask) for _ in range(4)]
        for client in clients:
            client.start()
        try:
            for _ in range(5):
                before = len(answered)
                self.briefd.wait_until(lambda: failures or len(answered) > before + 20)
                self.briefd.stop()
                self.briefd.start()
        finally:
            done.set()
            for client in clients:
                client.join()
        self.assertEqual(failures, [])

    def refused(self):
        self.briefd.start(wait=False)
        self.assertEqual(self.briefd.process.wait(timeout=DEADLINE_S), 1)
        lines = self.briefd.log().strip().splitlines()
        self.assertEqual(len(lines), 1, lines)
        return lines[0]

    def test_two_sockets_are_one_too_many(self):
        manager = self.manager()
        manager.listen()
        manager.listen()
        self.assertIn("2 sockets", self.refused())

    def test_a_socket_that_does_not_listen_is_refused(self):
        self.manager().listen(listening=False)
        self.assertIn("briefd.socket: ", self.refused())

    def test_a_socket_of_datagrams_is_refused(self):
        self.manager().listen(kind=socket.SOCK_DGRAM)
        self.assertIn("briefd.socket: ", self.refused())


if __name__ == "__main__":
    unittest.main()
