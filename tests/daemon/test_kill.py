"""kill -9 after a 2xx: what was answered is there after the next start.

$KILLS says how often the daemon is killed (default 20; `make figures` takes 200).
"""
import os
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from desk_case import DeskCase  # noqa: E402


class Kill(DeskCase):
    def test_what_was_answered_is_there_after_kill(self):
        briefd = self.daemon()
        desk = self.desk(briefd)
        chance = random.Random(17)
        ids = [story["id"] for story in desk.stories()]
        states, titles = {}, {}
        for kill in range(int(os.environ.get("KILLS", "20"))):
            for _ in range(chance.randint(1, 5)):
                story = chance.choice(ids)
                states[story] = chance.choice(["picked", "later", "rejected", "inbox"])
                done = desk.decide(story, state=states[story])
                for number in done["removed"]:
                    titles.pop(number, None)
                for pick in done["picks"]:
                    titles[pick["id"]] = f"{kill} 版"
                    desk.ask("PATCH", f"/api/v1/picks/{pick['id']}", {"title": titles[pick["id"]]})
            briefd.kill()  # right after the 2xx
            briefd.start()
            there = {s["id"]: s["state"] for state in ("picked", "later", "rejected", "inbox")
                     for s in desk.get(f"/api/v1/stories?limit=200&state={state}")["stories"]}
            self.assertEqual({story: there[story] for story in states}, states)
            self.assertEqual({p["id"]: p["title"] for p in desk.picks() if not p["suggested"]}, titles)

    def test_relevance_follows_decisions_and_an_undo_takes_it_back(self):
        briefd = self.daemon()
        desk = self.desk(briefd)
        stories = desk.stories()
        other = stories[-1]["id"]

        def relevance():
            return desk.get(f"/api/v1/stories/{other}")["relevance"]

        before = relevance()
        desk.decide(*[s["id"] for s in stories[:10]], state="rejected")
        briefd.wait_until(lambda: relevance() != before)
        taught = relevance()
        briefd.kill()
        briefd.start()
        self.assertEqual(relevance(), taught)
        desk.ask("POST", "/api/v1/undo")
        briefd.wait_until(lambda: relevance() == before)


if __name__ == "__main__":
    unittest.main()
