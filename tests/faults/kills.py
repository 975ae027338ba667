"""kill -9 while feeds are polled, editors decide and write, and issues are published."""
import threading
import time

import invariants
from fault import PATIENCE_S, fault, require
from world import Briefd, Editor, Ledger, Newsroom, settle

LONGEST_S = 0.6     # from ready to the kill
VERIFY_EACH = 10    # kills; all invariants of the program's own, which takes as long as ten lives
IN_START = 0.2      # share of kills before the daemon is ready
MINUTE_S, DAY_S = 60, 86400


class Rush(threading.Thread):
    """Feeds bring something new and are due, all the time."""

    def __init__(self, briefd, news, chance):
        super().__init__(daemon=True)
        self.briefd, self.news, self.chance, self.stopped = briefd, news, chance, threading.Event()

    def run(self):
        while not self.stopped.wait(0.05):
            self.news.publish([self.chance.choice(list(self.news.newest))])
            self.briefd.pass_time(2 * MINUTE_S)


def work_and_kill(run, briefd, news, ledger, number):
    """One life of the daemon; the editors' failures are ours."""
    chance = run.chance
    crowd = [Editor(briefd, ledger, name, chance, publishes=name == "publisher")
             for name in ("first", "second", "publisher")]
    rush = Rush(briefd, news, chance)
    for one in [rush, *crowd]:
        one.start()
    time.sleep(chance.uniform(0, LONGEST_S))  # the moment is what is varied: no condition is waited for
    briefd.kill()
    for one in [rush, *crowd]:
        one.stopped.set()
        one.join()
    failures = [one.failure for one in crowd if one.failure is not None]
    require(not failures, f"in life {number}:", failures)


def kill_in_start(run, briefd):
    briefd.start(wait=False)
    time.sleep(run.chance.uniform(0, 0.15))
    briefd.kill()


def check(briefd, news, ledger, whole=True):
    invariants.check(briefd.database)  # first, as the crash left it
    if whole:
        briefd.command("verify", timeout=PATIENCE_S)
    ledger.check(briefd)
    return news.check(briefd)


@fault("kill", "kill -9 in the middle of everything", small=8, full=1000, of="kills")
def kill(run):
    """SIGKILL at a random moment of a run in which 6 feeds bring items, two editors decide and write, a third
    publishes and corrects; a fifth of the kills hit the start. Requests without an answer are sent again by their key."""
    ledger, starts, asked_today = Ledger(), 0, True
    with Newsroom(6) as news, Briefd(news.urls(), polling="max_interval = 2m") as briefd:
        briefd.start()
        for number in range(run.size):
            if number > 0 and run.chance.random() < IN_START:
                kill_in_start(run, briefd)
                starts += 1
            else:
                if briefd.process.poll() is not None:
                    briefd.start()
                settle(briefd, ledger)
                asked_today = True
                work_and_kill(run, briefd, news, ledger, number)
            looked = check(briefd, news, ledger, number % VERIFY_EACH == 0)
            if number % 10 == 9:
                run.say(f"{number + 1} kills, {ledger.count()} acknowledged")
            if run.chance.random() < 0.1 and asked_today:  # a key is good for two days
                briefd.pass_time(DAY_S)  # another day, another issue
                asked_today = False
        briefd.start()
        settle(briefd, ledger)
        briefd.stop()
        check(briefd, news, ledger)
        ledger.check_none_twice(briefd)
        items, = briefd.query("SELECT items FROM tally")[0]
        require("aborted" not in briefd.log() and "AddressSanitizer" not in briefd.log(), "the log tells of a crash")
    return (f"0 of {ledger.count()} acknowledged actions lost, 0 twice, {len(ledger.issues)} publications, "
            f"{items} items, {starts} kills in a start",
            f"after each kill: integrity, references, one item a key, log against ledger, {looked} items behind "
            "validators; `briefd verify` after each tenth")
