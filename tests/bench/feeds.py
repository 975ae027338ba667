"""Generated feeds for the benches: what a thousand of them bring, the same every time.

The mix is that of life: most feeds are RSS, Atom or RDF with a paragraph an item, one in ten brings whole articles and
most of the bytes (a feed has 100 kB on average, the median 50), a third is Chinese, a tenth of the items is in another
feed, too. Words are drawn by Zipf's law from twenty thousand, so that two items are as unlike as two items are."""
import gzip
import html
import os
import pathlib
import random

ITEMS = 30
CHANGED_EACH = 20  # every so many feeds has something new in the second load
NEW_ITEMS = 3
HOSTS = 200        # loopback addresses, so that connections are shared no more than in life
VOCABULARY = 20000
WIRE = 800         # texts that several feeds bring


def make_words(language):
    chance = random.Random(language)
    if language == "zh":
        letters = [chr(chance.randrange(0x4e00, 0x8000)) for _ in range(2500)]
        return ["".join(chance.choices(letters, k=chance.choice([1, 2, 2, 2, 3]))) for _ in range(VOCABULARY)]
    parts = [a + b for a in "bcdfghklmnprstvwz" for b in ("a", "e", "i", "o", "u", "an", "er", "is", "on")]
    return ["".join(chance.choices(parts, k=chance.choice([1, 2, 2, 3, 3, 4]))) for _ in range(VOCABULARY)]


WORDS = {language: make_words(language) for language in ("en", "zh")}


def sentence(chance, language, count):
    words = [WORDS[language][int(VOCABULARY ** chance.random()) - 1] for _ in range(count)]
    return "".join(words) + "。" if language == "zh" else " ".join(words).capitalize() + ". "


def make_article(chance, language, parts=6):
    """HTML as content management systems write it: classes, links, pictures, lists, code, a table."""
    def words(count):
        return sentence(chance, language, count)

    out = []
    for n in range(parts):
        out.append(f'<h2 id="part-{n}" class="wp-block-heading">{words(5)}</h2>'
                   f'<p class="has-text" style="margin:0">{words(40)}<a href="https://www.example.com/posts/{n}?utm_source='
                   f'rss&amp;id={n}" rel="noopener" target="_blank">{words(4)}</a>{words(30)}<strong>{words(3)}</strong></p>'
                   f'<figure class="wp-block-image"><img src="/images/{n}.png" srcset="/images/{n}.png 1x, /images/{n}@2x.png 2x" '
                   f'alt="{words(4)}" width="640" height="480" loading="lazy"><figcaption>{words(6)}</figcaption></figure>')
    out.append("<ul>" + "".join(f"<li>{words(8)}</li>" for _ in range(6)) + "</ul>")
    out.append("<pre><code>for (int i = 0; i &lt; n; i++) {\n    sum += a[i] * b[i];\n}</code></pre>")
    out.append("<table>" + "".join(f"<tr><td>{n}</td><td>{words(2)}</td></tr>" for n in range(6)) + "</table>")
    return "".join(out)


class Item:
    def __init__(self, chance, language, number, item):
        shared = chance.randrange(WIRE) if chance.random() < 0.1 else None
        self.link = (f"https://f{number}.example/posts/{item}?utm_source=rss" if shared is None
                     else f"https://wire.example/{language}/{shared}")
        own = chance if shared is None else random.Random(f"{language}{shared}")
        self.chance, self.language = own, language
        self.title = sentence(own, language, 9).strip()
        self.summary = "".join(f"<p>{sentence(own, language, 60)}</p>" for _ in range(3))
        self.hour = item % 24


def rss_item(item, whole):
    body = f"<description><![CDATA[{item.summary}]]></description>"
    if whole:
        body += f"<content:encoded><![CDATA[{make_article(item.chance, item.language, 14)}]]></content:encoded>"
    return (f"<item><title>{item.title}</title><link>{html.escape(item.link)}</link><guid>{html.escape(item.link)}</guid>"
            f"<pubDate>Fri, 20 Nov 2026 {item.hour:02}:00:00 GMT</pubDate>{body}</item>")


def atom_item(item, _):
    return (f'<entry><title>{item.title}</title><link href="{html.escape(item.link)}"/><id>{html.escape(item.link)}</id>'
            f"<updated>2026-11-20T{item.hour:02}:00:00Z</updated>"
            f'<summary type="html">{html.escape(item.summary)}</summary></entry>')


def rdf_item(item, _):
    link = html.escape(item.link)
    return (f'<item rdf:about="{link}"><title>{item.title}</title><link>{link}</link>'
            f"<dc:date>2026-11-20T{item.hour:02}:00:00Z</dc:date><description>{html.escape(item.summary)}</description></item>")


FRAMES = {
    "rss": (rss_item, '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
                      "<title>Feed {0}</title><link>https://f{0}.example/</link>", "</channel></rss>"),
    "atom": (atom_item, '<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed {0}</title><id>https://f{0}.example/</id>'
                        "<updated>2026-11-20T10:00:00Z</updated>", "</feed>"),
    "rdf": (rdf_item, '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
                      ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://f{0}.example/">'
                      "<title>Feed {0}</title><link>https://f{0}.example/</link></channel>", "</rdf:RDF>"),
}
KINDS = ["rss"] * 6 + ["atom"] * 3 + ["rdf"]


def make_feed(number, changed=False):
    """A document; `changed` puts new items on top."""
    chance = random.Random(number)
    language = "zh" if number % 3 == 0 else "en"
    write, head, tail = FRAMES[KINDS[number * 7 % len(KINDS)]]
    whole = number % 10 == 5
    items = [Item(chance, language, number, n) for n in range(ITEMS)]
    new = [Item(random.Random(f"new{number}"), language, number, ITEMS + n) for n in range(NEW_ITEMS if changed else 0)]
    body = "".join(write(item, whole) for item in new + items)
    return ('<?xml version="1.0" encoding="UTF-8"?>' + head.format(number) + body + tail).encode()


class Load:
    """FOLDER/base and FOLDER/changed: f/NNNNN.xml with its .gz, and urls.txt. Files that did not change are links."""

    def __init__(self, folder, feeds, port):
        self.base, self.changed = folder / "base", folder / "changed"
        for made in (self.base, self.changed):
            (made / "f").mkdir(parents=True)
        for number in range(feeds):
            self.write(self.base, number, make_feed(number))
            name = f"f/{number:05}.xml"
            if number % CHANGED_EACH == 0:
                self.write(self.changed, number, make_feed(number, True))
            else:
                for end in ("", ".gz"):
                    os.link(self.base / (name + end), self.changed / (name + end))
        (self.base / "urls.txt").write_text(
            "".join(f"http://127.0.1.{1 + n % HOSTS}:{port}/f/{n:05}.xml\n" for n in range(feeds)))

    @staticmethod
    def write(folder, number, data):
        path = folder / f"f/{number:05}.xml"
        path.write_bytes(data)
        pathlib.Path(f"{path}.gz").write_bytes(gzip.compress(data, 6))


def feed_bytes(base):
    return sum(path.stat().st_size for path in (base / "f").glob("*.xml"))
