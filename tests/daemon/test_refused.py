"""What the desk refuses: hostile bodies, pages of other sites, names that are no text."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from desk import CONTRACT  # noqa: E402
from desk_case import DeskCase  # noqa: E402

WRITES = [
    ("POST", "/api/v1/decisions"), ("POST", "/api/v1/merges"), ("POST", "/api/v1/stories/1/split"),
    ("PATCH", "/api/v1/draft"), ("PATCH", "/api/v1/drafts/1"), ("POST", "/api/v1/draft/accept"),
    ("POST", "/api/v1/picks"), ("PATCH", "/api/v1/picks/1"), ("POST", "/api/v1/moves"), ("POST", "/api/v1/publish"),
]
BODILESS = [("DELETE", "/api/v1/picks/1"), ("POST", "/api/v1/undo"), ("POST", "/api/v1/redo"),
            ("POST", "/api/v1/issues/2020-09-17/reopen")]
ELSEWHERE = [("POST", "/api/v1/feeds.opml"), ("POST", "/api/v1/add"), ("POST", "/api/v1/rules/try"),
             ("PUT", "/api/v1/rules"), ("PUT", "/api/v1/vendors"), ("DELETE", "/api/v1/rules/news/x"),
             ("DELETE", "/api/v1/topics/x"), ("DELETE", "/api/v1/vendors/x"), ("PUT", "/api/v1/me/password"),
             ("DELETE", "/api/v1/sessions"), ("DELETE", "/api/v1/sessions/1"), ("POST", "/api/v1/tokens"),
             ("DELETE", "/api/v1/tokens/1"), ("POST", "/api/v1/users"), ("PATCH", "/api/v1/users/x"),
             ("DELETE", "/api/v1/users/x"), ("PATCH", "/api/v1/feeds/1"), ("DELETE", "/api/v1/feeds/1"),
             ("POST", "/api/v1/feeds/1/poll")]  # their bodies have tests of their own


class Refused(DeskCase):
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


if __name__ == "__main__":
    unittest.main()
