"""Synthetic texts from the word lists of a city's scenario; each is marked as made up."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

Words = Mapping[str, Sequence[str]]


def title(words: Words, chance: random.Random, **known: str) -> str:
    """A title of a place, a thing and what should be done with it; `known` fixes some of them."""
    place = known.get("place") or chance.choice(words["places"])
    return f"{place} {known.get('thing') or chance.choice(words['things'])} {chance.choice(words['deeds'])}"


def sentence(words: Words, chance: random.Random) -> str:
    """A sentence that says it is synthetic."""
    return f"{words['mark'][0]} {chance.choice(words['sentences'])}"


def answers(fields: Sequence[Mapping[str, Any]], words: Words, chance: random.Random, **known: Any) -> dict[str, Any]:
    """Answers to every required field of a form: known ones as given, the others made up by their type."""
    return {
        field["code"]: known[field["code"]] if field["code"] in known else _answer(field, words, chance)
        for field in fields
        if field["code"] in known or field.get("required") or field.get("title")
    }


def _answer(field: Mapping[str, Any], words: Words, chance: random.Random) -> Any:
    kind = field["type"]
    if kind == "consent":
        return True
    if kind == "won":
        return chance.randint(1, 500) * 1_000_000
    if kind == "whole_number":
        return chance.randint(1, 20)
    if kind == "choice":
        return field["choices"][chance.randrange(len(field["choices"]))]["code"]
    if field.get("title"):
        return title(words, chance)
    return sentence(words, chance)[: field.get("max_length") or 2000]
