"""Raw requests that are nearly right, the same for a seed: what a broken or hostile client sends."""

import gzip
import json
from collections.abc import Callable, Iterator
from random import Random

STORY = {"outlets": ["reuters.com", "https://www.foxnews.com/a", "BBC News", {"url": "https://x.example/"}]}
PANEL = {
    "story": {"title": "A"},
    "articles": [{"url": "https://www.bbc.co.uk/a", "title": "B", "published_at": "2026-01-01"}],
}
BATCH = {"stories": [{"id": "1", **STORY}, {"id": "2", **STORY}]}
LINES = b"".join(json.dumps({"id": str(n), **STORY}).encode() + b"\n" for n in range(3))
POSTS = (
    ("/v1/distribution", "application/json", json.dumps(STORY).encode()),
    ("/v1/coverage", "application/json", json.dumps(PANEL).encode()),
    ("/v1/distribution/batch", "application/json", json.dumps(BATCH).encode()),
    ("/v1/distribution/batch", "application/x-ndjson", LINES),
    ("/", "application/x-www-form-urlencoded", b"form=page&outlets=reuters.com%0ABBC"),
)
GETS = (
    "/v1/outlets?q=reuters&limit=2",
    "/v1/outlets/reuters.com",
    "/v1/resolve?q=BBC%20News",
    "/v1/distribution?outlet=reuters.com&outlet=cnn.com",
    "/v1/bar.svg?left=20&center=45&right=35",
    "/v1/outlets/reuters.com/badge.svg",
    "/v1/changes?since=2026.11.0",
    "/v1/dataset",
    "/outlets?q=a",
    "/metrics",
    "/openapi.json",
)
METHODS = ("get", "PUT", "DELETE", "HEAD", "OPTIONS", "QUERY", "TRACE", "CONNECT", "G T", "\x00", "A" * 300)
PATHS = (
    "//v1/dataset",
    "/%2Fv1",
    "/v1/../v1/dataset",
    "/%00",
    "/%ff%fe",
    "/v1/outlets/%F0%9F",
    "*",
    "http://x/",
)
QUERIES = (
    "?q=%00",
    "?q=%ff",
    "?limit=-1",
    "?limit=9e99",
    "?cursor=%41%3d",
    "?q=" + "a" * 5000,
    "?q=a&q=b",
    "?%=",
)
HEADERS = (
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Content-Length: 5\r\nContent-Length: 6",
    "Transfer-Encoding: gzip",
    "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding : chunked",
    "Content-Encoding: br",
    "Content-Encoding: gzip",
    "Content-Encoding: gzip, gzip",
    "Content-Type: application/json; charset=utf-16",
    "Content-Type: \x7f",
    "Host: a b",
    "Host: x/y@z",
    "Host:",
    "X-Forwarded-For: " + "1.1.1.1, " * 50,
    "X-Forwarded-Prefix: //evil.example",
    "X-Request-Id: " + "a" * 900,
    "Expect: 100-continue",
    "Expect: 200-ok",
    "Upgrade: h2c\r\nConnection: Upgrade",
    "Range: bytes=5-1",
    "If-None-Match: \x80\xff",
    "If-Modified-Since: never",
    "Accept: " + "a/b;q=x," * 100,
    "Accept-Language: \xe9" + "-x" * 200,
    "Cookie: " + "a=b; " * 500,
    " folded: yes",
    "no colon",
    ": empty",
    "A" * 9000 + ": x",
)
VALUES = (
    None,
    True,
    -1,
    1e308,
    10**400,
    "",
    "\x00",
    "\ud800",
    "\ufdfa" * 50,
    "javascript:x",
    [],
    {},
    [[]],
    "http://[",
)
BODIES: tuple[bytes, ...] = (
    b"",
    b"null",
    b"[" * 20_000,
    b'{"outlets":' * 5_000,
    b'{"outlets": [NaN]}',
    b'{"outlets": ["\xff\xfe"]}',
    b'{"outlets": ["\\ud800"]}',
    b'{"outlets": [' + b"1" * 20_000 + b"]}",
    b'\xef\xbb\xbf{"outlets": ["bbc.com"]}',
    '{"outlets": ["bbc.com"]}'.encode("utf-16"),
    gzip.compress(b" " * 3_000_000, mtime=0),
    gzip.compress(b'{"outlets": ["bbc.com"]}', mtime=0)[:-5],
    b"\n" * 5_000,
)


class Draft:
    """A request before it is written down, so that each part can be spoiled by itself."""

    def __init__(self, chance: Random, host: str, extra: tuple[str, ...]) -> None:
        self.chance = chance
        self.version = "HTTP/1.1"
        self.headers = [f"Host: {host}", *extra, "Connection: close"]
        self.chunked = False
        self.body = b""
        if chance.random() < 0.6:
            self.method = "POST"
            self.path, kind, self.body = chance.choice(POSTS)
            self.headers.append(f"Content-Type: {kind}")
        else:
            self.method, self.path = "GET", chance.choice(GETS)

    def line(self) -> None:
        """Spoil the method or the version."""
        if self.chance.random() < 0.5:
            self.method = self.chance.choice(METHODS)
        else:
            self.version = self.chance.choice(("HTTP/1.0", "HTTP/9.9", "HTTP/2.0", "ICY", "", "HTTP/1.1 x"))

    def target(self) -> None:
        """Spoil the path or the query."""
        if self.chance.random() < 0.5:
            self.path = self.chance.choice(PATHS)
        else:
            self.path = self.path.partition("?")[0] + self.chance.choice(QUERIES)

    def header(self) -> None:
        """Add a header that cannot be, or that lies."""
        self.headers.insert(self.chance.randrange(len(self.headers) + 1), self.chance.choice(HEADERS))

    def content(self) -> None:
        """Send another body than the headers let expect."""
        self.body = self.chance.choice(BODIES)

    def value(self) -> None:
        """Put a value of another type somewhere in a JSON body."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return
        if not isinstance(found, dict) or not found:
            return
        place = self.chance.choice(list(found))
        found[place] = self.chance.choice(
            (*VALUES, [self.chance.choice(VALUES)], {"url": self.chance.choice(VALUES)})
        )
        self.body = json.dumps(found).encode()

    def bytes_of_body(self) -> None:
        """Change a few bytes of the body."""
        self.body = spoiled(self.chance, self.body)

    def chunks(self) -> None:
        """Send the body in pieces, some of which are not."""
        self.chunked = True

    def written(self) -> bytes:
        """Return the request as it goes over the wire."""
        if self.chunked:
            size = b"%x" % len(self.body)
            bad = (size, size, b"zz", b"-1", size + b";a=b", size + b" ", b"ffffffffffffffff", b"0x5", b"")
            end = self.chance.choice(
                (b"\r\n0\r\n\r\n", b"\r\n0\r\n\r\n", b"\r\n", b"", b"\r\n0\r\nX: y\r\n\r\n")
            )
            body = self.chance.choice(bad) + b"\r\n" + self.body + end
            self.headers.append("Transfer-Encoding: chunked")
        else:
            body = self.body
            if body or self.method == "POST":
                self.headers.append(f"Content-Length: {len(body)}")
        head = "\r\n".join([f"{self.method} {self.path} {self.version}", *self.headers, "", ""])
        return head.encode("latin-1", "replace") + body


SPOILERS: tuple[Callable[[Draft], None], ...] = (
    Draft.line,
    Draft.target,
    Draft.header,
    Draft.header,
    Draft.content,
    Draft.value,
    Draft.value,
    Draft.bytes_of_body,
    Draft.chunks,
)


def spoiled(chance: Random, data: bytes) -> bytes:
    """Return ``data`` with a few bytes changed, left out or said twice."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        if changed:
            place = chance.randrange(len(changed))
            changed[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    return bytes(changed)


def mutated(seed: int, count: int, host: str, *extra: str) -> Iterator[bytes]:
    """Yield ``count`` requests, each spoiled in one to three ways; one in ten at any byte."""
    chance = Random(seed)  # noqa: S311  # noise, not a secret
    for _ in range(count):
        draft = Draft(chance, host, extra)
        for _ in range(chance.randint(1, 3)):
            chance.choice(SPOILERS)(draft)
        sent = draft.written()
        yield spoiled(chance, sent) if chance.random() < 0.1 else sent
