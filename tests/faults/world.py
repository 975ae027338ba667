"""A newsletter under way: feeds that bring something new all the time, editors who decide, write and publish.

What was acknowledged is remembered here, outside of the daemon, and `Ledger.check()` asks the database for it.
"""
import http.client
import json
import threading

from briefd import Briefd
from desk import Desk
from fault import PATIENCE_S, require
from origin import Origin

WINDOW = 30  # items in a document
WAITS_S = 0.02


def document(feed, newest):
    """RSS with the items newest-29 … newest of a feed."""
    items = "".join(
        f"<item><title>Report {n} of {feed}: quantized model {n * 7919} runs on board {n * 104729}</title>"
        f"<link>https://{feed}.example/{n}</link><guid>{feed}-{n}</guid><description>text {n}</description></item>"
        for n in range(newest, max(newest - WINDOW, 0), -1))
    return f"<rss version='2.0'><channel><title>{feed}</title>{items}</channel></rss>".encode()


class Newsroom:
    """Feeds at an origin, each a document longer every time `publish()` is called; its ETag is its newest item."""

    def __init__(self, feeds, hosts="127.0.0.1"):
        self.origin = Origin(hosts, life=1800)
        self.newest = {f"f{n:03}": 0 for n in range(feeds)}

    def __enter__(self):
        self.origin.start()
        self.publish()
        return self

    def __exit__(self, *_):
        self.origin.stop()

    def publish(self, feeds=None, count=1):
        for feed in feeds or self.newest:
            self.newest[feed] += count
            self.origin.set(f"/{feed}", document(feed, self.newest[feed]), etag=f'"{self.newest[feed]}"')

    def items(self):
        return sum(self.newest.values())

    def is_stored(self, briefd):
        return briefd.query("SELECT items FROM tally") == [(self.items(),)]

    def wait_until_stored(self, briefd, while_pass_s=0, meanwhile=lambda: None):
        """Until everything published is; `while_pass_s` are let pass before each look."""
        def look():
            briefd.pass_time(while_pass_s)
            meanwhile()
            return self.is_stored(briefd)

        briefd.wait_until(look, deadline=PATIENCE_S)

    def urls(self, more=""):
        return {feed: (self.origin.url(f"/{feed}"), more) if more else self.origin.url(f"/{feed}")
                for feed in self.newest}

    def check(self, briefd):
        """Rule 1: validators are stored with their items, never before. How many items were looked for."""
        looked = 0
        for feed, etag in briefd.query("SELECT name, etag FROM feed WHERE etag IS NOT NULL"):
            newest = int(etag.strip('"'))
            there = {key for key, in briefd.query("SELECT key FROM item WHERE key LIKE ?", f"%{feed}.example/%")}
            wanted = range(max(newest - WINDOW, 0) + 1, newest + 1)
            missing = [n for n in wanted if f"https://{feed}.example/{n}" not in there]
            require(not missing, f"{feed} has the ETag of item {newest} and lacks", missing)
            looked += len(wanted)
        return looked


class Ledger:
    """What editors were told is done. Filled by many threads, checked while the daemon is dead."""

    def __init__(self):
        self.lock = threading.Lock()
        self.events = {}   # editor -> ids of events that were acknowledged
        self.states = {}   # story -> (version, state)
        self.titles = {}   # pick -> (event, title)
        self.issues = {}   # (day, version)
        self.unknown = []  # (editor, key, method, path, body): sent, and no answer came

    def note(self, editor, answer):
        with self.lock:
            event = int(answer["event"]) if answer.get("event") else None
            if event is not None:
                self.events.setdefault(editor, set()).add(event)
            if "version" in answer and "date" in answer:
                self.issues[answer["date"], answer["version"]] = True
                return
            for story in answer.get("stories", []) if event is not None else []:
                self.keep(self.states, int(story["id"]), int(story["version"]), story["state"])

    def note_title(self, pick, event, title):
        with self.lock:
            self.keep(self.titles, int(pick), int(event), title)

    @staticmethod
    def keep(newest, entity, event, value):
        if entity not in newest or newest[entity][0] < event:
            newest[entity] = (event, value)

    def count(self):
        return sum(len(events) for events in self.events.values()) + len(self.issues)

    def check(self, briefd):
        """Everything acknowledged is there. While the daemon is dead."""
        there = {}
        for number, editor in briefd.query("SELECT id, editor FROM event"):
            there.setdefault(editor, set()).add(number)
        for editor, events in self.events.items():
            lost = events - there.get(editor, set())
            require(not lost, f"{editor}: acknowledged and lost: events", sorted(lost)[:5])
        newest = dict(briefd.query("SELECT id, version FROM story"))
        states = dict(briefd.query("SELECT id, state FROM story"))
        for story, (version, state) in self.states.items():
            # A later action, maybe one whose answer never came, may have changed it since.
            require(newest.get(story, -1) >= version, f"story {story} is older than version {version}")
            require(newest[story] != version or states[story] == state, f"story {story} is not {state}")
        picks = {pick: (version, body) for pick, version, body in briefd.query("SELECT id, version, body FROM pick")}
        for pick, (event, title) in self.titles.items():
            require(picks[pick][0] >= event, f"pick {pick} is older than event {event}")
            require(picks[pick][0] != event or json.loads(picks[pick][1])["title"] == title,
                    f"pick {pick} is not titled {title}")
        issues = set(briefd.query(
            "SELECT day, version FROM issue WHERE document IS NOT NULL UNION"
            " SELECT issue.day, issue_version.version FROM issue_version JOIN issue ON issue.id = issue_id"))
        lost = set(self.issues) - issues
        require(not lost, "published and lost:", lost)

    def check_none_twice(self, briefd):
        """After all unknown requests have been sent again: each editor's events are those acknowledged, no more."""
        for editor in self.events:
            there = briefd.query("SELECT id, action, utc_s FROM event"
                                 " WHERE editor = ? AND action NOT IN ('publish', 'correct')", editor)
            extra = [event for event in there if event[0] not in self.events[editor]]
            require(not extra, f"{editor}: done and never asked for, or twice: events", extra[:5])
        published, = briefd.query("SELECT count(*) FROM event WHERE action IN ('publish', 'correct')")[0]
        require(published == len(self.issues), f"{published} publications, {len(self.issues)} were acknowledged")


class Decider:
    """One editor who decides now and then, and counts."""

    def __init__(self, briefd):
        self.briefd, self.desk, self.decisions = briefd, Desk(briefd), 0

    def decide(self, stories):
        for story in self.desk.get(f"/api/v1/stories?limit={stories}")["stories"]:
            self.desk.decide(story["id"], state="later")
            self.decisions += 1

    def check(self):
        require(self.briefd.query("SELECT count(*) FROM event") == [(self.decisions,)], "decisions were lost")


class Editor(threading.Thread):
    """Decides, writes and sometimes publishes until the daemon is gone."""

    def __init__(self, briefd, ledger, name, chance, publishes=False):
        super().__init__(daemon=True)
        self.desk = Desk(briefd, name)
        self.desk.covered = set()
        self.briefd, self.ledger, self.chance, self.publishes = briefd, ledger, chance, publishes
        self.editor, self.stopped, self.failure, self.done = name, threading.Event(), None, 0

    def run(self):
        try:
            while not self.stopped.is_set():
                (self.publish if self.publishes else self.decide)()
        except (OSError, http.client.HTTPException):
            pass  # killed
        except ValueError as error:  # half an answer
            self.failure = None if "Expecting" in str(error) or "Unterminated" in str(error) else error
        except Exception as error:
            self.failure = error

    def act(self, method, path, body):
        """The answer of a 2xx, None of a refusal; noted in the ledger."""
        key = f"{self.editor}-{self.chance.getrandbits(64):x}"
        request = (self.editor, key, method, path, body)
        with self.ledger.lock:
            self.ledger.unknown.append(request)
        answer = send(self.desk, request)
        self.ledger_close(request, answer)
        self.done += 1
        return answer

    def ledger_close(self, request, answer):
        with self.ledger.lock:
            self.ledger.unknown.remove(request)
        if answer is not None:
            note(self.ledger, request, answer)

    def decide(self):
        stories = self.desk.get("/api/v1/stories?limit=40")["stories"]
        if not stories:
            self.stopped.wait(WAITS_S)
            return
        state = self.chance.choice(["picked", "picked", "later", "rejected"])
        chosen = self.chance.sample(stories, min(len(stories), self.chance.randint(1, 3)))
        done = self.act("POST", "/api/v1/decisions", {"stories": [{"id": s["id"]} for s in chosen], "state": state})
        for pick in (done or {}).get("picks", [])[:1]:
            self.act("PATCH", f"/api/v1/picks/{pick['id']}", {"title": f"量化 {self.chance.getrandbits(32):x}"})

    def publish(self):
        draft = self.desk.get("/api/v1/draft")
        self.act("POST", "/api/v1/publish", {"date": draft["date"]})
        if self.chance.random() < 0.5:
            made = self.act("POST", f"/api/v1/issues/{draft['date']}/reopen", {})
            if made is not None and made["made"]:
                self.act("PATCH", f"/api/v1/drafts/{made['made']}", {"preface": f"更正 {self.chance.getrandbits(32):x}"})
                self.act("POST", "/api/v1/publish", {"date": draft["date"], "draft": made["made"]})


def send(desk, request):
    editor, key, method, path, body = request
    # Without a body where the contract has none.
    status, value, _ = desk.call(method, path, None if path.endswith("/reopen") else body, Idempotency_Key=key,
                                 Briefd_Editor=editor)
    require(status in (200, 201, 404, 409, 412, 422), f"{method} {path}: {status} {value}")
    return value if status in (200, 201) else None


def note(ledger, request, answer):
    editor, _, method, path, body = request
    ledger.note(editor, answer)
    if method == "PATCH" and path.startswith("/api/v1/picks/") and answer.get("event"):
        ledger.note_title(path.rsplit("/", 1)[1], answer["event"], body["title"])


def settle(briefd, ledger):
    """What had no answer is sent once more with its key, as a client does that lost its connection."""
    desk = Desk(briefd)
    for request in list(ledger.unknown):
        answer = send(desk, request)
        ledger.unknown.remove(request)
        if answer is not None:
            note(ledger, request, answer)


def start(briefd, **how):
    """Start it and wait, patiently."""
    briefd.start(wait=False, **how)
    begin = briefd.log().rfind("serves http://")
    briefd.wait_until(lambda: briefd._find_port(begin), deadline=PATIENCE_S)
    briefd.wait_until(lambda: briefd.get("/readyz")[0] == 200, deadline=PATIENCE_S)


__all__ = ["WINDOW", "Briefd", "Decider", "Editor", "Ledger", "Newsroom", "Origin", "settle", "start"]
