"""Sources with habits of their own, through the real binary: arXiv, GitHub, RSSHub, WeChat bridges and others."""
import datetime
import pathlib
import sys
import time
import unittest
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from origin import Origin  # noqa: E402

EASTERN = zoneinfo.ZoneInfo("America/New_York")


def arxiv(*papers):
    """A feed of arXiv with papers as (id, announce type)."""
    items = "".join(
        f"<item><title>Paper {number}</title><link>https://arxiv.org/abs/{number}</link>"
        f"<description>arXiv:{number}v1 Announce Type: {kind} \nAbstract: On quantization.</description>"
        f"<guid isPermaLink='false'>oai:arXiv.org:{number}v1</guid>"
        + (f"<arxiv:announce_type>{kind}</arxiv:announce_type>" if kind else "") + "</item>"
        for number, kind in papers)
    return ('<?xml version="1.0"?><rss xmlns:arxiv="http://arxiv.org/schemas/atom" version="2.0"><channel>'
            "<title>cs.LG updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.LG</link>"
            "<description>d</description><skipDays><day>Sunday</day><day>Saturday</day></skipDays>"
            f"<lastBuildDate>{time.time_ns()}</lastBuildDate>{items}</channel></rss>").encode()


class Sources(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())

    def daemon(self, feeds, **how):
        return self.enterContext(Briefd(
            {name: (self.origin.url(path), more) for name, (path, more) in feeds.items()}, **how))

    def keys(self, briefd):
        return [key for key, in briefd.query("SELECT key FROM item ORDER BY key")]


class Arxiv(Sources):
    BATCH = arxiv(("2601.00001", "new"), ("2601.00002", "cross"), ("2601.00003", "replace"),
                  ("2601.00004", "replace-cross"), ("2601.00005", None))

    def test_only_what_is_announced_as_new_becomes_an_item(self):
        self.origin.set("/rss", self.BATCH)
        briefd = self.daemon({"a": ("/rss", "kind = arxiv")})
        briefd.poll()
        self.assertEqual(self.keys(briefd), ["arxiv:2601.00001", "arxiv:2601.00005"])

    def test_cross_lists_come_when_they_are_asked_for_and_replacements_never(self):
        self.origin.set("/rss", self.BATCH)
        briefd = self.daemon({"a": ("/rss", 'kind = arxiv announce = { "new", "cross" }')})
        briefd.poll()
        self.assertEqual(self.keys(briefd), ["arxiv:2601.00001", "arxiv:2601.00002", "arxiv:2601.00005"])

    def next_poll(self, briefd):
        (stamp,), = briefd.query("SELECT next_poll_utc_s FROM feed")
        return datetime.datetime.fromtimestamp(stamp, EASTERN)

    def test_a_stale_batch_is_asked_for_again_sooner_than_a_fresh_one_in_spite_of_max_age(self):
        age = [("Cache-Control", "max-age=80000")]
        self.origin.set("/rss", self.BATCH, headers=age)
        briefd = self.daemon({"a": ("/rss", "kind = arxiv")})
        self.assertEqual(briefd.poll()["items_new"], 2)
        fresh = self.next_poll(briefd)
        self.origin.set("/rss", arxiv(("2601.00001", "new"), ("2601.00009", "replace")), headers=age)
        self.assertEqual(briefd.poll()["items_new"], 0)
        stale = self.next_poll(briefd)
        for moment, minutes in ((fresh, (20, 480)), (stale, (20, 60, 120, 240, 480, 1080))):
            self.assertLess(moment.weekday(), 5)
            past = moment.hour * 60 + moment.minute
            self.assertTrue(any(step <= past < step + 10 for step in minutes), moment)
        self.assertLessEqual(stale, fresh + datetime.timedelta(minutes=10))

    def test_an_empty_weekend_is_no_trouble(self):
        self.origin.set("/rss", arxiv())
        briefd = self.daemon({"a": ("/rss", "kind = arxiv")})
        briefd.poll()
        briefd.start()
        self.assertEqual(briefd.wait_until(lambda: briefd.feed("a"))["health"], "ok")


if __name__ == "__main__":
    unittest.main()
