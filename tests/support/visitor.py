"""Somebody who comes with a cookie, a token, or nothing."""
import http.client
import json
import urllib.parse

PASSWORD = "correct horse battery staple"


def add_account(briefd, name, role=None, password=PASSWORD):
    briefd.command("user", "add", name, *(["--role", role] if role else []), stdin=password + "\n")


def add_token(briefd, name, scope):
    return briefd.command("user", "token", name, "--scope", scope).stdout.strip()


class Visitor:
    def __init__(self, briefd, cookie=None, token=None):
        self.briefd, self.cookie, self.token = briefd, cookie, token

    def headers(self, more=None):
        headers = {"Cookie": f"briefd={self.cookie}"} if self.cookie else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers | (more or {})

    def get(self, path, method="GET", headers=None, body=None):
        return self.briefd.get(path, method, self.headers(headers), body)

    def status(self, path, method="GET", headers=None, body=None):
        """Without waiting for the body, which of events never ends."""
        connection = http.client.HTTPConnection("127.0.0.1", self.briefd.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers=self.headers(headers))
            return connection.getresponse().status
        finally:
            connection.close()

    def json(self, path):
        return self.briefd_json(path, "GET", None)

    def briefd_json(self, path, method, body):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        status, _, answer = self.get(path, method, headers, None if body is None else json.dumps(body))
        if status not in (200, 201):
            raise ValueError(f"{method} {path}: {status} {answer[:300]!r}")
        return json.loads(answer)

    def log_in(self, name, password=PASSWORD, **fields):
        """(status, headers, page) of the form; the cookie is kept when there is one."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", **fields.pop("headers", {})}
        form = urllib.parse.urlencode({"name": name, "password": password, **fields})
        status, headers, page = self.get("/login", "POST", headers, form)
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].split(";")[0].partition("=")[2]
        return status, headers, page

    def log_out(self):
        return self.get("/logout", "POST", {"Content-Type": "application/x-www-form-urlencoded"}, "")
