"""What a gateway takes off: the same GET answered by one worker, and by nginx that keeps its answer.

nginx has the cache of deploy/nginx.conf, but neither TLS nor keys nor rates. Both stand on one core.
"""

import getpass
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import requests

from bench.request import ENTRIES, PATH
from bench.requests_per_second import ROUNDS, WARM_UP, wrk
from bench.servers import (
    BUILD,
    NGINX,
    SERVER_CORE,
    SHIPPED,
    Rival,
    free_port,
    running,
    stop,
    wait_until_listening,
)

QUERY = f"{PATH}?{urlencode({'outlet': ENTRIES}, doseq=True)}"
CONFIG = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    {temporary}
    {cache}
    server {{
        listen 127.0.0.1:{port};
        proxy_cache answers;
        add_header X-Cache $upstream_cache_status always;
        location / {{ proxy_pass {backend}; }}
    }}
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def read_cache_config() -> str:
    """How the example gateway keeps answers."""
    lines = Path("deploy/nginx.conf").read_text().splitlines()
    return " ".join(line.strip() for line in lines if line.strip().startswith("proxy_cache_"))


@contextmanager
def gateway(backend: str) -> Iterator[str]:
    """The URL of an nginx before ``backend``."""
    folder, port = (BUILD / "nginx").resolve(), free_port()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in TEMPORARY)
    config = folder / "nginx.conf"
    cache = read_cache_config().replace("/var/cache/nginx/slantwise", f"{folder}/cache")
    text = CONFIG.format(folder=folder, temporary=temporary, cache=cache, port=port, backend=backend)
    config.write_text(text)
    command = ["taskset", "-c", SERVER_CORE, NGINX, "-e", f"{folder}/error.log", "-c", str(config)]
    process = subprocess.Popen([*command, "-g", f"user {getpass.getuser()};"])
    try:
        wait_until_listening(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


def rates(service: Rival) -> tuple[float, float]:
    """GETs a second of the worker itself and of the gateway from its cache: medians of rounds in turn."""
    alone, kept = [], []
    with running(service) as (backend, _), gateway(backend) as front:
        answers = [requests.get(url + QUERY, timeout=10) for url in (backend, front, front)]
        if len({answer.content for answer in answers}) > 1 or answers[-1].headers["X-Cache"] != "HIT":
            raise SystemExit("the gateway does not answer what the service does, from its cache")
        for _ in range(ROUNDS):
            for url, rounds in ((backend, alone), (front, kept)):
                wrk(url + QUERY, seconds=WARM_UP)
                rounds.append(wrk(url + QUERY).rate)
    return statistics.median(alone), statistics.median(kept)


def report() -> str:
    """The figures as Markdown."""
    alone, kept = rates(SHIPPED)
    return "\n".join(
        [
            "| `GET /v1/distribution`, 24 outlets, one core | requests/s |",
            "|---|---:|",
            f"| the service, one worker | {alone:.0f} |",
            f"| nginx, from its cache | {kept:.0f} |",
            f"| nginx / service | {kept / alone:.1f} |",
        ]
    )


if __name__ == "__main__":
    BUILD.mkdir(parents=True, exist_ok=True)
    print(report())
