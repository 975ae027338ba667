"""A test of the desk: a daemon that has read forty items, and editors of it."""
import unittest

from briefd import Briefd
from desk import Desk
from origin import Origin, feed

RICH = "<![CDATA[<p>正文很长：<b>体</b></p><script>alert(1)</script><img src='https://x.example/y.png'>]]>".encode()


class DeskCase(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())
        self.origin.set("/f.xml", feed(40, title="源").replace(b"text 0<", RICH + b"<"))
        self.covered = set()

    def daemon(self, **how):
        briefd = self.enterContext(Briefd({"a": self.origin.url("/f.xml")}, **how))
        briefd.start()
        briefd.wait_until(lambda: len(briefd.json("/api/v1/stories?limit=200")["stories"]) == 40)
        return briefd

    def desk(self, briefd, editor="editor"):
        return Desk(briefd, editor, self.covered)
