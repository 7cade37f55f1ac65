"""Print what callers saw of a minute under siege: ``python -m tests.siege``."""

import sys

from tests.siege.all_at_once import siege

if __name__ == "__main__":
    sys.stdout.write(siege(seconds=60, garbage=5000).report())
