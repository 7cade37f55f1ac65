"""The rate limit over several replicas: one count in a real Redis, and what happens without it."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import redis
import requests

from tests.helpers.serving import PATIENCE_SECONDS, free_port, serving

pytestmark = pytest.mark.slow

URL = "/v1/distribution?outlet=reuters.com&detail=summary"


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis of our own on a free port, which keeps nothing on disk; gives its address."""
    program, port = shutil.which("redis-server"), free_port()
    assert program, "run: tests/install-debian-packages"
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with redis.Redis(port=port) as client:
            wait_for(client)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def wait_for(client: redis.Redis) -> None:
    """Return once it answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            client.ping()
            return
        except redis.ConnectionError:
            assert time.monotonic() < deadline, "redis-server did not start"
            time.sleep(0.05)


def test_replicas_share_one_count(tmp_path):
    with redis_server() as store, ExitStack() as running:
        settings = {"SLANTWISE_RATE_LIMIT": "6/hour", "SLANTWISE_RATE_LIMIT_STORAGE": store}
        servers = [
            running.enter_context(serving(tmp_path, WEB_CONCURRENCY=workers, **settings))
            for workers in ("1", "2")
        ]
        answers = [requests.get(servers[n % 2].url + URL, timeout=30) for n in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429] * 2
    refused = answers[-1]
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 3601  # rounded up


def test_when_redis_is_away_each_worker_counts_alone(tmp_path):
    with redis_server() as store, ExitStack() as running:
        settings = {"SLANTWISE_RATE_LIMIT": "3/hour", "SLANTWISE_RATE_LIMIT_STORAGE": store}
        server = running.enter_context(serving(tmp_path, **settings))
        first = requests.get(server.url + URL, timeout=30)
        redis.Redis.from_url(store).shutdown(nosave=True)
        rest = [requests.get(server.url + URL, timeout=30).status_code for _ in range(4)]
    assert first.status_code == 200
    assert rest == [200, 200, 200, 429]
