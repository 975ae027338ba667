#!/usr/bin/env python3
"""refusals.py ROOT: the patterns of web/server/refusal_*.c against the sentences in the sources.

A pattern that no source says any more translates nothing: its sentence was reworded, and the desk would say the
plainer one of the status. Of the files whose sentences an editor meets most, every sentence must have a pattern."""
import pathlib
import re
import sys

LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
CONVERSION = re.compile(r"%(?:\d|[-+ #.*])*(?:hh|h|ll|l|z|j|t)?[diouxXeEfgGcsp]")
RAISED = re.compile(r"\b(?:fault_set|fault_prefix|call_not_found|problems_add|complain|refuse_value|refuse_parameter)\s*\(")
TABLES = ["web/server/refusal_words.c", "web/server/refusal_rules.c"]
FOLDERS = ["daemon", "storage", "web"]
# All that these say is read at the desk.
WHOLE = ["daemon/briefing/pattern.c", "daemon/briefing/keyword.c", "storage/decisions.c", "storage/publish.c", "storage/undo.c",
         "storage/reopen.c", "storage/lines.c", "storage/picks.c", "storage/accounts.c", "storage/sessions.c", "web/access/secret.c",
         "web/server/api_publish.c", "daemon/config/overlay.c", "daemon/config/patch.c", "daemon/pipeline/adder.c",
         "daemon/feed/page_barrier.c", "daemon/feed/page.c", "daemon/net/http_fault.c", "daemon/net/inflate.c"]
# What stands in WHOLE but is no sentence for an editor: it says that the program is at fault.
INWARD = ["the issue that is being published: ", "is in a state this program does not know", "no issue is being published", "cannot be hashed"]


def plain(source):
    """Without comments, and without quotation marks that begin no string; numbers of <inttypes.h> as any other."""
    source = re.sub(r"""'\\?"'""", "0", source)
    source = re.sub(r'("(?:[^"\\\n]|\\.)*")|/\*.*?\*/', lambda found: found[1] or "", source, flags=re.S)
    return re.sub(r'%" PRI[a-zA-Z0-9]+ "', "%lld", source)


def strings(source):
    """String literals, neighbours joined, numbers of <inttypes.h> as plain ones; conversions as {}, runs of them as one."""
    source = plain(source)
    source = re.sub(r'(?<!\\)"\s*\n\s*"', "", source)
    for found in LITERAL.finditer(source):
        yield found.start(), re.sub(r"(?:\{\})+", "{}", CONVERSION.sub("{}", found[1].replace("%%", "\0"))).replace("\0", "%")


def patterns(root):
    for table in TABLES:
        source = re.sub(r'(?<!\\)"\s*\n\s*"', "", (root / table).read_text(encoding="utf-8"))
        for row in re.finditer(r'^    \{(NULL|"[^"]*"),\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\}', source, re.M):
            if row[1] != '"regex"':  # those are PCRE2's
                yield table, row[2], row[3]


def fits(pattern, sentence):
    return re.fullmatch(re.escape(pattern).replace(r"\{\}", ".*"), sentence) is not None


def raised(source):
    """The sentences that are arguments of a call that refuses."""
    source = plain(source)
    for call in RAISED.finditer(source):
        end, depth, text = call.end(), 1, False
        while depth > 0 and end < len(source):
            mark = source[end]
            if text:
                end += mark == "\\"
                text = mark != '"'
            else:
                text = mark == '"'
                depth += (mark == "(") - (mark == ")")
            end += 1
        yield from (sentence for _, sentence in strings(source[call.end():end]) if re.search("[a-z] ", sentence) and sentence[0] != " ")


def main():
    root = pathlib.Path(sys.argv[1])
    rows = list(patterns(root))
    said = set()
    for folder in FOLDERS:
        for path in (root / folder).rglob("*.c"):
            if path.relative_to(root).as_posix() not in TABLES and "node_modules" not in path.parts:
                said.update(text for _, text in strings(path.read_text(encoding="utf-8")))
    faults = []
    for table, english, chinese in rows:
        if english not in said and not any(english.startswith(text) and english[len(text):] in ("{}", " {}") for text in said):
            faults.append(f"{table}: no source says {english!r}")
        asked = {int(number) for number in re.findall(r"\{(\d)~?\}", chinese)}
        if asked and max(asked) > english.count("{}"):
            faults.append(f"{table}: {chinese!r} asks for more than {english!r} has")
    plain = [english for _, english, _ in rows if re.sub(r"[{}: ']", "", english)]
    for name in WHOLE:
        for sentence in raised((root / name).read_text(encoding="utf-8")):
            if not any(fits(pattern, sentence) for pattern in plain) and not any(part in sentence for part in INWARD):
                faults.append(f"{name}: {sentence!r} has no Chinese")
    print("\n".join(faults) or f"{len(rows)} patterns, all said by a source")
    return 1 if faults or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
