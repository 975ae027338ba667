"""What goes to other programs, with hostile texts in it: the feeds of issues against RFC 4287 and JSON Feed 1.1, mail
against RFC 5322 as Python's parser reads it."""
import email
import email.header
import email.policy
import email.utils
import gzip
import pathlib
import re
import sys
import unittest
import urllib.parse
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

    def test_the_archive_is_compressed_for_who_takes_it_so(self):
        with Origin() as origin, Briefd({"a": origin.url("/f.xml")}) as briefd:
            origin.set("/f.xml", feed(9, title="源"))
            briefd.start()
            self.publish(Desk(briefd), "2031-02-03", "一期")
            for path in ("/issues/", "/issues/2031-02-03", "/issues/2031-02-03.md", "/issues/2031-02-03.json",
                         "/issues/2031-02-03.wechat.html", "/issues.atom", "/issues.json"):
                _, plain, body = briefd.get(path)
                status, headers, packed = briefd.get(path, headers={"Accept-Encoding": "gzip"})
                self.assertEqual((status, headers["content-encoding"], headers["vary"]), (200, "gzip", "Accept-Encoding"), path)
                self.assertEqual(gzip.decompress(packed), body, path)
                self.assertLess(len(packed), len(body), path)
                self.assertEqual((plain.get("content-encoding"), plain["vary"]), (None, "Accept-Encoding"), path)
                self.assertNotEqual(plain["etag"], headers["etag"])  # strong ones: other bytes
                for etag in (plain["etag"], headers["etag"]):
                    for codings in ("gzip", "identity"):
                        status, again, _ = briefd.get(path, headers={"Accept-Encoding": codings, "If-None-Match": etag})
                        self.assertEqual((status, again["etag"]), (304, etag), path)
                status, head, none = briefd.get(path, "HEAD", {"Accept-Encoding": "gzip"})
                self.assertEqual((head["content-length"], none), (str(len(packed)), b""), path)
            refused = briefd.get("/issues/2001-01-01", headers={"Accept-Encoding": "gzip"})
            self.assertEqual((refused[0], refused[1].get("content-encoding")), (404, None))

    def test_the_archive_is_searched_on_its_page_and_a_reader_who_has_it_gets_304(self):
        with Origin() as origin, Briefd({"a": origin.url("/f.xml")}) as briefd:
            origin.set("/f.xml", feed(2, title="源"))
            briefd.start()
            self.publish(Desk(briefd), "2031-02-03", "端側量化 <i> Café")
            self.publish(Desk(briefd), "2031-03-04", "别的")
            every = briefd.get("/issues/")[2].decode()
            self.assertIn('href="2031-02-03.html"', every)
            self.assertIn("form-action 'self'", briefd.get("/issues/")[1]["content-security-policy"])
            page = briefd.get("/issues/?q=" + urllib.parse.quote("端侧 CAFE\u0301 \"><b>"))[2].decode()  # as nothing has it
            self.assertNotIn("2031", page.split("</form>")[1])
            self.assertIn("没有登过", page)
            self.assertIn('value="端侧 CAFE\u0301 &quot;&gt;&lt;b&gt;"', page)
            page = briefd.get("/issues/?q=" + urllib.parse.quote("端侧 量化"))[2].decode()
            self.assertNotIn("2031-03-04", page)
            place = re.search(r'<a href="(2031-02-03\.html)#([^"]+)">端側量化 &lt;i&gt; Café</a>', page)
            self.assertIn(f'id="{place[2]}"', briefd.get(f"/issues/{place[1]}")[2].decode())
            self.assertIn(f'href="http://127.0.0.1:{briefd.port}/issues/2031-02-03.html"', briefd.get("/issues/2031-03-04")[2].decode())
            self.assertIn("../issues/2031-02-03.md", briefd.get("/issues/2031-03-04.md")[2].decode())
            for path in ("/issues/", "/issues/2031-02-03", "/issues/2031-02-03.eml", "/issues.atom", "/issues.json"):
                status, headers, body = briefd.get(path)
                self.assertEqual((status, headers["cache-control"]), (200, "private, no-cache"), path)
                again = briefd.get(path, headers={"If-None-Match": headers["etag"]})
                self.assertEqual((again[0], again[1]["etag"], again[2]), (304, headers["etag"], b""), path)
            old = briefd.get("/issues.atom")[1]["etag"]
            self.publish(Desk(briefd), "2031-04-05", "又一期")
            self.assertEqual(briefd.get("/issues.atom", headers={"If-None-Match": old})[0], 200)
            self.assertNotIn("etag", briefd.get("/issues/2001-01-01")[1])

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

    # ---- mail ----

    def check_mail(self, data, sender, recipient, subject):
        """RFC 5322 2.1.1, 2.3, 3.6: CRLF, ASCII, lines of 78, each header at most once, From and Date there."""
        self.assertNotRegex(data.replace(b"\r\n", b""), rb"[\r\n\x00\x80-\xff]")
        self.assertLessEqual(max(map(len, data.split(b"\r\n"))), 78)
        head = data.partition(b"\r\n\r\n")[0].decode()
        for line in head.split("\r\n"):
            self.assertRegex(line, r"^(\s+\S|[A-Za-z-]+:)")
            self.assertTrue(line.strip())
        for word in re.findall(r"=\?[^\s]*\?=", head):
            self.assertLessEqual(len(word), 75)  # RFC 2047 2
        mail = email.message_from_bytes(data, policy=email.policy.default)
        self.assertEqual(mail.defects, [])
        names = [name.lower() for name in mail.keys()]
        self.assertEqual(len(set(names)), len(names))
        for name in mail.keys():
            self.assertEqual(mail[name].defects, (), name)
        for name, expected in (("from", sender), ("to", recipient)):
            self.assertEqual(len(mail[name].addresses) if mail[name] else 0, 1 if expected else 0)
            # not str(mail[name]): until Python 3.13 that keeps the spaces between encoded words (RFC 2047 6.2)
            raw = email.message_from_bytes(data)[name]
            read = raw and email.utils.parseaddr(str(email.header.make_header(email.header.decode_header(raw))))
            self.assertEqual(read, expected and email.utils.parseaddr(expected))
        self.assertEqual(mail["subject"], subject)
        self.assertIsNotNone(mail["date"].datetime.tzinfo)
        self.assertRegex(mail["message-id"], r"^<[^<>@\s]+@[^<>@\s]+>$")
        self.assertEqual(mail.get_content_type(), "multipart/alternative")
        self.assertEqual([(p.get_content_type(), list(p.defects)) for p in mail.iter_parts()],
                         [("text/plain", []), ("text/html", [])])
        return mail

    def test_mail_is_valid_whoever_sends_it_and_however_long_its_subject_is(self):
        cases = [("", '测试简报 <newsletter@localhost>', None),
                 ('mail_from = "brief@example.org"', "brief@example.org", None),
                 ('mail_from = "The Brief, daily <brief@example.org>" mail_to = "订阅者 <list@x.example>"',
                  '"The Brief, daily" <brief@example.org>', "订阅者 <list@x.example>"),
                 (f'mail_from = "{"嵌入式AI简报" * 6} <a.b+c@sub.example.org>" mail_to = "l@x.example"',
                  f'{"嵌入式AI简报" * 6} <a.b+c@sub.example.org>', "l@x.example")]
        headlines = ["", "端侧大模型量化" * 20, "a" * 300, "word " * 40 + "end", "=?utf-8?B?eA==?=", "\U0001f680" * 40 + " \"引\" <x@y>"]
        for number, (keys, sender, recipient) in enumerate(cases):
            with self.subTest(keys), Origin() as origin:
                origin.set("/f.xml", feed(3, title="源"))
                with Briefd({"a": origin.url("/f.xml")}, briefing=keys) as briefd:
                    briefd.start()
                    desk = Desk(briefd)
                    for headline in headlines if number == 0 else headlines[:2]:
                        desk.ask("PATCH", "/api/v1/draft", {"day": "2031-02-03", "headline": headline})
                        expected = "测试简报 (2031-02-03)" + (headline and "：" + headline.strip())
                        data = briefd.wait_until(lambda: self.mail_with(briefd, expected))
                        mail = self.check_mail(data, sender, recipient, expected)
                        self.assertEqual(mail["x-unsent"], None if keys else "1")
                        self.assertEqual(mail["date"].datetime.isoformat(), "2031-02-03T00:00:00+08:00")
                    desk.ask("POST", "/api/v1/picks", {"section": "news", "title": "手写"})
                    desk.ask("POST", "/api/v1/publish", {"date": "2031-02-03"})
                    self.check_mail(briefd.get("/issues/2031-02-03.eml")[2], sender, recipient, expected)

    def mail_with(self, briefd, subject):
        """The draft's mail, once it is the one with this subject."""
        data = briefd.get("/draft.eml")[2]
        seen = email.message_from_bytes(data, policy=email.policy.default)["subject"]
        if seen != subject:
            raise ValueError(seen)
        return data


if __name__ == "__main__":
    unittest.main()
