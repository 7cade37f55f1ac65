"""Fetches raters' public files. One is written only when it can be read; none stops another."""

import ipaddress
import json
import socket
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
import requests
from msgspec import Struct, structs
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from service import __version__
from service.core.errors import DataError
from service.dataset.file_reader import MAX_BYTES, write_bytes
from service.editor.importers import IMPORTERS
from service.editor.rating_rows import ImportInputs

# Where raters publish for everyone. AllSides: for research and non-commercial use.
SOURCES: Mapping[str, str] = {
    "mbfc": "https://raw.githubusercontent.com/drmikecrowe/mbfcext/main/docs/v5/data/combined.json",
    "allsides": "https://www.allsides.com/media-bias/json/noncommercial/all",
}
# Seconds to connect, and between two pieces of an answer.
TIMEOUT = (5.0, 30.0)
# Seconds before the second try. Each further one waits twice as long.
BACKOFF_FACTOR = 0.5
# Seconds that a server may ask us to wait, in all tries together.
MAX_RETRY_AFTER = 60
CHUNK_SIZE = 2**16
# A rater's file with fewer outlets is a fragment or an error page.
MIN_OUTLETS = 100
STATE_FILE = "fetched.json"


class FetchedFile(Struct, frozen=True):
    """One rater's file as fetched. ``data`` is ``None`` when it has not changed, or there is an ``error``."""

    rater: str
    url: str
    data: bytes | None
    etag: str = ""
    outlets: int = 0
    error: str = ""


def fetch_all(urls: Mapping[str, str], folder: Path) -> list[FetchedFile]:
    """Bring ``folder`` up to date with the files at ``urls``, by rater.

    An unchanged file (ETag) is not sent again. The importer reads a new file before it replaces the old one.
    A file that cannot be fetched or read leaves the old one, and says why in ``error``.
    """
    state = _read_state(folder)
    found = []
    with make_session() as http:
        for rater, url in urls.items():
            etag = _known_etag(folder, rater, state.get(rater, {}), url)
            try:
                fetched = _fetch(http, rater, url, etag)
                if fetched.data is not None:
                    fetched = structs.replace(fetched, outlets=_keep(folder, rater, fetched.data))
                    state[rater] = {"url": url, "etag": fetched.etag}
                    write_bytes(
                        folder / STATE_FILE, json.dumps(state, indent=1, sort_keys=True).encode() + b"\n"
                    )
            except DataError as error:
                fetched = FetchedFile(rater, url, None, error=str(error))
            found.append(fetched)
    return found


def _keep(folder: Path, rater: str, data: bytes) -> int:
    """Write a rater's new file once its importer has read it, and return its number of outlets."""
    beside = folder / f"{rater}.json.fetched"
    write_bytes(beside, data)
    try:
        outlets = _count_outlets(rater, beside)
        beside.replace(folder / f"{rater}.json")
    finally:
        beside.unlink(missing_ok=True)
    return outlets


class BoundedRetry(Retry):
    """Retries that wait as long as the server asks, within reason for all tries together."""

    waited = 0.0

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Return the seconds to wait. Raise ``InvalidHeader`` when they are too many."""
        seconds = super().get_retry_after(response)
        self.waited += seconds or 0
        if self.waited > MAX_RETRY_AFTER:
            raise InvalidHeader(
                f"Retry-After asks for {self.waited:.0f} seconds, at most {MAX_RETRY_AFTER} are allowed"
            )
        return seconds

    def new(self, **changed: Any) -> "BoundedRetry":
        """Return the retries that are left after a try."""
        left = super().new(**changed)
        left.waited = self.waited
        return left


def make_session() -> requests.Session:
    """Return a session that names its client, and tries again after faults and when asked to wait."""
    # The client has another, and shares nothing: its folder can be copied alone.
    http = requests.Session()
    retry = BoundedRetry(
        total=4,
        backoff_factor=BACKOFF_FACTOR,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=["GET"],
    )
    http.mount("https://", HTTPAdapter(max_retries=retry))
    http.mount("http://", HTTPAdapter(max_retries=retry))
    http.hooks["response"].append(refuse_private_redirect)
    http.headers["User-Agent"] = f"slantwise/{__version__}"
    return http


def refuse_private_redirect(answer: requests.Response, **_given: object) -> None:
    """Raise ``ValueError`` for a redirect to an address that is not public."""
    if not answer.is_redirect:
        return
    target = urlsplit(urljoin(answer.url, answer.headers["Location"]))
    host = target.hostname or ""
    addresses = {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    if not all(ipaddress.ip_address(address.partition("%")[0]).is_global for address in addresses):
        raise ValueError(f"it redirects to {host}, which is not a public address")


def _known_etag(folder: Path, rater: str, known: Mapping[str, str], url: str) -> str:
    """Return the ETag of the file in ``folder`` from ``url``, or an empty text."""
    have = known.get("url") == url and (folder / f"{rater}.json").exists()
    return known.get("etag", "") if have else ""


def _fetch(http: requests.Session, rater: str, url: str, etag: str) -> FetchedFile:
    headers = {"If-None-Match": etag} if etag else {}
    try:
        with closing(http.get(url, headers=headers, timeout=TIMEOUT, stream=True)) as answer:
            if answer.status_code == requests.codes.not_modified:
                return FetchedFile(rater, url, None, etag)
            answer.raise_for_status()
            return FetchedFile(rater, url, _read_body(answer), answer.headers.get("ETag", ""))
    except (requests.RequestException, OSError, ValueError) as error:
        raise DataError(f"{rater}: {url} could not be fetched: {error}") from error


def _read_body(answer: requests.Response) -> bytes:
    """Return the body. Raise ``ValueError`` as soon as it grows larger than any rater's file."""
    body = bytearray()
    for chunk in answer.iter_content(CHUNK_SIZE):
        body += chunk
        if len(body) > MAX_BYTES:
            raise ValueError(f"the answer is larger than {MAX_BYTES} bytes")
    return bytes(body)


def _count_outlets(rater: str, path: Path) -> int:
    """Count the outlets that a fetched file rates. Raise ``DataError`` when there are too few."""
    try:
        outlets = len(IMPORTERS[rater](ImportInputs(newest=(path,), as_of="2000")))
    except RecursionError:
        raise DataError(f"{rater}: the file is nested too deeply") from None
    if outlets < MIN_OUTLETS:
        raise DataError(
            f"{rater}: the file rates {outlets} outlets, at least {MIN_OUTLETS} were expected; "
            "nothing was written"
        )
    return outlets


def _read_state(folder: Path) -> dict[str, dict[str, str]]:
    """Return the ETags of the last time, none when there was no last time. Raise ``DataError`` for others."""
    path = folder / STATE_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, str]])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError, RecursionError) as error:
        raise DataError(f"{path} is not what the last fetch wrote ({error}); remove it") from error
