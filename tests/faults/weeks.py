"""A week of the daemon's life in minutes: what grows must not."""
import invariants
from clients import resident_bytes
from desk import Desk
from fault import PATIENCE_S, SANITIZED, fault, require
from origins import MEBIBYTE
from world import Briefd, Newsroom, start

HOUR_S, DAYS, FEEDS = 3600, 7, 40
POSTS_A_DAY = 30     # of all feeds together: as many as a newsletter of this kind has candidates
WARM_DAYS = 3        # until caches and arenas have their size


def pass_hour(briefd, polled):
    """Every feed is due and is asked."""
    briefd.pass_time(HOUR_S)
    briefd.wait_until(lambda: min(last for last, in briefd.query("SELECT last_poll_utc_s FROM feed")) > polled,
                      deadline=PATIENCE_S)


def live_hour(run, briefd, news, desk, hour):
    polled = max(last for last, in briefd.query("SELECT last_poll_utc_s FROM feed"))
    if run.chance.random() < POSTS_A_DAY / 24:
        news.publish([run.chance.choice(list(news.newest))])
    pass_hour(briefd, polled)
    for path in ("/draft.md", "/draft.json", "/api/v1/stories?limit=50", "/api/v1/search?q=quantized", "/issues.atom"):
        require(briefd.get(path)[0] in (200, 404), path)
    if hour % 4 == 0:
        for story in desk.get("/api/v1/stories?limit=1")["stories"]:
            desk.decide(story["id"], state=run.chance.choice(("picked", "later", "rejected")))
    if hour % 168 == 160:
        desk.call("POST", "/api/v1/publish", {"date": desk.get("/api/v1/draft")["date"]})


@fault("week", "a week", small=12, full=24 * DAYS)
def week(run):
    """The real daemon with a clock that is moved: 40 feeds asked every hour, 30 posts a day, readers of draft, stories
    and search, an editor, an issue a week. Size: hours measured, after three days to warm up."""
    with Newsroom(FEEDS) as news, Briefd(news.urls(), polling="max_interval = 30m") as briefd:
        start(briefd)
        briefd.wait_until(lambda: all(last for last, in briefd.query("SELECT last_poll_utc_s FROM feed")),
                          deadline=PATIENCE_S)
        desk = Desk(briefd)
        warm = WARM_DAYS * 24 if run.is_full else run.size
        sizes = []
        for hour in range(warm + run.size):
            live_hour(run, briefd, news, desk, hour)
            if hour >= warm:
                sizes.append(resident_bytes(briefd))
            if hour % 24 == 23:
                run.say(f"day {hour // 24 + 1}: {resident_bytes(briefd) / MEBIBYTE:.1f} MiB")
        day = max(1, min(24, len(sizes) // 3))
        first, last = (sum(part) / len(part) for part in (sizes[:day], sizes[-day:]))
        growth = 100 * (last - first) / first
        # A sanitizer keeps what is freed, and half a day is no week.
        require(SANITIZED or not run.is_full or growth < 5, f"the daemon grew by {growth:.1f} %")
        items, = briefd.query("SELECT items FROM tally")[0]
        briefd.stop(PATIENCE_S)
        invariants.check(briefd.database)
    return (f"from {first / MEBIBYTE:.1f} to {last / MEBIBYTE:.1f} MiB resident, {growth:+.1f} % (means of the first and "
            f"the last day); {FEEDS * (warm + run.size)} polls, {items} items", "memory (< 5 %), answers, invariants")
