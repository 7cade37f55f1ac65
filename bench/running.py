"""What it costs to run: start to ready, the memory of four workers, and a reload under load."""

import http.client
import shutil
import statistics
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

from bench.request import BODY, PATH
from bench.requests_per_second import NAMES, URLS, load, prepare
from bench.servers import BUILD, SHIPPED, Rival, gunicorn, process_tree, running
from service.settings import SHIPPED_DATA

EACH_LOADS = Rival(
    "each-loads", "four workers that load the table each", gunicorn("service.server.wsgi:from_settings()")
)
ROUNDS, ROTATION_SECONDS, RELOAD_SECONDS, CLIENTS = 3, 7, 12, 4
MEBIBYTE = 2**20


def wait_until_ready(url: str) -> None:
    """Return once the server says it is ready."""
    while True:
        try:
            if requests.get(url + "/readyz", timeout=5).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.01)


def start_seconds() -> float:
    """Seconds from starting the process to the first 200 of ``/readyz``."""
    started = time.monotonic()
    with running(SHIPPED) as (url, _pid):
        wait_until_ready(url)
        return time.monotonic() - started


def measure_memory(rival: Rival) -> float:
    """Proportional set size in MiB of a server with four workers that have answered lists in rotation."""
    with running(rival, WEB_CONCURRENCY="4") as (url, pid):
        wait_until_ready(url)
        load(url, ROTATION_SECONDS, URLS)
        load(url, ROTATION_SECONDS, NAMES)
        return sum(process.memory_full_info().pss for process in process_tree(pid)) / MEBIBYTE


class Client(threading.Thread):
    """Posts the request over one kept connection until told to stop; records each answer's time."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        super().__init__()
        self.address, self.stop = urlsplit(url).netloc, stop
        self.milliseconds: list[float] = []
        self.dropped = 0
        self.versions: set[bytes] = set()

    def run(self) -> None:
        """Post until told to stop."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        while not self.stop.is_set():
            started = time.monotonic()
            try:
                connection.request("POST", PATH, BODY, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                tail = answer.read()[-240:]
                self.dropped += answer.status != 200
                self.versions.add(tail[tail.index(b'"sha256"') :][:75])
            except OSError:
                self.dropped += 1
                connection.close()
            self.milliseconds.append((time.monotonic() - started) * 1e3)


def under_load(reload: bool) -> tuple[int, int, float, int]:
    """Requests, dropped ones, longest answer in ms and data versions seen, with or without a reload."""
    data = BUILD / "data"
    shutil.copytree(SHIPPED_DATA, data, dirs_exist_ok=True)
    environ = {"SLANTWISE_DATA": str(data.resolve()), "SLANTWISE_RELOAD_SECONDS": "1", "WEB_CONCURRENCY": "2"}
    with running(SHIPPED, **environ) as (url, _pid):
        wait_until_ready(url)
        stop = threading.Event()
        clients = [Client(url, stop) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(RELOAD_SECONDS / 3)
        if reload:
            replace_table(data / "outlet_ratings.csv")
        time.sleep(RELOAD_SECONDS * 2 / 3)
        stop.set()
        for client in clients:
            client.join()
    times = [each for client in clients for each in client.milliseconds[10:]]
    versions = set.union(*(client.versions for client in clients))
    return len(times), sum(client.dropped for client in clients), max(times), len(versions)


def replace_table(table: Path) -> None:
    """Swap in a table that differs in one cell, as an editor's release does: a new file, renamed."""
    other = table.with_suffix(".new")
    other.write_text(
        table.read_text(encoding="utf-8").replace("Reuters", "Reuters News", 1), encoding="utf-8"
    )
    other.replace(table)


def report() -> str:
    """The figures as Markdown."""
    start = statistics.median(start_seconds() for _ in range(ROUNDS))
    shared, alone = measure_memory(SHIPPED), measure_memory(EACH_LOADS)
    pauses = [(under_load(False), under_load(True)) for _ in range(ROUNDS)]
    calm, busy = (statistics.median(pair[i][2] for pair in pauses) for i in (0, 1))
    dropped = sum(run[1] for pair in pauses for run in pair)
    seen = sorted({pair[1][3] for pair in pauses})
    total = sum(pair[1][0] for pair in pauses)
    return "\n".join(
        [
            "| running | figure | goal |",
            "|---|---:|---:|",
            f"| start to ready, s | {start:.2f} | ≤ 2 |",
            f"| memory (PSS) of 4 workers and master after lists in rotation, MiB | {shared:.0f} | ≤ 180 |",
            f"| the same, each worker loads the table, MiB | {alone:.0f} | |",
            f"| shared / each | {shared / alone:.2f} | ≤ 0.45 |",
            f"| reload under load: asked / dropped / versions | {total} / {dropped} / {seen} | 0 dropped |",
            f"| longest answer without a reload, ms (median of {ROUNDS}) | {calm:.1f} | |",
            f"| longest answer with a reload, ms (median of {ROUNDS}) | {busy:.1f} | |",
            f"| with / without | {busy / calm:.2f} | ≤ 3 |",
        ]
    )


if __name__ == "__main__":
    prepare()
    print(report())
