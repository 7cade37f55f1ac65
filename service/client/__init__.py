"""The Python client of the HTTP API; it needs requests and msgspec, and nothing of the server.

    with Client("http://127.0.0.1:8000") as slantwise:
        print(slantwise.distribution(["reuters.com", "BBC News"]).sentence)

Errors::

    ClientError
    ├── NoAnswerError     nobody answered, not in time, or something that is not the service
    └── ProblemError      the service says what is wrong: status, detail, errors
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Self, TypeVar
from urllib.parse import quote

import msgspec
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry
from urllib3.exceptions import ReadTimeoutError

from service import __version__
from service.client.answers import Distribution, Problem, StoryResult

T = TypeVar("T")
Entry = str | Mapping[str, str]
"""A domain, an article's URL or an outlet's name; or an object with any of ``url``, ``domain``, ``name``."""

MOST_STORIES = 1000
MOST_BYTES = 15 * 2**20
"""The server's default limits of a batch are 1,000 stories and 16 MiB; options need a little room."""

LONGEST_WAIT_SECONDS = 30


class ClientError(Exception):
    """Base of every error of this client."""


class NoAnswerError(ClientError):
    """Nobody answered, not in time, or what answered is not the service."""


class ProblemError(ClientError):
    """The service refused; ``problem`` has ``errors`` by JSON pointer, and the ``request_id`` to ask by."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}")
        self.problem = problem
        self.status = problem.status
        self.detail = problem.detail
        self.errors = problem.errors


class Patience(Retry):
    """Retries connection faults, 429 and 503; a request that takes too long would take as long again."""

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        *where: Any,
        **from_where: Any,
    ) -> Self:
        """The next attempt's counters; raises ``error`` when there shall be none."""
        if isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(method, url, response, error, *where, **from_where)


class Client:
    """A session with one service. ``timeout``: seconds to connect, and between two pieces of an answer.

    Every call may be sent again, POST too: scoring changes nothing on the server. ``retries`` further
    attempts wait for as long as ``Retry-After`` asks (30 s at most), else 0.2, 0.4, 0.8 … seconds.
    Options of a call are the API's: ``raters``, ``overrides``, ``count_by``, ``detail``, ``country``,
    ``ties``.
    A client is for one thread at a time.
    """

    def __init__(
        self, base_url: str, api_key: str | None = None, timeout: float = 10.0, retries: int = 4
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.timeout = timeout
        self.session = requests.Session()
        self.session.headers["User-Agent"] = f"slantwise-client/{__version__}"
        if api_key:
            self.session.auth = _Bearer(api_key)
        adapter = HTTPAdapter(max_retries=patience(retries))
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
        """How the outlets that cover one story lean."""
        return self._post("/v1/distribution", {"outlets": outlets, **options}, Distribution)

    def batch(
        self, stories: Iterable[Mapping[str, Any]], *, most: int = MOST_STORIES, **options: Any
    ) -> Iterator[StoryResult]:
        """One result a story (``{"id": …, "outlets": […]}``), in order, however many there are.

        Stories are taken and sent ``most`` at a time, while results are asked for, so neither all stories
        nor all results need be in memory. A bad story is a result with a ``problem``.
        """
        for group in grouped(map(msgspec.json.encode, stories), most):
            body = {"stories": [msgspec.Raw(story) for story in group], **options}
            yield from self._post("/v1/distribution/batch", body, _BatchAnswer).results

    def coverage(
        self, story: Mapping[str, Any], articles: Sequence[Mapping[str, Any]], **options: Any
    ) -> dict[str, Any]:
        """The whole panel of a story, as the API answers it."""
        return self._post("/v1/coverage", {"story": story, "articles": articles, **options}, dict[str, Any])

    def resolve(self, entry: str, **options: str) -> dict[str, Any]:
        """What an entry means, with candidates, as the API answers it."""
        return self._get("/v1/resolve", {"q": entry, **options})

    def outlet(self, domain: str) -> dict[str, Any]:
        """All that is known of an outlet, as the API answers it; a ``ProblemError`` 404 when nothing is."""
        return self._get(f"/v1/outlets/{quote(domain, safe='')}")

    def dataset(self) -> dict[str, Any]:
        """Version, counts, and each rater with its terms, as the API answers it."""
        return self._get("/v1/dataset")

    def _get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self._answer("GET", path, dict[str, Any], params=params)

    def _post(self, path: str, body: object, kind: type[T]) -> T:
        headers = {"Content-Type": "application/json"}
        return self._answer("POST", path, kind, data=msgspec.json.encode(body), headers=headers)

    def _answer(self, method: str, path: str, kind: type[T], **request: Any) -> T:
        """The decoded answer to a request; raises ``ProblemError`` or ``NoAnswerError``."""
        url = self.base_url + path
        try:
            response = self.session.request(
                method, url, timeout=self.timeout, allow_redirects=False, **request
            )
        except requests.RequestException as error:
            raise NoAnswerError(f"{method} {url}: {error}") from error
        if response.status_code != HTTPStatus.OK:
            raise ProblemError(problem_of(response))
        try:
            return msgspec.json.decode(response.content, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            what = response.headers.get("Content-Type", "no type")
            raise NoAnswerError(f"{method} {url}: no answer of the service ({what}): {error}") from error


class _BatchAnswer(msgspec.Struct):
    results: list[StoryResult]


class _Bearer(requests.auth.AuthBase):
    """Sends the key that a gateway asks for; it wins over a .netrc file."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.key}"
        return request


def patience(retries: int) -> Patience:
    """How often, after what, and after how long a wait a request is sent again."""
    return Patience(
        total=retries,
        status_forcelist=(HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE),
        allowed_methods=None,
        backoff_factor=0.2,
        backoff_max=LONGEST_WAIT_SECONDS,
        retry_after_max=LONGEST_WAIT_SECONDS,
        raise_on_status=False,
    )


def problem_of(response: requests.Response) -> Problem:
    """The problem that an answer is; a gateway's own page is told by its status and first words."""
    try:
        return msgspec.json.decode(response.content, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Problem(response.status_code, response.reason or "", response.text[:200])


def grouped(pieces: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """``pieces`` in lists of at most ``most``, which together stay under the limit of a request's body."""
    group: list[bytes] = []
    size = 0
    for piece in pieces:
        if group and (len(group) == most or size + len(piece) > MOST_BYTES):
            yield group
            group, size = [], 0
        group.append(piece)
        size += len(piece) + 1
    if group:
        yield group
