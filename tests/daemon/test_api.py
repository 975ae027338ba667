"""The desk over HTTP: every address of the contract, hostile bodies, two editors, kill -9 after a 2xx.

$KILLS says how often the daemon is killed (default 20; `make figures` takes 200).
"""
import base64
import hashlib
import json
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from contract import ROOT  # noqa: E402
from desk import CONTRACT, Desk, Listener  # noqa: E402
from origin import Origin, feed  # noqa: E402
from visitor import PASSWORD, Visitor  # noqa: E402

WRITES = [
    ("POST", "/api/v1/decisions"), ("POST", "/api/v1/merges"), ("POST", "/api/v1/stories/1/split"),
    ("PATCH", "/api/v1/draft"), ("PATCH", "/api/v1/drafts/1"), ("POST", "/api/v1/draft/accept"),
    ("POST", "/api/v1/picks"), ("PATCH", "/api/v1/picks/1"), ("POST", "/api/v1/moves"), ("POST", "/api/v1/publish"),
]
RICH = "<![CDATA[<p>正文很长：<b>体</b></p><script>alert(1)</script><img src='https://x.example/y.png'>]]>".encode()
BODILESS = [("DELETE", "/api/v1/picks/1"), ("POST", "/api/v1/undo"), ("POST", "/api/v1/redo"),
            ("POST", "/api/v1/issues/2020-09-17/reopen")]

ELSEWHERE = [("POST", "/api/v1/feeds.opml"), ("POST", "/api/v1/add"), ("POST", "/api/v1/rules/try"),
             ("PUT", "/api/v1/rules"), ("PUT", "/api/v1/vendors"), ("DELETE", "/api/v1/rules/news/x"),
             ("DELETE", "/api/v1/topics/x"), ("DELETE", "/api/v1/vendors/x"), ("PUT", "/api/v1/me/password"),
             ("DELETE", "/api/v1/sessions"), ("DELETE", "/api/v1/sessions/1"), ("POST", "/api/v1/tokens"),
             ("DELETE", "/api/v1/tokens/1"), ("POST", "/api/v1/users"), ("PATCH", "/api/v1/users/x"),
             ("DELETE", "/api/v1/users/x"), ("PATCH", "/api/v1/feeds/1"), ("DELETE", "/api/v1/feeds/1"),
             ("POST", "/api/v1/feeds/1/poll")]  # their bodies have tests of their own


class Api(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())
        self.origin.set("/f.xml", feed(40, title="源").replace(b"text 0<", RICH + b"<"))
        self.covered = set()

    def daemon(self, **how):
        briefd = self.enterContext(Briefd({"a": self.origin.url("/f.xml")}, **how))
        briefd.start()
        briefd.wait_until(lambda: len(briefd.json("/api/v1/stories?limit=200")["stories"]) == 40)
        return briefd

    def desk(self, briefd, editor="editor"):
        return Desk(briefd, editor, self.covered)

    # ---- the contract ----

    def test_every_address_answers_as_the_contract_says(self):
        briefd = self.daemon(briefing="learner = false")  # what is decided here must not move what comes next
        desk = self.desk(briefd)
        self.drive_stories(desk)
        self.drive_draft(desk)
        self.drive_rules(desk)
        self.drive_issues(desk)
        self.drive_feeds(desk)
        with Listener(briefd) as listener:
            self.covered.add(("GET", CONTRACT.find("GET", "/api/v1/events")[0], listener.response.status))
            self.assertEqual(listener.next()[0], "hello")
        self.drive_access(desk)
        done = {(method, path) for method, path, status in self.covered if status < 300}
        missing = {(method, path) for method, path, _ in CONTRACT.operations()} - done
        self.assertEqual(missing, set())
        for status in (400, 404, 409, 412, 422):
            self.assertIn(status, {status for _, _, status in self.covered})

    def drive_stories(self, desk):
        stories = desk.stories()
        ids = [story["id"] for story in stories]
        self.assertEqual(len(set(ids)), 40)
        for query in ("&sort=date", "&uncertain=true", "&printed=false", "&source=a", "&since=2020-01-01", "&section=news"):
            self.assertEqual(len(desk.stories(query)), 40, query)
        address = urllib.parse.quote(self.origin.url("/f.xml"), safe="")
        for query in (f"&feed={address}", f"&feed={address}&sort=date", f"&feed={address}&since=2020-01-01"):
            self.assertEqual(len(desk.stories(query)), 40, query)
        for query in ("&feed=https://none.example/", "&printed=true", "&vendor=none", "&tag=none", "&until=2020-01-01T00:00:00Z", "&state=later",
                      "&off_topic=true"):
            self.assertEqual(desk.stories(query), [], query)
        desk.briefd.wait_until(lambda: len(desk.briefd.json("/api/v1/stories?q=Item&limit=200")["stories"]) == 40)  # the index follows
        for query, count in (("&q=Item&sort=date&section=news&since=2020-01-01", 40), ("&q=Item+7", 1), ("&q=Ite&typing=true", 40),
                             ("&q=Ite", 0), ("&q=Item+7&state=later", 0), ("&q=Item&printed=true", 0), ("&q=Item+-7", 39)):
            self.assertEqual(len(desk.stories(query)), count, query)
        for query, status in (("q=", 400), ("q=-a", 400), ("q=" + "a+" * 17, 422), ("q=Item&typing=1", 400)):
            desk.get(f"/api/v1/stories?{query}", expect=status)
        for query in ("state=picke", "state=inbox,", "state=inbox,x", "sort=up", "limit=0", "limit=201", "since=today", "uncertain=1", "cursor=zz",
                      "section=none", "sectoin=news", "section=news&limti=5"):
            desk.get(f"/api/v1/stories?{query}", expect=400)
        for address in ("/api/v1/counts?sectoin=news", "/api/v1/log?editro=ada", "/api/v1/issues?w=x", "/api/v1/draft/findings?link=true"):
            self.assertIn("there is no parameter", desk.get(address, expect=400)["detail"], address)
        desk.decide(ids[0], state="picked")
        self.assertEqual([s["id"] for s in desk.stories("&state=picked")], ids[:1])
        self.assertEqual(desk.get(f"/api/v1/stories/{ids[0]}")["state"], "picked")
        desk.decide(ids[1], ids[2], state="later", section="papers")
        alone = {state: [s["id"] for s in desk.stories(f"&state={state}")] for state in ("inbox", "picked", "later")}
        for sort in ("relevance", "date"):
            mixed = desk.stories(f"&state=later,picked,inbox&sort={sort}")  # page by page
            self.assertEqual(sorted(s["id"] for s in mixed), sorted(sum(alone.values(), [])))
            by = [s["published"] or s["first_seen"] if sort == "date" else s["relevance"] for s in mixed]
            self.assertEqual(by, sorted(by, reverse=True))
        self.assertEqual({s["state"] for s in desk.stories("&state=later,picked")}, {"later", "picked"})
        merged = desk.ask("POST", "/api/v1/merges", {"stories": [{"id": i} for i in ids[3:6]]})
        self.assertEqual(sorted(merged["gone"]), sorted(ids[4:6]))
        self.assertEqual(merged["stories"][0]["items"], 3)
        detail = desk.get(f"/api/v1/stories/{ids[3]}")
        members = [item["id"] for item in detail["story_items"]]
        split = desk.ask("POST", f"/api/v1/stories/{ids[3]}/split", {"items": [{"id": members[2]}]})
        self.assertEqual(desk.get(f"/api/v1/items/{members[2]}")["story"], split["made"])
        desk.decide(ids[3], lead=members[1])
        self.assertTrue(desk.get(f"/api/v1/stories/{ids[3]}")["lead_by_editor"])
        rich = next(s["lead"] for s in stories if s["title"] == "Item 0")
        for query, pictures in (("", False), ("?pictures=true", True)):
            _, page, headers = desk.call("GET", f"/api/v1/items/{rich}/content{query}")
            self.assertIn("<b>体</b>", page.decode())
            self.assertNotIn("<script", page.decode())
            self.assertEqual("img-src" in headers["content-security-policy"], pictures)
            self.assertIn("sandbox", headers["content-security-policy"])
        self.assertIn("color-scheme:dark;", desk.call("GET", f"/api/v1/items/{rich}/content?theme=dark")[1].decode())
        desk.get(f"/api/v1/items/{rich}/content?theme=%3B", expect=400)
        desk.get(f"/api/v1/items/{members[0]}/content", expect=404)
        counted = desk.get("/api/v1/counts?state=inbox,later&section=news")["states"]
        self.assertEqual([(c["state"], c["total"]) for c in counted], [(s, len(desk.stories(f"&state={s}"))) for s in ("inbox", "later")])
        self.assertEqual(counted[1]["sections"], {"papers": 2})
        self.assertEqual(desk.get("/api/v1/counts?vendor=none")["states"][0]["total"], 0)
        desk.get("/api/v1/counts?state=x", expect=400)
        for query in ("q=Item", "q=Item+7", "q=Ite", "q=Ite&typing=true", "q=Item&vendor=none", "q=Item&state=later"):
            self.assertEqual(desk.get("/api/v1/counts?" + query)["states"][0]["total"], len(desk.stories("&" + query)), query)
        self.assertGreater(desk.get("/api/v1/counts?q=Item")["states"][0]["total"], 30)
        desk.get("/api/v1/counts?q=-a", expect=400)
        desk.get("/api/v1/counts?q=" + "a+" * 17, expect=422)
        self.assertEqual(desk.get(f"/api/v1/stories/{ids[0]}/related"), {"similar": [], "bundle": None, "bundled": []})
        desk.get("/api/v1/stories/999999/related", expect=404)
        desk.get("/api/v1/stories/999999", expect=404)
        desk.get("/api/v1/stories/x", expect=404)
        desk.get("/api/v1/items/999999", expect=404)
        desk.decide("999999", state="picked", expect=404)

    def drive_draft(self, desk):
        draft = desk.get("/api/v1/draft")
        self.assertEqual(desk.get(f"/api/v1/drafts/{draft['id']}"), draft)
        desk.ask("PATCH", "/api/v1/draft", {"headline": "题"}, If_Match=f'"{draft["tag"]}"')
        desk.ask("PATCH", f"/api/v1/drafts/{draft['id']}", {"preface": "序"}, kind="application/merge-patch+json")
        lost = desk.ask("PATCH", "/api/v1/draft", {"headline": "别的"}, If_Match='"1"', expect=412)
        self.assertEqual((lost["current"]["headline"], lost["yours"]["headline"]), ("题", "别的"))
        accepted = desk.ask("POST", "/api/v1/draft/accept", {"sections": ["news"]})
        self.assertGreater(len(accepted["picks"]), 1)
        added = desk.ask("POST", "/api/v1/picks", {"section": "oss", "title": "手写", "url": "https://x.example/"})
        pick = added["made"]
        self.assertEqual(added["picks"][0]["id"], pick)
        desk.ask("PATCH", f"/api/v1/picks/{pick}", {"title": "新题", "lines": [{"label": "代码：", "text": "x"}]})
        refused = desk.ask("PATCH", f"/api/v1/picks/{pick}", {"lines": [{"label": "a", "colour": 1}]}, expect=422)
        self.assertEqual(refused["place"], "lines[0].colour")
        desk.ask("POST", "/api/v1/moves", {"picks": [{"id": pick}], "section": "papers", "before": None})
        news = next(s for s in desk.get("/api/v1/draft")["sections"] if s["id"] == "news")["picks"]
        moved = desk.ask("POST", "/api/v1/moves", {"picks": [{"id": news[-1]["id"]}], "before": news[0]["id"]})
        self.assertIn(news[-1]["id"], [p["id"] for p in moved["picks"]])
        desk.ask("PATCH", "/api/v1/draft", {"guide": "我写的。", "guide_base": draft["guide_proposed"]})
        desk.ask("DELETE", f"/api/v1/picks/{news[1]['id']}")
        self.assertEqual(desk.get("/api/v1/draft/guide")["text"], "我写的。")
        self.assertGreater(desk.get("/api/v1/draft/findings")["checks"], 10)
        self.assertIn("+# ", desk.get("/api/v1/draft/diff").decode())
        for part in ("guide", "findings", "diff"):
            desk.get(f"/api/v1/drafts/{draft['id']}/{part}")
            desk.get(f"/api/v1/drafts/99/{part}", expect=404)
        for form in ("md", "html", "wechat", "article", "text"):
            self.assertIn("新题", desk.get(f"/api/v1/drafts/{draft['id']}/proof/{form}").decode())
        for path in (f"{draft['id']}/proof/eml", "99/proof/md"):
            desk.get(f"/api/v1/drafts/{path}", expect=404)
        desk.ask("PATCH", f"/api/v1/picks/{news[0]['id']}", {"highlight": True, "clause": "另一句"})
        taken = [change["taken"] for change in desk.get("/api/v1/draft/guide")["changes"]]
        self.assertTrue(taken and all("我写的" in text for text in taken), taken)
        desk.ask("POST", "/api/v1/undo")
        undone = desk.ask("POST", "/api/v1/undo")
        self.assertEqual([p["id"] for p in undone["picks"]], [news[1]["id"]])
        desk.ask("POST", "/api/v1/redo")
        Desk(desk.briefd, "nobody", self.covered).ask("POST", "/api/v1/undo", expect=404)
        self.assertTrue(all(event["about"] for event in desk.get("/api/v1/log")["events"] if event["action"] in ("decide", "merge")))
        log = desk.get("/api/v1/log?limit=3")
        older = desk.get(f"/api/v1/log?limit=3&cursor={log['next']}&editor=editor")
        self.assertGreater(int(log["events"][-1]["id"]), int(older["events"][0]["id"]))
        self.assertEqual([e["action"] for e in log["events"]][:2], ["redo", "undo"])

    def drive_rules(self, desk):
        rules = {"rules": 'topic "api" { weight = 1 keywords = { "接口" } }'}
        desk.ask("POST", "/api/v1/rules/try", rules)
        confusion = desk.get("/api/v1/rules/confusion")
        self.assertGreater(confusion["items"], 0)  # what drive_draft() picked
        self.assertEqual(sum(cell["count"] for cell in confusion["cells"]), confusion["items"])
        self.assertEqual(confusion["items"] - confusion["agreed"], len(confusion["differing"]))
        placed = {item["id"]: item["editor"] for item in confusion["differing"]}
        every = 'section "papers" { rule "every" { weight = 9 keywords = { "Item" } } }'
        moves = desk.ask("POST", "/api/v1/rules/try", {"rules": every})["moves"]
        self.assertTrue(any(move["editor"] is not None for move in moves))
        self.assertTrue(any(move["editor"] is None for move in moves))
        self.assertTrue(all(move["editor"] == placed.get(move["id"], move["editor"]) for move in moves))
        for path in ("/api/v1/rules", "/api/v1/vendors"):
            desk.get(path)
            desk.ask("PUT", path, rules)
        desk.ask("PUT", "/api/v1/rules", {"rules":
                 'section "news" { rule "api" { keywords = { "x" } } } vendor "V" { aliases = { "vv" } }'})
        desk.ask("PUT", "/api/v1/rules", {"rules": every})
        found = lambda: {rule["rule"]: rule for rule in desk.get("/api/v1/rules/hits")["rules"]}.get("papers/every")
        counted = desk.briefd.wait_until(lambda: (hits := found()) and hits["items"] >= 39 and hits)  # judged anew
        self.assertEqual(counted["words"], [{"matched": "item", "items": counted["items"]}])
        desk.ask("DELETE", "/api/v1/rules/papers/every")
        desk.briefd.wait_until(lambda: found() is None)
        for path in ("/api/v1/topics/api", "/api/v1/rules/news/api", "/api/v1/vendors/V"):
            desk.ask("DELETE", path)
        desk.briefd.wait_until(lambda: desk.call("GET", "/api/v1/search?q=Item")[0] == 200)

    def drive_issues(self, desk):
        draft = desk.get("/api/v1/draft")
        day = draft["date"]
        desk.ask("POST", "/api/v1/publish", {"date": "2001-01-01"}, expect=409)
        desk.ask("POST", "/api/v1/publish", {"date": day}, If_Match='"1"', expect=412)
        published = desk.ask("POST", "/api/v1/publish", {"date": day}, If_Match=f'"{draft["tag"]}"')
        self.assertEqual(published["count"], draft["count"])
        desk.ask("POST", "/api/v1/publish", {"date": day}, expect=409)
        file = desk.briefd.folder / "issues" / f"{day}.md"
        self.assertEqual(desk.briefd.get(f"/issues/{day}.md")[2], file.read_bytes())
        self.assertEqual([i["date"] for i in desk.get("/api/v1/issues")["issues"]], [day])
        self.assertEqual(len(desk.get("/api/v1/issues?q=%E6%96%B0%E9%A2%98")["issues"][0]["found"]), 1)
        self.assertEqual(desk.get("/api/v1/issues?q=neverprinted")["issues"], [])
        self.assertEqual(desk.get(f"/api/v1/issues/{day}")["headline"], "题")
        desk.get("/api/v1/issues/2001-01-01", expect=404)
        desk.get("/api/v1/issues/2001-01-01/versions", expect=404)
        made = desk.ask("POST", f"/api/v1/issues/{day}/reopen")["made"]
        self.assertEqual(len(desk.get("/api/v1/drafts")["drafts"]), 2)
        pick = desk.picks(f"/api/v1/drafts/{made}")[0]
        desk.ask("PATCH", f"/api/v1/picks/{pick['id']}", {"title": "更正"})
        self.assertEqual(desk.ask("POST", "/api/v1/publish", {"date": day, "draft": made})["version"], 2)
        self.assertIn("更正", file.read_text(encoding="utf-8"))
        self.assertEqual([v["version"] for v in desk.get(f"/api/v1/issues/{day}/versions")["versions"]], [2, 1])
        self.assertNotIn("更正", json.dumps(desk.get(f"/api/v1/issues/{day}?version=1"), ensure_ascii=False))
        for form, kind in (("html", "text/html"), ("wechat.html", "text/html"), ("json", "application/json"),
                           ("txt", "text/plain"), ("eml", "message/rfc822")):
            status, headers, _ = desk.briefd.get(f"/issues/{day}.{form}")
            self.assertEqual((status, headers["content-type"].split(";")[0]), (200, kind))
        for path in ("/issues/", f"/issues/{day}", f"/issues/{day}.html", f"/issues/{day}.wechat.html"):
            self.check_style_policy(desk.briefd, path)
        for path in ("/issues/", "/issues.atom", "/issues.json", "/openapi.yaml", "/openapi.json", "/draft.txt",
                     "/draft.eml", "/draft.wechat.html", "/wechat.js"):
            self.assertEqual(desk.briefd.get(path)[0], 200, path)
        for path in (f"/issues/{day}.exe", "/issues/2001-01-01.html", "/issues/x", "/issues/..%2f..%2fetc"):
            self.assertEqual(desk.briefd.get(path)[0], 404, path)

    def check_style_policy(self, briefd, path):
        """The page's own <style> is allowed by its hash, and no other."""
        _, headers, page = briefd.get(path)
        styles = re.findall(b"<style>(.*?)</style>", page, re.DOTALL)
        hashed = "'sha256-" + base64.b64encode(hashlib.sha256(styles[0]).digest()).decode() + "'"
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        self.assertEqual((len(styles), policy["default-src"], policy["style-src"]), (1, "'none'", hashed), path)
        self.assertEqual("style-src-attr" in policy, "wechat" in path)

    def drive_feeds(self, desk):
        feeds = desk.get("/api/v1/feeds")
        self.assertEqual([(f["name"], f["health"]) for f in feeds["feeds"]], [("a", "ok")])
        self.drive_one_feed(desk, feeds["feeds"][0])
        opml = desk.get("/api/v1/feeds.opml")
        said = desk.ask("POST", "/api/v1/feeds.opml?dry_run=1", opml, kind="text/x-opml")
        self.assertEqual((said["unchanged"], said["added"]), (1, 0))
        self.assertEqual(desk.ask("POST", "/api/v1/feeds.opml", opml, kind="application/xml"), said)
        desk.ask("POST", "/api/v1/feeds.opml", b"no xml", kind="text/xml", expect=422)
        known = desk.ask("POST", "/api/v1/add", {"url": self.origin.url("/f.xml")})
        self.assertEqual((known["outcome"], known["feed"]["name"]), ("feed_known", "a"))
        self.origin.set("/page", "<title>一篇</title><p>正文".encode(), content_type="text/html; charset=utf-8")
        added = desk.ask("POST", "/api/v1/add", {"url": self.origin.url("/page"), "as": "item"})
        self.assertEqual((added["outcome"], added["item"]["title"]), ("item", "一篇"))
        desk.ask("POST", "/api/v1/add", {"url": "file:///etc/passwd"}, expect=422)
        desk.ask("POST", "/api/v1/add", {"adress": "https://x.example/"}, expect=422)
        desk.briefd.wait_until(lambda: desk.get("/healthz")["issues"] == 1)  # of the snapshot
        self.assertTrue(all(check["ok"] for check in desk.get("/readyz")["checks"]))
        self.assertIn(b"# EOF", desk.get("/metrics"))
        self.assertEqual(desk.get("/openapi.json"), CONTRACT.document)
        self.assertEqual(desk.get("/openapi.yaml"), (ROOT / "web/openapi.yaml").read_bytes())

    def drive_one_feed(self, desk, feed):
        path = f"/api/v1/feeds/{feed['id']}"
        self.assertEqual(feed["origin"], desk.get(path)["written"]["place"])
        activity = desk.get("/api/v1/feeds/activity")["feeds"]
        self.assertEqual([row["id"] for row in activity], [feed["id"]])
        self.assertEqual(sum(activity[0]["weeks"]), activity[0]["items"])
        asked = len(self.origin.log("/f.xml"))
        desk.ask("POST", f"{path}/poll", expect=202)
        desk.briefd.wait_until(lambda: len(self.origin.log("/f.xml")) > asked)
        said = desk.ask("PATCH", path, {"enabled": False, "weight": 1.5, "require": [], "name": "甲/乙"})
        self.assertEqual(sorted(said["changed"]), ["enabled", "name", "require", "weight"])
        desk.ask("POST", f"{path}/poll", expect=404)  # it is paused
        settings = desk.get(path)
        self.assertEqual((settings["name"], settings["added"], settings["settings"]["enabled"]), ("甲/乙", False, "false"))
        self.assertEqual(settings["written"]["name"], "a")
        desk.briefd.wait_until(lambda: desk.get("/api/v1/feeds")["feeds"][0]["health"] == "paused")
        said = desk.ask("PATCH", path, {"enabled": None, "weight": None, "require": None})
        self.assertEqual(said["changed"], ["name"])
        for wrong in ({"url": "https://x.example/"}, {"enabled": "maybe"}, {"section": "none"}, {"weight": {}}, {"name": ""}, {"unknown": 1}):
            desk.ask("PATCH", path, wrong, expect=422)
        self.assertEqual(desk.ask("DELETE", path)["followed"], True)
        self.assertEqual(desk.get(path)["changed"], [])
        desk.ask("DELETE", path, expect=404)
        for method in ("GET", "DELETE"):
            desk.ask(method, "/api/v1/feeds/999", expect=404)
        desk.briefd.wait_until(lambda: desk.get("/api/v1/feeds")["feeds"][0]["health"] == "ok")

    def drive_access(self, desk):
        """Last: from the first account on everybody logs in."""
        desk.get("/api/v1/me")
        desk.get("/api/v1/sessions?all=x", expect=400)
        for method, path in (("DELETE", "/api/v1/sessions"), ("POST", "/api/v1/tokens")):
            desk.ask(method, path, {"label": "x", "scope": "read"} if method == "POST" else None, expect=409)
        user = {"name": "ada", "role": "admin", "password": PASSWORD}
        desk.ask("POST", "/api/v1/users", user | {"role": "reader"}, expect=409)
        desk.ask("POST", "/api/v1/users", user | {"role": "boss"}, expect=422)
        desk.ask("POST", "/api/v1/users", user)
        visitor = Visitor(desk.briefd)
        self.assertEqual(visitor.log_in("ada")[0], 303)
        desk.editor, desk.headers = None, visitor.headers()
        desk.ask("POST", "/api/v1/users", user, expect=409)
        desk.ask("POST", "/api/v1/users", {"name": "bob", "role": "editor", "password": PASSWORD})
        self.assertEqual([u["name"] for u in desk.get("/api/v1/users")["users"]], ["ada", "bob"])
        desk.ask("PATCH", "/api/v1/users/bob", {"role": "reader", "password": "another long password"})
        desk.ask("PATCH", "/api/v1/users/eve", {"role": "reader"}, expect=404)
        desk.ask("PATCH", "/api/v1/users/ada", {"role": "reader"}, expect=409)
        desk.ask("DELETE", "/api/v1/users/bob")
        desk.ask("DELETE", "/api/v1/users/bob", expect=404)
        desk.ask("PUT", "/api/v1/me/password", {"old": "x", "new": PASSWORD}, expect=422)
        desk.ask("PUT", "/api/v1/me/password", {"old": PASSWORD, "new": PASSWORD})
        self.assertEqual([s["current"] for s in desk.get("/api/v1/sessions")["sessions"]], [True])
        made = desk.ask("POST", "/api/v1/tokens", {"label": "ci", "scope": "edit", "days": 3})
        self.assertEqual([t["label"] for t in desk.get("/api/v1/tokens?all=true")["tokens"]], ["ci"])
        desk.ask("DELETE", f"/api/v1/tokens/{made['id']}")
        desk.ask("DELETE", f"/api/v1/tokens/{made['id']}", expect=404)
        desk.ask("DELETE", "/api/v1/sessions")
        desk.ask("DELETE", "/api/v1/sessions/999", expect=404)
        desk.ask("DELETE", "/api/v1/sessions/current")

    def test_the_contract_has_every_route_with_its_methods(self):
        briefd = self.enterContext(Briefd({"a": self.origin.url("/f.xml")}))
        briefd.start()
        table = (ROOT / "web/server/routes.c").read_text(encoding="utf-8")
        served = {path for path in re.findall(r'\.path = "([^"]+)"', table)
                  if path.startswith(("/api/", "/openapi.", "/healthz", "/readyz", "/metrics"))}
        self.assertGreater(len(served), 40)
        promised = {}
        for method, path, _ in CONTRACT.operations():
            promised.setdefault(re.sub(r"{\w+}", "{}", path), set()).add(method)
        self.assertEqual(set(promised), served)
        for path, methods in promised.items():  # what the daemon takes, not what the table seems to say
            status, headers, _ = briefd.get(path.replace("{}", "1"), "OPTIONS")
            allowed = set(headers["allow"].split(", ")) - {"HEAD", "OPTIONS"}
            self.assertEqual((status, allowed), (204, methods), path)

    def test_a_finding_s_place_is_counted_as_javascript_counts(self):
        desk = self.desk(self.daemon())
        title = "\U00020000\U0001f680量化（没有另一半"
        pick = desk.ask("POST", "/api/v1/picks", {"section": "oss", "title": title, "url": "https://x.example/"})["made"]
        found = [f for f in desk.get("/api/v1/draft/findings")["findings"]
                 if f["pick"] == pick and f["code"] == "bracket_alone"]
        self.assertEqual([(f["field"], f["start"], f["length"]) for f in found], [("title", 6, 1)])
        units = title.encode("utf-16-le")
        self.assertEqual(units[12:14].decode("utf-16-le"), "（")

    def test_findings_know_past_issues_and_the_planned_day(self):
        desk = self.desk(self.daemon())
        link = {"section": "oss", "title": "手写", "url": "https://x.example/once"}

        def found(code, draft="draft"):
            return [(f["pick"], f["field"], f["message"]["zh"], f["fix"])
                    for f in desk.get(f"/api/v1/{draft}/findings")["findings"] if f["code"] == code]

        desk.ask("POST", "/api/v1/picks", link)
        day = desk.get("/api/v1/draft")["date"]
        self.assertEqual(found("link_printed") + found("date_not_planned"), [])
        desk.ask("POST", "/api/v1/publish", {"date": day})
        again = desk.ask("POST", "/api/v1/picks", link | {"url": link["url"] + "?utm_source=y"})["made"]
        (printed,) = found("link_printed")
        self.assertEqual(printed[:2], (again, "url"))
        self.assertIn(day, printed[2])
        planned = desk.get("/api/v1/draft")["date"]
        desk.ask("PATCH", "/api/v1/draft", {"day": "2031-02-03"})
        (moved,) = found("date_not_planned")
        self.assertEqual((moved[1], moved[3]), ("date", planned))
        made = desk.ask("POST", f"/api/v1/issues/{day}/reopen")["made"]  # has its own day, and printed it itself
        self.assertEqual(found("link_printed", f"drafts/{made}") + found("date_not_planned", f"drafts/{made}"), [])

    # ---- what is refused ----

    def test_hostile_bodies_change_nothing_and_are_told_what_is_wrong(self):
        briefd = self.daemon()
        desk = self.desk(briefd)
        desk.decide(desk.stories()[0]["id"], state="picked")
        before = desk.get("/api/v1/log")
        deep = b'{"stories":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        bodies = [b"", b"{", b"[]", b"null", b'"x"', b'{"a":1,"a":2}', b"\xff\xfe", b'{"title":"\x00"}', deep,
                  b'{"stories":[{"id":1}]}', b'{"stories":[]}', b'{"stories":[{"id":"1","version":1}]}',
                  b'{"stories":[{"id":"1"}],"state":"gone"}', b'{"stories":[{"id":"-1"}],"state":"later"}',
                  b'{"stories":[{"id":"1"}],"state":"later","x":1}', b'{"unknown":1}', b'{"picks":{}}',
                  b'{"date":20200101}', b'{"title":"","section":"news"}', b'{"section":"nowhere","title":"x"}',
                  '{"title":" \u3000\\n","section":"news"}'.encode(), '{"title":" \u3000 "}'.encode(),
                  b'{"section":"news","title":"x","url":"javascript:alert(1)"}', b'{"tags":[1]}', b'{"guide":5}']
        for method, path in WRITES:
            for body in bodies:
                status, value, _ = desk.call(method, path, body)
                self.assertIn(status, (404, 409, 422), (method, path, body[:60], value))
            self.assertEqual(desk.call(method, path, b"{}", kind="text/plain")[0], 415)
            self.assertEqual(desk.call(method, path, b"{}", kind="application/x-www-form-urlencoded")[0], 415)
            large = {"Content-Type": "application/json", "Content-Length": str(2 << 20)}
            self.assertEqual(briefd.get(path, method, large)[0], 413)
        self.assertEqual(desk.get("/api/v1/log"), before)

    def test_a_pick_with_places_still_to_be_filled_in_has_every_form(self):
        """The draft's page took the length of a line without a text: the daemon ended, and again at every start."""
        briefd = self.daemon()
        desk = self.desk(briefd)

        def text(path):
            return briefd.get(path)[2].decode()

        desk.ask("POST", "/api/v1/picks", {"section": "news", "title": "还没写完的一条", "url": None, "awaits_url": True, "summary": None,
                                           "links": [{"label": "知乎", "url": None}], "lines": [{"label": "链接：", "text": None}]}, expect=201)
        briefd.wait_until(lambda: "还没写完的一条" in text("/draft.md"))
        draft = desk.get("/api/v1/draft")["id"]
        for path in ("/plain", "/draft.md", "/draft.html", "/draft.txt", "/draft.wechat.html", "/draft.json"):
            self.assertIn("还没写完的一条", text(path), path)
        for form in ("md", "html", "wechat", "text"):
            self.assertIn("还没写完的一条", text(f"/api/v1/drafts/{draft}/proof/{form}"), form)
        codes = {finding["code"] for finding in desk.get("/api/v1/draft/findings")["findings"]}
        self.assertLessEqual({"link_empty", "line_empty", "summary_missing"}, codes)

    def test_a_page_of_another_site_changes_nothing(self):
        briefd = self.daemon()
        desk = self.desk(briefd)
        before = desk.get("/api/v1/log")
        for method, path in WRITES + BODILESS + ELSEWHERE:
            for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
                body = None if method == "DELETE" or (method, path) in BODILESS else b"{}"
                status = briefd.get(path, method, {"Content-Type": "application/json", **headers}, body)[0]
                self.assertEqual(status, 403, (method, path, headers))
        self.assertEqual(desk.get("/api/v1/log"), before)
        writes = {(m, CONTRACT.find(m, p)[0]) for m, p in WRITES + BODILESS + ELSEWHERE}
        self.assertEqual(writes, {(m, p) for m, p, _ in CONTRACT.operations() if m != "GET"})

    def test_an_editor_s_name_is_text(self):
        briefd = self.daemon()
        story = self.desk(briefd).stories()[0]["id"]
        body = json.dumps({"stories": [{"id": story}], "state": "later"})
        for name in (b"\xff", b"\xe7\x94", b"a\tb", b"\x7f", "\u0085".encode(), b"\xed\xa0\x80", b"\xc0\xaf", b"x" * 101):
            headers = {"Content-Type": "application/json", "Briefd-Editor": name.decode("latin-1")}
            status, _, answer = briefd.get("/api/v1/decisions", "POST", headers, body)
            self.assertEqual((status, b"Briefd-Editor" in answer), (400, True), name)
            self.assertEqual(briefd.get("/api/v1/log", headers=headers)[0], 400, name)
        self.desk(briefd, "甲 Ü\U00020000").decide(story, state="later")
        self.assertEqual([e["editor"] for e in briefd.json("/api/v1/log")["events"]], ["甲 Ü\U00020000"])

    # ---- repeating ----

    def test_a_repeated_request_is_answered_with_what_the_first_one_did(self):
        desk = self.desk(self.daemon())
        body = {"section": "news", "title": "一次"}
        first = desk.ask("POST", "/api/v1/picks", body, Idempotency_Key="k1")
        again = desk.ask("POST", "/api/v1/picks", body, Idempotency_Key="k1")
        self.assertEqual(first, again)
        self.assertEqual([p["title"] for p in desk.picks() if p["title"] == "一次"], ["一次"])
        desk.ask("POST", "/api/v1/picks", {"section": "news", "title": "二"}, Idempotency_Key="k1", expect=409)
        desk.ask("POST", "/api/v1/undo", Idempotency_Key="k2")
        desk.ask("POST", "/api/v1/undo", Idempotency_Key="k2")
        self.assertEqual([e["action"] for e in desk.get("/api/v1/log")["events"]], ["undo", "add_pick"])

    def test_publishing_again_by_the_same_key_publishes_nothing(self):
        briefd = self.daemon()
        desk = self.desk(briefd)
        day = desk.get("/api/v1/draft")["date"]
        first = desk.call("POST", "/api/v1/publish", {"date": day}, Idempotency_Key="p")
        briefd.kill()  # before the answer arrived, for all the client knows
        briefd.start()
        again = desk.call("POST", "/api/v1/publish", {"date": day}, Idempotency_Key="p")
        self.assertEqual((again[0], again[1], again[2]["location"]), (201, first[1], first[2]["location"]))
        self.assertEqual([e["action"] for e in desk.get("/api/v1/log")["events"]], ["publish"])
        self.assertEqual(len(desk.get("/api/v1/drafts")["drafts"]), 1)
        desk.ask("POST", "/api/v1/publish", {"date": "2031-01-01"}, Idempotency_Key="p", expect=409)
        desk.ask("POST", "/api/v1/publish", {"date": day}, Idempotency_Key="q", expect=409)

    def test_what_the_preview_shows_is_printed_and_suggestions_are_named(self):
        briefd = self.daemon()
        desk = self.desk(briefd)
        hers = desk.ask("POST", "/api/v1/picks", {"section": "oss", "title": "手写"})["made"]
        draft = desk.get("/api/v1/draft")
        suggested = [(s["id"], p["title"]) for s in draft["sections"] for p in s["picks"] if p["suggested"]]
        self.assertGreater(len(suggested), 3)
        found = [f for f in desk.get("/api/v1/draft/findings")["findings"] if f["code"] == "suggested"]
        self.assertEqual({f["section"] for f in found}, {section for section, _ in suggested})
        self.assertTrue(all(f["severity"] == "hint" and f["pick"] is None for f in found))
        preview = briefd.wait_until(lambda: (text := briefd.get("/draft.md")[2]).count("手写".encode()) and text)
        published = desk.ask("POST", "/api/v1/publish", {"date": draft["date"]}, Idempotency_Key="s")
        self.assertEqual((briefd.folder / "issues" / f"{draft['date']}.md").read_bytes(), preview)
        self.assertEqual(sorted((s["section"], s["title"]) for s in published["suggested"]), sorted(suggested))
        self.assertNotIn(hers, [s["pick"] for s in published["suggested"]])
        self.assertEqual(desk.ask("POST", "/api/v1/publish", {"date": draft["date"]}, Idempotency_Key="s"), published)
        desk.ask("PATCH", "/api/v1/draft", {"suggest": False})  # the next one: hers alone
        desk.ask("POST", "/api/v1/picks", {"section": "oss", "title": "只有这条"})
        draft = desk.get("/api/v1/draft")
        self.assertEqual([p["title"] for s in draft["sections"] for p in s["picks"]], ["只有这条"])
        self.assertNotIn("suggested", [f["code"] for f in desk.get("/api/v1/draft/findings")["findings"]])
        self.assertEqual(desk.ask("POST", "/api/v1/publish", {"date": draft["date"]})["suggested"], [])

    # ---- several editors ----

    def fold(self, briefd):
        """The state of every pick and story that the log by itself tells."""
        state = {}
        rows = briefd.query("SELECT kind, entity_id, after FROM event_change ORDER BY event_id")
        for kind, number, after in rows:
            state[kind, number] = json.loads(after) if after else None
        return state

    def test_two_editors_lose_no_edit(self):
        briefd = self.daemon()
        desks = [self.desk(briefd, "甲"), self.desk(briefd, "乙")]
        desks[0].ask("POST", "/api/v1/draft/accept", {})
        known = [{p["id"]: p for p in desk.picks()} for desk in desks]
        written = {number: pick["title"] for number, pick in known[0].items()}
        chance, lost = random.Random(20200917), 0
        for edit in range(1000):
            who = chance.randrange(2)
            number = chance.choice(sorted(written))
            seen = known[who][number]
            title = f"{edit} 由{desks[who].editor}改"
            status, value, _ = desks[who].call("PATCH", f"/api/v1/picks/{number}", {"title": title},
                                               If_Match=f'"{seen["version"]}"')
            if status == 412:
                lost += 1
                self.assertEqual((value["current"]["title"], value["yours"]["title"]), (written[number], title))
                known[who][number] = value["current"]
                continue
            self.assertEqual(seen["title"], written[number], "an edit was written over one that was not seen")
            known[who][number] = value["picks"][0]
            written[number] = title
        self.assertGreater(lost, 100)
        self.assertEqual({p["id"]: p["title"] for p in desks[0].picks()}, written)
        folded = {str(n): after["body"]["title"] for (kind, n), after in self.fold(briefd).items() if kind == "pick"}
        self.assertEqual(folded, written)

    def test_a_lost_race_shows_both_texts_of_every_kind_of_thing(self):
        briefd = self.daemon(briefing="learner = false")
        ada, bea = self.desk(briefd, "甲"), self.desk(briefd, "乙")
        story, other = (s["id"] for s in ada.stories()[:2])

        def lost(method, path, body=None, **how):
            """`how` names the version that was seen; the other one was there first."""
            value = bea.ask(method, path, body, expect=412, **how)
            self.assertEqual(value["yours"], body and body.get("rules", body))
            return value["conflict"], value["current"]

        pick = ada.decide(story, state="picked")["picks"][0]
        old = {"id": story, "version": "0"}
        for path, body, how in (("/api/v1/decisions", {"stories": [old], "state": "rejected"}, {}),
                                ("/api/v1/merges", {"stories": [{"id": other}, old]}, {}),
                                (f"/api/v1/stories/{story}/split", {"items": [{"id": "1"}]}, {"If_Match": '"0"'})):
            conflict, now = lost("POST", path, body, **how)
            self.assertEqual((conflict["kind"], conflict["id"], conflict["editor"]), ("story", story, "甲"))
            self.assertEqual((now["id"], now["state"]), (story, "picked"))
        ada.ask("PATCH", f"/api/v1/picks/{pick['id']}", {"title": "甲的题"})
        seen = f'"{pick["version"]}"'
        for method, path, body, how in (
                ("PATCH", f"/api/v1/picks/{pick['id']}", {"title": "乙的题"}, {"If_Match": seen}),
                ("DELETE", f"/api/v1/picks/{pick['id']}", None, {"If_Match": seen}),
                ("POST", "/api/v1/moves", {"picks": [{"id": pick["id"], "version": pick["version"]}], "section": "oss"}, {})):
            conflict, now = lost(method, path, body, **how)
            self.assertEqual((conflict["kind"], now["title"]), ("pick", "甲的题"), (method, path))
        before = ada.get("/api/v1/draft")
        ada.ask("PATCH", "/api/v1/draft", {"guide": "甲的导读。", "guide_base": before["guide_proposed"]})
        for path in ("/api/v1/draft", f"/api/v1/drafts/{before['id']}"):
            conflict, now = lost("PATCH", path, {"guide": "乙的导读。"}, If_Match=f'"{before["tag"]}"')
            self.assertEqual((conflict["kind"], now["guide"]), ("draft", "甲的导读。"))
        tag = ada.get("/api/v1/draft")["tag"]
        ada.ask("PATCH", f"/api/v1/picks/{pick['id']}", {"title": "再改"})  # a line of it, after the draft was seen
        conflict, now = lost("POST", "/api/v1/publish", {"date": before["date"]}, If_Match=f'"{tag}"')
        self.assertEqual((conflict["editor"], now["guide"]), ("甲", "甲的导读。"))

        for path, name, gone, text in (
                ("/api/v1/rules", "topics", "/api/v1/topics/t", 'topic "t" {{ keywords = {{ "{}" }} }}'),
                ("/api/v1/rules", "rules", "/api/v1/rules/news/r", 'section "news" {{ rule "r" {{ keywords = {{ "{}" }} }} }}'),
                ("/api/v1/vendors", "vendors", "/api/v1/vendors/V", 'vendor "V" {{ aliases = {{ "{}" }} }}')):
            hers, mine = {"rules": text.format("甲")}, {"rules": text.format("乙")}
            seen = ada.call("GET", path)[2]["etag"]
            ada.ask("PUT", path, hers, If_Match=seen)
            conflict, now = lost("PUT", path, mine, If_Match=seen)
            self.assertEqual((conflict["kind"], sum(map(len, now.values()))), ("rules", 1))
            self.assertIn("甲", now[name][0].get("keywords") or now[name][0]["aliases"])
            fresh = bea.call("GET", path)[2]["etag"]
            bea.ask("PUT", path, mine, If_Match=fresh)
            lost("DELETE", gone, If_Match=fresh)
            bea.ask("DELETE", gone)

    def test_other_pages_are_told(self):
        briefd = self.daemon()
        desk = self.desk(briefd)
        story = desk.stories()[0]["id"]
        with Listener(briefd) as page:
            self.assertEqual(page.next()[0], "hello")
            done = desk.decide(story, state="picked")
            decision, number = page.wait_for("decision")
            self.assertEqual((decision["event"], decision["action"], decision["stories"]), (done["event"], "decide", [story]))
            self.assertEqual(page.wait_for("draft")[0], {"tag": done["event"]})
        second = desk.ask("POST", "/api/v1/undo")
        with Listener(briefd, last_id=number) as page:  # comes back, and has missed the undo
            self.assertEqual(page.wait_for("decision")[0]["event"], second["event"])

    def test_an_open_page_follows_the_feeds_and_what_is_published(self):
        briefd = self.daemon()
        desk = self.desk(briefd)

        def news(page, wanted):
            """Messages about feeds until `wanted` holds of one's only row; all are as the contract has them."""
            while True:
                data = page.wait_for("feeds")[0]
                CONTRACT.check({"$ref": "#/components/schemas/FeedNews"}, data)
                if wanted(data["feeds"][0]):
                    return data["feeds"][0]

        with Listener(briefd) as page:
            self.assertEqual(page.next()[0], "hello")
            self.origin.set("/f.xml", b"", status=500)
            briefd.pass_time(86400)
            row = news(page, lambda row: row["error"])
            served = next(f for f in desk.get("/api/v1/feeds")["feeds"] if f["name"] == "a")
            self.assertEqual((row["name"], row["health"]), ("a", served["health"]))
            self.origin.set("/f.xml", feed(41, title="源"))
            briefd.pass_time(86400)
            self.assertEqual(news(page, lambda row: not row["error"])["entries"], 41)
            day = desk.get("/api/v1/draft")["date"]
            published = desk.ask("POST", "/api/v1/publish", {"date": day})
            self.assertEqual(page.wait_for("decision")[0]["action"], "publish")
            self.assertEqual(page.wait_for("published")[0], {"date": day, "version": published["version"]})

    # ---- learning ----

    def test_relevance_follows_decisions_and_an_undo_takes_it_back(self):
        briefd = self.daemon()
        desk = self.desk(briefd)
        stories = desk.stories()
        other = stories[-1]["id"]

        def relevance():
            return desk.get(f"/api/v1/stories/{other}")["relevance"]

        before = relevance()
        desk.decide(*[s["id"] for s in stories[:10]], state="rejected")
        briefd.wait_until(lambda: relevance() != before, deadline=10)
        taught = relevance()
        briefd.kill()
        briefd.start()
        self.assertEqual(relevance(), taught)
        desk.ask("POST", "/api/v1/undo")
        briefd.wait_until(lambda: relevance() == before, deadline=10)

    # ---- kill -9 ----

    def test_what_was_answered_is_there_after_kill(self):
        briefd = self.daemon()
        desk = self.desk(briefd)
        chance = random.Random(17)
        ids = [story["id"] for story in desk.stories()]
        states, titles = {}, {}
        for kill in range(int(os.environ.get("KILLS", "20"))):
            for _ in range(chance.randint(1, 5)):
                story = chance.choice(ids)
                states[story] = chance.choice(["picked", "later", "rejected", "inbox"])
                done = desk.decide(story, state=states[story])
                for number in done["removed"]:
                    titles.pop(number, None)
                for pick in done["picks"]:
                    titles[pick["id"]] = f"{kill} 版"
                    desk.ask("PATCH", f"/api/v1/picks/{pick['id']}", {"title": titles[pick["id"]]})
            briefd.kill()  # right after the 2xx
            briefd.start()
            there = {s["id"]: s["state"] for state in ("picked", "later", "rejected", "inbox")
                     for s in desk.get(f"/api/v1/stories?limit=200&state={state}")["stories"]}
            self.assertEqual({story: there[story] for story in states}, states)
            self.assertEqual({p["id"]: p["title"] for p in desk.picks() if not p["suggested"]}, titles)

    def test_a_published_file_is_committed_where_that_is_wanted(self):
        briefd = self.daemon(briefing="commit = true output_folder = 'is\"sues'")  # which git's error names
        desk = self.desk(briefd)
        folder = briefd.folder / 'is"sues'
        with Listener(briefd) as page:
            day = desk.get("/api/v1/draft")["date"]
            desk.ask("POST", "/api/v1/publish", {"date": day})  # no repository: published all the same
            self.assertIn("git add", page.wait_for("committed")[0]["error"])
            self.assertTrue((folder / f"{day}.md").exists())
            for words in (["init", "-q"], ["config", "user.name", "x"], ["config", "user.email", "x@x.example"]):
                subprocess.run(["git", "-C", folder, *words], check=True)
            made = desk.ask("POST", f"/api/v1/issues/{day}/reopen")["made"]
            desk.ask("POST", "/api/v1/publish", {"date": day, "draft": made})
            self.assertIsNone(page.wait_for("committed")[0]["error"])
        done = subprocess.run(["git", "-C", folder, "show", "--stat", "--format=%s"], capture_output=True, text=True)
        self.assertIn(f"测试简报 {day}", done.stdout)
        self.assertIn(f"{day}.md", done.stdout)

    def test_what_a_crash_kept_from_being_published_is_committed_too(self):
        briefd = self.daemon(briefing="commit = true output_folder = 'issues'")
        desk = self.desk(briefd)
        folder = briefd.folder / "issues"
        folder.mkdir()
        for words in (["init", "-q"], ["config", "user.name", "x"], ["config", "user.email", "x@x.example"]):
            subprocess.run(["git", "-C", folder, *words], check=True)
        day = desk.get("/api/v1/draft")["date"]
        with Listener(briefd) as page:
            desk.ask("POST", "/api/v1/publish", {"date": day})
            page.wait_for("committed")
        issue, following = desk.get(f"/api/v1/issues/{day}"), desk.get("/api/v1/draft")
        issue["date"] = following["date"]
        for section in issue["sections"]:
            section["items"] = []
        briefd.kill()
        with sqlite3.connect(briefd.database) as database:  # as publishing leaves it before it writes the file
            database.execute("INSERT INTO publication VALUES (1, ?, ?, 1, 'ada', 1600000000, ?, '[]', NULL, 0)",
                             (int(following["id"]), following["date"], json.dumps(issue)))
        briefd.start()
        briefd.wait_until(lambda: subprocess.run(["git", "-C", folder, "cat-file", "-e", f"HEAD:{following['date']}.md"], stderr=subprocess.DEVNULL).returncode == 0)
        self.assertEqual(desk.get(f"/api/v1/issues/{following['date']}/versions")["versions"][0]["editor"], "ada")

    def test_an_unwritable_folder_leaves_the_draft_open(self):
        briefd = self.daemon()
        desk = self.desk(briefd)
        (briefd.folder / "issues").write_text("a file where the folder should be")
        day = desk.get("/api/v1/draft")["date"]
        status, _, body = briefd.get("/api/v1/publish", "POST", {"Content-Type": "application/json"},
                                     json.dumps({"date": day}))
        self.assertEqual(status, 503, body)
        self.assertIn(b"issues", body)
        self.assertFalse(desk.get("/api/v1/draft")["publishing"])
        (briefd.folder / "issues").unlink()
        desk.ask("POST", "/api/v1/publish", {"date": day})
        self.assertEqual([p.name for p in (briefd.folder / "issues").iterdir()], [f"{day}.md"])


if __name__ == "__main__":
    unittest.main()
