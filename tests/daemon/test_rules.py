"""Rules at the desk: tried against the stored items, written, in force after a restart, exported, taken back."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from origin import Origin  # noqa: E402

CONF = {"Content-Type": "text/x-feeds-conf"}
JSON = {"Content-Type": "application/json"}
# The origin's items are called "Item 0" to "Item 9".
MOVES = 'section "papers" { rule "items" { weight = 2 keywords = { "=Item" } } }\n'


class Rules(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())
        self.briefd = self.enterContext(Briefd({"file": self.origin.url("/ok")}))

    def start(self):
        self.briefd.start()
        self.briefd.wait_until(lambda: self.sections().get("news") == 10)

    def sections(self):
        if not self.briefd.database.exists():
            return {}
        return dict(self.briefd.query("SELECT section, count(*) FROM item GROUP BY section"))

    def send(self, method, path, text="", headers=CONF):
        status, _, body = self.briefd.get(path, method, headers if text else {}, text.encode())
        return status, json.loads(body)

    def rule(self, name, kind="rules"):
        return next((r for r in self.briefd.json("/api/v1/rules")[kind] if r["name"] == name), None)

    def vendor(self, name):
        return next((v for v in self.briefd.json("/api/v1/vendors")["vendors"] if v["name"] == name), None)

    def classify_try(self, text, *options):
        path = self.briefd.folder / "try.conf"
        path.write_text(text, encoding="utf-8")
        return self.briefd.command("classify", "--try", path, *options, check=False)

    # ---- trying ----

    def test_a_trial_says_what_would_move_and_moves_nothing(self):
        self.briefd.poll()
        done = self.classify_try(MOVES)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = done.stdout.splitlines()
        self.assertRegex(lines[0], r"^news -> papers\t0\.\d\d\t0\.\d\d -> 0\.\d\d\t\d+\tItem \d$")
        self.assertEqual(len(lines), 11)
        self.assertTrue(lines[-1].startswith("10 of 10 items move: news -> papers 10;"), lines[-1])
        report = json.loads(self.classify_try('topic "quantization" { weight = 3 keywords = { "Item" } }', "--json").stdout)
        self.assertEqual((report["items"], report["moved"], report["shifted"], report["complete"]), (10, 0, 10, True))
        self.assertEqual(self.sections(), {"news": 10})

    def test_a_bad_rule_is_refused_at_its_place(self):
        self.briefd.poll()
        for text, place in [
            ('section "papers" {\n  rule "a" { keywords = { "ok",  "/(x/" } }\n}', r"try\.conf:2:35: error: .*parenthesis"),
            ('section "paper" { rule "a" { keywords = { "x" } } }', r"try\.conf:1:10: error: .*write 'papers'"),
            ('topic "t" { wieght = 2 keywords = { "x" } }', r"try\.conf:1:13: error: unknown key 'wieght'.*weight"),
            ('vendor "辉达" { aliases = { "NVIDIA" } }', r"try\.conf:1:28: error: alias 'NVIDIA'.*英伟达"),
            ('section "papers" { title = "x" }', r"try\.conf:1:20: error: unknown key 'title'"),
            ('feed "x" { url = "https://a.example/" }', r"try\.conf:1:1: error: unknown key 'feed'"),
            ("# nothing\n", r"try\.conf: error: there is no rule here"),
        ]:
            done = self.classify_try(text)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertRegex(done.stderr, place)

    def test_the_api_tries_as_the_command_does(self):
        self.start()
        status, report = self.send("POST", "/api/v1/rules/try", MOVES)
        self.assertEqual((status, report["moved"]), (200, 10))
        self.assertEqual(report["pairs"], [{"from": "news", "to": "papers", "count": 10}])
        move = report["moves"][0]
        self.assertEqual((move["from"], move["to"]), ("news", "papers"))
        self.assertEqual(self.send("POST", "/api/v1/rules/try", json.dumps({"rules": MOVES}), JSON), (status, report))
        self.assertEqual(self.sections(), {"news": 10})

    def test_a_bad_rule_is_a_problem_with_its_place(self):
        self.start()
        for method, path in [("POST", "/api/v1/rules/try"), ("PUT", "/api/v1/rules")]:
            status, problem = self.send(method, path, 'topic "t" {\n  keywords = { "*net", "" }\n}')
            self.assertEqual(status, 422)
            self.assertTrue(problem["detail"].startswith("rules:2:"), problem["detail"])
            self.assertTrue(all(p["line"] == 2 and p["column"] > 1 for p in problem["problems"]))
            self.assertEqual(self.send(method, path, '{"text": "x"}', JSON)[0], 422)
            self.assertEqual(self.send(method, path, "{", JSON)[0], 422)
        self.assertEqual(self.briefd.query("SELECT count(*) FROM desk_rule"), [(0,)])

    # ---- writing ----

    def test_a_written_rule_judges_what_is_stored_and_survives_kill_and_reload(self):
        self.start()
        self.assertEqual(self.send("PUT", "/api/v1/rules", MOVES), (200, {"written": 1}))
        self.briefd.wait_until(lambda: self.sections() == {"papers": 10})
        self.assertRegex(self.rule("items")["origin"], r"^desk \d{4}-")
        self.assertRegex(self.rule("arxiv")["origin"], r"^.*feeds\.conf:\d+$")
        self.briefd.kill()
        self.briefd.start()
        self.briefd.wait_until(lambda: self.briefd.json("/api/v1/rules"))
        self.assertEqual(self.rule("items")["weight"], 2)
        self.assertEqual(self.send("DELETE", "/api/v1/rules/papers/items"), (200, {"removed": 1}))
        self.briefd.wait_until(lambda: self.sections() == {"news": 10})
        self.assertEqual(self.send("DELETE", "/api/v1/rules/papers/items")[0], 404)
        self.assertEqual(self.send("DELETE", "/api/v1/rules/papers/arxiv")[0], 404)

    def test_the_desk_wins_over_the_file_and_gives_it_back(self):
        self.start()
        self.send("PUT", "/api/v1/rules", 'section "papers" { rule "arxiv" { weight = 0 keywords = { "url:arxiv.org" } } }\n'
                  'topic "quantization" { weight = 5 keywords = { "int4" } }\nvendor "英伟达" { aliases = { "辉达" } }')
        self.assertEqual((self.rule("arxiv")["weight"], self.rule("arxiv")["final"]), (0, False))
        self.assertEqual(self.rule("quantization", "topics")["keywords"], ["int4"])
        self.assertEqual(self.vendor("英伟达")["aliases"], ["英伟达", "辉达"])
        self.assertEqual(self.send("DELETE", "/api/v1/rules/papers/arxiv")[0], 200)
        self.assertEqual(self.send("DELETE", "/api/v1/topics/quantization")[0], 200)
        self.assertEqual(self.send("DELETE", "/api/v1/vendors/%E8%8B%B1%E4%BC%9F%E8%BE%BE")[0], 200)
        self.assertTrue(self.rule("arxiv")["final"])
        self.assertEqual(self.rule("quantization", "topics")["keywords"], ["量化", "quantiz*"])
        self.assertEqual(self.vendor("英伟达")["aliases"], ["英伟达", "NVIDIA"])

    def test_the_export_holds_both_and_loads_to_the_same(self):
        self.start()
        self.send("PUT", "/api/v1/vendors", MOVES + 'vendor "高通" { aliases = { "Qualcomm", "=QC" } }')
        exported = self.briefd.command("export-config").stdout
        self.assertIn('rule "items"', exported)
        self.assertIn("# written at the desk 20", exported)
        self.briefd.stop()
        self.briefd.database.unlink()
        self.briefd.config.write_text(exported, encoding="utf-8")
        self.briefd.start()
        self.briefd.wait_until(lambda: self.rule("items"))
        self.assertIn("=QC", self.vendor("高通")["aliases"])
        self.assertRegex(self.rule("items")["origin"], r":\d+$")

    def test_a_rule_of_a_section_the_file_has_dropped_rests(self):
        self.start()
        self.send("PUT", "/api/v1/rules", MOVES)
        self.briefd.stop()
        text = self.briefd.config.read_text(encoding="utf-8")
        self.briefd.config.write_text(text.replace('section "papers"', 'section "theses"'), encoding="utf-8")
        self.briefd.start()
        self.briefd.wait_until(lambda: self.briefd.json("/api/v1/rules"))
        self.assertIsNone(self.rule("items"))
        self.assertIn("there is no section 'papers'", self.briefd.log())

    def test_writes_of_other_sites_and_forms_are_refused(self):
        self.start()
        for headers in [CONF | {"Origin": "https://evil.example"}, CONF | {"Sec-Fetch-Site": "cross-site"}]:
            self.assertEqual(self.send("PUT", "/api/v1/rules", MOVES, headers)[0], 403)
        self.assertEqual(self.send("PUT", "/api/v1/rules", MOVES, {"Content-Type": "text/plain"})[0], 415)
        self.assertEqual(self.sections(), {"news": 10})


if __name__ == "__main__":
    unittest.main()
