"""Past issues: what import-issues says, keeps and gives back."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import BINARY  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORMS = ROOT / "tests/fixtures/briefing/issues"
CONFIG = """
briefing { title = "端侧智能简报" archive_anchor = "2020-02-16" output_folder = "out" }
section "brief" { title = "热身小新闻" form = oneline }
section "news" { title = "业界新闻" short_title = "新闻" fallback = true }
section "papers" { title = "论文" form = paper }
section "oss" { title = "开源项目" short_title = "开源" form = project }
section "blog" { title = "博文" }
feed "f" { url = "https://f.example/feed" }
"""


class Import(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.place = pathlib.Path(self.folder.name)
        (self.place / "feeds.conf").write_text(CONFIG, encoding="utf-8")
        self.issues = self.place / "issues"
        self.issues.mkdir()
        for form, day in (("2019-form", "2019-05-15"), ("2020-form", "2020-10-21"), ("2021-form", "2021-07-18")):
            self.put(day, (FORMS / f"{form}.md").read_text(encoding="utf-8"))

    def put(self, day, text):
        (self.issues / f"{day}.md").write_text(text, encoding="utf-8")

    def run_briefd(self, *words, stdin=None):
        return subprocess.run([BINARY, "--config", self.place / "feeds.conf", "--database",
                               self.place / "b.sqlite", *words], capture_output=True, text=True, timeout=30,
                              input=stdin)

    def import_json(self):
        done = self.run_briefd("import-issues", self.issues, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_what_was_imported_is_given_back_byte_for_byte(self):
        done = self.run_briefd("import-issues", self.issues)
        self.assertEqual(done.returncode, 0, done.stderr)
        for file in self.issues.iterdir():
            text = self.run_briefd("digest", "--issue", file.stem, "--format", "md").stdout
            self.assertEqual(text, file.read_text(encoding="utf-8"))

    def test_imported_again_nothing_changes(self):
        self.assertEqual([file["result"] for file in self.import_json()["files"]], ["added"] * 3)
        self.assertEqual([file["result"] for file in self.import_json()["files"]], ["unchanged"] * 3)
        self.put("2021-07-18", (self.issues / "2021-07-18.md").read_text(encoding="utf-8") + "\n改过。\n")
        self.assertEqual([file["result"] for file in self.import_json()["files"]],
                         ["unchanged", "unchanged", "changed"])

    def test_what_cannot_be_read_is_named_with_its_line(self):
        self.put("2021-08-01", "# 端侧智能简报 (2021-08-01)\n\n> 没有名目的引文\n")
        done = self.run_briefd("import-issues", self.issues)
        self.assertEqual(done.returncode, 0)
        self.assertIn("2021-08-01.md:3: a quotation that is neither guide nor note: > 没有名目的引文", done.stdout)

    def test_days_without_a_file_stand_in_the_next_table(self):
        self.import_json()
        draft = self.run_briefd("digest", "--format", "md").stdout
        self.assertIn("[2019-10-03](../out/2019-10-03.md)", draft)
        self.assertIn("[2021-07-18](../out/2021-07-18.md)", draft)

    def test_an_issue_that_is_not_there_and_a_folder_without_issues_are_said(self):
        self.import_json()
        done = self.run_briefd("digest", "--issue", "2001-01-01")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("there is no issue of '2001-01-01'", done.stderr)
        empty = self.place / "empty"
        empty.mkdir()
        self.assertIn("holds no issue", self.run_briefd("import-issues", empty).stderr)
        self.assertEqual(self.run_briefd("import-issues", self.place / "none").returncode, 1)

    def test_what_was_imported_teaches(self):
        self.import_json()
        printed = json.loads(self.run_briefd("digest", "--issue", "2020-10-21", "--format", "json").stdout)
        item = next(i for s in printed["sections"] if s["id"] == "papers" for i in s["items"])
        line = json.dumps({"id": "1", "title": item["title"]}) + "\n"
        rules = subprocess.run([BINARY, "--config", self.place / "feeds.conf", "classify"], input=line,
                               capture_output=True, text=True, timeout=30)
        before = json.loads(rules.stdout)
        after = json.loads(self.run_briefd("classify", stdin=line).stdout)
        self.assertEqual((before["section"], after["section"]), ("news", "papers"))
        self.assertGreater(after["relevance"], before["relevance"])
        (self.place / "b.sqlite").unlink()
        missing = self.run_briefd("classify", stdin=line)
        self.assertEqual((missing.returncode, missing.stdout), (1, ""))

    def test_an_issue_has_a_page_and_a_document_too(self):
        self.import_json()
        document = json.loads(self.run_briefd("digest", "--issue", "2020-10-21", "--format", "json").stdout)
        self.assertEqual(document["sections"][0]["items"][0]["subject"], "英伟达 & ARM")
        page = self.run_briefd("digest", "--issue", "2020-10-21", "--format", "html").stdout
        self.assertTrue(page.startswith("<!DOCTYPE html>"))


if __name__ == "__main__":
    unittest.main()
