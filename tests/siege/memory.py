"""Memory of a worker under mixed requests: ``python -m tests.siege.memory [seconds]`` prints its slope.

Half of the lists have names and hosts that were never sent before, so that what is remembered of texts turns
over. The first quarter of the time fills what is kept on purpose, and does not count.
"""

import itertools
import json
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import linear_regression

import psutil
import requests

from tests.helpers.serving import serving
from tests.siege.raw import GETS, POSTS

CALLERS = 4


def never_seen(number: int) -> bytes:
    """Return a list of outlets that nobody sent before."""
    names = [f"The {number} Daily {n}" for n in range(12)]
    return json.dumps({"outlets": [*names, *(f"https://h{n}-{number}.example/" for n in range(12))]}).encode()


def main() -> None:
    """Print the memory at the start and at the end, and how fast it grows."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 300.0
    numbers = itertools.count()
    samples: list[tuple[float, float]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as server,
        ThreadPoolExecutor(CALLERS) as pool,
    ):
        (worker,) = psutil.Process(server.process.pid).children()
        began = time.monotonic()
        until = began + seconds

        def call(_caller: int) -> None:
            session = requests.Session()
            for number in numbers:
                if time.monotonic() > until:
                    return
                path, kind, body = POSTS[number // 4 % len(POSTS)]
                if number % 2:
                    path, kind, body = "/v1/distribution", "application/json", never_seen(number)
                answer = session.post(
                    server.url + path, data=body, headers={"Content-Type": kind}, timeout=60
                )
                assert answer.status_code < 400, answer.text
                assert session.get(server.url + GETS[number % len(GETS)], timeout=60).status_code < 400

        calls = [pool.submit(call, n) for n in range(CALLERS)]
        while time.monotonic() < until:
            time.sleep(1)
            samples.append((time.monotonic() - began, worker.memory_info().rss / 2**20))
        for each in calls:
            each.result()
    counted = samples[len(samples) // 4 :]
    slope = linear_regression(*zip(*counted, strict=True)).slope
    sys.stdout.write(
        f"{2 * next(numbers):,} requests in {seconds:.0f} s; {samples[0][1]:.1f} MiB after a second, "
        f"{counted[0][1]:.1f} after a quarter of the time, {samples[-1][1]:.1f} at the end: "
        f"{slope * 60:+.2f} MiB a minute\n"
    )


if __name__ == "__main__":
    main()
