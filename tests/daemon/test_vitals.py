"""What a monitor and a person can see of a running daemon: /metrics, /healthz, /readyz."""
import json
import pathlib
import resource
import signal
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import openmetrics  # noqa: E402
from briefd import DEADLINE_S  # noqa: E402
from manager import Manager  # noqa: E402
from origin import feed  # noqa: E402
from origin_case import OriginCase  # noqa: E402


class Vitals(OriginCase):
    def metrics(self, briefd):
        status, headers, body = briefd.get("/metrics")
        self.assertEqual((status, headers["content-type"]),
                         (200, "application/openmetrics-text; version=1.0.0; charset=utf-8"))
        return openmetrics.parse(body.decode())

    # ---- numbers ----

    def test_the_format_is_openmetrics_from_the_first_moment_to_a_busy_one(self):
        briefd = self.daemon({"a": "/ok/a", "b": "/status/500", "c": "/html"})
        briefd.start(wait=False)
        briefd.wait_until(lambda: briefd._find_port(-1))
        self.metrics(briefd)
        briefd.wait_until(lambda: all(f["last_poll"] for f in briefd.json("/api/v1/feeds")["feeds"]))
        for path in ("/", "/draft.md", "/nothing", '/"quoted\\"', "/api/v1/stories?limit=1"):
            briefd.get(path)
        self.metrics(briefd)

    def test_polls_are_counted_by_what_came_of_them(self):
        self.origin.set("/f", feed(3, title="f"), etag='"1"')
        briefd = self.daemon({"good": "/f", "bad": "/status/404"}).start()

        def polls():
            found = self.metrics(briefd)
            return {o: found["briefd_polls"].value(outcome=o) for o in ("read", "not_modified", "failed")}

        briefd.wait_until(lambda: polls() == {"read": 1, "not_modified": 0, "failed": 1})
        found = self.metrics(briefd)
        self.assertGreater(found["briefd_poll_received_bytes"].value(), len(feed(3, title="f")))
        self.assertEqual(found["briefd_items_new"].value(), 3)
        self.assertEqual((found["briefd_feeds"].value(), found["briefd_feeds_failing"].value()), (2, 1))
        self.assertEqual(found["briefd_poll_lag_seconds"].value("_count"), 2)
        self.assertGreaterEqual(found["briefd_store_write_seconds"].value("_count"), 1)
        briefd.pass_time(2 * 86400)
        briefd.wait_until(lambda: polls()["not_modified"] >= 1)

    def test_requests_are_counted_by_route_and_status_and_never_by_address(self):
        briefd = self.daemon({"a": "/ok"}).start()
        before = len(self.metrics(briefd)["briefd_http_requests"].samples)
        for number in range(20):
            self.assertEqual(briefd.get(f"/nothing/{number}")[0], 404)
            self.assertEqual(briefd.get(f"/api/v1/stories/{number + 1000}")[0], 404)
        briefd.get("/draft.md", "POST")
        requests = self.metrics(briefd)["briefd_http_requests"]
        self.assertEqual(requests.value(route="", method="GET", status="404"), 20)
        self.assertEqual(requests.value(route="/api/v1/stories/{}", method="GET", status="404"), 20)
        self.assertEqual(requests.value(route="/draft.md", method="POST", status="405"), 1)
        self.assertLessEqual(len(requests.samples), before + 4)

    def test_the_loop_s_delay_and_the_memory_are_told(self):
        briefd = self.daemon({"a": "/ok"}).start()
        found = self.metrics(briefd)
        self.assertGreater(found["briefd_loop_delay_seconds"].value("_count"), 3)
        self.assertGreater(found["process_resident_memory_bytes"].value(), 1 << 20)

    # ---- words ----

    def readiness(self, briefd):
        status, _, body = briefd.get("/readyz")
        told = json.loads(body)
        return status, {check["name"]: check["ok"] for check in told["checks"]}, told.get("detail", "")

    def test_a_full_disk_is_not_ready_but_alive_and_says_why_until_it_heals(self):
        self.origin.set("/f", feed(1, title="f"))
        briefd = self.daemon({"a": "/f"}).start()
        briefd.wait_until(lambda: briefd.feed("a")["last_success"])
        self.assertEqual(self.readiness(briefd)[0], 200)
        pid = briefd.process.pid
        limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        full = min(path.stat().st_size for path in briefd.folder.glob("briefd.sqlite*"))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (full, limits[1]))
        self.origin.set("/f", feed(400, title="f"))
        briefd.pass_time(2 * 86400)
        status, checks, words = briefd.wait_until(
            lambda: (said := self.readiness(briefd))[0] == 503 and said)
        self.assertEqual(checks, {"serving": True, "database": False, "feeds": True, "draft": True})
        self.assertIn("The last write failed", words)
        self.assertEqual(briefd.get("/healthz")[0], 200)
        self.assertEqual(self.metrics(briefd)["briefd_polling_paused"].value(), 1)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
        briefd.wait_until(lambda: self.readiness(briefd)[0] == 200)

    def test_what_is_stopping_is_alive_and_not_ready(self):
        briefd = self.daemon({"a": "/ok"})
        manager = self.enterContext(Manager(briefd))
        briefd.start()
        waiting = [socket.create_connection(("127.0.0.1", briefd.port), timeout=DEADLINE_S) for _ in range(2)]
        briefd.get("/healthz")  # by then both have been accepted
        briefd.signal(signal.SIGTERM)
        manager.wait_for("STOPPING=1")
        for connection, path, status in zip(waiting, (b"/readyz", b"/healthz"), (b" 503 ", b" 200 ")):
            with connection:
                connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
                self.assertIn(status, connection.recv(4096).split(b"\r\n")[0])


if __name__ == "__main__":
    unittest.main()
