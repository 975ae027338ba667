"""The desk over HTTP: every address of the contract is called, and every answer is as the contract says."""
import base64
import hashlib
import json
import pathlib
import re
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from contract import ROOT  # noqa: E402
from desk import CONTRACT, Desk, Listener  # noqa: E402
from desk_case import DeskCase  # noqa: E402
from visitor import PASSWORD, Visitor  # noqa: E402


class Api(DeskCase):
    def test_every_address_answers_as_the_contract_says(self):
        briefd = self.daemon(briefing="learner = false")  # what is decided here must not move what comes next
        desk = self.desk(briefd)
        self.drive_filters(desk)
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

    def drive_filters(self, desk):
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

    def drive_stories(self, desk):
        stories = desk.stories()
        ids = [story["id"] for story in stories]
        self.assertEqual(len(set(ids)), 40)
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
        self.assertIn("published already", desk.ask("POST", "/api/v1/publish", {"date": day}, expect=409)["detail"])
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


if __name__ == "__main__":
    unittest.main()
