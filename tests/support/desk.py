"""An editor at the desk: calls of the API, each answer checked against the contract."""
import http.client
import json

from contract import Contract

CONTRACT = Contract()


class Desk:
    """One editor of a running Briefd; `covered` has (method, path of the contract, status) of all answers."""

    def __init__(self, briefd, editor="editor", covered=None):
        self.briefd, self.editor = briefd, editor
        self.covered = set() if covered is None else covered
        self.headers = {}  # of everything that is sent: a cookie, a token

    def call(self, method, path, body=None, kind="application/json", **headers):
        """(status, value, headers); `body` is sent as JSON unless it is bytes."""
        headers = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if self.editor is not None:
            headers.setdefault("Briefd-Editor", self.editor.encode().decode("latin-1"))
        if body is not None:
            headers.setdefault("Content-Type", kind)
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, fields, answer = self.briefd.get(path, method, headers, body)
        is_json = fields.get("content-type", "").split(";")[0].endswith("json")
        value = json.loads(answer) if is_json else answer
        if status not in (401, 403, 405, 411, 413, 415, 503):  # of every address: of the server, not of the contract
            self.covered.add((method, CONTRACT.check_answer(method, path, status, fields, value), status))
        return status, value, fields

    def ask(self, method, path, body=None, expect=(200, 201), **headers):
        status, value, _ = self.call(method, path, body, **headers)
        if status not in ((expect,) if isinstance(expect, int) else expect):
            raise AssertionError(f"{method} {path}: {status} {value}")
        return value

    def get(self, path, **how):
        return self.ask("GET", path, **how)

    def stories(self, query=""):
        """All of them, page by page."""
        found, cursor = [], ""
        while cursor is not None:
            page = self.get(f"/api/v1/stories?limit=7{query}{cursor and '&cursor=' + cursor}")
            found += page["stories"]
            cursor = page["next"]
        return found

    def decide(self, *ids, expect=(200,), **what):
        return self.ask("POST", "/api/v1/decisions", {"stories": [{"id": i} for i in ids], **what}, expect=expect)

    def picks(self, draft="/api/v1/draft"):
        return [pick for section in self.get(draft)["sections"] for pick in section["picks"]]


class Listener:
    """A page that listens to /api/v1/events."""

    def __init__(self, briefd, last_id=None, headers=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", briefd.port, timeout=30)
        self.connection.request("GET", "/api/v1/events", headers=({"Last-Event-ID": last_id} if last_id else {}) | (headers or {}))
        self.response = self.connection.getresponse()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def next(self):
        """(name, data, id) of the next message."""
        fields = {}
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if line == "" and fields:
                return fields["event"], json.loads(fields["data"]), fields["id"]
            name, colon, value = line.partition(": ")
            if colon and name:
                fields[name] = value

    def wait_for_end(self):
        while self.response.readline():
            pass

    def wait_for(self, name):
        while True:
            found, data, number = self.next()
            if found == name:
                return data, number
