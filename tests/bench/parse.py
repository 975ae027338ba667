#!/usr/bin/env python3
"""parse.py --program BUILD/tests/bench_parse [--shared DIR]: MB/s from bytes to items, beside libxml2's own reader.

Generated feeds of three kinds (short posts, whole articles in CDATA, whole articles escaped in Atom), and the real and
the large feeds of the shared test data where that stands beside the checkout. See parse.c for what is measured."""
import argparse
import html
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from feeds import make_article, make_feed, sentence

ROOT = pathlib.Path(__file__).resolve().parents[2]
FEEDS = 20
ARTICLES = 20


def make_articles(number, atom):
    chance = random.Random(1000 + number)
    language = "zh" if number % 2 else "en"
    site = f"https://f{number}.example/"
    entries = []
    for n in range(ARTICLES):
        title, article = sentence(chance, language, 9).strip(), make_article(chance, language)
        if atom:
            entries.append(f'<entry><title>{title}</title><link href="{site}{n}"/><id>{site}{n}</id><updated>2026-11-20T10:00:00Z'
                           f'</updated><content type="html">{html.escape(article)}</content></entry>')
        else:
            entries.append(f"<item><title>{title}</title><link>{site}{n}</link><guid>{site}{n}</guid><pubDate>Fri, 20 Nov 2026 "
                           f"10:00:00 GMT</pubDate><content:encoded><![CDATA[{article}]]></content:encoded></item>")
    body = "".join(entries)
    if atom:
        return (f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{number}</title><id>{site}</id>'
                f"<updated>2026-11-20T10:00:00Z</updated>{body}</feed>").encode()
    return ('<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>{number}</title><link>{site}</link>{body}</channel></rss>").encode()


def shared_sets(corpus):
    """The files the corpus names as real feeds, and its large ones; nothing where there is no corpus."""
    sets = {}
    real = corpus / "open/cases.real.jsonl"
    if real.exists():
        names = {json.loads(line)["file"] for line in real.read_text().splitlines()}
        sets["real feeds"] = [corpus / "open" / name for name in sorted(names)]
    large = sorted(corpus.glob("large/files/*"))
    if large:
        sets["large real feeds"] = large
    return sets


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--shared", default=os.environ.get("SHARED", ROOT.parent / "shared"))
    options = parser.parse_args()
    kinds = {"short posts": lambda n: make_feed(n * 10), "articles, CDATA": lambda n: make_articles(n, False),
             "articles, escaped": lambda n: make_articles(n, True)}
    with tempfile.TemporaryDirectory(prefix="briefd-bench-") as folder:
        sets = {}
        for kind, make in kinds.items():
            sets[kind] = [pathlib.Path(folder, f"{len(sets)}-{n}.xml") for n in range(FEEDS)]
            for number, path in enumerate(sets[kind]):
                path.write_bytes(make(number))
        sets |= shared_sets(pathlib.Path(options.shared, "corpus"))
        for kind, files in sets.items():
            size = sum(path.stat().st_size for path in files)
            print(f"parse: {kind}, {len(files)} files, {size / 1e6:.1f} MB", flush=True)
            subprocess.run([options.program, *files], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
