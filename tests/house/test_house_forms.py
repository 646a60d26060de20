"""A form that is refused comes back with what was typed: no door answers it with a message alone."""

import ast

from sources import modules, name_of, tree

# The answer of an identity agency is no form of ours: there is nothing to give back.
NOT_OURS = {"src/madang/site/people/web/identity.py"}


def thrown_away(source: ast.AST) -> list[int]:
    """The lines at which a form that is not valid ends in an exception or in another page."""
    return [
        node.lineno
        for node in ast.walk(source)
        if isinstance(node, ast.If) and "is_valid()" in ast.unparse(node.test) and "not " in ast.unparse(node.test)
        for step in node.body
        if isinstance(step, ast.Raise) or (isinstance(step, ast.Return) and "redirect(" in ast.unparse(step))
    ]


def test_no_door_throws_away_what_was_typed():
    doors = [file for file in modules() if file.parent.name == "web" and name_of(file) not in NOT_OURS]
    assert {name_of(file): lines for file in doors if (lines := thrown_away(tree(file)))} == {}


def test_a_door_that_throws_it_away_is_found():
    refused = "if not form.is_valid():\n    raise Refused('No.')"
    sent_on = "if not form.is_valid():\n    return redirect('home')"
    kept = "if not form.is_valid():\n    return page(request, form)"
    assert [thrown_away(ast.parse(source)) for source in (refused, sent_on, kept)] == [[1], [1], []]
