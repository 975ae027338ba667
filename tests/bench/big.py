#!/usr/bin/env python3
"""big.py --build FOLDER [--items "100000 1000000"] [--feeds 10000] [--json FILE] [--keep FOLDER]: a large newsroom's database.

For each size a database is made (bench_database: items of three years, 40 issues, the search index) and served by the daemon,
whose feeds a private nginx answers. Measured are: from the start to the first answer and to the first draft, memory, a round of
all feeds with 304s, and what the desk asks for. Every time is processor time of the daemon, in milliseconds and the median of
five requests, for on a busy machine the wall says little; the wall is given for the start. The last column is the growth from
the first size to the last. --keep holds the databases for the next time: a million items take ten minutes to make."""
import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support")]
from run import Nginx  # noqa: E402
from feeds import HOSTS  # noqa: E402

START_AIM_S, MEMORY_AIM_MB = 2.0, 256
REQUESTS = 5
FEED = ('<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><link>https://t.example/</link><item><title>One item'
        '</title><link>https://t.example/1</link><pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>')
PAGES = [("inbox page", "/api/v1/stories?limit=50"), ("counts", "/api/v1/counts"), ("draft page", "/draft.json"),
         ("desk's draft", "/api/v1/draft"), ("search", None), ("feeds", "/api/v1/feeds"), ("archive", "/issues.json"), ("log", "/api/v1/log")]


def cpu_ms(process_id):
    fields = pathlib.Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb(process_id):
    return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{process_id}/status").read_text())[1]) / 1024


class Serving:
    def __init__(self, folder, feeds, port):
        www, self.nginx_folder = folder / "load", folder / "nginx"
        (www / "f").mkdir(parents=True)
        self.nginx_folder.mkdir()
        for made in (folder, self.nginx_folder):
            made.chmod(0o755)  # nginx's worker is another user when we are root
        for number in range(feeds):
            (www / f"f/{number:05}.xml").write_text(FEED.replace("t.example/1", f"t.example/{number}"))
        self.urls = [f"http://127.0.1.{1 + n % HOSTS}:{port}/f/{n:05}.xml" for n in range(feeds)]
        self.url_file = folder / "urls.txt"
        self.url_file.write_text("\n".join(self.urls) + "\n")
        self.nginx = Nginx(self.nginx_folder, port)
        self.nginx.serve(www)


def polled(briefd):
    text = briefd.get("/metrics")[2].decode()
    return sum(float(number) for number in re.findall(r"^briefd_polls_total\{[^}]*\} (\S+)", text, re.M))


def measure_round(briefd, feeds, process_id):
    """Processor time of one round of 304s; the first round brings the documents."""
    for _ in range(2):
        before, used = polled(briefd), cpu_ms(process_id)
        briefd.pass_time(2 * 366 * 86400)
        briefd.wait_until(lambda: polled(briefd) >= before + feeds, deadline=600)
    return cpu_ms(process_id) - used


def search_path(briefd):
    """For a word of two characters from a title in the middle."""
    (middle,), = briefd.query("SELECT max(id) / 2 FROM item")
    titles = briefd.query("SELECT title FROM item WHERE id >= ? LIMIT 100", middle)
    word = next(found[0] for title, in titles if (found := re.search("[\u4e00-\u9fff]{2}", title)))
    return "/api/v1/search?q=" + urllib.parse.quote(word)


def measure_page(briefd, path, process_id):
    path, times = path or search_path(briefd), []
    for _ in range(REQUESTS):
        used = cpu_ms(process_id)
        for _ in range(REQUESTS):  # the clock of the kernel ticks every ten milliseconds
            status, _, body = briefd.get(path)
            if status != 200:
                raise SystemExit(f"{path}: {status} {body[:200]!r}")
        times.append((cpu_ms(process_id) - used) / REQUESTS)
    return statistics.median(times)


def publish(briefd, process_id):
    draft, used = briefd.json("/api/v1/draft"), cpu_ms(process_id)
    status, _, body = briefd.get("/api/v1/publish", "POST", {"Content-Type": "application/json"},
                                 json.dumps({"date": draft["date"]}))
    if status >= 300:
        raise SystemExit(f"publish: {status} {body[:300]!r}")
    return cpu_ms(process_id) - used


def measure(briefd, database, serving):
    figures = {}
    begun = time.monotonic()
    briefd.database = database
    briefd.write_config({f"feed {n}": url for n, url in enumerate(serving.urls)})
    briefd.start(wait=False)
    process_id = briefd.process.pid
    briefd.wait_until(lambda: briefd._find_port(-1))
    briefd.wait_until(lambda: briefd.get("/healthz")[0] == 200)
    figures["first answer, s"] = time.monotonic() - begun
    briefd.wait_until(lambda: briefd.get("/draft.json")[0] == 200, deadline=120)
    figures["first draft, s"] = time.monotonic() - begun
    figures["start, ms"] = cpu_ms(process_id)
    figures["memory at the start, MB"] = peak_mb(process_id)
    for name, path in PAGES:
        figures[f"{name}, ms"] = measure_page(briefd, path, process_id)
    figures["publish, ms"] = publish(briefd, process_id)
    figures["round of 304s, ms"] = measure_round(briefd, len(serving.urls), process_id)
    figures["memory at the end, MB"] = peak_mb(process_id)
    return figures


def report(results):
    sizes = list(results)
    print(f"{'':28}" + "".join(f"{size:>12}" for size in sizes) + f"{'growth':>9}")
    for name in results[sizes[0]]:
        values = [results[size][name] for size in sizes]
        growth = values[-1] / values[0] if values[0] > 0 else float("nan")
        print(f"{name:28}" + "".join(f"{value:12.2f}" for value in values) + f"{growth:9.2f}")
    last = results[sizes[-1]]
    print(f"aims at 1,000,000 items: first answer {START_AIM_S} s, memory at the start {MEMORY_AIM_MB} MB"
          + ("" if last["first answer, s"] <= START_AIM_S and last["memory at the start, MB"] <= MEMORY_AIM_MB else ": missed"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--items", default="100000 1000000")
    parser.add_argument("--feeds", type=int, default=10000)
    parser.add_argument("--port", type=int, default=8396)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    os.environ["BRIEFD"] = str((options.build / "briefd").resolve())  # read when the module is
    from briefd import Briefd
    folder = pathlib.Path(tempfile.mkdtemp(prefix="briefd-bench-"))
    kept = options.keep or folder
    results, serving = {}, None
    try:
        serving = Serving(folder, options.feeds, options.port)
        for size in map(int, options.items.split()):
            made = kept / f"items-{size}.sqlite"
            if not made.exists():
                subprocess.run([options.build / "tests/bench_database", made, "--items", str(size), "--feeds", str(options.feeds),
                                "--urls", serving.url_file], check=True, stdout=subprocess.DEVNULL)
            database = folder / "served.sqlite"  # a copy: polls and a published issue change it
            for old in folder.glob("served.sqlite*"):
                old.unlink()
            shutil.copyfile(made, database)
            with Briefd({"none": "http://127.0.0.1:9/"}) as briefd:
                results[size] = measure(briefd, database, serving)
                briefd.stop()
    finally:
        if serving is not None:
            serving.nginx.stop()
        shutil.rmtree(folder, ignore_errors=True)
    report(results)
    if options.json:
        options.json.write_text(json.dumps({str(size): figures for size, figures in results.items()}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
