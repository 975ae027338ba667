"""The wall clock is set, by hours, both ways, while the daemon runs and while it does not."""
import invariants
from fault import PATIENCE_S, fault, require
from world import Briefd, Decider, Newsroom, start

HOUR_S = 3600
JUMPS_H = (6, -6, -9, 26, -17, 3)


def asked(news):
    """How often each feed was asked."""
    counts = dict.fromkeys(news.newest, 0)
    for request in news.origin.log():
        counts[request["path"].strip("/")] += 1
    return counts


def set_and_look(run, briefd, news, hours):
    """Nothing is asked because of the setting, everything is when its time has passed."""
    told = briefd.log().count("the clock was set")
    before = asked(news)
    briefd.set_clock(hours * HOUR_S)
    briefd.pass_time(1)  # and look
    briefd.wait_until(lambda: briefd.log().count("the clock was set") > told, deadline=PATIENCE_S)
    briefd.get("/api/v1/feeds")
    require(asked(news) == before, f"{hours:+} h made a herd: {before} -> {asked(news)}")
    news.publish(count=1)
    briefd.pass_time(11 * 60)  # the longest interval is ten minutes
    briefd.wait_until(lambda: all(asked(news)[feed] > before[feed] for feed in before), deadline=PATIENCE_S)
    news.wait_until_stored(briefd)


def set_while_down(run, briefd, news, hours):
    briefd.stop(PATIENCE_S)
    briefd.set_clock(hours * HOUR_S)
    before = asked(news)
    start(briefd)
    news.publish(count=1)
    briefd.pass_time(11 * 60)
    briefd.wait_until(lambda: all(asked(news)[feed] > before[feed] for feed in before), deadline=PATIENCE_S)


@fault("clock", "the clock is set by hours, both ways", small=2, full=24, of="jumps")
def clock(run):
    """The wall clock jumps by up to 26 hours while time passes as ever, also while the daemon is down; 12 feeds with
    intervals of 1 to 10 minutes, an editor who decides after each jump."""
    with Newsroom(12) as news, Briefd(news.urls(), polling="max_interval = 10m") as briefd:
        start(briefd)
        briefd.wait_until(lambda: all(asked(news).values()), deadline=PATIENCE_S)
        news.wait_until_stored(briefd)
        editor = Decider(briefd)
        for number in range(run.size):
            hours = JUMPS_H[number % len(JUMPS_H)]
            (set_while_down if number % 3 == 2 else set_and_look)(run, briefd, news, hours)
            editor.decide(1)
        briefd.stop(PATIENCE_S)
        editor.check()
        invariants.check(briefd.database)
    return (f"{run.size} jumps: no poll because of one, no feed later than its interval; {editor.decisions} decisions kept",
            "who is asked right after a jump and until the longest interval is over, items, log, invariants")
