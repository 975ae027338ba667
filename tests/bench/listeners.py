#!/usr/bin/env python3
"""listeners.py --briefd BINARY [--listeners 5000] [--seconds 30] [--json FILE]: pages that only listen.

As many event streams as wanted stand open for a while, in which nothing happens but the comments that keep proxies from closing
them. Printed are the memory that each takes, the processor time that all take, and what one event to all of them takes, with the
daemon's loop delay meanwhile."""
import argparse
import json
import os
import pathlib
import re
import resource
import selectors
import socket
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from usage import cpu_s, memory_mb  # noqa: E402


class Listeners:
    def __init__(self, port, count):
        self.selector = selectors.DefaultSelector()
        self.bytes = {}
        self.streams = [self.open(port) for _ in range(count)]
        self.read_until(lambda: all(self.bytes.values()))

    def open(self, port):
        stream = socket.create_connection(("127.0.0.1", port))
        stream.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")
        stream.setblocking(False)
        self.selector.register(stream, selectors.EVENT_READ)
        self.bytes[stream.fileno()] = 0
        return stream

    def read(self, seconds):
        for key, _ in self.selector.select(seconds):
            data = key.fileobj.recv(65536)
            if not data:
                raise SystemExit("the daemon closed a stream")
            self.bytes[key.fd] += len(data)

    def read_until(self, done, seconds=120):
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end:
                raise SystemExit("not every stream has brought something")
            self.read(0.1)

    def close(self):
        for stream in self.streams:
            stream.close()


def measure(briefd, options):
    process_id = briefd.process.pid
    before_mb = memory_mb(process_id)
    listeners = Listeners(briefd.port, options.listeners)
    figures = {"listeners": options.listeners, "kb_each": (memory_mb(process_id) - before_mb) * 1024 / options.listeners}
    started, used = time.monotonic(), cpu_s(process_id)
    while time.monotonic() - started < options.seconds:
        listeners.read(0.5)
    figures["idle_cpu_percent"] = 100 * (cpu_s(process_id) - used) / (time.monotonic() - started)
    used, had = cpu_s(process_id), dict(listeners.bytes)
    status, _, body = briefd.get("/api/v1/vendors", "PUT", {"Content-Type": "application/json"},
                                 json.dumps({"rules": 'vendor "V" { aliases = { "Vendor" } }'}))
    if status >= 300:
        raise SystemExit(f"no event: {status} {body[:200]!r}")
    listeners.read_until(lambda: all(listeners.bytes[fd] > had[fd] for fd in had))
    figures["event_cpu_us_each"] = 1e6 * (cpu_s(process_id) - used) / options.listeners
    turns = [float(ms) for ms in re.findall(r"a turn took [\d.]+ ms \(([\d.]+) ms of CPU\)", briefd.log())]
    figures["longest_turn_cpu_ms"] = max(turns, default=0)
    listeners.close()
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--briefd", required=True, type=pathlib.Path)
    parser.add_argument("--listeners", type=int, default=5000)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    os.environ["BRIEFD"] = str(options.briefd.resolve())  # read when the module is
    from briefd import Briefd
    with Briefd({"none": "http://127.0.0.1:9/"}) as briefd:
        briefd.start()
        figures = measure(briefd, options)
    print("{listeners} idle listeners: {kb_each:.1f} kB each, {idle_cpu_percent:.2f} % of a processor for all; an event: "
          "{event_cpu_us_each:.1f} us each, longest turn of the loop {longest_turn_cpu_ms:.1f} ms of CPU (0: under 20)".format(**figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
