#!/usr/bin/env python3
"""run.py [--build BUILD] PART...: the parts of `make check`, each of which `make check-PART` runs alone.

    lint      `make lint`: formatting and house rules
    tsan      a build by clang with -Werror under ThreadSanitizer; all tests of what the daemon does
    valgrind  the unit tests of BUILD, which `make test` has built, under memcheck
    tidy      clang-tidy over the program, by the list in .clang-tidy
    cppcheck  cppcheck over the program
    audit     what the desk ships, asked of the registry's list of vulnerabilities

A part is done when it has told everything it found. What it found stands in build-check/PART.log; how it ended is a
line of build-check/meson-logs/testlog.json, in the form of meson's own, so that tests/support/summary.py counts it.
Tests that a part runs stand in meson's logs and are counted there: a part fails besides when it could not build them,
or when a tool that watches them spoke. Why not a meson test each: they need other build folders, and hours of one
folder's lock.

What speaks for a failure is never the exit code alone: a daemon that a test kills takes its own with it, so the
sanitizer's reports are looked for where they were written."""
import argparse
import concurrent.futures
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build-check"
PROGRAM = ["daemon", "storage", "web/access", "web/server"]
JOBS = os.cpu_count() or 2
# Half of the tests wait for a daemon most of their time.
AT_ONCE = JOBS + 2
# A test has this many times its usual time: a sanitizer and valgrind cost five to thirty times.
TSAN_PATIENCE, VALGRIND_PATIENCE = "5", "20"


class Part:
    """A part that runs: its log, and what was wrong."""

    def __init__(self, name):
        self.name, self.problems, self.skipped = name, [], None
        self.log = open(RESULTS / f"{name}.log", "w", encoding="utf-8")

    def run(self, *words, env=None, cwd=ROOT, quiet=True):
        """The exit code; what is said goes to the log, and to the screen unless `quiet`."""
        words = [str(word) for word in words]
        self.log.write("$ " + shlex.join(words) + "\n")
        self.log.flush()
        process = subprocess.Popen(words, cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, errors="replace")
        for line in process.stdout:
            self.log.write(line)
            if not quiet:
                print(line, end="", flush=True)
        return process.wait()

    def must(self, what, *words, **how):
        """Run it; a problem, and False, when it fails."""
        if self.run(*words, **how) != 0:
            self.problems.append(f"{what} failed, see {self.log.name}")
            return False
        return True


# ---- tests under a watching tool ----

def set_up(part, folder, *options, env=None):
    if not (ROOT / folder / "build.ninja").exists():
        if not part.must("meson setup", "meson", "setup", folder, "-Dwerror=true", *options, env=env):
            return False
    return part.must("the build", "ninja", "-C", folder)


def run_tests(part, folder, *words, log, env=None):
    """Their failures are counted from meson's log; without one nothing was counted, which is a failure here."""
    path = ROOT / folder / "meson-logs" / log
    path.unlink(missing_ok=True)
    part.run("meson", "test", "-C", folder, "--no-rebuild", "--print-errorlogs", *words, env=env, quiet=False)
    if not path.exists():
        part.problems.append("no test has run")


def tsan(part, build):
    """Not the desk's, whose browser takes minutes and asks the daemon nothing that the tests of its API do not ask; nor
    those that run no program of ours."""
    folder, reports = "build-tsan", ROOT / "build-tsan" / "reports"
    options = ["-Db_sanitize=thread", "-Db_lundef=false", "-Ddesk=disabled"]
    if not set_up(part, folder, *options, env={"CC": "clang"}):
        return
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir()
    # Two interceptors touch the whole text at each call and make a linear search quadratic.
    wishes = {"log_path": reports / "race", "intercept_memmem": 0, "intercept_strstr": 0, "exitcode": 66}
    others = [word for suite in ("desk", "lint", "packaging") for word in ("--no-suite", suite)]
    run_tests(part, folder, "-t", TSAN_PATIENCE, "--num-processes", AT_ONCE, *others, log="testlog.json",
              env={"TSAN_OPTIONS": ":".join(f"{key}={value}" for key, value in wishes.items())})
    for report in sorted(reports.iterdir()):
        text = report.read_text(errors="replace")
        part.log.write(text)
        part.problems.append(f"a data race, see {report}: " + "; ".join(
            line for line in text.splitlines() if line.startswith("SUMMARY")))


# Thousands of rounds or a hundred thousand rows: minutes under memcheck; or what memcheck does otherwise than the system.
# ASan has run all of it.
NOT_FOR_VALGRIND = {
    "storage/faults_accounts": "two hundred databases",
    "storage/faults_care": "nine hundred databases",
    "storage/faults_copies": "seven hundred databases",
    "storage/faults_crowd": "a search through two thousand items, a hundred times",
    "storage/faults_opening": "two hundred databases",
    "storage/faults_rare": "eight hundred databases",
    "storage/faults_desk": "fifteen hundred databases",
    "storage/faults_store": "eight hundred databases",
    "storage/crash": "kills a process a hundred times",
    "storage/desk_log": "a thousand random actions",
    "storage/story_list": "100,000 stories",
    "storage/story_search": "60,000 items",
    "config/hostile": "megabytes of configuration",
    "feed/html_sanitize": "megabytes of one tag",
    "net/process": "limits of descriptors, which valgrind answers itself, for it keeps some",
}


def valgrind(part, build):
    if not part.must("the build", "ninja", "-C", build):
        return
    listed = subprocess.run(["meson", "test", "-C", build, "--list", "--suite", "unit"], cwd=ROOT,
                            capture_output=True, text=True).stdout
    names = [line.split(" / ")[-1].strip() for line in listed.splitlines() if " / " in line]
    wanted = [name for name in names if name not in NOT_FOR_VALGRIND]
    wrap = ("valgrind --error-exitcode=1 --leak-check=full --quiet --child-silent-after-fork=yes "
            f"--suppressions={ROOT}/tests/support/valgrind.supp")
    run_tests(part, build, "-t", VALGRIND_PATIENCE, "--wrap", wrap, *wanted, log="testlog-valgrind.json")
    for name, why in NOT_FOR_VALGRIND.items():
        print(f"not under valgrind: {name}: {why}")


# ---- tools that read the program ----

def sources():
    return sorted(path for folder in PROGRAM for path in (ROOT / folder).rglob("*.c"))


def tidy(part, build):
    """The commands of the build by clang, for clang-tidy is a clang."""
    if not (ROOT / "build-tsan" / "compile_commands.json").exists():
        if not set_up(part, "build-tsan", "-Db_sanitize=thread", "-Db_lundef=false", "-Ddesk=disabled",
                      env={"CC": "clang"}):
            return

    # All paths through all functions are a quarter of an hour; DEEP=1 asks for them.
    depth = "deep" if os.environ.get("DEEP") else "shallow"
    extra = [f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", f"mode={depth}")]

    def look(path):
        return subprocess.run(["clang-tidy", "-p", "build-tsan", "--quiet", *extra, path.relative_to(ROOT)], cwd=ROOT,
                              capture_output=True, text=True, errors="replace")

    with concurrent.futures.ThreadPoolExecutor(JOBS) as workers:
        for path, done in zip(sources(), workers.map(look, sources())):
            part.log.write(done.stdout)
            if done.returncode != 0:
                print(done.stdout, end="")
                part.problems.append(f"clang-tidy is not content with {path.relative_to(ROOT)}")


def cppcheck(part, build):
    part.must("cppcheck", "cppcheck", "-j", JOBS, "--quiet", "--error-exitcode=1", "--std=c11",
              "--enable=warning,portability,performance", "--inline-suppr", "--library=posix,gnu",
              # POSIX.1-2024: readdir() of streams of one's own is safe; glibc has deprecated readdir_r().
              "--suppress=readdirCalled",
              # The macros of lists; no other header of the system is read.
              "--include=/usr/include/x86_64-linux-gnu/sys/queue.h" if os.uname().machine == "x86_64" else "--quiet",
              "-I.", "-Idaemon", "-D_GNU_SOURCE", "-DHAVE_SYSTEMD=1", '-DBRIEFD_VERSION=""', *PROGRAM, quiet=False)


def lint(part, build):
    part.must("make lint", "make", "lint", quiet=False)


def audit(part, build):
    """A registry that does not answer, or has no such list (a mirror, with 405), is "not checked" with the cause, which is
    no failure: nothing is known then. A vulnerability in what is shipped is one."""
    done = subprocess.run(["npm", "audit", "--omit=dev", "--package-lock-only", "--json"], cwd=ROOT / "web/desk",
                          capture_output=True, text=True, timeout=300)
    part.log.write(done.stdout + done.stderr)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = {}
    if "auditReportVersion" not in report:
        error = report.get("error", {})
        cause = report.get("message") or error.get("summary") or error.get("code") or done.stderr.strip()
        cause = cause.splitlines()[0] if cause else f"npm ended with {done.returncode}"
        part.skipped = f"the registry has told nothing about vulnerabilities: {cause}"
        return
    for name, found in report["vulnerabilities"].items():
        part.problems.append(f"{name} {found['range']}: {found['severity']}")


PARTS = {"lint": lint, "tsan": tsan, "valgrind": valgrind, "tidy": tidy, "cppcheck": cppcheck, "audit": audit}


# ---- how they ended ----

def note_result(name, result, said, seconds):
    """In place of what an earlier run of the part left."""
    path = RESULTS / "meson-logs" / "testlog.json"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = [line for line in lines if json.loads(line)["name"] != name]
    lines.append(json.dumps({"name": name, "result": result, "stdout": said, "duration": round(seconds, 1)}))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def run_part(name, build):
    started = time.monotonic()
    part = Part(name)
    try:
        PARTS[name](part, build)
    except (OSError, subprocess.SubprocessError) as error:
        part.problems.append(str(error))
    seconds = time.monotonic() - started
    for problem in part.problems:
        print(f"{name}: {problem}")
    result = "FAIL" if part.problems else "SKIP" if part.skipped is not None else "OK"
    said = f"not checked: {part.skipped}" if result == "SKIP" else "failed" if part.problems else "passed"
    note_result(f"check/{name}", result, said, seconds)
    print(f"check/{name}: {said} ({seconds:.0f} s)", flush=True)
    return not part.problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("parts", nargs="+", choices=PARTS)
    options = parser.parse_args()
    (RESULTS / "meson-logs").mkdir(parents=True, exist_ok=True)
    return 0 if all([run_part(name, options.build) for name in options.parts]) else 1


if __name__ == "__main__":
    sys.exit(main())
