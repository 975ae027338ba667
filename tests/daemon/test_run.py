"""`briefd run`: ready, polling, serving, reloading, stopping, and what it refuses to start with."""
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import BINARY  # noqa: E402
from origin import feed  # noqa: E402
from origin_case import OriginCase  # noqa: E402


class Run(OriginCase):
    def test_the_draft_fills_by_itself_and_is_served_in_every_form(self):
        briefd = self.daemon({"a": "/ok/a"}).start()
        draft = briefd.wait_until(lambda: (d := briefd.json("/draft.json"))["count"] and d)
        self.assertEqual(draft["title"], "测试简报")
        for path, kind in [("/", "text/html"), ("/draft.md", "text/markdown"), ("/draft.html", "text/html"),
                           ("/draft.json", "application/json"), ("/api/v1/draft", "application/json"),
                           ("/api/v1/feeds", "application/json"), ("/healthz", "application/json")]:
            status, headers, body = briefd.get(path)
            self.assertEqual(status, 200, path)
            self.assertTrue(headers["content-type"].startswith(kind), path)
            self.assertGreater(len(body), 0, path)
        _, headers, _ = briefd.get("/draft.md")
        self.assertEqual(briefd.get("/draft.md", headers={"If-None-Match": headers["etag"]})[0], 304)

    def test_the_draft_follows_the_feed(self):
        self.origin.set("/f", feed(1, title="f"))
        briefd = self.daemon({"a": ("/f")}).start()
        briefd.wait_until(lambda: "Item 0" in briefd.get("/draft.md")[2].decode())

    def test_health_names_what_is_wrong_in_words(self):
        briefd = self.daemon({"good": "/ok", "login": "/html", "missing": "/status/404"}).start()
        briefd.wait_until(lambda: all(f["last_poll"] for f in briefd.json("/api/v1/feeds")["feeds"]))
        self.assertEqual(briefd.feed("good")["health"], "ok")
        self.assertEqual(briefd.feed("login")["health"], "failing")
        self.assertIn("HTML", briefd.feed("login")["message"])
        self.assertIn("404", briefd.feed("missing")["message"])

    def test_sigterm_ends_it_long_before_a_server_that_hangs_has_had_its_time(self):
        briefd = self.daemon({"a": "/ok", "hang": "/hang"}, timeout="1h").start()
        briefd.wait_until(lambda: any(r["path"] == "/hang" for r in self.origin.log()))
        briefd.stop()

    def test_a_restart_keeps_the_schedule(self):
        briefd = self.daemon({"a": "/ok"}).start()
        briefd.wait_until(lambda: briefd.feed("a")["last_success"])
        briefd.stop()
        asked = len(self.origin.log())
        next_poll = briefd.query("SELECT next_poll_utc_s FROM feed")[0][0]
        briefd.start()
        briefd.wait_until(lambda: briefd.json("/draft.json")["count"])
        self.assertEqual(briefd.query("SELECT next_poll_utc_s FROM feed")[0][0], next_poll)
        self.assertEqual(len(self.origin.log()), asked)

    def test_sighup_takes_new_feeds_and_keeps_the_old_ones(self):
        briefd = self.daemon({"a": "/ok/a"}).start()
        briefd.wait_until(lambda: briefd.feed("a")["last_success"])
        briefd.write_config({"a": self.origin.url("/ok/a"), "b": self.origin.url("/ok/b")})
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: briefd.feed("b")["last_success"])
        self.assertEqual([r["path"] for r in self.origin.log()].count("/ok/a"), 1)

    def test_sighup_loses_no_running_fetch(self):
        briefd = self.daemon({"slow": "/slow?ms=1500"}).start()
        briefd.wait_until(lambda: self.origin.log())
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: "anew" in briefd.log())
        briefd.wait_until(lambda: briefd.feed("slow")["last_success"])
        self.assertEqual(len(self.origin.log()), 1)

    def test_sighup_with_a_bad_file_keeps_the_old_one_and_says_why(self):
        briefd = self.daemon({"a": "/ok/a"}).start()
        briefd.wait_until(lambda: briefd.feed("a")["last_success"])
        briefd.config.write_text('briefing { title = "x" intervall = "1d" }\n', encoding="utf-8")
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: "continuing with the old configuration" in briefd.log())
        self.assertRegex(briefd.log(), r"feeds\.conf:1: .*intervall")
        self.assertEqual(briefd.json("/draft.json")["title"], "测试简报")

    def test_sighup_with_new_rules_judges_stored_items_again(self):
        self.origin.set("/f", feed(4))
        briefd = self.daemon({"a": "/f"}).start()
        briefd.wait_until(lambda: briefd.json("/draft.json")["count"] == 4)
        self.assertEqual(self.picks(briefd, "blog"), None)
        briefd.write_config({"a": self.origin.url("/f")},
                            extra='section "blog" { title = "博文" rule "all" { final = true keywords = '
                                  '{ "Item" } } }\n')
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: self.picks(briefd, "blog") == 4)

    @staticmethod
    def picks(briefd, section):
        found = [s for s in briefd.json("/draft.json")["sections"] if s["id"] == section]
        return len(found[0]["picks"]) if found else None

    def test_kill_9_and_start_again_serves_what_was_stored(self):
        briefd = self.daemon({"a": "/ok"}).start()
        count = briefd.wait_until(lambda: briefd.json("/draft.json")["count"])
        briefd.kill()
        briefd.start()
        briefd.wait_until(lambda: briefd.json("/draft.json")["count"] == count)

    # ---- what it refuses ----

    def refused(self, briefd, *options):
        done = subprocess.run([BINARY, "run", "--config", briefd.config, "--database", briefd.database, "--listen",
                               "127.0.0.1:0", *options], capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 1, done.stderr)
        lines = done.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        return lines[0]

    def test_a_port_in_use_is_one_sentence(self):
        briefd = self.daemon({"a": "/ok"})
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.assertIn(str(port), self.refused(briefd, "--listen", f"127.0.0.1:{port}"))

    def test_an_address_that_others_reach_is_refused(self):
        self.assertIn("0.0.0.0", self.refused(self.daemon({"a": "/ok"}), "--listen", "0.0.0.0:0"))

    def test_a_missing_directory_is_one_sentence(self):
        briefd = self.daemon({"a": "/ok"})
        briefd.database = briefd.folder / "none" / "x.sqlite"
        self.assertIn("none", self.refused(briefd))

    def test_a_file_that_is_no_database_is_left_alone(self):
        briefd = self.daemon({"a": "/ok"})
        briefd.verifies = False
        briefd.database.write_text("dear diary" * 1000)
        self.assertIn("briefd.sqlite", self.refused(briefd))
        self.assertTrue(briefd.database.read_text().startswith("dear diary"))

    def test_a_newer_schema_is_refused_and_left_alone(self):
        briefd = self.daemon({"a": "/ok"})
        briefd.verifies = False
        briefd.poll()
        with sqlite3.connect(briefd.database) as database:
            database.execute("PRAGMA user_version = 9999")
        database.close()
        before = briefd.database.read_bytes()
        self.assertIn("9999", self.refused(briefd))
        self.assertEqual(briefd.database.read_bytes(), before)

    def test_a_second_daemon_on_the_same_database_is_refused(self):
        briefd = self.daemon({"a": "/ok"}).start()
        self.assertIn("briefd.sqlite", self.refused(briefd))

    def test_a_configuration_with_mistakes_is_refused_with_all_of_them(self):
        briefd = self.daemon({"a": "/ok"})
        briefd.config.write_text('briefing { title = "x" }\nsection "news" { title = "n" fallback = maybe }\n'
                                 'feed "a" { url = "gopher://x" }\nfeed "a" { url = "http://y.example/" }\n'
                                 'topic "q" { keywords = { "/int[48/", "nosuch:x" } }\n',
                                 encoding="utf-8")
        done = subprocess.run([BINARY, "check", "--config", briefd.config], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        said = done.stdout + done.stderr
        for line in (2, 3, 4, 5):
            self.assertRegex(said, rf"feeds\.conf:{line}:")
        self.assertIn("/int[48/", said)
        self.assertIn("nosuch", said)

    def test_readiness_is_told_when_it_serves(self):
        briefd = self.daemon({"a": "/ok"})
        path = str(briefd.folder / "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(path)
            notify.settimeout(20)
            os.environ["NOTIFY_SOCKET"] = path
            try:
                briefd.start()
                self.assertEqual(notify.recv(4096).split(b"\n")[0], b"READY=1")
                briefd.stop()
                self.assertEqual(notify.recv(4096), b"STOPPING=1")
            finally:
                del os.environ["NOTIFY_SOCKET"]


if __name__ == "__main__":
    unittest.main()
