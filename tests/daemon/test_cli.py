"""The commands as a person or a script meets them: help, exit codes, one clear sentence."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import BINARY, Briefd  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMANDS = ["run", "check", "poll", "digest", "classify", "parse", "canonical-url", "sanitize",
            "preflight"]


def run(*words, stdin=None):
    return subprocess.run([BINARY, *words], capture_output=True, text=True, input=stdin, timeout=30)


class Commands(unittest.TestCase):
    def test_help_lists_every_command_and_each_has_its_own(self):
        overview = run("--help")
        self.assertEqual(overview.returncode, 0)
        for name in COMMANDS:
            self.assertIn(f"\n  {name} ", overview.stdout)
            own = run(name, "--help")
            self.assertEqual(own.returncode, 0, name)
            self.assertTrue(own.stdout.startswith(f"usage: briefd {name} "), own.stdout)

    def test_version(self):
        done = run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^briefd \d+\.\d+\.\d+\n$")

    def test_usage_errors_exit_with_2_and_name_the_word(self):
        for words, named in [(["frobnicate"], "frobnicate"), (["parse"], "parse"), (["parse", "--none", "x"], "none"),
                             (["poll"], "--once"), ([], "usage"), (["digest", "--format", "pdf"], "pdf"),
                             (["check", "--allow", "nonsense"], "nonsense")]:
            done = run(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(named, done.stderr + done.stdout, words)

    def test_options_may_stand_before_or_after_the_command(self):
        before = run("--config", ROOT / "feeds.conf", "check")
        after = run("check", "--config", ROOT / "feeds.conf")
        self.assertEqual((before.returncode, before.stdout), (after.returncode, after.stdout))
        self.assertEqual(before.returncode, 0, before.stderr)

    def test_a_configuration_that_is_missing_is_one_sentence(self):
        done = run("poll", "--once", "--config", "/nonexistent/feeds.conf")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/nonexistent/feeds.conf", done.stderr)

    def test_parse_prints_one_object_for_a_feed_and_for_what_is_none(self):
        feed = run("parse", "-", stdin="<rss version='2.0'><channel><title>t</title></channel></rss>")
        self.assertEqual((feed.returncode, json.loads(feed.stdout)["title"]), (0, "t"))
        for words, stdin in [(["parse", "-"], "<html><body>x</body></html>"), (["parse", "/nonexistent.xml"], "")]:
            none = run(*words, stdin=stdin)
            self.assertEqual(none.returncode, 1)
            self.assertTrue(json.loads(none.stdout)["error"])

    def test_canonical_url_answers_a_line_for_each_line(self):
        done = run("canonical-url", stdin="https://arxiv.org/pdf/2009.00278v2.pdf\n"
                   "http://www.example.org:80/a/../b?utm_source=x#y\nnot a url\n")
        self.assertEqual(done.returncode, 0)
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertEqual(lines[0], "arxiv:2009.00278")
        self.assertIn("example.org/b", lines[1])

    def test_classify_gives_a_verdict_with_reasons_for_each_line(self):
        items = [{"id": "1", "title": "A paper", "url": "https://arxiv.org/abs/2009.00278"},
                 {"id": "2", "title": "英伟达发布新一代芯片", "summary": None, "url": None}]
        done = run("classify", "--config", ROOT / "feeds.conf",
                   stdin="".join(json.dumps(item) + "\n" for item in items))
        self.assertEqual(done.returncode, 0, done.stderr)
        verdicts = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([v["id"] for v in verdicts], ["1", "2"])
        self.assertEqual(verdicts[0]["section"], "papers")
        self.assertEqual(verdicts[1]["vendor"], "英伟达")
        for verdict in verdicts:
            self.assertTrue(verdict["reasons"])
            self.assertTrue(0 <= verdict["relevance"] <= 1)

    def test_a_bad_line_for_classify_is_named_and_the_others_are_answered(self):
        done = run("classify", "--config", ROOT / "feeds.conf", stdin='{"id":"1","title":"x"}\nnonsense\n{"id":"3","title":"y"}\n')
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stdout.splitlines()), 2)
        self.assertIn("2", done.stderr)

    def test_sanitize_is_a_filter(self):
        done = run("sanitize", "--base-url", "https://x.example/a/", stdin='<p onclick="x()">hi<script>1</script> <a href="b">b</a></p>')
        self.assertEqual(done.returncode, 0)
        self.assertNotIn("script", done.stdout)
        self.assertNotIn("onclick", done.stdout)
        self.assertIn("https://x.example/a/b", done.stdout)

    def test_digest_of_an_empty_store_is_an_issue_without_items(self):
        with Briefd({"a": "http://127.0.0.1:1/"}) as briefd:
            briefd.poll()
            markdown = briefd.command("digest", "--format", "md").stdout
            self.assertIn("# 测试简报", markdown)
            self.assertIn("## 论文", markdown)
            self.assertEqual(json.loads(briefd.command("digest", "--format", "json").stdout)["count"], 0)

    def test_digest_prints_every_form_its_help_names(self):
        with Briefd({"a": "http://127.0.0.1:1/"}) as briefd:
            named = re.search(r"the form to print: (.*?) \(default", " ".join(
                briefd.command("digest", "--help").stdout.split())).group(1)
            names = named.replace(" or ", ", ").split(", ")
            self.assertEqual(len(names), 8)
            briefd.poll()
            for name in names:
                text = briefd.command("digest", "--format", name).stdout
                self.assertTrue(text.endswith("\n"), name)

    def test_preflight_names_what_is_wrong_with_an_issue(self):
        with Briefd({"a": "http://127.0.0.1:1/"}) as briefd:
            issue = briefd.folder / "2026-03-05.md"
            issue.write_text("# x (2026-03-05)\n\n## 业界新闻\n\n- [芯片, 新的（一） | 来源](https://example.org/"
                             "?utm_source=a)  \n摘要：好。  \n- [标题]()  \n摘要：好。  \n", encoding="utf-8")
            done = briefd.command("preflight", str(issue), "--json", check=False)
            self.assertEqual(done.returncode, 1)
            found = [(f["code"], f["fix"]) for f in json.loads(done.stdout)["findings"]]
            self.assertIn(("link_tracking", "https://example.org/"), found)
            self.assertIn(("link_empty", None), found)
            self.assertIn("mark_half_width", [code for code, _ in found])
            self.assertEqual(briefd.command("preflight", "/nowhere/issue.md", check=False).returncode, 1)

    def test_digest_without_a_database_is_one_sentence(self):
        with Briefd({"a": "http://127.0.0.1:1/"}) as briefd:
            done = briefd.command("digest", check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("briefd.sqlite", done.stderr)


if __name__ == "__main__":
    unittest.main()
