"""The manual pages name everything there is: FOLDER_OF_PAGES BRIEFD."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

folder = program = None


def run(*words):
    return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout


def plain(page):
    return (folder / page).read_text(encoding="utf-8").replace("\\-", "-").replace("\\&", "").replace("\\e", "\\")


class Manual(unittest.TestCase):
    def test_every_command_and_every_option_is_in_briefd_1(self):
        page = plain("briefd.1")
        names = re.findall(r"(?m)^  ([a-z][a-z-]*) +\S", run("--help").split("\nOptions:\n")[0])
        self.assertGreater(len(names), 15)
        for name in names:
            self.assertIn(f"\n.SS briefd {name} ", page)
            for option in re.findall(r"(?m)^  (--[a-z-]+)", run(name, "--help")):
                self.assertIn(f"\n.B {option}", page, f"{name} {option}")

    def test_every_key_is_in_feeds_conf_5_under_its_section(self):
        page, section = plain("feeds.conf.5"), {}
        for part in page.split("\n.SS ")[1:]:
            title, _, body = part.partition("\n")
            section[title] = set(re.findall(r"(?m)^\.BR (\w+) ", body))
        keys = json.loads(run("check", "--keys"))
        self.assertGreater(len(keys), 90)
        for key in keys:
            inside, _, own = key["key"].rpartition(".")
            self.assertIn(own, section[inside.replace(".", " / ") if inside else "The file"], key["key"])

    @unittest.skipIf(shutil.which("mandoc") is None, "mandoc is not installed")
    def test_they_are_clean_roff(self):
        for page in ("briefd.1", "feeds.conf.5"):
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "error", folder / page], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (0, ""))


if __name__ == "__main__":
    program = str(pathlib.Path(sys.argv.pop(2)).resolve())
    folder = pathlib.Path(sys.argv.pop(1))
    unittest.main()
