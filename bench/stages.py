"""Where one request's time goes, and how it grows with entries and with outlets; in process, one thread."""

import io
import json
import os
import time
from collections.abc import Callable
from typing import Any

import msgspec
from flask import Flask, Response, request

from bench.request import BODY, ENTRIES, PATH
from bench.requests_per_second import SECONDS, WARM_UP, load, prepare
from bench.servers import BY_LETTER, cpu_seconds, running
from service.core import distribution
from service.core.outlets import Outlet
from service.core.resolve.catalog import Catalog
from service.core.robustness import probability_leading
from service.dataset.load import load as load_catalog
from service.requests.schemas import DistributionRequest
from service.settings import Settings
from service.telemetry import logs
from service.web.app import create_app
from service.web.framework.endpoint import encode_json
from service.web.middleware.access_log import AccessLogMiddleware

REPEATS = 9
DECODE = msgspec.json.Decoder(DistributionRequest).decode


def microseconds(*functions: Callable[[], object], seconds: float = 0.15) -> list[float]:
    """Best processor time of each function in µs; they take turns, so that all meet the same noise."""
    counts, best = [], [float("inf")] * len(functions)
    for function in functions:
        function()
        started = time.process_time()
        function()
        counts.append(max(1, int(seconds / REPEATS / max(time.process_time() - started, 1e-5))))
    for _ in range(REPEATS):
        for i, (function, count) in enumerate(zip(functions, counts, strict=True)):
            started = time.process_time()
            for _ in range(count):
                function()
            best[i] = min(best[i], (time.process_time() - started) / count * 1e6)
    return best


def post(app: Any, body: bytes = BODY, path: str = PATH) -> bytes:
    """One POST through a WSGI application, as a server makes it."""
    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    answer = app(environ, lambda *_: None)
    data = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return data


def make_constant_app(answer: bytes) -> Flask:
    """Flask that reads the body and returns constant bytes."""
    app = Flask("constant")

    @app.post(PATH)
    def serve() -> Response:
        request.get_data()
        return Response(answer, content_type="application/json")

    return app


def measure_server() -> tuple[float, float]:
    """Processor time in µs of a request to the real server under load, and to one that returns a constant."""
    prepare()
    figures = []
    for letter in ("c", "a2"):
        with running(BY_LETTER[letter]) as (url, pid):
            load(url, WARM_UP)
            before = cpu_seconds(pid)
            requests_served = load(url).rate * SECONDS
            figures.append((cpu_seconds(pid) - before) / requests_served * 1e6)
    return figures[0], figures[1]


def stages(catalog: Catalog) -> str:
    """The stages of the 24-entry request, the whole call beside Flask returning a constant, the server."""
    app = create_app(Settings(), catalog)
    observed = AccessLogMiddleware(app)
    flask = make_constant_app(post(app))
    scorer = distribution.Scorer(catalog)
    matches = scorer.entries(ENTRIES)
    answer = scorer.distribution(matches)
    work = {
        "decode": lambda: DECODE(BODY),
        "known": lambda: [scorer.resolve(entry) for entry in ENTRIES],
        "entries": lambda: scorer.entries(ENTRIES),
        "distribute": lambda: scorer.distribution(matches),
        "lead": lambda: probability_leading((4, 9, 7), 4, 20, 2),
        "encode": lambda: encode_json(answer),
        "whole": lambda: post(app),
        "observed": lambda: post(observed),
        "flask": lambda: post(flask),
    }
    took = dict(zip(work, microseconds(*work.values()), strict=True))
    scoring = sum(took[name] for name in ("decode", "entries", "distribute", "encode"))
    rows = {
        "decode the body": took["decode"],
        "resolve, texts seen before": took["known"],
        "entries: duplicates, statuses, records": took["entries"] - took["known"],
        "distribute: counts to figures": took["distribute"],
        "of it probability_leading, counts never seen": took["lead"],
        "encode the answer": took["encode"],
        "framework: routing, contexts, headers": took["whole"] - scoring,
        "log line, figures for the metrics": took["observed"] - took["whole"],
        "**whole call**": took["observed"],
        "Flask returning a constant": took["flask"],
    }
    lines = ["| stage of one request, 24 entries, in process | µs | of the whole call |", "|---|---:|---:|"]
    lines += [f"| {name} | {value:.1f} | {value / took['observed']:.2f} |" for name, value in rows.items()]
    ours, floor = measure_server()
    ratio = took["whole"] / took["flask"]
    lines += [
        f"| in the real server, under load | {ours:.1f} | {ours / took['observed']:.2f} |",
        f"| of it the server: sockets, HTTP, threads (a2) | {floor:.1f} | {floor / took['observed']:.2f} |",
        "",
        "In process one thread repeats one call with warm caches; in the server each request finds them",
        "cold, and six headers are checked instead of two.",
        "",
        f"Whole call without log and metrics / Flask's constant: **{ratio:.2f}** (goal ≤ 2.0)",
    ]
    return "\n".join(lines)


def larger(catalog: Catalog, size: int) -> Catalog:
    """The catalog with made-up outlets added, until it holds ``size``."""
    biases = [outlet.bias for outlet in catalog.outlets.values()]
    missing = range(size - len(catalog.outlets))
    added = [Outlet(f"outlet-{i}.example", f"Outlet {i}", biases[i % len(biases)]) for i in missing]
    outlets = [*list(catalog.outlets.values())[:size], *added]
    kept = {outlet.domain for outlet in outlets}
    aliases = [alias for alias in catalog.aliases if alias.domain is None or alias.domain in kept]
    return Catalog(outlets, aliases, catalog.raters.values(), version="bench", sha256="0" * 64)


def growth(catalog: Catalog) -> str:
    """Microseconds of the scoring (decode to encode) by number of entries and of outlets."""
    sizes, lengths = (10_000, 100_000), (10, 100, 1000)
    lines = [
        "| outlets in the table | entries | µs |",
        "|---:|---:|---:|",
    ]
    for size in sizes:
        scorer = distribution.Scorer(larger(catalog, size))
        domains = list(scorer.catalog.outlets)
        for length in lengths:
            step = len(domains) // length
            body = json.dumps(
                {"outlets": [f"https://www.{d}/a/story" for d in domains[::step][:length]]}
            ).encode()
            (took,) = microseconds(lambda s=scorer, b=body: encode_json(s.score(DECODE(b).outlets)))
            lines.append(f"| {size:,} | {length:,} | {took:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    shipped = load_catalog(Settings())
    logs.STDOUT_FD = os.open(os.devnull, os.O_WRONLY)
    print(stages(shipped), growth(shipped), sep="\n\n")
