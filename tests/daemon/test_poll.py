"""`briefd poll --once` against a real origin: what is stored, what is asked for, what survives."""
import pathlib
import random
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import BINARY, Briefd  # noqa: E402
from origin import feed  # noqa: E402
from origin_case import OriginCase  # noqa: E402

RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>t</title>
<link>https://t.example/</link><description>d</description>{items}</channel></rss>"""


def rss(*items):
    """Items as (guid, title, link)."""
    return RSS.format(items="".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><link>{link}</link></item>"
        for guid, title, link in items)).encode()


class Poll(OriginCase):
    def test_a_second_poll_is_conditional_and_transfers_no_body(self):
        self.bare_etag = "0f4c-no-quotes"  # as arXiv sends it
        self.origin.set("/bare", feed(10, first=20), etag=self.bare_etag)
        briefd = self.daemon({"a": "/ok/a", "b": "/bare"})
        first = briefd.poll()
        self.assertEqual((first["feeds"], first["ok"], first["failed"]), (2, 2, 0))
        self.assertEqual(first["sightings"], 20)
        second = briefd.poll()
        self.assertEqual((second["not_modified"], second["ok"], second["sightings_new"]), (2, 0, 0))
        asked = {r["path"]: r["headers"] for r in self.origin.log()[2:]}
        self.assertEqual(asked["/ok/a"].get("if-none-match"), '"v1"')
        self.assertEqual(asked["/bare"].get("if-none-match"), self.bare_etag)

    def test_the_same_body_without_validators_is_not_stored_again(self):
        self.origin.set("/f", feed(5), etag='"one"')
        briefd = self.daemon({"a": "/f"})
        briefd.poll()
        self.origin.set("/f", feed(5), etag='"two"')
        again = briefd.poll()
        self.assertEqual((again["not_modified"], again["items_new"]), (1, 0))

    def test_only_what_is_new_becomes_new_items(self):
        self.origin.set("/f", feed(10))
        briefd = self.daemon({"a": "/f"})
        self.assertEqual(briefd.poll()["items_new"], 10)
        self.origin.set("/f", feed(13))
        third = briefd.poll()
        self.assertEqual((third["items_new"], third["sightings_new"], third["items"]), (3, 3, 13))

    def test_one_article_in_two_feeds_is_one_item_with_two_sightings(self):
        self.origin.set("/a", rss(("1", "NPU 量化", "https://x.example/p?utm_source=rss"),
                                  ("2", "A paper", "https://arxiv.org/abs/2009.00278v1")))
        self.origin.set("/b", rss(("9", "NPU 量化", "http://x.example/p"),
                                  ("8", "A paper", "https://arxiv.org/pdf/2009.00278v2.pdf")))
        briefd = self.daemon({"a": "/a", "b": "/b"})
        summary = briefd.poll()
        self.assertEqual((summary["items"], summary["sightings"]), (2, 4))

    def test_an_edited_entry_changes_the_item_and_makes_no_second_one(self):
        self.origin.set("/f", rss(("1", "First title", "https://x.example/1")))
        briefd = self.daemon({"a": "/f"})
        briefd.poll()
        self.origin.set("/f", rss(("1", "Better title", "https://x.example/1")))
        self.assertEqual(briefd.poll()["items"], 1)
        self.assertIn("Better title", briefd.command("digest", "--format", "json").stdout)

    def test_absurd_dates_are_clamped_and_kept_as_written(self):
        dates = {"future": "Sun, 06 Nov 2094 08:49:37 GMT", "ancient": "Thu, 01 Jan 1970 00:00:00 GMT",
                 "none": "the day after", "relative": "2小时前", "good": "2020年9月17日 14:03"}
        self.origin.set("/f", RSS.format(items="".join(
            f"<item><title>{title}</title><link>https://x.example/{title}</link><pubDate>{date}</pubDate></item>"
            for title, date in dates.items())).encode())
        briefd = self.daemon({"a": "/f"})
        before = time.time()
        briefd.poll()
        rows = {title: (published, raw) for title, published, raw in briefd.query(
            "SELECT title, published_utc_s, published_raw FROM item")}
        self.assertEqual({title: raw for title, (_, raw) in rows.items()}, dates)
        self.assertAlmostEqual(rows["future"][0], before, delta=60)  # the time of the fetch, not of the year 2094
        self.assertAlmostEqual(rows["relative"][0], before - 7200, delta=60)
        self.assertEqual((rows["ancient"][0], rows["none"][0]), (None, None))
        self.assertEqual(rows["good"][0], 1600351380)

    def test_every_kind_of_bad_feed_is_named_and_the_good_ones_go_on(self):
        bad = {
            "html": ("/html", "HTML"), "empty": ("/empty", "empty"), "gone": ("/status/410", "410"),
            "missing": ("/status/404", "404"), "loop": ("/loop", "redirect"), "hang": ("/hang", "answer"),
            "bomb": ("/bomb?mb=16", "2"), "huge": ("/huge?mb=50", "2"), "reset": ("/reset", ""),
            "silence": ("/silence", ""), "gzlie": ("/gzlie", ""), "truncated": ("/truncated", ""),
            "file": ("/to?url=file%3A%2F%2F%2Fetc%2Fpasswd", "http"), "busy": ("/status/503", "503"),
            "laughs": ("/laughs", ""), "external": ("/xxe", None), "binary": ("/binary", ""),
        }
        entities = "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(10))
        self.origin.set("/laughs", f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">{entities}]>'
                        '<rss version="2.0"><channel><title>&k;</title></channel></rss>'.encode())
        self.origin.set("/xxe", b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                        b'<rss version="2.0"><channel><title>&x;</title><item><title>&x;</title>'
                        b"<link>https://x.example/1</link></item></channel></rss>")
        self.origin.set("/binary", random.Random(1).randbytes(20000))
        feeds = {name: path for name, (path, _) in bad.items()}
        feeds |= {f"good{n}": f"/ok/{n}" for n in range(5)}
        briefd = self.daemon(feeds, timeout="2s")
        summary = briefd.poll()
        self.assertEqual(summary["feeds"], len(feeds))
        errors = dict(briefd.query("SELECT name, error FROM feed"))
        for name, (_, word) in bad.items():
            if word is None:
                continue  # an external entity is not followed; the rest of the feed may be read
            self.assertIsNotNone(errors[name], f"{name} has no error")
            self.assertIn(word, errors[name], name)
        for n in range(5):
            self.assertIsNone(errors[f"good{n}"])
        self.assertEqual(summary["ok"], 5 + (1 if errors["external"] is None else 0))
        self.assertNotIn("root:", briefd.command("digest", "--format", "json").stdout)

    def test_a_feed_that_fails_keeps_its_items_and_its_validators(self):
        self.origin.set("/f", feed(3), etag='"one"')
        briefd = self.daemon({"a": "/f"})
        briefd.poll()
        self.origin.set("/f", b"<html><title>Log in</title></html>", etag='"login"', content_type="text/html")
        failed = briefd.poll()
        self.assertEqual((failed["failed"], failed["items"]), (1, 3))
        self.assertIn("Log in", briefd.query("SELECT error FROM feed")[0][0])
        briefd.poll()
        self.assertEqual(self.origin.log()[-1]["headers"].get("if-none-match"), '"one"')

    def test_one_host_is_asked_one_request_at_a_time(self):
        briefd = self.daemon({f"f{n}": f"/slow?ms=60&n={n}" for n in range(6)})
        briefd.poll()
        spans = sorted((r["at"], r["path"]) for r in self.origin.log())
        for (before, _), (after, _) in zip(spans, spans[1:]):
            self.assertGreaterEqual(after - before, 0.05)

    def test_private_addresses_are_refused_without_an_exception(self):
        briefd = self.daemon({"a": "/ok"})
        done = subprocess.run([BINARY, "--config", briefd.config, "--database", briefd.database, "poll", "--once",
                               "--all", "--json"], capture_output=True, text=True, timeout=30)
        self.assertIn('"failed":1', done.stdout)
        self.assertEqual(self.paths(), [])
        self.assertIn("loopback", briefd.query("SELECT error FROM feed")[0][0])

    def test_a_list_of_urls_replaces_the_feeds_of_the_configuration(self):
        briefd = self.daemon({"a": "/ok/configured"})
        urls = briefd.folder / "urls.txt"
        urls.write_text(f"# two\n{self.origin.url('/ok/1')}\n\n{self.origin.url('/ok/2')}  \n")
        self.assertEqual(briefd.poll("--feeds", urls)["feeds"], 2)
        self.assertEqual(sorted(self.paths()), ["/ok/1", "/ok/2"])

    def test_a_url_that_is_none_costs_only_itself(self):
        briefd = self.daemon({"a": "/ok"})
        urls = briefd.folder / "urls.txt"
        urls.write_text(f"ftp://x.example/\nnot a url\nhttp://\n{self.origin.url('/ok/2')}\n")
        summary = briefd.poll("--feeds", urls)
        self.assertEqual((summary["feeds"], summary["ok"], summary["failed"]), (4, 1, 3))

    def test_a_feed_that_is_not_due_is_not_asked_without_all(self):
        briefd = self.daemon({"a": "/ok"})
        briefd.poll()
        asked = len(self.paths())
        done = briefd.command("poll", "--once", "--json")
        self.assertIn('"feeds":0', done.stdout)
        self.assertEqual(len(self.paths()), asked)

    def test_killed_at_any_moment_the_next_run_ends_with_the_same_items(self):
        for n in range(30):
            self.origin.set(f"/f{n}", feed(20, first=n * 15, title=f"f{n}"), etag=f'"{n}"')
        feeds = {f"f{n}": f"/f{n}" for n in range(30)}
        whole = self.daemon(feeds)
        whole.poll()
        expected = whole.query("SELECT key FROM item ORDER BY key")
        self.assertEqual(len(expected), 29 * 15 + 20)
        chance = random.Random(7)
        hit = 0
        for _ in range(12):
            briefd = self.daemon(feeds)
            process = subprocess.Popen([BINARY, "--config", briefd.config, "--database", briefd.database, "--allow",
                                        "127.0.0.0/8", "poll", "--once", "--all"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.005, 0.15))  # the moment is the experiment, not a wait
            hit += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
            briefd.poll()
            self.assertEqual(briefd.query("PRAGMA integrity_check"), [("ok",)])
            self.assertEqual(briefd.query("SELECT key FROM item ORDER BY key"), expected)
            self.assertEqual(briefd.query("SELECT count(*) FROM sighting"), [(600,)])
        self.assertGreater(hit, 0, "no kill came in time")

    def test_killed_before_a_round_without_news_is_written_nothing_is_lost(self):
        for n in range(20):
            self.origin.set(f"/f{n}", feed(5, first=n * 5, title=f"f{n}"), etag=f'"{n}"')
        urls = {f"f{n}": self.origin.url(f"/f{n}") for n in range(20)}
        briefd = self.enterContext(Briefd(urls))
        briefd.poll()
        items = briefd.query("SELECT key FROM item ORDER BY key")
        states = "SELECT url, etag, body_hash, last_poll_utc_s FROM feed WHERE status = 200 ORDER BY url"
        before = briefd.query(states)
        self.assertEqual(len(before), 20)
        held = self.origin.url("/hang").replace("127.0.0.1", "localhost")  # a host of its own, or the others would wait
        briefd.timeout = "60s"  # or the round would end
        briefd.write_config({**urls, "held": held})
        self.origin.forget()
        process = subprocess.Popen([BINARY, "--config", briefd.config, "--database", briefd.database, "--allow", "127.0.0.0/8",
                                    "--allow", "::1", "poll", "--once", "--all"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        briefd.wait_until(lambda: len(self.paths()) == 21)  # all of them are answered but one
        process.kill()
        process.wait()
        self.assertEqual(briefd.query("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(briefd.query("SELECT key FROM item ORDER BY key"), items)
        self.assertEqual([row[:3] for row in briefd.query(states.replace("= 200", "IN (200, 304)"))],
                         [row[:3] for row in before])
        briefd.write_config(urls)
        again = briefd.poll()
        self.assertEqual((again["not_modified"], again["sightings_new"]), (20, 0))


if __name__ == "__main__":
    unittest.main()
