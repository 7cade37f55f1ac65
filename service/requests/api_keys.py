"""API keys in a file, as hashes. A key is 32 random bytes: one round of SHA-256 hides it well."""

import hashlib
import hmac
import logging
import re
import time
from collections.abc import Mapping
from pathlib import Path

from werkzeug.datastructures import Authorization, WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from service.dataset.file_reader import file_signature

KEY_LINE = re.compile(r"([A-Za-z0-9._-]{1,64}):([0-9a-f]{64})")

RECHECK_SECONDS = 1.0

Keys = Mapping[str, bytes]

LOG = logging.getLogger(__name__)


class KeyFile:
    """The keys in a file, read again when the file has changed. A bad file leaves the keys as they were."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.keys = read_keys(path)
        self.seen = file_signature(path)
        self.looked = time.monotonic()

    def current(self) -> Keys:
        """Return the keys, looking at the file once a second at most."""
        now = time.monotonic()
        if now >= self.looked + RECHECK_SECONDS:
            self.looked = now
            if (found := file_signature(self.path)) != self.seen:
                self.seen = found
                self._read()
        return self.keys

    def _read(self) -> None:
        try:
            self.keys = read_keys(self.path)
        except ValueError as error:
            LOG.error("new API keys refused, old keys kept: %s", error)
        else:
            LOG.info("new API keys: %d", len(self.keys))


def read_keys(path: Path) -> Keys:
    """Parse ``name:sha256`` lines, skipping blanks and comments."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"SLANTWISE_API_KEYS_FILE cannot be read: {error}") from error
    keys = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = KEY_LINE.fullmatch(line.strip())
        if not found:
            raise ValueError(f"{path}, line {number}: not name:sha256 (64 hexadecimal digits)")
        keys[found[1]] = bytes.fromhex(found[2])
    if not keys:
        raise ValueError(f"{path}: no keys, so nobody could call")
    return keys


def find_key_owner(keys: Keys, key: str) -> str | None:
    """Return the owner's name. Every entry is compared, so that timing reveals none."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
    names = [name for name, known in keys.items() if hmac.compare_digest(known, digest)]
    return names[0] if names else None


def authenticate(keys: Keys, given: Authorization | None) -> str:
    """Return the owner of the bearer token. Raise ``Unauthorized`` for a missing or unknown one."""
    token = given.token if given and given.type == "bearer" else None
    caller = find_key_owner(keys, token) if token else None
    if caller is None:
        values: dict[str, str | None] = {
            "realm": "slantwise",
            **({"error": "invalid_token"} if token else {}),
        }
        raise Unauthorized(
            "send a known API key as 'Authorization: Bearer KEY'",
            www_authenticate=WWWAuthenticate("bearer", values),
        )
    return caller
