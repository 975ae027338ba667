#!/usr/bin/env python3
"""valgrind.py --briefd BINARY [--shared DIR] [--jobs N] [--every N]: `briefd parse` of every corpus file under valgrind.

Invalid reads and writes, uninitialised values and lost memory count, each with the file and valgrind's first lines. The
data is not part of the project: where DIR (default: ../shared beside the checkout) is absent it says "skipped" and the
exit code is 0; so it does where there is no valgrind. A run over all takes a quarter of an hour; --every 20 is a sample.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FINDING = 99  # no exit code of briefd
DEADLINE_S = 600


def read_cases(corpus):
    """(file, content type, base URL) of every case, each file once."""
    cases = {}
    for listing in (corpus / "open/cases.jsonl", corpus / "large/cases.jsonl"):
        for line in listing.read_text(encoding="utf-8").splitlines() if listing.exists() else ():
            case = json.loads(line)
            cases.setdefault(listing.parent / case["file"], (case.get("content_type"), case.get("base_url")))
    return [(file, *how) for file, how in sorted(cases.items())]


def parse(briefd, file, content_type, base_url):
    """What valgrind has to say; "" for a clean run."""
    options = [f"--content-type={content_type}"] if content_type else []
    options += [f"--base-url={base_url}"] if base_url else []
    done = subprocess.run(
        ["valgrind", "--quiet", f"--error-exitcode={FINDING}", "--leak-check=full",
         "--errors-for-leak-kinds=definite,possible", f"--suppressions={ROOT}/tests/support/valgrind.supp",
         briefd, "parse", *options, file],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace", timeout=DEADLINE_S)
    return "" if done.returncode in (0, 1) else done.stderr or f"exit code {done.returncode}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--briefd", required=True)
    parser.add_argument("--shared", default=os.environ.get("SHARED", ROOT.parent / "shared"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--every", type=int, default=1, help="only every N-th file")
    options = parser.parse_args()
    corpus = pathlib.Path(options.shared, "corpus")
    if not corpus.is_dir() or shutil.which("valgrind") is None:
        print(f"skipped: {'no valgrind' if corpus.is_dir() else f'there is no corpus at {corpus}'}")
        return 0
    cases = read_cases(corpus)[::options.every]
    found = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = {pool.submit(parse, pathlib.Path(options.briefd).resolve(), *case): case[0] for case in cases}
        for run in concurrent.futures.as_completed(runs):
            if run.result():
                found += 1
                print(runs[run], *run.result().splitlines()[:12], sep="\n", flush=True)
    print(f"{len(cases)} files parsed under valgrind: {found} with findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
