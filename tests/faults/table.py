"""The document that `make faults` writes: its words, and what is summed up below the table."""
from fault import FAULTS

HEAD = """# What briefd goes through, and what is left of it

Made by `make faults`; every row is a run of the real daemon on loopback, with the figures it gave. The same scripts run
in `meson test` at a small size.

| fault | how | size | outcome | result | what was checked |
|---|---|---|---|---|---|
"""


def cells(row):
    one = FAULTS[row["name"]]
    return one.title, one.how, f"{row['size']:,} {one.of}", row["outcome"], row["result"], row["checked"]


def foot(rows):
    failed = sum(row["outcome"] == "FAILED" for row in rows)
    skipped = sum(row["outcome"] == "skipped" for row in rows)
    minutes = sum(row["seconds"] for row in rows) / 60
    return f"\n{len(rows)} faults, {failed} failed, {skipped} skipped, {minutes:.0f} minutes.\n"
