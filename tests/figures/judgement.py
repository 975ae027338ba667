"""Sections, ranking and the replayed evenings, by the scorers that stand beside the labelled items."""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def classify(briefd, config, lines, folder, prequential=False):
    """The predictions for `lines` (bytes), in a file."""
    predictions = folder / "predictions.jsonl"
    with predictions.open("wb") as out:
        subprocess.run([briefd, "--config", config, "classify", *(["--prequential"] if prequential else [])],
                       input=lines, stdout=out, check=True)
    return predictions


def score(script, pattern, *arguments):
    done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=True)
    return float(re.search(pattern, done.stdout)[1])


def score_sections(briefs, predictions):
    return score(briefs / "score_sections.py", r"macro-F1 ([\d.]+)", "--brief-as-news", predictions,
                 briefs / "open/items.jsonl")


def score_replay(briefs, predictions, *options):
    return score(briefs / "score_replay.py", r"recall@60 ([\d.]+)", predictions, briefs / "open/replay.jsonl", *options)


def score_ranking(briefs, predictions, *options):
    return score(briefs / "score_ranking.py", r"AUC ([\d.]+)", predictions, briefs / "open/ranking.jsonl", *options)


def taught_then_asked(briefs, until):
    """The issues up to a day with their labels, then the papers to rank, which nothing is learned from."""
    lines = [json.loads(line) for line in (briefs / "open/items.jsonl").read_text().splitlines()]
    asked = [json.loads(line) for line in (briefs / "open/ranking.jsonl").read_text().splitlines()]
    taught = [line for line in lines if line["issue"] <= until]
    taught += [{"id": line["id"], "title": line["title"], "issue": "asked"} for line in asked]
    return "".join(json.dumps(line) + "\n" for line in taught).encode()


def run_judgement(figures, briefd, shared, folder):
    briefs, config, until = shared / "briefs", ROOT / "feeds.conf", "2019-08-30"

    def predict(name, prequential=False):
        return classify(briefd, config, (briefs / "open" / name).read_bytes(), folder, prequential)

    def add(name, value, aim):
        figures.add(name, f"{value:.3f}", f">= {aim}", value >= aim)

    add("sections, rules alone: macro F1", score_sections(briefs, predict("input.jsonl")), 0.80)
    add("sections, prequential: macro F1", score_sections(briefs, predict("items.jsonl", True)), 0.86)
    add("ranking by title, cold: AUC", score_ranking(briefs, predict("ranking.jsonl")), 0.90)
    taught = classify(briefd, config, taught_then_asked(briefs, until), folder, True)
    add("ranking by title, taught: AUC", score_ranking(briefs, taught, "--after", until), 0.93)
    replayed = predict("replay.jsonl", True)
    add("an evening replayed: recall in the first 60", score_replay(briefs, replayed), 0.75)
    add("the same, candidates shown before left out", score_replay(briefs, replayed, "--fresh"), 0.86)
