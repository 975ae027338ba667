"""The limits of the process: signals in a storm, no descriptors, no memory."""
import contextlib
import os
import pathlib
import resource
import signal
import time

import invariants
from clients import connect, read_all, resident_bytes
from fault import PATIENCE_S, SANITIZED, Skipped, fault, require
from kills import Rush
from origins import MEBIBYTE
from world import Briefd, Decider, Editor, Ledger, Newsroom, settle, start


def open_descriptors(briefd):
    return len(os.listdir(f"/proc/{briefd.process.pid}/fd"))


@fault("hangup", "SIGHUP in a storm", small=60, full=1000, of="signals")
def hangup(run):
    """That many SIGHUPs as fast as they can be sent, every tenth with another feeds.conf, every hundredth with one that
    is broken; feeds are polled and an editor decides meanwhile."""
    with Newsroom(12) as news, Briefd(news.urls(), polling="max_interval = 5m") as briefd:
        start(briefd)
        ledger = Ledger()
        editor, rush = Editor(briefd, ledger, "first", run.chance), Rush(briefd, news, run.chance)
        editor.start()
        rush.start()
        before, names = open_descriptors(briefd), news.urls()
        for number in range(run.size):
            if number % 100 == 99:  # else the storm is over before two files are read
                read = briefd.log().count("anew, feeds")
                briefd.signal(signal.SIGHUP)  # after counting: all before may have been answered by now
                briefd.wait_until(lambda: briefd.log().count("anew, feeds") > read, deadline=PATIENCE_S)
            if number % 10 == 0:
                kept = {name: url for name, url in names.items() if run.chance.random() < .8}
                briefd.write_config(kept, "}" if number % 100 == 50 else "")
            briefd.signal(signal.SIGHUP)
        briefd.write_config(names | {"last": f"{news.origin.url('/f000')}?last"})
        news.origin.set("/last", b"")
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: len(briefd.json("/api/v1/feeds")["feeds"]) >= 13
                          and briefd.feed("last")["health"] != "paused", deadline=PATIENCE_S)
        rush.stopped.set()
        rush.join()
        news.wait_until_stored(briefd, 600)
        editor.stopped.set()
        editor.join()
        require(editor.failure is None, editor.failure)
        briefd.wait_until(lambda: open_descriptors(briefd) <= before + 30, deadline=PATIENCE_S)
        reloads = briefd.log().count("anew, feeds")
        briefd.stop(PATIENCE_S)
        ledger.check(briefd)
        invariants.check(briefd.database)
    return (f"{run.size} signals, {reloads} files read, the last one holds; {ledger.count()} acknowledged actions kept, "
            f"{news.items()} of {news.items()} items", "feeds of the last file, items, actions, descriptors")


def exhaust(briefd, news):
    """Not one descriptor more than are open now, for a round of all feeds and as many clients; then there are some
    again. What it cannot do it says; it stays, and takes up everything by itself."""
    with contextlib.ExitStack() as stack:
        resource.prlimit(briefd.process.pid, resource.RLIMIT_NOFILE, (open_descriptors(briefd), 128))
        for _ in range(60):
            connect(stack, briefd.port)  # by the kernel
        news.publish(count=1)
        briefd.pass_time(3600)
        briefd.wait_until(lambda: "files" in briefd.log() or "descriptor" in briefd.log(), deadline=PATIENCE_S)
        require(briefd.process.poll() is None, "the daemon has ended")
        resource.prlimit(briefd.process.pid, resource.RLIMIT_NOFILE, (128, 128))
    news.wait_until_stored(briefd, 3600)


@fault("descriptors", "out of file descriptors", small=1, full=5, of="times")
def descriptors(run):
    """None left at all for a round of 40 feeds and 60 clients, then some again; then 128, the least it starts with, for
    40 feeds on hosts of their own, 60 silent clients and an editor."""
    hosts = [f"127.0.3.{n + 1}" for n in range(40)]
    with Newsroom(40, hosts) as news:
        urls = {feed: f"http://{host}:{news.origin.port}/{feed}" for host, feed in zip(hosts, news.newest)}
        with Briefd(urls, polling="max_interval = 5m") as briefd:
            briefd.launch = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))}
            start(briefd)
            editor, most = Decider(briefd), 0
            for _ in range(run.size):
                exhaust(briefd, news)
                with contextlib.ExitStack() as stack:
                    for _ in range(60):
                        connect(stack, briefd.port)
                    news.publish(count=1)
                    briefd.pass_time(3600)
                    read_all(briefd, 5)
                    news.wait_until_stored(briefd, 300, meanwhile=lambda: read_all(briefd, 1))
                    most = max(most, open_descriptors(briefd))
                    editor.decide(3)
            briefd.stop(PATIENCE_S)
            editor.check()
            invariants.check(briefd.database)
    return (f"{news.items()} of {news.items()} items, all reads answered, {editor.decisions} decisions kept, {most} of 128 in use",
            "items, answers, actions, invariants")


def large_document(number):
    """As much as a feed may bring: 4,000 items."""
    items = "".join(f"<item><title>Large report {number} of chip {n * 7919}</title><guid>{n}</guid>"
                    f"<link>https://large.example/{n}</link><description>{'text ' * 60}{number}</description></item>"
                    for n in range(4000))
    return f"<rss version='2.0'><channel><title>large</title>{items}</channel></rss>".encode()


def starve(run, briefd, news, ledger, number):
    """A life with little memory: True when the daemon was still there at its end."""
    free = run.chance.choice((0, 2, 8, 16, 32, 64, 96)) * MEBIBYTE
    news.origin.set("/large", large_document(number), etag=f'"{number}"')
    pages = int(pathlib.Path(f"/proc/{briefd.process.pid}/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + free
    resource.prlimit(briefd.process.pid, resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    crowd = [Editor(briefd, ledger, name, run.chance, publishes=name == "publisher") for name in ("first", "publisher")]
    rush = Rush(briefd, news, run.chance)
    for one in [rush, *crowd]:
        one.start()
    end = time.monotonic() + 1.5  # how long it lives is what is varied
    while time.monotonic() < end and briefd.process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            briefd.get("/api/v1/search?q=quantized")
            briefd.get("/draft.md")
        time.sleep(0.01)
    for one in [rush, *crowd]:
        one.stopped.set()
    lives = briefd.process.poll() is None
    if lives:
        resource.prlimit(briefd.process.pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    for one in [rush, *crowd]:
        one.join()
    return lives


@fault("memory", "memory limit", small=3, full=60, of="lives")
def memory(run):
    """RLIMIT_AS 0 to 96 MiB above what is in use, while feeds are polled, one of them large, and editors work. What ends
    is started again, as systemd does."""
    if SANITIZED:
        raise Skipped("a sanitizer needs terabytes of addresses")
    ledger, ended, codes = Ledger(), 0, {}
    with Newsroom(6) as news, Briefd(news.urls() | {"large": news.origin.url("/large")}, polling="max_interval = 2m") as briefd:
        news.origin.set("/large", large_document(-1))
        start(briefd)
        for number in range(run.size):
            news.publish(count=20)
            if not starve(run, briefd, news, ledger, number):
                code = briefd.process.returncode
                codes[code] = codes.get(code, 0) + 1
                ended += 1
                invariants.check(briefd.database)
                ledger.check(briefd)
                start(briefd)
            settle(briefd, ledger)
        briefd.stop(PATIENCE_S)
        ledger.check(briefd)
        ledger.check_none_twice(briefd)
        invariants.check(briefd.database)
        crashes = {code: times for code, times in codes.items() if code != 71}
        run.say("ended with", codes, "the log:", briefd.log()[-1500:])
        require(not crashes, "it ended by", crashes)
    return (f"{run.size - ended} times it went on, {ended} times it ended with a sentence and code 71; 0 of "
            f"{ledger.count()} acknowledged actions lost, 0 twice", "how it ends, actions, invariants")
