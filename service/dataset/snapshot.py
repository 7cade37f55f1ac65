"""The data as one checked value, which its reader hands to the processes that serve and keeps for later."""

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from msgspec import Raw, Struct, structs

from service.core.outlets import Alias, Change, Namesake, Outlet, Rater
from service.core.resolve.catalog import Catalog, make_name_index
from service.core.resolve.name_index import NameIndex

HEADER = b"slantwise snapshot 1\n"


class Snapshot(Struct, frozen=True, kw_only=True):
    """Everything a catalog is built from.

    ``created`` is the day of the data's version. ``files`` maps each file to the SHA-256 of its bytes, and
    ``sha256`` covers them all. ``names`` has the index of names, or nothing: who asks for hosts alone need
    not decode it.
    """

    version: str
    created: str
    sha256: str
    files: dict[str, str]
    raters: tuple[Rater, ...]
    outlets: list[Outlet]
    aliases: list[Alias]
    changes: list[Change] = []
    namesakes: list[Namesake] = []
    names: Raw = Raw(b"\xc0")  # nil


encode_snapshot = msgspec.msgpack.Encoder().encode
decode_snapshot = msgspec.msgpack.Decoder(Snapshot).decode
decode_names = msgspec.msgpack.Decoder(NameIndex | None).decode


def seal(snapshot: Snapshot, key: bytes) -> bytes:
    """Encode a snapshot as it is kept: under the key of what it was made from, with a checksum."""
    encoded = encode_snapshot(snapshot)
    return b"".join((HEADER, key, hashlib.sha256(key + encoded).digest(), encoded))


def unseal(kept: bytes, key: bytes) -> Snapshot | None:
    """Return the snapshot in ``kept``. ``None`` where that is not whole, or was made from something else."""
    head = HEADER + key
    start = len(head) + hashlib.sha256().digest_size
    encoded = kept[start:]
    if not kept.startswith(head) or hashlib.sha256(key + encoded).digest() != kept[len(head) : start]:
        return None
    try:
        return decode_snapshot(encoded)
    except msgspec.DecodeError:
        return None


@contextmanager
def gc_paused() -> Iterator[None]:
    """Look for no garbage meanwhile: where all that is made is kept, the search takes a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def add_names(snapshot: Snapshot) -> Snapshot:
    """Add the index of names, so that whoever decodes the snapshot need not work it out."""
    names = make_name_index(build_catalog(snapshot))
    return structs.replace(snapshot, names=Raw(msgspec.msgpack.encode(names)))


def build_catalog(snapshot: Snapshot) -> Catalog:
    """Index ``snapshot`` as a catalog."""

    def make_names(catalog: Catalog) -> NameIndex:
        return decode_names(snapshot.names) or make_name_index(catalog)

    return Catalog(
        snapshot.outlets,
        snapshot.aliases,
        snapshot.raters,
        version=snapshot.version,
        sha256=snapshot.sha256,
        created=snapshot.created,
        files=snapshot.files,
        changes=snapshot.changes,
        namesakes=snapshot.namesakes,
        names=make_names,
    )
