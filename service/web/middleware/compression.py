"""gzip in both directions: bodies that come packed, and answers for those who take them so."""

import re
import zlib
from collections.abc import Callable
from functools import lru_cache
from threading import Lock

from werkzeug.datastructures import Accept
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.http import parse_accept_header

GZIP = 31
"""How zlib is told that its data is gzip. What it writes has no date, so equal answers are equal bytes."""

LEVEL = 1
"""Packs an answer with 24 entries to a quarter. Level 6 takes twice to four times as long for a fifth."""

LEAST = 1024
"""Bytes of an answer that is worth packing."""

PACKABLE = re.compile(r"text/|image/svg\+xml|application/([^;]*[+/-])?(json|javascript)")
PACKED = ("Content-Encoding", "gzip")
UNPACKED = frozenset(("gzip", "x-gzip"))

PIECE = 64 * 1024
MOST_TIMES = 100
"""A stream has no length that could be limited, so it may unpack to so many times what is sent. Lines of
stories unpack to 10 or 20 times."""

FREE_MEMBERS, LEAST_OF_MEMBER = 16, 1024
"""A body may be several gzip files in a row. Beyond the first few they must hold so many bytes on average."""


class UnknownEncoding(UnsupportedMediaType):
    """A body in a form that is not read. The answer says which is."""

    def __init__(self, encoding: str, *, gzip_too: bool) -> None:
        good = "or in gzip, " if gzip_too else ""
        super().__init__(f"send the body without Content-Encoding, {good}not in {encoding[:80]!r}")
        self.good = "gzip" if gzip_too else "identity"

    def get_headers(self, *given: object) -> list[tuple[str, str]]:
        """Return the headers of the answer."""
        return [*super().get_headers(), ("Accept-Encoding", self.good)]


class Unpacker:
    """The bytes of a gzip body, a bounded piece at a time. ``take`` gives the packed ones."""

    def __init__(self, take: Callable[[int], bytes], most_times: int = 0) -> None:
        self.take = take
        self.most_times = most_times
        self.member = zlib.decompressobj(GZIP)
        self.members = 1
        self.rest = b""
        self.taken = self.given = 0

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes, empty at the end. Raise an ``HTTPException`` for a body that is not
        gzip, breaks off, or unpacks to more than it may.
        """
        try:
            piece = self.unpacked(size)
        except zlib.error as error:
            raise BadRequest(f"the body is not gzip: {error}") from error
        self.given += len(piece)
        if self.most_times and self.given > self.most_times * self.taken + PIECE:
            raise RequestEntityTooLarge(f"a stream may unpack to {self.most_times} times what is sent")
        return piece

    def unpacked(self, size: int) -> bytes:
        """Return the next bytes."""
        while True:
            if self.member.eof:
                rest = self.member.unused_data or self.more()
                if not rest:
                    return b""
                self.next_member(rest)
            piece = self.member.decompress(self.rest, size)
            self.rest = self.member.unconsumed_tail
            if piece:
                return piece
            if not self.rest and not self.member.eof:
                self.rest = self.more()
                if not self.rest:
                    raise BadRequest("the gzip of the body breaks off")

    def more(self) -> bytes:
        """Take packed bytes."""
        piece = self.take(PIECE)
        self.taken += len(piece)
        return piece

    def next_member(self, rest: bytes) -> None:
        """Begin a gzip file behind another."""
        self.members += 1
        if self.members > FREE_MEMBERS + self.given // LEAST_OF_MEMBER:
            raise BadRequest("the body is many gzip files with next to nothing in them")
        self.member, self.rest = zlib.decompressobj(GZIP), rest


class Shelf:
    """Packed answers under the tag of what is in them: those last used, within ``size`` bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.held = 0
        self.kept: dict[str, bytes] = {}
        self.lock = Lock()

    def packed(self, tag: str, data: bytes) -> bytes:
        """Return ``data`` packed. Where it is kept, nothing is packed again."""
        found = self.kept.get(tag) or pack(data)
        with self.lock:
            self.held += len(found) - len(self.kept.pop(tag, b""))
            self.kept[tag] = found
            while self.held > self.size:
                self.held -= len(self.kept.pop(next(iter(self.kept))))
        return found


SHELF = Shelf(8 * 2**20)
"""The packed answers of this process."""


def pack(data: bytes) -> bytes:
    """Return ``data`` as gzip."""
    return zlib.compress(data, LEVEL, GZIP)


def is_packable(media: str) -> bool:
    """Tell whether gzip makes answers of this type shorter, if they are long enough."""
    return PACKABLE.match(media) is not None


@lru_cache(maxsize=256)
def takes_gzip(accepted: str) -> bool:
    """Tell whether a caller who sends this ``Accept-Encoding`` takes gzip, and likes it no less than none."""
    quality = parse_accept_header(accepted, Accept)
    return quality["gzip"] > 0 and quality["gzip"] >= dict(quality).get("identity", 0)
