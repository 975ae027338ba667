#!/usr/bin/env python3
"""serve.py --briefd BINARY [--seconds 5] [--rounds 3] [--json FILE]: /draft.json under 64 keep-alive connections.

The reference is nginx with one worker, sending the same bytes under the same load in the same round. The servers take
turns, and wrk is the client of both. Requests a second and the 99th percentile are wrk's; CPU is user + system time of
the serving process, which tells more than the wall on a machine where the client has to share its cores. The medians
of the rounds are printed."""
import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from usage import cpu_s  # noqa: E402

CONNECTIONS = 64
RATE_AIM, P99_AIM = 0.6, 2.0
UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


class Nginx:
    """One worker that serves `body` as /draft.json, as the process itself."""

    def __init__(self, body, kind):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="briefd-bench-"))
        self.folder.chmod(0o755)  # its worker is another user when we are root
        (self.folder / "www").mkdir()
        (self.folder / "tmp").mkdir()
        (self.folder / "www/draft.json").write_bytes(body)
        self.port = free_port()
        temporary = " ".join(f"{name}_temp_path {self.folder}/tmp;"
                             for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"master_process off; pid {self.folder}/pid; error_log {self.folder}/error.log; daemon off;"
            "events { worker_connections 4096; }"
            f"http {{ access_log off; types {{ {kind} json; }} sendfile on; tcp_nodelay on; open_file_cache max=16; {temporary}"
            "keepalive_requests 100000000; etag on;"
            f"server {{ listen 127.0.0.1:{self.port} backlog=1024; root {self.folder}/www; }} }}")
        self.process = subprocess.Popen(["nginx", "-p", self.folder, "-c", self.folder / "nginx.conf",
                                         "-e", self.folder / "error.log"])

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def load(port, process_id, seconds):
    """{"rate", "p99_ms", "cpu_us" a request} of one run of wrk."""
    before = cpu_s(process_id)
    done = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency",
                           f"http://127.0.0.1:{port}/draft.json"], capture_output=True, text=True, check=True)
    used = cpu_s(process_id) - before
    if re.search(r"Non-2xx|Socket errors", done.stdout):
        raise SystemExit(f"not every request was answered:\n{done.stdout}")
    requests = int(re.search(r"(\d+) requests in", done.stdout)[1])
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", done.stdout).groups()
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])
    return {"rate": rate, "p99_ms": float(number) * UNITS_MS[unit], "cpu_us": 1e6 * used / requests}


def reachable(port):
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("nginx did not start")


def measure(briefd, options):
    _, headers, body = briefd.get("/draft.json")
    nginx = Nginx(body, headers["content-type"])
    rounds = []
    try:
        reachable(nginx.port)
        for _ in range(options.rounds):
            rounds.append({"nginx": load(nginx.port, nginx.process.pid, options.seconds),
                           "briefd": load(briefd.port, briefd.process.pid, options.seconds)})
    finally:
        nginx.stop()
    return len(body), rounds


def report(size, rounds):
    print(f"/draft.json, {size} bytes, {CONNECTIONS} connections; medians of {len(rounds)} rounds")
    print(f"{'':8} {'requests/s':>12} {'p99 ms':>8} {'CPU us a request':>18}")
    for name in ("nginx", "briefd"):
        rate, p99, cpu = (statistics.median(r[name][key] for r in rounds) for key in ("rate", "p99_ms", "cpu_us"))
        print(f"{name:8} {rate:12.0f} {p99:8.2f} {cpu:18.1f}")
    ratios = {key: statistics.median(r["briefd"][key] / r["nginx"][key] for r in rounds)
              for key in ("rate", "p99_ms", "cpu_us")}
    print(f"ratio to nginx: requests/s {ratios['rate']:.2f} (aim {RATE_AIM}), p99 {ratios['p99_ms']:.2f} (aim {P99_AIM}), "
          f"CPU {ratios['cpu_us']:.2f}")
    return ratios


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--briefd", required=True, type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json")
    options = parser.parse_args()
    os.environ["BRIEFD"] = str(options.briefd.resolve())  # read when the module is
    from briefd import Briefd
    from origin import Origin, feed
    with Origin() as origin:
        origin.set("/f.xml", feed(30, title="源"))
        with Briefd({"a": origin.url("/f.xml")}) as briefd:
            briefd.start()
            briefd.wait_until(lambda: briefd.json("/draft.json")["count"] > 0)
            size, rounds = measure(briefd, options)
    ratios = report(size, rounds)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({"bytes": size, "ratios": ratios, "rounds": rounds}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
