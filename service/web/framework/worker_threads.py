"""Compute what is large in a thread, so that a worker's loop goes on answering everybody else.

The interpreter lets the loop in again after a switch interval, whatever the computation is: a loop over
entries, a decoder, a template. A computation that gave way by itself would have to do so everywhere.
"""

import contextvars
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")

# A body up to this size is computed in some milliseconds at most. A thread would cost it a tenth of one.
MAX_INLINE_BYTES = 16 * 1024
# Large requests of one worker that are computed at a time; others wait, and hold nothing but their bodies.
MAX_THREADS = 4
# How long the loop waits for its turn. It does so after each read and write, and Python's 5 ms would add up.
SWITCH_INTERVAL = 0.0005


def run_in_thread(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Call ``function`` in a thread, in the context of this request. Without a loop, call it here."""
    gevent = sys.modules.get("gevent")
    if gevent is None or not gevent.monkey.is_module_patched("socket"):
        return function(*args, **kwargs)
    context = contextvars.copy_context()

    def call() -> tuple[T | None, BaseException | None]:
        # The pool prints the traceback of an error, though it is raised again: hand it over as a value.
        try:
            return context.run(function, *args, **kwargs), None
        except Exception as error:
            return None, error

    value, error = get_pool().apply(call)
    if error is not None:
        raise error
    return value  # type: ignore[no-any-return]


@cache
def get_pool() -> Any:
    """Return the threads of this worker, made when they are first needed: the master has none."""
    from gevent.threadpool import ThreadPool  # noqa: PLC0415  # only where a loop runs

    sys.setswitchinterval(SWITCH_INTERVAL)
    return ThreadPool(MAX_THREADS)
