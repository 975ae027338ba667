"""What publishers feel of us, line by line of the polling rules, and what nobody may see: credentials.

Here the schedule is checked by what it stores: the next poll, the wishes it keeps. test_schedule.py lets the time
pass.
"""
import email.utils
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import BINARY, Briefd  # noqa: E402
from origin import Origin, feed  # noqa: E402
from origin_case import OriginCase  # noqa: E402

HOUR, DAY = 3600, 86400


def dated(ages, channel=""):
    """An RSS feed with one item for each age in seconds; `channel` are elements of its own."""
    now = time.time()
    items = "".join(
        f"<item><title>t {age}</title><link>https://x.example/{age}</link><guid>{age}</guid>"
        f"<pubDate>{email.utils.formatdate(now - age)}</pubDate></item>" for age in ages)
    return (f'<?xml version="1.0"?><rss version="2.0"><channel><title>d</title><link>https://x.example/</link>'
            f"<description>d</description>{channel}{items}</channel></rss>").encode()


class Politeness(OriginCase):
    def wait_of(self, briefd, name="a"):
        """Seconds from the last poll to the next, as stored."""
        return briefd.query("SELECT next_poll_utc_s - last_poll_utc_s FROM feed WHERE name = ?", name)[0][0]

    def test_the_etag_of_a_304_is_kept_and_echoed_without_quotes(self):
        briefd = self.daemon({"a": "/newetag"})
        for _ in range(4):
            briefd.poll()
        sent = [request["headers"].get("if-none-match") for request in self.origin.log()]
        self.assertEqual(sent, [None, "first", "next-1", "next-2"])
        self.assertEqual(briefd.query("SELECT failures, error FROM feed"), [(0, None)])

    def test_a_304_that_nobody_asked_for_is_told_and_keeps_nothing_back(self):
        briefd = self.daemon({"a": "/f.xml"})
        self.origin.set("/f.xml", b"", status=304, headers=[("ETag", '"never"')])
        briefd.poll()
        self.assertIn("304", briefd.query("SELECT error FROM feed")[0][0])
        self.origin.set("/f.xml", dated([60]), etag='"never"')
        briefd.poll()
        self.assertEqual(briefd.query("SELECT items FROM tally"), [(1,)])
        self.assertEqual([request["headers"].get("if-none-match") for request in self.origin.log()], [None, None])
        self.assertEqual(briefd.query("SELECT failures, error, etag FROM feed"), [(0, None, '"never"')])

    def test_the_wishes_of_the_feed_hold_on_the_304s_that_follow(self):
        wishes = {
            "ttl": ("<ttl>600</ttl>", ()),
            "period": ('<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily'
                       '</sy:updatePeriod><sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/'
                       'syndication/">2</sy:updateFrequency>', ()),
            "age": ("", [("Cache-Control", "max-age=36000")]),
            "expires": ("", [("Expires", email.utils.formatdate(time.time() + 11 * HOUR, usegmt=True)),
                             ("Date", email.utils.formatdate(usegmt=True))]),
        }
        for name, (channel, headers) in wishes.items():
            self.origin.set(f"/{name}", dated([60, HOUR, 2 * HOUR], channel), etag=f'"{name}"', headers=headers)
        briefd = self.daemon({name: f"/{name}" for name in wishes} | {"none": "/ok"})
        for round_number in range(3):
            counts = briefd.poll()
            self.assertEqual((counts["ok"], counts["not_modified"]), ((5, 0), (0, 5), (0, 5))[round_number])
            for name in wishes:
                self.assertGreaterEqual(self.wait_of(briefd, name), 10 * HOUR, (name, round_number))
            self.assertLess(self.wait_of(briefd, "none"), 10 * HOUR)

    def test_wishes_end_at_the_configured_maximum(self):
        self.origin.set("/f", dated([60], "<ttl>999999</ttl>"), etag='"1"')
        briefd = self.enterContext(Briefd({"a": (self.origin.url("/f"), "max_interval = 3h")}))
        briefd.poll()
        self.assertEqual(self.wait_of(briefd), 3 * HOUR)

    def test_skipped_hours_and_days_are_not_asked_in_also_after_a_304(self):
        hour = (time.gmtime().tm_hour + 5) % 24
        skipped = "".join(f"<hour>{h}</hour>" for h in range(24) if h != hour)
        today = time.strftime("%A", time.gmtime(time.time() + 5 * HOUR))
        self.origin.set("/f", dated([60], f"<skipHours>{skipped}</skipHours><skipDays><day>{today}</day></skipDays>"),
                        etag='"1"')
        briefd = self.daemon({"a": "/f"})
        for _ in range(2):
            briefd.poll()
            at = time.gmtime(briefd.query("SELECT next_poll_utc_s FROM feed")[0][0])
            self.assertEqual(at.tm_hour, hour)
            self.assertNotEqual(time.strftime("%A", at), today)

    def test_a_busy_feed_is_asked_more_often_than_a_slow_one(self):
        self.origin.set("/busy", dated(range(600, 20 * HOUR, 1800)))
        self.origin.set("/slow", dated(range(DAY, 100 * DAY, 9 * DAY)))
        briefd = self.daemon({"busy": "/busy", "slow": "/slow"})
        briefd.poll()
        self.assertLess(self.wait_of(briefd, "busy"), 2 * HOUR)
        self.assertGreater(self.wait_of(briefd, "slow"), 4 * HOUR)

    def test_retry_after_of_a_private_host_holds_for_its_url_alone(self):
        briefd = self.daemon({"a": "/status/429?retry=7200", "b": "/ok/b", "c": "/status/503?retry=3600"})
        self.assertEqual(briefd.poll()["ok"], 1)
        self.assertGreaterEqual(self.wait_of(briefd, "a"), 7200)
        self.assertGreaterEqual(self.wait_of(briefd, "c"), 3600)

    def test_failures_back_off_exponentially_and_a_success_forgets_them(self):
        self.origin.set("/f", b"", status=500)
        briefd = self.daemon({"a": "/f"})
        waits = []
        for _ in range(5):
            briefd.poll()
            waits.append(self.wait_of(briefd))
        for number, wait in enumerate(waits):  # min_interval is 60 s
            self.assertTrue(60 <= wait <= 75 * 2 ** number, waits)
            self.assertTrue(wait >= 45 * 2 ** number, waits)
        self.origin.set("/f", feed(3))
        briefd.poll()
        self.assertEqual(briefd.query("SELECT failures FROM feed"), [(0,)])

    def test_a_feed_that_has_moved_waits_at_the_gate_of_its_new_host(self):
        other = self.enterContext(Origin(host="127.0.0.2"))
        self.origin.set("/old", b"", status=301, headers=[("Location", other.url("/slow?ms=300&n=1"))])
        briefd = self.enterContext(Briefd({"a": self.origin.url("/old"), "b": other.url("/slow?ms=300&n=2")}))
        briefd.poll()
        briefd.pass_time(8 * DAY)
        other.forget()
        briefd.poll()
        first, second = sorted(request["at"] for request in other.log())
        self.assertGreaterEqual(second - first, 0.29)

    def test_a_redirect_to_another_host_waits_at_the_gate_of_that_host(self):
        other = self.enterContext(Origin(host="127.0.0.2"))
        for name in "abc":
            self.origin.set(f"/{name}", b"", status=302, headers=[("Location", other.url(f"/slow?ms=300&n={name}"))])
        briefd = self.enterContext(Briefd({n: self.origin.url(f"/{n}") for n in "abc"}
                                          | {"own": other.url("/slow?ms=300&n=own")}))
        self.assertEqual(briefd.poll()["ok"], 4)
        at = sorted(request["at"] for request in other.log())
        self.assertEqual(len(at), 4)
        for first, second in zip(at, at[1:]):
            self.assertGreaterEqual(second - first, 0.29)

    def test_redirects_across_hosts_are_counted_guarded_and_remembered_as_one_chain(self):
        other = self.enterContext(Origin(host="127.0.0.2"))
        hosts = [self.origin, other]
        for n in range(7):
            hosts[n % 2].set(f"/hop{n}", b"", status=301,
                             headers=[("Location", hosts[(n + 1) % 2].url(f"/hop{n + 1}"))])
        hosts[0].set("/hop3from", b"", status=301, headers=[("Location", hosts[1].url("/hop3"))])
        hosts[1].set("/hop7", feed(1))
        self.origin.set("/mixed", b"", status=301, headers=[("Location", "/mixed2")])
        self.origin.set("/mixed2", b"", status=302, headers=[("Location", other.url("/ok"))])
        self.origin.set("/inside", b"", status=302, headers=[("Location", "http://10.0.0.1/")])
        self.origin.set("/out", b"", status=302, headers=[("Location", "file:///etc/passwd")])
        briefd = self.daemon({"long": "/hop0", "fits": "/hop3from", "mixed": "/mixed", "inside": "/inside",
                              "out": "/out"})
        self.assertEqual(briefd.poll()["ok"], 1)  # "mixed"
        errors = dict(briefd.query("SELECT name, error FROM feed"))
        moved = dict(briefd.query("SELECT name, moved_to FROM feed"))
        self.assertIn("redirected more than 4 times", errors["long"])
        self.assertIn("redirected more than 4 times", errors["fits"])
        self.assertIn("after a redirect: address 10.0.0.1 is private", errors["inside"])
        self.assertIn("which is not http or https", errors["out"])
        self.assertEqual(moved["mixed"], self.origin.url("/mixed2"))
        other.set("/hop5", feed(1))
        counts = briefd.poll()
        self.assertEqual((counts["ok"], counts["not_modified"]), (1, 1))
        self.assertEqual(briefd.query("SELECT moved_to FROM feed WHERE name = 'fits'"), [(other.url("/hop5"),)])

    def test_a_permanent_move_is_followed_directly_after_a_week(self):
        other = self.enterContext(Origin(host="127.0.0.2"))
        self.origin.set("/old", b"", status=301, headers=[("Location", other.url("/ok/new"))])
        briefd = self.daemon({"a": "/old"})
        briefd.poll()
        briefd.poll()
        self.assertEqual(self.paths(), ["/old", "/old"])
        briefd.pass_time(8 * DAY)
        briefd.poll()
        self.assertEqual(self.paths(), ["/old", "/old"])
        self.assertEqual(len(other.log()), 3)
        other.set("/ok/new", b"", status=404)  # the new home is gone: the old address is asked again
        briefd.poll()
        briefd.poll()
        self.assertEqual(self.paths(), ["/old"] * 3)

    def test_a_move_that_is_taken_back_within_the_week_is_forgotten(self):
        self.origin.set("/old", b"", status=308, headers=[("Location", "/ok/new")])
        briefd = self.daemon({"a": "/old"})
        briefd.poll()
        self.assertIsNotNone(briefd.query("SELECT moved_to FROM feed")[0][0])
        self.origin.set("/old", feed(3))
        briefd.poll()
        self.assertEqual(briefd.query("SELECT moved_to FROM feed"), [(None,)])

    def test_what_is_gone_is_not_asked_until_the_configuration_names_it_anew(self):
        briefd = self.daemon({"a": "/status/410", "b": "/ok"})
        for _ in range(3):
            briefd.poll()
        self.assertEqual(self.paths().count("/status/410"), 1)
        for pause in ({"b": self.origin.url("/ok")},
                      {"a": (self.origin.url("/status/410"), "enabled = false"), "b": self.origin.url("/ok")}):
            briefd.write_config(pause)
            briefd.poll()
            before = self.paths().count("/status/410")
            briefd.write_config({"a": self.origin.url("/status/410"), "b": self.origin.url("/ok")})
            briefd.poll()
            briefd.poll()
            self.assertEqual(self.paths().count("/status/410"), before + 1)

    def test_a_running_daemon_takes_up_a_gone_feed_that_is_named_anew(self):
        self.origin.set("/f", b"", status=410)
        briefd = self.daemon({"a": "/f", "b": "/ok"}).start()
        briefd.wait_until(lambda: briefd.feed("a")["health"] == "gone")
        self.origin.set("/f", feed(2))
        for how in ("enabled = false", "enabled = true"):
            count = briefd.log().count("anew")
            briefd.write_config({"a": (self.origin.url("/f"), how), "b": self.origin.url("/ok")})
            briefd.signal(signal.SIGHUP)
            briefd.wait_until(lambda: briefd.log().count("anew") > count)
        briefd.wait_until(lambda: briefd.feed("a")["health"] == "ok")

    def test_a_private_host_may_be_allowed_by_name_and_port(self):
        port = self.origin.port
        feeds = {
            "named": (f"http://localhost:{port}/ok/1", f'allow = {{ "localhost:{port}" }}'),
            "elsewhere": (f"http://localhost:{port}/to?url=http%3A%2F%2F127.0.0.1%3A{port}%2Fok%2Fstolen",
                          f'allow = {{ "localhost:{port}" }}'),
            "other": (f"http://localhost:{port}/ok/2", f'allow = {{ "localhost:{port % 65535 + 1}" }}'),
            "none": (f"http://localhost:{port}/ok/3", ""),
        }
        briefd = self.enterContext(Briefd(feeds))
        done = subprocess.run([BINARY, "--config", briefd.config, "--database", briefd.database, "poll", "--once",
                               "--all", "--json"], capture_output=True, text=True, timeout=30)
        self.assertIn('"ok":1', done.stdout, done.stderr)
        self.assertEqual(sorted(self.paths()), ["/ok/1", "/to"])
        errors = dict(briefd.query("SELECT name, error FROM feed"))
        self.assertIsNone(errors["named"])
        self.assertIn("after a redirect", errors["elsewhere"])
        self.assertIn("loopback", errors["other"])
        self.assertIn("loopback", errors["none"])


class Credentials(unittest.TestCase):
    """A feed's URL may hold user and password. They reach its server, and nothing else."""

    SECRET = "s3cr3t-w0rd"

    def setUp(self):
        self.origin = self.enterContext(Origin())
        port = self.origin.port
        self.base = f"http://editor:{self.SECRET}@127.0.0.1:{port}"
        bare = b'<rss version="2.0"><channel><title>t</title><item><title>no link</title></item></channel></rss>'
        self.origin.set("/bare-item", bare)
        self.origin.set("/moved", b"", status=301, headers=[("Location", "/ok/new")])
        self.origin.set("/away", b"", status=302, headers=[("Location", "file:///etc/passwd")])
        self.origin.set("/own", b"", status=302, headers=[("Location", f"gopher://editor:{self.SECRET}@x/")])
        self.all = ("ok", "bare-item", "moved", "away", "own", "html", "status/404", "status/410", "status/429",
                    "hang", "reset", "truncated", "bomb?mb=16", "loop", "badhdr")

    def assertClean(self, text, where):
        text = text if isinstance(text, str) else text.decode("utf-8", "replace")
        for word in (self.SECRET, "editor:", "editor%3A"):
            self.assertNotIn(word, text, where)

    def test_they_are_sent_and_appear_in_no_log_page_api_or_error(self):
        feeds = {f"f{n}": f"{self.base}/{path}" for n, path in enumerate(self.all)}
        feeds["refused"] = f"http://editor:{self.SECRET}@10.255.255.1:1/"
        feeds["closed"] = f"http://editor:{self.SECRET}@127.0.0.1:1/"
        feeds["nowhere"] = f"http://editor:{self.SECRET}@no-such-host.invalid/"
        briefd = self.enterContext(Briefd(feeds, timeout="2s")).start("--verbose")
        briefd.wait_until(lambda: all(f["last_poll"] for f in briefd.json("/api/v1/feeds")["feeds"]))
        self.assertTrue(all("authorization" in r["headers"] for r in self.origin.log("/ok")))
        for path in ("/", "/draft.md", "/draft.html", "/draft.json", "/api/v1/draft", "/api/v1/feeds", "/healthz"):
            self.assertClean(briefd.get(path)[2], path)
        briefd.write_config(feeds, extra=f'feed "bad" {{ url = "http://editor:{self.SECRET}@h/ x" }}')
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: "has errors" in briefd.log())
        self.assertClean(briefd.log(), "the log")
        rows = briefd.query("SELECT name, title, error, moved_to, etag FROM feed")
        self.assertClean(repr(rows), "what is stored of feeds")
        self.assertClean(repr(briefd.query("SELECT key, url, title, summary, reasons FROM item")), "items")

    def test_the_commands_do_not_print_them_either(self):
        briefd = self.enterContext(Briefd({"a": f"{self.base}/ok"}, timeout="2s"))
        urls = briefd.folder / "urls.txt"
        urls.write_text("".join(f"{self.base}/{path}\n" for path in self.all))
        done = briefd.command("--verbose", "poll", "--once", "--all", "--feeds", urls, check=False)
        self.assertClean(done.stdout + done.stderr, "poll --feeds")
        self.assertClean(repr(briefd.query("SELECT name, error FROM feed")), "names")
        for url in (f"ftp://editor:{self.SECRET}@h/x", f"http://editor:{self.SECRET}@", f"{self.base}/a b",
                    f"{self.base}/" + "x" * 3000):
            briefd.write_config({"a": url})
            done = briefd.command("check", check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertClean(done.stdout + done.stderr, "check")
        briefd.write_config({"a": f"{self.base}/ok", "b": f"{self.base}/ok"})
        done = briefd.command("check", check=False)
        self.assertClean(done.stdout + done.stderr, "check of a URL named twice")


if __name__ == "__main__":
    unittest.main()
