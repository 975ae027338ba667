"""GET /api/v1/search and `briefd search`: found soon after it was polled, from any program, also after kill -9."""
import json
import pathlib
import sys
import threading
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from briefd import Briefd  # noqa: E402
from origin import Origin  # noqa: E402


def rss(*items):
    body = "".join(f"<item><title>{title}</title><guid>{n}</guid><link>https://a.example/{n}</link>"
                   f"<description>{summary}</description></item>" for n, (title, summary) in enumerate(items))
    return f'<rss version="2.0"><channel><title>源</title>{body}</channel></rss>'.encode()


ITEMS = [("端侧大模型量化部署", "在手机上跑 int8 模型"), ("機器學習入門", "重跑gen"), ("NCNN release", "for C++ developers")]


class Search(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())
        self.origin.set("/f.xml", rss(*ITEMS))
        self.briefd = self.enterContext(Briefd({"f": self.origin.url("/f.xml")}))

    def ask(self, **parameters):
        return self.briefd.get("/api/v1/search?" + urllib.parse.urlencode(parameters))

    def titles(self, words, **parameters):
        status, _, body = self.ask(q=words, **parameters)
        if status != 200:
            raise ValueError(f"{status}: {body}")
        return [item["title"] for item in json.loads(body)["items"]]

    def refused(self, status, **parameters):
        seen, headers, body = self.ask(**parameters)
        self.assertEqual(seen, status, body)
        self.assertEqual(headers["content-type"], "application/problem+json")
        self.assertGreater(len(json.loads(body)["detail"]), 10)

    def test_what_was_polled_is_found_by_the_daemon_and_by_the_command(self):
        self.briefd.start()
        self.briefd.wait_until(lambda: self.titles("量化") == ["端侧大模型量化部署"])
        for words, found in [("学习", ["機器學習入門"]), ("gen", ["機器學習入門"]), ("ncnn", ["NCNN release"]),
                             ("c++", ["NCNN release"]), ("模", ["端侧大模型量化部署"]), ("nothing", [])]:
            self.assertEqual(self.titles(words), found, words)
        self.assertEqual(self.titles("nc", typing="true"), [])
        self.assertEqual(self.titles("rel", typing="true"), ["NCNN release"])
        self.assertEqual(self.titles("量化", section="papers"), [])
        status, headers, body = self.ask(q="學習 gen")
        item = json.loads(body)["items"][0]
        self.assertEqual(item["title_parts"], [{"text": "機器"}, {"text": "學習", "mark": True}, {"text": "入門"}])
        self.assertEqual(item["summary_parts"], [{"text": "重跑"}, {"text": "gen", "mark": True}])
        done = self.briefd.command("search", "--json", "量化")
        self.assertEqual(json.loads(done.stdout)["items"][0]["title"], "端侧大模型量化部署")
        self.assertIn("1 found", self.briefd.command("search", "量化").stdout)
        self.briefd.stop()

    def test_a_vendor_is_asked_for_by_any_of_its_names(self):
        self.origin.set("/f.xml", rss(*ITEMS, ("NVIDIA releases a chip", "for cars")))
        self.briefd.start()
        self.briefd.wait_until(lambda: self.titles("chip") == ["NVIDIA releases a chip"])
        for name, count in (("英伟达", 1), ("nvidia", 1), ("ＮＶＩＤＩＡ", 1), ("AMD", 0), ("NVIDI", 0)):
            query = urllib.parse.urlencode({"vendor": name})
            self.assertEqual(len(self.titles("chip", vendor=name)), count, name)
            self.assertEqual(len(self.briefd.json(f"/api/v1/stories?{query}")["stories"]), count, name)
            self.assertEqual(self.briefd.json(f"/api/v1/counts?{query}")["states"][0]["total"], count, name)
            self.assertIn(f"{count} found", self.briefd.command("search", "--vendor", name, "chip").stdout)

    def test_one_poll_from_the_command_line_leaves_nothing_behind(self):
        self.briefd.poll()
        answer = json.loads(self.briefd.command("search", "--json", "量化", "--", "-int4").stdout)
        self.assertEqual((answer["items_behind"], answer["total"], answer["total_is_exact"]), (0, 1, True))

    def test_an_edited_item_is_found_by_its_new_words(self):
        self.briefd.poll()
        self.origin.set("/f.xml", rss(("端侧大模型剪枝部署", "在手机上跑 int8 模型")))
        self.briefd.poll()
        self.assertIn("0 found", self.briefd.command("search", "量化").stdout)
        self.assertIn("1 found", self.briefd.command("search", "剪枝").stdout)

    def test_killed_before_the_index_came_it_is_found_after_the_next_start(self):
        self.briefd.start()
        self.briefd.wait_until(lambda: self.briefd.json("/healthz")["items"] == 3)
        self.briefd.kill()
        self.briefd.start()
        self.briefd.wait_until(lambda: len(self.titles("int8")) == 1)
        self.briefd.stop()

    def test_what_is_wrong_with_a_search_is_said(self):
        self.briefd.poll()
        self.briefd.start()
        self.refused(400, q="")
        self.refused(400, q="-only")
        self.refused(400, sektion="news", q="量化")
        self.refused(400, q="量化", limit="0")
        self.refused(400, q="量化", cursor="x")
        self.refused(400, q=b"\x00\xff")
        self.refused(422, q="a" * 1025)
        self.assertEqual(self.briefd.get("/api/v1/search?q=" + "a" * 5000)[0], 414)
        self.assertEqual(self.briefd.get("/api/v1/search", "POST", {"Content-Length": "0"})[0], 405)
        self.assertEqual(self.briefd.get("/api/v1/search?q=int8", "HEAD")[0], 200)
        for words in ['"', '"""', "NEAR(", "AND OR NOT int8", "title:int8", "int8'; DROP TABLE item;--", "(int8", "\ud800".encode(
                "utf-8", "surrogatepass")]:
            self.assertIn(self.ask(q=words)[0], (200, 400), words)
        self.assertEqual(self.briefd.command("search", "--limit", "none", "x", check=False).returncode, 2)
        self.assertEqual(self.briefd.command("search", "--", "-x", check=False).returncode, 1)
        self.assertEqual(self.briefd.command("search", check=False).returncode, 2)
        self.briefd.stop()

    def test_a_database_without_an_index_says_so(self):
        done = self.briefd.command("search", "x", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1)

    def test_many_at_once_are_all_answered_and_stopping_waits_for_none(self):
        self.briefd.poll()
        self.briefd.start()
        answers = []

        def ask(n):
            try:
                answers.append(self.ask(q=f"int8 -x{n}")[0])
            except OSError:
                answers.append(None)
        threads = [threading.Thread(target=ask, args=(n,)) for n in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(answers), {200})
        self.briefd.stop()


if __name__ == "__main__":
    unittest.main()
