"""Several editors at one desk: no edit is lost, both texts of a lost race are shown, open pages are told."""
import json
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from desk import CONTRACT, Listener  # noqa: E402
from desk_case import DeskCase  # noqa: E402
from origin import feed  # noqa: E402


class Editors(DeskCase):
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


if __name__ == "__main__":
    unittest.main()
