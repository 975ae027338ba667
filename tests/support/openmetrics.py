"""A strict reader of the OpenMetrics 1.0 text format: what the specification forbids is an error.

    families = openmetrics.parse(text)      # {name: Family}
    families["briefd_polls"].value(outcome="read")
"""
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[n"\\])*)"')
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)(?: (\S+))?")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?[iI]nf|[nN]a[nN]")
SUFFIXES = {"gauge": [""], "counter": ["_total", "_created"], "info": ["_info"], "unknown": [""],
            "histogram": ["_bucket", "_count", "_sum", "_created"]}


class Violation(AssertionError):
    pass


def expect(condition, line, what):
    if not condition:
        raise Violation(f"{what}: {line!r}")


class Family:
    def __init__(self, name):
        self.name, self.type, self.unit, self.help = name, "unknown", None, None
        self.samples = []  # (suffix, {label: value}, number)

    def value(self, suffix=None, **labels):
        suffix = SUFFIXES[self.type][0] if suffix is None else suffix
        found = [number for own, of, number in self.samples if (own, of) == (suffix, labels)]
        return found[0] if found else 0


def labels_of(text, line):
    labels, at = {}, 0
    while text and at < len(text):
        found = LABEL.match(text, at)
        expect(found, line, "labels")
        expect(found[1] not in labels, line, "a label twice")
        labels[found[1]] = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], found[2])
        at = found.end()
        if at < len(text):
            expect(text[at] == "," and at + 1 < len(text), line, "labels")
            at += 1
    return labels


def add_sample(family, line):
    found = SAMPLE.fullmatch(line)
    expect(found, line, "no sample")
    expect(family is not None and found[1].startswith(family.name), line, "a sample outside its family")
    suffix = found[1][len(family.name):]
    expect(suffix in SUFFIXES[family.type], line, f"no suffix of a {family.type}")
    expect(NUMBER.fullmatch(found[3]) and found[4] is None, line, "no number, or a time")
    labels = labels_of(found[2], line)
    expect((suffix == "_bucket") == ("le" in labels), line, "le stands on buckets")
    expect(all((s, own) != (suffix, labels) for s, own, _ in family.samples), line, "a sample twice")
    if family.type in ("counter", "histogram"):
        expect(float(found[3]) >= 0, line, "below zero")
    if family.type == "info":
        expect(float(found[3]) == 1, line, "an info is 1")
    family.samples.append((suffix, labels, float(found[3])))


def add_descriptor(family, kind, text, line):
    expect(not family.samples, line, "a descriptor behind the samples")
    if kind == "TYPE":
        expect(text in SUFFIXES and family.type == "unknown", line, "type")
        family.type = text
    elif kind == "UNIT":
        expect(family.unit is None and family.name.endswith("_" + text), line, "the unit ends the name")
        family.unit = text
    else:
        expect(family.help is None and not re.search(r"\\[^n\"\\]", text), line, "help")
        family.help = text


def check_histogram(family):
    buckets = [(float(labels["le"]), number) for suffix, labels, number in family.samples if suffix == "_bucket"]
    bounds, counts = [b for b, _ in buckets], [c for _, c in buckets]
    expect(bounds == sorted(set(bounds)) and bounds[-1] == float("inf"), family.name, "bounds rise to +Inf")
    expect(counts == sorted(counts) and counts[-1] == family.value("_count"), family.name, "counts add up")
    expect(sum(s == "_sum" for s, _, _ in family.samples) == 1, family.name, "one sum")


def parse(text):
    expect(text.endswith("\n# EOF\n") and "\r" not in text, text[-20:], "# EOF ends it")
    families, family = {}, None
    for line in text[:-len("# EOF\n")].splitlines():
        descriptor = re.fullmatch(rf"# (TYPE|UNIT|HELP) ({NAME}) (.*)", line)
        if not descriptor:
            add_sample(family, line)
            continue
        if family is None or family.name != descriptor[2]:
            expect(descriptor[2] not in families, line, "a family in two places")
            family = families[descriptor[2]] = Family(descriptor[2])
        add_descriptor(family, descriptor[1], descriptor[3], line)
    names = [f.name + suffix for f in families.values() for suffix in SUFFIXES[f.type]]
    expect(len(set(names)) == len(names), "", "names clash")
    for one in families.values():
        expect(one.samples or one.type == "counter", one.name, "an empty family")
        if one.type == "histogram":
            check_histogram(one)
    return families
