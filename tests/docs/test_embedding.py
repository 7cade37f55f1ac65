"""docs/embedding.md says what the service does."""

import json
import re

import pytest

from tests.helpers import ROOT

TEXT = (ROOT / "docs" / "embedding.md").read_text("utf-8")
ADDRESSES = sorted(
    set(re.findall(r"(?:https://bias\.example)?(/v1/(?:bar\.\w+\?|outlets/\w)[^\s\"\\)`{}]+)", TEXT))
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_is_answered(client, address):
    response = client.get(address.replace("&amp;", "&").replace("reuters.com", "center.example"))
    assert response.status_code == 200, address


def test_the_json_is_what_the_service_says(client):
    shown = json.loads(re.search(r"```json\n(.*?)```", TEXT, re.S)[1])
    given = client.get("/v1/bar.json?left=4&center=9&right=7&unrated=4", base_url="https://bias.example").json
    assert given == shown
