"""``make bench``: every measurement, one after the other, into bench/RESULTS.md."""

import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS = {
    "The same job beside its rivals": "bench.requests_per_second",
    "Where the time goes, and how it grows": "bench.stages",
    "Many stories": "bench.batch",
    "A whole panel": "bench.coverage",
    "Resolving": "bench.resolution.speed",
    "Archives": "bench.bulk --rounds 1",
    "Running": "bench.running",
}
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


def measured(module: str) -> str:
    """What ``python -m module`` prints: Markdown, from a process of its own."""
    done = subprocess.run([sys.executable, "-m", *module.split()], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main() -> None:
    """Measure and write."""
    text = "# Results\n\nWritten by `make bench`. " + versions() + "\n"
    for title, module in PARTS.items():
        text += f"\n## {title}\n\n`python -m {module}`\n\n{measured(module)}\n"
        RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
