"""Work counted in calls: a guard against slow growth that no clock can disturb."""

import sys
from collections.abc import Callable


def calls(function: Callable[[], object]) -> int:
    """Count the calls of Python and C functions while ``function`` runs."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count
