"""What several tests share: places, a data folder, the real server, load, examples in Markdown."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
"""Files that tests read; the shipped data is in ``ROOT / "data"``."""
