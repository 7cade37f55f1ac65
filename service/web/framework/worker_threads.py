"""Compute what is large in a thread, so that a worker's loop goes on answering everybody else.

The interpreter lets the loop in again after a switch interval, whatever the computation is: a loop over
entries, a decoder, a template. A computation that gave way by itself would have to do so everywhere.
"""

import contextvars
import sys
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# The dearest body of this size takes 20 ms. A thread would cost a usual one a tenth of a millisecond.
MAX_INLINE_BYTES = 4 * 1024
# How long the loop waits for its turn. It does so after each read and write, and Python's 5 ms would add up.
SWITCH_INTERVAL = 0.0005


def run_by_size(size: int, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call ``function``, in the thread where ``size``, the bytes that it works on, are many."""
    if size > MAX_INLINE_BYTES:
        return in_thread(function)(*args, **kwargs)
    return function(*args, **kwargs)


def in_thread(function: Callable[P, T]) -> Callable[P, T]:
    """Have ``function`` called in the thread, in the context of its request. Without a loop, call it here."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        monkey = sys.modules.get("gevent.monkey")
        if monkey is None or not monkey.is_module_patched("socket"):
            return function(*args, **kwargs)
        context = contextvars.copy_context()

        def run() -> tuple[T | None, BaseException | None]:
            # The pool prints the traceback of an error, though it is raised again: hand it over as a value.
            try:
                return context.run(function, *args, **kwargs), None
            except Exception as error:
                return None, error

        value, error = get_pool().apply(run)
        if error is not None:
            raise error
        return value  # type: ignore[no-any-return]

    return call


@cache
def get_pool() -> Any:
    """Return the thread of this worker, made when it is first needed: the master has none.

    One thread, since only one computes at a time. Of several that want the interpreter the loop is one, and
    its requests would wait for all others: 0.4 seconds instead of 0.04 with four on a busy machine.
    """
    from gevent.threadpool import ThreadPool  # noqa: PLC0415  # only where a loop runs

    sys.setswitchinterval(SWITCH_INTERVAL)
    return ThreadPool(1)
