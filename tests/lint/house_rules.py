#!/usr/bin/env python3
"""house_rules.py ROOT: the rules of CONTRIBUTING.md that a program can check.

* no function over 80 lines, unless it says why: /* flat table */ on the line of its brace
* no unsafe or banned call (strcpy into a fixed buffer, sprintf, gets, strtok, system, sleep)
* no promise in a comment (TODO and its kin)
* no tab, no trailing white space in C
"""
import pathlib
import re
import sys

BANNED = re.compile(r"(?<![\w.])(strcpy|strcat|sprintf|vsprintf|gets|strtok|system|popen|sleep|usleep|alloca)\s*\(")
PROMISE = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
FUNCTION_LINES_MAX = 80


def strip_comments_and_strings(text):
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda match: "\n" * match.group().count("\n"), text, flags=re.S)


def long_functions(code):
    """Functions begin with '{' and end with '}' in column 0: that is how the house formats."""
    start = None
    for number, line in enumerate(code.splitlines(), 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            if number - start - 1 > FUNCTION_LINES_MAX:
                yield start, number - start - 1
            start = None


def check_file(path, name, product):
    text = path.read_text(encoding="utf-8")
    code = strip_comments_and_strings(text)
    found = [(number, f"a function of {length} lines") for number, length in long_functions(code)]
    for number, line in enumerate(text.splitlines(), 1):
        if line != line.rstrip() or "\t" in line:
            found.append((number, "white space at the end of a line, or a tab"))
        if PROMISE.search(line):
            found.append((number, "a promise in a comment is not a feature"))
    for number, line in enumerate(code.splitlines(), 1):
        if product and BANNED.search(line):
            found.append((number, f"banned call: {line.strip()}"))
    return [f"{name}:{number}: {what}" for number, what in sorted(found)]


def main(root):
    root = pathlib.Path(root)
    offences, files = [], 0
    for top in ("daemon", "storage", "web", "tests"):
        for path in sorted((root / top).rglob("*.[ch]")):
            name = path.relative_to(root).as_posix()
            if "node_modules" in name:
                continue
            files += 1
            offences += check_file(path, name, product=top != "tests")
    print("\n".join(offences + [f"{files} files, {len(offences)} offences"]))
    return 1 if offences or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
