"""Bounded load on a server of the loopback address: a few callers that keep their connections."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import requests


class Answered(NamedTuple):
    """What callers saw: the answers, and everything that was not one."""

    answers: list[Any]
    failures: list[str]


@contextmanager
def load(
    url: str, body: object, *, callers: int = 4, keep: Callable[[Any], Any] = dict
) -> Iterator[Answered]:
    """Send ``body`` again and again until the block ends; ``keep`` says what of each answer is kept."""
    seen, over = Answered([], []), threading.Event()

    def call() -> None:
        with requests.Session() as session:
            while not over.wait(0.002):
                try:
                    response = session.post(url, json=body, timeout=10)
                except requests.RequestException as error:
                    seen.failures.append(repr(error))
                    continue
                if response.status_code != 200:
                    seen.failures.append(f"{response.status_code} {response.text}")
                else:
                    seen.answers.append(keep(response.json()))

    threads = [threading.Thread(target=call) for _ in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()
