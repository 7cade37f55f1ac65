"""``make bench``: every measurement, one after the other, into bench/RESULTS.md."""

import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from bench import batch, coverage, requests_per_second, running, stages
from service import dataset
from service.settings import Settings

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("flask", "gunicorn", "msgspec", "granian", "fastapi", "pydantic", "uvicorn", "pandas")


def printed(*command: str) -> str:
    """What a program prints, on one line."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return " ".join((done.stdout or done.stderr).split()[:4])


def versions() -> str:
    """What was measured with what."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    programs = f"node {printed('node', '--version')}, {printed('wrk', '--version')}"
    return f"Python {platform.python_version()}, {packages}, {programs}; server on core 0, load on core 1."


def main() -> None:
    """Measure and write."""
    table = requests_per_second.table(requests_per_second.measure())
    catalog = dataset.load(Settings())
    parts = {
        "The same job beside its rivals": table,
        "Where the time goes": stages.stages(catalog),
        "How it grows": stages.growth(catalog),
        "Many stories": batch.report(),
        "A whole panel": coverage.report(),
        "Running": running.report(),
    }
    text = "# Results\n\nWritten by `make bench`. " + versions() + "\n"
    for title, part in parts.items():
        text += f"\n## {title}\n\n{part}\n"
    RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
