#!/usr/bin/env python3
"""A feed server for tests: well behaved, slow, broken or hostile, chosen by the path.

As a module:

    with Origin() as origin:                      # or origin.start() … origin.stop()
        origin.set("/feed", b"<rss/>", etag='"1"')  # content, to be evolved later by another set()
        origin.url("/feed")                       # http://127.0.0.1:PORT/feed
        origin.log()                              # [{"path": "/feed", "headers": {...}, …}, …]

As a program: `origin.py [--life SECONDS]` listens on a free port of 127.0.0.1, prints the port on
one line and ends when its standard input closes, at SIGTERM, or after SECONDS (default 120).

Modes are the first part of the path; what follows in the path is free, so that tests can tell their
requests apart. Numbers come as query parameters.

    /ok                 a feed; ETag and Last-Modified, 304 when the request brings one of them
    /newetag            200 with the ETag first; to a request that brings one, 304 with another, next-N
    /bare-etag          the same with an ETag without quotes
    /etagflip           another ETag at every answer, always 200
    /status/CODE        that status; ?retry=TEXT adds Retry-After, ?date=TEXT adds Date
    /redirect/CODE/…    that status, Location: /… (the rest of the path)
    /chain/A,B,C        answers A to /chain/B,C, at the end 200: /chain/301,308,302
    /loop               302 to itself
    /to?url=URL         302 to URL (percent-encoded)
    /fat-redirect       302 to /ok with a body without end
    /gzip /br /zstd     the feed in that encoding;  /gzlie: says gzip, is not;  /unknown-encoding
    /bomb?mb=N          gzip of N MiB of spaces (default 64)
    /huge?mb=N          Content-Length of N MiB, really sent;  /size?bytes=N exactly N bytes, chunked
    /endless            chunks for ever
    /hang               no answer;  /hang-headers: half a header;  /hang-body: half a body
    /drip               one byte every 0.1 s;  /slow?ms=N  answers after N ms
    /truncated          chunked, closed in the middle;  /wronglen  closes before Content-Length
    /shortlen           Content-Length shorter than the body
    /reset              RST in the middle of the body;  /silence  closes without a byte
    /http09             a body without any header;  /badhdr  malformed lines
    /bighdr             one header of 300 kB;  /manyhdr?n=N  N headers (default 20,000)
    /early              103 Early Hints before the answer;  /trailers  an ETag behind the body
    /headers?name=value every parameter as a response header, 200
    /html /empty        a login page; nothing
    PUT /_set/PATH      the body becomes the content of /PATH; headers X-Status, X-Etag,
                        X-Last-Modified, X-Content-Type and X-Header-NAME describe its answer
    GET /_log           the requests so far as JSON (not those to /_…); DELETE /_log forgets them
    GET /_open          how many connections are open now, this one not counted
Every answer ends after LIFE seconds at the latest."""
import argparse
import asyncio
import gzip
import json
import os
import ssl
import struct
import sys
import threading
import time
import urllib.parse
import zlib

REASONS = {103: "Early Hints", 200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified",
           308: "Permanent Redirect", 404: "Not Found", 410: "Gone", 429: "Too Many Requests",
           503: "Service Unavailable"}
ETAG = '"v1"'
LAST_MODIFIED = "Thu, 17 Sep 2020 08:00:00 GMT"
RSS = "application/rss+xml; charset=utf-8"


def feed(count=10, first=0, title="origin"):
    """An RSS 2.0 document with `count` items."""
    items = "".join(
        f"<item><title>Item {n}</title><link>https://origin.example/{n}</link><guid>{n}</guid>"
        f"<description>text {n}</description></item>" for n in range(first, first + count))
    return (f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{title}</title>'
            f"<link>https://origin.example/</link><description>d</description>{items}</channel></rss>"
            ).encode()


FEED = feed()


def brotli_stored(data):
    """A brotli stream of uncompressed meta-blocks (RFC 7932 9.2): needs no brotli library."""
    out = bytearray()
    bits, count = 0, 0  # not yet written, lowest bit first

    def put(value, width):
        nonlocal bits, count
        bits |= value << count
        count += width

    def flush():
        nonlocal bits, count
        while count > 0:
            out.append(bits & 0xff)
            bits >>= 8
            count -= 8
        bits, count = 0, 0

    put(0, 1)  # WBITS = 16
    for at in range(0, len(data), 65536):
        part = data[at:at + 65536]
        put(0, 1)                # ISLAST
        put(0, 2)                # MNIBBLES = 4
        put(len(part) - 1, 16)   # MLEN - 1
        put(1, 1)                # ISUNCOMPRESSED
        flush()
        out += part
    put(3, 2)                    # ISLAST, ISLASTEMPTY
    flush()
    return bytes(out)


def zstd_stored(data):
    """A zstd frame of raw blocks (RFC 8878 3.1.1): needs no zstd library."""
    out = bytearray(b"\x28\xb5\x2f\xfd" + bytes([0xa0]) + struct.pack("<I", len(data)))
    parts = [data[at:at + 100000] for at in range(0, len(data), 100000)] or [b""]
    for n, part in enumerate(parts):
        out += struct.pack("<I", len(part) << 3 | (n == len(parts) - 1))[:3] + part
    return bytes(out)


def bomb(mebibytes):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    out = [packer.compress(b" " * (1 << 20)) for _ in range(mebibytes)]
    return b"".join(out) + packer.flush()


class Request:
    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        parts = urllib.parse.urlsplit(target)
        self.path = parts.path
        self.query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        self.words = [word for word in parts.path.split("/") if word]
        self.mode = self.words[0] if self.words else "ok"

    def number(self, name, default):
        return int(self.query.get(name, default))


class Answer:
    """Writes to one client; `open` says whether the connection may serve another request."""

    def __init__(self, origin, writer):
        self.origin, self.writer, self.open = origin, writer, True

    async def raw(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status, headers):
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}"]
        lines += [f"{name}: {value}" for name, value in headers]
        await self.raw(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    async def full(self, body, status=200, headers=(), content_type=RSS):
        headers = list(headers)
        if status != 304:
            headers += [("Content-Type", content_type), ("Content-Length", len(body))]
        await self.head(status, headers)
        if status != 304:
            await self.raw(body)

    async def close_after(self, data=b""):
        self.open = False
        if data:
            await self.raw(data)

    async def sleep(self, seconds):
        """Waits, but no longer than the client stays."""
        end = time.monotonic() + min(seconds, self.origin.life)
        while time.monotonic() < end and not self.writer.transport.is_closing():
            await asyncio.sleep(min(0.02, max(0, end - time.monotonic())))


def fresh(request, etag, modified):
    match = request.headers.get("if-none-match")
    if match is not None:
        return match == etag
    return modified is not None and request.headers.get("if-modified-since") == modified


async def ok(request, answer, etag=ETAG):
    validators = [("ETag", etag), ("Last-Modified", LAST_MODIFIED)]
    if fresh(request, etag, LAST_MODIFIED):
        return await answer.full(b"", 304, validators)
    await answer.full(FEED, 200, validators)


async def newetag(request, answer):
    match = request.headers.get("if-none-match")
    if match is None:
        return await answer.full(FEED, 200, [("ETag", "first")])
    number = int(match[5:]) + 1 if match.startswith("next-") else 1
    await answer.full(b"", 304, [("ETag", f"next-{number}")])


async def bare_etag(request, answer):
    await ok(request, answer, "abc-0123")


async def etagflip(request, answer):
    await answer.full(feed(title=str(time.time_ns())), 200, [("ETag", f'"{time.time_ns()}"')])


async def status(request, answer):
    names = {"retry": "Retry-After", "date": "Date"}
    headers = [(names[key], value) for key, value in request.query.items() if key in names]
    await answer.full(b"status\n", int(request.words[1]), headers, "text/plain")


async def redirect(request, answer):
    await answer.full(b"", int(request.words[1]), [("Location", "/" + "/".join(request.words[2:]))])


async def chain(request, answer):
    codes = request.words[1].split(",") if len(request.words) > 1 else []
    if not codes:
        return await ok(request, answer)
    rest = ",".join(codes[1:])
    await answer.full(b"", int(codes[0]), [("Location", "/chain/" + rest)])


async def loop(request, answer):
    await answer.full(b"", 302, [("Location", request.target)])


async def to(request, answer):
    await answer.full(b"", request.number("status", 302), [("Location", request.query["url"])])


async def fat_redirect(request, answer):
    await answer.head(302, [("Location", "/ok"), ("Transfer-Encoding", "chunked")])
    await pour(answer, None)


async def encoded(request, answer):
    pack = {"gzip": gzip.compress, "br": brotli_stored, "zstd": zstd_stored}[request.mode]
    await answer.full(pack(FEED), 200, [("Content-Encoding", request.mode)])


async def gzlie(request, answer):
    await answer.full(FEED, 200, [("Content-Encoding", "gzip")])


async def unknown_encoding(request, answer):
    await answer.full(FEED, 200, [("Content-Encoding", "lzma")])


async def bomb_mode(request, answer):
    body = await asyncio.get_running_loop().run_in_executor(None, bomb, request.number("mb", 64))
    await answer.full(body, 200, [("Content-Encoding", "gzip")])


async def huge(request, answer):
    size = request.number("mb", 64) << 20
    await answer.head(200, [("Content-Type", RSS), ("Content-Length", size)])
    block = b" " * 65536
    for _ in range(size // len(block)):
        await answer.raw(block)


async def pour(answer, limit):
    """Chunks of 64 KiB, for ever or `limit` bytes."""
    end = time.monotonic() + answer.origin.life
    while time.monotonic() < end and (limit is None or limit > 0):
        part = b" " * min(65536, limit if limit is not None else 65536)
        await answer.raw(b"%x\r\n%s\r\n" % (len(part), part))
        limit = limit - len(part) if limit is not None else None
    await answer.raw(b"0\r\n\r\n")


async def size(request, answer):
    await answer.head(200, [("Content-Type", RSS), ("Transfer-Encoding", "chunked")])
    await pour(answer, request.number("bytes", 1000))


async def endless(request, answer):
    await answer.head(200, [("Content-Type", RSS), ("Transfer-Encoding", "chunked")])
    await pour(answer, None)


async def hang(request, answer):
    await answer.sleep(answer.origin.life)
    answer.open = False


async def hang_headers(request, answer):
    await answer.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n")
    await hang(request, answer)


async def hang_body(request, answer):
    await answer.head(200, [("Content-Type", RSS), ("Content-Length", len(FEED))])
    await answer.raw(FEED[:len(FEED) // 2])
    await hang(request, answer)


async def drip(request, answer):
    await answer.head(200, [("Content-Type", RSS), ("Content-Length", len(FEED))])
    end = time.monotonic() + answer.origin.life
    for byte in FEED:
        if time.monotonic() > end:
            break
        await answer.raw(bytes([byte]))
        await answer.sleep(0.1)
    answer.open = False


async def slow(request, answer):
    await answer.sleep(request.number("ms", 200) / 1000)
    rest = "/".join(request.words[1:])
    if rest:
        await answer.full(b"", 302, [("Location", f"/{rest}?ms={request.number('ms', 200)}")])
    else:
        await ok(request, answer)


async def truncated(request, answer):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
    await answer.close_after(head + b"%x\r\n%s" % (len(FEED), FEED[:300]))


async def wronglen(request, answer):
    await answer.head(200, [("Content-Type", RSS), ("Content-Length", len(FEED) + 1000)])
    await answer.close_after(FEED)


async def shortlen(request, answer):
    await answer.head(200, [("Content-Type", RSS), ("Content-Length", len(FEED) // 2)])
    await answer.close_after(FEED)


async def reset(request, answer):
    await answer.head(200, [("Content-Type", RSS), ("Content-Length", len(FEED))])
    await answer.raw(FEED[:500])
    await answer.sleep(0.05)
    raw = answer.writer.transport.get_extra_info("socket")
    raw.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER 0: close() sends RST
    answer.writer.transport.abort()
    answer.open = False


async def silence(request, answer):
    await answer.close_after()


async def http09(request, answer):
    await answer.close_after(FEED)


async def badhdr(request, answer):
    await answer.close_after(
        b"HTTP/1.1 200 OK\r\nbroken header line\r\n\x01\x02: x\r\nETag: \"a\x01b\"\r\n\r\n" + FEED)


async def bighdr(request, answer):
    await answer.full(FEED, 200, [("X-Big", "a" * 300000)])


async def manyhdr(request, answer):
    count = request.number("n", 20000)
    await answer.full(FEED, 200, [(f"X-{n}", n) for n in range(count)] + [("ETag", '"last"')])


async def early(request, answer):
    await answer.head(103, [("Link", "</style.css>; rel=preload"), ("ETag", '"hint"')])
    await ok(request, answer)


async def trailers(request, answer):
    await answer.head(200, [("Transfer-Encoding", "chunked"), ("Trailer", "ETag"), ("ETag", '"front"')])
    await answer.raw(b"%x\r\n%s\r\n0\r\nETag: \"behind\"\r\n\r\n" % (len(FEED), FEED))


async def headers(request, answer):
    await answer.full(FEED, 200, list(request.query.items()))


async def html(request, answer):
    page = b"<!doctype html><html><title>Log in</title><body><form><input name=password></form></body>"
    await answer.full(page, 200, (), "text/html; charset=utf-8")


async def empty(request, answer):
    await answer.full(b"")


MODES = {
    "ok": ok, "bare-etag": bare_etag, "newetag": newetag, "etagflip": etagflip, "status": status, "redirect": redirect,
    "chain": chain, "loop": loop, "to": to, "fat-redirect": fat_redirect, "gzip": encoded,
    "br": encoded, "zstd": encoded, "gzlie": gzlie, "unknown-encoding": unknown_encoding,
    "bomb": bomb_mode, "huge": huge, "size": size, "endless": endless, "hang": hang,
    "hang-headers": hang_headers, "hang-body": hang_body, "drip": drip, "slow": slow,
    "truncated": truncated, "wronglen": wronglen, "shortlen": shortlen, "reset": reset,
    "silence": silence, "http09": http09, "badhdr": badhdr, "bighdr": bighdr, "manyhdr": manyhdr,
    "early": early, "trailers": trailers, "headers": headers, "html": html, "empty": empty,
}


class Origin:
    """The server, on a thread of its own. Usable as a context manager."""

    def __init__(self, host="127.0.0.1", life=60, certificate=None):
        """`life` bounds every answer in seconds. `certificate`: a PEM file with key, for https. `host` may be a list:
        the same at each of these addresses, at one port."""
        self.hosts = [host] if isinstance(host, str) else list(host)
        self.host, self.life, self.certificate, self.port = self.hosts[0], life, certificate, None
        self._pages, self._log, self._lock = {}, [], threading.Lock()
        self._open = 0
        self._ready, self._loop, self._done, self._thread = threading.Event(), None, None, None
        self._failure = None

    def start(self):
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        if not self._ready.wait(20) or self._failure:
            raise RuntimeError(f"origin did not start: {self._failure}")
        return self

    def stop(self):
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._done.set)
            self._thread.join(20)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def url(self, path="/ok"):
        scheme = "https" if self.certificate else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}{path}"

    def set(self, path, body, status=200, etag=None, last_modified=None, content_type=RSS, headers=()):
        """From now on `path` answers `body`; a matching conditional request gets 304."""
        with self._lock:
            self._pages[path] = (body, status, etag, last_modified, content_type, list(headers))

    def log(self, path=None):
        """The requests so far, in the order of their arrival: method, path, query, headers (names in
        lower case), at (seconds since the epoch), client (its port). Only those of `path` if given."""
        with self._lock:
            return [entry for entry in self._log if path is None or entry["path"] == path]

    def forget(self):
        with self._lock:
            self._log.clear()

    # what follows runs on the server's thread

    def _run(self):
        try:
            asyncio.run(self._serve())
        except OSError as error:
            self._failure = error
            self._ready.set()

    async def _serve(self):
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        context = None
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
        server = await asyncio.start_server(self._client, self.host, 0, backlog=1024, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        others = [await asyncio.start_server(self._client, host, self.port, backlog=1024, ssl=context)
                  for host in self.hosts[1:]]
        self._ready.set()
        await self._done.wait()
        for one in [server, *others]:
            one.close()
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()

    async def _client(self, reader, writer):
        self._open += 1
        try:
            answer = Answer(self, writer)
            while answer.open:
                request = await asyncio.wait_for(self._read(reader), self.life)
                await self._reply(request, answer, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.TimeoutError,
                asyncio.LimitOverrunError, asyncio.CancelledError, ValueError, IndexError, KeyError,
                ssl.SSLError):
            pass
        finally:
            self._open -= 1
            writer.close()

    async def _read(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, target, _ = first.split(" ", 2)
        fields = {}
        for line in lines:
            name, colon, value = line.partition(":")
            if colon:
                fields[name.strip().lower()] = value.strip()
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        return Request(method, target, fields, body)

    async def _reply(self, request, answer, writer):
        if request.mode.startswith("_"):
            return await self._control(request, answer)
        with self._lock:
            self._log.append({
                "method": request.method, "path": request.path, "query": request.query,
                "headers": request.headers, "at": time.time(),
                "client": writer.get_extra_info("peername")[1]})
            page = self._pages.get(request.path)
        if page is not None:
            return await self._page(request, answer, *page)
        mode = MODES.get(request.mode)
        if mode is None:
            return await answer.full(b"no such page\n", 404, (), "text/plain")
        await mode(request, answer)

    async def _page(self, request, answer, body, status, etag, modified, content_type, headers):
        fields = list(headers)
        fields += [("ETag", etag)] if etag is not None else []
        fields += [("Last-Modified", modified)] if modified is not None else []
        if status == 200 and fresh(request, etag, modified):
            return await answer.full(b"", 304, fields)
        await answer.full(body, status, fields, content_type)

    async def _control(self, request, answer):
        if request.mode == "_set" and request.method == "PUT":
            fields = request.headers
            extra = [(name[len("x-header-"):], value) for name, value in fields.items()
                     if name.startswith("x-header-")]
            self.set("/" + "/".join(request.words[1:]), request.body, int(fields.get("x-status", 200)),
                     fields.get("x-etag"), fields.get("x-last-modified"),
                     fields.get("x-content-type", RSS), extra)
            return await answer.full(b"", 204)
        if request.mode == "_log":
            if request.method == "DELETE":
                self.forget()
            return await answer.full(json.dumps(self.log()).encode(), 200, (), "application/json")
        if request.mode == "_open":
            return await answer.full(str(self._open - 1).encode(), 200, (), "text/plain")
        await answer.full(b"no such control\n", 404, (), "text/plain")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--life", type=float, default=120, help="end after this many seconds")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--certificate", help="PEM file with certificate and key: serve https")
    options = parser.parse_args()
    timer = threading.Timer(options.life, os._exit, (0,))
    timer.daemon = True
    timer.start()
    with Origin(options.host, options.life, options.certificate) as origin:
        print(origin.port, flush=True)
        sys.stdin.buffer.read()  # the test closes the pipe, or dies


if __name__ == "__main__":
    main()
