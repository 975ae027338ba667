"""An origin that means harm, in fifty ways, each at an address of its own (127.0.1.1, 127.0.1.2, …).

Raw bytes on a socket, because no HTTP server can be made to send most of this.
"""
import asyncio
import gzip
import itertools
import struct
import threading

OK = b"HTTP/1.1 200 OK\r\n"
XML = b"Content-Type: application/rss+xml\r\n"
HEAD = OK + XML
LIFE_S = 600


def rss(items, channel=b""):
    return b"<?xml version='1.0'?><rss version='2.0'><channel><title>h</title>" + channel + items + b"</channel></rss>"


def item(number, more=b""):
    return (b"<item><title>Item %d of a hostile feed</title><link>https://hostile.example/%d</link>"
            b"<guid>%d</guid>%s</item>" % (number, number, number, more))


def whole(body, head=HEAD):
    return head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def bomb(body, rounds=1):
    """Packed as often as that, and called packed once."""
    for _ in range(rounds):
        body = gzip.compress(body, 9)
    return whole(body, HEAD + b"Content-Encoding: gzip\r\n")


ITEMS = b"".join(item(n) for n in range(20))
GOOD = rss(ITEMS)
ENTITIES = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))

# What can be said in one piece. The connection is closed behind it.
ANSWERS = {
    "no answer at all": b"",
    "one header of 300 kB": OK + b"X: " + b"a" * 300000 + b"\r\n\r\n" + GOOD,
    "20,000 headers": OK + b"".join(b"X-%d: y\r\n" % n for n in range(20000)) + b"\r\n" + GOOD,
    "2,000 cookies of 4 kB": HEAD + b"".join(b"Set-Cookie: c%d=%s\r\n" % (n, b"v" * 4000) for n in range(2000))
    + b"Content-Length: %d\r\n\r\n%s" % (len(GOOD), GOOD),
    "headers that are not UTF-8": b"HTTP/1.1 200 \xff\xfe\x00\r\nETag: \"\xc3\x28\xff\"\r\nLast-Modified: \xf0\x28\r\n"
    + b"Content-Length: %d\r\n\r\n%s" % (len(GOOD), GOOD),
    "Content-Length too long": HEAD + b"Content-Length: 999999\r\n\r\n" + GOOD,
    "Content-Length too short": HEAD + b"Content-Length: 40\r\n\r\n" + GOOD,
    "Content-Length of 2^63": HEAD + b"Content-Length: 9223372036854775808\r\n\r\n" + GOOD,
    "two Content-Lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 500\r\n\r\n" + GOOD,
    "chunks of wrong sizes": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + GOOD,
    "a chunk of 2^64 bytes": HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n" + GOOD,
    "closed in the middle": HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (len(GOOD), GOOD[:300]),
    "HTTP/0.9": GOOD,
    "gzip bomb of 128 MiB": bomb(bytes(1 << 27)),
    "gzip in gzip in gzip": bomb(GOOD, 3),
    "says gzip, is not": whole(GOOD, HEAD + b"Content-Encoding: gzip\r\n"),
    "redirect to itself": b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    "redirect to a private address": b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\n"
    b"Content-Length: 0\r\n\r\n",
    "redirect to a file": b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
    "redirect to 100 kB of address": b"HTTP/1.1 302 Found\r\nLocation: /" + b"a" * 100000 + b"\r\nContent-Length: 0\r\n\r\n",
    "500": b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno",
    "429, come again in 3,000 years": b"HTTP/1.1 429 No\r\nRetry-After: 99999999999\r\nContent-Length: 0\r\n\r\n",
    "503 until a date that is none": b"HTTP/1.1 503 No\r\nRetry-After: Tue, 99 Foo 9999 99:99:99 GMT\r\nContent-Length: 0\r\n\r\n",
    "304 without being asked": b"HTTP/1.1 304 Not Modified\r\nETag: \"never\"\r\n\r\n",
    "a login page": whole(b"<!doctype html><title>Log in</title><form>", OK + b"Content-Type: text/html\r\n"),
    "200 with nothing": whole(b""),
    "a picture": whole(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400),
    "a charset that does not exist": whole(GOOD, OK + b"Content-Type: text/xml; charset=\"x-\\\"klingon\"\r\n"),
    "UTF-16 that ends in the middle": whole(b"\xff\xfe" + GOOD.decode().encode("utf-16-le")[:-1]),
    "NUL bytes": whole(GOOD.replace(b"Item", b"It\0em\x01\x08")),
    "ten billion laughs": whole(b"<!DOCTYPE x [<!ENTITY l0 \"lol\">" + ENTITIES + b"]>" + rss(item(1, b"<author>&l11;</author>"))),
    "an entity from a file": whole(b"<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>" + rss(item(2, b"<author>&f;</author>"))),
    "200,000 open elements": whole(rss(b"<a>" * 200000)),
    "200,000 open elements in HTML": whole(rss(item(3, b"<description><![CDATA[" + b"<div><b>" * 100000 + b"]]></description>"))),
    "an attribute of 4 MB": whole(rss(b"<item a='" + b"x" * (4 << 20) + b"'><title>t</title></item>")),
    "dates of the year 9999 and before Christ": whole(rss(
        item(4, b"<pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate>") + item(5, b"<pubDate>-0044-03-15T00:00:00Z</pubDate>")
        + item(6, b"<pubDate>Thu, 01 Jan 99999999999 00:00:00 GMT</pubDate>"), b"<ttl>-5</ttl><ttl>99999999999999</ttl>")),
    "100,000 items": whole(rss(b"".join(item(n) for n in range(100000)))),
    "next page without end": whole(b"<feed xmlns='http://www.w3.org/2005/Atom'><title>n</title><link rel='next' href='/n'/>"
                                   b"<link rel='self' href='/n'/></feed>"),
}


async def pour(writer, piece, pause_s=0.0, head=b""):
    """`piece` for ever, or as long as somebody listens."""
    writer.write(head)
    for _ in range(1 << 30):
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause_s)


async def hang(writer):
    await asyncio.sleep(LIFE_S)


async def slow_header(writer):
    await pour(writer, b"X", 0.2, OK + b"X-Slow: ")


async def endless_headers(writer):
    await pour(writer, b"X-More: and more\r\n" * 100, 0, OK)


async def endless_continue(writer):
    await pour(writer, b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


async def endless_hints(writer):
    await pour(writer, b"HTTP/1.1 103 Early Hints\r\nLink: </s>; rel=preload\r\n\r\n" * 100)


async def slow_body(writer):
    await pour(writer, b" ", 0.2, HEAD + b"Content-Length: 1000000\r\n\r\n")


async def endless_body(writer):
    await pour(writer, b"10000\r\n" + b" " * 65536 + b"\r\n", 0, HEAD + b"Transfer-Encoding: chunked\r\n\r\n")


async def chunks_of_one_byte(writer):
    body = GOOD + b" " * 200000
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    for at in range(0, len(body), 1000):
        writer.write(b"".join(b"1\r\n%c\r\n" % byte for byte in body[at:at + 1000]))
        await writer.drain()
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def reset(writer):
    writer.write(HEAD + b"Content-Length: 100000\r\n\r\n" + GOOD)
    await writer.drain()
    writer.transport.get_extra_info("socket").setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER 0: RST
    writer.transport.abort()


async def others_each_time(writer, counter=itertools.count(1)):
    """No item twice."""
    first = next(counter) * 1000000
    body = rss(b"".join(item(n) for n in range(first, first + 200)))
    writer.write(whole(body))
    await writer.drain()


async def tls_garbage(writer):
    """Asked by https."""
    writer.write(b"\x16\x03\x03\xff\xff" + bytes(70000))
    await writer.drain()


async def tls_silence(writer):
    await asyncio.sleep(LIFE_S)


MANNERS = {
    "no answer, and the line stays open": hang, "a header of a byte at a time": slow_header,
    "headers without end": endless_headers, "100 Continue without end": endless_continue,
    "103 Early Hints without end": endless_hints, "a body of a byte at a time": slow_body,
    "a body without end": endless_body, "200,000 chunks of one byte": chunks_of_one_byte,
    "a reset in the middle": reset, "other items each time": others_each_time,
    "garbage in place of TLS": tls_garbage, "no TLS handshake": tls_silence,
}
ALL = [*ANSWERS, *MANNERS]


class Hostile:
    """Serves `names` of ALL; urls() after the start."""

    def __init__(self, names=None):
        self.names = list(names or ALL)
        self.ports, self.asked, self.ready, self.loop = {}, dict.fromkeys(self.names, 0), threading.Event(), None

    def __enter__(self):
        self.thread = threading.Thread(target=asyncio.run, args=(self.serve(),), daemon=True)
        self.thread.start()
        if not self.ready.wait(30):
            raise RuntimeError("the hostile origin did not start")
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.done.set)
        self.thread.join(30)

    def urls(self, more=""):
        return {f"hostile {n:02}": (f"{'https' if 'TLS' in name else 'http'}://127.0.1.{n + 1}:{self.ports[name]}/", more)
                for n, name in enumerate(self.names)}

    async def serve(self):
        self.loop, self.done = asyncio.get_running_loop(), asyncio.Event()
        for n, name in enumerate(self.names):
            server = await asyncio.start_server(self.answer_as(name), f"127.0.1.{n + 1}", 0, backlog=64)
            self.ports[name] = server.sockets[0].getsockname()[1]
        self.ready.set()
        await self.done.wait()
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()

    def answer_as(self, name):
        async def answer(reader, writer):
            try:
                if "TLS" not in name:
                    await reader.readuntil(b"\r\n\r\n")
                self.asked[name] += 1
                if name in MANNERS:
                    await MANNERS[name](writer)
                else:
                    writer.write(ANSWERS[name])
                    await writer.drain()
            except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
                pass
            finally:
                writer.close()
        return answer
