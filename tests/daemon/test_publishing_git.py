"""The published file in git, where `commit` is set: after a failure and after a crash, too."""
import json
import pathlib
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from desk import Listener  # noqa: E402
from desk_case import DeskCase  # noqa: E402


def git(folder, *words, check=True):
    return subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=check)


def make_repository(folder):
    for words in (["init", "-q"], ["config", "user.name", "x"], ["config", "user.email", "x@x.example"]):
        git(folder, *words)


class PublishingGit(DeskCase):
    def test_a_published_file_is_committed_where_that_is_wanted(self):
        briefd = self.daemon(briefing="commit = true output_folder = 'is\"sues'")  # which git's error names
        desk = self.desk(briefd)
        folder = briefd.folder / 'is"sues'
        with Listener(briefd) as page:
            day = desk.get("/api/v1/draft")["date"]
            desk.ask("POST", "/api/v1/publish", {"date": day})  # no repository: published all the same
            self.assertIn("git add", page.wait_for("committed")[0]["error"])
            self.assertTrue((folder / f"{day}.md").exists())
            make_repository(folder)
            made = desk.ask("POST", f"/api/v1/issues/{day}/reopen")["made"]
            desk.ask("POST", "/api/v1/publish", {"date": day, "draft": made})
            self.assertIsNone(page.wait_for("committed")[0]["error"])
        done = git(folder, "show", "--stat", "--format=%s")
        self.assertIn(f"测试简报 {day}", done.stdout)
        self.assertIn(f"{day}.md", done.stdout)

    def test_what_a_crash_kept_from_being_published_is_committed_too(self):
        briefd = self.daemon(briefing="commit = true output_folder = 'issues'")
        desk = self.desk(briefd)
        folder = briefd.folder / "issues"
        folder.mkdir()
        make_repository(folder)
        day = desk.get("/api/v1/draft")["date"]
        with Listener(briefd) as page:
            desk.ask("POST", "/api/v1/publish", {"date": day})
            page.wait_for("committed")
        issue, following = desk.get(f"/api/v1/issues/{day}"), desk.get("/api/v1/draft")
        issue["date"] = following["date"]
        for section in issue["sections"]:
            section["items"] = []
        briefd.kill()
        with sqlite3.connect(briefd.database) as database:  # as publishing leaves it before it writes the file
            database.execute("INSERT INTO publication VALUES (1, ?, ?, 1, 'ada', 1600000000, ?, '[]', NULL, 0)",
                             (int(following["id"]), following["date"], json.dumps(issue)))
        briefd.start()
        file = f"HEAD:{following['date']}.md"
        briefd.wait_until(lambda: git(folder, "cat-file", "-e", file, check=False).returncode == 0)
        self.assertEqual(desk.get(f"/api/v1/issues/{following['date']}/versions")["versions"][0]["editor"], "ada")


if __name__ == "__main__":
    unittest.main()
