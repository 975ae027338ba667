#!/usr/bin/env python3
"""summary.py LOG...: add up the last test runs, name what failed and what was skipped, print 'N passed, N failed'.

A LOG is a build folder, for its last `meson test`; or a log of meson's by its name, as of a run with --wrap, which is
named after the wrapper. What is no test of meson's writes such a log as well (tests/check/run.py).
Exit 1 when a test failed, when a log is missing, or when there was no test at all."""
import json
import pathlib
import sys

PASSED = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP"}


def main(logs):
    passed = failed = skipped = 0
    for name in logs:
        log = pathlib.Path(name)
        log = log if log.suffix == ".json" else log / "meson-logs" / "testlog.json"
        if not log.exists():
            print(f"{name}: no test has run")
            failed += 1
            continue
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            test = json.loads(line)
            result = test["result"]
            if result in SKIPPED:
                print(f"{test['name']} {(test.get('stdout') or 'skipped').strip().splitlines()[-1]}")
            passed += result in PASSED
            skipped += result in SKIPPED
            if result not in PASSED | SKIPPED:
                print(f"{name}: {test['name']}: {result}")
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed + skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
