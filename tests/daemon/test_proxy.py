"""briefd behind a real nginx and a real Caddy, each with its recipe of docs/proxy, under a path prefix.

A recipe is run as it stands in the repository but for the port of the daemon. No port is taken between looking
and binding: nginx inherits the socket it listens on, Caddy binds port 0 and is asked of the kernel.
"""
import html.parser
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd, DEADLINE_S  # noqa: E402
from origin import Origin, feed  # noqa: E402
from visitor import PASSWORD, Visitor, add_account, add_token  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = "news.example.org"  # the recipes'
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
NGINX_CONFIG = """
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
CADDY = shutil.which("caddy")
CADDY_CONFIG = """
{
    admin off
    auto_https disable_redirects
    local_certs
    skip_install_trust
    https_port 0
    default_bind 127.0.0.1
}
"""
SERVER = f'''
server {{ base_path = "/briefing" proxies = {{ "127.0.0.1" }} names = {{ "{NAME}" }} }}
'''


def listening_port(pid):
    """The TCP port of 127.0.0.1 that a process listens on; None before it does."""
    sockets = set()
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            sockets.add(os.readlink(entry))
        except FileNotFoundError:  # closed meanwhile
            continue
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        address, _, port = words[1].partition(":")
        if words[3] == "0A" and address == "0100007F" and f"socket:[{words[9]}]" in sockets:
            return int(port, 16)
    return None


class TlsConnection(http.client.HTTPConnection):
    """To 127.0.0.1, as to NAME; whose certificate it is does not matter here."""

    def connect(self):
        super().connect()
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.sock = context.wrap_socket(self.sock, server_hostname=NAME)


class Links(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("href", "src") and value]


class Behind:
    """What holds behind either; a case says how its proxy is started, and speaks `scheme`."""

    def setUp(self):
        self.origin = self.enterContext(Origin())
        self.origin.set("/f", feed(3, title="f"))
        self.briefd = self.enterContext(Briefd({"a": self.origin.url("/f")}))
        with open(self.briefd.config, "a", encoding="utf-8") as config:
            config.write(SERVER)
        add_account(self.briefd, "ada")
        ada = Visitor(self.briefd, token=add_token(self.briefd, "ada", "admin"))
        self.mine = ada.headers({"Host": NAME})
        self.briefd.start("--verbose")
        self.briefd.wait_until(lambda: ada.json("/draft.json")["count"] == 3)
        self.start_proxy()

    def recipe(self, name):
        text = (ROOT / "docs/proxy" / name).read_text(encoding="utf-8")
        self.assertIn("127.0.0.1:8080", text)
        return text.replace("127.0.0.1:8080", f"127.0.0.1:{self.briefd.port}")

    def run_proxy(self, *words, **how):
        log = self.enterContext(open(self.briefd.folder / "proxy.log", "wb"))
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **how)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)  # not kill: a worker would outlive it
        return process

    def connect(self):
        kind = TlsConnection if self.scheme == "https" else http.client.HTTPConnection
        connection = kind("127.0.0.1", self.port, timeout=DEADLINE_S)
        self.addCleanup(connection.close)
        return connection

    def ask(self, path, method="GET", headers=None, body=None):
        connection = self.connect()
        connection.request(method, path, body=body, headers=self.mine | (headers or {}))
        answer = connection.getresponse()
        told = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        connection.close()
        return told

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
            if status in (301, 302, 303, 308):
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
        self.assertEqual((status, urllib.parse.urlparse(headers["location"]).path), (self.moved, "/briefing/"))

    def test_events_come_through_at_once_and_a_change_made_through_the_proxy_is_one_of_them(self):
        stream = self.connect()
        stream.request("GET", "/briefing/api/v1/events", headers=self.mine)
        answer = stream.getresponse()
        while not answer.readline().startswith(b"event: hello"):
            pass
        body = json.dumps({"section": "news", "title": "手写", "url": "https://x.example/"})
        status, _, said = self.ask("/briefing/api/v1/picks", "POST", {
            "Content-Type": "application/json", "Origin": f"{self.scheme}://{NAME}",
            "Sec-Fetch-Site": "same-origin"}, body)
        self.assertEqual(status, 201, said)
        while not answer.readline().startswith(b"event: decision"):
            pass

    def test_another_site_s_page_is_refused_through_the_proxy_too(self):
        status, _, _ = self.ask("/briefing/api/v1/picks", "POST", {
            "Content-Type": "application/json", "Origin": "https://evil.example"}, "{}")
        self.assertEqual(status, 403)

    def test_a_login_leads_back_under_the_prefix_and_its_cookie_is_secure_behind_tls(self):
        self.mine = {"Host": NAME}
        status, headers, _ = self.ask("/briefing/issues/", headers={"Accept": "text/html"})
        where = urllib.parse.urlparse(headers["location"])
        self.assertEqual((status, where.path), (303, "/briefing/login"))
        form = urllib.parse.parse_qs(where.query) | {"name": "ada", "password": PASSWORD}
        status, headers, page = self.ask("/briefing/login", "POST", {
            "Content-Type": "application/x-www-form-urlencoded", "Origin": f"{self.scheme}://{NAME}"},
            urllib.parse.urlencode(form, doseq=True))
        self.assertEqual((status, urllib.parse.urlparse(headers["location"]).path), (303, "/briefing/issues/"), page)
        cookie, *attributes = headers["set-cookie"].split("; ")
        self.assertEqual(cookie.split("=")[0], "__Host-briefd" if self.scheme == "https" else "briefd")
        self.assertEqual("Secure" in attributes, self.scheme == "https")
        self.assertEqual(self.ask("/briefing/issues/", headers={"Cookie": cookie})[0], 200)

    def clients(self, mark):
        pattern = re.compile(rf"http: GET /{mark}: 404, for (\S+) over (.+)")
        return self.briefd.wait_until(lambda: pattern.findall(self.briefd.log()))


@unittest.skipIf(NGINX is None, "nginx is not installed")
class Nginx(Behind, unittest.TestCase):
    scheme, moved = "http", 301

    def start_proxy(self):
        listening = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        self.port = listening.getsockname()[1]
        config = self.briefd.folder / "nginx.conf"
        config.write_text(NGINX_CONFIG.format(folder=self.briefd.folder, user="user root;" if os.geteuid() == 0 else "",
                                              port=self.port, recipe=self.recipe("nginx.conf")))
        self.run_proxy(NGINX, "-p", self.briefd.folder, "-e", "stderr", "-c", config,
                       env={**os.environ, "NGINX": f"{listening.fileno()};"}, pass_fds=[listening.fileno()])

    def test_the_client_is_who_the_proxy_says_and_nobody_who_claims_more(self):
        self.ask("/briefing/first", headers={"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"})
        # nginx appends its own client, which is a trusted address here: the next one counts
        self.assertEqual(self.clients("first"), [("203.0.113.7", "plain TCP")])
        self.ask("/briefing/second", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.7"})
        self.assertEqual(self.clients("second"), [("203.0.113.7", "plain TCP")])

    def test_without_configured_proxies_nobody_is_believed(self):
        text = self.briefd.config.read_text(encoding="utf-8")
        self.briefd.config.write_text(text.replace('proxies = { "127.0.0.1" }', 'proxies = { "192.0.2.1" }'))
        self.briefd.signal(signal.SIGHUP)
        self.briefd.wait_until(lambda: "anew" in self.briefd.log())
        self.ask("/briefing/third", headers={"X-Forwarded-For": "203.0.113.7"})
        self.assertEqual(self.clients("third"), [("127.0.0.1", "plain TCP")])
        self.briefd.get("/fourth", headers=self.mine | {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"})
        self.assertEqual(self.clients("fourth"), [("127.0.0.1", "plain TCP")])

    def test_a_trusted_proxy_s_word_for_tls_is_taken(self):
        self.briefd.get("/fifth", headers=self.mine | {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"})
        self.assertEqual(self.clients("fifth"), [("203.0.113.7", "TLS")])


@unittest.skipIf(CADDY is None, "caddy is not installed")
class Caddy(Behind, unittest.TestCase):
    """With TLS, of certificates of its own making."""
    scheme, moved = "https", 302

    def start_proxy(self):
        folder = self.briefd.folder / "caddy"
        folder.mkdir()
        (folder / "Caddyfile").write_text(CADDY_CONFIG + self.recipe("Caddyfile"))
        process = self.run_proxy(CADDY, "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile", env={
            **os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)})
        self.port = self.briefd.wait_until(lambda: listening_port(process.pid))
        self.briefd.wait_until(lambda: self.ask("/briefing/healthz")[0] == 200)  # it has its certificate

    def test_the_client_is_who_the_proxy_says_and_came_over_tls(self):
        self.ask("/briefing/first", headers={"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http"})
        self.assertEqual(self.clients("first"), [("127.0.0.1", "TLS")])  # Caddy takes no word of strangers


class WithoutAccounts(unittest.TestCase):
    """Through a proxy the world comes by loopback, which is no reason to be the editor."""
    FEEDS = {"a": "http://127.0.0.1:1/none"}
    PROXIED = 'server { proxies = { "127.0.0.1" } }\n'

    def test_a_configured_proxy_is_refused_at_the_start(self):
        briefd = self.enterContext(Briefd(self.FEEDS))
        briefd.write_config(self.FEEDS, extra=self.PROXIED)
        refused = briefd.command("run", "--listen", "127.0.0.1:0", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("'127.0.0.1' (proxies in server)", refused.stderr)
        self.assertIn("briefd user add NAME", refused.stderr)

    def test_a_proxy_that_is_configured_later_closes_an_open_door(self):
        briefd = self.enterContext(Briefd(self.FEEDS)).start()
        self.assertEqual(Visitor(briefd).status("/api/v1/me"), 200)
        briefd.write_config(self.FEEDS, extra=self.PROXIED)
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: Visitor(briefd).status("/api/v1/me") == 401)

    def test_a_proxy_that_nobody_told_of_brings_nobody_in(self):
        briefd = self.enterContext(Briefd(self.FEEDS)).start()
        for header in ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"):
            status, _, body = briefd.get("/api/v1/me", headers={header: "x"})
            self.assertEqual(status, 403, header)
            self.assertIn(b"briefd user add", body)
            self.assertEqual(briefd.get("/healthz", headers={header: "x"})[0], 200, header)
        self.assertEqual(briefd.get("/api/v1/me")[0], 200)


class Guessing(unittest.TestCase):
    """From addresses that a trusted proxy names, without one to wait for."""

    def test_a_crowd_that_guesses_one_account_locks_nobody_out_who_was_there(self):
        feeds = {"a": "http://127.0.0.1:1/none"}
        briefd = self.enterContext(Briefd(feeds))
        briefd.write_config(feeds, extra='server { proxies = { "127.0.0.1" } }\n')
        add_account(briefd, "ada")
        briefd.start()

        def log_in(address, password=PASSWORD):
            visitor = Visitor(briefd)
            return visitor.log_in("ada", password, headers={"X-Forwarded-For": address})[0], visitor

        self.assertEqual(log_in("198.51.100.1")[0], 303)
        status, left = log_in("198.51.100.2")
        self.assertEqual((status, left.log_out()[0]), (303, 303))
        crowd = {log_in(f"203.0.113.{number}", "wrong wrong wrong")[0] for number in range(70)}
        self.assertEqual(crowd, {401, 429})
        self.assertEqual([log_in(f"198.51.100.{number}")[0] for number in (2, 1)], [303, 303])


if __name__ == "__main__":
    unittest.main()
