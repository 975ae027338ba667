"""The daemon as an object: its own folder, database, port, log and configuration.

    with Briefd(feeds={"a": origin.url("/ok")}) as daemon:
        daemon.start()
        daemon.wait_until(lambda: daemon.json("/draft.json")["count"] == 3)

Nothing here sleeps for a fixed time: every wait has a condition and a deadline. The binary is $BRIEFD.
"""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import time

BINARY = os.environ.get("BRIEFD", "build/briefd")
DEADLINE_S = 30.0

CONFIG = """
briefing {{
    title = "测试简报"
    tagline = "只为测试"
    interval = "{interval}"
    {briefing}
}}
section "brief" {{ title = "热身" form = "oneline" overflow_of = "news" limit = 3 }}
section "news" {{
    title = "业界新闻" short_title = "新闻" fallback = true limit = 5
}}
section "papers" {{
    title = "论文" form = "paper"
    rule "arxiv" {{ final = true keywords = {{ "url:arxiv.org" }} }}
}}
section "oss" {{
    title = "开源项目" short_title = "开源" form = "project"
    rule "github" {{ final = true keywords = {{ "url:github.com" }} }}
}}
topic "quantization" {{ weight = 3 keywords = {{ "量化", "quantiz*" }} }}
vendor "英伟达" {{ aliases = {{ "NVIDIA" }} }}
polling {{
    min_interval = "60s"
    host_pause = "0s"
    timeout = "{timeout}"
    connect_timeout = "2s"
    max_bytes = "2M"
    max_redirects = 4
    concurrency = 16
    {polling}
}}
{feeds}
"""


class Briefd:
    def __init__(self, feeds, briefing="", timeout="5s", options=(), polling="", interval="366d"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="briefd-test-"))
        self.config = self.folder / "feeds.conf"
        self.database = self.folder / "briefd.sqlite"
        self.log_path = self.folder / "log"
        self.clock = self.folder / "clock"
        self.clock.write_bytes(struct.pack("=qq", 0, 0))
        self.options = ["--clock", self.clock, *options]
        self.briefing, self.timeout, self.polling, self.interval = briefing, timeout, polling, interval
        self.launch = {}  # for Popen, beside what start() gives it
        self.launcher = []  # words before the program's
        self.process = None
        self.port = None
        self.verifies = True  # whatever a test did, the database is whole afterwards; False: it broke it
        self.write_config(feeds)

    def __enter__(self):
        return self

    def __exit__(self, error, *_):
        try:
            if self.process is not None and self.process.poll() is None:
                self._end()
            if error is None and self.verifies and self.database.exists():
                self.command("verify")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self):
        """At once; or, where lines are counted, so that it can write down which it ran."""
        if os.environ.get("COUNTS_LINES"):
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(timeout=DEADLINE_S)
                return
            except subprocess.TimeoutExpired:
                pass
        self.process.kill()
        self.process.wait()

    # ---- configuration ----

    def write_config(self, feeds, extra=""):
        """`feeds` maps names to URLs, or to (URL, "more keys")."""
        lines = []
        for name, value in feeds.items():
            url, more = value if isinstance(value, tuple) else (value, "")
            lines.append(f'feed "{name}" {{ url = "{url}" {more} }}')
        self.config.write_text(CONFIG.format(feeds="\n".join(lines), briefing=self.briefing,
                                             timeout=self.timeout, polling=self.polling,
                                             interval=self.interval) + extra, encoding="utf-8")

    # ---- time ----

    def now(self):
        """The time as the daemon sees it."""
        return time.time() + sum(self._offsets_ms()) / 1000

    def _offsets_ms(self):
        return struct.unpack("=qq", self.clock.read_bytes())

    def _write_offset(self, place, milliseconds):
        with open(self.clock, "r+b") as file:  # in place: the file is mapped
            file.seek(8 * place)
            file.write(struct.pack("=q", milliseconds))

    def pass_time(self, seconds):
        """Move the clock of the daemon and of all commands forward; they notice at once."""
        self._write_offset(0, self._offsets_ms()[0] + round(seconds * 1000))

    def set_clock(self, seconds):
        """Somebody sets the wall clock, ahead or back; no time passes."""
        self._write_offset(1, self._offsets_ms()[1] + round(seconds * 1000))

    # ---- commands ----

    def command(self, *words, check=True, stdin=None, timeout=DEADLINE_S):
        """Run a command of the binary on this folder; the CompletedProcess."""
        done = subprocess.run(
            [BINARY, "--config", self.config, "--database", self.database, "--allow", "127.0.0.0/8",
             *self.options, *words], capture_output=True, text=True, input=stdin, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"{words} exited with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done

    def poll(self, *words, **how):
        """`poll --once --all --json`; the summary."""
        done = self.command("poll", "--once", "--all", "--json", *words, **how)
        return json.loads(done.stdout.strip().splitlines()[-1])

    # ---- the daemon ----

    def start(self, *options, wait=True):
        self.port = None
        log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [*self.launcher, BINARY, "run", "--config", self.config, "--database", self.database, "--listen",
             "127.0.0.1:0", "--allow", "127.0.0.0/8", *self.options, *options],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, **self.launch)
        log.close()
        if wait:
            start = self.log().rfind("serves http://")  # of an earlier run
            self.wait_until(lambda: self._find_port(start))
            self.wait_until(lambda: self.get("/readyz")[0] == 200)  # the first draft is rendered
        return self

    def _find_port(self, after):
        if self.process.poll() is not None:
            raise AssertionError(f"the daemon ended with {self.process.returncode}:\n{self.log()}")
        log = self.log()
        found = [m for m in re.finditer(r"serves http://127\.0\.0\.1:(\d+)/", log) if m.start() > after]
        if found:
            self.port = int(found[-1][1])
        return bool(found)

    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self, deadline=DEADLINE_S):
        """SIGTERM; the seconds it took. Fails unless the daemon ends with 0."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=deadline)
        if code != 0:
            raise AssertionError(f"the daemon ended with {code}:\n{self.log()}")
        return time.monotonic() - started

    def kill(self):
        self.process.kill()
        self.process.wait()

    def wait_until(self, condition, deadline=DEADLINE_S):
        """Look until `condition()` is true; its value. Errors of a connection count as not yet."""
        end = time.monotonic() + deadline
        while True:
            try:
                value = condition()
                if value:
                    return value
                seen = value
            except (OSError, http.client.HTTPException, ValueError) as error:
                seen = error
            if time.monotonic() > end:
                raise AssertionError(f"not within {deadline} s; last seen {seen!r}; the log:\n{self.log()}")
            time.sleep(0.01)

    # ---- HTTP ----

    def get(self, path, method="GET", headers=None, body=None):
        """(status, headers with lower-case names, body bytes)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_S)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        finally:
            connection.close()

    def json(self, path):
        status, _, body = self.get(path)
        if status != 200:
            raise ValueError(f"{path}: {status} {body[:200]!r}")
        return json.loads(body)

    def feed(self, name):
        """The health of one feed from /api/v1/feeds."""
        feeds = {feed["name"]: feed for feed in self.json("/api/v1/feeds")["feeds"]}
        if name not in feeds:
            raise ValueError(f"there is no feed {name} among {list(feeds)}")
        return feeds[name]

    # ---- what is stored ----

    def query(self, sql, *values):
        """Rows of a query on the database file, for invariants that no answer shows."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()
