import os
from pathlib import Path

# Checked data is kept apart from that of whoever runs the tests. Set before any module reads it.
os.environ["XDG_CACHE_HOME"] = str(Path(__file__).resolve().parents[1] / "build" / "cache")
