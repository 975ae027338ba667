#!/usr/bin/env python3
"""import_items.py BRIEFD CONFIG BRIEFS: what the reader of past issues makes of labelled ones.

Imports BRIEFS/issues into a fresh database and compares every item with BRIEFS/open/items.jsonl: number,
section, title, source, url, tags. Prints what differs, then the share that is right. Says "skipped" where
BRIEFS does not stand beside the checkout.
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

FIELDS = ("section", "title", "source", "url", "tags")


def printed_items(briefd, config, database, day):
    """The items of an issue as the labels have them: a prefix belongs to the title."""
    text = subprocess.run([briefd, "--config", config, "--database", database, "digest", "--issue", day,
                           "--format", "json"], capture_output=True, check=True).stdout
    issue = json.loads(text)
    for section in issue["sections"]:
        for item in section["items"]:
            mark = ": " if item["prefix"] else ""
            yield {"section": section["id"], "title": (item["prefix"] or "") + mark + item["title"],
                   "source": item["source"], "url": item["url"], "tags": item["tags"]}


def compare(day, wanted, got, right):
    if len(wanted) != len(got):
        print(f"{day}: {len(got)} items instead of {len(wanted)}")
    for want, have in zip(wanted, got):
        for field in FIELDS:
            if want[field] == have[field]:
                right[field] += 1
            else:
                print(f"{day} {want['id']} {field}: {have[field]!r} instead of {want[field]!r}")


def main(briefd, config, briefs):
    briefs = pathlib.Path(briefs)
    labels = briefs / "open" / "items.jsonl"
    if not labels.exists():
        print(f"skipped: there is no {labels}")
        return 0
    wanted = collections.defaultdict(list)
    for line in labels.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        wanted[item["issue"]].append(item)
    right, total, found = collections.Counter(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        database = str(pathlib.Path(folder) / "figures.sqlite")
        subprocess.run([briefd, "--config", config, "--database", database, "import-issues",
                        str(briefs / "issues")], capture_output=True, check=True)
        for day in sorted(wanted):
            items = wanted[day]
            got = list(printed_items(briefd, config, database, day))
            compare(day, items, got, right)
            total += len(items)
            found += len(got)
    print(f"{found} of {total} items; right: " +
          ", ".join(f"{field} {right[field] / total:.4f}" for field in FIELDS))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
