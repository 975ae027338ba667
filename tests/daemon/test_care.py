"""Care for the database: backups by hand and on schedule, verify, restore, old items, what a damaged file says."""
import base64
import datetime
import json
import pathlib
import random
import re
import shutil
import sqlite3
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import openmetrics  # noqa: E402
from briefd import Briefd  # noqa: E402
from origin import Origin, feed  # noqa: E402

DAY_S = 86400


class Care(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())

    def daemon(self, extra="", path="/ok"):
        briefd = self.enterContext(Briefd({}))
        briefd.write_config({"a": self.origin.url(path)}, extra=extra)
        return briefd

    def backups(self, briefd):
        return sorted(path.name for path in (briefd.folder / "backups").glob("briefd-*Z.sqlite"))

    def stamp(self, name):
        return datetime.datetime.strptime(name, "briefd-%Y%m%dT%H%M%SZ.sqlite")

    def metrics(self, briefd):
        return openmetrics.parse(briefd.get("/metrics")[2].decode())

    def verify(self, briefd, database):
        return briefd.command("verify", "--database", database)

    # ---- by hand ----

    def test_a_backup_beside_the_daemon_is_whole_and_can_be_put_back(self):
        briefd = self.daemon().start()
        briefd.wait_until(lambda: briefd.feed("a")["last_success"])
        made = pathlib.Path(briefd.command("backup").stdout.strip())
        self.assertEqual(made.parent, briefd.folder / "backups")
        self.verify(briefd, made)
        items = briefd.query("SELECT count(*) FROM item")
        refused = briefd.command("restore", made, "--aside", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("in use by another briefd", refused.stderr)
        briefd.stop()
        refused = briefd.command("restore", made, check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("--aside", refused.stderr)
        listed = briefd.command("restore").stdout
        self.assertIn(str(made), listed)
        briefd.command("restore", made, "--aside")
        self.assertEqual(briefd.query("SELECT count(*) FROM item"), items)
        self.assertEqual(len(list(briefd.folder.glob("briefd.sqlite.aside-*Z"))), 1)
        briefd.start()

    def test_to_names_the_folder(self):
        briefd = self.daemon()
        briefd.poll()
        other = briefd.folder / "elsewhere"
        made = briefd.command("backup", "--to", other).stdout.strip()
        self.assertEqual([str(path) for path in other.iterdir()], [made])

    # ---- by itself ----

    def test_backups_are_made_on_schedule_and_the_newest_kept(self):
        briefd = self.daemon("backup_every = 6h\nbackup_keep = 2\n").start()
        self.assertEqual(self.backups(briefd), [])
        seen = []
        for _ in range(4):
            briefd.pass_time(6 * 3600 + 1)
            briefd.wait_until(lambda: [name for name in self.backups(briefd) if name not in seen])
            briefd.wait_until(lambda: len(self.backups(briefd)) <= 2)
            seen += [name for name in self.backups(briefd) if name not in seen]
        self.assertEqual(self.backups(briefd), seen[-2:])
        briefd.wait_until(lambda: self.metrics(briefd)["briefd_backups"].value() == 4)
        found = self.metrics(briefd)
        self.assertEqual(found["briefd_backup_failures"].value(), 0)
        self.assertGreater(found["briefd_backup_last_size_bytes"].value(), 8192)
        self.assertAlmostEqual(found["briefd_backup_last_timestamp_seconds"].value(), briefd.now(), delta=3600)
        health = briefd.json("/healthz")
        self.assertIsNone(health["backup_error"])
        self.assertEqual(health["backup"].replace("-", "").replace(":", ""), seen[-1][7:23])
        self.assertIn(f"made the backup '{briefd.folder}/backups/{seen[-1]}'", briefd.log())
        for name in self.backups(briefd):
            self.verify(briefd, briefd.folder / "backups" / name)
        told = json.loads(briefd.command("status", "--json", "--listen", f"127.0.0.1:{briefd.port}").stdout)
        self.assertEqual(told["backup"]["path"], str(briefd.folder / "backups" / seen[-1]))
        self.assertFalse(told["backup"]["overdue"])

    def test_a_backup_by_hand_counts_and_a_restart_remembers(self):
        briefd = self.daemon("backup_every = 1d\n")
        briefd.poll()
        briefd.command("backup")
        briefd.pass_time(DAY_S / 4)
        briefd.start()
        briefd.pass_time(DAY_S / 4)
        briefd.wait_until(lambda: briefd.json("/healthz").get("backup"))  # it has looked, and made none
        self.assertEqual(len(self.backups(briefd)), 1)
        briefd.pass_time(DAY_S / 2 + 60)  # and not a day from its start
        by_hand, by_itself = briefd.wait_until(lambda: len(found := self.backups(briefd)) == 2 and found)
        self.assertGreaterEqual(self.stamp(by_itself) - self.stamp(by_hand), datetime.timedelta(days=1))

    def test_keep_zero_makes_none(self):
        briefd = self.daemon("backup_keep = 0\nkeep_items = 60d\n").start()
        briefd.wait_until(lambda: briefd.feed("a")["last_success"])
        asked = len(self.origin.log())
        briefd.pass_time(400 * DAY_S)
        briefd.wait_until(lambda: len(self.origin.log()) > asked)  # it has noticed
        briefd.stop()
        self.assertFalse((briefd.folder / "backups").exists())

    def test_a_backup_that_fails_is_told_everywhere_and_tried_again(self):
        briefd = self.daemon("backup_every = 6h\n").start()
        (briefd.folder / "backups").write_text("a file is in the way")
        briefd.pass_time(6 * 3600)
        error = briefd.wait_until(lambda: briefd.json("/healthz")["backup_error"])
        self.assertIn("backups", error)
        self.assertEqual(self.metrics(briefd)["briefd_backup_failures"].value(), 1)
        self.assertIn("the backup failed: ", briefd.log())
        self.assertEqual(briefd.get("/readyz")[0], 200)
        (briefd.folder / "backups").unlink()
        briefd.pass_time(3600 + 1)
        briefd.wait_until(lambda: briefd.json("/healthz")["backup_error"] is None)
        self.assertEqual(len(self.backups(briefd)), 1)

    def test_old_items_leave_and_the_file_shrinks_while_the_daemon_works(self):
        """Six megabytes of texts that cannot be packed: a few free pages are kept to be used again."""
        noise = random.Random(7)

        def long_items(count, first):
            return re.sub(rb"text \d+", lambda _: b"&lt;p&gt;" + base64.b64encode(noise.randbytes(8000)) + b"&lt;/p&gt;",
                          feed(count, first=first))

        # The feed lists the first ones no more once it lists others.
        self.origin.set("/f", long_items(150, 0))
        briefd = self.daemon("keep_items = 400d\nbackup_keep = 0\n", path="/f").start()
        count = lambda: briefd.query("SELECT count(*) FROM item")[0][0]  # noqa: E731
        pages = lambda: briefd.query("PRAGMA page_count")[0][0]  # noqa: E731
        briefd.wait_until(lambda: count() == 150)
        for items in (300, 450, 600, 602):
            self.origin.set("/f", long_items(150, items) if items <= 600 else feed(2, first=5000))
            briefd.pass_time(2 * DAY_S)
            briefd.wait_until(lambda: count() == items)
        before = pages()
        briefd.pass_time(800 * DAY_S)
        briefd.wait_until(lambda: count() == 2)  # they are listed still
        briefd.wait_until(lambda: self.metrics(briefd)["briefd_items_removed"].value() == 600)
        briefd.wait_until(lambda: "removed 600 old items" in briefd.log())
        self.assertLess(pages(), before - 100)

    # ---- damage ----

    def test_a_damaged_database_says_so_names_the_last_backup_and_is_left_alone(self):
        briefd = self.daemon()
        briefd.verifies = False
        briefd.poll()
        made = briefd.command("backup").stdout.strip()
        with open(briefd.database, "r+b") as file:  # the first page: tables cannot be found
            file.seek(100)
            file.write(b"\xff" * 4000)
        damaged = briefd.database.read_bytes()
        done = briefd.command("run", "--listen", "127.0.0.1:0", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("damaged", done.stderr)
        self.assertIn(f"briefd restore --aside --database '{briefd.database}' '{made}'", done.stderr)
        self.assertEqual(briefd.database.read_bytes(), damaged)
        self.assertEqual(briefd.command("verify", check=False).returncode, 1)
        briefd.command("restore", "--aside", made)
        briefd.verifies = True
        briefd.start()

    def test_findings_are_lines_and_an_exit_code(self):
        briefd = self.daemon()
        briefd.poll()
        briefd.verifies = False
        self.assertEqual(briefd.command("verify").stdout, "")
        with sqlite3.connect(briefd.database) as database:
            database.execute("UPDATE tally SET items = items + 1")
        database.close()
        done = briefd.command("verify", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"\Atally: counts: there are others: \d+ items and \d+ sightings\n\Z")
        self.assertIn("has 1 finding", done.stderr)
        self.assertIn("story-has-items", briefd.command("verify", "--list").stdout)

    def test_a_killed_daemon_s_log_is_verified_where_it_lies(self):
        briefd = self.daemon().start()
        briefd.wait_until(lambda: briefd.feed("a")["last_success"])
        briefd.kill()
        copy = briefd.folder / "copy"
        copy.mkdir()
        for path in briefd.folder.glob("briefd.sqlite*"):
            shutil.copy(path, copy)
        self.verify(briefd, copy / "briefd.sqlite")


if __name__ == "__main__":
    unittest.main()
