"""Everything out as JSON lines and in again: the same digest in every form, the same ids, and all of it or nothing."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from desk import Desk  # noqa: E402
from origin import Origin, feed  # noqa: E402

FORMATS = ("md", "html", "wechat", "json", "atom", "jsonfeed", "text", "eml")


class Export(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())
        self.origin.set("/f", feed(12, title="源"), etag='"1"')
        self.briefd = self.enterContext(Briefd({"a": self.origin.url("/f")}))
        self.copy = self.briefd.folder / "copy.sqlite"

    def work(self):
        """What an editor leaves behind in an evening; the day of the published issue."""
        self.briefd.start()
        self.briefd.wait_until(lambda: self.briefd.feed("a")["last_success"])
        desk = Desk(self.briefd, "林")
        ids = [story["id"] for story in desk.stories()]
        desk.decide(*ids[:2], state="picked")
        desk.decide(ids[2], state="rejected")
        desk.ask("POST", "/api/v1/merges", {"stories": [{"id": i} for i in ids[3:5]]})
        day = desk.get("/api/v1/draft")["date"]
        desk.ask("POST", "/api/v1/publish", {"date": day})
        desk.decide(ids[5], ids[6], state="picked")
        desk.ask("PATCH", "/api/v1/draft", {"headline": "题", "guide": "手写的导读：“引号”\n第二行"})
        desk.ask("PUT", "/api/v1/rules", {"rules": 'topic "量化" { keywords = { "量化" } }'})
        desk.decide(ids[7], state="rejected")
        desk.ask("POST", "/api/v1/undo")
        self.briefd.wait_until(lambda: self.command("search", "Item", check=False).returncode == 0)  # it is indexed
        self.briefd.stop()
        return day

    def command(self, *words, database=None, **how):
        return self.briefd.command(*words, "--database", database or self.briefd.database, **how)

    def export(self, *options, database=None):
        return self.command("export", *options, database=database).stdout

    def import_text(self, text, check=True, name="all.jsonl"):
        path = self.briefd.folder / name
        path.write_text(text, encoding="utf-8")
        return self.command("import", path, database=self.copy, check=check)

    def test_an_imported_database_is_the_one_that_was_exported(self):
        day = self.work()
        text = self.export()
        self.import_text(text)
        self.command("verify", "--learner", database=self.copy)
        self.assertEqual(self.export(database=self.copy), text)
        for form in FORMATS:  # some tell the time, so both are asked until they fall into one second
            for words in (("digest", "--format", form), ("digest", "--format", form, "--issue", day)):
                with self.subTest(words):
                    def both():
                        return [self.command(*words, database=path).stdout for path in (self.briefd.database, self.copy)]
                    self.briefd.wait_until(lambda: len(set(both())) == 1)
                    self.assertTrue(both()[0])
        self.assertEqual(self.command("search", "Item", database=self.copy).stdout,
                         self.command("search", "Item").stdout)

    def test_the_desk_goes_on_where_it_was(self):
        self.work()
        self.briefd.start()
        desk = Desk(self.briefd, "林")
        before = {path: desk.get(path) for path in ("/api/v1/draft", "/api/v1/log", "/api/v1/issues", "/api/v1/rules")}
        self.briefd.stop()
        self.import_text(self.export())
        self.briefd.database = self.copy
        self.briefd.start()
        for path, value in before.items():
            self.assertEqual(desk.get(path), value, path)
        desk.ask("POST", "/api/v1/redo")

    def test_accounts_come_along_only_when_asked_for(self):
        self.work()
        self.command("user", "add", "ada", stdin="correct horse battery\n")
        self.command("user", "token", "ada", "--scope", "read")
        self.assertNotIn("argon2id", self.export())
        with_secrets = self.export("--secrets")
        self.assertIn("argon2id", with_secrets)
        self.import_text(with_secrets)
        self.assertEqual(self.export("--secrets", database=self.copy), with_secrets)
        self.assertIn("ada", self.command("user", "list", database=self.copy).stdout)
        self.command("user", "add", "bea", "--role", "reader", database=self.copy, stdin="another long password\n")

    def test_every_line_is_json_and_says_what_it_is(self):
        self.work()
        lines = [json.loads(line) for line in self.export().splitlines()]
        self.assertEqual(lines[0], {"briefd": "export", "version": 1, "schema": 1, "secrets": False})
        self.assertEqual(lines[-1], {"end": True, "rows": len(lines) - 2})
        self.assertTrue(all(line.keys() == {"table", "row"} for line in lines[1:-1]))
        self.assertLessEqual({"item", "story", "event", "issue", "pick", "draft"}, {line["table"] for line in lines[1:-1]})

    def test_a_bad_file_is_refused_by_line_and_nothing_of_it_stays(self):
        self.work()
        lines = self.export().splitlines(keepends=True)

        def changed(number, line):
            return "".join(lines[:number - 1] + [line] + lines[number:])

        item = next(n for n, line in enumerate(lines, 1) if line.startswith('{"table":"item"'))
        for text, words in (
                ("", "all.jsonl:0: the file ends before its end"),
                ("\n", "all.jsonl:1: "),
                (lines[1], "all.jsonl:1: the first line of an export says what it is"),
                ("".join(lines[:-1]), f"all.jsonl:{len(lines) - 1}: the file ends before its end: it was cut"),
                ("".join(lines[:9] + lines[10:]), f"all.jsonl:{len(lines) - 1}: of "),
                ("".join(lines) + lines[1], "there is more behind the end"),
                (lines[0] * 2, "all.jsonl:2: an export begins within this one"),
                (changed(1, lines[0].replace('"version":1', '"version":2')), "version 2, this briefd reads 1"),
                (changed(1, lines[0].replace('"schema":1', '"schema":7')), "schema 7, this briefd has 1"),
                (changed(item, lines[item - 1][:40] + "\n"), f"all.jsonl:{item}: "),
                (changed(item, lines[item - 1].replace('"key_hash":', '"key_hush":')), "no column 'key_hush'"),
                (changed(item, lines[item - 1].replace('"table":"item"', '"table":"sqlite_schema"')), "no table"),
                (changed(item, lines[item - 1].replace('"section":"', '"section":["')), f"all.jsonl:{item}: "),
                (changed(item, lines[item - 1].replace('"section":"news"', '"section":[]')), "'section' is no value"),
                (changed(item, lines[item - 1].replace('"section":"news"', '"section":{"text":"0g"}')), "'section' is no"),
                (changed(item, lines[item - 1].replace('"section":"news"', '"section":null')), "NOT NULL"),
                (changed(item, lines[item - 1].replace('"section":"news"', '"section":"oss"')), "do not fit together: story"),
        ):
            done = self.import_text(text, check=False)
            self.assertEqual((done.returncode, done.stdout), (1, ""), words)
            self.assertIn(words, done.stderr)
        self.import_text("".join(lines))
        done = self.import_text("".join(lines), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is not empty", done.stderr)


if __name__ == "__main__":
    unittest.main()
