#!/usr/bin/env python3
"""words.py WORDS: the desk's two languages have the same keys, and the same values in each text."""
import pathlib
import re
import sys

ENTRY = re.compile(r"^  '([\w.]+)': '((?:[^'\\]|\\.)*)',$", re.M)


def read(path):
    return dict(ENTRY.findall(path.read_text(encoding="utf-8")))


def names(text):
    return set(re.findall(r"\{(\w+)\}", text))


def main():
    folder = pathlib.Path(sys.argv[1])
    zh, en = read(folder / "zh.ts"), read(folder / "en.ts")
    faults = [f"only in {where}: {key}" for where, one, other in (("zh.ts", zh, en), ("en.ts", en, zh))
              for key in one if key not in other]
    faults += [f"{key}: the texts name other values" for key in zh if key in en and names(zh[key]) != names(en[key])]
    used = "\n".join(path.read_text(encoding="utf-8") for path in folder.parent.rglob("*.ts*") if path.parent != folder)
    # A key put together at run time (`nav.${page}`) counts by its beginning.
    begun = tuple(re.findall(r"`([\w.]+\.)\$\{", used))
    faults += [f"never used: {key}" for key in zh if f"'{key}'" not in used and not key.startswith(begun)]
    print("\n".join(faults) or f"{len(zh)} texts in both languages")
    return 1 if faults or not zh else 0


if __name__ == "__main__":
    sys.exit(main())
