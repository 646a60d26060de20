"""Small files, small functions, small rooms; none of the means the house does without."""

import ast

from django.apps import apps
from django.conf import settings
from sources import SOURCE, functions, modules, name_of, tree

MOST_LINES, MOST_LINES_OF_A_FUNCTION, MOST_TABLES = 400, 50, 10
# Attempts, letters with codes, and forms under way lie where accounts are; they are no nouns of the house.
# The board of an encrypted vote has tables of its own: its archive, what is looked up in it, and the trustees.
MORE_TABLES = {"people": 14, "votes": 16}


def test_no_file_is_longer_than_400_lines():
    lengths = {name_of(file): len(file.read_text(encoding="utf-8").splitlines()) for file in modules()}
    assert {file: length for file, length in lengths.items() if length > MOST_LINES} == {}


def test_no_function_is_longer_than_50_lines():
    long = [
        f"{name_of(file)}:{node.lineno} {node.name}"
        for file in modules()
        for node in functions(file)
        if (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_no_room_has_more_than_ten_tables():
    tables = {room: len(list(apps.get_app_config(room).get_models())) for room in settings.ROOMS}
    assert {room: count for room, count in tables.items() if count > MORE_TABLES.get(room, MOST_TABLES)} == {}


def test_no_generic_foreign_keys_and_no_signal_receivers():
    forbidden = {"GenericForeignKey", "GenericRelation", "receiver"}
    used = [
        f"{name_of(file)}:{node.lineno}"
        for file in modules()
        for node in ast.walk(tree(file))
        if (
            isinstance(node, ast.ImportFrom | ast.Import)
            and any(one.name.split(".")[-1] in forbidden for one in node.names)
        )
        or (isinstance(node, ast.ImportFrom) and str(node.module).endswith("signals"))
    ]
    assert used == []


def test_no_model_overrides_save_or_delete():
    overridden = [
        f"{name_of(file)}:{node.lineno}"
        for file in modules()
        if file.name == "models.py" or "models" in file.parent.parts
        for node in functions(file)
        if node.name in ("save", "delete")
    ]
    assert overridden == []


def test_no_drawer_for_everything():
    assert [name_of(file) for file in SOURCE.rglob("*.py") if file.stem in ("utils", "helpers", "misc", "common")] == []


def test_every_public_function_says_what_it_does():
    silent = [
        f"{name_of(file)}:{node.lineno} {node.name}"
        for file in modules()
        for node in tree(file).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []
