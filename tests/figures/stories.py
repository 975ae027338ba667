#!/usr/bin/env python3
"""stories.py --briefd BINARY [--stream FILE] [--key latin] [--cuts 0.11 0.12 ...]: how firm a cut of `stories` is.

A cut that is right for one set of events need not be for the next. The labelled stream is split into two halves by
story, three times by chance; for each half and cut the items are grouped as if nothing else had been published. Each
cell is B-cubed precision / F1. Choose what does well in both halves, not the best of the whole. The data is no part
of the project: where it is absent, the script says "skipped"."""
import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIG = ('briefing {{ title = "x" }}\nsection "a" {{ title = "A" fallback = true }}\n'
          'feed "f" {{ url = "https://example.org/" }}\nstories {{ {key} = {cut} }}\n')


def b_cubed(predicted, gold):
    """(precision, F1): Bagga and Baldwin 1998."""
    stories, groups = collections.Counter(gold.values()), collections.Counter(predicted.values())
    both = collections.Counter((predicted[item], gold[item]) for item in gold)
    precision = sum(n * n / groups[group] for (group, _), n in both.items()) / len(gold)
    recall = sum(n * n / stories[story] for (_, story), n in both.items()) / len(gold)
    return precision, 2 * precision * recall / (precision + recall)


def group(briefd, key, cut, lines, folder):
    config = folder / "feeds.conf"
    config.write_text(CONFIG.format(key=key, cut=cut))
    done = subprocess.run([briefd, "--config", config, "group"], input="".join(lines), capture_output=True, text=True,
                          check=True)
    return {answer["id"]: answer["story"] for answer in map(json.loads, done.stdout.splitlines())}


def halves(items):
    """The items of one half of the stories, then of the other, three times."""
    stories = sorted({item["story"] for _, item in items})
    for seed in range(3):
        chosen = set(random.Random(seed).sample(stories, len(stories) // 2))
        for wanted in (True, False):
            yield [(line, item) for line, item in items if (item["story"] in chosen) == wanted]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--briefd", required=True)
    options.add_argument("--stream", type=pathlib.Path, default=ROOT.parent / "shared/dedup/open/stream_en.jsonl")
    options.add_argument("--key", default="latin")
    options.add_argument("--cuts", nargs="+", default=["0.11", "0.12", "0.13", "0.14", "0.15"])
    chosen = options.parse_args()
    if not chosen.stream.exists():
        print("stories: skipped, the labelled stream is not here")
        return 0
    items = [(line, json.loads(line)) for line in chosen.stream.open(encoding="utf-8")]
    print(f"{'items':>7}" + "".join(f"{chosen.key + ' ' + cut:>16}" for cut in chosen.cuts))
    with tempfile.TemporaryDirectory() as folder:
        for part in [*halves(items), items]:
            gold = {item["id"]: item["story"] for _, item in part}
            cells = []
            for cut in chosen.cuts:
                predicted = group(chosen.briefd, chosen.key, cut, [line for line, _ in part], pathlib.Path(folder))
                cells.append("%.3f / %.3f" % b_cubed(predicted, gold))
            print(f"{len(part):>7}" + "".join(f"{cell:>16}" for cell in cells), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
