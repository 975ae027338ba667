#!/usr/bin/env python3
"""run.py --build FOLDER [--feeds 1000] [--sizes "200 1000 2000"] [--rounds 3] [--json FILE] [--load BASE CHANGED]:
how fast the poll path is, and how much memory and disk it takes.

Every time is a ratio to a reference measured in the same round on the same machine: what it costs to fetch the same
URLs (a), to parse the same bytes (b) and to insert their items with a search index (c), see limits.c; the warm poll is
measured by fetching 304s alone. A round is: the references, a cold poll into a new database, a warm one, and one in
which one feed in twenty has changed. CPU is user and system time of the process. The medians of the rounds are
printed with the aim beside them. Loopback only: a private nginx serves generated feeds (feeds.py) from 200 addresses.

--load takes ready-made feeds instead, of one size: two folders with f/*.xml and f/*.xml.gz, the first with urls.txt,
which names the port."""
import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from feeds import HOSTS, Load, feed_bytes

HERE = pathlib.Path(__file__).resolve().parent


class Nginx:
    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        (folder / "tmp").mkdir()
        (folder / "empty").mkdir()
        self.serve(folder / "empty")
        listen = " ".join(f"listen 127.0.1.{1 + n}:{port};" for n in range(HOSTS))
        temporary = "".join(f"{kind}_temp_path {folder}/tmp;" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(
            f"worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;"
            f"events {{ worker_connections 8192; }} http {{ access_log off; default_type application/rss+xml; {temporary}"
            f"gzip_static on; keepalive_requests 1000000; server {{ {listen} root {folder}/www; }} }}")
        self.process = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
        for _ in range(1000):
            if subprocess.run(["curl", "-so/dev/null", f"http://127.0.1.1:{port}/"]).returncode == 0:
                return
            time.sleep(0.02)
        raise SystemExit("nginx did not start")

    def serve(self, root):
        (self.folder / "www.new").symlink_to(root)
        os.rename(self.folder / "www.new", self.folder / "www")

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Pass:
    """One run of a command."""

    def __init__(self, command):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        with tempfile.TemporaryFile("w+") as out:
            process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=subprocess.PIPE, text=True)
            error = process.stderr.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.wall_s = time.monotonic() - started
            self.cpu_s = used.ru_utime + used.ru_stime
            self.peak_mb = used.ru_maxrss / 1024
            out.seek(0)
            self.text = out.read()
        if process.returncode != 0:
            raise SystemExit(f"{command[0]} failed: {error}")


class Limits:
    def __init__(self, build, base, folder):
        self.steps = {}
        program, database = build / "tests/bench_limits", folder / "limits.sqlite"
        for path in folder.glob("limits.sqlite*"):
            path.unlink()
        for arguments in (["transfer", base / "urls.txt"], ["store", base / "f", database]):
            for line in Pass([program, *arguments]).text.splitlines():
                name, wall, cpu = line.split()
                self.steps[name] = (float(wall), float(cpu))
        self.wall_s = sum(self.steps[name][0] for name in ("transfer", "parse", "insert"))
        self.cpu_s = sum(self.steps[name][1] for name in ("transfer", "parse", "insert"))
        self.warm_wall_s, self.warm_cpu_s = self.steps["transfer_304"]


def poll(build, base, database):
    done = Pass([build / "briefd", "--config", HERE / "bench.conf", "--database", database, "--allow", "127.0.0.0/8",
                 "poll", "--once", "--all", "--json", "--feeds", base / "urls.txt"])
    done.summary = json.loads(done.text.splitlines()[-1])
    if done.summary["failed"]:
        raise SystemExit(f"feeds failed: {done.summary}")
    return done


def one_round(build, nginx, base, changed, folder, references=True):
    database = folder / "round.sqlite"
    for path in folder.glob("round.sqlite*"):
        path.unlink()
    nginx.serve(base)
    limits = Limits(build, base, folder) if references else None
    cold = poll(build, base, database)
    feeds = cold.summary["feeds"]
    if cold.summary["ok"] != feeds or cold.summary["sightings"] != cold.summary["sightings_new"]:
        raise SystemExit(f"the cold poll did not store everything: {cold.summary}")
    stored = sum(path.stat().st_size for path in folder.glob("round.sqlite*"))
    warm = poll(build, base, database)
    if warm.summary["not_modified"] != feeds:
        raise SystemExit(f"the warm poll was no warm one: {warm.summary}")
    nginx.serve(changed)
    some = poll(build, base, database)
    if some.summary["sightings_new"] == 0:
        raise SystemExit(f"nothing changed: {some.summary}")
    return {"limits": limits, "cold": cold, "warm": warm, "changed": some, "stored": stored}


def peak_mb(done):
    return max(done[name].peak_mb for name in ("cold", "warm", "changed"))


# What is printed and put into the JSON: name, aim, and the figure of one round.
FIGURES = [
    ("cold CPU / (a+b+c)", 1.3, lambda r: r["cold"].cpu_s / r["limits"].cpu_s),
    ("cold wall until stored and classified / (a+b+c)", 0.75, lambda r: r["cold"].summary["seconds"] / r["limits"].wall_s),
    ("cold wall with the search index / (a+b+c)", None, lambda r: r["cold"].wall_s / r["limits"].wall_s),
    ("warm CPU / 304 transfer", 1.5, lambda r: r["warm"].cpu_s / r["limits"].warm_cpu_s),
    ("warm wall / 304 transfer", None, lambda r: r["warm"].wall_s / r["limits"].warm_wall_s),
    ("5 % changed CPU / warm CPU", 2.0, lambda r: r["changed"].cpu_s / r["warm"].cpu_s),
    ("stored bytes / feed bytes", 1.25, lambda r: r["stored"] / r["feed_bytes"]),
    ("loop delay p99, cold, ms", 10, lambda r: r["cold"].summary["loop_delay_p99_ms"]),
    ("peak RSS, MB", 64, peak_mb),
]


def print_round_table(rounds, feeds):
    print(f"{'':34} {'wall s':>8} {'CPU s':>8} {'us a feed':>10} {'peak MB':>8}")
    steps = [(f"limit: {name}", lambda r, name=name: r["limits"].steps[name] + (None,))
             for name in ("transfer", "parse", "insert", "transfer_304")]
    steps += [(f"briefd: {name}", lambda r, name=name: (r[name].wall_s, r[name].cpu_s, r[name].peak_mb))
              for name in ("cold", "warm", "changed")]
    rows = []
    for name, get in steps:
        wall, cpu = (statistics.median(get(r)[i] for r in rounds) for i in range(2))
        peak = statistics.median(get(r)[2] for r in rounds) if get(rounds[0])[2] else None
        print(f"{name:34} {wall:8.3f} {cpu:8.3f} {1e6 * cpu / feeds:10.0f} {'' if peak is None else f'{peak:8.0f}'}")
        rows.append({"step": name, "wall_s": wall, "cpu_s": cpu, "peak_mb": peak})
    return rows


def report(rounds, feeds, peaks):
    size = rounds[0]["feed_bytes"]
    print(f"\n{feeds} feeds, {size / 1e6:.1f} MB; medians of {len(rounds)} rounds")
    rows = print_round_table(rounds, feeds)
    print(f"\n{'':50} {'median':>8} {'least':>8} {'most':>8} {'aim':>6}")
    figures = []
    for name, aim, get in FIGURES:
        values = [get(r) for r in rounds]
        middle = statistics.median(values)
        print(f"{name:50} {middle:8.2f} {min(values):8.2f} {max(values):8.2f} {'' if aim is None else f'{aim:6.2f}'}"
              f"{'' if aim is None or middle <= aim else '  missed'}")
        figures.append({"figure": name, "aim": aim, "median": middle, "values": values})
    if len(peaks) > 1:
        growth = max(peaks.values()) - min(peaks.values())
        print("peak RSS in MB by feeds: " + ", ".join(f"{n}: {mb:.0f}" for n, mb in sorted(peaks.items())) +
              f"; growth {growth:.0f} (aim 10)")
        figures.append({"figure": "growth of peak RSS, MB", "aim": 10, "median": growth, "values": list(peaks.values())})
    return {"feeds": feeds, "feed_bytes": size, "rounds": len(rounds), "steps": rows, "figures": figures}


def measure(options, folder):
    build = options.build.resolve()
    main_size = options.feeds
    sizes = [main_size] if options.load else sorted({main_size, *map(int, options.sizes.split())})
    port = options.port
    if options.load:
        port = int(re.search(r":(\d+)/", (options.load[0] / "urls.txt").read_text()).group(1))
    nginx = Nginx(folder, port)
    peaks, rounds = {}, []
    try:
        for size in sizes:
            if options.load:
                base, changed = (path.resolve() for path in options.load)
                size = main_size = len((base / "urls.txt").read_text().split())
            else:
                made = Load(folder / f"load-{size}", size, port)
                base, changed = made.base, made.changed
            for _ in range(options.rounds if size == main_size else 1):
                done = one_round(build, nginx, base, changed, folder, size == main_size)
                done["feed_bytes"] = feed_bytes(base)
                peaks[size] = max(peaks.get(size, 0), peak_mb(done))
                if size == main_size:
                    rounds.append(done)
    finally:
        nginx.stop()
    return report(rounds, main_size, peaks)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--sizes", default="200 2000", help="other numbers of feeds, for the memory they take")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=8394)
    parser.add_argument("--load", nargs=2, type=pathlib.Path, metavar=("BASE", "CHANGED"))
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="briefd-bench-"))
    folder.chmod(0o755)  # nginx's worker is another user when we are root
    try:
        result = measure(options, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
