"""Which agency an article credits, in the ways of many languages."""

import pytest

from service.core.coverage.agencies import AGENCIES
from service.core.coverage.bylines import find_credit
from service.core.coverage.tokenizer import tokenize
from tests.helpers import DATA

TABLE = DATA / "credits.txt"


def cases():
    """Lines ``agency | field | text``; ``-`` for no agency."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            agency, field, text = line.split(" | ", 2)
            yield pytest.param(None if agency == "-" else agency, field, text, id=text[:50])


def read(**fields: str):
    texts = [(name, fields.get(name, ""), tokenize(fields.get(name, ""))) for name in ("title", "excerpt")]
    return find_credit(fields.get("source", ""), texts)


@pytest.mark.parametrize(("agency", "field", "text"), [*cases()])
def test_a_signed_text_credits_its_agency_and_a_mention_does_not(agency, field, text):
    found = read(**{field: text})
    assert (found and found.agency.name) == agency
    if found:
        assert found.field == field
        assert found.words in " ".join(text.split()) or not text.isascii()


def test_two_agencies_make_a_digest_of_the_outlets_own():
    assert read(title="Storm hits coast (AP)", excerpt="PORT ELLERY (Reuters) - A storm hit.") is None
    assert read(source="AFP", excerpt="PORT ELLERY (AFP) - A storm hit.").agency.name == "AFP"


def test_the_longest_name_at_a_place_is_meant():
    assert read(excerpt="(Interfax-Ukraine) - The cabinet").agency.name == "Interfax-Ukraine"
    assert read(excerpt="SYDNEY (Australian Associated Press) - The").agency.name == "AAP"


def test_no_name_means_two_agencies():
    names = [text for agency in AGENCIES for text in {*agency.names, *agency.codes}]
    assert len(names) == len(set(names))
