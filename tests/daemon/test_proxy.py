"""briefd behind a real nginx with the recipe of docs/proxy, under a path prefix.

nginx is run from the recipe as it stands in the repository, with two words changed: the port of the daemon and
the socket it listens on, which it inherits from the test, so that no port is taken between looking and binding.
"""
import html.parser
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd, DEADLINE_S  # noqa: E402
from origin import Origin, feed  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
CONFIG = """
daemon off;
worker_processes 1;
{user}
pid {folder}/pid;
error_log stderr;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {recipe}
    }}
}}
"""


class Links(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("href", "src") and value]


@unittest.skipIf(NGINX is None, "nginx is not installed")
class Proxy(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())
        self.origin.set("/f", feed(3, title="f"))
        self.briefd = self.enterContext(Briefd({"a": self.origin.url("/f")}))
        with open(self.briefd.config, "a", encoding="utf-8") as config:
            config.write('server { base_path = "/briefing" proxies = { "127.0.0.1" } }\n')
        self.briefd.start("--verbose")
        self.briefd.wait_until(lambda: self.briefd.json("/draft.json")["count"] == 3)
        self.start_nginx()

    def start_nginx(self):
        listening = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        self.port = listening.getsockname()[1]
        recipe = (ROOT / "docs/proxy/nginx.conf").read_text(encoding="utf-8")
        recipe = recipe.replace("127.0.0.1:8080", f"127.0.0.1:{self.briefd.port}")
        config = self.briefd.folder / "nginx.conf"
        config.write_text(CONFIG.format(folder=self.briefd.folder, user="user root;" if os.geteuid() == 0 else "", port=self.port, recipe=recipe))
        log = self.enterContext(open(self.briefd.folder / "nginx.log", "wb"))
        process = subprocess.Popen([NGINX, "-p", self.briefd.folder, "-e", "stderr", "-c", config], stderr=log,
                                   env={**os.environ, "NGINX": f"{listening.fileno()};"},
                                   pass_fds=[listening.fileno()])
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)  # not kill: its worker would outlive it

    def ask(self, path, method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_S)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def test_every_link_of_every_page_stays_under_the_prefix_and_leads_somewhere(self):
        seen, waiting = set(), ["/briefing/", "/briefing/plain", "/briefing/desk/", "/briefing/desk/draft",
                                "/briefing/issues", "/briefing/issues/", "/briefing/draft.wechat.html"]
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            status, headers, body = self.ask(path)
            if status == 404 and path.startswith("/briefing/desk/"):
                continue  # built without the desk
            if status in (301, 303, 308):
                waiting.append(urllib.parse.urljoin(path, urllib.parse.urlparse(headers["location"]).path))
                continue
            self.assertEqual(status, 200, path)
            if not headers["content-type"].startswith("text/html"):
                continue
            for link in Links(body.decode()).found:
                target = urllib.parse.urlparse(urllib.parse.urljoin(path, link))
                if target.netloc == "":
                    self.assertTrue(target.path.startswith("/briefing/"), f"{link} of {path}")
                    waiting.append(target.path)
        self.assertTrue({"/briefing/draft.md", "/briefing/wechat.js", "/briefing/issues.atom"} <= seen, seen)

    def test_the_prefix_without_a_slash_leads_to_the_page(self):
        status, headers, _ = self.ask("/briefing")
        self.assertEqual((status, urllib.parse.urlparse(headers["location"]).path), (301, "/briefing/"))

    def test_events_come_through_at_once_and_a_change_made_through_the_proxy_is_one_of_them(self):
        stream = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_S)
        self.addCleanup(stream.close)
        stream.request("GET", "/briefing/api/v1/events")
        answer = stream.getresponse()
        while not answer.readline().startswith(b"event: hello"):
            pass
        body = json.dumps({"section": "news", "title": "手写", "url": "https://x.example/"})
        status, _, said = self.ask("/briefing/api/v1/picks", "POST", {
            "Content-Type": "application/json", "Origin": f"http://127.0.0.1:{self.port}",
            "Sec-Fetch-Site": "same-origin"}, body)
        self.assertEqual(status, 201, said)
        while not answer.readline().startswith(b"event: decision"):
            pass

    def test_another_site_s_page_is_refused_through_the_proxy_too(self):
        status, _, _ = self.ask("/briefing/api/v1/picks", "POST", {
            "Content-Type": "application/json", "Origin": "https://evil.example"}, "{}")
        self.assertEqual(status, 403)

    def clients(self, mark):
        pattern = re.compile(rf"http: GET /{mark}: 404, for (\S+) over (.+)")
        return self.briefd.wait_until(lambda: pattern.findall(self.briefd.log()))

    def test_the_client_is_who_the_proxy_says_and_nobody_who_claims_more(self):
        self.ask("/briefing/first", headers={"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"})
        # nginx appends its own client, which is a trusted address here: the next one counts
        self.assertEqual(self.clients("first"), [("203.0.113.7", "plain TCP")])
        self.ask("/briefing/second", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.7"})
        self.assertEqual(self.clients("second"), [("203.0.113.7", "plain TCP")])

    def test_without_configured_proxies_nobody_is_believed(self):
        text = self.briefd.config.read_text(encoding="utf-8")
        self.briefd.config.write_text(text.replace('proxies = { "127.0.0.1" }', 'proxies = { "192.0.2.1" }'))
        self.briefd.signal(1)
        self.briefd.wait_until(lambda: "anew" in self.briefd.log())
        self.ask("/briefing/third", headers={"X-Forwarded-For": "203.0.113.7"})
        self.assertEqual(self.clients("third"), [("127.0.0.1", "plain TCP")])
        self.briefd.get("/fourth", headers={"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"})
        self.assertEqual(self.clients("fourth"), [("127.0.0.1", "plain TCP")])

    def test_a_trusted_proxy_s_word_for_tls_is_taken(self):
        self.briefd.get("/fifth", headers={"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"})
        self.assertEqual(self.clients("fifth"), [("203.0.113.7", "TLS")])


if __name__ == "__main__":
    unittest.main()
