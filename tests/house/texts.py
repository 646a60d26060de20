"""The Korean texts: which message ids the rooms use, which are translated, and their compiled form.

python tests/house/texts.py      compiles every django.po beside itself (./madang translations)
"""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DAY = datetime(2021, 11, 1, tzinfo=UTC)
SITE = Path(__file__).resolve().parents[2] / "src" / "madang" / "site"
PYTHON_WORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}


def catalogues() -> list[Path]:
    """The Korean catalogues of all rooms."""
    return sorted(SITE.glob("*/locale/ko/LC_MESSAGES/django.po"))


def read(file: Path) -> Catalog:
    """A catalogue; a line that cannot be read is an error."""
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale="ko", abort_invalid=True)
    # Without a date of its own a catalogue would carry the present moment, and never be up to date.
    catalogue.creation_date = catalogue.revision_date = DAY
    return catalogue


def compiled(file: Path) -> bytes:
    """A catalogue as Django reads it."""
    stream = BytesIO()
    write_mo(stream, read(file))
    return stream.getvalue()


def translated(of: Callable[[str], bool] = lambda room: True) -> set[str]:
    """The message ids that have a Korean text in the catalogues of some rooms."""
    found = set()
    for file in (file for file in catalogues() if of(file.parts[-5])):
        for message in read(file):
            text = message.string if isinstance(message.string, tuple | list) else (message.string,)
            if message.id and all(text) and not message.fuzzy:
                found.add(message.id if isinstance(message.id, str) else message.id[0])
    return found


def used(of: Callable[[str], bool] = lambda room: True) -> dict[str, str]:
    """The message ids of modules and templates of some rooms, each with a file that uses it."""
    found: dict[str, str] = {}
    for file in sorted(file for file in SITE.rglob("*.py") if of(file.relative_to(SITE).parts[0])):
        if "migrations" not in file.parts:
            found |= dict.fromkeys(_in_python(file.read_bytes()), file.relative_to(SITE).as_posix())
    for file in sorted(file for file in SITE.rglob("*.html") if of(file.relative_to(SITE).parts[0])):
        found |= dict.fromkeys(_in_template(file), file.relative_to(SITE).as_posix())
    return found


def _in_python(source: bytes) -> Iterator[str]:
    for _line, _word, message, _comments in extract_python(BytesIO(source), PYTHON_WORDS, [], {}):
        first = message[0] if isinstance(message, tuple) else message
        if first:
            yield first


def _in_template(file: Path) -> Iterator[str]:
    from django.utils.translation.template import templatize

    for line in templatize(file.read_text(encoding="utf-8"), origin=str(file)).splitlines():
        for word in ("ngettext(u", "gettext(u"):
            if word in line:
                yield from _calls(line)
                break


def _calls(line: str) -> Iterator[str]:
    """The first argument of each gettext call in a line of a template that Django has turned into Python."""
    import ast
    import re

    for match in re.finditer(r"(?<!p)gettext\(u('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", line):
        yield ast.literal_eval(match.group(1))


if __name__ == "__main__":
    for po in catalogues():
        po.with_suffix(".mo").write_bytes(compiled(po))
        sys.stdout.write(f"{po.relative_to(SITE)}: {len(read(po))} texts\n")
