#!/usr/bin/env python3
"""run.py --briefd BINARY [--full] [--table FILE] [NAME…]: faults done to the daemon, each with its figures.

Without names all of them. Every result is kept in --results (default build/faults), so that a table is made of what
was run, also when it was run one by one; --table writes it. Loopback only; ends what it starts. Exit code 1 when
something that must hold did not.
"""
import argparse
import json
import os
import pathlib
import sys
import time
import traceback

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--briefd", required=True)
    parser.add_argument("--full", action="store_true", help="the sizes of the figures instead of a test's")
    parser.add_argument("--size", type=int, help="another size, of the one fault that is named")
    parser.add_argument("--seed", type=int, default=20201123)
    parser.add_argument("--results", type=pathlib.Path, default=HERE.parents[1] / "build/faults")
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    return parser.parse_args()


def run_one(one, options):
    """The row of one fault."""
    from fault import Run, Skipped
    size = options.size or one.sizes["full" if options.full else "small"]
    run = Run(size, options.full, options.seed)
    print(f"{one.name}: {one.title} ({size:,} {one.of})", flush=True)
    row = {"name": one.name, "size": size, "outcome": "ok"}
    try:
        row["result"], row["checked"] = one.function(run)
    except Skipped as reason:
        row |= {"outcome": "skipped", "result": str(reason), "checked": ""}
    except Exception as error:
        print("".join(traceback.format_exception(error))[-4000:], file=sys.stderr)
        row |= {"outcome": "FAILED", "result": str(error).split("\n")[0][:200], "checked": ""}
    row["seconds"] = round(time.monotonic() - run.began, 1)
    print(f"{row['outcome']}: {row['result']}", flush=True)
    return row


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def write_table(path, rows):
    import table
    path.write_text(table.HEAD + "".join(
        "| " + " | ".join(map(cell, table.cells(row))) + " |\n" for row in rows) + table.foot(rows), encoding="utf-8")
    print(f"the table is in {path}")


def main():
    options = parse()
    os.environ["BRIEFD"] = str(pathlib.Path(options.briefd).resolve())
    import faults  # noqa: F401  (fills the list)
    from fault import FAULTS
    names = options.names or list(FAULTS)
    for name in names:
        if name not in FAULTS:
            sys.exit(f"there is no fault '{name}' among {', '.join(FAULTS)}")
    options.results.mkdir(parents=True, exist_ok=True)
    rows = []
    for name in names:
        rows.append(run_one(FAULTS[name], options))
        (options.results / f"{name}.json").write_text(json.dumps(rows[-1], ensure_ascii=False, indent=1))
    if options.table:
        kept = [options.results / f"{name}.json" for name in FAULTS]
        write_table(options.table, [json.loads(path.read_text()) for path in kept if path.exists()])
    outcomes = {row["outcome"] for row in rows}
    sys.exit(1 if "FAILED" in outcomes else 77 if outcomes == {"skipped"} else 0)


if __name__ == "__main__":
    main()
