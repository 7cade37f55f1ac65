"""Requests a second of one worker on one core, beside what a user would pick instead."""

import json
import re
import statistics
import subprocess
from typing import NamedTuple

import msgspec

from bench.request import BODY, ENTRIES, PATH
from bench.servers import BUILD, LOAD_CORE, RIVALS, Rival, running, same_answer
from service import dataset
from service.core.distribution import score
from service.settings import Settings

ROUNDS, SECONDS, CONNECTIONS = 3, 5, 8
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}


class Measured(NamedTuple):
    """One round: requests a second, latencies in milliseconds."""

    rate: float
    p50: float
    p99: float


def prepare() -> object:
    """Write the request, the answer and the table for the rivals; returns the expected answer."""
    BUILD.mkdir(parents=True, exist_ok=True)
    catalog = dataset.load(Settings())
    answer = msgspec.json.encode(score(catalog, ENTRIES))
    (BUILD / "request.json").write_bytes(BODY)
    (BUILD / "answer.json").write_bytes(answer)
    fields = ("domain", "name", "bias", "factuality", "country")
    table = {o.domain: {name: getattr(o, name) for name in fields} for o in catalog.outlets.values()}
    (BUILD / "outlets.json").write_bytes(msgspec.json.encode(table))
    expected = json.loads(answer)
    (BUILD / "dataset.json").write_text(json.dumps(expected["dataset"]))
    return expected


def load(url: str) -> Measured:
    """One round of wrk from the other core."""
    done = subprocess.run(
        [
            *("taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency"),
            *("-s", "bench/post.lua", url + PATH),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in done or "Socket errors" in done:
        raise SystemExit(f"errors under load:\n{done}")

    def latency(percent: str) -> float:
        number, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", done).groups()
        return float(number) * UNITS[unit]

    return Measured(float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1]), latency("50"), latency("99"))


def measure(rivals: list[Rival] = RIVALS) -> dict[str, Measured]:
    """The median round of each rival; the rounds are interleaved, so that a slow minute hits all alike."""
    expected = prepare()
    rounds: dict[str, list[Measured]] = {rival.letter: [] for rival in rivals}
    for _ in range(ROUNDS):
        for rival in rivals:
            with running(rival) as (url, _pid):
                same_answer(url, expected)
                rounds[rival.letter].append(load(url))
    return {
        letter: Measured(*map(statistics.median, zip(*each, strict=True))) for letter, each in rounds.items()
    }


def table(measured: dict[str, Measured]) -> str:
    """The figures as a Markdown table, with the ratio to the bare function."""
    floor = measured["a"].rate
    lines = ["| | server | requests/s | of (a) | p50 ms | p99 ms |", "|---|---|---:|---:|---:|---:|"]
    for rival in RIVALS:
        if rival.letter in measured:
            rate, p50, p99 = measured[rival.letter]
            figures = f"{rate:.0f} | {rate / floor:.2f} | {p50:.2f} | {p99:.2f}"
            lines.append(f"| {rival.letter} | {rival.title} | {figures} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(measure()))
