"""The sources of a table of five outlets."""

import shutil
from pathlib import Path

import pytest

from service.editor.importers import DESCRIPTIONS
from service.editor.rating_rows import write_description
from service.settings import SHIPPED_DATA

FILES = {
    "raters/mbfc.csv": "domain,name,label,score,as_of,url\n"
    "east.example.com,East Wire,Least Biased,0,2026-08-19,\n"
    "lab.example.com,Lab,Pro-Science,,2026-08-19,\n"
    "north.example.com,The North,Left,-2,2026-08-19,\n"
    "old.example.com,Moved Along,Right,2,2026-08-19,\n"
    "someone.example.com,A Person,Right,2,2026-08-19,\n",
    "raters/allsides.csv": "domain,name,label,score,as_of,url\n"
    "north.example.com,North Star,Lean Left,-1,2023-11-15,\n",
    "facts/outlets.csv": "domain,name,factuality,country,language,media_type\n"
    "agency.example.com,Agency,,GB,en,news_agency\n"
    "east.example.com,Eastern Wire,high,US,en,\n",
    "facts/ownership.csv": "domain,owner,ownership,as_of,source\n"
    "east.example.com,Wire Ltd,independent,2026,https://example.org/wire\n",
    "facts/state_media.csv": "domain,state_media,basis,as_of,source\n"
    "agency.example.com,state_controlled,Owned by a state,2026,https://example.org/agency\n",
    "facts/excluded.csv": "domain,name,reason\nsomeone.example.com,A Person,a person\n",
    "facts/moved.csv": "domain,to,reason\nold.example.com,new.example.com,moved\n",
    "outlet_aliases.csv": "alias,kind,domain\nold.example.com,host,new.example.com\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sources of a table of five outlets."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    for rater in ("mbfc", "allsides"):
        write_description(tmp_path / "raters" / f"{rater}.json", DESCRIPTIONS[rater])
    shutil.copy(SHIPPED_DATA / "datapackage.json", tmp_path)
    return tmp_path
