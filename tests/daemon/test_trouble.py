"""What may happen to a running daemon: reloads in a storm, feeds that vanish under way, a full disk."""
import pathlib
import resource
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import BINARY  # noqa: E402
from origin import feed  # noqa: E402
from origin_case import OriginCase  # noqa: E402

ALL_TO_BLOG = 'section "blog" {{ title = "{}" rule "all" {{ final = true keywords = {{ "Item", "{}" }} }} }}\n'


class Trouble(OriginCase):
    def asked(self, path):
        return [request["path"] for request in self.origin.log()].count(path)

    def slow_paths(self):
        return [request["path"] for request in self.origin.log() if request["path"].startswith("/slow")]

    # ---- reloads ----

    def test_of_a_storm_of_reloads_the_last_file_wins(self):
        briefd = self.daemon({"a": "/ok/a"}).start()
        briefd.wait_until(lambda: briefd.feed("a")["last_success"])
        for n in range(40):
            briefd.write_config({"a": self.origin.url("/ok/a"), f"new{n}": self.origin.url(f"/ok/new{n}")})
            briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: briefd.feed("new39")["health"] == "ok")
        briefd.stop()

    def test_reloads_with_other_rules_each_time_come_to_rest(self):
        self.origin.set("/f", feed(1000))
        briefd = self.daemon({"a": "/f"}).start()
        briefd.wait_until(lambda: briefd.query("SELECT count(*) FROM item") == [(1000,)])
        rulesets = []
        for n in range(4):
            briefd.write_config({"a": self.origin.url("/f")}, extra=ALL_TO_BLOG.format("博文", f"word{n}"))
            briefd.signal(signal.SIGHUP)
            said = n + 1
            briefd.wait_until(lambda: briefd.log().count("anew") == said)
        briefd.wait_until(lambda: briefd.query(
            "SELECT count(DISTINCT ruleset_id), min(section) FROM item") == [(1, "blog")])
        done = briefd.wait_until(lambda: briefd.log().count("judged"))
        self.assertLessEqual(done, 4)

    def test_a_feed_renamed_by_a_reload_keeps_its_state(self):
        briefd = self.daemon({"a": "/ok/a"}).start()
        briefd.wait_until(lambda: briefd.feed("a")["last_success"])
        briefd.write_config({"b": self.origin.url("/ok/a")})
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: briefd.feed("b")["last_success"])
        self.assertEqual(self.asked("/ok/a"), 1)

    def test_a_feed_removed_while_it_is_fetched_is_let_go(self):
        briefd = self.daemon({"a": "/ok/a", "hang": "/hang"}).start("--verbose")
        briefd.wait_until(lambda: self.asked("/hang"))
        briefd.write_config({"a": self.origin.url("/ok/a")})
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: "anew" in briefd.log())
        briefd.wait_until(lambda: "a round of 1 is over" in briefd.log())  # the round is over, so nothing runs
        briefd.wait_until(lambda: briefd.feed("hang")["health"] == "paused")
        # And taken up again, it is asked again.
        briefd.write_config({"a": self.origin.url("/ok/a"), "hang": self.origin.url("/hang")})
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: self.asked("/hang") == 2)

    def test_a_feed_whose_address_changes_is_asked_there(self):
        self.origin.set("/old", feed(3))
        self.origin.set("/new", feed(5))
        briefd = self.daemon({"a": "/old"}).start()
        briefd.wait_until(lambda: briefd.json("/draft.json")["count"] == 3)
        briefd.write_config({"a": self.origin.url("/new")})
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: briefd.query("SELECT count(*) FROM item") == [(5,)])

    def test_a_feed_that_was_gone_is_asked_again_when_the_configuration_names_it_anew(self):
        self.origin.set("/f", b"", status=410)
        briefd = self.daemon({"a": "/ok/a", "back": "/f"}).start()
        briefd.wait_until(lambda: briefd.feed("back")["health"] == "gone")
        self.origin.set("/f", feed(3))
        for feeds in ({"a": "/ok/a"}, {"a": "/ok/a", "back": "/f"}):
            said = briefd.log().count("anew")
            briefd.write_config({name: self.origin.url(path) for name, path in feeds.items()})
            briefd.signal(signal.SIGHUP)
            briefd.wait_until(lambda: briefd.log().count("anew") > said)
        briefd.wait_until(lambda: briefd.feed("back")["health"] == "ok")

    def test_a_feed_disabled_while_it_waits_is_not_asked(self):
        names = [f"f{n}" for n in range(6)]  # of one host, asked one after the other; due within 3 s
        urls = {name: self.origin.url(f"/slow/ok/{name}?ms=2500") for name in names}
        briefd = self.daemon({name: f"/slow/ok/{name}?ms=2500" for name in names}).start("--verbose")
        asked = briefd.wait_until(lambda: len(paths := self.slow_paths()) == 2 and paths)
        briefd.write_config({name: (urls[name], "" if f"/slow/ok/{name}" in asked else "enabled = false")
                             for name in names})
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: "a round of 2 is over" in briefd.log())
        self.assertEqual(self.slow_paths(), asked)

    # ---- the disk ----

    def test_a_full_disk_pauses_polling_is_said_once_and_heals(self):
        for n in range(12):
            self.origin.set(f"/f{n}", feed(30, first=n * 30, title=f"f{n}"))
        urls = {f"f{n}": self.origin.url(f"/f{n}") for n in range(12)}
        briefd = self.daemon({"a": "/f0"})
        urls["a"] = urls.pop("f0")
        briefd.write_config({name: (url, "" if name == "a" else "enabled = false") for name, url in urls.items()})
        briefd.start()
        briefd.wait_until(lambda: briefd.feed("a")["last_success"])
        pid = briefd.process.pid
        limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        full = max(path.stat().st_size for path in briefd.folder.glob("briefd.sqlite*"))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (full, limits[1]))
        briefd.write_config(urls)
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: "polling pauses" in briefd.log())
        self.assertEqual(briefd.get("/healthz")[0], 200)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
        briefd.wait_until(lambda: briefd.query("SELECT items FROM tally") == [(360,)])
        self.assertEqual(briefd.log().count("polling pauses"), 1)
        self.assertEqual(briefd.log().count("polling goes on"), 1)
        self.assertEqual(briefd.query("PRAGMA integrity_check"), [("ok",)])

    def test_poll_on_a_full_disk_fails_with_a_sentence_and_the_next_one_heals(self):
        self.origin.set("/f", feed(1))
        briefd = self.daemon({"a": "/f"})
        briefd.poll()
        self.origin.set("/f", feed(3000))
        full = subprocess.run(
            [BINARY, "--config", briefd.config, "--database", briefd.database, "--allow", "127.0.0.0/8", "poll",
             "--once", "--all"], capture_output=True, text=True, timeout=30,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)))
        self.assertEqual(full.returncode, 1, full)
        self.assertRegex(full.stderr, r"briefd\.sqlite")
        self.assertEqual(briefd.query("SELECT items FROM tally"), [(1,)])
        self.assertEqual(briefd.poll()["items"], 3000)


if __name__ == "__main__":
    unittest.main()
