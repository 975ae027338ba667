#!/usr/bin/env python3
"""summary.py BUILD...: add up the last `meson test` runs, name what was skipped, and print 'N passed, N failed'.

Exit 1 when a test failed, when a build folder has no log, or when no test ran at all."""
import json
import pathlib
import sys

PASSED = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP"}


def main(folders):
    passed = failed = 0
    for folder in folders:
        log = pathlib.Path(folder, "meson-logs", "testlog.json")
        if not log.exists():
            print(f"{folder}: no test has run", file=sys.stderr)
            failed += 1
            continue
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            test = json.loads(line)
            result = test["result"]
            if result in SKIPPED:
                print(f"{test['name']} {(test.get('stdout') or 'skipped').strip().splitlines()[-1]}")
            passed += result in PASSED
            failed += result not in PASSED | SKIPPED
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
