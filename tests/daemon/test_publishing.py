"""Publishing: what is printed, what a repeated request does, what keeps an issue from going out."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from desk_case import DeskCase  # noqa: E402


class Publishing(DeskCase):
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
