#!/usr/bin/env python3
"""Write the manual pages from what they describe.

usage: manual.py BRIEFD feeds.conf HEAD PAGE > OUTPUT         PAGE is briefd.1 or feeds.conf.5

HEAD is the page's beginning, written by hand as roff. What follows is a reference that cannot go stale: briefd(1)
has every command and option from the program's own --help, feeds.conf(5) every key of its table (`briefd check
--keys`) with what the comments of feeds.conf say about it. A key without a word in feeds.conf is an error.
"""
import json
import pathlib
import re
import subprocess
import sys


def roff(text):
    """Text as roff takes it: nothing in it is a request or an escape."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.split("\n"))


def run(program, *words):
    return subprocess.run([program, *words], check=True, capture_output=True, text=True, encoding="utf-8").stdout


# ---- briefd(1) ----

def options_of(text):
    """(head, help) of each line under "Options:"."""
    return re.findall(r"(?m)^  (--\S+(?: \S+)?) +(\S.*)$", text.split("\nOptions:\n", 1)[1])


def write_options(options):
    return "".join(f".TP\n.B {roff(head)}\n{roff(help)}\n" for head, help in options)


def commands_page(program):
    overview = run(program, "--help")
    common = options_of(overview)
    names = re.findall(r"(?m)^  ([a-z][a-z-]*) +\S", overview.split("\nOptions:\n", 1)[0])
    out = ".SH COMMANDS\n"
    for name in names:
        own = run(program, name, "--help")
        usage, rest = own.split("\n", 1)
        body = rest.split("\nOptions:\n", 1)[0].strip()
        summary, _, details = body.partition("\n")
        out += f".SS {roff(usage.removeprefix('usage: '))}\n{roff(summary)}\n"
        if details.strip():
            out += f".PP\n.nf\n{roff(details.strip())}\n.fi\n"
        out += write_options([option for option in options_of(own) if option not in common])
    return out + ".SH OPTIONS\nFor every command:\n" + write_options(common)


# ---- feeds.conf(5) ----

def words_of(path):
    """{"section.key": what the comment behind it, or else the one above it, says}"""
    words, blocks, above, last = {}, [], [], None
    for line in path.read_text(encoding="utf-8").split("\n"):
        text = re.sub(r"^# ?(?= *(?:\w+ *=|\w+ \"[^\"]*\" \{|\}|feed \"name\"))", "", line) if line.startswith("#") else line
        text = re.sub(r"^( +)# ?(?=\w+ *= )", r"\1", text)
        block = re.match(r"\s*(\w+)(?: \"[^\"]*\")? \{", text)
        key = re.match(r"\s*(\w+) *= *(\"(?:[^\"\\]|\\.)*\"|'[^']*'?|\{[^}]*\}?|\S+)(?:\s*#\s?|\s{2,}|\s*$)(.*)", text)
        follow = re.match(r"\s{20,}#\s?(.*)|#\s{16,}(\S.*)", line)
        if block:
            blocks.append(block[1])
            words.setdefault(".".join(blocks), " ".join(above).strip())
            for name, value in re.findall(r"(\w+) = (\S+)", text[block.end():]):
                words.setdefault(".".join([*blocks, name]), "")
            if text.rstrip().endswith("}"):
                blocks.pop()
            above = []
        elif follow and last:
            words[last] += " " + (follow[1] or follow[2])
        elif key:
            last = ".".join([*blocks, key[1]])
            said = key[3].strip() or " ".join(above).strip()
            words[last] = words.get(last) or said
        elif text.strip() == "}" and blocks:
            blocks.pop()
            above, last = [], None
        elif line.strip().startswith("#"):
            above.append(line.strip().lstrip("# "))
            last = None
        else:
            above, last = [], None
    return words


def keys_page(program, path):
    words, out, section = words_of(path), "", None
    missing = []
    keys = json.loads(run(program, "check", "--keys"))
    order = list(dict.fromkeys(key["key"].rpartition(".")[0] for key in keys))
    for key in sorted(keys, key=lambda one: order.index(one["key"].rpartition(".")[0])):
        name = key["key"]
        inside, _, own = name.rpartition(".")
        if name not in words:
            missing.append(name)
        if inside != section:
            section = inside
            out += f".SS {roff(inside.replace('.', ' / ')) if inside else 'The file'}\n"
        facts = [key["kind"], *(["required"] if key["required"] else [])]
        if key["default"] is not None and len(key["default"]) < 60 and "default" not in words.get(name, ""):
            facts.append(f"default {key['default']}")
        said = roff(words.get(name, "")) or "\\&"
        head = roff(", ".join(facts)).replace('"', '\\(dq')
        out += f'.TP\n.BR {own} " \\(em {head}"\n{said}\n'
    if missing:
        sys.exit(f"feeds.conf says nothing of {', '.join(missing)}")
    return ".SH KEYS\n" + out


def main(program, config, head, page):
    text = pathlib.Path(head).read_text(encoding="utf-8")
    made = commands_page(program) if page == "briefd.1" else keys_page(program, pathlib.Path(config))
    before, _, after = text.partition(".\\\" REFERENCE\n")
    sys.stdout.reconfigure(encoding="utf-8")
    print(before.replace("@VERSION@", run(program, "--version").split()[1]) + made + after, end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
