"""Docstrings that a reader takes in at once: counted over the whole service, so that it stays so."""

import ast
import re
from pathlib import Path

from tests.helpers import ROOT

RIDDLE = re.compile(r"(?:What|Whether|How|The\b[^.]*\bthat)\b")
MOST_RIDDLES, MOST_SEMICOLONS = 0.15, 0.03


def docstrings(folder: Path) -> list[str]:
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    trees = [ast.parse(path.read_text("utf-8")) for path in folder.rglob("*.py")]
    found = [ast.get_docstring(node) for tree in trees for node in ast.walk(tree) if isinstance(node, kinds)]
    return [text for text in found if text]


def share(texts: list[str], fault) -> float:
    return sum(bool(fault(text)) for text in texts) / len(texts)


def test_docstrings_say_what_a_thing_does_in_whole_sentences():
    texts = docstrings(ROOT / "service")
    assert len(texts) > 500
    assert share(texts, RIDDLE.match) <= MOST_RIDDLES
    assert share(texts, lambda text: ";" in re.sub(r"``[^`]*``", "", text)) <= MOST_SEMICOLONS
