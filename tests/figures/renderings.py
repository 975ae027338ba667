#!/usr/bin/env python3
"""renderings.py BRIEFD CONFIG BRIEFS: every form of the real issues, and what the check before publishing
finds in them.

Imports BRIEFS/issues into a fresh database, prints each issue in each form and reads it with the parsers of
tests/render/test_renderings.py; then counts the findings of `briefd preflight` by kind, to be looked at: what
is no slip of the editor's is a false alarm. Says "skipped" where BRIEFS does not stand beside the checkout.
"""
import collections
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve()


def load_checks():
    """The test module, as it is run: its arguments are a renderer and an issue, not used here."""
    path = HERE.parents[1] / "render" / "test_renderings.py"
    clean = HERE.parents[1] / "fixtures" / "issues" / "clean-zh.json"
    sys.argv[1:] = ["unused", str(clean)]
    spec = importlib.util.spec_from_file_location("test_renderings", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Renderings()


def main(briefd, config, briefs):
    issues = sorted(pathlib.Path(briefs, "issues").glob("*.md"))
    if not issues:
        print("skipped: no issues")
        return 0
    checks = load_checks()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        command = [briefd, "--config", config, "--database", str(pathlib.Path(folder, "briefd.sqlite"))]
        subprocess.run([*command, "import-issues", str(pathlib.Path(briefs, "issues"))], check=True,
                       capture_output=True)
        for issue in issues:
            for form, check in (("html", lambda data: checks.check_page(data.decode())),
                                ("wechat", lambda data: checks.check_wechat(data.decode())),
                                ("text", lambda data: checks.check_text(data.decode())),
                                ("eml", checks.check_mail), ("atom", checks.check_atom),
                                ("jsonfeed", checks.check_json_feed)):
                data = subprocess.run([*command, "digest", "--issue", issue.stem, "--format", form],
                                      check=True, capture_output=True).stdout
                try:
                    check(data)
                except AssertionError as error:
                    wrong += 1
                    print(f"{issue.stem} {form}: {str(error)[:300]}")
    print(f"{len(issues)} issues in 6 forms, {wrong} not as they should be")
    done = subprocess.run([briefd, "--config", config, "preflight", "--json", *map(str, issues)],
                          capture_output=True, check=False)
    found = collections.Counter((finding["severity"], finding["code"])
                                for line in done.stdout.decode().splitlines()
                                for finding in json.loads(line)["findings"])
    for (severity, code), count in sorted(found.items(), key=lambda pair: -pair[1]):
        print(f"{count:4} {severity:8} {code}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
