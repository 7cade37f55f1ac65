"""What a listing says of outlets beside their lean: its factuality goes into the facts."""

from collections.abc import Iterable
from pathlib import Path

from service.raters.listing import Listed
from service.tables import read_rows, write_rows
from service.vocabulary import FACTUALITY, OUTLETS


def factuality_of(text: str) -> str:
    """MBFC's word for factual reporting as the table spells it; empty for any other.

    >>> factuality_of("Mostly Factual"), factuality_of("very-high"), factuality_of("Satire")
    ('mostly_factual', 'very_high', '')
    """
    spelled = text.strip().casefold().replace(" ", "_").replace("-", "_")
    return spelled if spelled in FACTUALITY else ""


def update(path: Path, listed: Iterable[Listed]) -> int:
    """Write the factuality that a listing gives into the facts at ``path``; the number of changes.

    Outlets that are new get a row; what people have filled in elsewhere stays.
    """
    facts = {row.cells["domain"]: row.cells for row in read_rows(path, OUTLETS)}
    changed = 0
    for each in listed:
        factuality = factuality_of(each.factuality)
        row = facts.setdefault(each.domain, {**dict.fromkeys(OUTLETS, ""), "domain": each.domain})
        if factuality and row["factuality"] != factuality:
            row["factuality"] = factuality
            changed += 1
    write_rows(path, OUTLETS, [facts[domain] for domain in sorted(facts)])
    return changed
