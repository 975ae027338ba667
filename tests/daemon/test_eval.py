"""`briefd eval`: every figure over a small folder whose right answers are known by hand."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import BINARY  # noqa: E402

CONFIG = """
briefing { title = "T" }
section "news" { title = "News" fallback = true }
section "line" { title = "Lines" form = oneline overflow_of = news }
section "papers" { title = "Papers" rule "p" { keywords = { "paper" } } }
topic "t" { keywords = { "chip" } }
feed "f" { url = "https://example.org/feed" }
"""


def lines(*objects):
    return "".join(json.dumps(o) + "\n" for o in objects)


class Eval(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.folder / "feeds.conf").write_text(CONFIG)
        (self.folder / "data").mkdir()

    def write(self, name, text):
        path = self.folder / "data" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def run_eval(self, *options):
        return subprocess.run([BINARY, "--config", self.folder / "feeds.conf", "eval", self.folder / "data", *options],
                              capture_output=True, text=True, timeout=60)

    def figures(self):
        done = self.run_eval("--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return {(row["file"], row["measure"]): (row["value"], row["count"])
                for row in json.loads(done.stdout)["figures"]}

    def test_a_file_that_cannot_be_read_is_named_and_the_others_are_measured(self):
        self.write("urls.jsonl", '{"a": "https://x.org/a", "b": "https://x.org/a#b", "same": 1}\n')
        self.write("pairs_x.jsonl", "\n[1]\n")
        self.write("stream_x.jsonl", lines({"id": "1", "title": "no story"}))
        done = self.run_eval()
        self.assertEqual(done.returncode, 1)
        self.assertIn("pairs_x.jsonl:2: not a JSON object", done.stderr)
        self.assertIn("stream_x.jsonl: line 1 has no 'story'", done.stderr)
        self.assertRegex(done.stdout, r"same ones joined +1\.0000 +of 1\n")

    def test_an_empty_folder_says_so(self):
        done = self.run_eval()
        self.assertEqual(done.returncode, 0)
        self.assertIn("No file here", done.stdout)

    def test_keys(self):
        self.write("urls.jsonl", lines(
            {"a": "https://x.org/a", "b": "https://x.org/a?utm_source=1", "same": 1},
            {"a": "https://x.org/a", "b": "https://x.org/c", "same": 1},
            {"a": "https://x.org/a", "b": "https://x.org/b", "same": 0}))
        got = self.figures()
        self.assertEqual(got["urls.jsonl", "keys: same ones joined"], (0.5, 2))
        self.assertEqual(got["urls.jsonl", "keys: different ones kept apart"], (1, 1))

    def test_pairs_and_streams(self):
        title = "Vendor announces the first chip of its kind for small devices in factories"
        self.write("pairs_a.jsonl", lines(
            {"a": {"title": title}, "b": {"title": title + "!"}, "near_dup": 1},
            {"a": {"title": title}, "b": {"title": "Something else entirely was said elsewhere"}, "near_dup": 1},
            {"a": {"title": "Tool v1.2 is out today"}, "b": {"title": "Tool v1.3 is out today"}, "near_dup": 0,
             "origin": "lookalike-versions"}))
        self.write("stream_a.jsonl", lines(
            {"id": "1", "title": title, "published": "2026-01-05T10:00:00Z", "story": "s"},
            {"id": "2", "title": title, "published": "2026-01-05T11:00:00Z", "story": "s"},
            {"id": "3", "title": "Something else entirely", "published": "2026-01-05T12:00:00Z", "story": "s"}))
        got = self.figures()
        self.assertEqual(got["pairs_a.jsonl", "near-duplicates: precision"], (1, 2))
        self.assertEqual(got["pairs_a.jsonl", "near-duplicates: recall"], (0.5, 2))
        self.assertEqual(got["pairs_a.jsonl", "look-alikes merged"], (0, 1))
        self.assertEqual(got["stream_a.jsonl", "stories: B-cubed precision"], (1, 3))
        # two items see two of three, one sees itself alone
        self.assertAlmostEqual(got["stream_a.jsonl", "stories: B-cubed recall"][0], (2 / 3 + 2 / 3 + 1 / 3) / 3, 3)
        self.assertAlmostEqual(got["stream_a.jsonl", "stories: recall of pairs"][0], 1 / 3, 3)

    def test_sections_count_a_one_line_item_as_what_it_overflows_from(self):
        self.write("items.jsonl", lines(
            {"id": "1", "issue": "1", "section": "papers", "title": "A paper"},
            {"id": "2", "issue": "1", "section": "line", "title": "A vendor"},
            {"id": "3", "issue": "2", "section": "papers", "title": "Nothing says so"}))
        got = self.figures()
        # papers: 1 right, 1 missed: 2/3; news: 1 right, 1 false: 2/3
        self.assertAlmostEqual(got["items.jsonl", "sections: macro-F1, rules alone"][0], 2 / 3, 3)

    def test_issues_beside_the_items_are_read_and_compared(self):
        self.write("items.jsonl", lines(
            {"id": "1", "issue": "2026-01-01", "section": "news", "title": "A vendor", "source": "S",
             "url": "https://x.org/1", "tags": []},
            {"id": "2", "issue": "2026-01-01", "section": "papers", "title": "A paper", "source": None,
             "url": "https://x.org/other", "tags": ["2601.00001"]}))
        self.assertFalse([m for _, m in self.figures() if m.startswith("import")])
        self.write("issues/2026-01-01.md", "# T (2026-01-01)\n\n## News\n\n- [A vendor | S](https://x.org/1)  \n\n"
                   "## Papers\n\n- [2601.00001] [A paper](https://x.org/2)  \n")
        got = {m: v for (_, m), v in self.figures().items() if m.startswith("import")}
        self.assertEqual(got, {"import: items read to items labelled": (1, 2), "import: right section": (1, 2),
                               "import: right title": (1, 2), "import: right source": (1, 2),
                               "import: right url": (0.5, 2), "import: right tags": (1, 2)})

    def test_relevance(self):
        ranking = [{"id": str(i), "title": t, "picked": p, "issue": d} for i, (t, p, d) in enumerate(
            [("A chip", 1, "2026-01-01"), ("A tree", 1, "2026-02-01"), ("A lake", 0, None), ("A hill", 0, None)])]
        self.write("ranking.jsonl", lines(*ranking))
        self.write("replay.jsonl", lines(*({**r, "issue": "1", "id": "1#" + r["id"]} for r in ranking)))
        got = self.figures()
        # the chip beats both, the tree ties with both
        self.assertEqual(got["ranking.jsonl", "relevance: AUC, cold"], (0.75, 2))
        self.assertEqual(got["replay.jsonl", "evening: AUC, rules alone"], (0.75, 1))
        self.assertEqual(got["replay.jsonl", "evening: recall in the first 20, rules alone"], (1, 1))
        self.assertFalse([m for _, m in got if "taught" in m])
        self.write("items.jsonl", lines({"id": "a", "issue": "2026-01-01", "section": "news", "title": "A tree"}))
        got = self.figures()
        taught = got["ranking.jsonl", "relevance: AUC, taught by the issues to 2026-01-01"]
        self.assertEqual(taught, (1, 1))  # the one tree it has seen printed


if __name__ == "__main__":
    unittest.main(verbosity=2)
