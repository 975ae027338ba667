"""Sources with habits of their own, through the real binary: arXiv, GitHub, RSSHub, WeChat bridges and others."""
import datetime
import json
import pathlib
import sys
import time
import unittest
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from origin_case import OriginCase  # noqa: E402

try:
    EASTERN = zoneinfo.ZoneInfo("America/New_York")
except zoneinfo.ZoneInfoNotFoundError:
    EASTERN = None


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


def rss(*items):
    """Items as (guid, title, link)."""
    return ("<?xml version='1.0'?><rss version='2.0'><channel><title>t</title><link>https://t.example/</link>"
            "<description>d</description>" + "".join(
                f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><link>{link}</link></item>"
                for guid, title, link in items) + "</channel></rss>").encode()


class Sources(OriginCase):
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

    @unittest.skipIf(EASTERN is None, "the time zone database (tzdata) is not installed")
    def test_a_stale_batch_is_asked_for_again_sooner_than_a_fresh_one_in_spite_of_max_age(self):
        age = [("Cache-Control", "max-age=80000")]
        self.origin.set("/rss", self.BATCH, headers=age)
        briefd = self.daemon({"a": ("/rss", "kind = arxiv")})
        noon = datetime.datetime(2026, 9, 16, 12, tzinfo=EASTERN)  # a Wednesday: no step of a schedule is near
        briefd.set_clock(noon.timestamp() - time.time())
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


def releases(*tags):
    """releases.atom of ggml-org/llama.cpp with tags as (tag, title, notes, hours ago)."""
    now = datetime.datetime.now(datetime.timezone.utc)
    entries = "".join(
        f"<entry><id>tag:github.com,2008:Repository/612354784/{tag}</id>"
        f"<updated>{(now - datetime.timedelta(hours=hours)).strftime('%Y-%m-%dT%H:%M:%SZ')}</updated>"
        f'<link rel="alternate" href="https://github.com/ggml-org/llama.cpp/releases/tag/{tag}"/>'
        f'<title>{title}</title><content type="html">{notes}</content></entry>'
        for tag, title, notes, hours in tags)
    return ('<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">'
            "<id>tag:github.com,2008:https://github.com/ggml-org/llama.cpp/releases</id>"
            f"<title>Release notes from llama.cpp</title><updated>2026-01-01T00:00:00Z</updated>{entries}</feed>"
            ).encode()


class Releases(Sources):
    def oss(self, briefd):
        draft = json.loads(briefd.command("digest", "--format", "json").stdout)
        section = next(s for s in draft["sections"] if s["id"] == "oss")
        return [pick["candidate"] for pick in section["picks"]] + section["others"]

    def test_builds_and_prereleases_are_one_candidate_each_and_nothing_is_lost(self):
        self.origin.set("/releases.atom", releases(
            *[(f"b{n}", f"b{n}", "fix", 5000 - n) for n in range(4990, 5000)],
            ("v1.1.0-rc1", "v1.1.0-rc1", "try it", 3), ("v1.1.0-beta", "v1.1.0-beta", "try it", 9),
            ("v1.0.0", "v1.0.0", "notes", 30), ("v0.9.9", "v0.9.9", "", 40)))
        briefd = self.daemon({"a": ("/releases.atom", "kind = github-releases")})
        self.assertEqual(briefd.poll()["items"], 14)
        found = {c["title"]: [b["title"] for b in c["bundled"]] for c in self.oss(briefd)}
        self.assertEqual(found, {"b4999": [f"b{n}" for n in range(4998, 4989, -1)],
                                 "v1.1.0-rc1": ["v1.1.0-beta"], "v1.0.0": []})

    def test_prereleases_can_be_kept_or_dropped_and_a_new_file_changes_what_is_stored(self):
        self.origin.set("/releases.atom", releases(
            ("v1.1.0-rc1", "v1.1.0-rc1", "x", 3), ("v1.1.0-rc2", "v1.1.0-rc2", "x", 2), ("v1.0.0", "One", "x", 9)))
        briefd = self.daemon({"a": ("/releases.atom", "kind = github-releases prereleases = keep")})
        briefd.poll()
        self.assertEqual(len(self.oss(briefd)), 3)
        briefd.write_config({"a": (self.origin.url("/releases.atom"), "kind = github-releases prereleases = drop")})
        briefd.start()
        self.assertTrue(briefd.wait_until(lambda: [
            c["title"] for s in briefd.json("/draft.json")["sections"] if s["id"] == "oss"
            for c in [p["candidate"] for p in s["picks"]] + s["others"]] == ["One"]))

    def test_rebuilt_assets_are_no_news_and_move_no_date(self):
        self.origin.set("/releases.atom", releases(("v1.0.0", "One", "notes", 50)))
        briefd = self.daemon({"a": ("/releases.atom", "kind = github-releases")})
        briefd.poll()
        before = briefd.query("SELECT id, published_utc_s, dated_utc_s FROM item")
        self.origin.set("/releases.atom", releases(("v1.0.0", "One", "notes, edited", 0)))
        summary = briefd.poll()
        self.assertEqual((summary["items_new"], summary["sightings_new"]), (0, 0))
        self.assertEqual(briefd.query("SELECT id, published_utc_s, dated_utc_s FROM item"), before)

    def test_a_title_that_is_only_a_version_is_printed_behind_the_repository(self):
        self.origin.set("/releases.atom", releases(("b4999", "b4999", "fix", 1)))
        briefd = self.daemon({"a": ("/releases.atom", "kind = github-releases")})
        briefd.poll()
        self.assertIn("ggml-org/llama.cpp: b4999", briefd.command("digest", "--format", "md").stdout)


EMPTY_FEED = (b'<?xml version="1.0"?><rss version="2.0"><channel><title>\xe6\x9c\xba\xe5\x99\xa8\xe4\xb9\x8b'
              b"\xe5\xbf\x83</title><link>https://mp.weixin.qq.com/</link><description>d</description>%s"
              b"</channel></rss>")
ARTICLE = (b"<item><title>NPU</title><link>https://mp.weixin.qq.com/s?__biz=MzA=&amp;mid=22&amp;idx=1&amp;"
           b"sn=abc&amp;chksm=x#rd</link><guid isPermaLink='false'>a</guid></item>")
ROUTE = b"<html><style>%s</style><p>Error: this route is empty, please check the original site</p></html>"


class Answers(Sources):
    def health(self, name):
        return self.briefd.wait_until(lambda: self.briefd.feed(name))

    def run_daemon(self, feeds):
        self.briefd = self.daemon(feeds)
        summary = self.briefd.poll()
        self.briefd.start()
        return summary

    def test_an_empty_route_of_rsshub_is_no_failure_and_keeps_the_feed_as_it_was(self):
        self.origin.set("/route", rss(("1", "One", "https://x.example/1")), etag='"one"')
        briefd = self.daemon({"a": ("/route", "kind = rsshub")})
        briefd.poll()
        for status in (503, 404):
            self.origin.set("/route", ROUTE % (b"x" * 20000), status=status, content_type="text/html")
            summary = briefd.poll()
            self.assertEqual((summary["failed"], summary["not_modified"], summary["items"]), (0, 1, 1))
        briefd.start()
        feed = briefd.wait_until(lambda: briefd.feed("a"))
        self.assertEqual((feed["health"], feed["failures"], feed["note"]), ("ok", 0, "nothing-now"))
        self.assertIn("nothing new there at the moment", feed["message"])
        briefd.stop()
        self.origin.set("/route", rss(("1", "One", "https://x.example/1")), etag='"one"')
        briefd.poll()
        self.assertEqual(self.origin.log()[-1]["headers"].get("if-none-match"), '"one"')
        self.assertEqual(briefd.query("SELECT note, error FROM feed"), [(None, None)])

    def test_refusals_and_broken_routes_are_named(self):
        self.origin.set("/app", b"we will gradually restrict access to rsshub.app for some feed readers",
                        content_type="text/plain")
        self.origin.set("/app403", b"rsshub.app is intended for testing purposes only", status=403)
        self.origin.set("/check", b"<html><head><title>Just a moment...</title></head></html>", status=403)
        self.origin.set("/broken", b"<p>Error: FetchError: [GET] 403 Forbidden</p>", status=503)
        self.run_daemon({"app": ("/app", ""), "app403": ("/app403", ""), "check": ("/check", ""),
                         "broken": ("/broken", "kind = rsshub")})
        for name, note, words in (("app", "rsshub-refuses", "instance of your own"),
                                  ("app403", "rsshub-refuses", "instance of your own"),
                                  ("check", "browser-check", "Cloudflare"),
                                  ("broken", "route-fails", "FetchError: [GET] 403")):
            feed = self.health(name)
            self.assertEqual((feed["health"], feed["note"]), ("failing", note), name)
            self.assertIn(words, feed["error"])

    def test_a_wechat_bridge_says_what_its_account_lacks(self):
        self.origin.set("/locked", "账号今日小黑屋".encode(), status=500)
        self.origin.set("/none", '{"error":{"message":"暂无可用读书账号!"}}'.encode(), status=500)
        self.origin.set("/expired", "Token 失效（WeReadError401）".encode(), content_type="text/plain")
        self.origin.set("/zero", EMPTY_FEED % b"")
        self.run_daemon({name: ("/" + name, "kind = wechat") for name in ("locked", "none", "expired", "zero")})
        self.assertEqual({name: (self.health(name)["health"], self.health(name)["note"])
                          for name in ("locked", "none", "expired", "zero")},
                         {"locked": ("failing", "account-locked"), "none": ("failing", "no-account"),
                          "expired": ("failing", "account-expired"), "zero": ("silent", "no-articles")})
        page = self.briefd.get("/plain")[2].decode()
        for words in ("进了小黑屋", "没有可用的读书账号", "要重新扫码", "一篇文章也没有"):
            self.assertIn(words, page)

    def test_wechat_articles_carry_the_account_and_a_key_of_their_own(self):
        self.origin.set("/mp", EMPTY_FEED % ARTICLE, etag='"1"')
        briefd = self.daemon({"桥": ("/mp", "kind = wechat")})
        briefd.poll()
        briefd.poll()  # a 304 knows the account still
        self.assertEqual(self.keys(briefd), ["wx:MzA=:22:1"])
        self.assertEqual(briefd.query("SELECT source FROM feed"), [("机器之心",)])

    def test_an_error_of_arxiv_says_what_arxiv_says(self):
        self.origin.set("/rss", b'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed error for query: '
                        b"cs.XX</title><link>l</link><description>d</description></channel></rss>", status=400)
        self.run_daemon({"a": ("/rss", "kind = arxiv")})
        self.assertEqual(self.health("a")["error"],
                         "arXiv does not understand this address: Feed error for query: cs.XX")

    def test_the_feed_of_comments_is_refused_by_name(self):
        self.origin.set("/comments/feed/", rss(("1", "By: A", "https://x.example/1#comment-2")))
        summary = self.run_daemon({"a": ("/comments/feed/", "")})
        self.assertEqual((summary["failed"], summary["items"]), (1, 0))
        self.assertIn("comments, not of posts", self.health("a")["error"])

    def test_a_link_posted_on_reddit_is_the_same_item_as_elsewhere(self):
        body = ("&lt;a href=\"https://x.example/p?utm_source=reddit\"&gt;[link]&lt;/a&gt; "
                "&lt;a href=\"https://www.reddit.com/r/e/comments/1/p/\"&gt;[comments]&lt;/a&gt;")
        self.origin.set("/r", ('<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>r</title>'
                               "<id>r</id><entry><id>t3_1</id><title>P</title>"
                               '<link href="https://www.reddit.com/r/e/comments/1/p/"/>'
                               f'<content type="html">{body}</content></entry></feed>').encode())
        self.origin.set("/b", rss(("9", "P", "https://x.example/p")))
        briefd = self.daemon({"r": ("/r", "kind = reddit"), "b": ("/b", "")})
        summary = briefd.poll()
        self.assertEqual((summary["items"], summary["sightings"]), (1, 2))


class Rest(Sources):
    """What Retry-After closes: of a private host one address only (of a public one: pipeline/outcome)."""

    def test_of_a_bridge_on_a_private_host_only_the_route_that_was_refused_rests(self):
        allow = f'allow = {{ "127.0.0.1:{self.origin.port}" }}'
        briefd = self.daemon({"a": ("/status/429?retry=2", allow), "b": ("/ok/b", allow), "c": ("/ok/c", allow)})
        briefd.poll()
        log = self.origin.log()
        self.assertEqual(len(log), 3)
        refused = next(i for i, request in enumerate(log) if request["path"].startswith("/status"))
        self.assertTrue(all(request["at"] - log[refused]["at"] < 1.5 for request in log[refused + 1:]))


if __name__ == "__main__":
    unittest.main()
