#!/usr/bin/env python3
"""coverage.py BUILD: what the tests of BUILD (made with -Db_coverage=true) ran of the program.

Prints lines by folder, and every error branch of storage/ and daemon/net that no test took. Exit 1 when fewer than
LINES_PERCENT of the lines ran, when such a branch is not among EXPECTED with its reason, or when one of those is taken.

An error branch is, in a statement that passes a fault on or sets one, or returns failure: a line that never ran, or a
branch that never went one of its ways. gcov counts branches of lines, so statements are told apart by their text."""
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINES_PERCENT = 85
FOLDERS = ["daemon", "storage", "web/access", "web/server"]
ERROR_FOLDERS = ("storage/", "daemon/net/")
# These are always false, so that one way of the branch behind each cannot be gone.
FALSE = re.compile(r"\b(fault_set|fault_prefix|\w+_fault|refuse\w*|failed|story_search_explain)\(")
ERROR = re.compile(r"\bfault\b|\bdatabase_fault\(|return (false|NULL);|\brequire_\w+\(|errno")

# (file, a piece of the statement): why no test takes it.
EXPECTED = {
    ("daemon/net/http_request.c", "(uint64_t)received <= request->max_bytes"):
        "curl asks nothing more of a transfer that a callback has ended; the second half keeps the first sentence",
    ("daemon/net/http_request.c", "if (!nonsense || new_connections > 0"):
        "a server that closes an idle connection while it is used again: a race that no test can hold",
    ("storage/backup.c", "if (unlink(files[i].path) != 0 && errno != ENOENT)"):
        "somebody else who removes the same backup in the same moment",
    ("storage/decisions.c", "return pick_find(action->store, story, false, &id, fault) && (id == 0"):
        "a picked story without its pick: `briefd verify` looks for one, and no action makes it",
    ("storage/grouping.c", "!shelf_file_new(store->path, &shelf, &fault)"):
        "a nameless file and one with a name have to fail, both, where the database could be opened",
    ("storage/grouping.c", 'log_warning("stories: %s, continuing in memory"'):
        "the same",
    ("storage/hand.c", "the item just stored cannot be found"):
        "it was stored in the same transaction",
    ("storage/publish.c", "the issue has too many lines"):
        "500 lines of 20 digits do not fill the room there is; the limit is for who raises the other",
    ("storage/publish.c", "return (line->story == 0 || statement_find_int("):
        "a line that nobody picked is a suggestion, and that has a story; lines by hand have been adopted before",
    ("storage/search_date.c", "if (probe == NULL) { return false;"):
        "the index asked for one hit, which is done behind 50,000 of them: its statement could not be prepared",
    ("storage/shelf_file.c", "if (wrote < 0 && errno != EINTR)"):
        "a signal in the middle of a write to a disk: none is handled by these threads",
    ("storage/shelf_file.c", "while (have < 0 && errno == EINTR)"):
        "the same of a read",
    ("storage/stories.c", "return true; } } return false;"):
        "no error but an answer: a lead by hand that is not of its story, which no action makes",
    ("storage/undo.c", "return heir == 0 || story_move_items("):
        "a story that began with an action got its items from another one, so there is always an heir",
    ("storage/verify.c", "somebody began to work with the database"):
        "another program that opens the database in the milliseconds of a look at it",
}


def measure(build):
    """gcovr's report as a dictionary, without the lines that it does not count."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run(["gcovr", "--root", ROOT, str(build), "--gcov-ignore-parse-errors", "--json", file.name,
                        *(word for folder in FOLDERS for word in ("--filter", f"{folder}/"))],
                       cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return count_code(json.load(open(file.name, encoding="utf-8")))


def count_code(report):
    for file in report["files"]:
        file["lines"] = [line for line in file["lines"] if not line.get("gcovr/noncode")]
    return report


def folder_of(path):
    parts = pathlib.PurePath(path).parts
    return "/".join(parts[:2]) if parts[0] in ("daemon", "web") and len(parts) > 2 else parts[0]


def print_lines(report):
    """Lines by folder; the percentage of all."""
    ran, all_lines = collections.Counter(), collections.Counter()
    for file in report["files"]:
        for line in file["lines"]:
            all_lines[folder_of(file["file"])] += 1
            ran[folder_of(file["file"])] += line["count"] > 0
    for folder in sorted(all_lines):
        print(f"{folder:20} {ran[folder]:6} of {all_lines[folder]:6} lines {100 * ran[folder] / all_lines[folder]:6.1f} %")
    percent = 100 * sum(ran.values()) / max(1, sum(all_lines.values()))
    print(f"{'all':20} {sum(ran.values()):6} of {sum(all_lines.values()):6} lines {percent:6.1f} %, at least {LINES_PERCENT} %")
    return percent


def statements(text):
    """The statement of each line, by line number from 1: what stands between two of ; { } at ends of lines. One that
    says no more than "return false;" has the three before it in front, to be told from others."""
    found, begun, before = {}, [], ["", "", ""]
    text = re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), text, flags=re.S)
    for number, line in enumerate(text.split("\n"), 1):
        begun.append((number, line.strip()))
        if re.search(r"[;{}]\s*$", line) or not line.strip() or line.lstrip().startswith("#"):
            whole = " ".join(words for _, words in begun)
            alone = whole in ("return false;", "return NULL;")
            found.update({at: " ".join((*before, whole)) if alone else whole for at, _ in begun})
            before = [*before[1:], whole]
            begun = []
    return found


def untaken(report):
    """(file, line, statement, what) of every error branch that no test took."""
    for file in report["files"]:
        if not file["file"].startswith(ERROR_FOLDERS) or not file["file"].endswith(".c"):
            continue
        by_line = statements((ROOT / file["file"]).read_text(encoding="utf-8"))
        for line in file["lines"]:
            statement = by_line.get(line["line_number"], "")
            if not ERROR.search(statement):
                continue
            if line["count"] == 0:
                yield file["file"], line["line_number"], statement, "never ran"
            elif sum(branch["count"] == 0 for branch in line["branches"]) > len(FALSE.findall(statement)):
                yield file["file"], line["line_number"], statement, "only one way"


def main(build):
    report = measure(build)
    percent = print_lines(report)
    missing, reasons = [], set()
    for path, line, statement, what in untaken(report):
        key = next((key for key in EXPECTED if key[0] == path and key[1] in statement), None)
        if key is None:
            missing.append(f"{path}:{line}: {what}: {statement[:150]}")
        else:
            reasons.add(key)
    print(f"error branches of storage and daemon/net that no test takes: {len(missing)}, "
          f"and {len(reasons)} statements that none can take")
    print("".join(line + "\n" for line in missing), end="")
    for key in sorted(reasons):
        print(f"    {key[0]}, '{key[1]}': {EXPECTED[key]}")
    stale = sorted(EXPECTED.keys() - reasons)
    for path, piece in stale:
        print(f"taken after all, or gone, and still in EXPECTED of {__file__}: {path}, '{piece}'")
    return 1 if percent < LINES_PERCENT or missing or stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
