#!/usr/bin/env python3
"""run.py --briefd BINARY [--payloads FILE.jsonl]: what `briefd sanitize` lets through, shown to a real browser.

Every payload goes through `briefd sanitize`; the result is a page of a loopback server, opened in headless Chromium
with scripts on, in a frame of one page that walks through all of them. A page counts as broken when any script of it
runs (every reporting function and alert() are watched, and each element is hovered, focused and clicked), when it
asks to leave, or when the browser asks any other host for anything: the browser's only proxy is this program, and no name
resolves. The same attacks unsanitised are run as a control: a watch that sees nothing there is no watch.

Without Chromium one line says so and the exit code is 0. FILE.jsonl has {"id", "html"} a line."""
import argparse
import http.server
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse

import payloads

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
# What Chromium asks for by itself, whatever it shows.
BROWSERS_OWN = {f"{host}:443" for host in ["accounts.google.com", "clients2.google.com", "update.googleapis.com",
                                           "optimizationguide-pa.googleapis.com", "android.clients.google.com",
                                           "content-autofill.googleapis.com", "safebrowsingohttpgateway.googleapis.com"]}
DEADLINE_S = 600
# In a frame: what reports, and what a visitor does. Links to the web are not followed: leaving by a click is what a
# link is for.
WATCH = """<!DOCTYPE html><meta charset="utf-8"><script>
function hit() { new Image().src = '/hit?case=CASE'; }
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'eval'])
    window[name] = hit;
addEventListener('click', event => {
    const link = event.target.closest && event.target.closest('a[href^="http"], a[href^="mailto"]');
    if (link) event.preventDefault();
}, true);
addEventListener('load', () => {
    for (const element of document.body ? document.body.querySelectorAll('*') : []) {
        for (const type of ['mouseover', 'pointerenter', 'mousedown', 'mouseup', 'mousemove', 'mouseout', 'dblclick',
                            'keydown', 'animationstart', 'toggle'])
            element.dispatchEvent(new Event(type, {bubbles: true}));
        if (element.focus) element.focus();
        if (element.click) element.click();
    }
    setTimeout(() => parent.postMessage('done', '*'), 30);
});
</script><body>
"""
WALK = """<!DOCTYPE html><meta charset="utf-8"><body><script>
async function walk() {
    for (let n = 0; n < COUNT; n++) {
        const frame = document.createElement('iframe');
        const done = new Promise(resolve => {
            onmessage = resolve;
            setTimeout(resolve, 3000);
        });
        frame.src = '/case/' + n;
        document.body.append(frame);
        await done;
        frame.remove();
    }
    fetch('/end');
}
walk();
</script>
"""


class Collector(http.server.ThreadingHTTPServer):
    """Serves the pages, and is the proxy for everything else: whatever arrives is written down."""
    daemon_threads = True

    def __init__(self, pages):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages, self.current = pages, None
        self.hits, self.outside = {}, {}
        self.end = threading.Event()

    def outside_request(self, target):
        if self.current is not None and target not in BROWSERS_OWN:
            self.outside.setdefault(self.current, []).append(target)


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def answer(self, text):
        body = text.encode("utf-8", "surrogatepass")
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self):
        self.server.outside_request(self.path)
        self.send_error(403)

    def do_GET(self):
        server = self.server
        url = urllib.parse.urlsplit(self.path)
        own = f"127.0.0.1:{server.server_address[1]}"
        if url.netloc not in ("", own):
            server.outside_request(self.path)
            self.send_error(403)
        elif url.path == "/":
            self.answer(WALK.replace("COUNT", str(len(server.pages))))
        elif url.path == "/end":
            server.end.set()
            self.answer("")
        elif url.path == "/hit":
            case = int(urllib.parse.parse_qs(url.query)["case"][0])
            server.hits[case] = server.hits.get(case, 0) + 1
            self.answer("")
        elif url.path.removeprefix("/case/").isdigit():
            server.current = int(url.path[len("/case/"):])
            self.answer(WATCH.replace("CASE", str(server.current)) + server.pages[server.current])
        else:
            self.send_error(404)

    do_POST = do_GET


def show(browser, pages):
    """({case: hits}, {case: [outside URL]}) of what the browser did with the pages."""
    collector = Collector(pages)
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    own = f"127.0.0.1:{collector.server_address[1]}"
    with tempfile.TemporaryDirectory(prefix="briefd-xss-", ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={folder}",
             "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--disable-default-apps", "--disable-extensions", "--disable-domain-reliability", 
             "--disable-popup-blocking", "--autoplay-policy=no-user-gesture-required",
             f"--proxy-server=http://{own}", "--proxy-bypass-list=<-loopback>", f"http://{own}/"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if not collector.end.wait(DEADLINE_S):
                raise SystemExit(f"the browser stopped at case {collector.current} of {len(pages)}")
        finally:
            process.terminate()
            process.wait()
            collector.shutdown()
            collector.server_close()
    return collector.hits, collector.outside


def sanitize(briefd, html):
    done = subprocess.run([briefd, "sanitize"], input=html.encode("utf-8", "surrogatepass"), capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def check_harmless(briefd):
    lost = []
    for html, parts in payloads.HARMLESS:
        result = sanitize(briefd, html)
        lost += [f"{part!r} is not in {result!r}" for part in parts if part not in result]
    return lost


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--briefd", required=True)
    parser.add_argument("--payloads")
    options = parser.parse_args()
    briefd = pathlib.Path(options.briefd).resolve()
    lost = check_harmless(briefd)
    for line in lost:
        print("formatting lost:", line)
    print(f"{len(payloads.HARMLESS)} harmless documents, {len(lost)} pieces of formatting lost")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("skipped: there is no Chromium to show the payloads to")
        return 1 if lost else 0
    cases = [(f"{kind} {n}", html) for kind, htmls in payloads.ATTACKS.items() for n, html in enumerate(htmls)]
    hits, outside = show(browser, [html for _, html in cases])
    print(f"control: of {len(cases)} payloads unsanitised {len(hits)} executed, {len(outside)} asked other hosts")
    if len(hits) < len(cases) / 4 or len(outside) < 8:
        print("FAILED: the control saw too little, so the rest would prove nothing")
        return 1
    if options.payloads and pathlib.Path(options.payloads).exists():
        lines = pathlib.Path(options.payloads).read_text(encoding="utf-8").splitlines()
        cases += [(case["id"], case["html"]) for case in map(json.loads, filter(str.strip, lines))]
    pages = [sanitize(briefd, html) for _, html in cases]
    hits, outside = show(browser, pages)
    for number in sorted(hits.keys() | outside.keys()):
        print(f"BROKEN {cases[number][0]}: {cases[number][1][:120]!r} -> {pages[number][:200]!r} {outside.get(number, '')}")
    print(f"{len(cases)} payloads sanitised: {len(hits)} executed, {len(outside)} asked other hosts")
    return 1 if hits or outside or lost else 0


if __name__ == "__main__":
    sys.exit(main())
