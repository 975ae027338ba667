"""The commands as a person or a script meets them: help, exit codes, one clear sentence."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
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

    def test_canonical_url_leaves_out_what_the_configuration_says_only_tracks(self):
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "own.conf"
            config.write_text('tracking_parameters = { "trk_*", "example.com:source" }\nbriefing { title = "T" }\n'
                              'section "news" { title = "N" fallback = true }\n'
                              'feed "f" { url = "https://a.example/" }\n')
            urls = "https://example.com/a?trk_x=1&source=y&id=3\nhttps://example.org/a?source=y\n"
            own = run("canonical-url", "--config", config, stdin=urls)
            self.assertEqual((own.returncode, own.stderr), (0, ""))
            self.assertEqual(own.stdout.splitlines(), run(
                "canonical-url", "https://example.com/a?id=3", "https://example.org/a?source=y").stdout.splitlines())
            self.assertNotEqual(own.stdout, run("canonical-url", stdin=urls).stdout)
            missing = run("canonical-url", "--config", f"{folder}/none.conf", "https://example.com/")
            self.assertEqual((missing.returncode, missing.stdout), (1, ""))
            self.assertIn("none.conf", missing.stderr)

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

    def test_the_shipped_vendors_are_not_found_in_words_that_only_look_like_them(self):
        titles = {"Optical probe tracks neurons in vivo": None, "In Vivo and ex vivo imaging of tissue": None,
                  "in-vivo sensing": None, "revivo": None, "A robot arm": None,
                  "vivo发布X200手机": "vivo", "Vivo launches the X200": "vivo", "手机厂商VIVO": "vivo", "iQOO 13": "vivo"}
        done = run("classify", "--config", ROOT / "feeds.conf",
                   stdin="".join(json.dumps({"id": title, "title": title}) + "\n" for title in titles))
        found = {v["id"]: v["vendor"] for v in map(json.loads, done.stdout.splitlines())}
        self.assertEqual(found, titles)

    def test_a_bad_line_for_classify_is_named_and_the_others_are_answered(self):
        done = run("classify", "--config", ROOT / "feeds.conf", stdin='{"id":"1","title":"x"}\nnonsense\n{"id":"3","title":"y"}\n')
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stdout.splitlines()), 2)
        self.assertIn("2", done.stderr)

    def classify_issues(self, lines, *options, config=ROOT / "feeds.conf"):
        done = run("classify", "--prequential", "--config", config, *options,
                   stdin="".join(json.dumps(line) + "\n" for line in lines))
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_prequential_judges_an_issue_by_the_issues_before_it_only(self):
        def issue(number):
            taken = [{"id": f"{number}a{n}", "issue": str(number), "section": "blog", "title": f"记一次堆栈溢出之{n}"}
                     for n in range(5)]
            passed = [{"id": f"{number}b{n}", "issue": str(number), "picked": 0, "title": f"周末去哪里吃饭之{n}"}
                      for n in range(20)]
            return taken + passed

        verdicts = self.classify_issues(issue(1) + issue(2) + issue(3))
        alone = self.classify_issues(issue(1))
        self.assertEqual(verdicts[:25], alone)
        self.assertEqual({v["section"] for v in verdicts[:5]}, {"news"}, "nothing is learned within an issue")
        self.assertEqual(len({v["relevance"] for v in verdicts[:25]}), 1)
        self.assertEqual({v["section"] for v in verdicts[50:55]}, {"blog"})
        self.assertGreater(min(v["relevance"] for v in verdicts[25:30]), max(v["relevance"] for v in verdicts[30:50]))
        self.assertTrue(any(r["rule"] == "learner/blog" for r in verdicts[50]["reasons"]))
        self.assertTrue(any(r["rule"] == "learner/relevance" and r["weight"] < 0 for r in verdicts[74]["reasons"]))

    def test_prequential_gives_the_same_answers_every_time(self):
        lines = [{"id": str(n), "issue": str(n // 10), "title": f"第{n}条 deep learning on device {n % 7}",
                  **({"section": "oss"} if n % 3 else {"picked": 0})} for n in range(100)]
        self.assertEqual(self.classify_issues(lines), self.classify_issues(lines))

    def test_a_line_without_a_label_is_judged_and_not_learned(self):
        asked = {"id": "x", "title": "记一次堆栈溢出", "issue": "1"}
        verdicts = self.classify_issues([asked, {**asked, "issue": "2"}, {**asked, "issue": None}])
        self.assertEqual(len({v["relevance"] for v in verdicts}), 1)

    def test_a_configuration_can_switch_learning_off(self):
        lines = [{"id": str(n), "issue": str(n), "section": "blog", "title": "记一次堆栈溢出"} for n in range(6)]
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder, "feeds.conf")
            shipped = (ROOT / "feeds.conf").read_text()
            self.assertIn("learner = true", shipped)
            config.write_text(shipped.replace("learner = true", "learner = false"))
            self.assertEqual({v["section"] for v in self.classify_issues(lines, config=config)}, {"news"})
        self.assertEqual(self.classify_issues(lines)[5]["section"], "blog")

    def test_a_label_that_cannot_be_read_is_refused(self):
        for line, named in [({"picked": "yes", "issue": "1"}, "picked"), ({"section": 3, "issue": "1"}, "section"),
                            ({"picked": 1}, "issue")]:
            done = run("classify", "--prequential", "--config", ROOT / "feeds.conf", stdin=json.dumps(line) + "\n")
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"'{named}'", done.stderr)

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
