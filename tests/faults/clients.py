"""Clients of the daemon that mean no good: many that say nothing, many that are slow, one that reads nothing."""
import contextlib
import resource
import select
import socket
import threading
import time

from fault import PATIENCE_S, Skipped, fault, require
from origins import MEBIBYTE
from world import Briefd, Newsroom, start

REQUEST = b"GET /api/v1/feeds HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
READS = ("/healthz", "/draft.md", "/api/v1/stories?limit=3")


def resident_bytes(briefd):
    with open(f"/proc/{briefd.process.pid}/statm", encoding="ascii") as pages:
        return int(pages.read().split()[1]) * resource.getpagesize()


def allow_descriptors(count):
    """Both of us need one a connection."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise Skipped(f"only {hard} descriptors are allowed here, {count} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


def connect(stack, port):
    one = stack.enter_context(socket.socket())
    one.settimeout(30)
    one.connect(("127.0.0.1", port))
    return one


def read_all(briefd, rounds):
    """Somebody who means it is served by all of them. The longest wait in seconds."""
    longest = 0.0
    for _ in range(rounds):
        for path in READS:
            began = time.monotonic()
            status, _, body = briefd.get(path)
            require(status == 200, f"{path}: {status} {body[:200]}")
            longest = max(longest, time.monotonic() - began)
    return longest


@contextlib.contextmanager
def daemon():
    with Newsroom(4) as news, Briefd(news.urls()) as briefd:
        start(briefd)
        news.wait_until_stored(briefd)
        yield briefd
        require(briefd.process.poll() is None, "the daemon has ended")
        briefd.stop(PATIENCE_S)


@fault("idle", "idle clients", small=300, full=5000, of="connections")
def idle(run):
    """That many connections are opened and say nothing; in between requests are made on connections of their own."""
    allow_descriptors(2 * run.size + 1000)
    with daemon() as briefd, contextlib.ExitStack() as stack:
        before, longest = resident_bytes(briefd), 0.0
        for number in range(run.size):
            connect(stack, briefd.port)
            if number % (run.size // 10) == 0:
                longest = max(longest, read_all(briefd, 1))
        longest = max(longest, read_all(briefd, 20))
        grown = resident_bytes(briefd) - before
    return (f"{run.size} open, 90 of 90 requests answered, the slowest after {longest * 1000:.0f} ms; "
            f"{grown / run.size / 1024:.1f} KiB a connection", "answers, memory, an orderly end")


def drip(sockets, stopped):
    """One byte a connection and turn, of a request that never ends."""
    while not stopped.wait(0.05):
        for one in sockets:
            with contextlib.suppress(OSError):
                one.send(b"x")


@fault("slow", "slow clients", small=40, full=200, of="clients")
def slow(run):
    """A quarter each sends its request line, a header, a body, byte by byte, or takes the answer so."""
    with daemon() as briefd, contextlib.ExitStack() as stack:
        begun = [b"GET /", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
                 b"POST /api/v1/decisions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                 b"Content-Length: 100000\r\n\r\n"]
        sending, reading, stopped = [], [], threading.Event()
        for number in range(run.size):
            one = connect(stack, briefd.port)
            if number % 4 < 3:
                one.send(begun[number % 4])
                one.setblocking(False)
                sending.append(one)
            else:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                one.send(REQUEST)
                reading.append(one)
        thread = threading.Thread(target=drip, args=(sending, stopped), daemon=True)
        thread.start()
        longest, got = read_all(briefd, 20), 0
        for _ in range(20):
            for one in reading:
                got += len(one.recv(1))
        longest = max(longest, read_all(briefd, 20))
        stopped.set()
        thread.join()
    return (f"{run.size} slow ones, 120 of 120 requests answered, the slowest after {longest * 1000:.0f} ms",
            "answers, an orderly end in spite of them")


@fault("deaf", "a client that reads nothing", small=2000, full=200000, of="requests")
def deaf(run):
    """One connection sends that many requests and never reads an answer; another does so with an event stream."""
    with daemon() as briefd, contextlib.ExitStack() as stack:
        before = resident_bytes(briefd)
        stream = connect(stack, briefd.port)
        stream.send(b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        one = connect(stack, briefd.port)
        one.setblocking(False)
        sent, longest, tries = 0, 0.0, 0
        while sent < run.size * len(REQUEST) and tries < 20:
            with contextlib.suppress(BlockingIOError, ConnectionError):
                sent += one.send(REQUEST * 1000)
                continue
            tries += 1  # its buffers are full: nobody takes more
            longest = max(longest, read_all(briefd, 1))
            select.select([], [one], [], 0.1)
        longest = max(longest, read_all(briefd, 20))
        grown = resident_bytes(briefd) - before
        require(grown < 64 * MEBIBYTE, f"the daemon grew by {grown / MEBIBYTE:.0f} MiB")
    return (f"{sent // len(REQUEST)} requests sent until nobody took more, others served (slowest after "
            f"{longest * 1000:.0f} ms), {grown / MEBIBYTE:.1f} MiB more", "answers of others, memory, an orderly end")
