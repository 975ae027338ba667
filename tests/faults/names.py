"""Name servers that do not answer."""
import os
import pathlib
import signal
import struct

from fault import PATIENCE_S, SANITIZED, Skipped, fault, require
from world import Briefd, Newsroom, start

SHIM = os.environ.get("FAILING_NAMES",
                      str(pathlib.Path(__file__).resolve().parents[2] / "build/tests/faults/failing_names.so"))
ANSWERS, HANGS, FAILS = range(3)


class Names:
    def __init__(self, briefd):
        if SANITIZED or not pathlib.Path(SHIM).exists():
            raise Skipped("nothing can be preloaded into this build")
        self.state = briefd.folder / "names"
        self.set(ANSWERS)
        briefd.launch = {"env": {**os.environ, "LD_PRELOAD": SHIM, "FAILING_NAMES_STATE": str(self.state)}}

    def set(self, state):
        with open(self.state, "r+b" if self.state.exists() else "wb") as file:  # in place: it is mapped
            file.write(struct.pack("=i", state))


def feeds(briefd):
    return briefd.json("/api/v1/feeds")["feeds"]


def name_hosts(news, letter):
    """Every feed at a host of its own. Names are kept for a minute and connections for longer, so that each time the
    servers die other hosts are asked for."""
    return {feed: f"http://{letter}-{feed}.faulty.example:{news.origin.port}/{feed}" for feed in news.newest}


def go_dead(briefd, names, state, urls):
    """Hosts that nobody can name; every feed says so, and whoever reads is answered meanwhile."""
    names.set(state)
    briefd.write_config(urls)
    briefd.signal(signal.SIGHUP)
    reads = 0

    def all_failed():
        nonlocal reads
        for path in ("/healthz", "/draft.md", "/api/v1/stories?limit=3"):
            require(briefd.get(path)[0] == 200, path)
            reads += 1
        errors = {feed["name"]: feed["error"] or "" for feed in feeds(briefd) if feed["url"] in urls.values()}
        return len(errors) == len(urls) and all("faulty.example" in error for error in errors.values())

    briefd.wait_until(all_failed, deadline=PATIENCE_S)
    return reads


def come_back(briefd, names, news, urls):
    names.set(ANSWERS)
    news.publish(count=1)
    briefd.pass_time(86400)
    briefd.wait_until(lambda: not any(feed["error"] for feed in feeds(briefd) if feed["url"] in urls.values()),
                      deadline=PATIENCE_S)


@fault("names", "name servers dead", small=8, full=100, of="feeds")
def dead_names(run):
    """getaddrinfo() hangs, then fails, for all hosts; at the end it hangs while the daemon is told to stop."""
    with Newsroom(run.size) as news, Briefd(name_hosts(news, "a"), timeout="2s", polling="max_interval = 10m") as briefd:
        names, reads = Names(briefd), 0
        start(briefd)
        briefd.wait_until(lambda: all(feed["last_success"] for feed in feeds(briefd)), deadline=PATIENCE_S)
        for letter, state in (("b", HANGS), ("c", FAILS)):
            reads += go_dead(briefd, names, state, name_hosts(news, letter))
            come_back(briefd, names, news, name_hosts(news, letter))
        news.wait_until_stored(briefd)
        names.set(HANGS)
        briefd.write_config(name_hosts(news, "d"))
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: b"fetching\"} 0\n" not in briefd.get("/metrics")[2], deadline=PATIENCE_S)
        seconds = briefd.stop(PATIENCE_S)
    return (f"all {run.size} feeds say so and come back, twice; {reads} of {reads} reads answered meanwhile; "
            f"stopped in {seconds:.1f} s with names under way", "sentences of the feeds, reads, items, the stop")
