#!/usr/bin/env python3
"""weakened_rules.py --briefd BINARY [--shared DIR] [--keep 0.45] [--seeds 3]: how the judgement stands without luck.

The shipped keywords were written by people who had read the open issues, so on these the rules look better than they
are, and there is nothing left for the learner to learn. Here each keyword of feeds.conf stays with a chance of KEEP:
what remains knows the open issues about as well as the whole knows unseen ones. Choose the learner's numbers by this."""
import argparse
import os
import pathlib
import random
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from judgement import ROOT, classify, score_replay, score_sections  # noqa: E402

WORD = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''
LIST = re.compile(rf"keywords = \{{((?:[^{{}}\"']|{WORD})*)\}}")


def weaken(text, keep, seed):
    chance = random.Random(seed)

    def drop(found):
        words = re.findall(WORD, found[1])
        kept = [word for word in words if chance.random() < keep] or words[:1]
        return f"keywords = {{ {', '.join(kept)} }}"

    return LIST.sub(drop, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--briefd", required=True)
    parser.add_argument("--shared", default=os.environ.get("SHARED", ROOT.parent / "shared"))
    parser.add_argument("--keep", type=float, default=0.45)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    briefs = pathlib.Path(options.shared).resolve() / "briefs"
    if not briefs.is_dir():
        print(f"skipped: there is no shared test data at {briefs}")
        return 0
    shipped = (ROOT / "feeds.conf").read_text()
    print(f"{'':8} {'sections, macro F1':>24} {'replay, recall@60':>24} {'the same, fresh':>24}")
    print(f"{'seed':8} {'rules':>12}{'learned':>12} {'rules':>12}{'learned':>12} {'rules':>12}{'learned':>12}")
    with tempfile.TemporaryDirectory(prefix="briefd-weakened-") as name:
        folder = pathlib.Path(name)
        for seed in range(1, options.seeds + 1):
            config = folder / "feeds.conf"
            config.write_text(weaken(shipped, options.keep, seed))
            row = []
            for file, scores in [("items.jsonl", [score_sections]),
                                 ("replay.jsonl", [score_replay, lambda b, p: score_replay(b, p, "--fresh")])]:
                lines = (briefs / "open" / file).read_bytes()
                both = []
                for prequential in (False, True):
                    predictions = classify(options.briefd, config, lines, folder, prequential)
                    both.append([measure(briefs, predictions) for measure in scores])
                row += [f"{rules:12.3f}{learned:12.3f}" for rules, learned in zip(*both)]
            print(f"{seed:<8} " + " ".join(row), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
