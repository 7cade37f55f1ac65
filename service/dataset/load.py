"""Load the data that settings name: a snapshot kept from an earlier reading where it fits, else the files.

A server runs this module as a program (``python -m service.dataset.load``), so that reading and checking hold
up none of its processes, neither at start nor at reload.
"""

import hashlib
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec

from service import __version__
from service.core.errors import DataError
from service.core.resolve.catalog import Catalog
from service.dataset.file_reader import (
    FileReader,
    InvalidDataError,
    UnreadableFileError,
    read_bytes,
    write_bytes,
)
from service.dataset.snapshot import (
    Snapshot,
    add_names,
    build_catalog,
    encode_snapshot,
    gc_paused,
    seal,
    unseal,
)
from service.settings import Settings

# Beside the data. `make data`, the build of the wheel and that of the image write it.
SNAPSHOT_FILE = "snapshot.bin"
# Snapshots in the cache folder: few machines serve more data and settings by turns.
MAX_CACHED = 8
# The code that a snapshot depends on.
SOURCES = ("core/bias.py", "core/outlets.py", "core/resolve/*.py", "dataset/*.py")


def load(settings: Settings) -> Catalog:
    """Load the catalog of ``settings``. Raise ``DataError`` when a file has a fault."""
    with gc_paused():
        return build_catalog(load_kept(settings) or read_and_cache(settings))


def load_kept(settings: Settings) -> Snapshot | None:
    """Return the snapshot that was kept of these very files, beside them or in the cache folder."""
    key = snapshot_key(FileReader(settings), settings)
    if key is None:
        return None
    # Where there is none, or what is there cannot be read, the files are read.
    with suppress(InvalidDataError):
        if snapshot := unseal(read_bytes(Path(settings.data) / SNAPSHOT_FILE), key):
            return snapshot
    with suppress(InvalidDataError, OSError):
        if (path := _cache_path(settings, key)) and _is_ours(path):
            os.utime(path)  # the one that was not used longest goes first
            return unseal(read_bytes(path), key)
    return None


def read_and_cache(settings: Settings) -> Snapshot:
    """Read and check the files, and keep the snapshot in the cache folder if there is one."""
    snapshot, key = _read(settings)
    if key and (path := _cache_path(settings, key)):
        with suppress(OSError):
            write_bytes(path, seal(snapshot, key), mode=0o600)
            by_age = sorted(path.parent.glob("*.snapshot"), key=lambda each: each.stat().st_mtime)
            for oldest in by_age[:-MAX_CACHED]:
                oldest.unlink()
    return snapshot


def write_snapshot(settings: Settings) -> Path:
    """Read and check the files, and keep the snapshot beside them. Raise ``DataError`` for a fault."""
    snapshot, key = _read(settings)
    if key is None:
        raise DataError("the data files changed while they were read")
    path = Path(settings.data) / SNAPSHOT_FILE
    write_bytes(path, seal(snapshot, key))
    return path


def _read(settings: Settings) -> tuple[Snapshot, bytes | None]:
    """Read the snapshot, and the key under which it may be kept."""
    from service.dataset.reader import read_snapshot  # noqa: PLC0415  # pandas comes with it

    files = FileReader(settings)
    key, covered = snapshot_key(files, settings), dict(files.sha256)
    files.sha256.clear()
    snapshot = add_names(read_snapshot(settings, files))
    # A file that came meanwhile is in the snapshot and not in the key.
    return snapshot, key if snapshot.files.items() <= covered.items() else None


def snapshot_key(files: FileReader, settings: Settings) -> bytes | None:
    """Hash all that a snapshot depends on. ``None`` where a file cannot be read."""
    try:
        for path in files.paths:
            files.read(path)
    except InvalidDataError:
        return None
    return bytes.fromhex(files.fingerprint(settings.raters, settings.weights, code_version()))


@cache
def code_version() -> str:
    """Hash the code that a snapshot depends on. Python's own version decides how names are normalised."""
    digest = hashlib.sha256(f"{__version__} {sys.version_info[:2]}".encode())
    package = Path(__file__).parents[1]
    for path in sorted(path for pattern in SOURCES for path in package.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _cache_path(settings: Settings, key: bytes) -> Path | None:
    return Path(settings.cache) / f"{key.hex()[:32]}.snapshot" if settings.cache else None


def _is_ours(path: Path) -> bool:
    """Return True if nobody else can have written a file: others may share a cache folder."""
    status = path.stat()
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def main() -> None:
    """Read settings as JSON from stdin, and write the snapshot to stdout, or faults to stderr.

    The status tells files that cannot be read now (75) from data with faults (1).
    """
    settings = msgspec.json.decode(sys.stdin.buffer.read(), type=Settings)
    try:
        with gc_paused():
            snapshot = load_kept(settings) or read_and_cache(settings)
            sys.stdout.buffer.write(encode_snapshot(snapshot))
    except UnreadableFileError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(os.EX_TEMPFAIL)
    except DataError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
