"""A week of the daemon's life in minutes: what grows must not.

What may grow, and has an end, is at its end before the first measurement; else an end would look like a leak, and a
leak could hide behind it. A new service keeps more every day until what it brings it also lets go: items that are no
longer listed and that nobody decided on (`keep_items`), the live ones that are compared with new ones
(`near_window`). SQLite fills its page caches to their bound, or to the size of the database. Hence feeds that are full
when they are added, and eight weeks before the one that is measured. The learner keeps what decisions taught it, and the
log every decision: those go on growing, as they do in a real service, and are measured with the rest.

Within a week the draft fills until its issue is published, and memory with it by 3 %: hence a day is compared with the
same day of the next week, not the first day of an issue with its last.
"""
import invariants
from clients import resident_bytes
from desk import Desk
from fault import PATIENCE_S, SANITIZED, fault, require
from origins import MEBIBYTE
from world import WINDOW, Briefd, Newsroom, start

HOUR_S, DAYS, FEEDS = 3600, 7, 40
POSTS_A_DAY = 30     # of all feeds together: as many as a newsletter of this kind has candidates
KEPT = 'keep_items = "30d"\n'  # the least there is
WARM_DAYS = 56       # more than 30 days kept, more than the 40 that a feed lists an item


def pass_hour(briefd, polled):
    """Every feed is due and is asked."""
    briefd.pass_time(HOUR_S)
    briefd.wait_until(lambda: min(last for last, in briefd.query("SELECT last_poll_utc_s FROM feed")) > polled,
                      deadline=PATIENCE_S)


def live_hour(run, briefd, news, desk, hour):
    polled = max(last for last, in briefd.query("SELECT last_poll_utc_s FROM feed"))
    whole, rest = divmod(POSTS_A_DAY / 24, 1)
    for _ in range(int(whole) + (run.chance.random() < rest)):
        news.publish([run.chance.choice(list(news.newest))])
    pass_hour(briefd, polled)
    for path in ("/draft.md", "/draft.json", "/api/v1/stories?limit=50", "/api/v1/search?q=quantized", "/issues.atom"):
        require(briefd.get(path)[0] in (200, 404), path)
    if hour % 4 == 0:
        for story in desk.get("/api/v1/stories?limit=1")["stories"]:
            desk.decide(story["id"], state=run.chance.choice(("picked", "later", "rejected")))
    if hour % 168 == 160:
        status, value, _ = desk.call("POST", "/api/v1/publish", {"date": desk.get("/api/v1/draft")["date"]})
        require(status in (200, 201), "publishing:", status, value)


def count_items(briefd):
    return briefd.query("SELECT items FROM tally")[0][0]


def growth_of(sizes, day):
    """The mean of the first and of the last day, and percent from one to the other."""
    first, last = (sum(part) / day for part in (sizes[:day], sizes[-day:]))
    return first, last, 100 * (last - first) / first


@fault("week", "a week", small=4, full=24 * DAYS, of="hours")
def week(run):
    """The real daemon with a clock that is moved: 40 feeds of 30 items asked every hour, 30 posts a day, readers of
    draft, stories and search, six decisions a day, an issue a week, backups, items kept 30 days. Measured
    after eight weeks, when as many items go as come."""
    with Newsroom(FEEDS) as news, Briefd(news.urls(), polling="max_interval = 30m", interval="7d") as briefd:
        briefd.write_config(news.urls(), KEPT)
        news.publish(count=WINDOW - 1)
        start(briefd)
        # A start spreads its first round over seconds, and makes the search index behind it.
        briefd.wait_until(lambda: (briefd.pass_time(5), all(
            last for last, in briefd.query("SELECT last_poll_utc_s FROM feed")))[1], deadline=PATIENCE_S)
        briefd.wait_until(lambda: briefd.get("/api/v1/search?q=quantized")[0] == 200, deadline=PATIENCE_S)
        desk = Desk(briefd)
        warm, day = (WARM_DAYS * 24, 24) if run.is_full else (run.size, run.size)
        sizes, items = [], []
        for hour in range(warm + run.size + day):
            live_hour(run, briefd, news, desk, hour)
            if hour >= warm:
                sizes.append(resident_bytes(briefd))
                items.append(count_items(briefd))
            if hour % 24 == 23:
                run.say(f"day {hour // 24 + 1}: {resident_bytes(briefd) / MEBIBYTE:.1f} MiB, {count_items(briefd)} items")
        first, last, growth = growth_of(sizes, day)
        # A sanitizer keeps what is freed, and half a day is no week.
        require(SANITIZED or not run.is_full or growth < 5, f"the daemon grew by {growth:.1f} %")
        briefd.stop(PATIENCE_S)
        invariants.check(briefd.database)
    return (f"from {first / MEBIBYTE:.1f} to {last / MEBIBYTE:.1f} MiB resident, {growth:+.1f} % (means of a day and of "
            f"the same day a week later; {max(sizes) / MEBIBYTE:.1f} at most between); "
            f"{FEEDS * (warm + run.size + day):,} polls, {sum(news.newest.values())} items came, {items[0]} were kept at "
            f"the beginning, {items[-1]} at the end", "memory (< 5 %), answers, invariants")
