"""The documentation names what there is: rooms, engines, commands, settings; and its links lead somewhere."""

import argparse
import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sources import ROOT, SOURCE, tracked, tree

from madang.cli import ballots, budgeting, chain, demo, registrar, report, sortition

README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = [file for file in tracked() if file.suffix == ".md"]
COMMAND = re.compile(r"\./madang ([^`#\n│]+)")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def packages(folder: Path) -> set[str]:
    """The names of the packages in a folder."""
    return {file.parent.name for file in folder.glob("*/__init__.py")}


def pages(folder: str) -> set[str]:
    """The pages of a folder of the documentation, without its own first page."""
    return {file.stem for file in (DOCS / folder).glob("*.md")} - {"README"}


def test_every_room_has_its_page():
    assert pages("rooms") == packages(SOURCE / "site")


def test_every_engine_has_its_page():
    assert pages("engines") == packages(SOURCE) - {"site", "cli"}


@pytest.mark.parametrize("folder", ["rooms", "engines", "operate", "adr"])
def test_the_first_page_of_a_folder_leads_to_every_other_one(folder):
    linked = set(LINK.findall((DOCS / folder / "README.md").read_text(encoding="utf-8")))
    assert {f"{name}.md" for name in pages(folder)} - linked == set()


# --- commands ----------------------------------------------------------------------------------------


def commands(text: str) -> Iterator[tuple[str, ...]]:
    """The commands that a text shows: `./madang verb part`, with their options."""
    for found in COMMAND.findall(text):
        words = found.split()
        if words and "…" not in words:
            yield tuple(words)


def own_verbs() -> set[str]:
    """The verbs that the script `madang` itself knows, as it compares them."""
    source = ast.parse((ROOT / "madang").read_text(encoding="utf-8"))
    compared = [node for node in ast.walk(source) if isinstance(node, ast.Compare)]
    return {
        side.value
        for node in compared
        if isinstance(node.left, ast.Name) and node.left.id == "verb"
        for side in node.comparators
        if isinstance(side, ast.Constant)
    }


def parser() -> argparse.ArgumentParser:
    """The command line as `madang.cli.main` puts it together."""
    made = argparse.ArgumentParser()
    verbs = made.add_subparsers(dest="verb", required=True)
    for module in (chain, sortition, budgeting, ballots, demo, registrar, report):
        module.add_verbs(verbs)
    return made


def accepts(words: tuple[str, ...]) -> bool:
    """Whether the command line takes these words, as they stand in a text."""
    if words[0] in own_verbs():
        return True
    try:
        parser().parse_args(list(words))
    except SystemExit:
        return False
    return True


SHOWN = sorted({words for file in PAGES for words in commands(file.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("words", SHOWN, ids=" ".join)
def test_every_command_that_is_shown_exists(words, capsys):
    assert accepts(words), capsys.readouterr().err


def test_a_command_that_does_not_exist_is_noticed(capsys):
    assert [accepts(words) for words in [("fly",), ("chain", "mend", "FILE"), ("demo", "--fast")]] == [False] * 3


def test_the_readme_shows_every_verb():
    shown = {words[:2] for words in commands(README.read_text(encoding="utf-8"))}
    verbs = {first for first, *_rest in shown}
    assert (own_verbs() - {"--help", "-h", "help"} | _choices(parser())) - verbs == set()
    parts = {(verb, part) for verb in _choices(parser()) for part in _choices(_subparser(verb))}
    assert parts - shown == set()


def _subparser(verb: str) -> argparse.ArgumentParser:
    return next(action.choices[verb] for action in parser()._actions if isinstance(action, argparse._SubParsersAction))


def _choices(of: argparse.ArgumentParser) -> set[str]:
    return {name for action in of._actions if isinstance(action, argparse._SubParsersAction) for name in action.choices}


def test_the_readme_names_every_option_of_the_two_commands():
    options = {name for action in _subparser("demo")._actions for name in action.option_strings} - {"-h", "--help"}
    named = set(re.findall(r"--[a-z-]+", README.read_text(encoding="utf-8")))
    assert (options | {"--quick"}) - named == set()


def test_the_help_of_the_script_needs_no_environment():
    shown = subprocess.run(
        [sys.executable, str(ROOT / "madang"), "--help"], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert shown.stdout.startswith("Madang from a clone")


# --- settings and links ------------------------------------------------------------------------------


def settings_read() -> set[str]:
    """The variables that config.py reads."""
    values = (node.value for node in ast.walk(tree(SOURCE / "site" / "config.py")) if isinstance(node, ast.Constant))
    return {value for value in values if isinstance(value, str) and re.fullmatch(r"(MADANG|DATABASE)_[A-Z_]+", value)}


def test_the_table_of_settings_is_the_one_of_the_code():
    listed = re.findall(r"^\| `([A-Z_]+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(settings_read())


def anchors(file: Path) -> set[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken_links(file: Path) -> list[str]:
    """The links of a page that lead nowhere in the repository."""
    broken = []
    for link in LINK.findall(file.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        target = (file.parent / path).resolve() if path else file
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_links_lead_to_pages_and_headings_that_exist(file):
    assert broken_links(file) == []


def test_a_broken_link_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](missing.md) [d](page.md#one)\n", encoding="utf-8")
    assert broken_links(page) == ["#two", "missing.md"]
