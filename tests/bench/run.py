#!/usr/bin/env python3
"""run.py --briefd BINARY [--feeds 500] [--rounds 3] [--json FILE]: how fast the poll path is.

Every figure is a ratio to a reference measured in the same round on the same machine: the same URLs fetched by
curl (transfer and inflate only) and the same files read by xmllint's streaming reader (parse only). CPU is user +
system time of the process with its children; the medians of the rounds are printed. Loopback only: a private nginx
serves generated feeds from 50 loopback addresses, so that connections are shared no more than in life."""
import argparse
import gzip
import json
import pathlib
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ADDRESSES = 50
ITEMS = 30
WORDS = {
    "en": "quantized kernel for the mobile NPU reaches twice the throughput of its predecessor at half the power "
          "while a compiler backend fuses operators and prunes channels on Arm devices with int8 weights".split(),
    "zh": "端侧 模型 量化 推理 芯片 发布 算力 功耗 编译器 优化 开源 框架 训练 部署 精度 剪枝 加速 内核 手机 厂商".split(),
}


def sentence(chance, language, count):
    words = chance.choices(WORDS[language], k=count)
    return "".join(words) + "。" if language == "zh" else " ".join(words).capitalize() + ". "


def make_feed(number, changed):
    """An RSS document of about 40 kB; `changed` puts two new items on top."""
    chance = random.Random(number)
    language = "zh" if number % 3 == 0 else "en"
    items = []
    for item in range(ITEMS):
        title = sentence(chance, language, 9).strip()
        body = "".join(f"<p>{sentence(chance, language, 40)}</p>" for _ in range(3))
        items.append(f"<item><title>{title}</title><link>https://f{number}.example/{item}?utm_source=rss</link>"
                     f"<guid>{number}-{item}</guid><pubDate>Fri, 20 Nov 2026 {item % 24:02}:00:00 GMT</pubDate>"
                     f"<description><![CDATA[{body}]]></description></item>")
    extra = [f"<item><title>New {number} {n}</title><link>https://f{number}.example/new/{n}</link></item>"
             for n in range(2 if changed else 0)]
    return (f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Feed {number}</title>'
            f"<link>https://f{number}.example/</link>{''.join(extra + items)}</channel></rss>").encode()


class Origin:
    def __init__(self, folder, feeds, port):
        self.folder, self.feeds, self.port = folder, feeds, port
        (folder / "www").mkdir()
        (folder / "tmp").mkdir()
        self.bytes = sum(self.write(n, False) for n in range(feeds))
        self.urls = folder / "urls.txt"
        self.urls.write_text("".join(f"http://127.0.1.{1 + n % ADDRESSES}:{port}/{n}.xml\n" for n in range(feeds)))
        listen = " ".join(f"listen 127.0.1.{1 + n}:{port};" for n in range(ADDRESSES))
        (folder / "nginx.conf").write_text(
            f"worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;"
            "events { worker_connections 4096; } http { access_log off; default_type application/rss+xml;"
            f"client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;"
            f"uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp; gzip_static on; keepalive_requests 1000000;"
            f"server {{ {listen} root {folder}/www; }} }}")
        self.process = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
        self.wait()

    def wait(self):
        for _ in range(500):
            if subprocess.run(["curl", "-so/dev/null", f"http://127.0.1.1:{self.port}/0.xml"]).returncode == 0:
                return
            time.sleep(0.02)
        raise SystemExit("nginx did not start")

    def write(self, number, changed):
        data = make_feed(number, changed)
        path = self.folder / "www" / f"{number}.xml"
        path.write_bytes(data)
        path.with_suffix(".xml.gz").write_bytes(gzip.compress(data, 6))
        return len(data)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def measure(command, **how):
    """(wall seconds, CPU seconds, peak RSS in MB, standard output)"""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(["/usr/bin/env", *command], capture_output=True, text=True, check=True, **how)
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, after.ru_maxrss / 1024, done.stdout


def curl_config(origin):
    config = origin.folder / "curl.txt"
    config.write_text("".join(f'url = "{url}"\noutput = "/dev/null"\n' for url in origin.urls.read_text().split()))
    return ["curl", "-s", "--parallel", "--parallel-max", "64", "--compressed", "-K", config]


def one_round(briefd, origin, number):
    database = origin.folder / f"round{number}.sqlite"
    poll = [briefd, "--config", HERE / "bench.conf", "--database", database, "--allow", "127.0.0.0/8", "poll", "--once",
            "--all", "--json", "--feeds", origin.urls]
    for feed in range(0, origin.feeds, 20):
        origin.write(feed, False)
    result = {"transfer": measure(curl_config(origin))[:2]}
    files = [str(origin.folder / "www" / f"{n}.xml") for n in range(origin.feeds)]
    result["parse"] = measure(["xmllint", "--stream", *files])[:2]
    wall, cpu, peak, out = measure(poll)
    summary = json.loads(out.splitlines()[-1])
    if summary["sightings"] != origin.feeds * ITEMS or summary["failed"]:
        raise SystemExit(f"the poll did not store everything: {summary}")
    result["cold"], result["peak_mb"] = (wall, cpu), peak
    result["warm"] = measure(poll)[:2]
    for feed in range(0, origin.feeds, 20):
        origin.write(feed, True)
    wall, cpu, _, out = measure(poll)
    if json.loads(out.splitlines()[-1])["sightings_new"] != 2 * len(range(0, origin.feeds, 20)):
        raise SystemExit(f"the poll of changed feeds stored {out}")
    result["changed"] = (wall, cpu)
    result["stored_mb"] = sum(f.stat().st_size for f in origin.folder.glob(database.name + "*")) / 1e6
    return result


def report(rounds, origin):
    def median(name, at):
        return statistics.median(r[name][at] for r in rounds)

    rows = []
    for name, about in [("transfer", "curl: transfer and inflate"), ("parse", "xmllint --stream: parse"),
                        ("cold", "briefd, everything new"), ("warm", "briefd, all 304"),
                        ("changed", "briefd, 5 % changed")]:
        ratio = statistics.median(r[name][1] / (r["transfer"][1] + r["parse"][1]) for r in rounds)
        rows.append({"what": about, "wall_s": median(name, 0), "cpu_s": median(name, 1),
                     "cpu_per_feed_us": 1e6 * median(name, 1) / origin.feeds, "cpu_ratio": ratio})
    print(f"{origin.feeds} feeds, {ITEMS} items each, {origin.bytes / 1e6:.1f} MB; medians of {len(rounds)} rounds")
    print(f"{'':28} {'wall s':>8} {'CPU s':>8} {'us a feed':>10} {'CPU / (transfer + parse)':>26}")
    for row in rows:
        print(f"{row['what']:28} {row['wall_s']:8.3f} {row['cpu_s']:8.3f} {row['cpu_per_feed_us']:10.0f} "
              f"{row['cpu_ratio']:26.2f}")
    stored = statistics.median(r["stored_mb"] for r in rounds) / (origin.bytes / 1e6)
    peak = max(r["peak_mb"] for r in rounds)
    print(f"stored bytes / feed bytes {stored:.2f}; peak RSS {peak:.0f} MB")
    return {"feeds": origin.feeds, "rows": rows, "stored_ratio": stored, "peak_rss_mb": peak}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--briefd", required=True)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=8394)
    parser.add_argument("--json")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="briefd-bench-"))
    folder.chmod(0o755)  # nginx's worker is another user when we are root
    origin = Origin(folder, options.feeds, options.port)
    try:
        briefd = pathlib.Path(options.briefd).resolve()
        result = report([one_round(briefd, origin, n) for n in range(options.rounds)], origin)
        if options.json:
            pathlib.Path(options.json).write_text(json.dumps(result, indent=1) + "\n")
    finally:
        origin.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
