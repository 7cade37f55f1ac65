"""What callers saw of a siege, counted, and the report of it."""

from collections import Counter
from dataclasses import dataclass, field

from tests.siege import slow


@dataclass
class Seen:
    """What callers saw: seconds of ordinary answers, and how each of the other requests ended."""

    probes: list[float] = field(default_factory=list)
    ordinary: list[float] = field(default_factory=list)
    garbage: Counter[str] = field(default_factory=Counter)
    worst: Counter[str] = field(default_factory=Counter)
    killed: int = 0
    changed: int = 0
    log: str = ""

    def lost(self, asked: list[float]) -> int:
        """Return how many of ``asked`` had no 200."""
        return sum(each >= slow.PATIENCE_SECONDS for each in asked)

    def failures(self) -> Counter[str]:
        """Return the statuses of 500 and more that anyone was given."""
        every = self.garbage + self.worst
        return Counter({status: count for status, count in every.items() if status.startswith("5")})

    def faults(self) -> list[str]:
        """Return the log's lines of faults, but for the workers that were killed here."""
        suspect = [line for line in self.log.splitlines() if '"level":"error"' in line or "Traceback" in line]
        return [line for line in suspect if "was sent SIGKILL" not in line]

    def reloaded(self) -> int:
        """Return how often a replica took up new data."""
        return self.log.count('"event":"data reloaded"')

    def report(self) -> str:
        """Return the figures as text."""
        rows = [
            f"ordinary requests: {len(self.ordinary)} asked, {len(self.ordinary) - self.lost(self.ordinary)} "
            f"answered, {self.lost(self.ordinary)} lost",
            slow.line("ordinary requests", self.ordinary),
            slow.line("/livez", self.probes),
            f"mutated requests: {self.garbage.total()} asked, {told(self.garbage)}",
            f"dearest valid requests: {self.worst.total()} asked, {told(self.worst)}",
            f"workers killed: {self.killed}, data replaced: {self.changed}, taken up: {self.reloaded()}",
            f"5xx: {told(self.failures()) or 'none'}",
            f"faults in the log: {len(self.faults())}",
        ]
        return "\n".join([*rows, *self.faults()[:5], ""])


def told(counted: Counter[str]) -> str:
    """Return how often each ending came."""
    return ", ".join(f"{count} x {ending}" for ending, count in sorted(counted.items()))
