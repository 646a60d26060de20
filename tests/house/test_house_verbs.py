"""Every verb that the source writes into the record has a text for people, and every text belongs to a verb."""

import ast
from collections.abc import Iterator

from sources import functions, modules, name_of, tree

from madang.site.kit import words
from madang.site.ledger.models import Collection, EntryKind, Request

# A site of its own brings its texts there; the city's site does not know them.
from madang.site.registrar import words as of_the_registrar  # noqa: F401

# A verb made of a part that is data: its beginning, and what may follow.
MADE = {
    "booking.": ("requested", "waiting", "given"),
    "entry.": EntryKind.values,
    "revenue.": Collection.Kind.values,
    "request.": [Request.State.REFUSED, Request.State.WITHDRAWN],
}


def _texts(node: ast.expr | None) -> Iterator[str]:
    """The verbs that an expression may give."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        (beginning,) = _texts(node.values[0])
        yield from (beginning + ending for ending in MADE[beginning])


def _written(file) -> Iterator[str]:
    """The verbs that a module hands to the journal, or to a function of its own that does so."""
    places = {
        function.name: [argument.arg for argument in function.args.args].index("verb")
        for function in functions(file)
        if "verb" in [argument.arg for argument in function.args.args]
    }
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["verb"]:
            yield from _texts(node.value)
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "")
            keyword = next((one.value for one in node.keywords if one.arg == "verb"), None)
            place = places.get(name, len(node.args))
            yield from _texts(keyword)
            yield from _texts(node.args[place] if place < len(node.args) else None)


def written() -> dict[str, str]:
    """Each verb that the source writes, with a module that does."""
    files = [file for file in modules() if "site" in file.parts]
    return {verb: name_of(file) for file in files for verb in _written(file) if "." in verb}


def test_every_verb_that_is_written_has_a_text():
    assert {verb: file for verb, file in written().items() if verb not in words.known()} == {}


def test_every_text_belongs_to_a_verb_that_is_written():
    assert words.known() - set(written()) == set()


def test_the_search_for_verbs_finds_those_of_every_way_to_write_one():
    ways = {"matter.filed", "matter.ended", "matter.followed", "seat.declined", "entry.payment", "comment.hidden"}
    assert ways - set(written()) == set()


def test_a_verb_without_a_text_is_shown_as_it_is():
    assert words.words_of("synthetic.verb") == "synthetic.verb"
