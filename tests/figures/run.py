#!/usr/bin/env python3
"""run.py --briefd BINARY [--shared DIR]: the figures over the shared test data, as one table.

The data is not part of the project: where DIR (default: ../shared beside the checkout) is absent, every
figure says "skipped" and the exit code is 0. Loopback only; everything it starts it also ends.
"""
import argparse
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from judgement import run_judgement  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORT = "8391"
FEEDS = 200


class Figures:
    def __init__(self):
        self.rows = []

    def add(self, name, value, aim, good):
        self.rows.append((name, value, aim, "ok" if good else "MISSED"))
        print(f"{name:58} {value:>22}   {aim:>16}   {self.rows[-1][3]}", flush=True)

    def exit_code(self):
        return 1 if any(row[3] == "MISSED" for row in self.rows) else 0


def run_corpus(figures, briefd, shared):
    bars = {"spec": 95, "real": 95, "encoding": 85, "illformed": 75}
    done = subprocess.run([sys.executable, shared / "corpus/run_cases.py", briefd,
                           shared / "corpus/open/cases.jsonl"], capture_output=True, text=True)
    for suite, passed, failed in re.findall(r"^(\w+): (\d+) passed, (\d+) failed", done.stdout, re.M):
        share = 100 * int(passed) / (int(passed) + int(failed))
        figures.add(f"corpus {suite}", f"{share:.1f} %", f">= {bars[suite]} %", share >= bars[suite])
    broken = len(re.findall(r"CRASH|TIMEOUT|NON-JSON|SANITIZER", done.stdout))
    figures.add("corpus crashes, hangs, non-JSON", str(broken), "0", broken == 0)


class Origin:
    """nginx over generated feeds; www is a link that is switched between two sets."""

    def __init__(self, shared, folder):
        self.bench, self.folder = shared / "bench", folder
        self.base, self.evolved = folder / "base", folder / "evolved"
        generate = [sys.executable, self.bench / "make_feeds.py"]
        subprocess.run([*generate, str(FEEDS), self.base, "--port", PORT], check=True, capture_output=True)
        subprocess.run([*generate, "evolve", self.base, self.evolved], check=True, capture_output=True)
        self.nginx = folder / "nginx"
        self.nginx.mkdir()
        self.serve(self.base)
        subprocess.run(["bash", self.bench / "nginx.sh", "start", self.nginx, PORT], check=True)

    def serve(self, folder):
        (self.nginx / "www.new").symlink_to(folder)
        (self.nginx / "www.new").rename(self.nginx / "www")

    def statuses(self):
        """Status codes answered since the last call."""
        log = self.nginx / "logs/status.log"
        codes = log.read_text().split()
        log.write_text("")
        return codes

    def stop(self):
        subprocess.run(["bash", self.bench / "nginx.sh", "stop", self.nginx], check=False)


def poll(briefd, folder, urls, *options):
    done = subprocess.run(
        [briefd, "--config", ROOT / "tests/bench/bench.conf", "--database", folder / "figures.sqlite",
         "--allow", "127.0.0.0/8", "--verbose", "poll", "--once", "--all", "--json", "--feeds", urls, *options],
        capture_output=True, text=True, check=True)
    delay = re.search(r"loop delay .*p99 ([\d.]+) ms", done.stderr)
    return json.loads(done.stdout.splitlines()[-1]), float(delay[1])


def item_set(folder):
    import sqlite3
    connection = sqlite3.connect(folder / "figures.sqlite")
    rows = connection.execute("SELECT key FROM item ORDER BY key").fetchall()
    connection.close()
    return rows


def run_polls(figures, briefd, shared, folder):
    origin = Origin(shared, folder)
    try:
        urls = origin.base / "urls.txt"
        expected = json.loads((origin.base / "manifest.json").read_text())["nitems"]
        first, delay = poll(briefd, folder, urls)
        figures.add(f"poll of {FEEDS} feeds: entries stored", f"{first['sightings']}/{expected}", "all",
                    first["sightings"] == expected and first["failed"] == 0)
        figures.add("loop delay p99 meanwhile", f"{delay:.2f} ms", "<= 20 ms", delay <= 20)
        origin.statuses()
        second, _ = poll(briefd, folder, urls)
        codes = origin.statuses()
        figures.add("second poll: bodies transferred", str(codes.count("200")), "0",
                    codes.count("200") == 0 and len(codes) == FEEDS and second["items_new"] == 0)
        origin.serve(origin.evolved)
        third, _ = poll(briefd, folder, urls)
        added = sum(json.loads((origin.evolved / "manifest.json").read_text())["extra"].values())
        figures.add("poll after evolve: new entries", f"{third['sightings_new']}/{added}", "exactly the new",
                    third["sightings_new"] == added)
        run_kills(figures, briefd, folder, urls)
    finally:
        origin.stop()


def forget(folder):
    for file in folder.glob("figures.sqlite*"):
        file.unlink()


def run_kills(figures, briefd, folder, urls):
    forget(folder)
    poll(briefd, folder, urls)
    complete = item_set(folder)
    same = killed = 0
    rounds = 20
    for seed in range(rounds):
        forget(folder)
        process = subprocess.Popen(
            [briefd, "--config", ROOT / "tests/bench/bench.conf", "--database", folder / "figures.sqlite",
             "--allow", "127.0.0.0/8", "poll", "--once", "--all", "--json", "--feeds", urls],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.Random(seed).uniform(0.02, 0.6))  # the moment of the kill is the experiment
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        poll(briefd, folder, urls)
        same += item_set(folder) == complete
    figures.add(f"kill -9 in the middle ({killed} of {rounds} hit), run again: same items", f"{same}/{rounds}", "all",
                same == rounds and killed > 0)


def run_seed(figures, briefd, shared, folder):
    """The skeleton of an issue without items, read into its parts and rendered from them."""
    seed = shared / "briefs/seed-2020-09-12.md"
    issues = folder / "seed"
    issues.mkdir()
    shutil.copy(seed, issues / "2020-09-12.md")
    common = [briefd, "--config", ROOT / "feeds.conf", "--database", folder / "seed.sqlite"]
    subprocess.run([*common, "import-issues", issues], check=True, capture_output=True)
    rendered = subprocess.run([*common, "digest", "--issue", "2020-09-12", "--format", "md"],
                              check=True, capture_output=True).stdout
    wanted = seed.read_bytes()
    other = sum(a != b for a, b in zip(wanted, rendered)) + abs(len(wanted) - len(rendered))
    figures.add("seed issue, bytes that differ", f"{other} of {len(wanted)}", "0", other == 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--briefd", required=True)
    parser.add_argument("--shared", default=os.environ.get("SHARED", ROOT.parent / "shared"))
    options = parser.parse_args()
    shared = pathlib.Path(options.shared).resolve()
    if not shared.is_dir():
        print(f"skipped: there is no shared test data at {shared}")
        return 0
    briefd = pathlib.Path(options.briefd).resolve()
    figures = Figures()
    run_corpus(figures, briefd, shared)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="briefd-figures-"))
    try:
        run_seed(figures, briefd, shared, folder)
        run_judgement(figures, briefd, shared, folder)
        run_polls(figures, briefd, shared, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return figures.exit_code()


if __name__ == "__main__":
    sys.exit(main())
