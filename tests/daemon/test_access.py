"""Who may enter: every route by every caller, and everything that is no caller of ours."""
import json
import pathlib
import re
import signal
import socket
import sys
import unittest
import unittest.mock
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from contract import ROOT  # noqa: E402
from desk import Listener  # noqa: E402
from visitor import PASSWORD, Visitor, add_account, add_token  # noqa: E402

# What should hold, written from what each address is for and not from the table of routes: the least a
# caller must be, method by method. GET stands for HEAD. A route that is not here fails the test.
#   anyone, reader, editor, admin; own: logged in as oneself, or a token that may do everything
EXPECTED = """
/                               GET reader
/plain                          GET reader
/login                          GET anyone      POST anyone
/logout                         POST anyone
/desk/                          GET reader
/desk/{}                        GET reader
/desk/assets/{}                 GET anyone
/draft                          GET reader
/draft.md                       GET reader
/draft.html                     GET reader
/draft.txt                      GET reader
/draft.eml                      GET reader
/draft.wechat.html              GET reader
/draft.json                     GET reader
/issues                         GET reader
/issues/                        GET reader
/issues/{}                      GET reader
/issues.atom                    GET reader
/issues.json                    GET reader
/wechat.js                      GET anyone
/openapi.yaml                   GET anyone
/openapi.json                   GET anyone
/healthz                        GET anyone
/readyz                         GET anyone
/metrics                        GET reader
/favicon.ico                    GET anyone
/api/v1/stories                 GET reader
/api/v1/stories/{}              GET reader
/api/v1/stories/{}/related      GET reader
/api/v1/counts                  GET reader
/api/v1/stories/{}/split        POST editor
/api/v1/merges                  POST editor
/api/v1/decisions               POST editor
/api/v1/items/{}                GET reader
/api/v1/items/{}/content        GET reader
/api/v1/draft                   GET reader      PATCH editor
/api/v1/draft/accept            POST editor
/api/v1/draft/guide             GET reader
/api/v1/draft/findings          GET reader
/api/v1/draft/diff              GET reader
/api/v1/drafts                  GET reader
/api/v1/drafts/{}               GET reader      PATCH editor
/api/v1/drafts/{}/proof/{}      GET reader
/api/v1/drafts/{}/guide         GET reader
/api/v1/drafts/{}/findings      GET reader
/api/v1/drafts/{}/diff          GET reader
/api/v1/publish                 POST editor
/api/v1/issues                  GET reader
/api/v1/issues/{}               GET reader
/api/v1/issues/{}/versions      GET reader
/api/v1/issues/{}/reopen        POST editor
/api/v1/picks                   POST editor
/api/v1/picks/{}                PATCH editor    DELETE editor
/api/v1/moves                   POST editor
/api/v1/log                     GET reader
/api/v1/undo                    POST editor
/api/v1/redo                    POST editor
/api/v1/feeds                   GET reader
/api/v1/feeds/activity          GET reader
/api/v1/feeds/{}                GET reader      PATCH editor    DELETE editor
/api/v1/feeds/{}/poll           POST editor
/api/v1/feeds.opml              GET reader      POST editor
/api/v1/add                     POST editor
/api/v1/search                  GET reader
/api/v1/rules                   GET reader      PUT editor
/api/v1/rules/confusion         GET reader
/api/v1/rules/hits              GET reader
/api/v1/rules/try               POST editor
/api/v1/rules/{}/{}             DELETE editor
/api/v1/topics/{}               DELETE editor
/api/v1/vendors                 GET reader      PUT editor
/api/v1/vendors/{}              DELETE editor
/api/v1/events                  GET reader
/api/v1/me                      GET reader
/api/v1/me/password             PUT own
/api/v1/sessions                GET own         DELETE own
/api/v1/sessions/{}             DELETE own
/api/v1/tokens                  GET own         POST own
/api/v1/tokens/{}               DELETE own
/api/v1/users                   GET admin       POST admin
/api/v1/users/{}                PATCH admin     DELETE admin
"""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
STRANGERS = {"nobody", "forged cookie", "forged token", "token as cookie", "cookie as token"}
MAY = {
    "anyone": {"reader", "editor", "admin", "token read", "token edit", "token admin"} | STRANGERS,
    "reader": {"reader", "editor", "admin", "token read", "token edit", "token admin"},
    "editor": {"editor", "admin", "token edit", "token admin"},
    "own": {"reader", "editor", "admin", "token admin"},
    "admin": {"admin", "token admin"},
}
SECURE = {"x-content-type-options": "nosniff", "cross-origin-resource-policy": "same-origin"}


def expected():
    """{path: {method: least}}"""
    table = {}
    for line in EXPECTED.strip().splitlines():
        path, *words = line.split()
        table[path] = dict(zip(words[::2], words[1::2]))
        if "GET" in table[path]:
            table[path]["HEAD"] = table[path]["GET"]
    return table


class Access(unittest.TestCase):
    def daemon(self, *accounts, **how):
        briefd = self.enterContext(Briefd({"a": "http://127.0.0.1:1/none"}, **how))
        for name, role in accounts:
            add_account(briefd, name, role)
        briefd.start()
        return briefd

    def visitor(self, briefd, name=None, **fields):
        visitor = Visitor(briefd)
        if name:
            status, _, page = visitor.log_in(name, **fields)
            self.assertEqual(status, 303, page)
        return visitor

    # ---- the table ----

    def test_every_route_asks_of_every_caller_what_it_should(self):
        briefd = self.daemon(("ada", "admin"), ("ed", "editor"), ("rea", "reader"))
        callers = {role: self.visitor(briefd, name) for role, name in
                   (("admin", "ada"), ("editor", "ed"), ("reader", "rea"))}
        for scope in ("read", "edit", "admin"):
            callers[f"token {scope}"] = Visitor(briefd, token=add_token(briefd, "ada", scope))
        callers |= {"nobody": Visitor(briefd), "forged cookie": Visitor(briefd, cookie="A" * 43),
                    "forged token": Visitor(briefd, token="briefd_" + "A" * 43),
                    "token as cookie": Visitor(briefd, cookie=callers["token admin"].token),
                    "cookie as token": Visitor(briefd, token=callers["admin"].cookie)}
        briefd.wait_until(lambda: callers["token admin"].status("/api/v1/me") == 200)
        self.assertEqual(set(callers), MAY["anyone"])
        for path, methods in expected().items():
            for method in METHODS:
                for caller, visitor in callers.items():
                    self.check(visitor, path, method, methods.get(method), caller)

    def check(self, visitor, path, method, least, caller):
        """A body of a kind that no address takes is refused behind the door, and changes nothing."""
        reads = method in ("GET", "HEAD")
        status = visitor.status(path.replace("{}", "1"), method, {} if reads else {"Content-Type": "text/plain"},
                                None if reads else "x")
        place = (caller, method, path)
        if least is None:
            self.assertEqual(status, 405, place)
        elif caller not in MAY[least]:
            self.assertEqual(status, 401 if caller in STRANGERS else 403, place)
        elif reads:
            self.assertIn(status, (200, 204, 302, 303, 400, 404, 422), place)
        else:
            self.assertEqual(status, 415, place)

    def test_no_route_is_missing_in_the_table(self):
        routes = (ROOT / "web/server/routes.c").read_text(encoding="utf-8")
        served = set(re.findall(r'\.path = "([^"]+)"', routes))
        self.assertEqual(served, set(expected()))

    # ---- with and without accounts ----

    def test_an_address_others_reach_is_refused_until_there_is_an_account(self):
        briefd = self.enterContext(Briefd({"a": "http://127.0.0.1:1/none"}))
        refused = briefd.command("run", "--listen", "0.0.0.0:0", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("briefd user add NAME", refused.stderr)
        add_account(briefd, "ada")
        briefd.start("--listen", "0.0.0.0:0", wait=False)
        port = briefd.wait_until(lambda: re.search(r"serves http://0\.0\.0\.0:(\d+)/", briefd.log()))
        briefd.port = int(port[1])
        briefd.wait_until(lambda: briefd.get("/healthz")[0] == 200)
        self.assertEqual(Visitor(briefd).status("/api/v1/me"), 401)
        self.assertEqual(self.visitor(briefd, "ada").json("/api/v1/me")["role"], "admin")
        for host, status in (("127.0.0.1", 200), ("192.0.2.7:8080", 200), ("[2001:db8::1]:9", 200),
                             ("evil.example", 421), ("192.0.2.7.evil.example", 421)):
            self.assertEqual(Visitor(briefd).status("/healthz", headers={"Host": host}), status, host)
        briefd.command("user", "remove", "ada")  # the last one: what others reach stays closed
        self.assertEqual(briefd.wait_until(lambda: Visitor(briefd).status("/api/v1/me")), 401)

    def test_without_accounts_whoever_is_there_is_the_editor(self):
        briefd = self.daemon()
        me = Visitor(briefd).json("/api/v1/me")
        self.assertEqual(me, {"name": "editor", "role": "admin", "accounts": False, "by": "loopback", "session": None})
        self.assertEqual(briefd.get("/login?next=/desk/draft")[1]["location"], "/desk/draft")
        self.assertEqual(Visitor(briefd).json("/api/v1/tokens"), {"tokens": []})
        add_account(briefd, "ada")  # a command beside the daemon, which has no other way to know
        briefd.wait_until(lambda: Visitor(briefd).status("/api/v1/me") == 401)
        self.assertEqual(Visitor(briefd).status("/draft.md"), 401)
        briefd.command("user", "remove", "ada")
        briefd.wait_until(lambda: Visitor(briefd).status("/api/v1/me") == 200)

    def test_the_first_account_over_http_is_an_admin_and_closes_the_door(self):
        briefd = self.daemon()
        with self.assertRaisesRegex(ValueError, "first account is an admin"):
            Visitor(briefd).briefd_json("/api/v1/users", "POST", {"name": "a", "role": "editor", "password": PASSWORD})
        Visitor(briefd).briefd_json("/api/v1/users", "POST", {"name": "ada", "role": "admin", "password": PASSWORD})
        self.assertEqual(Visitor(briefd).status("/api/v1/users"), 401)
        self.assertEqual(self.visitor(briefd, "ADA").json("/api/v1/me")["name"], "ada")

    def test_a_name_of_the_configuration_is_a_host(self):
        briefd = self.enterContext(Briefd({"a": "http://127.0.0.1:1/none"}))
        briefd.write_config({"a": "http://127.0.0.1:1/none"}, extra='server { names = { "brief.example.org" } }\n')
        refused = briefd.command("run", check=False)  # through a proxy the world would come by loopback
        self.assertEqual((refused.returncode, "briefd user add NAME" in refused.stderr), (1, True))
        add_account(briefd, "ada")
        briefd.start()
        for host, status in (("brief.example.org", 200), ("BRIEF.example.org:443", 200), ("localhost:1", 200),
                             ("brief.example.org.evil.example", 421), ("xbrief.example.org", 421), ("192.0.2.7", 421)):
            self.assertEqual(Visitor(briefd).status("/healthz", headers={"Host": host}), status, host)
        briefd.command("user", "remove", "ada")
        self.assertEqual(Visitor(briefd).status("/api/v1/me"), 401)

    def test_a_name_that_is_given_later_closes_an_open_door(self):
        briefd = self.daemon()
        self.assertEqual(Visitor(briefd).status("/api/v1/me"), 200)
        briefd.write_config({"a": "http://127.0.0.1:1/none"}, extra='server { names = { "brief.example.org" } }\n')
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: Visitor(briefd).status("/api/v1/me") == 401)

    # ---- logging in and out ----

    def test_a_login_leads_back_to_where_it_came_from_and_nowhere_else(self):
        briefd = self.daemon(("ada", None))
        html = {"Accept": "text/html,*/*"}
        status, headers, _ = briefd.get("/desk/draft?x=%E7%94%B2&y", headers=html)
        self.assertEqual(status, 303)
        query = urllib.parse.urlsplit(headers["location"]).query
        place = urllib.parse.parse_qs(query)["next"][0]
        self.assertEqual(place, "/desk/draft?x=%E7%94%B2&y")
        self.assertIn('value="/desk/draft?x=%E7%94%B2&amp;y"', briefd.get(headers["location"])[2].decode())
        for wanted, found in ((place, place), ("//evil.example/", "/"), ("https://evil.example/", "/"),
                              ("/\\evil.example", "/"), ("/a\tb", "/"), ("javascript:1", "/"), ("", "/")):
            self.assertEqual(Visitor(briefd).log_in("ada", next=wanted)[1]["location"], found, wanted)
        self.assertEqual(briefd.get("/api/v1/draft", headers=html)[0], 401)  # never a page where JSON was asked for

    def test_a_link_of_another_site_asks_once_more_with_the_cookie(self):
        briefd = self.daemon(("ada", None))
        html = {"Accept": "text/html", "Sec-Fetch-Site": "cross-site"}
        status, headers, page = briefd.get("/issues/?a=1&b", headers=html)
        self.assertEqual((status, headers["cache-control"]), (200, "no-store"))
        self.assertIn(b'content="0; url=/issues/?a=1&amp;b"', page)
        self.assertEqual(briefd.get("/issues/", headers=html | {"Sec-Fetch-Site": "same-origin"})[0], 303)
        self.assertEqual(self.visitor(briefd, "ada").status("/issues/", headers=html), 200)

    def test_the_cookie_is_for_this_server_s_requests_alone(self):
        briefd = self.daemon(("ada", None))
        visitor = Visitor(briefd)
        cookie = visitor.log_in("ada")[1]["set-cookie"]
        self.assertRegex(cookie, r"^briefd=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict$")
        kept = Visitor(briefd).log_in("ada", remember="on")[1]["set-cookie"]
        self.assertTrue(kept.endswith(f"; Max-Age={30 * 86400}"), kept)
        ended = visitor.log_out()[1]["set-cookie"]
        self.assertRegex(ended, r"^briefd=; .*Max-Age=0$")

    def test_a_session_that_was_logged_out_opens_nothing(self):
        briefd = self.daemon(("ada", None))
        visitor = self.visitor(briefd, "ada")
        self.assertEqual(visitor.status("/api/v1/me"), 200)
        self.assertEqual(visitor.log_out()[0], 303)
        self.assertEqual(visitor.status("/api/v1/me"), 401)
        self.assertEqual(visitor.log_out()[0], 303)  # twice is harmless
        again = self.visitor(briefd, "ada")
        self.assertEqual(again.get("/api/v1/sessions/current", "DELETE")[0], 200)
        self.assertEqual(again.status("/api/v1/me"), 401)

    def test_a_login_gives_a_new_secret_and_ends_the_session_that_was_shown(self):
        briefd = self.daemon(("ada", None), ("mal", "reader"))
        planted = self.visitor(briefd, "mal").cookie
        victim = Visitor(briefd, cookie=planted)
        victim.log_in("ada")
        self.assertNotEqual(victim.cookie, planted)
        self.assertEqual(Visitor(briefd, cookie=planted).status("/api/v1/me"), 401)
        invented = Visitor(briefd, cookie="B" * 43)
        invented.log_in("ada")
        self.assertNotEqual(invented.cookie, "B" * 43)

    def test_a_session_ends_when_nothing_is_asked_and_at_its_end(self):
        briefd = self.daemon(("ada", None))
        idle, busy, kept = self.visitor(briefd, "ada"), self.visitor(briefd, "ada"), self.visitor(briefd, "ada", remember="on")
        for _ in range(4):
            self.assertEqual(busy.status("/api/v1/me"), 200)
            briefd.pass_time(11 * 3600)
        self.assertEqual(idle.status("/api/v1/me"), 401)
        self.assertEqual(busy.status("/api/v1/me"), 200)
        self.assertEqual(kept.status("/api/v1/me"), 200)
        briefd.pass_time(26 * 86400)
        self.assertEqual(kept.status("/api/v1/me"), 200)
        briefd.pass_time(3 * 86400)  # used all the time, and yet over
        self.assertEqual(kept.status("/api/v1/me"), 401)

    def test_a_session_outlives_a_restart(self):
        briefd = self.daemon(("ada", None))
        visitor = self.visitor(briefd, "ada")
        token = Visitor(briefd, token=add_token(briefd, "ada", "read"))
        briefd.kill()
        briefd.start()
        self.assertEqual((visitor.status("/api/v1/me"), token.status("/api/v1/me")), (200, 200))

    def test_a_new_password_ends_all_other_sessions(self):
        briefd = self.daemon(("ada", None))
        here, there = self.visitor(briefd, "ada"), self.visitor(briefd, "ada")
        change = {"old": PASSWORD, "new": "another long password"}
        with self.assertRaisesRegex(ValueError, "422.*not the password"):
            here.briefd_json("/api/v1/me/password", "PUT", change | {"old": "wrong wrong wrong"})
        with self.assertRaisesRegex(ValueError, "422.*at least 10"):
            here.briefd_json("/api/v1/me/password", "PUT", change | {"new": "short"})
        here.briefd_json("/api/v1/me/password", "PUT", change)
        self.assertEqual((here.status("/api/v1/me"), there.status("/api/v1/me")), (200, 401))
        self.assertEqual(Visitor(briefd).log_in("ada")[0], 401)
        self.assertEqual(Visitor(briefd).log_in("ada", change["new"])[0], 303)
        briefd.command("user", "password", "ada", stdin="a third long password\n")
        briefd.wait_until(lambda: here.status("/api/v1/me") == 401)

    def test_sessions_are_listed_and_ended_by_their_owner_or_an_admin(self):
        briefd = self.daemon(("ada", None), ("ed", "editor"))
        ada, ed, other = self.visitor(briefd, "ada"), self.visitor(briefd, "ed"), self.visitor(briefd, "ed")
        listed = ed.json("/api/v1/sessions")["sessions"]
        self.assertEqual([(s["name"], s["address"]) for s in listed], [("ed", "127.0.0.1")] * 2)
        self.assertEqual([s["current"] for s in listed].count(True), 1)
        self.assertEqual(len(ada.json("/api/v1/sessions?all=true")["sessions"]), 3)
        self.assertEqual(ed.status("/api/v1/sessions?all=true"), 403)
        mine = ada.json("/api/v1/me")["session"]
        self.assertEqual(ed.get(f"/api/v1/sessions/{mine}", "DELETE")[0], 404)
        self.assertEqual(ada.status("/api/v1/me"), 200)
        self.assertEqual(ed.get("/api/v1/sessions", "DELETE")[0], 200)
        self.assertEqual((ed.status("/api/v1/me"), other.status("/api/v1/me")), (200, 401))
        number = next(line.split()[0] for line in briefd.command("user", "sessions", "ed").stdout.splitlines())
        briefd.command("user", "logout", number)
        briefd.wait_until(lambda: ed.status("/api/v1/me") == 401)

    # ---- what is taken away is gone at once ----

    def test_a_role_taken_away_counts_from_the_answer_on_also_for_tokens(self):
        briefd = self.daemon(("ada", None), ("ed", "editor"))
        ada, ed = self.visitor(briefd, "ada"), self.visitor(briefd, "ed")
        secret = ed.briefd_json("/api/v1/tokens", "POST", {"label": "ci", "scope": "edit"})["secret"]
        token = Visitor(briefd, token=secret)
        body = {"Content-Type": "text/plain"}
        self.assertEqual([v.status("/api/v1/undo", "POST", body, "x") for v in (ed, token)], [415, 415])
        ada.briefd_json("/api/v1/users/ed", "PATCH", {"role": "reader"})
        self.assertEqual([v.status("/api/v1/undo", "POST", body, "x") for v in (ed, token)], [403, 403])
        self.assertEqual(ada.get("/api/v1/users/ed", "DELETE")[0], 200)
        self.assertEqual([v.status("/api/v1/me") for v in (ed, token)], [401, 401])
        self.assertEqual(ada.get("/api/v1/users/ada", "PATCH", {"Content-Type": "application/json"}, '{"role":"editor"}')[0], 409)

    def test_a_stream_of_events_ends_with_its_session(self):
        briefd = self.daemon(("ada", None))
        visitor = self.visitor(briefd, "ada")
        with Listener(briefd, headers=visitor.headers()) as listener:
            self.assertEqual(listener.next()[0], "hello")
            visitor.log_out()
            listener.wait_for_end()
        self.assertEqual(visitor.status("/api/v1/events"), 401)

    def test_a_stream_of_events_ends_when_its_session_does(self):
        briefd = self.daemon(("ada", None))
        visitor = self.visitor(briefd, "ada")
        with Listener(briefd, headers=visitor.headers()) as listener:
            self.assertEqual(listener.next()[0], "hello")
            briefd.pass_time(13 * 3600)
            listener.wait_for_end()
        self.assertEqual(visitor.status("/api/v1/me"), 401)

    def test_tokens_are_shown_once_bounded_by_role_and_end(self):
        briefd = self.daemon(("ada", None), ("rea", "reader"))
        rea = self.visitor(briefd, "rea")
        with self.assertRaisesRegex(ValueError, "422.*scope"):
            rea.briefd_json("/api/v1/tokens", "POST", {"label": "x", "scope": "edit"})
        made = rea.briefd_json("/api/v1/tokens", "POST", {"label": "mail", "scope": "read", "days": 2})
        token = Visitor(briefd, token=made["secret"])
        self.assertEqual(token.json("/api/v1/me")["by"], "token")
        self.assertNotIn(made["secret"], json.dumps(rea.json("/api/v1/tokens")))
        self.assertEqual(token.status("/api/v1/tokens"), 403)  # what it lends, it cannot lend on
        self.assertEqual(Visitor(briefd, token=made["secret"], cookie="x").status("/api/v1/me"), 200)
        briefd.pass_time(120)
        self.assertEqual(token.status("/api/v1/me"), 200)
        briefd.wait_until(lambda: rea.json("/api/v1/tokens")["tokens"][0]["used"])
        briefd.pass_time(2 * 86400)
        self.assertEqual(token.status("/api/v1/me"), 401)
        lasting = Visitor(briefd, token=add_token(briefd, "rea", "read"))
        briefd.wait_until(lambda: lasting.status("/api/v1/me") == 200)
        rows = [line.split() for line in briefd.command("user", "tokens", "rea").stdout.splitlines()]
        briefd.command("user", "revoke", rows[-1][0])
        briefd.wait_until(lambda: lasting.status("/api/v1/me") == 401)

    # ---- the hostile ----

    def test_a_page_of_another_site_cannot_use_a_session(self):
        briefd = self.daemon(("ada", None))
        ada = self.visitor(briefd, "ada")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        own = {"Origin": f"http://127.0.0.1:{briefd.port}", "Host": f"127.0.0.1:{briefd.port}", "Sec-Fetch-Site": "same-origin"}
        for more in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                     {"Sec-Fetch-Site": "same-site"}, {"Origin": f"http://localhost:{briefd.port}", "Host": "127.0.0.1"}):
            self.assertEqual(ada.get("/api/v1/undo", "POST", more)[0], 403, more)
            self.assertEqual(ada.get("/api/v1/tokens", "POST", {"Content-Type": "application/json", **more}, "{}")[0], 403)
            self.assertEqual(ada.get("/logout", "POST", {**form, **more}, "")[0], 403, more)
            self.assertEqual(Visitor(briefd).log_in("ada", headers=more)[0], 403, more)
        self.assertEqual(ada.get("/api/v1/undo", "POST", own)[0], 404)  # nothing to undo: it came through
        self.assertEqual(Visitor(briefd).log_in("ada", headers=own)[0], 303)
        for headers in (own, {"Origin": "https://evil.example"}):
            answer = ada.get("/api/v1/me", headers=headers)[1]
            self.assertNotIn("access-control-allow-origin", answer)

    def test_a_name_that_was_rebound_is_refused_whoever_asks(self):
        briefd = self.daemon(("ada", None))
        ada = self.visitor(briefd, "ada")
        for host in ("evil.example", f"evil.example:{briefd.port}", "127.0.0.1.evil.example", "192.0.2.1", ""):
            self.assertIn(ada.status("/api/v1/me", headers={"Host": host}), (400, 421), host)
            self.assertIn(ada.status("/login", "POST", {"Host": host}, "x"), (400, 421), host)

    def test_a_request_that_names_its_sender_twice_is_refused(self):
        briefd = self.daemon(("ada", None), ("ed", "editor"))
        ada, ed = self.visitor(briefd, "ada"), self.visitor(briefd, "ed")
        token = add_token(briefd, "ada", "admin")
        briefd.wait_until(lambda: Visitor(briefd, token=token).status("/api/v1/me") == 200)
        twice = [f"Cookie: briefd={ed.cookie}\r\nCookie: briefd={ada.cookie}", f"Authorization: Bearer x\r\nAuthorization: Bearer {token}",
                 f"Cookie: briefd={ada.cookie}\r\nOrigin: http://localhost\r\nOrigin: https://evil.example",
                 f"Cookie: briefd={ada.cookie}\r\nHost: evil.example"]
        for headers in twice:
            self.assertEqual(self.raw(briefd, headers), 400, headers)
        for headers in (f"Cookie: briefd={ed.cookie}; briefd={ada.cookie}", f"Cookie: xbriefd={ada.cookie}",
                        f"Cookie: briefd ={ada.cookie}", f"Cookie: BRIEFD={ada.cookie}", f'Cookie: briefd="{ada.cookie}"',
                        f"Authorization: Basic {token}", f"Authorization: {token}", f"Authorization: Bearer {token}x",
                        f"Authorization: Bearer x\r\nCookie: briefd={ada.cookie}", f"Authorization: Bearer\r\nCookie: briefd={ada.cookie}",
                        "X-Forwarded-User: ada\r\nRemote-User: ada\r\nX-Remote-User: ada\r\nX-Forwarded-For: 127.0.0.1",
                        f"Cookie: __Host-briefd={ada.cookie}\r\nX-Forwarded-Proto: https"):
            self.assertEqual(self.raw(briefd, headers), 401, headers)
        self.assertEqual(self.raw(briefd, f"Cookie: a=b; briefd={ada.cookie}; c"), 200)
        self.assertEqual(self.raw(briefd, f"Authorization: bearer  {token}"), 200)

    def raw(self, briefd, headers):
        with socket.create_connection(("127.0.0.1", briefd.port), 30) as connection:
            connection.sendall(f"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\n{headers}\r\nConnection: close\r\n\r\n".encode())
            return int(connection.makefile("rb").readline().split()[1])

    def test_the_editor_is_the_account_and_nobody_else(self):
        briefd = self.daemon(("ada", None), ("林", "editor"))
        ada, lin = self.visitor(briefd, "ada"), self.visitor(briefd, "林")
        pick = {"section": "news", "title": "甲"}
        lin.briefd_json("/api/v1/picks", "POST", pick)
        self.assertEqual(lin.json("/api/v1/log")["events"][0]["editor"], "林")
        impostor = {"Content-Type": "application/json", "Briefd-Editor": "ada"}
        self.assertEqual(lin.get("/api/v1/picks", "POST", impostor, json.dumps(pick))[0], 403)
        self.assertEqual(ada.get("/api/v1/undo", "POST")[0], 404)  # nothing of hers
        self.assertEqual(lin.get("/api/v1/undo", "POST")[0], 200)

    def test_guessing_is_slowed_down_without_locking_others_out(self):
        briefd = self.daemon(("ada", None), ("ed", "editor"))
        left = []
        for _ in range(5):
            status, _, page = Visitor(briefd).log_in("ada", "wrong wrong wrong")
            self.assertEqual(status, 401)
            left.append(re.search(r'role="alert">([^<]*)<', page.decode())[1])
        self.assertIn("再错 4 次", left[0])
        self.assertIn("要等 3 分钟才能再试", left[4])
        status, headers, _ = Visitor(briefd).log_in("ada")  # right, but now it has to wait
        self.assertEqual(status, 429)
        self.assertTrue(0 < int(headers["retry-after"]) <= 180)
        self.assertEqual(Visitor(briefd).log_in("ADA")[0], 429)  # the same account
        self.assertEqual(Visitor(briefd).log_in("ed")[0], 303)  # another one, from the same place
        briefd.pass_time(181)
        self.assertEqual(Visitor(briefd).log_in("ada")[0], 303)
        self.assertEqual(Visitor(briefd).log_in("ada", "wrong wrong wrong")[0], 401)  # forgiven: all five again

    def test_an_account_that_does_not_exist_is_answered_like_one_that_does(self):
        briefd = self.daemon(("ada", None))

        def answer(name, password):
            status, headers, page = Visitor(briefd).log_in(name, password)
            return status, sorted(headers.keys() - {"date"}), page.replace(name.encode(), b"NAME")

        for _ in range(7):  # until both have to wait
            self.assertEqual(answer("ada", "wrong wrong wrong"), answer("bob", "wrong wrong wrong"))

    def test_giant_and_broken_logins_are_refused(self):
        briefd = self.daemon(("ada", None))
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(Visitor(briefd).log_in("ada", "x" * 5000)[0], 401)
        self.assertEqual(Visitor(briefd).log_in("ada", "x" * 100_000)[0], 413)
        huge = {**form, "Content-Length": str(1 << 30)}
        self.assertEqual(briefd.get("/login", "POST", huge)[0], 413)
        for body in (b"", b"name=ada", b"password=x", b"name=%00&password=x", b"name=ada&password=%ff%fe", b"&&&=", b"name=" + b"%41" * 200,
                     b"name=a\0da&password=" + PASSWORD.encode()):
            self.assertIn(briefd.get("/login", "POST", form, body)[0], (401, 429), body)
        self.assertEqual(briefd.get("/login", "POST", {"Content-Type": "application/json"}, b"{}")[0], 415)
        briefd.pass_time(3600)
        self.assertEqual(Visitor(briefd).log_in("ada")[0], 303)

    def test_every_answer_carries_what_a_browser_needs_to_be_safe(self):
        briefd = self.daemon(("ada", None))
        ada = self.visitor(briefd, "ada")
        paths = [path.replace("{}", "1") for path, methods in expected().items() if "GET" in methods and path != "/api/v1/events"]
        for visitor in (ada, Visitor(briefd)):
            for path in [*paths, "/nothing", "/login?next=%3Cscript%3E", "//x"]:
                for accept in ("text/html", "*/*"):
                    _, headers, _ = visitor.get(path, headers={"Accept": accept})
                    for name, value in SECURE.items():
                        self.assertEqual(headers.get(name), value, (path, name))
                    self.assertIn(headers["referrer-policy"], ("no-referrer", "same-origin"), path)
                    policy = headers["content-security-policy"]
                    self.assertIn("default-src 'none'", policy, path)
                    self.assertIn("frame-ancestors 'none'" if "sandbox" not in policy and "frame-ancestors 'self'" not in policy
                                  else "", policy, path)
                    self.assertNotIn("access-control-allow-origin", headers)
                    self.assertNotIn("public", headers.get("cache-control", ""), path)
        page = briefd.get("/login?next=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E")[2]
        self.assertNotIn(b"<script", page)

    def test_no_secret_is_in_the_log_or_the_database(self):
        briefd = self.daemon(("ada", None))
        ada = self.visitor(briefd, "ada")
        secret = ada.briefd_json("/api/v1/tokens", "POST", {"label": "x", "scope": "read"})["secret"]
        self.assertEqual(Visitor(briefd, token=secret).status("/api/v1/me"), 200)
        typed = "my password in the wrong field"
        Visitor(briefd).log_in(typed, "wrong wrong wrong")
        cookie = ada.cookie
        briefd.stop()
        stored = b"".join(path.read_bytes() for path in briefd.folder.iterdir() if path.is_file())
        self.assertIn(b"$argon2id$", stored)
        for word in (PASSWORD, cookie, secret, secret.removeprefix("briefd_"), typed):
            self.assertNotIn(word.encode(), stored, word)

    # ---- the command ----

    def test_a_command_that_asks_the_daemon_shows_a_token_of_the_environment(self):
        briefd = self.daemon(("ada", None))
        opml = briefd.folder / "x.opml"
        opml.write_text('<opml version="2.0"><body><outline xmlUrl="https://x.example/f"/></body></opml>')
        listen = ("--listen", f"127.0.0.1:{briefd.port}")
        refused = briefd.command("import-opml", opml, *listen, check=False)
        self.assertEqual((refused.returncode, "BRIEFD_TOKEN" in refused.stderr), (1, True))
        few, enough = (add_token(briefd, "ada", scope) for scope in ("read", "edit"))
        briefd.wait_until(lambda: Visitor(briefd, token=enough).status("/api/v1/me") == 200)
        self.assertIn("editor", self.import_with({"BRIEFD_TOKEN": few}, briefd, opml, *listen).stderr)
        done = self.import_with({"BRIEFD_TOKEN": enough}, briefd, opml, *listen)
        self.assertEqual(done.returncode, 0, done.stderr)
        (briefd.folder / "briefd-token").write_text(enough + "\n")
        done = self.import_with({"CREDENTIALS_DIRECTORY": str(briefd.folder)}, briefd, opml, *listen)
        self.assertEqual(done.returncode, 0, done.stderr)

    def import_with(self, environment, briefd, *words):
        with unittest.mock.patch.dict("os.environ", environment):
            return briefd.command("import-opml", *words, check=False)

    def test_the_command_says_what_it_will_not_do(self):
        briefd = self.enterContext(Briefd({"a": "http://127.0.0.1:1/none"}))

        def fails(*words, stdin="", code=1):
            done = briefd.command("user", *words, check=False, stdin=stdin)
            self.assertEqual(done.returncode, code, done.stderr)
            return done.stderr

        self.assertIn("at least 10", fails("add", "ada", stdin="short\n"))
        self.assertIn("first account is an admin", fails("add", "ada", "--role", "editor", stdin=PASSWORD))
        self.assertIn("name", fails("add", " ada", stdin=PASSWORD))
        self.assertIn("no password", fails("add", "ada"))
        self.assertIn("--role", fails("add", "ada", "--role", "boss", stdin=PASSWORD))
        add_account(briefd, "ada")
        self.assertIn("already", fails("add", "Ada", stdin=PASSWORD))
        self.assertIn("no account", fails("password", "bob", stdin=PASSWORD))
        add_account(briefd, "bob")
        self.assertIn("only admin", fails("remove", "ada"))
        self.assertIn("only admin", fails("role", "ada", "--role", "reader"))
        self.assertIn("account's name", fails("add", "a long enough name", stdin="A LONG ENOUGH NAME\n"))
        self.assertIn("at most 1024", fails("add", "eve", stdin="x" * 3000 + "\n"))
        fails("dance", code=2)
        fails("add", code=2)
        fails("list", "ada", code=2)
        self.assertEqual([line.split()[0] for line in briefd.command("user", "list").stdout.splitlines()], ["admin", "editor"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
