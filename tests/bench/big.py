#!/usr/bin/env python3
"""big.py --build FOLDER [--items "100000 1000000"] [--feeds 10000] [--json FILE] [--keep FOLDER]: a large newsroom's database.

For each size a database is made (bench_database: items of three years, 40 issues, the search index) and served by the daemon,
whose feeds a private nginx answers. The daemon is started twice. The first start meets items that other rules have judged, as
after a change of feeds.conf: how long it takes to judge all of them again is proportional to their number, but nobody waits
for it. The second start is that of every day; then come memory, what the desk asks for, a decision and the draft after it,
publishing, rounds of all feeds with 304s and with a new item from one in twenty. Seconds are by the wall, milliseconds are the daemon's
processor time, for on a busy machine the wall says little; of a request the median of five. The last column is the growth
from the first size to the last. --keep holds the databases for the next time: a million items take ten minutes to make."""
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
from usage import cpu_ms, memory_mb  # noqa: E402

START_AIM_S, MEMORY_AIM_MB = 2.0, 256
REQUESTS = 5
CHANGED_EACH = 20  # one feed in so many brings something new in the second round
PATIENCE_S = 1800  # a million items are judged again in one or two minutes, on a busy machine in ten
FEED = ('<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><link>https://t.example/</link>{items}</channel></rss>')
ITEM = ('<item><title>{title}</title><link>https://t.example/{name}</link><pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate></item>')
KEEP = 'keep_items = "0s"\nbackup_keep = 0\n'  # neither removal nor copying shall fall into a measurement
PAGES = [("inbox page", "/api/v1/stories?limit=50"), ("counts", "/api/v1/counts"), ("draft page", "/draft.json"),
         ("desk's draft", "/api/v1/draft"), ("search", None), ("feeds", "/api/v1/feeds"), ("archive", "/issues.json"), ("log", "/api/v1/log")]


def settle(process_id):
    """Until the daemon has nothing to do: three seconds without processor time to speak of. One would do on a machine that
    has nothing else to do."""
    quiet, before = 0, cpu_ms(process_id)
    while quiet < 3:
        time.sleep(1)
        now = cpu_ms(process_id)
        quiet, before = quiet + 1 if now <= before + 20 else 0, now


def feed_text(number, version):
    names = [f"{number}-{n}" for n in range(version, -1, -1)]
    return FEED.format(items="".join(ITEM.format(name=name, title=f"Report {name} of quarter {number * 7919 % 99991}") for name in names))


class Serving:
    def __init__(self, folder, feeds, port):
        www, self.nginx_folder = folder / "load", folder / "nginx"
        (www / "f").mkdir(parents=True)
        self.nginx_folder.mkdir()
        for made in (folder, self.nginx_folder):
            made.chmod(0o755)  # nginx's worker is another user when we are root
        self.www, self.version = www, 0
        self.write(range(feeds))
        self.urls = [f"http://127.0.1.{1 + n % HOSTS}:{port}/f/{n:05}.xml" for n in range(feeds)]
        self.url_file = folder / "urls.txt"
        self.url_file.write_text("\n".join(self.urls) + "\n")
        self.nginx = Nginx(self.nginx_folder, port)
        self.nginx.serve(www)

    def write(self, numbers):
        for number in numbers:
            (self.www / f"f/{number:05}.xml").write_text(feed_text(number, self.version))

    def change(self):
        """One feed in twenty brings one item more."""
        self.version += 1
        self.write(range(0, len(self.urls), CHANGED_EACH))


def polled(briefd):
    text = briefd.get("/metrics")[2].decode()
    return sum(float(number) for number in re.findall(r"^briefd_polls_total\{[^}]*\} (\S+)", text, re.M))


def measure_round(briefd, feeds, process_id):
    """Processor time until all feeds have been asked once more and what they brought is stored."""
    before, used = polled(briefd), cpu_ms(process_id)
    briefd.pass_time(2 * 86400)
    briefd.wait_until(lambda: polled(briefd) >= before + feeds, deadline=PATIENCE_S)
    settle(process_id)
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


def post(briefd, path, body):
    status, _, answer = briefd.get(path, "POST", {"Content-Type": "application/json"}, json.dumps(body))
    if status >= 300:
        raise SystemExit(f"{path}: {status} {answer[:300]!r}")


def measure_decisions(briefd, process_id, figures):
    """Each puts another story into the draft. The second time is from the decision to the draft that shows it, the pause
    in which the daemon waits for more decisions included."""
    stories = [story["id"] for story in briefd.json("/api/v1/stories?limit=50")["stories"][-REQUESTS:]]
    decision, draft, wall = [], [], []
    for story in stories:
        settle(process_id)
        tag, used, begun = briefd.get("/draft.json")[1]["etag"], cpu_ms(process_id), time.monotonic()
        post(briefd, "/api/v1/decisions", {"stories": [{"id": story}], "state": "picked"})
        decision.append(cpu_ms(process_id) - used)
        briefd.wait_until(lambda: briefd.get("/draft.json")[1]["etag"] != tag)
        draft.append(cpu_ms(process_id) - used)
        wall.append(time.monotonic() - begun)
    figures["a decision, ms"] = statistics.median(decision)
    figures["draft after a decision, ms"] = statistics.median(draft)
    figures["draft after a decision, s"] = statistics.median(wall)


def measure_publishing(briefd, process_id):
    draft, used = briefd.json("/api/v1/draft"), cpu_ms(process_id)
    post(briefd, "/api/v1/publish", {"date": draft["date"]})
    return cpu_ms(process_id) - used


def measure_start(briefd, name, figures):
    """From the start of the process to an answer, to the draft in an answer, to being ready; its memory then."""
    begun = time.monotonic()
    briefd.start(wait=False)
    process_id = briefd.process.pid
    for step, path in (("listens", "/healthz"), ("first answer", "/draft.json"), ("ready", "/readyz")):
        briefd.wait_until(lambda path=path: (briefd.port or briefd._find_port(briefd.seen)) and briefd.get(path)[0] == 200,
                          deadline=PATIENCE_S)
        figures[f"{name}: {step}, s"] = time.monotonic() - begun
    figures[f"{name}: ms"] = cpu_ms(process_id)
    figures[f"{name}: memory, MB"] = memory_mb(process_id)
    return process_id


def measure_first_start(briefd, feeds, figures):
    """All items are judged again, and no feed has been asked before."""
    begun = time.monotonic()
    process_id = measure_start(briefd, "new rules", figures)
    briefd.wait_until(lambda: polled(briefd) >= feeds, deadline=PATIENCE_S)
    settle(process_id)
    figures["new rules: all judged, ms"] = cpu_ms(process_id)
    figures["new rules: all judged, s"] = time.monotonic() - begun
    figures["new rules: peak memory, MB"] = memory_mb(process_id, "VmHWM")
    briefd.stop(deadline=PATIENCE_S)


def measure(briefd, database, serving):
    figures, feeds = {}, len(serving.urls)
    briefd.database, briefd.seen = database, -1
    briefd.write_config({f"feed {n}": url for n, url in enumerate(serving.urls)}, KEEP)
    measure_first_start(briefd, feeds, figures)
    briefd.seen = len(briefd.log()) - 1
    process_id = measure_start(briefd, "start", figures)
    settle(process_id)
    for name, path in PAGES:
        figures[f"{name}, ms"] = measure_page(briefd, path, process_id)
    measure_decisions(briefd, process_id, figures)
    figures["publish, ms"] = measure_publishing(briefd, process_id)
    settle(process_id)
    figures["round of 304s, ms"] = measure_round(briefd, feeds, process_id)
    serving.change()
    figures["round, 5 % changed, ms"] = measure_round(briefd, feeds, process_id)
    figures["memory at the end, MB"] = memory_mb(process_id)
    figures["peak memory, MB"] = memory_mb(process_id, "VmHWM")
    return figures


def report(results):
    sizes = list(results)
    print(f"{'':28}" + "".join(f"{size:>12}" for size in sizes) + f"{'growth':>9}")
    for name in results[sizes[0]]:
        values = [results[size][name] for size in sizes]
        growth = values[-1] / values[0] if values[0] > 0 else float("nan")
        print(f"{name:28}" + "".join(f"{value:12.2f}" for value in values) + f"{growth:9.2f}")
    last = results[sizes[-1]]
    print(f"aims at 1,000,000 items: first answer {START_AIM_S} s, memory {MEMORY_AIM_MB} MB"
          + ("" if last["start: first answer, s"] <= START_AIM_S and last["start: memory, MB"] <= MEMORY_AIM_MB else ": missed"))


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
                briefd.verifies = False  # it reads all there is, which takes minutes
                results[size] = measure(briefd, database, serving)
                briefd.stop(deadline=PATIENCE_S)
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
