"""The systemd units, as systemd itself judges them: UNIT_FOLDER BRIEFD.

What is judged is what is installed, but for the program's path, which `verify` wants to exist.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

EXPOSURE_MAX = 1.2
SKIPPED = 77  # what meson takes for it
folder = program = None


def analyze(*words):
    return subprocess.run(["systemd-analyze", "--no-pager", *words], capture_output=True, text=True, timeout=60,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "SYSTEMD_LOG_TARGET": "console"})


class Unit(unittest.TestCase):
    def setUp(self):
        copy = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in ("briefd.service", "briefd.socket"):
            text = (folder / name).read_text()
            text = re.sub(r"ExecStart=\S+", f"ExecStart={program}", text)
            # The manual stands in the system only once it is installed.
            (copy / name).write_text(re.sub(r"(?m)^Documentation=.*\n", "", text))
        self.service, self.socket = copy / "briefd.service", copy / "briefd.socket"

    def test_exposes_little(self):
        done = analyze("security", "--offline=true", str(self.service))
        found = re.search(r"Overall exposure level for briefd\.service: ([\d.]+)", done.stdout)
        self.assertIsNotNone(found, done.stdout + done.stderr)
        self.assertLessEqual(float(found[1]), EXPOSURE_MAX, done.stdout)

    def test_says_nothing_systemd_does_not_understand(self):
        for unit in (self.service, self.socket):
            done = analyze("verify", "--recursive-errors=no", str(unit))
            about = [line for line in (done.stdout + done.stderr).splitlines() if "briefd" in line]
            self.assertEqual((done.returncode, about), (0, []), done.stdout + done.stderr)

    def test_the_service_brings_its_socket_along_and_an_upgrade_leaves_that_alone(self):
        """dh_installsystemd restarts what Also= names."""
        text = self.service.read_text()
        for key in ("Wants", "After"):
            self.assertRegex(text, rf"(?m)^{key}=.*\bbriefd\.socket\b")
        self.assertNotRegex(text, r"(?m)^Also=")

    def test_a_word_systemd_does_not_understand_would_be_found(self):
        self.service.write_text(self.service.read_text().replace("DynamicUser=yes", "DynamikUser=yes"))
        done = analyze("verify", "--recursive-errors=no", str(self.service))
        self.assertIn("DynamikUser", done.stdout + done.stderr)


if __name__ == "__main__":
    if shutil.which("systemd-analyze") is None:
        print("skipped: there is no systemd-analyze here")
        sys.exit(SKIPPED)
    program = pathlib.Path(sys.argv.pop(2)).resolve()
    folder = pathlib.Path(sys.argv.pop(1))
    unittest.main()
