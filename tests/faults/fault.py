"""What a fault is: a function that does the harm to a real daemon and asserts what must still hold.

    @fault("kill", "kill -9 in the middle of everything", small=8, full=1000, of="kills")
    def kill(run):
        ...
        return result, checked

`run.size` is how many `of` what: `small` in `meson test`, `full` in `make faults`. `how` is the function's
documentation. An AssertionError is a failure, Skipped says why this machine cannot show it.
"""
import os
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

FAULTS = {}  # name -> Fault, in the order of the table
SANITIZED = bool(os.environ.get("SANITIZED"))
PATIENCE_S = 120.0  # for a condition on a slow machine under sanitizers; what is well takes a fraction


class Skipped(Exception):
    pass


class Fault:
    def __init__(self, name, title, sizes, of, function):
        self.name, self.title, self.sizes, self.of, self.function = name, title, sizes, of, function
        self.how = " ".join(function.__doc__.split("\n\n")[0].split())


class Run:
    """One run of one fault."""

    def __init__(self, size, is_full, seed):
        self.size, self.is_full = size, is_full
        self.chance = random.Random(seed)
        self.began = time.monotonic()

    def say(self, *words):
        print(f"  {time.monotonic() - self.began:7.1f} s ", *words, flush=True)


def fault(name, title, small, full, of):
    def register(function):
        FAULTS[name] = Fault(name, title, {"small": small, "full": full}, of, function)
        return function
    return register


def require(condition, *what):
    """assert, with a sentence, also under -O."""
    if not condition:
        raise AssertionError(" ".join(str(word) for word in what))
