"""The lint itself can fail: each kind of offence is planted in a small tree and must be found."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

LINT = pathlib.Path(__file__).with_name("include_direction.py")


class IncludeDirection(unittest.TestCase):
    def check(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            done = subprocess.run([sys.executable, LINT, folder], capture_output=True, text=True)
            return done.returncode, done.stdout

    def test_an_include_of_what_stands_above_passes(self):
        code, out = self.check({"daemon/base/a.h": "", "daemon/feed/b.c": '#include "base/a.h"\n'})
        self.assertEqual(code, 0, out)

    def test_an_include_of_what_stands_below_fails(self):
        code, out = self.check({"daemon/feed/b.h": "", "daemon/base/a.c": '#include "feed/b.h"\n'})
        self.assertEqual(code, 1)
        self.assertIn("daemon/base/a.c:1: daemon/base must not include daemon/feed", out)

    def test_a_library_out_of_its_home_fails(self):
        code, out = self.check({"web/server/x.c": "\n#include <sqlite3.h>\n"})
        self.assertEqual(code, 1)
        self.assertIn("web/server/x.c:2: <sqlite3.h> is at home in storage only", out)

    def test_a_clock_in_a_pure_folder_fails_but_not_in_a_comment(self):
        code, out = self.check({"daemon/feed/x.c": "/* time() */\nlong f(void) { return time(0); }\n"})
        self.assertEqual(code, 1)
        self.assertIn("daemon/feed/x.c:2:", out)
        self.assertNotIn("x.c:1:", out)

    def test_an_include_that_does_not_exist_fails(self):
        code, out = self.check({"daemon/base/a.c": '#include "base/none.h"\n'})
        self.assertEqual(code, 1)


if __name__ == "__main__":
    unittest.main()
