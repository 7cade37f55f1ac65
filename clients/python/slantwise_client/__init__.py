"""A Python client of the HTTP API, which needs only requests.

    with Client("http://127.0.0.1:8000") as slantwise:
        print(slantwise.distribution(["reuters.com", "BBC News"]).sentence)

Errors::

    ClientError
    ├── NoAnswerError     no answer, none in time, or none from the service
    └── ProblemError      the service refused, with status, detail and errors
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self, TypeVar
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry
from urllib3.exceptions import ReadTimeoutError

from .answers import Distribution, Problem, StoryResult, convert

__version__ = "0.1.0"

T = TypeVar("T")
Entry = str | Mapping[str, str]
"""A domain, an article's URL or an outlet's name, or an object with any of ``url``, ``domain``, ``name``."""

# A server takes 1,000 stories and 16 MiB in a batch by default. Options need a little room.
MAX_STORIES = 1000
MAX_BODY_BYTES = 15 * 2**20

MAX_WAIT_SECONDS = 30


class ClientError(Exception):
    """Base of every error of this client."""


class NoAnswerError(ClientError):
    """No answer, none in time, or none from the service."""


class ProblemError(ClientError):
    """A refusal by the service. ``problem`` has ``errors`` by JSON pointer, and the ``request_id``."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}")
        self.problem = problem
        self.status = problem.status
        self.detail = problem.detail
        self.errors = problem.errors


class RetryPolicy(Retry):
    """Retries for connection faults, 429 and 503, but not for a request that takes too long."""

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        *where: Any,
        **from_where: Any,
    ) -> Self:
        """Return the counters of the next attempt. Raise ``error`` when there is none."""
        if isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(method, url, response, error, *where, **from_where)


class Client:
    """A session with one service, for one thread at a time.

    ``timeout`` is the seconds to connect, and between two pieces of an answer. Every call may be sent again,
    POST too, because scoring changes nothing on the server. The ``retries`` wait as long as ``Retry-After``
    asks (30 s at most), else 0.2, 0.4, 0.8 … seconds. Calls take the options of the API: ``raters``,
    ``overrides``, ``count_by``, ``detail``, ``country``, ``ties``.
    """

    def __init__(
        self, base_url: str, api_key: str | None = None, timeout: float = 10.0, retries: int = 4
    ) -> None:
        if not base_url.startswith(("http://", "https://")):
            raise ValueError(f"base_url is an address such as http://127.0.0.1:8000, not {base_url!r}")
        self.base_url = base_url.rstrip("/")
        self.timeout = timeout
        self.session = requests.Session()
        self.session.headers["User-Agent"] = f"slantwise-client/{__version__}"
        if api_key:
            self.session.auth = _Bearer(api_key)
        adapter = HTTPAdapter(max_retries=make_retry_policy(retries))
        self.session.mount("http://", adapter)
        self.session.mount("https://", adapter)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def distribution(self, outlets: Sequence[Entry], **options: Any) -> Distribution:
        """Score the outlets that cover one story."""
        return self._post("/v1/distribution", to_json({"outlets": outlets, **options}), Distribution)

    def batch(
        self, stories: Iterable[Mapping[str, Any]], *, most: int = MAX_STORIES, **options: Any
    ) -> Iterator[StoryResult]:
        """Yield one result for each story (``{"id": …, "outlets": […]}``), in order.

        Stories are sent ``most`` at a time while results are taken, so any number of them fits into memory.
        A bad story gives a result with a ``problem``.
        """
        rest = b"," + to_json(options)[1:] if options else b"}"
        for group in chunk_stories(map(to_json, stories), most):
            body = b'{"stories":[' + b",".join(group) + b"]" + rest
            yield from self._post("/v1/distribution/batch", body, _BatchAnswer).results

    def coverage(
        self, story: Mapping[str, Any], articles: Sequence[Mapping[str, Any]], **options: Any
    ) -> dict[str, Any]:
        """Return the whole panel of a story, as the API answers it."""
        body = {"story": story, "articles": articles, **options}
        return self._post("/v1/coverage", to_json(body), dict[str, Any])

    def resolve(self, entry: str, **options: str) -> dict[str, Any]:
        """Return the meaning of an entry, with candidates, as the API answers it."""
        return self._get("/v1/resolve", {"q": entry, **options})

    def outlet(self, domain: str) -> dict[str, Any]:
        """Return all that is known about an outlet. Raise a ``ProblemError`` 404 when nothing is."""
        return self._get(f"/v1/outlets/{quote(domain, safe='')}")

    def dataset(self) -> dict[str, Any]:
        """Return version, counts, and each rater with its terms, as the API answers it."""
        return self._get("/v1/dataset")

    def _get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self._answer("GET", path, dict[str, Any], params=params)

    def _post(self, path: str, body: bytes, kind: type[T]) -> T:
        return self._answer("POST", path, kind, data=body, headers={"Content-Type": "application/json"})

    def _answer(self, method: str, path: str, kind: type[T], **request: Any) -> T:
        """Send a request and decode the answer. Raise ``ProblemError`` or ``NoAnswerError`` without one."""
        url = self.base_url + path
        try:
            response = self.session.request(
                method, url, timeout=self.timeout, allow_redirects=False, **request
            )
        except requests.RequestException as error:
            raise NoAnswerError(f"{method} {url}: {error}") from error
        if response.status_code != HTTPStatus.OK:
            raise ProblemError(parse_problem(response))
        try:
            return convert(kind, json.loads(response.content))
        except (ValueError, RecursionError) as error:
            media_type = response.headers.get("Content-Type", "no type")
            raise NoAnswerError(
                f"{method} {url}: this is not an answer of the service ({media_type}): {error}"
            ) from error


@dataclass(frozen=True)
class _BatchAnswer:
    results: tuple[StoryResult, ...]


class _Bearer(requests.auth.AuthBase):
    """Authentication with a gateway's key, which wins over a .netrc file."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.key}"
        return request


def make_retry_policy(retries: int) -> RetryPolicy:
    return RetryPolicy(
        total=retries,
        status_forcelist=(HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE),
        allowed_methods=None,
        backoff_factor=0.2,
        backoff_max=MAX_WAIT_SECONDS,
        retry_after_max=MAX_WAIT_SECONDS,
        raise_on_status=False,
    )


def parse_problem(response: requests.Response) -> Problem:
    """Decode a problem. A gateway's page becomes one with its status and first words."""
    try:
        return convert(Problem, json.loads(response.content))
    except (ValueError, RecursionError):
        return Problem(response.status_code, response.reason or "", response.text[:200])


def to_json(value: object) -> bytes:
    """Encode a value as JSON. Raise ``ValueError`` or ``TypeError`` for one that JSON cannot hold."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def chunk_stories(pieces: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """Group ``pieces`` in lists of at most ``most`` that fit into the body of a request."""
    group: list[bytes] = []
    size = 0
    for piece in pieces:
        if group and (len(group) == most or size + len(piece) > MAX_BODY_BYTES):
            yield group
            group, size = [], 0
        group.append(piece)
        size += len(piece) + 1
    if group:
        yield group
