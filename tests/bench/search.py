#!/usr/bin/env python3
"""search.py --build FOLDER [--items 100000] [--queries 1000]: a large database, and searches in it.

Makes a database of so many items with the search index, in turns as the daemon does, and prints what the index
takes, how long searches take (first 20 with snippets) and whether words of two characters find all that LIKE finds.
The figures of CONTRIBUTING.md are of --items 1000000 (five minutes, 2 GB in the temporary folder)."""
import argparse
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile


def sizes(path):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    index, = database.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search%'").fetchone()
    text, = database.execute("SELECT sum(length(CAST(title AS BLOB)) + length(CAST(summary AS BLOB))) FROM item").fetchone()
    print(f"index {index / 1e6:.0f} MB: {index / text:.2f} of the indexed text, "
          f"{index / path.stat().st_size:.2f} of the file")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--items", type=int, default=100000)
    parser.add_argument("--queries", type=int, default=1000)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="briefd-bench-"))
    database = folder / "briefd.sqlite"
    try:
        subprocess.run([options.build / "tests/bench_database", database, "--items", str(options.items), "--feeds",
                        str(max(1, options.items // 100)), "--turn-ms", "30"], check=True)
        sizes(database)
        done = subprocess.run([options.build / "tests/bench_search", database, "--queries", str(options.queries)],
                              check=True, capture_output=True, text=True)
        print(done.stdout, end="")
        return 0 if re.search(r": 0 of \d+ items missed", done.stdout) else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
