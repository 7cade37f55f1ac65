import pytest

from service.core.countries import find_country_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("us", "US"), ("USA", "US"), ("united states of america", "US"), ("United States", "US")),
        *(("UK", "GB"), ("EL", "GR"), ("gbr", "GB"), ("Côte d'Ivoire", "CI"), ("Russia", "RU")),
        *(("", None), ("Atlantis", None), ("eng", None), ("U" * 10_000, None)),
    ],
)
def test_a_country_is_known_by_code_or_english_name(text, code):
    assert find_country_code(text) == code
