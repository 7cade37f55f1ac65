"""gzip in both directions: bodies that come packed, and answers for those who take them so."""

import re
import zlib
from collections.abc import Callable
from functools import lru_cache
from threading import Lock

from werkzeug.datastructures import Accept
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.http import parse_accept_header

GZIP_WBITS = 31
"""How zlib is told that its data is gzip. What it writes has no date, so equal answers are equal bytes."""

GZIP_LEVEL = 1
"""Packs an answer with 24 entries to a quarter. Level 6 takes twice to four times as long for a fifth."""

MIN_COMPRESS_SIZE = 1024
"""Bytes of an answer that is worth packing."""

COMPRESSIBLE = re.compile(r"text/|image/svg\+xml|application/([^;]*[+/-])?(json|javascript)")
GZIP_HEADER = ("Content-Encoding", "gzip")
GZIP_CODINGS = frozenset(("gzip", "x-gzip"))

CHUNK_SIZE = 64 * 1024
MAX_EXPANSION_RATIO = 100
"""A stream has no length that could be limited, so it may unpack to so many times what is sent. Lines of
stories unpack to 10 or 20 times."""

MAX_SMALL_MEMBERS, MIN_MEMBER_SIZE = 16, 1024
"""A body may be several gzip files in a row. Beyond the first few they must hold so many bytes on average."""


class UnsupportedEncoding(UnsupportedMediaType):
    """A body in a form that is not read. The answer says which is."""

    def __init__(self, encoding: str, *, gzip_too: bool) -> None:
        good = "or in gzip, " if gzip_too else ""
        super().__init__(f"send the body without Content-Encoding, {good}not in {encoding[:80]!r}")
        self.good = "gzip" if gzip_too else "identity"

    def get_headers(self, *given: object) -> list[tuple[str, str]]:
        """Return the headers of the answer."""
        return [*super().get_headers(), ("Accept-Encoding", self.good)]


class GzipReader:
    """The bytes of a gzip body, a bounded piece at a time. ``take`` gives the packed ones."""

    def __init__(self, take: Callable[[int], bytes], most_times: int = 0) -> None:
        self.take = take
        self.max_ratio = most_times
        self.member = zlib.decompressobj(GZIP_WBITS)
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
        if self.max_ratio and self.given > self.max_ratio * self.taken + CHUNK_SIZE:
            raise RequestEntityTooLarge(f"a stream may unpack to {self.max_ratio} times what is sent")
        return piece

    def unpacked(self, size: int) -> bytes:
        """Return the next bytes."""
        while True:
            if self.member.eof:
                rest = self.member.unused_data or self.more()
                if not rest:
                    return b""
                self.start_member(rest)
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
        piece = self.take(CHUNK_SIZE)
        self.taken += len(piece)
        return piece

    def start_member(self, rest: bytes) -> None:
        """Begin a gzip file behind another."""
        self.members += 1
        if self.members > MAX_SMALL_MEMBERS + self.given // MIN_MEMBER_SIZE:
            raise BadRequest("the body is many gzip files with next to nothing in them")
        self.member, self.rest = zlib.decompressobj(GZIP_WBITS), rest


class LruBytesCache:
    """Packed answers under the tag of what is in them: those last used, within ``size`` bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.held = 0
        self.kept: dict[str, bytes] = {}
        self.lock = Lock()

    def packed(self, tag: str, data: bytes) -> bytes:
        """Return ``data`` packed. Where it is kept, nothing is packed again."""
        found = self.kept.get(tag) or gzip_compress(data)
        with self.lock:
            self.held += len(found) - len(self.kept.pop(tag, b""))
            self.kept[tag] = found
            while self.held > self.size:
                self.held -= len(self.kept.pop(next(iter(self.kept))))
        return found


COMPRESSED_CACHE = LruBytesCache(8 * 2**20)
"""The packed answers of this process."""


def gzip_compress(data: bytes) -> bytes:
    """Return ``data`` as gzip."""
    return zlib.compress(data, GZIP_LEVEL, GZIP_WBITS)


def is_compressible(media: str) -> bool:
    """Tell whether gzip makes answers of this type shorter, if they are long enough."""
    return COMPRESSIBLE.match(media) is not None


@lru_cache(maxsize=256)
def accepts_gzip(accepted: str) -> bool:
    """Tell whether a caller who sends this ``Accept-Encoding`` takes gzip, and likes it no less than none."""
    quality = parse_accept_header(accepted, Accept)
    return quality["gzip"] > 0 and quality["gzip"] >= dict(quality).get("identity", 0)
