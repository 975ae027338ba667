"""Two hundred feeds as one wishes them, beside origins that mean harm."""
import threading
import time

import invariants
from fault import PATIENCE_S, fault, require
from hostile import ALL, Hostile
from world import Briefd, Newsroom, start

HOSTS = 20       # of the good feeds
GOOD = 200
SPEED = 6        # the daemon's minutes in one of ours, so that an interval of a minute takes ten seconds
STEP_S = 0.05
MEBIBYTE = 1 << 20
POLLING = "min_interval = 60s max_interval = 60s"


class Pace(threading.Thread):
    """Lets the daemon's clock run SPEED times as fast."""

    def __init__(self, briefd):
        super().__init__(daemon=True)
        self.briefd, self.stopped = briefd, threading.Event()

    def run(self):
        seen = time.monotonic()
        while not self.stopped.wait(STEP_S):
            now = time.monotonic()
            self.briefd.pass_time((now - seen) * (SPEED - 1))
            seen = now

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.join()


def good_urls(news):
    """Ten feeds a host."""
    return {feed: (f"http://127.0.2.{n % HOSTS + 1}:{news.origin.port}/{feed}", POLLING)
            for n, feed in enumerate(news.newest)}


def gaps_of(news):
    """Seconds of the daemon between two requests of each feed, all feeds together, sorted."""
    times = {}
    for request in news.origin.log():
        times.setdefault(request["path"], []).append(request["at"])
    return sorted(SPEED * (b - a) for asked in times.values() for a, b in zip(asked, asked[1:]))


def peak_bytes(briefd):
    with open(f"/proc/{briefd.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def run_feeds(run, news, urls, rounds, hostile=None):
    """Until every good feed has been asked `rounds` times, and every hostile one twice. (gaps, peak of memory, errors)"""
    with Briefd(urls, timeout="2s", polling="max_interval = 60s") as briefd:
        news.origin.forget()
        start(briefd)
        with Pace(briefd):
            def is_enough():
                counts = {}
                for request in news.origin.log():
                    counts[request["path"]] = counts.get(request["path"], 0) + 1
                met = hostile is None or all(asked >= (1 if "429" in name else 2)  # that wish is kept
                                             for name, asked in hostile.asked.items())
                return met and len(counts) == len(news.newest) and min(counts.values()) >= rounds
            briefd.wait_until(is_enough, deadline=PATIENCE_S + rounds * 120 / SPEED)
        gaps, peak = gaps_of(news), peak_bytes(briefd)
        errors = {feed["name"]: feed["error"] for feed in briefd.json("/api/v1/feeds")["feeds"] if feed["error"]}
        require(briefd.process.poll() is None, "the daemon has ended:", briefd.log()[-2000:])
        briefd.stop(PATIENCE_S)
        wanted = sum(news.newest.values())
        there, = briefd.query("SELECT count(*) FROM item WHERE key LIKE 'https://f___.example/%'")[0]
        require(there == wanted, f"{there} of {wanted} items of the good feeds")
        invariants.check(briefd.database)
    return gaps, peak, errors


def at(gaps, share):
    return gaps[min(len(gaps) - 1, int(share * len(gaps)))]


@fault("hostile", f"{GOOD} good feeds beside {len(ALL)} hostile origins", small=2, full=18, of="polls of each good feed")
def hostile_origins(run):
    """Each hostile origin does one thing for ever: endless and slow headers and bodies, bombs, broken framing, resets,
    redirects inward, entities, nesting, 100,000 items, other items each time, TLS garbage. All are asked as often as the
    good ones, once a minute; first a run without them."""
    count = GOOD if run.is_full else 20
    names = ALL if run.is_full else [name for name in ALL if name not in ("100,000 items", "gzip bomb of 128 MiB")]
    alone = None
    with Newsroom(count, [f"127.0.2.{n + 1}" for n in range(HOSTS)]) as news:
        if run.is_full:
            alone = run_feeds(run, news, good_urls(news), run.size)
            run.say(f"alone: gaps p50 {at(alone[0], .5):.1f}, p99 {at(alone[0], .99):.1f}, most {alone[0][-1]:.1f} s, "
                    f"{alone[1] / MEBIBYTE:.0f} MiB")
        with Hostile(names) as hostile:
            gaps, peak, errors = run_feeds(run, news, good_urls(news) | hostile.urls(POLLING), run.size, hostile)
    good_errors = {name: error for name, error in errors.items() if not name.startswith("hostile")}
    require(not good_errors, "good feeds failed:", good_errors)
    run.say(f"beside: gaps p50 {at(gaps, .5):.1f}, p99 {at(gaps, .99):.1f}, most {gaps[-1]:.1f} s, {peak / MEBIBYTE:.0f} MiB")
    for number, name in enumerate(names):
        run.say(f"{name}: {errors.get(f'hostile {number:02}', '(read)')}")
    result = f"{count} good feeds, none failed; {len(errors)} of {len(names)} hostile ones refused with a sentence"
    if alone:
        require(at(gaps, .99) <= 1.1 * at(alone[0], .99) + 1, f"p99 {at(gaps, .99):.1f} s, alone {at(alone[0], .99):.1f}")
        result += (f"; seconds between two polls of a good feed p50 {at(gaps, .5):.1f}, p99 {at(gaps, .99):.1f}, most "
                   f"{gaps[-1]:.1f} (alone {at(alone[0], .5):.1f}, {at(alone[0], .99):.1f}, {alone[0][-1]:.1f}); peak "
                   f"{peak / MEBIBYTE:.0f} MiB (alone {alone[1] / MEBIBYTE:.0f})")
    return result, "when good feeds are asked, their items, errors by feed, memory, invariants"
