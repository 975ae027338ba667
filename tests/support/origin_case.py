"""A test with an origin of its own, and daemons that follow what it serves."""
import unittest

from briefd import Briefd
from origin import Origin


class OriginCase(unittest.TestCase):
    def setUp(self):
        self.origin = self.enterContext(Origin())

    def daemon(self, feeds, **how):
        """Not started; `feeds` maps names to paths of the origin, or to (path, "more keys")."""
        feeds = {name: value if isinstance(value, tuple) else (value, "") for name, value in feeds.items()}
        return self.enterContext(Briefd({name: (self.origin.url(path), more) for name, (path, more) in feeds.items()}, **how))

    def paths(self):
        """What was asked for, in order."""
        return [request["path"] for request in self.origin.log()]
