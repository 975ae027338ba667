#!/usr/bin/env python3
"""run.py [--briefd BINARY] [--listen ADDRESS:PORT]: briefd on sample feeds, without any other network.

Starts the sample feeds (serve.py) and `briefd run` with a database of its own in a temporary folder, prints
where to look, and ends both on Ctrl-C. The briefing, its sections, topics and vendors are those of the
shipped feeds.conf; only the feeds and the pace of polling are the demo's.

--check waits until every feed was asked and every section has a pick (at most --seconds), prints a summary
and exits with 0, or with 1 and the daemon's log.
"""
import argparse
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import serve

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

POLLING = """
polling {
    min_interval = 60s
    max_interval = 1h
    timeout = 20s
    connect_timeout = 5s
    host_pause = 0s
}
"""

# A quoted text, a comment, a brace, or anything else: what decides where a block of feeds.conf ends.
TOKEN = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(\#[^\n]*|//[^\n]*|/\*.*?\*/)|([{}])|(.)""", re.S)
REPLACED = {"feed", "polling", "server", "database"}


def statements(text):
    """The configuration's top-level statements: blocks to their closing brace, settings to their line's end."""
    start, depth = 0, 0
    for token in TOKEN.finditer(text):
        brace, other = token[3], token[4]
        if brace:
            depth += 1 if brace == "{" else -1
        if depth == 0 and (brace == "}" or other == "\n"):
            yield text[start:token.end()]
            start = token.end()
    yield text[start:]


def keyword(statement):
    found = re.match(r"(?:\s|\#[^\n]*\n)*(\w+)", statement)
    return found[1] if found else ""


def configuration(shipped, server, database):
    """feeds.conf with the demo's feeds instead of its own."""
    kept = [part for part in statements(shipped) if keyword(part) not in REPLACED]
    feeds = []
    for feed in server.feeds:
        keys = " ".join(f"{name} = {value}" for name, value in feed.keys.items())
        feeds.append(f'feed "{feed.name}" {{ url = "http://127.0.0.1:{server.port}{feed.path}" {keys} }}\n')
    return "".join(kept) + POLLING + f'database = "{database}"\n' + "".join(feeds)


class Daemon:
    """briefd as a child process, its log read line by line on a thread."""

    def __init__(self, binary, config, listen, echo):
        self.address, self.log, self.echo = None, [], echo
        self.process = subprocess.Popen(
            [str(pathlib.Path(binary).resolve()), "run", "--config", config, "--listen", listen, "--allow", "127.0.0.0/8"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            cwd=pathlib.Path(config).parent)  # an issue published in the demo goes away with it
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.log.append(line)
            found = re.search(r"serves (http://\S+)", line)
            if found:
                self.address = found[1]
            if self.echo:
                print(line, end="", flush=True)

    def alive(self):
        return self.process.poll() is None

    def get(self, path):
        with urllib.request.urlopen(self.address.rstrip("/") + path, timeout=5) as answer:
            return json.load(answer)

    def stop(self):
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(timeout=5)


def wait_for(condition, seconds):
    """The first true value of `condition()`, or None when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            value = condition()
        except (OSError, urllib.error.URLError, ValueError):
            value = None
        if value:
            return value
        time.sleep(0.1)
    return None


def filled(daemon):
    """(draft, feeds) once every feed was asked and every section has a pick."""
    if not daemon.alive():
        raise SystemExit("briefd ended:\n" + "".join(daemon.log))
    if daemon.address is None:
        return None
    draft, feeds = daemon.get("/draft.json"), daemon.get("/api/v1/feeds")["feeds"]
    asked = feeds and all(feed["health"] != "new" for feed in feeds)
    return (draft, feeds) if asked and all(section["picks"] for section in draft["sections"]) else None


def summarise(draft, feeds, seconds):
    print(f"{draft['title']} ({draft['date']}): {draft['count']} picks of {draft['candidates']} candidates "
          f"from {len(feeds)} feeds in {seconds:.1f} s")
    for section in draft["sections"]:
        print(f"  {section['id']:8} {len(section['picks']):3} picked, {len(section['others']):3} more")
    everything = [pick["candidate"] for section in draft["sections"] for pick in section["picks"]]
    everything += [other for section in draft["sections"] for other in section["others"]]
    print(f"  {sum(bool(item['also']) for item in everything)} items were brought by more than one feed")
    for feed in feeds:
        if feed["health"] != "ok":
            print(f"  {feed['name']}: {feed['health']}: {feed.get('message', '')}")


def check(daemon, seconds):
    started = time.monotonic()
    found = wait_for(lambda: filled(daemon), seconds)
    if found is None:
        print(f"the draft was not filled within {seconds} s; the daemon's log:\n" + "".join(daemon.log))
        return 1
    summarise(*found, time.monotonic() - started)
    return 0


def watch(daemon):
    """Until Ctrl-C, or until the daemon ends by itself."""
    if wait_for(lambda: daemon.address or not daemon.alive(), 20) and daemon.address:
        print(f"\nThe editor's desk: {daemon.address}"
              f"\nThe draft: {daemon.address}draft.html  also as {daemon.address}draft.md and .json"
              f"\nThe feeds' health: {daemon.address}api/v1/feeds\nCtrl-C ends the demo.\n", flush=True)
    try:
        while daemon.alive():
            time.sleep(0.5)
        return daemon.process.returncode
    except KeyboardInterrupt:
        return 0


def main():
    parser = argparse.ArgumentParser(description="briefd on sample feeds")
    parser.add_argument("--briefd", default=str(ROOT / "build" / "briefd"), help="the binary")
    parser.add_argument("--config", default=str(ROOT / "feeds.conf"), help="the briefing that the demo borrows")
    parser.add_argument("--listen", help="ADDRESS:PORT; default 127.0.0.1:8080, with --check any free port")
    parser.add_argument("--check", action="store_true", help="wait for a filled draft, print a summary, end")
    parser.add_argument("--seconds", type=float, default=60, help="how long --check waits")
    options = parser.parse_args()
    listen = options.listen or ("127.0.0.1:0" if options.check else "127.0.0.1:8080")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = serve.Server().start()
    with tempfile.TemporaryDirectory(prefix="briefd-demo-") as folder:
        config = pathlib.Path(folder) / "demo.conf"
        shipped = pathlib.Path(options.config).read_text(encoding="utf-8")
        config.write_text(configuration(shipped, server, pathlib.Path(folder) / "demo.sqlite"), encoding="utf-8")
        daemon = Daemon(options.briefd, str(config), listen, echo=not options.check)
        try:
            return check(daemon, options.seconds) if options.check else watch(daemon)
        finally:
            daemon.stop()
            server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
