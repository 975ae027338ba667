#!/usr/bin/env python3
"""serve.py [--port 0]: the sample feeds on loopback, as a well-kept server gives them.

Prints one line with the port it is bound to, then serves until interrupted. ETag and Last-Modified, 304 for
either, HEAD, gzip when asked for; one feed is cut in the middle, one is an HTML page, one answers 404.
"""
import argparse
import datetime
import email.utils
import gzip
import hashlib
import http.server
import threading

import samples


class Document:
    """One feed's bytes and validators, fixed at the start."""

    def __init__(self, feed, made):
        self.content_type = feed.content_type
        self.plain = feed.body.encode("utf-8")
        self.gzip = gzip.compress(self.plain, mtime=0)
        self.etag = '"' + hashlib.sha256(self.plain).hexdigest()[:16] + '"'
        self.modified = made.replace(microsecond=0)

    def is_fresh(self, headers):
        """RFC 9110, 13.2.2: If-None-Match decides alone where it stands."""
        tags = headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or self.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        try:
            return email.utils.parsedate_to_datetime(headers["If-Modified-Since"]) >= self.modified
        except (KeyError, TypeError, ValueError):
            return False


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sample-feeds"

    def do_GET(self):
        document = self.server.documents.get(self.path.partition("?")[0])
        if document is None:
            self.answer(404, {"Content-Type": "text/plain; charset=utf-8"}, "找不到这个订阅\n".encode())
            return
        headers = {"ETag": document.etag, "Vary": "Accept-Encoding",
                   "Last-Modified": email.utils.format_datetime(document.modified, usegmt=True)}
        if document.is_fresh(self.headers):
            self.answer(304, headers, None)
            return
        headers["Content-Type"] = document.content_type
        zipped = "gzip" in self.headers.get("Accept-Encoding", "")
        if zipped:
            headers["Content-Encoding"] = "gzip"
        self.answer(200, headers, document.gzip if zipped else document.plain)

    do_HEAD = do_GET

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body is not None and self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port=0, build=samples.build):
        super().__init__(("127.0.0.1", port), Handler)
        now = datetime.datetime.now(datetime.timezone.utc)
        self.feeds = build(now)
        self.documents = {feed.path: Document(feed, now) for feed in self.feeds if feed.body is not None}

    @property
    def port(self):
        return self.server_address[1]

    def start(self):
        """Serve on a thread of its own; shutdown() ends it."""
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self


def main():
    parser = argparse.ArgumentParser(description="the sample feeds on loopback")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    server = Server(parser.parse_args().port)
    print(server.port, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


if __name__ == "__main__":
    main()
