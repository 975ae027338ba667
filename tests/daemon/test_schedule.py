"""The polling rules while time passes: a running daemon, a fake origin, and a clock that the test moves.

No stored time is touched. A feed named "beat" is due at every step: once its answer to a step is stored, the
daemon has looked at all feeds, and those before it in the configuration have been asked if they were due.
"""
import email.utils
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from origin import Origin, feed  # noqa: E402

MINUTE, HOUR, DAY = 60, 3600, 86400


def rss(now, ages, channel=""):
    """A feed with one item for each age in seconds before `now`; `channel` are elements of its own."""
    items = "".join(f"<item><title>t</title><guid>{round(now - age)}</guid><link>https://x.example/{round(now - age)}"
                    f"</link><pubDate>{email.utils.formatdate(now - age)}</pubDate></item>" for age in ages)
    return f'<rss version="2.0"><channel><title>x</title>{channel}{items}</channel></rss>'.encode()


class Schedule(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())
        self.origin.set("/beat", feed(1), etag='"1"')

    def daemon(self, feeds, **how):
        feeds = {name: value if isinstance(value, tuple) else (value, "") for name, value in feeds.items()}
        feeds = {name: (self.origin.url(path), more) for name, (path, more) in feeds.items()}
        feeds["beat"] = (self.origin.url("/beat"), "max_interval = 2m")
        self.briefd = self.enterContext(Briefd(feeds, **how)).start()
        self.briefd.wait_until(lambda: all(self.briefd.feed(name)["last_poll"] for name in feeds))
        return self.briefd

    def beat(self):
        return self.briefd.query("SELECT last_poll_utc_s FROM feed WHERE name = 'beat'")[0][0]

    def step(self, seconds):
        """Let `seconds`, at least three minutes, pass, until all that is due has been asked."""
        before = self.beat()
        self.briefd.pass_time(seconds)
        self.briefd.wait_until(lambda: self.beat() > before)

    def asked(self, path):
        return sum(request["path"] == path for request in self.origin.log())

    def steps_until_asked(self, path, seconds, at_most=200):
        """How many steps of `seconds` until `path` is asked once more."""
        before = self.asked(path)
        for steps in range(1, at_most + 1):
            self.step(seconds)
            if self.asked(path) > before:
                return steps
        self.fail(f"{path} was not asked within {at_most} steps of {seconds} s")

    def test_what_a_feed_wishes_is_waited_for_and_not_longer(self):
        now = time.time()
        pages = {
            "/ttl": ("<ttl>600</ttl>", ()),
            "/period": ('<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily'
                        '</sy:updatePeriod><sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/'
                        'syndication/">2</sy:updateFrequency>', ()),
            "/age": ("", [("Cache-Control", "max-age=36000")]),
        }
        for path, (channel, headers) in pages.items():
            self.origin.set(path, rss(now, range(MINUTE, DAY, HOUR), channel), etag='"1"', headers=headers)
        self.origin.set("/free", rss(now, range(MINUTE, DAY, HOUR)), etag='"1"')
        self.daemon({path[1:]: path for path in [*pages, "/free"]})
        moments = {path: [self.briefd.now()] for path in pages}
        for _ in range(40):
            before = {path: self.asked(path) for path in pages}
            self.step(HOUR)
            for path in pages:
                moments[path] += [self.briefd.now()] * (self.asked(path) - before[path])
        for path, wish in {"/ttl": 10 * HOUR, "/period": 12 * HOUR, "/age": 10 * HOUR}.items():
            gaps = [later - earlier for earlier, later in zip(moments[path], moments[path][1:])]
            self.assertGreaterEqual(len(gaps), 3, path)  # after the 200 and after 304s
            for gap in gaps:  # seen at the end of a step of an hour
                self.assertTrue(wish - HOUR < gap < wish + 2 * HOUR, (path, gaps))
        self.assertGreater(self.asked("/free"), 10)

    def test_a_wish_beyond_the_maximum_is_cut_to_it(self):
        self.origin.set("/f", rss(time.time(), [60], "<ttl>999999</ttl>"))
        self.daemon({"f": ("/f", "max_interval = 3h")})
        self.assertIn(self.steps_until_asked("/f", 20 * MINUTE), (9, 10))

    def test_nothing_is_asked_in_hours_and_days_that_are_skipped(self):
        allowed = (time.gmtime().tm_hour + 5) % 24
        hours = "".join(f"<hour>{h}</hour>" for h in range(24) if h != allowed)
        days = "<day>Saturday</day><day>Sunday</day>"
        self.origin.set("/f", rss(time.time(), range(0, DAY, HOUR), f"<skipHours>{hours}</skipHours>"
                                  f"<skipDays>{days}</skipDays>"), etag='"1"')
        self.daemon({"f": "/f"})
        moments = []
        for _ in range(9 * 24):
            before = self.asked("/f")
            self.step(HOUR)
            moments += [time.gmtime(self.briefd.now())] * (self.asked("/f") - before)
        self.assertGreaterEqual(len(moments), 5)
        for moment in moments:
            self.assertIn(moment.tm_hour, (allowed, (allowed + 1) % 24))  # a step may end just behind it
            self.assertLess((moment.tm_wday - (moment.tm_hour == 0)) % 7, 5)

    def test_a_busy_feed_is_asked_more_often_than_a_slow_one(self):
        self.origin.set("/busy", rss(time.time(), range(600, 20 * HOUR, 1800)), etag='"1"')
        self.origin.set("/slow", rss(time.time(), range(DAY, 100 * DAY, 9 * DAY)), etag='"1"')
        self.daemon({"busy": "/busy", "slow": "/slow"})
        for _ in range(36):
            self.step(HOUR)
        self.assertGreater(self.asked("/busy"), 2 * self.asked("/slow"))
        self.assertGreaterEqual(self.asked("/slow"), 2)

    def test_retry_after_is_kept_by_the_url_that_heard_it(self):
        for status in (406, 429, 503):
            self.origin.set(f"/{status}", b"", status=status, headers=[("Retry-After", "36000")])
        self.origin.set("/other", feed(2))
        self.daemon({str(status): f"/{status}" for status in (406, 429, 503)} | {"other": ("/other", "max_interval = 1h")})
        for _ in range(9):
            self.step(HOUR)
        self.assertEqual([self.asked(f"/{status}") for status in (406, 429, 503)], [1, 1, 1])
        self.assertGreater(self.asked("/other"), 4)
        for _ in range(5):  # a quarter of jitter
            self.step(HOUR)
        self.assertEqual([self.asked(f"/{status}") for status in (406, 429, 503)], [2, 2, 2])

    def test_failures_are_asked_ever_more_rarely_and_success_ends_that(self):
        self.origin.set("/f", b"", status=500)
        self.origin.set("/g", b"", status=500)
        self.daemon({"f": ("/f", "min_interval = 10m max_interval = 4h"),
                     "g": ("/g", "min_interval = 10m max_interval = 4h")})
        waits = [self.steps_until_asked("/f", 3 * MINUTE) * 3 for _ in range(6)]
        for number, wait in enumerate(waits):  # a quarter of jitter, and one step
            expected = min(10 * 2 ** number, 240)
            self.assertTrue(0.75 * expected <= wait + 3 and wait <= 1.25 * expected + 3, waits)
        self.assertNotEqual([r["at"] for r in self.origin.log("/f")], [r["at"] for r in self.origin.log("/g")])
        self.origin.set("/f", feed(3))
        self.steps_until_asked("/f", 30 * MINUTE)
        self.briefd.wait_until(lambda: self.briefd.feed("f")["health"] == "ok")

    def test_a_304_is_a_success(self):
        self.origin.set("/f", feed(3), etag='"1"')
        self.daemon({"f": ("/f", "max_interval = 1h")})
        for _ in range(5):
            self.step(HOUR)
        self.assertEqual(self.briefd.feed("f")["health"], "ok")
        self.assertEqual(self.briefd.query("SELECT failures, status FROM feed WHERE name = 'f'"), [(0, 304)])

    def test_a_permanent_move_is_followed_directly_after_a_week_and_not_before(self):
        self.origin.set("/old", b"", status=301, headers=[("Location", "/new")])
        self.origin.set("/new", feed(3), etag='"1"')
        self.daemon({"f": ("/old", "max_interval = 12h")})
        for _ in range(13):
            self.step(DAY / 2)
        self.assertEqual(self.asked("/old"), self.asked("/new"))
        for _ in range(3):
            self.step(DAY / 2)
        old = self.asked("/old")
        for _ in range(4):
            self.step(DAY / 2)
        self.assertEqual(self.asked("/old"), old)
        self.assertGreater(self.asked("/new"), old + 2)

    def test_what_is_gone_is_never_asked_again(self):
        self.daemon({"f": "/status/410"})
        for _ in range(10):
            self.step(30 * DAY)
        self.assertEqual(self.asked("/status/410"), 1)
        self.assertEqual(self.briefd.feed("f")["health"], "gone")

    def test_a_feed_that_posted_weekly_and_stops_is_called_silent(self):
        self.origin.set("/f", rss(time.time(), range(HOUR, 90 * DAY, 7 * DAY)), etag='"1"')
        self.daemon({"f": "/f"})
        self.assertEqual(self.briefd.feed("f")["health"], "ok")
        for _ in range(12):
            self.step(5 * DAY)
        self.briefd.wait_until(lambda: self.briefd.feed("f")["health"] == "silent")

    def test_a_family_of_hosts_shares_one_pause(self):
        port = self.origin.port
        urls = {name: f"http://{name}.localhost:{port}/{name}" for name in ("export", "rss", "www")}
        for name in urls:
            self.origin.set(f"/{name}", feed(1))
        self.briefd = self.enterContext(Briefd(urls, polling='host "localhost" { pause = "1h" }')).start()
        for number in range(1, 4):
            self.briefd.wait_until(lambda: len(self.origin.log()) == number)
            self.briefd.wait_until(
                lambda: sum(bool(self.briefd.feed(name)["last_poll"]) for name in urls) == number)
            self.briefd.pass_time(58 * MINUTE)
            self.assertEqual(len(self.origin.log()), number)
            self.briefd.pass_time(3 * MINUTE)

    def test_a_daemon_that_slept_for_days_asks_what_is_due_once(self):
        self.origin.set("/f", feed(3), etag='"1"')
        self.daemon({"f": ("/f", "max_interval = 1h")})
        before = self.asked("/f")
        self.step(5 * DAY)
        self.step(5 * MINUTE)
        self.assertEqual(self.asked("/f"), before + 1)


if __name__ == "__main__":
    unittest.main()
