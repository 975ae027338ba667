"""What the editor adds to feeds.conf: import, restart, reload, export, and both ways back."""
import json
import pathlib
import re
import signal
import socket
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from origin import Origin  # noqa: E402

SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "feeds.conf"
XML = {"Content-Type": "application/xml"}


def opml(*outlines, ours=False):
    names = ' xmlns:b="urn:briefd:opml:1" b:version="1"' if ours else ""
    return f'<opml version="2.0"{names}><head/><body>{"".join(outlines)}</body></opml>'


def outline(name, url, more=""):
    return f'<outline text="{name}" type="rss" xmlUrl="{url}" {more}/>'


class Feeds(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())

    def briefd(self, feeds={"file": "/ok/file"}, **how):
        return self.enterContext(Briefd({n: self.origin.url(p) for n, p in feeds.items()}, **how))

    def write(self, briefd, text, name="list.opml"):
        path = briefd.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def names(self, briefd):
        return {feed["name"] for feed in briefd.json("/api/v1/feeds")["feeds"] if feed["health"] != "paused"}

    def post(self, briefd, text, path="/api/v1/feeds.opml", **headers):
        headers = XML | {k.replace("_", "-"): v for k, v in headers.items()}
        status, _, body = briefd.get(path, "POST", {k: v for k, v in headers.items() if v}, text.encode())
        return status, json.loads(body)

    # ---- import ----

    def test_an_import_is_followed_by_the_next_run_and_the_one_after(self):
        briefd = self.briefd()
        path = self.write(briefd, opml(outline("新源", self.origin.url("/ok/new")), '<outline text="nothing"/>',
                                       outline("bad", "ftp://x/")))
        report = briefd.command("import-opml", path).stdout
        self.assertIn("added: 新源", report)
        self.assertIn("outline 'nothing' names no feed", report)
        self.assertRegex(report, r"left out: bad .*http")
        self.assertIn("1 added, 0 updated, 0 unchanged, 1 left out", report)
        for _ in range(2):
            briefd.start()
            briefd.wait_until(lambda: briefd.feed("新源")["last_success"])
            self.assertRegex(briefd.feed("新源")["origin"], r"^added \d{4}-")
            self.assertRegex(briefd.feed("file")["origin"], r"^feeds\.conf:\d+$")
            briefd.stop()
        again = briefd.command("import-opml", path).stdout
        self.assertIn("unchanged: 新源", again)
        self.assertEqual(briefd.poll()["feeds"], 2)

    def test_a_dry_run_changes_nothing(self):
        briefd = self.briefd()
        path = self.write(briefd, opml(outline("新源", self.origin.url("/ok/new"))))
        self.assertIn("added: 新源", briefd.command("import-opml", path, "--dry-run").stdout)
        self.assertFalse(briefd.database.exists())

    def test_a_file_that_is_no_opml_is_refused_in_one_sentence(self):
        briefd = self.briefd()
        for text, part in [("<rss/>", "<rss>"), ("", "no XML"), ("<opml>" + "<outline>" * 10000, "too deeply")]:
            done = briefd.command("import-opml", self.write(briefd, text), check=False)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(part, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)
        self.assertEqual(briefd.command("import-opml", briefd.folder / "none", check=False).returncode, 1)

    def test_a_running_daemon_is_asked_and_follows_at_once(self):
        briefd = self.briefd().start()
        path = self.write(briefd, opml(outline("新源", self.origin.url("/ok/new"))))
        done = briefd.command("--listen", f"127.0.0.1:{briefd.port}", "import-opml", path)
        self.assertIn("added: 新源", done.stdout)
        briefd.wait_until(lambda: briefd.feed("新源")["last_success"])
        self.assertIn("unchanged", briefd.command("import-opml", path, "--dry-run").stdout)

    def test_a_daemon_that_serves_elsewhere_is_named(self):
        briefd = self.briefd().start()
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            listen = f"127.0.0.1:{unused.getsockname()[1]}"
            done = briefd.command("--listen", listen, "import-opml", self.write(briefd, opml()), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--listen", done.stderr)

    def test_what_is_acknowledged_is_there_after_kill(self):
        briefd = self.briefd().start()
        self.assertEqual(self.post(briefd, opml(outline("新源", self.origin.url("/ok/new"))))[0], 200)
        briefd.kill()
        briefd.start()
        briefd.wait_until(lambda: "新源" in self.names(briefd))

    # ---- over HTTP ----

    def test_posts_of_other_sites_and_forms_are_refused(self):
        briefd = self.briefd().start()
        body = opml(outline("evil", self.origin.url("/ok/evil")))
        own = f"http://127.0.0.1:{briefd.port}"
        for status, headers in [
                (403, {"Origin": "http://evil.example"}), (403, {"Origin": "null"}),
                (403, {"Origin": f"https://127.0.0.1:{briefd.port}"}), (403, {"Origin": own + ".evil.example"}),
                (403, {"Sec-Fetch-Site": "cross-site"}), (403, {"Sec-Fetch-Site": "same-site"}),
                (415, {"Content-Type": "text/plain"}), (415, {"Content-Type": "multipart/form-data; boundary=x"}),
                (415, {"Content-Type": "application/x-www-form-urlencoded"}), (415, {"Content-Type": None}),
                (415, {"Content-Type": "application/xmlfoo"})]:
            got, problem = self.post(briefd, body, **headers)
            self.assertEqual(got, status, headers)
            self.assertEqual(problem["status"], status)
        self.assertEqual(self.names(briefd), {"file"})
        self.assertEqual(self.post(briefd, body, Origin=own, Sec_Fetch_Site="same-origin")[0], 200)
        briefd.wait_until(lambda: self.names(briefd) == {"file", "evil"})

    def test_bad_bodies_are_problems_and_dry_runs_change_nothing(self):
        briefd = self.briefd().start()
        self.assertEqual(self.post(briefd, "<rss/>")[0], 422)
        self.assertEqual(self.post(briefd, "")[0], 422)
        self.assertEqual(self.post(briefd, "<opml>" + "<outline>" * 10000)[0], 413)
        status, report = self.post(briefd, opml(outline("新源", self.origin.url("/ok/new"))),
                                   "/api/v1/feeds.opml?dry_run=1")
        self.assertEqual((status, report["added"]), (200, 1))
        self.assertEqual(report["lines"][0]["verdict"], "added")
        self.assertEqual(briefd.query("SELECT count(*) FROM desk_feed"), [(0,)])
        self.assertEqual(self.post(briefd, opml(), "/api/v1/feeds")[0], 405)
        status, headers, _ = briefd.get("/api/v1/feeds.opml", "OPTIONS")
        self.assertEqual((status, headers["allow"]), (204, "GET, HEAD, POST, OPTIONS"))

    def test_a_list_of_two_thousand_feeds_is_imported_in_one_piece(self):
        briefd = self.briefd().start()
        body = opml(*(outline(f"n{i}", f"http://h{i}.invalid/{'x' * 1000}", 'category="/x"') for i in range(2000)))
        self.assertGreater(len(body), 2 << 20)
        status, report = self.post(briefd, body)
        self.assertEqual((status, report["added"]), (200, 2000))
        self.assertEqual(briefd.query("SELECT count(*) FROM desk_feed"), [(2000,)])
        briefd.stop()

    def test_changes_one_after_another_all_hold(self):
        briefd = self.briefd().start()
        for i in range(20):
            self.assertEqual(self.post(briefd, opml(outline(f"n{i}", self.origin.url(f"/ok/{i}"))))[0], 200)
            if i % 5 == 0:
                briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: self.names(briefd) == {"file"} | {f"n{i}" for i in range(20)})

    # ---- file and database ----

    def test_a_reload_keeps_what_was_added_and_says_what_it_resolved(self):
        briefd = self.briefd()
        added = self.origin.url("/ok/new")
        briefd.command("import-opml", self.write(briefd, opml(outline("新源", added))))
        briefd.start()
        briefd.write_config({"file": self.origin.url("/ok/file"), "文件里的名字": added,
                             "another": self.origin.url("/ok/another")})
        briefd.signal(signal.SIGHUP)
        briefd.wait_until(lambda: self.names(briefd) == {"file", "新源", "another"})
        self.assertIn("was added by the editor before it stood here", briefd.log())
        self.assertRegex(briefd.feed("新源")["origin"], r"^feeds\.conf:\d+$")
        self.assertTrue(briefd.feed("新源")["changed"])
        briefd.stop()
        briefd.start()  # never a reason to refuse

    def test_settings_of_a_section_that_is_gone_do_not_stop_the_start(self):
        briefd = self.briefd()
        more = 'b:section="papers" b:weight="2"'
        briefd.command("import-opml", self.write(briefd, opml(outline("新源", self.origin.url("/ok/n"), more), ours=True)))
        text = briefd.config.read_text(encoding="utf-8")
        text = re.sub(r'section "papers" \{.*?\n\}\n', "", text, flags=re.S)
        briefd.config.write_text(text, encoding="utf-8")
        briefd.start()
        briefd.wait_until(lambda: briefd.feed("新源")["last_success"])
        self.assertIn("there is no section 'papers'", briefd.log())
        self.assertIn("weight = 2", briefd.command("export-config").stdout)

    def test_our_own_file_changes_configured_feeds_and_the_file_shows_through(self):
        briefd = self.briefd()
        url = self.origin.url("/ok/file")
        briefd.command("import-opml", self.write(briefd, opml(outline("改名", url, 'b:section="papers"'), ours=True)))
        exported = briefd.command("export-config").stdout
        self.assertIn('feed "改名"', exported)
        self.assertIn("changed at the desk", exported)
        briefd.write_config({"file": (url, "weight = 3")})
        self.assertIn("weight = 3", briefd.command("export-config").stdout)
        self.assertIn("section = papers", briefd.command("export-config").stdout)

    # ---- both ways back, on the shipped file ----

    def shipped(self):
        briefd = self.briefd()
        briefd.config.write_bytes(SHIPPED.read_bytes())
        for i, more in enumerate(['b:section="papers" b:weight="0.3" b:require="*"', 'b:allow="a:1&#10;b:2" b:enabled="no"']):
            briefd.command("import-opml", self.write(
                briefd, opml(outline(f"added '{i}' \\ &quot;", f"https://added{i}.example/", more), ours=True)))
        return briefd

    def test_export_config_loads_to_the_same_configuration(self):
        briefd = self.shipped()
        exported = briefd.command("export-config").stdout
        self.assertGreaterEqual(exported.count("\nfeed "), 62)
        briefd.config.write_text(exported, encoding="utf-8")
        briefd.database.unlink()
        briefd.command("check")
        again = briefd.command("export-config").stdout

        def bare(text):
            return [line for line in text.splitlines() if not line.startswith("# ")]
        self.assertEqual(bare(exported), bare(again))

    def test_export_opml_read_back_is_the_same_configuration(self):
        briefd = self.shipped()
        exported = briefd.command("export-opml").stdout
        root = ElementTree.fromstring(exported)
        feeds = [o for o in root.iter("outline") if o.get("xmlUrl")]
        self.assertGreaterEqual(len(feeds), 62)
        self.assertTrue(all(o.get("text") and o.get("type") == "rss" for o in feeds))
        path = self.write(briefd, exported)
        self.assertRegex(briefd.command("import-opml", path).stdout, r"\n0 added, 0 updated, \d+ unchanged, 0 left out")
        before = briefd.command("export-config").stdout
        briefd.config.write_text(briefd.command("import-opml", path, "--print-config").stdout, encoding="utf-8")
        briefd.database.unlink()
        after = briefd.command("export-config").stdout

        def bare(text):  # where this machine keeps its database is not exported
            return [line for line in text.splitlines()
                    if line and not line.startswith(("#", "database", "server", "    listen"))]
        self.assertEqual(sorted(bare(before)), sorted(bare(after)))

    def test_the_daemon_serves_the_same_opml(self):
        briefd = self.briefd().start()
        status, headers, body = briefd.get("/api/v1/feeds.opml")
        self.assertEqual(status, 200)
        self.assertTrue(headers["content-type"].startswith("text/x-opml"))
        self.assertEqual(body.decode(), briefd.command("export-opml").stdout)
        self.assertEqual(briefd.get("/api/v1/feeds.opml", headers={"If-None-Match": headers["etag"]})[0], 304)

    def test_no_password_leaves(self):
        briefd = self.briefd()
        briefd.write_config({"file": "http://me:s3cret@127.0.0.1:9/x"})
        self.assertNotIn("s3cret", briefd.command("export-config").stdout + briefd.command("export-opml").stdout)


if __name__ == "__main__":
    unittest.main()
