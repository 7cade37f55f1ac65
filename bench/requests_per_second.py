"""Requests a second of one worker on one core, beside what a user would pick instead.

Lists in rotation are what an app sends that scores the stories of a day. One list that repeats is the best
case: the service remembers what its texts mean.
"""

import json
import re
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench.request import ENTRIES, LISTS, PATH, make_lists
from bench.servers import (
    BUILD,
    LOAD_CORE,
    RIVALS,
    ROTATED,
    SERVER_CORE,
    Rival,
    check_answer,
    cpu_seconds,
    running,
)
from service.dataset.load import load as load_catalog
from service.settings import Settings
from service.web.app import create_app

ROUNDS, SECONDS, WARM_UP, CONNECTIONS = 3, 6, 1, 8
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}

ONE = "one list, repeated"
URLS = f"{LISTS:,} lists of URLs and domains"
NAMES = f"{LISTS:,} lists, a fifth of them names"
TRAFFIC = {ONE: BUILD / "request.json", URLS: BUILD / "urls.ndjson", NAMES: BUILD / "names.ndjson"}
COMPARED = 50  # lists of each kind whose answers must be alike

# Traffic, one server, another, and the ratio of their requests a second that is wished for.
GOALS = (
    *((URLS, "c", "e", 1.5), (URLS, "c", "e2", 1.0), (URLS, "c", "h", 1.0)),
    *((NAMES, "c", "e", 1.0), (NAMES, "c", "e2", 1.0), (NAMES, "c", "h", 1.0)),
    *((ONE, "c", "e", 1.6), (ONE, "d", "e", 1.0), (ONE, "c", "a", 0.55), (ONE, "c", "a2", 0.55)),
    *((ONE, "c", "f", 12.0), (ONE, "c", "f2", 12.0)),
)


class Measured(NamedTuple):
    """One round: requests a second, latencies in milliseconds, processor µs of a request."""

    rate: float
    p50: float
    p99: float
    cpu: float = 0.0


def prepare() -> list[tuple[list[str], object]]:
    """Write the requests, and the answer and the tables for the rivals; returns lists with their answers."""
    BUILD.mkdir(parents=True, exist_ok=True)
    catalog = load_catalog(Settings())
    client = create_app(Settings(), catalog).test_client()
    compared = [ENTRIES]
    TRAFFIC[ONE].write_text(json.dumps({"outlets": ENTRIES}))
    for traffic, names in ((URLS, 0.0), (NAMES, 0.2)):
        lists = make_lists(catalog, names)
        TRAFFIC[traffic].write_text("".join(json.dumps({"outlets": entries}) + "\n" for entries in lists))
        compared += lists[:COMPARED]
    answers = [client.post(PATH, json={"outlets": entries}).data for entries in compared]
    (BUILD / "answer.json").write_bytes(answers[0])
    fields = ("domain", "name", "bias", "factuality", "country")
    table = {o.domain: {name: getattr(o, name) for name in fields} for o in catalog.outlets.values()}
    (BUILD / "outlets.json").write_bytes(msgspec.json.encode(table))
    owners = {o.domain: o.owner for o in catalog.outlets.values() if o.owner}
    (BUILD / "owners.json").write_text(json.dumps(owners))
    (BUILD / "dataset.json").write_text(json.dumps(json.loads(answers[0])["dataset"]))
    return [(entries, json.loads(answer)) for entries, answer in zip(compared, answers, strict=True)]


def load(url: str, seconds: float = SECONDS, traffic: str = ONE) -> Measured:
    """One round of what every server gets."""
    return wrk("-s", "bench/post.lua", url + PATH, "--", str(TRAFFIC[traffic]), seconds=seconds)


def load_and_weigh(url: str, pid: int, traffic: str) -> Measured:
    """One round after a short one, with the processor time that the server took for a request."""
    load(url, WARM_UP, traffic)
    before = cpu_seconds(pid)
    measured = load(url, SECONDS, traffic)
    return measured._replace(cpu=(cpu_seconds(pid) - before) / (measured.rate * SECONDS) * 1e6)


def wrk(*given: str, seconds: float = SECONDS) -> Measured:
    """One round of wrk from the other core."""
    pinned = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    command = [*pinned, *given]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    if "Non-2xx" in done or "Socket errors" in done:
        raise SystemExit(f"errors under load:\n{done}")

    def latency(percent: str) -> float:
        number, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", done).groups()
        return float(number) * UNITS[unit]

    return Measured(float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1]), latency("50"), latency("99"))


def measure(rivals: list[Rival]) -> dict[tuple[str, str], list[Measured]]:
    """The rounds of each traffic and rival; they are interleaved, so that a slow minute hits all alike."""
    expected = prepare()
    rounds: dict[tuple[str, str], list[Measured]] = {}
    for first in [True, *[False] * (ROUNDS - 1)]:
        for rival in rivals:
            with running(rival) as (url, pid):
                for entries, answer in expected if first and rival.letter in ROTATED else expected[:1]:
                    check_answer(url, entries, answer)
                for traffic in TRAFFIC if rival.letter in ROTATED else (ONE,):
                    rounds.setdefault((traffic, rival.letter), []).append(load_and_weigh(url, pid, traffic))
    return rounds


def ratio(one: list[Measured], other: list[Measured], figure: str = "rate") -> tuple[float, float, float]:
    """The median, lowest and highest of the rounds' ratios."""
    each = [getattr(a, figure) / getattr(b, figure) for a, b in zip(one, other, strict=True)]
    return statistics.median(each), min(each), max(each)


def table(rounds: dict[tuple[str, str], list[Measured]], rivals: list[Rival]) -> str:
    """The figures as Markdown: the servers by traffic, the ratios that are wished for, the commands."""
    size = (BUILD / "answer.json").stat().st_size / 1000
    lines = [f"24 entries, an answer of {size:.1f} KB in full detail, {CONNECTIONS} connections."]
    for traffic in reversed(TRAFFIC):
        lines += ["", f"**{traffic[0].upper()}{traffic[1:]}**", ""]
        lines += ["| | server | requests/s | processor µs a request | p50 ms | p99 ms |"]
        lines += ["|---|---|---:|---:|---:|---:|"]
        for letter, title, _ in rivals:
            if measured := rounds.get((traffic, letter)):
                rate, p50, p99, cpu = map(statistics.median, zip(*measured, strict=True))
                lines.append(f"| {letter} | {title} | {rate:.0f} | {cpu:.0f} | {p50:.2f} | {p99:.2f} |")
    lines += [
        "",
        "| traffic | requests a second, median (lowest and highest round) | | goal | | processor time |",
    ]
    lines += ["|---|---|---:|---|---|---:|"]
    for traffic, one, other, goal in GOALS:
        if not {(traffic, one), (traffic, other)} <= rounds.keys():
            continue
        mine, theirs = rounds[traffic, one], rounds[traffic, other]
        median, low, high = ratio(mine, theirs)
        met, cpu = "met" if median >= goal else "**not met**", ratio(mine, theirs, "cpu")[0]
        figures = f"{median:.2f} ({low:.2f} to {high:.2f}) | ≥ {goal:g} | {met} | {cpu:.2f}"
        lines.append(f"| {traffic} | ({one}) / ({other}) | {figures} |")
    lines += ["", f"Each on core {SERVER_CORE}, as `taskset -c {SERVER_CORE} …`:", ""]
    lines += [f"- {letter}: `{format_command(command)}`" for letter, _, command in rivals]
    return "\n".join(lines)


def format_command(command: list[str]) -> str:
    """A command without the folder of this machine."""
    return " ".join([Path(command[0]).name, *command[1:]]).replace("{port}", "PORT")


if __name__ == "__main__":
    # python -m bench.requests_per_second [LETTER ...] measures these servers alone.
    chosen = [rival for rival in RIVALS if rival.letter in sys.argv[1:] or not sys.argv[1:]]
    print(table(measure(chosen), chosen))
