#!/usr/bin/env python3
"""all.py --build FOLDER --json FILE [--items 100000] [NAME ...]: every bench, one table after the other, and one JSON.

Each bench is a program of its own that can be run alone; NAMEs choose some of them. The JSON has a member for each: what the
bench wrote itself, or for those that only print, the lines. The figures of the poll path come last, for they are the ones to
look at: each beside its aim."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def benches(build, items):
    def script(name, *options):
        return [sys.executable, HERE / f"{name}.py", *options]

    # name, command, whether it writes JSON
    return [
        ("parse", script("parse", "--program", build / "tests/bench_parse"), False),
        ("search", script("search", "--build", build, "--items", items), False),
        ("learner", [build / "tests/bench_learner", HERE.parents[1] / "feeds.conf"], False),
        ("keywords", [build / "tests/bench_keywords"], False),
        ("story", [build / "tests/bench_story"], False),
        ("serve", script("serve", "--briefd", build / "briefd"), True),
        ("listeners", script("listeners", "--briefd", build / "briefd"), True),
        ("big", script("big", "--build", build, "--items", f"{int(items) // 10} {items}"), True),
        ("poll", script("run", "--build", build), True),
    ]


def run(name, command, writes_json, folder):
    """What goes into the JSON; None when the bench failed."""
    print(f"\n==== {name}", flush=True)
    result = folder / f"{name}.json"
    options = ["--json", result] if writes_json else []
    process = subprocess.Popen([str(word) for word in [*command, *options]], stdout=subprocess.PIPE, text=True)
    lines = []
    for line in process.stdout:
        print(line, end="", flush=True)
        lines.append(line.rstrip("\n"))
    if process.wait() != 0:
        return None
    return json.loads(result.read_text()) if writes_json else lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--json", required=True, type=pathlib.Path)
    parser.add_argument("--items", default="100000", help="of the databases for search and big; 1000000 takes half an hour")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    known = benches(options.build.resolve(), options.items)
    unknown = set(options.names) - {name for name, _, _ in known}
    if unknown:
        parser.error(f"there is no bench {', '.join(sorted(unknown))}; there are {', '.join(name for name, _, _ in known)}")
    results, failed = {}, []
    with tempfile.TemporaryDirectory(prefix="briefd-bench-") as folder:
        for name, command, writes_json in known:
            if options.names and name not in options.names:
                continue
            results[name] = run(name, command, writes_json, pathlib.Path(folder))
            failed += [name] if results[name] is None else []
            options.json.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    print(f"\nall figures are in {options.json}" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
