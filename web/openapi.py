#!/usr/bin/env python3
"""The contract openapi.yaml as data, and embedded into the program.

usage: openapi.py INPUT OUTPUT.c

Reads the part of YAML 1.2 that the contract is written in: block mappings and lists, flow mappings and
lists on one line, plain, single- and double-quoted scalars on one line, literal blocks (|). Whatever else
YAML has (anchors, tags, folded text, tabs, comments, a key twice) is refused with its line, so that what
is read here is what every other reader of YAML sees.
"""
import json
import re
import sys

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?$")
WORDS = {"true": True, "false": False, "null": None}
KEY = re.compile(r"""('(?:[^']|'')*'|[^\s'"\[\]{}#&*!|>%@`,?:-][^:\s]*(?: [^:\s]+)*|/[^:\s]*|-[^\s:]+):(?: +|$)""")


class Refused(ValueError):
    pass


def scalar(text, line):
    if text.startswith("'"):
        if not re.fullmatch(r"'(?:[^']|'')*'", text):
            raise Refused(f"line {line}: a quoted text that does not end: {text}")
        return text[1:-1].replace("''", "'")
    if text.startswith('"'):
        try:
            return json.loads(text)
        except ValueError as error:
            raise Refused(f"line {line}: {error}: {text}") from None
    if text in WORDS:
        return WORDS[text]
    if NUMBER.match(text):
        return json.loads(text)
    if not text or text[0] in "&*!|>%@`#?,[]{}" or ": " in text or " #" in text or text.endswith(":"):
        raise Refused(f"line {line}: no plain text: {text!r}")
    return text


class Flow:
    """A mapping or list in braces."""

    def __init__(self, text, line):
        self.text, self.line, self.at = text, line, 0

    def fail(self, what):
        raise Refused(f"line {self.line}, column {self.at + 1} of the value: {what}")

    def skip(self):
        while self.text[self.at:self.at + 1] == " ":
            self.at += 1

    def take(self, mark):
        self.skip()
        if self.text[self.at:self.at + 1] != mark:
            return False
        self.at += 1
        return True

    def read_all(self):
        value = self.value()
        self.skip()
        if self.at != len(self.text):
            self.fail("something behind the end")
        return value

    def value(self):
        if self.take("{"):
            return self.mapping()
        if self.take("["):
            return self.list()
        return self.word(r"[^,\]}\[{]+")

    def word(self, plain):
        self.skip()
        match = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"|" + plain).match(self.text, self.at)
        if not match:
            self.fail("no value")
        self.at = match.end()
        return scalar(match[0].strip(), self.line)

    def mapping(self):
        found = {}
        while not self.take("}"):
            if found and not self.take(","):
                self.fail("expected , or }")
            key = self.word(r"[^,\]}\[{:]+")
            if not self.take(":") or key in found:
                self.fail(f"key {key!r}: no colon, or there twice")
            found[key] = self.value()
        return found

    def list(self):
        found = []
        while not self.take("]"):
            if found and not self.take(","):
                self.fail("expected , or ]")
            found.append(self.value())
        return found


class Reader:
    def __init__(self, text):
        if "\t" in text:
            raise Refused("there is a tab")
        self.lines = text.split("\n")
        self.at = 0

    def peek(self):
        """(indent, text) of the next line that is not empty; indent -1 at the end."""
        while self.at < len(self.lines) and not self.lines[self.at].strip():
            self.at += 1
        if self.at == len(self.lines):
            return -1, ""
        line = self.lines[self.at]
        return len(line) - len(line.lstrip(" ")), line.strip()

    def fail(self, what):
        raise Refused(f"line {self.at + 1}: {what}: {self.lines[self.at]!r}")

    def block(self, indent):
        return self.list(indent) if self.peek()[1].startswith("- ") else self.mapping(indent)

    def list(self, indent):
        found = []
        while self.peek()[0] == indent and self.peek()[1].startswith("- "):
            found.append(self.inline(self.peek()[1][2:].strip(), indent))
        return found

    def mapping(self, indent):
        found = {}
        while self.peek()[0] == indent:
            text = self.peek()[1]
            match = KEY.match(text)
            if not match:
                self.fail("expected a key")
            key = scalar(match[1], self.at + 1) if match[1].startswith("'") else match[1]
            if key in found:
                self.fail("a key that is there twice")
            found[key] = self.inline(text[match.end():].strip(), indent)
        if self.peek()[0] > indent:
            self.fail("deeper than what it belongs to")
        return found

    def inline(self, text, indent):
        """What stands behind a key or a dash, perhaps on the lines below."""
        self.at += 1
        if text == "|":
            return self.literal(indent)
        if text == "":
            below, _ = self.peek()
            if below <= indent:
                self.at -= 1
                self.fail("a key without a value")
            return self.block(below)
        if text[0] in "{[":
            return Flow(text, self.at).read_all()
        return scalar(text, self.at)

    def literal(self, indent):
        lines, own = [], None
        while self.at < len(self.lines):
            line = self.lines[self.at]
            depth = len(line) - len(line.lstrip(" "))
            if line.strip():
                own = depth if own is None else own
                if depth <= indent:
                    break
            lines.append(line[own:] if line.strip() else "")
            self.at += 1
        return "\n".join(lines).rstrip("\n") + "\n"


def load(text):
    reader = Reader(text)
    document = reader.block(0)
    if reader.peek()[0] != -1:
        reader.fail("something behind the end")
    return document


def main(source, output):
    with open(source, encoding="utf-8") as file:
        text = file.read()
    rendered = {"yaml": text, "json": json.dumps(load(text), ensure_ascii=False, separators=(",", ":")) + "\n"}
    parts = ['#include "web/server/contract.h"\n']
    for name, body in rendered.items():
        data = body.encode() + b"\0"
        rows = [", ".join(str(byte) for byte in data[i:i + 32]) for i in range(0, len(data), 32)]
        parts.append(f"static const unsigned char bytes_of_{name}[] = {{\n    " + ",\n    ".join(rows) + ",\n};\n")
        parts.append(f"const char *const contract_{name} = (const char *)bytes_of_{name};\n")
    with open(output, "w", encoding="utf-8") as file:
        file.write("\n".join(parts))


if __name__ == "__main__":
    main(*sys.argv[1:])
