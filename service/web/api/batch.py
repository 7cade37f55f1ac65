"""``/v1/distribution/batch``: many stories in one request, as one JSON list or as a stream of lines.

Both forms send their answer in blocks while they work, so neither the list of answers nor a stream, however
long, is ever held whole. A slow reader holds the work back. Of a stream only one block and the story that it
ends in are held.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from errno import ECONNRESET
from itertools import chain
from typing import Annotated

import msgspec
from flask import Blueprint, Response, request, stream_with_context
from msgspec import UNSET, Meta, Struct, UnsetType
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from service.core.answer import DatasetUsed, Distribution, Status
from service.core.bias import SIDES
from service.core.distribution import Scorer
from service.requests.problems import Problem
from service.requests.schemas import LIMIT_KEY, DistributionOptions, Entries, QueryOptions, check_limits
from service.web.api.scoring import add_links
from service.web.framework.context import get_context
from service.web.framework.decoding import DECODE_ERRORS, decode_json
from service.web.framework.endpoint import (
    NDJSON_TYPE,
    NdjsonVariant,
    encode_json,
    endpoint,
    get_catalog,
    get_settings,
)
from service.web.framework.problems import to_problem
from service.web.framework.responses import CSV_CONTENT_TYPE, Row, to_csv
from service.web.framework.worker_threads import run_by_size
from service.web.middleware.request_body import JSON_TYPE, get_request_body

blueprint = Blueprint("batch", __name__)

# Bytes read and written at a time; iterating a request by line halves the rate.
CHUNK_SIZE = 64 * 1024
# Seconds for which stories are scored before other requests have their turn.
TIME_SLICE = 0.01

STORY_COLUMNS = (
    *("id", "status", "headline", *(f"{side}_pct" for side in SIDES), *SIDES),
    *("rated", "unrated", "total", "entries", "duplicates", "mean", "level", "probability_leading"),
    *("sentence", "problem"),
)

StoryId = Annotated[str, Meta(max_length=200, description="The caller's own name of the story, echoed")]


class BatchStory(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One story of a batch and the outlets in it. Ids may be left out, and need not differ."""

    id: StoryId | None = None
    outlets: Entries


# A story that is not decoded yet; the description says what it will be decoded as.
RawStory = Annotated[msgspec.Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/BatchStory"})]


class BatchRequest(DistributionOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Many stories with one set of options. Each is decoded by itself, so that a bad one spoils no other."""

    stories: Annotated[
        tuple[RawStory, ...],
        Meta(
            min_length=1,
            examples=[[{"id": "1", "outlets": ["reuters.com"]}]],
            extra_json_schema={LIMIT_KEY: "max_stories"},
        ),
    ]


class StoryResult(Struct, frozen=True):
    """The answer of the single call: ``result`` with status 200, or ``problem`` with its own status."""

    id: str | None
    status: int
    result: Distribution | UnsetType = UNSET
    problem: Problem | UnsetType = UNSET


class BatchAnswer(Struct, frozen=True):
    """One result a story, in the order of the stories."""

    results: list[StoryResult]
    dataset: DatasetUsed


class StoryIdOnly(Struct, frozen=True):
    """The id of a story that cannot be decoded as a whole."""

    id: StoryId | None = None


STORY = msgspec.json.Decoder(BatchStory)
STORY_ID = msgspec.json.Decoder(StoryIdOnly)


class BatchScorer:
    """Answers the stories of one request: one version of the data, one set of options, checked once."""

    def __init__(self, options: QueryOptions) -> None:
        self.options = options
        self.scorer = Scorer(get_catalog(), options.options())
        self.settings = get_settings()
        self.yielded_at = time.monotonic()
        self.entries: Counter[Status] = Counter()
        get_context().entries = self.entries

    def score(self, raw: bytes | msgspec.Raw) -> StoryResult:
        """Score a story as it came. Its faults are in the result."""
        # Other requests share one loop with this one, and wait for whoever computes.
        if time.monotonic() - self.yielded_at > TIME_SLICE:
            time.sleep(0)
            self.yielded_at = time.monotonic()
        result = run_by_size(memoryview(raw).nbytes, self._score, raw)
        if isinstance(result.result, Distribution):
            self.entries.update(result.result.counts.by_status)
        return result

    def _score(self, raw: bytes | msgspec.Raw) -> StoryResult:
        try:
            if memoryview(raw).nbytes > self.settings.max_body:
                raise RequestEntityTooLarge(f"a story may have at most {self.settings.max_body} bytes")
            story = decode_json(STORY, raw, "the story")
            check_limits(story, self.settings)
            answer = self.scorer.score(story.outlets)
            return StoryResult(story.id, 200, add_links(answer, story.outlets, self.options))
        except Exception as error:
            problem = to_problem(error, "the story")
            return StoryResult(read_story_id(raw), problem.status, problem=problem)


def story_row(given: StoryResult) -> Row:
    answer = given.result
    if not isinstance(answer, Distribution):
        detail = given.problem.detail if given.problem else ""
        return (given.id, given.status, *(None,) * (len(STORY_COLUMNS) - 3), detail)
    shares, counts, trust = answer.distribution, answer.counts, answer.robustness
    return (
        *(given.id, given.status, answer.headline),
        *((shares.left, shares.center, shares.right) if shares else (None,) * 3),
        *(counts.left, counts.center, counts.right, counts.rated, counts.unrated),
        *(counts.total, counts.entries, counts.duplicates),
        *(answer.mean, trust.level, trust.probability_leading, answer.sentence, None),
    )


def read_story_id(raw: bytes | msgspec.Raw) -> str | None:
    """Return the id of a bad story if it is readable."""
    try:
        return STORY_ID.decode(raw).id
    except DECODE_ERRORS:
        return None


def post_ndjson(query: QueryOptions) -> Response:
    """Score a stream of stories, one a line in and one result a line out, with one version of the data."""
    scorer, settings = BatchScorer(query), get_settings()
    get_context().is_stream = True
    body = get_request_body(request.environ)
    body.start_streaming(settings.max_stall)
    blocks = read_lines(body.read, settings.max_body, body.reserve)
    # What is wrong with the first block is still an answer of its own.
    first = next(blocks)
    return stream_response(ndjson_stream(chain([first], abort_on_error(blocks)), scorer), NDJSON_TYPE)


@endpoint(
    blueprint,
    "/v1/distribution/batch",
    methods=("POST",),
    body=BatchRequest,
    max_body_setting="max_batch_body",
    answer=BatchAnswer,
    csv_path="/v1/distribution/batch.csv",
    is_stream=True,
    lines=NdjsonVariant(post_ndjson, QueryOptions, BatchStory, StoryResult),
)
def post_batch(body: BatchRequest) -> Response:
    """Score many stories with one set of options. A bad story is its own problem, and the batch is 200."""
    return stream_response(buffer_chunks(json_stream(body.stories, BatchScorer(body))), JSON_TYPE)


@endpoint(
    blueprint,
    "/v1/distribution/batch.csv",
    methods=("POST",),
    body=BatchRequest,
    max_body_setting="max_batch_body",
    answer=str,
    media=CSV_CONTENT_TYPE,
    is_stream=True,
)
def post_batch_csv(body: BatchRequest) -> Response:
    """Score many stories into a table with a row for each story."""
    scorer = BatchScorer(body)
    rows = chain([STORY_COLUMNS], (story_row(scorer.score(story)) for story in body.stories))
    return stream_response(buffer_chunks(to_csv([row]).encode() for row in rows), CSV_CONTENT_TYPE)


def ndjson_stream(blocks: Iterable[list[bytes]], scorer: BatchScorer) -> Iterator[bytes]:
    """Yield a ``StoryResult`` a line. What is answered is sent before the next block is waited for."""
    for block in blocks:
        yield from buffer_chunks(encode_json(scorer.score(line)) + b"\n" for line in block if line.strip())


def json_stream(stories: Iterable[msgspec.Raw], scorer: BatchScorer) -> Iterator[bytes]:
    """Yield a ``BatchAnswer``, piece by piece."""
    before = b'{"results":['
    for story in stories:
        yield before + encode_json(scorer.score(story))
        before = b","
    yield b'],"dataset":' + encode_json(scorer.scorer.dataset) + b"}"


def read_lines(
    read: Callable[[int], bytes], max_length: int, reserve: Callable[[int], object] = int
) -> Iterator[list[bytes]]:
    """Yield the lines of a stream, a block at a time. One that is too long is cut, but stays too long."""
    rest = b""
    while block := read(CHUNK_SIZE):
        *whole, rest = (rest + block).split(b"\n")
        rest = rest[: max_length + 1]
        reserve(len(rest))
        yield whole
    yield [rest]


def abort_on_error(blocks: Iterator[list[bytes]]) -> Iterator[list[bytes]]:
    """Break the answer where the stream breaks: an end would say that it is complete."""
    try:
        yield from blocks
    except HTTPException as error:
        raise ConnectionResetError(ECONNRESET, "the stream broke off") from error


def buffer_chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Join small pieces to blocks: a write for each would be slow, and all of them at once too large."""
    block: list[bytes] = []
    size = 0
    for piece in pieces:
        block.append(piece)
        size += len(piece)
        if size >= CHUNK_SIZE:
            yield b"".join(block)
            block, size = [], 0
    if block:
        yield b"".join(block)


def stream_response(pieces: Iterator[bytes], content_type: str) -> Response:
    """Return a response that is sent while it is made. A caller who stalls loses the connection."""
    connection = request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.settimeout(get_settings().max_stall)
    return Response(stream_with_context(pieces), content_type=content_type)
