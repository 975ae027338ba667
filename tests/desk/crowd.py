"""Twenty thousand stories from ten feeds, for what must stay quick however full the inbox is.

Titles are made of random words, so that hardly two seem to be about the same thing and nearly each item is a story; a tenth have a
keyword of the newsletter's, and every feed speaks for a section.
"""
import datetime
import http.server
import random

import samples
import serve

FEEDS, ENTRIES = 10, 2000
SECTIONS = ["news", "papers", "oss", "blog", "brief"]
LETTERS = "bcdfghjklmnprstvwz"
VOWELS = "aeiou"


def word(numbers):
    return "".join(numbers.choice(LETTERS) + numbers.choice(VOWELS) for _ in range(numbers.randint(4, 6)))


def entries(feed, now):
    numbers = random.Random(feed)
    for index in range(ENTRIES):
        words = [word(numbers) for _ in range(numbers.randint(5, 8))]
        if index % 10 == 0:
            words.insert(2, "NPU")
        yield samples.Entry(" ".join(words).capitalize(), f"https://crowd.example/{feed}/{index}",
                            " ".join(word(numbers) for _ in range(20)),
                            now - datetime.timedelta(seconds=30 * (index * FEEDS + feed)))


def build(now):
    return [samples.Feed(f"crowd {feed}", f"/{feed}.xml", samples.RSS,
                         samples.rss(f"crowd {feed}", "https://crowd.example/", list(entries(feed, now)), "en"),
                         {"section": SECTIONS[feed % len(SECTIONS)]}) for feed in range(FEEDS)]


class Server(serve.Server):
    def __init__(self, port=0):
        http.server.ThreadingHTTPServer.__init__(self, ("127.0.0.1", port), serve.Handler)
        now = datetime.datetime.now(datetime.timezone.utc)
        self.feeds = build(now)
        self.documents = {feed.path: serve.Document(feed, now) for feed in self.feeds}


def filled(daemon):
    """Once every item is stored."""
    if not daemon.alive():
        raise SystemExit("briefd ended:\n" + "".join(daemon.log))
    feeds = daemon.get("/api/v1/feeds")["feeds"]
    return (all(feed["entries"] >= ENTRIES for feed in feeds) and
            daemon.get("/api/v1/counts")["states"][0]["total"] > FEEDS * ENTRIES * 0.99)
