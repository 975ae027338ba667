"""What RFC 4287 (Atom) and JSON Feed 1.1 require, as lists of what is wrong.

Written from the two texts; each rule names its place. The W3C's validator reads the same ones, but over the network.
"""
import json
import re
import urllib.parse
import xml.etree.ElementTree as tree
from html.parser import HTMLParser

ATOM, XML = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/XML/1998/namespace}"
DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
                  r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # RFC 5646, as far as a pattern goes
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
ONCE = {"feed": ("id", "title", "updated"), "entry": ("id", "title", "updated")}
AT_MOST_ONCE = {"feed": ("generator", "icon", "logo", "rights", "subtitle"),
                "entry": ("content", "published", "rights", "source", "summary")}
KNOWN = {"feed": {"author", "category", "contributor", "entry", "link", *ONCE["feed"], *AT_MOST_ONCE["feed"]},
         "entry": {"author", "category", "contributor", "link", *ONCE["entry"], *AT_MOST_ONCE["entry"]}}


def is_absolute(url):
    parts = urllib.parse.urlsplit(url)
    return bool(IRI.fullmatch(url)) and parts.scheme in ("http", "https") and bool(parts.netloc)


class Links(HTMLParser):
    """Addresses within content, and elements a feed's content must not have."""

    def __init__(self, html):
        super().__init__()
        self.wrong = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "style", "iframe", "object", "embed", "form", "base"):
            self.wrong.append(f"<{tag}> in content")
        for name, value in attributes:
            if name in ("href", "src") and not re.match(r"(https?|mailto):", value or ""):
                self.wrong.append(f"{name} {value!r} in content is not absolute")


class Atom:
    def __init__(self, text):
        self.wrong, self.ids = [], []
        self.root = tree.fromstring(text)
        self.expect(self.root.tag == ATOM + "feed", "the root is no atom:feed")
        self.container(self.root, "feed")
        self.expect(LANGUAGE.fullmatch(self.root.get(XML + "lang") or ""), "xml:lang is no language tag")
        selfs = [link for link in self.root.findall(ATOM + "link") if link.get("rel") == "self"]
        self.expect(len(selfs) == 1, "4.1.1: a feed SHOULD have one link with rel=self")
        entries = self.root.findall(ATOM + "entry")
        authored = self.root.find(ATOM + "author") is not None
        for entry in entries:
            self.entry(entry, authored)
        self.expect(len(set(self.ids)) == len(self.ids), f"4.2.6: ids are not unique: {self.ids}")
        updated = [entry.findtext(ATOM + "updated") for entry in entries]
        self.expect(all(time <= self.root.findtext(ATOM + "updated") for time in updated), "the feed is older than an entry")

    def expect(self, condition, what):
        if not condition:
            self.wrong.append(what)

    def container(self, element, name):
        children = [child.tag.removeprefix(ATOM) for child in element]
        for child in ONCE[name]:
            self.expect(children.count(child) == 1, f"{name}: {children.count(child)} atom:{child}")
        for child in AT_MOST_ONCE[name]:
            self.expect(children.count(child) <= 1, f"{name}: {children.count(child)} atom:{child}")
        self.expect(set(children) <= KNOWN[name], f"{name}: unknown {set(children) - KNOWN[name]}")
        identifier = element.findtext(ATOM + "id") or ""
        self.ids.append(identifier)
        self.expect(IRI.fullmatch(identifier), f"4.2.6: id {identifier!r} is no absolute IRI")
        for child in ("updated", "published"):
            for found in element.findall(ATOM + child):
                self.expect(DATE.fullmatch(found.text or ""), f"3.3: {child} {found.text!r} is no date of RFC 3339")
        for child in ("title", "subtitle", "summary", "rights"):
            for found in element.findall(ATOM + child):
                self.text(found)
        for author in element.findall(ATOM + "author"):
            names = author.findall(ATOM + "name")
            self.expect(len(names) == 1 and (names[0].text or "").strip(), "3.2: an author has one name")
        self.links(element, name)

    def text(self, element):
        self.expect(element.get("type", "text") in ("text", "html", "xhtml"), f"3.1.1: type {element.get('type')!r}")
        if element.get("type", "text") != "xhtml":
            self.expect(len(element) == 0, f"3.1.1: {element.tag} has elements")
        self.expect((element.text or "").strip(), f"{element.tag} is empty")

    def links(self, element, name):
        seen = set()
        for link in element.findall(ATOM + "link"):
            relation, kind, url = link.get("rel", "alternate"), link.get("type"), link.get("href")
            self.expect(url and is_absolute(url), f"4.2.7.1: href {url!r}")
            self.expect(kind is None or MEDIA_TYPE.fullmatch(kind), f"4.2.7.3: type {kind!r}")
            if relation == "alternate":
                self.expect((kind, link.get("hreflang")) not in seen, f"{name}: two alternates of one type")
                seen.add((kind, link.get("hreflang")))

    def entry(self, entry, authored):
        self.container(entry, "entry")
        self.expect(authored or entry.find(ATOM + "author") is not None, "4.1.2: an entry without author")
        content = entry.find(ATOM + "content")
        alternates = [link for link in entry.findall(ATOM + "link") if link.get("rel", "alternate") == "alternate"]
        self.expect(content is not None or alternates, "4.1.2: neither content nor alternate")
        self.expect(alternates, "an entry without a page of its own")
        if content is not None:
            self.expect(content.get("type", "text") in ("text", "html", "xhtml"), "4.1.3.1: type of content")
            self.expect(len(content) == 0, "4.1.3.3: html content has child elements")
            self.wrong += Links(content.text or "").wrong


def atom_problems(text):
    return Atom(text).wrong


class JsonFeed:
    TOP = {"version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str, "user_comment": str,
           "next_url": str, "icon": str, "favicon": str, "authors": list, "language": str, "expired": bool, "hubs": list,
           "items": list}
    ITEM = {"id": str, "url": str, "external_url": str, "title": str, "content_html": str, "content_text": str,
            "summary": str, "image": str, "banner_image": str, "date_published": str, "date_modified": str,
            "authors": list, "tags": list, "language": str, "attachments": list}
    AUTHOR = {"name": str, "url": str, "avatar": str}

    def __init__(self, text):
        self.wrong = []
        feed = json.loads(text, object_pairs_hook=self.once)
        self.members(feed, self.TOP, ("version", "title", "items"), "feed")
        self.expect(feed.get("version") == "https://jsonfeed.org/version/1.1", "version")
        self.expect("feed_url" in feed and "home_page_url" in feed, "feed_url and home_page_url are strongly recommended")
        self.authors(feed)
        ids = [item.get("id") for item in feed["items"]]
        self.expect(len(set(ids)) == len(ids), f"ids are not unique: {ids}")
        for item in feed["items"]:
            self.item(item)

    def once(self, pairs):
        names = [name for name, _ in pairs]
        self.expect(len(set(names)) == len(names), f"a member twice: {names}")
        return dict(pairs)

    def expect(self, condition, what):
        if not condition:
            self.wrong.append(what)

    def members(self, value, known, required, where):
        for name in required:
            self.expect(name in value, f"{where} without {name}")
        for name, member in value.items():
            self.expect(name in known or name.startswith("_"), f"{where}: unknown {name}")
            self.expect(isinstance(member, known.get(name, object)), f"{where}.{name} is {type(member).__name__}")
            if name.endswith("url") or name in ("icon", "favicon", "avatar", "image", "banner_image"):
                self.expect(is_absolute(str(member)), f"{where}.{name}: {member!r} is not absolute")
            if name == "language":
                self.expect(LANGUAGE.fullmatch(str(member)), f"{where}.language: {member!r}")
            if name.startswith("date_"):
                self.expect(DATE.fullmatch(str(member)), f"{where}.{name}: {member!r} is no date of RFC 3339")

    def authors(self, value):
        for author in value.get("authors", []):
            self.members(author, self.AUTHOR, (), "author")
            self.expect(author, "an author without anything")

    def item(self, item):
        self.members(item, self.ITEM, ("id",), "item")
        self.authors(item)
        self.expect("content_html" in item or "content_text" in item, "an item without content")
        self.expect("url" in item, "an item without a page of its own")
        self.wrong += Links(item.get("content_html", "")).wrong


def json_feed_problems(text):
    return JsonFeed(text).wrong
