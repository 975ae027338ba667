#!/usr/bin/env python3
"""test_renderings.py RENDER_ISSUE ISSUE.json: every form of an issue, read with Python's parsers.

The clean issue first; then the same with hostile texts in every field at once, and in each field
alone; then with the words of an English newsletter, where no Chinese character may be left.
"""
import copy
import email
import email.policy
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

RENDER, CLEAN = sys.argv[1], json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
FORMS = ("html", "wechat.html", "txt", "eml", "atom", "feed.json", "copy.html")
VOID = {"meta", "link", "br", "hr", "img", "input"}
HAN = re.compile("[\u2e80-\u2fdf\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
                 "\u2018-\u201d\u2026\U00020000-\U000323af]")
HOSTILE = ('"><script>alert(1)</script>\'><img src=x onerror=alert(1)>]]></title></textarea></style>'
           '&lt;&amp;&#x3c;\u202e\x01\ufffe javascript:alert(1) [x](javascript:alert(2)) '
           '[y](data:text/html,z) <a href="javascript:alert(3)">z</a>\r\nBcc: victim@example.org')
ENGLISH = """
briefing {
    title = "Embedded AI Briefing"
    tagline = "Compression, quantisation, inference on devices"
    language = en
    homepage = "https://example.org/briefing"
    lead_in = "First, in brief:"
    note = "Some links open on a phone only."
    footer = 'Written by *hand*.'
    labels {
        guide = "Guide: " guide_count = "{count} items. " open_bracket = "[" close_bracket = "] "
        item_separator = ", " group_separator = "; " sentence_end = "." summary = "Summary: "
        title = "Title: " link = "Link: " paper = "Paper: " code = "Code: " project = "Project: "
        note = "Note: " source_separator = " | " prefix_separator = ": " archive = "Past issues"
        headline_separator = ": " references = "References"
    }
}
section "brief" { title = "In brief" form = oneline overflow_of = news }
section "news" { title = "Industry news" short_title = "News" fallback = true }
section "papers" { title = "Papers" form = paper }
section "oss" { title = "Open source" form = project note = "The prefix is `owner/repo`." }
section "blog" { title = "Posts" }
feed "one" { url = "https://example.org/feed.xml" }
"""


class Page(html.parser.HTMLParser):
    """A strict reader: every element is closed in order, and what it saw is kept."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.stack, self.text, self.problems = [], [], "", []
        self.feed(text)
        self.close()
        if self.stack:
            self.problems.append(f"not closed: {self.stack}")

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if len(dict(attrs)) != len(attrs):
            self.problems.append(f"an attribute twice: {attrs}")
        if tag in ("p", "h2", "h3") and "p" in self.stack:
            self.problems.append(f"<{tag}> inside <p>")
        if tag == "a" and "a" in self.stack:
            self.problems.append("a link inside a link")
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.problems.append(f"a comment: {data}")

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def render(issue, configuration=None):
    """{extension: bytes} and what the tool counted."""
    with tempfile.TemporaryDirectory() as folder:
        command = [RENDER, folder]
        if configuration is not None:
            path = pathlib.Path(folder, "feeds.conf")
            path.write_text(configuration, encoding="utf-8")
            command.append(str(path))
        done = subprocess.run(command, input=json.dumps(issue).encode(), capture_output=True,
                              timeout=60, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr.decode())
        forms = {form: pathlib.Path(folder, form).read_bytes() for form in FORMS}
    forms["size"] = tuple(map(int, done.stdout.split()))
    return forms


def texts(node, path=()):
    """Every place in the document that holds a text."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from texts(value, path + (name,))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from texts(value, path + (index,))
    elif isinstance(node, str):
        yield path


def put(document, path, value):
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def may_be_any_text(path):
    return path[-1] not in ("date", "url", "form", "archive_form", "archive_url", "id")


def replace_han(node):
    """An issue of another newsletter: the same without a Chinese character."""
    if isinstance(node, dict):
        return {name: replace_han(value) for name, value in node.items() if name != "labels"}
    if isinstance(node, list):
        return [replace_han(value) for value in node]
    return HAN.sub("x", node) if isinstance(node, str) else node


ALLOWED_IN_WECHAT = {"section", "p", "h2", "strong", "em", "code", "pre", "blockquote", "a", "table",
                     "tr", "td", "th", "br", "sup"}
ALLOWED_STYLES = {"font-size", "line-height", "color", "overflow-wrap", "margin", "margin-left", "padding",
                  "text-indent",
                  "border-bottom", "border-top", "border", "font-weight", "font-family", "background",
                  "overflow-x", "white-space", "border-collapse"}


class Renderings(unittest.TestCase):
    def check_page(self, text):
        page = Page(text)
        self.assertEqual(page.problems, [])
        for tag, attributes in page.elements:
            self.assertNotIn(tag, ("script", "img", "iframe", "object", "form", "svg", "base"))
            for name, value in attributes.items():
                self.assertFalse(name.startswith("on"), attributes)
                if name in ("href", "src"):
                    self.assertRegex(value, r"^(https?://|#)")
                    self.assertNotRegex(value, r'[\s<>"]')
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        self.assertEqual(len(ids), len(set(ids)))
        for attributes in page.all("a"):
            if attributes["href"].startswith("#"):
                self.assertIn(attributes["href"][1:], ids)
        return page

    def check_wechat(self, text):
        page = Page(text)
        self.assertEqual(page.problems, [])
        for tag, attributes in page.elements:
            self.assertIn(tag, ALLOWED_IN_WECHAT)
            self.assertLessEqual(set(attributes), {"style", "href"})
            for declaration in attributes.get("style", "").split(";"):
                if declaration:
                    self.assertIn(declaration.split(":")[0], ALLOWED_STYLES)
            if "href" in attributes:
                self.assertRegex(attributes["href"], r"^https?://mp\.weixin\.qq\.com/")
        return page

    def check_atom(self, data):
        atom = "{http://www.w3.org/2005/Atom}"
        feed = ElementTree.fromstring(data)
        self.assertEqual(feed.tag, atom + "feed")
        for element in [feed] + feed.findall(atom + "entry"):
            for name in ("id", "title", "updated"):
                self.assertEqual(len(element.findall(atom + name)), 1, name)
            self.assertRegex(element.find(atom + "id").text, r"^tag:[a-z0-9.-]+,\d{4}(-\d\d){0,2}:\S+$")
            self.assertRegex(element.find(atom + "updated").text, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertIsNotNone(feed.find(f"{atom}author/{atom}name").text)
        entry = feed.find(atom + "entry")
        content = entry.find(atom + "content")
        self.assertEqual(content.get("type"), "html")
        self.check_page(content.text or "")
        return feed

    def check_json_feed(self, data):
        feed = json.loads(data)
        self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")
        self.assertTrue(feed["title"])
        for item in feed["items"]:
            self.assertIsInstance(item["id"], str)
            self.check_page(item["content_html"])
        self.assertEqual(len({item["id"] for item in feed["items"]}), len(feed["items"]))
        return feed

    def check_mail(self, data):
        self.assertLessEqual(max(len(line) for line in data.split(b"\r\n")), 78)
        self.assertNotRegex(data.replace(b"\r\n", b""), rb"[\r\n\x80-\xff]")
        mail = email.message_from_bytes(data, policy=email.policy.default)
        self.assertEqual(mail.defects, [])
        self.assertLessEqual({name.lower() for name in mail.keys()},
                             {"x-unsent", "from", "date", "subject", "content-language", "message-id",
                              "mime-version", "content-type"})
        self.assertIsNotNone(mail["date"].datetime)
        self.assertEqual([a.addr_spec for a in mail["from"].addresses], ["newsletter@localhost"])
        self.assertRegex(mail["message-id"], r"^<[0-9-]+\.[0-9a-f]{16}@localhost>$")
        self.assertEqual(mail.get_content_type(), "multipart/alternative")
        text, page = mail.iter_parts()
        self.assertEqual((text.get_content_type(), page.get_content_type()), ("text/plain", "text/html"))
        self.assertEqual(text.defects + page.defects, [])
        self.check_page(page.get_content())
        return mail, text.get_content()

    def check_text(self, text):
        self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069]")
        self.assertNotIn("\n\n\n\n", text)
        for line in text.split("\n"):
            self.assertEqual(line, line.rstrip(" "))

    def check_copy_page(self, text):
        page = Page(text)
        self.assertEqual(page.problems, [])
        self.assertEqual(page.all("script"), [{"defer": None, "src": "/wechat.js"}])
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        self.assertEqual(sorted(ids), ["copy", "issue", "plain", "status"])

    def check_all(self, forms):
        self.check_page(forms["html"].decode())
        self.check_wechat(forms["wechat.html"].decode())
        self.check_atom(forms["atom"])
        self.check_json_feed(forms["feed.json"])
        self.check_mail(forms["eml"])
        self.check_text(forms["txt"].decode())
        self.check_copy_page(forms["copy.html"].decode())

    # ---- the clean issue ----

    def test_the_page_has_its_head_its_sections_and_every_link(self):
        page = self.check_page(render(CLEAN)["html"].decode())
        meta = {a.get("property", a.get("name")): a.get("content") for a in page.all("meta")}
        self.assertEqual(meta["og:title"], "嵌入式AI简报 (2026-03-05)")
        self.assertEqual(meta["og:url"], CLEAN["url"])
        self.assertTrue(meta["og:description"].startswith("本次6条。「新闻」某厂"))
        self.assertEqual(page.all("html"), [{"lang": "zh-CN"}])
        self.assertEqual(len(page.all("article")), 6)
        hrefs = {a["href"] for a in page.all("a")}
        for section in CLEAN["sections"]:
            for item in section["items"]:
                if item.get("url"):
                    self.assertIn(item["url"], hrefs)
        self.assertIn("https://example.org/briefing/out/2026-02-18.md", hrefs)
        self.assertIn("二维码", page.text)

    def test_wechat_keeps_its_own_links_and_numbers_the_others_once(self):
        forms = render(CLEAN)
        page = self.check_wechat(forms["wechat.html"].decode())
        self.assertEqual({a["href"] for a in page.all("a")},
                         {f"https://mp.weixin.qq.com/s/{c * 22}" for c in "abc"})
        numbers = re.findall(r"\[(\d+)\] ?([^\n]*https?://\S+)\n", page.text)
        listed = [int(number) for number, _ in numbers]
        self.assertEqual(listed, list(range(1, len(listed) + 1)))
        self.assertEqual({int(n) for n in re.findall(r"\[(\d{1,2})\]", page.text)}, set(listed))
        addresses = [re.search(r"https?://\S+", line).group() for _, line in numbers]
        self.assertEqual(len(addresses), len(set(addresses)))
        self.assertIn("https://example.org/notice", addresses)
        self.assertIn("高通：出新的加速核[1]，将随", page.text)
        self.assertEqual(page.text.count("知识共享 4.0["), 1)
        self.assertIn("1. 支持 TFLite", page.text)
        self.assertIn("\u00a0\u00a0\u00a0\u00a0return\u00a0run(\"a<b\");", page.text)

    def test_the_size_for_wechat_is_of_what_is_pasted(self):
        forms = render(CLEAN)
        text = forms["wechat.html"].decode()
        self.assertEqual(forms["size"], (len(text.encode("utf-16-le")) // 2, len(forms["wechat.html"])))

    def test_the_copy_page_holds_what_is_pasted(self):
        forms = render(CLEAN)
        self.assertIn(forms["wechat.html"], forms["copy.html"])
        self.check_copy_page(forms["copy.html"].decode())

    def test_text_is_narrow_and_whole(self):
        text = render(CLEAN)["txt"].decode()
        self.check_text(text)
        for line in text.split("\n"):
            if "http" not in line:
                width = sum(2 if HAN.match(c) else 1 for c in line)
                self.assertLessEqual(width, 74, line) # a closing mark may hang over
            self.assertNotRegex(line, "^ *[，。；：、）」】》]")
        self.assertIn("- [2602.01234v2] [CVPR2026] Training Two-Bit Weights without Tears\n", text)
        self.assertIn("  https://arxiv.org/abs/2602.01234v2\n", text)
        self.assertIn("公告 <https://example.org/notice>", text.replace("\n  ", " "))

    def test_the_mail_says_the_same_twice(self):
        forms = render(CLEAN)
        mail, text = self.check_mail(forms["eml"])
        self.assertEqual(mail["subject"], "嵌入式AI简报 (2026-03-05)")
        self.assertEqual(text.replace("\r\n", "\n"), forms["txt"].decode())
        self.assertEqual(mail["x-unsent"], "1")

    def test_feeds_name_the_issue_for_ever(self):
        forms = render(CLEAN)
        feed = self.check_atom(forms["atom"])
        atom = "{http://www.w3.org/2005/Atom}"
        self.assertEqual(feed.find(f"{atom}entry/{atom}id").text, "tag:example.org,2026-03-05:/briefing")
        moved = copy.deepcopy(CLEAN)
        moved["url"] = "https://elsewhere.example/1"
        ids = [json.loads(forms["feed.json"])["items"][0]["id"],
               json.loads(render(moved)["feed.json"])["items"][0]["id"]]
        self.assertEqual(ids[0], ids[1])
        self.assertEqual(json.loads(forms["feed.json"])["items"][0]["date_published"],
                         "2026-03-05T00:00:00Z")

    # ---- hostile texts ----

    def test_hostile_texts_everywhere_break_nothing(self):
        issue = copy.deepcopy(CLEAN)
        for path in list(texts(issue)):
            if may_be_any_text(path):
                put(issue, path, HOSTILE)
        self.check_all(render(issue))

    def test_a_hostile_text_in_any_field_breaks_nothing(self):
        for path in texts(CLEAN):
            if may_be_any_text(path):
                with self.subTest(path):
                    issue = copy.deepcopy(CLEAN)
                    put(issue, path, HOSTILE)
                    self.check_all(render(issue))

    def test_an_empty_issue_is_whole(self):
        issue = copy.deepcopy(CLEAN)
        for name in ("guide", "tagline", "footer", "note_before", "note_after", "url", "archive_url",
                     "language"):
            issue[name] = None
        issue["sections"], issue["archive"] = [], []
        self.check_all(render(issue))

    # ---- another newsletter ----

    def test_an_english_newsletter_has_no_chinese_character(self):
        issue = replace_han(CLEAN)
        issue["labels"] = {name: "x" for name in CLEAN["labels"]}
        forms = render(issue, ENGLISH)
        self.check_all(forms)
        text = forms["txt"].decode()
        self.assertIn("Guide: 6 items. [News] ", text)
        _, mail = self.check_mail(forms["eml"])
        for form in FORMS:
            if form != "eml":
                self.assertIsNone(HAN.search(forms[form].decode()), form)
        self.assertIsNone(HAN.search(mail))
        self.assertIn("References", forms["wechat.html"].decode())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
