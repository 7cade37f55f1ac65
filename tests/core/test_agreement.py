"""Agreement of raters: published examples, and the table's groups of countries."""

import pytest

from service.core.agreement import cohen_kappa, krippendorff_alpha, measure_agreement
from tests.conftest import outlet


def test_alpha_is_that_of_krippendorffs_own_example():
    # Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", example C as interval data: 0.849.
    given = """
        1 2 3 3 2 1 4 1 2 . . .
        1 2 3 3 2 2 4 1 2 5 . 3
        . 3 3 3 2 3 4 2 2 5 1 .
        1 2 3 3 2 4 4 1 2 5 1 .
    """
    rows = [line.split() for line in given.strip().splitlines()]
    units = [[float(cell) for cell in column if cell != "."] for column in zip(*rows, strict=True)]
    assert krippendorff_alpha([unit for unit in units if len(unit) > 1]) == pytest.approx(0.849, abs=5e-4)


def test_kappa_is_that_of_a_published_table():
    pairs = [(0, 0)] * 20 + [(0, 1)] * 5 + [(1, 0)] * 10 + [(1, 1)] * 15
    assert cohen_kappa(pairs) == pytest.approx(0.4)


def test_nothing_to_compare_has_no_agreement():
    assert krippendorff_alpha([[1.0, 1.0]]) is None
    assert cohen_kappa([]) is None
    assert measure_agreement([outlet("a.example", 1)])["all"].outlets == 0


def test_agreement_is_told_apart_by_country():
    outlets = [outlet("a.example", -1, -1, country="US"), outlet("b.example", 1, 2, country="GB")]
    found = measure_agreement([*outlets, outlet("c.example", 1)])
    assert [found[group].outlets for group in ("all", "us", "other")] == [2, 1, 1]
    assert found["all"].kappa == 1.0
