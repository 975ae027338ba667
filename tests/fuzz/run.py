#!/usr/bin/env python3
"""run.py BUILD SECONDS [TARGET...]: run the fuzz targets of a build, each for SECONDS from its seeds.

At most WORKERS fuzzers at a time, each in a single process; when there are fewer targets than workers,
several fuzzers share a target and its corpus. What they learn stays in BUILD/corpus/TARGET and is
where the next run goes on. A finding (crash, leak, input that takes too long or too much memory,
property that does not hold) ends that fuzzer, and its input is in BUILD/findings. Prints one line a
target; exit 1 when anything was found, 2 when a fuzzer did not run.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
MORE_SEEDS = {"feed": [HERE.parent / "feeds"]}
WORKERS = min(2, os.cpu_count() or 1)
# The longest input worth trying: long enough for every limit of the parser that is no size limit.
MAX_BYTES = {"feed": 16384, "config": 8192, "html_text": 8192, "issue_reader": 8192, "sanitize": 8192, "keyword": 2048,
             "http_headers": 4096, "opml": 8192, "page": 8192, "classify": 4096}
MAX_BYTES_ELSE = 1024
INPUT_SECONDS = 5  # instrumented, on a machine that does other things too; replay.c is stricter
MEMORY_MB = 2048


def targets_of(build):
    return sorted(path.name.removeprefix("fuzz_") for path in (build / "tests/fuzz").glob("fuzz_*")
                  if path.is_file() and os.access(path, os.X_OK))


def command(build, target, seconds, number):
    corpus, findings = build / "corpus" / target, build / "findings"
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(exist_ok=True)
    dictionary = HERE / "dictionaries" / f"{target}.dict"
    return [build / "tests/fuzz" / f"fuzz_{target}", f"-max_total_time={seconds}",
            f"-max_len={MAX_BYTES.get(target, MAX_BYTES_ELSE)}", f"-timeout={INPUT_SECONDS}",
            f"-rss_limit_mb={MEMORY_MB}", "-report_slow_units=2", "-print_final_stats=1", "-reload=10",
            f"-artifact_prefix={findings}/{target}-",
            *([f"-dict={dictionary}"] if dictionary.exists() else []),
            corpus, HERE / "corpus" / target, *MORE_SEEDS.get(target, [])]


def run(build, target, seconds, number):
    """The log of one fuzzer, as a file; its exit code."""
    log = build / "findings" / f"{target}.{number}.log"
    arguments = command(build, target, seconds, number)
    with log.open("w") as out:
        options = {"ASAN_OPTIONS": "allocator_may_return_null=0:detect_stack_use_after_return=1",
                   "UBSAN_OPTIONS": "print_stacktrace=1"}
        code = subprocess.run(["nice", "-n", "19", *map(str, arguments)], stdout=out, stderr=out,
                              stdin=subprocess.DEVNULL, env=options | os.environ,
                              timeout=seconds + 300).returncode
    return log, code


def number_in(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def finding_in(text):
    """What ended the fuzzer, in a line; None when its time did."""
    for pattern in (r"(property violated: .*)", r"(runtime error: .*)", r"SUMMARY: (.*)",
                    r"(ERROR: libFuzzer: .*)"):
        found = re.search(pattern, text)
        if found:
            return found[1][:160]
    return None


def report(target, seconds, runs):
    found, notes = [], []
    executions = 0
    coverage = 0
    for log, code in runs:
        text = log.read_text(errors="replace")
        executions += number_in(r"stat::number_of_executed_units: (\d+)", text) or number_in(r"#(\d+)\t", text)
        coverage = max(coverage, number_in(r"cov: (\d+)", text))
        slow = len(re.findall(r"Slowest unit: ", text))
        if code:
            found.append(finding_in(text) or f"exit code {code}, see {log}")
        elif slow:
            notes.append(f"{slow} slow by the clock on the wall: replay them")
    print(f"{target:15} {executions:>10} executions  {coverage:>6} edges  "
          f"{'; '.join([*found, *notes]) or 'nothing found'}", flush=True)
    return executions, bool(found)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("seconds", type=int)
    arguments.add_argument("targets", nargs="*")
    options = arguments.parse_args()
    build = options.build.resolve()
    known = targets_of(build)
    wanted = options.targets or known
    if not known or set(wanted) - set(known):
        print(f"the targets of {build} are: {' '.join(known) or 'none'}", file=sys.stderr)
        return 2
    copies = max(1, WORKERS // len(wanted))
    idle = broken = False
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        jobs = {target: [pool.submit(run, build, target, options.seconds, number)
                         for number in range(copies)] for target in wanted}
        for target, running in jobs.items():
            executions, found = report(target, options.seconds, [job.result() for job in running])
            idle |= executions == 0
            broken |= found
    print(f"inputs and logs are in {build}/findings")
    return 2 if idle else int(broken)


if __name__ == "__main__":
    sys.exit(main())
