"""Whether the links of a draft open: what is found dead, what is not, and how politely it is asked."""
import http.server
import pathlib
import socket
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from desk import Desk, Listener  # noqa: E402
from origin import Origin, feed  # noqa: E402

# path: what HEAD is answered, what GET is; None: the connection is closed without a word
ANSWERS = {
    "/opens": (200, 200), "/moved": (301, 301), "/no-head": (405, 200), "/head-lies": (404, 200),
    "/gone": (404, 404), "/gone-for-good": (410, 410), "/broken": (500, 502), "/silent": (None, None),
    "/for-people": (403, 403), "/slow-down": (429, 429), "/busy": (503, 503), "/large": (405, 200),
}
DEAD = {"/gone", "/gone-for-good", "/broken", "/silent", "/moved-to-gone"}


class Site(http.server.ThreadingHTTPServer):
    """Answers by the table; keeps what it was asked, and how many at a time."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.at_once, self.most_at_once, self.lock = [], 0, 0, threading.Lock()
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)
        self.thread.start()

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        pass  # a client that hangs up in the middle of a large page

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(1)

    def do_HEAD(self):
        self.answer(0)

    def answer(self, column):
        site = self.server
        with site.lock:
            site.asked.append((self.command, self.path))
            site.at_once += 1
            site.most_at_once = max(site.most_at_once, site.at_once)
        status = 301 if self.path == "/moved-to-gone" else ANSWERS[self.path][column]
        with site.lock:  # before the answer, upon which the next request may come
            site.at_once -= 1
        self.write(status)

    def write(self, status):
        if status is None:
            return
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/gone" if self.path == "/moved-to-gone" else "/opens")
        size = 1 << 20 if self.path == "/large" else 10
        self.send_header("Content-Length", str(size))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b"x" * size)

    def log_message(self, *_):
        pass


class Links(unittest.TestCase):
    def setUp(self):
        self.site = self.enterContext(Site())
        self.origin = self.enterContext(Origin())
        self.origin.set("/f.xml", feed(1, title="源"))

    def daemon(self, briefing=""):
        briefd = self.enterContext(Briefd({"a": self.origin.url("/f.xml")}, briefing=briefing))
        briefd.start()
        desk = Desk(briefd)
        desk.ask("PATCH", "/api/v1/draft", {"suggest": False})
        return briefd, desk

    def put(self, desk, paths):
        """A line for each path; {pick: path}."""
        return {desk.ask("POST", "/api/v1/picks", {"section": "news", "title": f"题 {n}", "url": self.site.url(path)})["made"]:
                path for n, path in enumerate(paths)}

    def findings(self, desk, query="?links=true"):
        answer = desk.get(f"/api/v1/draft/findings{query}")
        return answer["links"], [f for f in answer["findings"] if f["code"] == "link_dead"]

    def known(self, briefd, desk):
        """Ask until nothing is pending; the dead links."""
        with Listener(briefd) as page:
            links, dead = self.findings(desk)
            while links["pending"]:
                page.wait_for("links")
                links, dead = self.findings(desk)
        self.assertEqual(links["dead"], len(dead))
        return dead

    def test_dead_links_are_found_with_their_place_and_what_keeps_programs_out_is_not_dead(self):
        briefd, desk = self.daemon()
        picks = self.put(desk, [*ANSWERS, "/moved-to-gone"])
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        refused = desk.ask("POST", "/api/v1/picks", {"section": "oss", "title": "没人听", "url": f"http://127.0.0.1:{port}/"})["made"]
        guarded = desk.ask("POST", "/api/v1/picks", {"section": "oss", "title": "内网", "url": "http://10.0.0.1/"})["made"]
        dead = self.known(briefd, desk)
        self.assertEqual({picks.get(f["pick"], f["pick"]) for f in dead}, DEAD | {refused, guarded})
        for finding in dead:
            self.assertEqual((finding["field"], finding["start"]), ("url", 0))
        reasons = {picks.get(f["pick"], f["pick"]): f["message"] for f in dead}
        self.assertIn("HTTP 404", reasons["/gone"]["en"])
        self.assertIn("HTTP 502", reasons["/broken"]["en"])
        self.assertEqual({path: reasons[path]["zh"] for path in ("/gone", "/broken", "/silent", refused)}, {
            "/gone": "链接打不开：对方的服务器答复了 404", "/broken": "链接打不开：对方的服务器答复了 502",
            "/silent": f"链接打不开：127.0.0.1:{self.site.server_address[1]} 没有答复就断开了",
            refused: f"链接打不开：127.0.0.1:{port} 拒绝连接"})
        self.assertIn("内网地址", reasons[guarded]["zh"])
        self.assertEqual(self.site.most_at_once, 1)  # one request to a host at a time
        asked = self.site.asked
        self.assertLess(asked.index(("HEAD", "/no-head")), asked.index(("GET", "/no-head")))
        self.assertEqual([method for method, path in asked if path == "/large"], ["HEAD", "GET"])

    def test_a_second_look_asks_nobody_and_a_changed_link_is_asked_for(self):
        briefd, desk = self.daemon()
        picks = self.put(desk, ["/opens", "/gone"])
        self.known(briefd, desk)
        asked = len(self.site.asked)
        self.assertEqual(len(self.known(briefd, desk)), 1)
        self.assertEqual(len(self.site.asked), asked)
        gone = next(pick for pick, path in picks.items() if path == "/gone")
        desk.ask("PATCH", f"/api/v1/picks/{gone}", {"url": self.site.url("/no-head")})
        self.assertEqual(self.known(briefd, desk), [])

    def test_nothing_is_asked_unless_it_is_wanted(self):
        briefd, desk = self.daemon()
        self.put(desk, ["/gone"])
        self.assertEqual(self.findings(desk, ""), (None, []))
        self.assertEqual(self.findings(desk, "?links=false"), (None, []))
        desk.get("/api/v1/draft/findings?links=1", expect=400)
        self.assertEqual(self.site.asked, [])
        briefd, desk = self.daemon("check_links = true")
        self.put(desk, ["/gone"])
        self.assertEqual(self.findings(desk, "?links=false"), (None, []))
        self.assertIsNotNone(self.findings(desk, "")[0])

    def test_stopping_does_not_wait_for_links(self):
        briefd, desk = self.daemon()
        self.put(desk, ["/opens", "/gone"])
        self.findings(desk)
        briefd.stop()


if __name__ == "__main__":
    unittest.main()
