"""The feeds of published issues against RFC 4287 and JSON Feed 1.1, with hostile texts in them."""
import pathlib
import sys
import unittest
import xml.etree.ElementTree as tree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from desk import Desk  # noqa: E402
from feed_rules import ATOM, atom_problems, json_feed_problems  # noqa: E402
from origin import Origin, feed  # noqa: E402

HOSTILE = "]]> & <b>粗</b> \"引\" 'x' \U0001f680 \u2028 \ufffe"
GOOD_ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN"><id>tag:x.example,2020:</id><title>t</title>
<updated>2020-09-17T00:00:00Z</updated><author><name>a</name></author><link rel="self" href="https://x.example/a"/>
<entry><id>tag:x.example,2020:1</id><title>e</title><updated>2020-09-17T00:00:00Z</updated>
<link href="https://x.example/1"/><content type="html">&lt;p>x</content></entry></feed>"""
GOOD_JSON = """{"version":"https://jsonfeed.org/version/1.1","title":"t","home_page_url":"https://x.example/",
"feed_url":"https://x.example/f","items":[{"id":"1","url":"https://x.example/1","content_html":"<p>x",
"date_published":"2020-09-17T00:00:00Z"}]}"""


class IssueFeeds(unittest.TestCase):
    def test_the_rules_themselves_find_what_is_wrong(self):
        self.assertEqual(atom_problems(GOOD_ATOM) + json_feed_problems(GOOD_JSON), [])
        for was, now in (("<id>tag:x.example,2020:1</id>", ""), ("tag:x.example,2020:1", "tag:x.example,2020:"),
                         ("<author><name>a</name></author>", ""), ("2020-09-17T00:00:00Z", "2020-09-17"),
                         ('rel="self"', 'rel="next"'), ('href="https://x.example/1"', 'href="/1"'), ("html", "text/html"),
                         ("&lt;p>x", "&lt;a href='/x'>"), ("&lt;p>x", "<p>x</p>"), ("<title>e</title>", "<title/>"),
                         ("zh-CN", ""), ("<title>t</title>", "<title>t</title><title>u</title>")):
            self.assertTrue(atom_problems(GOOD_ATOM.replace(was, now, 1)), (was, now))
        for was, now in (('"1"', "1"), ('"id":"1",', ""), ("https://x.example/1", "/1"), ("<p>x", "<script>"),
                         ("2020-09-17T00:00:00Z", "Thu, 17 Sep 2020"), ("version/1.1", "version/1"), ('"title":"t",', ""),
                         ('"items"', '"items":[],"items"'), ('"content_html"', '"content"')):
            self.assertTrue(json_feed_problems(GOOD_JSON.replace(was, now, 1)), (was, now))

    def publish(self, desk, day, title):
        draft = desk.get("/api/v1/draft")
        desk.ask("PATCH", "/api/v1/draft", {"day": day, "headline": title, "preface": f"序 {HOSTILE}"})
        desk.ask("POST", "/api/v1/draft/accept", {})
        desk.ask("POST", "/api/v1/picks", {"section": "news", "title": title, "url": "https://x.example/?a=1&b=2",
                                           "summary": f"见 <https://x.example/> 与 [相对](/there) {HOSTILE}"})
        desk.ask("POST", "/api/v1/publish", {"date": day, "draft": draft["id"]})

    def test_both_feeds_are_valid_whatever_is_in_the_issues(self):
        for homepage in ("", 'homepage = "https://github.com/x/y"'):
            with self.subTest(homepage), Origin() as origin:
                origin.set("/f.xml", feed(5, title="源"))
                with Briefd({"a": origin.url("/f.xml")}, briefing=homepage) as briefd:
                    self.check(briefd)

    def check(self, briefd):
        briefd.start()
        self.assertEqual(atom_problems(briefd.get("/issues.atom")[2]), [])  # of none
        self.assertEqual(json_feed_problems(briefd.get("/issues.json")[2]), [])
        desk = Desk(briefd)
        for day, title in (("2031-02-03", "一"), ("2031-03-04", HOSTILE)):
            self.publish(desk, day, title)
        made = desk.ask("POST", "/api/v1/issues/2031-02-03/reopen")["made"]
        desk.ask("PATCH", f"/api/v1/drafts/{made}", {"headline": "改"})
        desk.ask("POST", "/api/v1/publish", {"date": "2031-02-03", "draft": made})
        _, headers, atom = briefd.get("/issues.atom")
        self.assertEqual(headers["content-type"].split(";")[0], "application/atom+xml")
        self.assertEqual(atom_problems(atom), [])
        _, headers, text = briefd.get("/issues.json")
        self.assertEqual(headers["content-type"].split(";")[0], "application/feed+json")
        self.assertEqual(json_feed_problems(text), [])
        root = tree.fromstring(atom)
        self.assertEqual(len(root.findall(ATOM + "entry")), 2)
        for entry in root.findall(ATOM + "entry"):  # its page is there
            url = entry.find(ATOM + "link").get("href")
            site = f"http://127.0.0.1:{briefd.port}"
            self.assertTrue(url.startswith(site), url)
            self.assertEqual(briefd.get(url.removeprefix(site))[0], 200)
        named = briefd.get("/issues.atom", headers={"Host": f"localhost:{briefd.port}"})[2]
        ids = [[e.text for e in tree.fromstring(text).iter(ATOM + "id")] for text in (atom, named)]
        self.assertEqual(ids[0], ids[1])  # under whatever name the server is asked
        self.assertIn(f"http://localhost:{briefd.port}/issues.atom".encode(), named)


if __name__ == "__main__":
    unittest.main()
