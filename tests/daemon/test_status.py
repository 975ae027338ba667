"""`briefd status`, and how the log is written."""
import json
import os
import pathlib
import re
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from origin import Origin, feed  # noqa: E402


class Status(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())
        self.origin.set("/f", feed(4, title="f"))
        self.briefd = self.enterContext(Briefd({"good": self.origin.url("/f"), "bad": self.origin.url("/status/404")}))

    def status(self, *words, check=True):
        return self.briefd.command("status", "--listen", f"127.0.0.1:{self.briefd.port or 1}", *words, check=check)

    def told(self):
        return json.loads(self.status("--json").stdout)

    def polled(self):
        self.briefd.start()
        self.briefd.wait_until(lambda: all(f["last_poll"] for f in self.briefd.json("/api/v1/feeds")["feeds"]))

    def test_a_person_reads_what_matters(self):
        self.polled()
        text = self.status().stdout
        self.assertRegex(text, r"(?m)^briefd     \d+\.\d+\.\d+, runs and works$")
        self.assertRegex(text, r"(?m)^feeds      2: 1 failing, 1 ok$")
        self.assertRegex(text, r"(?m)^           bad: .*404")
        self.assertRegex(text, r"(?m)^last poll  \d+ seconds? ago, '(good|bad)'$")
        self.assertRegex(text, r"(?m)^waiting    0 feeds due, the next in \d+ (second|minute)s?$")
        self.assertRegex(text, r"(?m)^next issue \d{4}-\d\d-\d\d: 0 lines picked, \d+ suggested, 4 candidates$")
        self.assertRegex(text, r"(?m)^disk       '.*briefd\.sqlite' [\d.]+ KiB with 4 items, log [\d.]+ ")

    def test_a_program_reads_the_same(self):
        self.polled()
        told = self.told()
        self.assertEqual((told["running"], told["ready"], told["message"]), (True, True, None))
        self.assertEqual({k: v for k, v in told["feeds"]["by_health"].items() if v}, {"failing": 1, "ok": 1})
        self.assertEqual([f["name"] for f in told["feeds"]["not_answering"]], ["bad"])
        self.assertEqual((told["feeds_due"], told["disk"]["items"], told["next_issue"]["candidates"]), (0, 4, 4))
        self.assertGreater(told["next_poll"], told["last_poll"])
        self.assertGreater(told["disk"]["free_bytes"], 0)

    def test_without_a_daemon_the_database_tells(self):
        self.polled()
        self.briefd.stop()
        told = self.told()
        self.assertEqual((told["running"], told["ready"]), (False, None))
        self.assertEqual(told["disk"]["items"], 4)
        self.briefd.pass_time(3 * 86400)
        told = self.told()
        self.assertEqual(told["feeds_due"], 2)
        self.assertIn("2 feeds due\n", self.status().stdout)

    def test_a_daemon_that_does_not_answer_is_told_and_fails(self):
        self.polled()
        self.briefd.port = 1  # nobody serves there
        done = self.status(check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("runs, but is not ready: another briefd has the database, but does not answer", done.stdout)

    def test_picks_of_the_editor_are_told_from_suggestions(self):
        self.polled()
        body = json.dumps({"section": "news", "title": "手写", "url": "https://x.example/"})
        status, _, answer = self.briefd.get("/api/v1/picks", "POST", {"Content-Type": "application/json"}, body)
        self.assertEqual(status, 201, answer)
        self.assertEqual(self.told()["next_issue"]["picked"], 1)

    def test_a_database_that_is_not_there_is_one_sentence(self):
        done = self.status(check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("briefd.sqlite", done.stderr)


class Log(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())
        self.briefd = self.enterContext(Briefd({'某 feed': self.origin.url("/status/404")}))

    def test_as_json_every_line_is_an_object_and_names_its_feed(self):
        self.briefd.start("--log", "json", wait=False)
        self.briefd.wait_until(lambda: '"level":"warning"' in self.briefd.log())
        self.briefd.signal(signal.SIGTERM)
        self.assertEqual(self.briefd.process.wait(timeout=30), 0)
        lines = [json.loads(line) for line in self.briefd.log().splitlines()]
        for line in lines:
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertLessEqual({"time", "level", "message"}, set(line))
        self.assertEqual([line["feed"] for line in lines if "feed" in line], ['某 feed'])
        self.assertIn("notice", {line["level"] for line in lines})

    def test_where_standard_error_is_no_journal_the_lines_have_their_priority(self):
        os.environ["JOURNAL_STREAM"] = "1:1"
        try:
            self.briefd.start()
        finally:
            del os.environ["JOURNAL_STREAM"]
        self.assertTrue(re.match(r"<5>briefd \d", self.briefd.log()), self.briefd.log())

    def test_another_format_is_refused(self):
        done = self.briefd.command("run", "--log", "xml", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("text or json", done.stderr)


if __name__ == "__main__":
    unittest.main()
