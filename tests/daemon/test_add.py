"""`briefd add` and POST /api/v1/add: feeds found, pages stored, what is refused, and by whom."""
import http.client
import json
import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from origin import feed  # noqa: E402
from origin_case import OriginCase  # noqa: E402

HTML = "text/html; charset=utf-8"


def page(head="", body="", title="页面"):
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def link(href, title, kind="application/rss+xml"):
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


ARTICLE = page(head='<meta property="og:type" content="article"><meta property="og:title" content="一篇旧文：INT4 量化">'
               '<meta property="og:site_name" content="端侧周刊"><meta property="og:description" content="讲量化的文章">'
               '<meta property="article:published_time" content="2012-03-04T05:06:07Z">' + link("/feed", "本站"))


class Add(OriginCase):
    def daemon(self, feeds=None, **how):
        feeds = {"base": "/ok/base"} if feeds is None else feeds
        return super().daemon(feeds, **how)

    def html(self, path, body, **how):
        self.origin.set(path, body, content_type=HTML, **how)

    def add(self, briefd, path, *options):
        """By the command; the document."""
        done = briefd.command("add", self.origin.url(path), "--json", *options)
        return json.loads(done.stdout)

    def refused(self, briefd, url, *options):
        done = briefd.command("add", url, *options, check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        return done.stderr

    @staticmethod
    def post(briefd, body, **headers):
        headers = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
        headers = {k: v for k, v in headers.items() if v is not None}
        body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        status, fields, answer = briefd.get("/api/v1/add", "POST", headers, body)
        kind = "application/json" if status == 200 else "application/problem+json"
        assert fields["content-type"].startswith(kind), fields
        return status, json.loads(answer)

    # ---- feeds ----

    def test_a_feed_is_recognised_and_followed(self):
        self.origin.set("/f.xml", feed(3, title="新源"))
        briefd = self.daemon()
        result = self.add(briefd, "/f.xml")
        self.assertEqual(result["outcome"], "feed")
        self.assertEqual(result["feed"]["name"], "新源")
        self.assertEqual((result["feed"]["format"], result["feed"]["entries"]), ("rss20", 3))
        briefd.start()
        briefd.wait_until(lambda: briefd.feed("新源")["last_success"])

    def test_a_feed_added_twice_is_known(self):
        self.origin.set("/f.xml", feed(3, title="新源"))
        briefd = self.daemon()
        self.add(briefd, "/f.xml")
        again = self.add(briefd, "/f.xml")
        self.assertEqual((again["outcome"], again["feed"]["name"]), ("feed_known", "新源"))
        configured = self.add(briefd, "/ok/base")
        self.assertEqual((configured["outcome"], configured["feed"]["name"]), ("feed_known", "base"))

    def test_a_second_feed_of_one_title_gets_another_name(self):
        for path in ("/a.xml", "/b.xml"):
            self.origin.set(path, feed(1, title="base"))
        briefd = self.daemon()
        names = [self.add(briefd, path)["feed"]["name"] for path in ("/a.xml", "/b.xml")]
        self.assertEqual(len({*names, "base"}), 3)

    def test_the_one_feed_a_site_announces_is_added(self):
        self.html("/blog/", page(head=link("feed.xml", "B")))
        self.origin.set("/blog/feed.xml", feed(2, title="博客"))
        result = self.add(self.daemon(), "/blog/")
        self.assertEqual((result["outcome"], result["feed"]["name"]), ("feed", "博客"))
        self.assertEqual(result["feed"]["url"], self.origin.url("/blog/feed.xml"))
        self.assertEqual(result["feed"]["from"], "link")

    def test_a_feed_named_in_the_link_field_is_found(self):
        self.html("/", page(), headers=[("Link", "</x>; rel=preload"), (
            "Link", '</hidden>; rel="alternate"; type="application/atom+xml"')])
        self.origin.set("/hidden", feed(2, title="藏在头里"))
        result = self.add(self.daemon(), "/")
        self.assertEqual((result["outcome"], result["feed"]["name"], result["feed"]["from"]),
                         ("feed", "藏在头里", "header"))

    def test_of_several_feeds_all_are_listed_and_one_is_chosen(self):
        self.html("/", page(head=link("/c", "评论") + link("/a", "甲") + link("/dead", "死") +
                            link("/b", "乙", "application/atom+xml")))
        for path, count in (("/a", 1), ("/b", 2), ("/c", 3)):
            self.origin.set(path, feed(count, title=f"源{path}"))
        briefd = self.daemon()
        result = self.add(briefd, "/")
        self.assertEqual(result["outcome"], "choose")
        self.assertEqual([(f["number"], f["title"], f["entries"]) for f in result["feeds"]],
                         [(1, "源/a", 1), (2, "源/b", 2), (3, "源/c", 3)])
        self.assertEqual(briefd.query("SELECT count(*) FROM desk_feed")[0][0], 0)
        text = briefd.command("add", self.origin.url("/")).stdout
        self.assertIn("--feed N", text)
        self.assertIn("源/b", text)
        self.assertEqual(self.add(briefd, "/", "--feed", "2")["feed"]["name"], "源/b")
        self.assertIn("3 feeds to choose from", self.refused(briefd, self.origin.url("/"), "--feed", "4"))

    def test_a_silent_site_is_asked_at_the_usual_paths(self):
        self.html("/", page(body="<p>nothing announced"))
        self.origin.set("/atom.xml", feed(2, title="藏着的"))
        result = self.add(self.daemon(), "/")
        self.assertEqual((result["outcome"], result["feed"]["name"], result["feed"]["from"]),
                         ("feed", "藏着的", "guess"))

    def test_a_site_without_any_feed_is_an_item_unless_a_feed_is_wanted(self):
        self.html("/", page(title="无源之站"))
        briefd = self.daemon()
        self.assertIn("no feed was found", self.refused(briefd, self.origin.url("/"), "--as", "feed"))
        result = self.add(briefd, "/")
        self.assertEqual((result["outcome"], result["item"]["title"]), ("item", "无源之站"))

    # ---- items ----

    def test_an_old_article_is_a_candidate_of_the_coming_issue(self):
        self.html("/2012/a.html", ARTICLE)
        briefd = self.daemon()
        result = self.add(briefd, "/2012/a.html")
        self.assertEqual(result["outcome"], "item")
        self.assertEqual((result["item"]["title"], result["item"]["source"], result["item"]["published"]),
                         ("一篇旧文：INT4 量化", "端侧周刊", "2012-03-04T05:06:07Z"))
        self.assertEqual([f["url"] for f in result["feeds"]], [self.origin.url("/feed")])
        draft = json.loads(briefd.command("digest", "--format", "json").stdout)
        picks = [p for s in draft["sections"] for p in s["picks"] + s["others"]]
        self.assertEqual([(p.get("source"), p["title"]) for p in picks], [("端侧周刊", "一篇旧文：INT4 量化")])

    def test_an_article_added_twice_is_the_same_item(self):
        self.html("/a.html", ARTICLE)
        briefd = self.daemon()
        first = self.add(briefd, "/a.html?utm_source=x")
        again = self.add(briefd, "/a.html#top")
        self.assertEqual((first["outcome"], again["outcome"]), ("item", "item_known"))
        self.assertEqual(first["item"]["id"], again["item"]["id"])
        self.assertIn("there already", briefd.command("add", self.origin.url("/a.html")).stdout)
        self.assertEqual(briefd.query("SELECT items FROM tally")[0][0], 1)

    def test_what_a_feed_brought_before_is_that_item_and_the_other_way_round(self):
        entry = (f"<rss version='2.0'><channel><title>t</title><item><title>由源带来</title>"
                 f"<link>{self.origin.url('/a.html')}</link></item></channel></rss>").encode()
        self.origin.set("/f", entry)
        self.html("/a.html", ARTICLE)
        briefd = self.daemon({"源": "/f"})
        briefd.poll()
        result = self.add(briefd, "/a.html")
        self.assertEqual((result["outcome"], result["item"]["title"]), ("item_known", "由源带来"))
        other = self.daemon({"源": "/f"})
        self.add(other, "/a.html")
        self.assertEqual(other.poll()["items_new"], 0)
        self.assertEqual(other.query("SELECT title FROM item"), [("一篇旧文：INT4 量化",)])

    def test_a_page_with_feeds_is_an_item_when_it_is_meant_so(self):
        self.html("/", page(head=link("/a", "甲"), title="首页"))
        result = self.add(self.daemon(), "/", "--as", "item")
        self.assertEqual((result["outcome"], result["item"]["title"]), ("item", "首页"))

    def test_an_item_goes_through_the_rules(self):
        self.html("/x", page(head='<meta property="og:type" content="article">', title="NVIDIA 量化工具"))
        briefd = self.daemon()
        self.add(briefd, "/x")
        self.assertEqual(briefd.query("SELECT section, vendor FROM item"), [("news", "英伟达")])
        self.assertIn("量化", briefd.query("SELECT reasons FROM item")[0][0])

    # ---- what goes wrong ----

    def test_what_cannot_be_added_is_one_sentence(self):
        self.html("/cf", page(title="Just a moment..."))
        self.html("/js", b"<html><script>x()</script></html>")
        self.html("/empty-page", b"")
        self.assertIn("1 s", self.refused(self.daemon(timeout="1s"), self.origin.url("/hang")))
        briefd = self.daemon(timeout="30s")  # a bomb takes its time on a busy machine
        for path, words in [("/status/404", "404"), ("/status/503", "503"), ("/cf", "Cloudflare"), ("/js", "scripts"),
                            ("/empty-page", "title"), ("/loop", "redirect"), ("/huge?mb=3", "larger"),
                            ("/reset", ""), ("/bomb", "larger")]:
            self.assertIn(words, self.refused(briefd, self.origin.url(path)), path)
        for url in ("ftp://a.example/", "javascript:alert(1)", "words", "http://", ""):
            self.assertIn("no address of a page", self.refused(briefd, url))
        self.assertEqual(briefd.query("SELECT count(*) FROM item")[0][0], 0)

    def test_the_address_guard_holds_for_the_address_and_for_what_it_announces(self):
        self.html("/", page(head=link("http://10.0.0.1/feed", "inside"), title="外面"))
        briefd = self.daemon()
        self.assertIn("10.0.0.1", self.refused(briefd, "http://10.0.0.1/"))
        self.assertIn("10.0.0.1", self.refused(briefd, self.origin.url("/to?url=http%3A%2F%2F10.0.0.1%2F")))
        self.assertEqual(self.add(briefd, "/")["outcome"], "item")

    def test_wrong_options_are_usage_errors(self):
        briefd = self.daemon()
        for options in (["--feed", "0"], ["--feed", "x"], ["--as", "page"]):
            self.assertEqual(briefd.command("add", self.origin.url("/"), *options, check=False).returncode, 2)
        self.assertEqual(briefd.command("add", check=False).returncode, 2)

    # ---- the running daemon ----

    def test_the_api_adds_a_feed_that_is_polled_at_once(self):
        self.origin.set("/f.xml", feed(3, title="新源"))
        briefd = self.daemon().start()
        status, result = self.post(briefd, {"url": self.origin.url("/f.xml")})
        self.assertEqual((status, result["outcome"], result["feed"]["name"]), (200, "feed", "新源"))
        briefd.wait_until(lambda: briefd.feed("新源")["last_success"])

    def test_the_api_adds_an_item_that_stands_in_the_draft(self):
        self.html("/a.html", ARTICLE)
        briefd = self.daemon().start()
        status, result = self.post(briefd, {"url": self.origin.url("/a.html"), "as": "any"})
        self.assertEqual((status, result["outcome"]), (200, "item"))
        briefd.wait_until(lambda: "一篇旧文" in briefd.get("/draft.json")[2].decode())

    def test_the_api_lists_feeds_to_choose_from(self):
        self.html("/", page(head=link("/a", "甲") + link("/b", "乙")))
        for path in ("/a", "/b"):
            self.origin.set(path, feed(1, title=path))
        briefd = self.daemon().start()
        url = self.origin.url("/")
        self.assertEqual([f["url"] for f in self.post(briefd, {"url": url})[1]["feeds"]],
                         [self.origin.url("/a"), self.origin.url("/b")])
        self.assertEqual(self.post(briefd, {"url": url, "feed": 2})[1]["feed"]["name"], "/b")

    def test_the_command_asks_the_daemon_that_has_the_database(self):
        self.html("/a.html", ARTICLE)
        briefd = self.daemon().start()
        listen = f"127.0.0.1:{briefd.port}"
        done = briefd.command("add", self.origin.url("/a.html"), "--listen", listen)
        self.assertIn("Item added: 一篇旧文", done.stdout)
        self.assertIn("404", self.refused(briefd, self.origin.url("/status/404"), "--listen", listen))
        self.assertIn("--listen", self.refused(briefd, self.origin.url("/a.html"), "--listen", "127.0.0.1:1"))

    def test_only_our_own_pages_may_add(self):
        briefd = self.daemon().start()
        body = {"url": self.origin.url("/ok")}
        own = f"http://127.0.0.1:{briefd.port}"
        for headers, status in [({"Origin": "https://evil.example"}, 403), ({"Origin": "null"}, 403),
                                ({"Sec_Fetch_Site": "cross-site"}, 403), ({"Content_Type": "text/plain"}, 415),
                                ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
                                ({"Content_Type": None}, 415), ({"Host": "evil.example"}, 421),
                                ({"Origin": own, "Sec_Fetch_Site": "same-origin"}, 200)]:
            self.assertEqual(self.post(briefd, body, **headers)[0], status, headers)

    def test_bad_requests_are_problems(self):
        briefd = self.daemon().start()
        url = self.origin.url("/ok")
        for body in (b"", b"[]", b"{", b"\xff", {"url": 7}, {"url": ""}, {"url": url, "fed": 1}, {"url": url, "as": "x"},
                     {"url": url, "as": 1}, {"url": url, "feed": 0}, {"url": url, "feed": "1"},
                     b'{"url":"http://a.example/","url":"http://b.example/"}', b"[" * 60000):
            status, problem = self.post(briefd, body)
            self.assertEqual((status, problem["status"]), (422, 422), body[:40] if isinstance(body, bytes) else body)
        self.assertEqual(self.post(briefd, b"x" * 100000)[0], 413)
        self.assertEqual(self.post(briefd, {"url": self.origin.url("/status/500")})[0], 502)
        status, fields, _ = briefd.get("/api/v1/add")
        self.assertEqual((status, fields["allow"]), (405, "POST, OPTIONS"))

    def test_an_addition_under_way_keeps_neither_the_daemon_nor_others_waiting(self):
        briefd = self.daemon({"a": "/ok"}, timeout="1h").start()
        self.ask_in_background(briefd, 1)
        self.assertEqual(briefd.get("/healthz")[0], 200)
        briefd.stop()

    def test_only_so_many_at_a_time(self):
        briefd = self.daemon({"a": "/ok"}, timeout="30s").start()
        self.ask_in_background(briefd, 8)
        refused = {"url": "http://10.0.0.1/"}  # by the guard, as long as there is room
        briefd.wait_until(lambda: "at already" in self.post(briefd, refused)[1]["detail"])
        briefd.stop()

    def ask_in_background(self, briefd, count):
        """`count` additions of an address that never answers."""
        body = json.dumps({"url": self.origin.url("/hang")})

        def ask():
            answer = b"at already"
            try:  # one that meets a full house, which the test's own request may have filled, asks again
                while b"at already" in answer:
                    answer = briefd.get("/api/v1/add", "POST", {"Content-Type": "application/json"}, body)[2]
            except (OSError, http.client.HTTPException):
                pass  # the daemon was stopped

        for _ in range(count):
            asking = threading.Thread(target=ask)
            asking.start()
            self.addCleanup(asking.join, 10)
        briefd.wait_until(lambda: self.origin.log("/hang"))


if __name__ == "__main__":
    unittest.main()
