#!/usr/bin/env python3
"""run.py BRIEFD TEST.mjs [STAGE]: one file of the desk's tests in a browser, against a daemon of its own.

The stage says which feeds it follows: the demo's sample feeds, with "texts" some more (texts.py),
with "evening" the candidates of a whole evening (evening_feeds.py), or with "crowd" twenty thousand stories (crowd.py).

Skipped (77) with a word where Chromium, Node or the test's package is absent; with CI=true that is a failure,
because nobody reads there what a test that passed has skipped. TRIES=1 lets it fail at once.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.error

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "demo"), str(ROOT / "tests" / "desk")]
import crowd  # noqa: E402
import evening_feeds  # noqa: E402
import run as demo  # noqa: E402
import serve  # noqa: E402
import texts  # noqa: E402

SKIPPED = 77
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
TRIES = int(os.environ.get("TRIES", "3"))


def find_browser():
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def missing():
    if not find_browser():
        return "Chromium is not installed"
    if not shutil.which("node"):
        return "Node is not installed"
    if not (ROOT / "web/desk/node_modules/playwright-core").is_dir():
        return "playwright-core is not installed (npm ci in web/desk)"
    return None


class Desk:
    """The daemon on one port and database, stopped and started again as the test asks."""

    def __init__(self, binary, folder, feeds):
        self.binary, self.listen, self.daemon = binary, "127.0.0.1:0", None
        self.config = folder / "desk.conf"
        shipped = (ROOT / "feeds.conf").read_text(encoding="utf-8")
        self.config.write_text(demo.configuration(shipped, feeds, folder / "desk.sqlite"), encoding="utf-8")

    def start(self):
        self.daemon = demo.Daemon(self.binary, str(self.config), self.listen, echo=False)
        if not demo.wait_for(lambda: self.daemon.address and self.daemon.get("/draft.json"), 20):
            raise SystemExit("briefd did not start:\n" + "".join(self.daemon.log))
        self.listen = self.daemon.address.split("//")[1].strip("/")

    def stop(self):
        self.daemon.stop()

    def account(self, name, role):
        """Made beside the running daemon, and known to it when this returns."""
        subprocess.run([self.binary, "user", "add", name, "--role", role, "--config", self.config], check=True,
                       input="correct horse battery staple\n", text=True, stdout=subprocess.DEVNULL, cwd=self.config.parent)
        if not demo.wait_for(self.is_guarded, 20):
            raise SystemExit("the account is not asked for")

    def is_guarded(self):
        try:
            self.daemon.get("/api/v1/me")
        except urllib.error.HTTPError as refused:
            return refused.code == 401
        return False


def converse(desk, browser):
    """Obeys the test's lines; its exit status."""
    for line in browser.stdout:
        order, *words = line.split() or [""]
        if order in ("stop", "start", "account"):
            getattr(desk, order)(*words)
            browser.stdin.write("done\n")
            browser.stdin.flush()
        else:
            print(line, end="", flush=True)
    return browser.wait()


# How each stage is set: its feeds, when it is ready, how many seconds that may take.
STAGES = {
    "demo": (serve.Server, demo.filled, 60),
    "texts": (texts.Server, demo.filled, 60),
    "evening": (lambda: serve.Server(build=evening_feeds.build), demo.filled, 60),
    "crowd": (crowd.Server, crowd.filled, 240),
}


def play(test, server, is_ready, seconds):
    """One run of the file on a stage of its own; its exit status."""
    feeds = server().start()
    with tempfile.TemporaryDirectory(prefix="briefd-desk-") as name:
        desk = Desk(str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(name), feeds)
        try:
            desk.start()
            if not demo.wait_for(lambda: is_ready(desk.daemon), seconds):
                raise SystemExit("the stories were not there in time:\n" + "".join(desk.daemon.log))
            browser = subprocess.Popen(
                ["node", test, f"http://{desk.listen}", find_browser()],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            try:
                return converse(desk, browser)
            finally:
                browser.kill()
        finally:
            if desk.daemon:
                desk.stop()
            feeds.shutdown()


def main():
    reason = missing()
    if reason:
        if os.environ.get("CI") == "true":
            print(f"failed, for with CI=true nothing may be skipped: {reason}")
            return 1
        print(f"skipped: {reason}")
        return SKIPPED
    stage = STAGES[sys.argv[3] if len(sys.argv) > 3 else "demo"]
    for _ in range(TRIES):
        status = play(sys.argv[2], *stage)
        if status == 0:
            break
        print("# a browser on a loaded machine misses a click now and then: once more from the beginning", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
