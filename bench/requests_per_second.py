"""Requests a second of one worker on one core, beside what a user would pick instead."""

import json
import re
import statistics
import subprocess
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench.request import BODY, ENTRIES, PATH
from bench.servers import BUILD, LOAD_CORE, RIVALS, SERVER_CORE, Rival, check_answer, running
from service.core.distribution import score
from service.dataset.load import load as load_catalog
from service.settings import Settings

ROUNDS, SECONDS, WARM_UP, CONNECTIONS = 3, 8, 1, 8
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}
GOALS = (("c", "a", 0.55), ("c", "a2", 0.55), ("d", "e", 1.0), ("c", "f", 12.0), ("c", "f2", 12.0))
"""Requests a second of one server, of another, and their ratio as it is wished for."""


class Measured(NamedTuple):
    """One round: requests a second, latencies in milliseconds."""

    rate: float
    p50: float
    p99: float


def prepare() -> object:
    """Write the request, the answer and the table for the rivals; returns the expected answer."""
    BUILD.mkdir(parents=True, exist_ok=True)
    catalog = load_catalog(Settings())
    answer = msgspec.json.encode(score(catalog, ENTRIES))
    (BUILD / "request.json").write_bytes(BODY)
    (BUILD / "answer.json").write_bytes(answer)
    fields = ("domain", "name", "bias", "factuality", "country")
    table = {o.domain: {name: getattr(o, name) for name in fields} for o in catalog.outlets.values()}
    (BUILD / "outlets.json").write_bytes(msgspec.json.encode(table))
    expected = json.loads(answer)
    (BUILD / "dataset.json").write_text(json.dumps(expected["dataset"]))
    return expected


def load(url: str, seconds: int = SECONDS) -> Measured:
    """One round of the request that every server gets."""
    return wrk("-s", "bench/post.lua", url + PATH, seconds=seconds)


def wrk(*given: str, seconds: int = SECONDS) -> Measured:
    """One round of wrk from the other core."""
    command = [
        "taskset",
        "-c",
        LOAD_CORE,
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "--latency",
        *given,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    if "Non-2xx" in done or "Socket errors" in done:
        raise SystemExit(f"errors under load:\n{done}")

    def latency(percent: str) -> float:
        number, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", done).groups()
        return float(number) * UNITS[unit]

    return Measured(float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1]), latency("50"), latency("99"))


def measure(rivals: list[Rival] = RIVALS) -> dict[str, list[Measured]]:
    """The rounds of each rival; they are interleaved, so that a slow minute hits all alike."""
    expected = prepare()
    rounds: dict[str, list[Measured]] = {rival.letter: [] for rival in rivals}
    for _ in range(ROUNDS):
        for rival in rivals:
            with running(rival) as (url, _pid):
                check_answer(url, expected)
                load(url, WARM_UP)
                rounds[rival.letter].append(load(url))
    return rounds


def ratio(rounds: dict[str, list[Measured]], one: str, other: str) -> tuple[float, float, float]:
    """The median, lowest and highest of the rounds' ratios."""
    each = [mine.rate / yours.rate for mine, yours in zip(rounds[one], rounds[other], strict=True)]
    return statistics.median(each), min(each), max(each)


def table(rounds: dict[str, list[Measured]]) -> str:
    """The figures as Markdown: the servers, the ratios that are wished for, the commands."""
    size = (BUILD / "answer.json").stat().st_size / 1000
    lines = [f"24 entries, an answer of {size:.1f} KB in full detail, {CONNECTIONS} connections.", ""]
    lines += ["| | server | requests/s | of (a) | p50 ms | p99 ms |", "|---|---|---:|---:|---:|---:|"]
    for letter, title, _ in RIVALS:
        rate, p50, p99 = map(statistics.median, zip(*rounds[letter], strict=True))
        figures = f"{rate:.0f} | {ratio(rounds, letter, 'a')[0]:.2f} | {p50:.2f} | {p99:.2f}"
        lines.append(f"| {letter} | {title} | {figures} |")
    lines += ["", "| ratio, median (lowest and highest round) | | goal | |", "|---|---:|---:|---|"]
    for one, other, goal in GOALS:
        median, low, high = ratio(rounds, one, other)
        met = "met" if median >= goal else "**not met**"
        lines.append(f"| ({one}) / ({other}) | {median:.3g} ({low:.3g} to {high:.3g}) | ≥ {goal:g} | {met} |")
    lines += ["", f"Each on core {SERVER_CORE}, as `taskset -c {SERVER_CORE} …`:", ""]
    lines += [f"- {letter}: `{format_command(command)}`" for letter, _, command in RIVALS]
    return "\n".join(lines)


def format_command(command: list[str]) -> str:
    """A command without the folder of this machine."""
    return " ".join([Path(command[0]).name, *command[1:]]).replace("{port}", "PORT")


if __name__ == "__main__":
    print(table(measure()))
