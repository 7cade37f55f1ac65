"""Lists of outlets with name and URL against a catalog."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli.data import data
from service.core.outlets import Outlet
from service.core.resolve.catalog import Catalog
from service.dataset.file_reader import InvalidDataError
from service.editor.name_agreement import compare_names, read_list

CATALOG = Catalog(
    [Outlet("one.example", "One"), Outlet("two.example", "Two"), Outlet("deux.example", "Deux")]
)


def test_name_and_url_of_a_row_are_the_same_outlet_or_not():
    rows = [
        {"name": "One", "url": "https://one.example/feed"},
        {"name": "Two", "url": "https://one.example/feed"},
        {"name": "Nobody", "url": "https://two.example/"},
        {"name": "One", "url": "https://nobody.example/"},
        {"name": "", "url": "https://one.example/"},
    ]
    found = compare_names(CATALOG, rows)
    assert found.counts == {"same": 1, "other": 1, "ambiguous": 0, "unknown": 1}
    assert found.left_out == 2
    assert "other     line 3: 'Two' is two.example, https://one.example/feed is one.example" in list(
        found.lines()
    )


def test_the_command_reads_any_list_with_name_and_url(tmp_path: Path):
    path = tmp_path / "list.csv"
    path.write_text(
        "name,note,url\nReuters,x,https://www.reuters.com/\nThe Telegraph,,https://www.telegraph.co.uk/\n"
    )
    result = CliRunner().invoke(data, ["agree", str(path)])
    assert result.exit_code == 0
    assert "2 rows whose URL belongs to an outlet, 0 others" in result.output
    assert "ambiguous line 3: 'The Telegraph' is ambiguous (telegraph.co.uk," in result.output


@pytest.mark.parametrize(
    ("text", "fault"), [("name,link\n", "the column 'url' is missing"), ("\xff", "not CSV in UTF-8")]
)
def test_another_file_is_refused_with_what_would_be_right(tmp_path: Path, text: str, fault: str):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidDataError, match=fault):
        read_list(path)
