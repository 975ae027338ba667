"""The disk: full, read-only, and a database that it damaged."""
import contextlib
import errno
import os
import pathlib
import struct
import subprocess

import invariants
from desk import Desk
from fault import PATIENCE_S, SANITIZED, Skipped, fault, require
from world import WINDOW, Briefd, Newsroom, start

SHIM = os.environ.get("FAILING_DISK", str(pathlib.Path(__file__).resolve().parents[2] / "build/tests/faults/failing_disk.so"))
READS = ("/draft.json", "/draft.md", "/api/v1/stories?limit=5", "/api/v1/draft", "/api/v1/feeds",
         "/api/v1/search?q=quantized", "/healthz")


class Ballast:
    """A small file system of its own that a file fills to the last byte."""

    def __init__(self, folder, mebibytes):
        self.folder = folder / "disk"
        self.folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "none", self.folder],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise Skipped(f"no tmpfs may be mounted here: {done.stderr.strip()}")

    def fill(self):
        with contextlib.suppress(OSError), open(self.folder / "ballast", "ab", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def relieve(self):
        (self.folder / "ballast").unlink()

    def close(self):
        subprocess.run(["umount", "-l", self.folder], check=True)


class FailingDisk:
    """The same by failing_disk.c: any errno, with no privilege."""

    def __init__(self, briefd, error):
        if SANITIZED or not pathlib.Path(SHIM).exists():
            raise Skipped("nothing can be preloaded into this build")
        self.folder, self.error = briefd.folder / "disk", error
        self.folder.mkdir()
        self.state = briefd.folder / "state"
        self.set(0)
        briefd.launch = {"env": {**os.environ, "LD_PRELOAD": SHIM, "FAILING_DISK_STATE": str(self.state),
                                 "FAILING_DISK_FOLDER": str(self.folder)}}

    def set(self, error):
        with open(self.state, "r+b" if self.state.exists() else "wb") as file:  # in place: it is mapped
            file.write(struct.pack("=i", error))

    def fill(self):
        self.set(self.error)

    def relieve(self):
        self.set(0)

    def close(self):
        pass


def full_disk(briefd):
    try:
        return Ballast(briefd.folder, 64), "tmpfs of 64 MiB"
    except Skipped:
        return FailingDisk(briefd, errno.ENOSPC), "ENOSPC by a preloaded library"


def go_through(run, briefd, news, disk):
    """The disk fails and comes back `run.size` times. (items, refused decisions, reads)"""
    desk, refused, reads = Desk(briefd), 0, 0
    for number in range(run.size):
        paused = briefd.log().count("polling pauses")
        disk.fill()

        def is_paused():
            if news.is_stored(briefd):  # there was room yet, in a log that had been longer once
                news.publish(count=25)
            briefd.pass_time(3600)
            return briefd.log().count("polling pauses") > paused

        briefd.wait_until(is_paused, deadline=PATIENCE_S)
        for path in READS:
            status, _, body = briefd.get(path)
            require(status == 200, f"{path} while the disk fails: {status} {body[:200]}")
            reads += 1
        require(b"database" in briefd.get("/readyz")[2], "/readyz does not speak of the database")
        story = desk.get("/api/v1/stories?limit=1")["stories"][0]["id"]
        status, value, _ = desk.call("POST", "/api/v1/decisions", {"stories": [{"id": story}], "state": "later"})
        if status != 200:  # a disk may have room left for a small thing
            require(status == 503 and "database" in value["detail"], f"a decision: {status} {value}")
            refused += 1
        disk.relieve()
        news.wait_until_stored(briefd, 60)
        desk.decide(desk.get("/api/v1/stories?limit=1")["stories"][0]["id"], state="rejected")
    return news.items(), refused, reads


def fail_and_heal(run, briefd, news, disk):
    try:
        briefd.database = disk.folder / "briefd.sqlite"
        start(briefd)
        news.wait_until_stored(briefd)
        items, refused, reads = go_through(run, briefd, news, disk)
        log = briefd.log()
        briefd.stop(PATIENCE_S)
        invariants.check(briefd.database)
    finally:
        if briefd.process is not None and briefd.process.poll() is None:
            briefd.kill()
        disk.close()
    require(log.count("polling goes on") >= run.size, "polling went on", log.count("polling goes on"), "times")
    return (f"{run.size} times it failed, {run.size} recoveries without help; {items} of {items} items, "
            f"{refused} actions refused with a sentence, {reads} of {reads} reads answered")


@fault("full", "disk full", small=2, full=20, of="times")
def disk_full(run):
    """The disk of the database fills to the last byte while feeds bring items and an editor decides; room is made."""
    with Newsroom(8) as news, Briefd(news.urls(), polling="max_interval = 5m") as briefd:
        disk, how = full_disk(briefd)
        result = fail_and_heal(run, briefd, news, disk)
    return f"{how}: {result}", "reads, refusals, invariants, all items there after recovery"


@fault("readonly", "read-only disk", small=2, full=20, of="times")
def disk_read_only(run):
    """All writes below the folder of the database fail with EROFS, as on a file system that went read-only after an
    error, then work again."""
    with Newsroom(8) as news, Briefd(news.urls(), polling="max_interval = 5m") as briefd:
        result = fail_and_heal(run, briefd, news, FailingDisk(briefd, errno.EROFS))
    return result, "reads, refusals, invariants, all items there after recovery"


@fault("broken", "disk that reports errors", small=2, full=20, of="times")
def disk_broken(run):
    """The same with EIO from write() and fsync()."""
    with Newsroom(8) as news, Briefd(news.urls(), polling="max_interval = 5m") as briefd:
        result = fail_and_heal(run, briefd, news, FailingDisk(briefd, errno.EIO))
    return result, "reads, refusals, invariants, all items there after recovery"


# ---- a damaged database ----

def overwrite(path, at, length, chance):
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(bytes(chance.getrandbits(8) for _ in range(length)))


def damage_header(path, chance):
    overwrite(path, 0, 100, chance)


def damage_schema(path, chance):
    overwrite(path, 100, 4000, chance)


def damage_pages(path, chance):
    for page in range(1, path.stat().st_size // PAGE_BYTES):
        overwrite(path, page * PAGE_BYTES, 512, chance)


def cut_in_half(path, chance):
    os.truncate(path, path.stat().st_size // 2)


def cut_to_nothing(path, chance):
    os.truncate(path, 0)


PAGE_BYTES = 8192
DAMAGES = (damage_header, damage_schema, damage_pages, cut_in_half, cut_to_nothing)


def restore(briefd, backup):
    """As the sentence says, with the daemon down. What is damaged is kept beside it, byte for byte."""
    damaged = briefd.database.read_bytes()
    briefd.command("restore", "--aside", str(backup), timeout=PATIENCE_S)
    kept = {path: path.read_bytes() for path in briefd.folder.glob("*.aside-*")}  # with its log
    require(damaged in kept.values(), "kept beside it are", list(kept))
    for path in kept:
        path.unlink()


def refuses(briefd, seen):
    """It does not start, says why and what to do, and leaves the file as it is."""
    before = briefd.database.read_bytes()
    done = briefd.command("run", "--listen", "127.0.0.1:0", check=False, timeout=PATIENCE_S)
    words = done.stderr.strip().splitlines()[-1]
    require(done.returncode == 1, f"{seen}: exit code {done.returncode}: {words}")
    require(str(briefd.database) in words and "backup" in words, f"{seen}: {words}")
    require(briefd.database.read_bytes() == before, f"{seen}: the file was written to")


def damage_under_way(run, briefd, news, damage):
    """While it runs: it stays, says so, and serves what it has in memory."""
    begin = len(briefd.log())
    start(briefd)
    damage(briefd.database, run.chance)
    news.publish(count=5)

    def is_said():
        briefd.pass_time(3600)
        briefd.get("/api/v1/stories?limit=3")
        return "is damaged" in briefd.log()[begin:]

    briefd.wait_until(is_said, deadline=PATIENCE_S)
    for path in ("/healthz", "/draft.md"):
        require(briefd.get(path)[0] == 200, path)
    briefd.kill()


@fault("damage", "database damaged", small=5, full=50, of="damaged files")
def damaged(run):
    """Header, schema, pages overwritten with random bytes, the file cut in half and to nothing: the daemon is started on
    it, every time; pages and the half also while it runs. `briefd restore` puts the backup back afterwards."""
    with Newsroom(8) as news, Briefd(news.urls(), polling="max_interval = 5m") as briefd:
        news.publish(count=WINDOW - 1)
        kept, wanted = WINDOW, WINDOW * len(news.newest)
        start(briefd)
        briefd.wait_until(lambda: briefd.query("SELECT items FROM tally") == [(wanted,)], deadline=PATIENCE_S)
        backup = briefd.command("backup", "--to", str(briefd.folder / "kept"), timeout=PATIENCE_S).stdout.strip()
        briefd.stop(PATIENCE_S)
        refused = under_way = 0
        for number in range(run.size):
            damage = DAMAGES[number % len(DAMAGES)]
            damage(briefd.database, run.chance)
            refuses(briefd, damage.__name__)
            refused += 1
            restore(briefd, backup)
            if damage in (damage_pages, cut_in_half):
                damage_under_way(run, briefd, news, damage)
                under_way += 1
                restore(briefd, backup)
        start(briefd)
        # What the backup had and what the feeds still list: what came and went between is nowhere.
        wanted += sum(min(newest - kept, WINDOW) for newest in news.newest.values())
        briefd.wait_until(lambda: (briefd.pass_time(600), briefd.query("SELECT items FROM tally") == [(wanted,)])[1],
                          deadline=PATIENCE_S)
        briefd.stop(PATIENCE_S)
        invariants.check(briefd.database)
    return (f"{refused} of {refused} starts refused with a sentence that names file and backup, 0 files written to; "
            f"{under_way} times under way: said, served from memory; {wanted} of {wanted} items from the backup and the feeds",
            "sentences, bytes of the file before and after a start and beside the restored one, answers, items")
