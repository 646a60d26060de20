"""The ballot paper as a voter reads it: what each option says, what is left, options side by side."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madang.site.docket.answers import Said, said_by
from madang.site.docket.models import Passage, Revision
from madang.site.record.kept import Answers
from madang.site.votes.allotting import stages_after
from madang.site.votes.models import Election, Option

_papers = Answers(most=40)
LETTERS = 4_000
LONGEST = 300
"""A page with all options stays light on a phone: so many letters of summaries in all, and so many of one."""
FEWEST, MOST = 2, 4
"""How many options can be compared side by side."""


@dataclass(frozen=True)
class Line:
    """An option on the paper, as HTML before and after the place where a browser is told that it is picked.

    What nobody can pick has nothing after it.
    """

    option: Option
    before: SafeString
    after: SafeString


@dataclass(frozen=True)
class Purse:
    """What picks use up: `most` picks; `limit_won` binds a ballot, `ceiling_won` is only what the vote allots."""

    picks: int
    most: int
    won: int
    limit_won: int | None
    ceiling_won: int | None

    @property
    def picks_left(self) -> int:
        """How many more options may be picked."""
        return max(0, self.most - self.picks)

    @property
    def won_left(self) -> int:
        """What may still be spent on picks, of the limit or else of the ceiling."""
        return max(0, (self.limit_won or self.ceiling_won or 0) - self.won)

    @property
    def bound_won(self) -> int | None:
        """The amount of which the picks take a part."""
        return self.limit_won or self.ceiling_won


def lines(election: Election, seed: str) -> list[Line]:
    """The options in an order that is random for each visitor and stable for one, so that no place is better."""
    found = list(_papers.ask((election.pk, get_language()), lambda: _lines(election)))
    random.Random(f"{election.pk}\n{seed}").shuffle(found)  # noqa: S311 - an order of display, not a lot
    return found


def _lines(election: Election) -> list[Line]:
    options = list(election.options.select_related("matter__area", "matter__process"))
    length = min(LONGEST, LETTERS // max(1, len(options)))
    texts = _said(options)
    return [_line(election, option, texts[option.pk], length) for option in options]


def _line(election: Election, option: Option, said: Sequence[Said], length: int) -> Line:
    """Made once for all voters: hundreds of them a minute are shown the same.

    In the booth no box has a name under which it could be sent.
    """
    limit, sends = election.rules.choose.max_won, election.rules.encrypted is None
    text = next((" ".join(str(part.answer).split()) for part in said if part.prose and part.answer), "")
    summary = text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
    too_dear = limit is not None and (option.amount_won or 0) > limit
    shown = {"option": option, "summary": summary, "limit_won": limit, "too_dear": too_dear, "sends": sends}
    html = render_to_string("votes/option.html", shown)
    before, _place, after = (html, "", "") if too_dear else html.partition(" data-pick")
    return Line(option, SafeString(before), SafeString(after))


def purse(election: Election, options: Sequence[Option], chosen: Sequence[int]) -> Purse:
    """What the chosen numbers use up."""
    choose = election.rules.choose
    amounts = {option.order: option.amount_won or 0 for option in options}
    allotted = [] if choose.max_won or not any(amounts.values()) else stages_after(election.stage)
    return Purse(
        picks=len({number for number in chosen if number in amounts}),
        most=choose.max,
        won=sum(amounts.get(number, 0) for number in set(chosen)),
        limit_won=choose.max_won,
        ceiling_won=allotted[0].rules.ceiling_won if allotted else None,  # type: ignore[attr-defined]
    )


def beside(election: Election, numbers: Sequence[int]) -> tuple[list[Option], list[tuple[str, list[Any]]]]:
    """Options for comparing, and rows (what, one cell for each) of what they say and what earlier stages found."""
    found = {option.order: option for option in election.options.filter(order__in=numbers).select_related(
        "matter__area", "matter__process")}  # fmt: skip
    options = [found[number] for number in dict.fromkeys(numbers) if number in found]
    rows: dict[str, list[Any]] = {}
    texts = _said(options)
    for place, option in enumerate(options):
        for part in texts[option.pk]:
            if str(part.answer) != option.matter.title:
                rows.setdefault(part.question, [None] * len(options))[place] = part
    return options, [*_earlier(election, options), *rows.items()]


def _earlier(election: Election, options: Sequence[Option]) -> list[tuple[str, list[Any]]]:
    """What the stages before the vote decided on each."""
    places = {option.matter_id: place for place, option in enumerate(options)}
    passages = Passage.objects.filter(matter__in=places, stage__order__lt=election.stage.order)
    rows: dict[int, tuple[str, list[Any]]] = {}
    for passage in passages.select_related("stage").order_by("stage__order"):
        row = rows.setdefault(passage.stage_id, (passage.stage.title, [None] * len(options)))
        row[1][places[passage.matter_id]] = Said(row[0], _found(passage))
    return [row for row in rows.values() if any(cell and cell.answer for cell in row[1])]


def _found(passage: Passage) -> str:
    rank = [_("rank %(rank)d") % {"rank": passage.rank}] if passage.rank else []
    return ": ".join([*rank, passage.reason]) if passage.reason else "".join(rank)


def _said(options: Sequence[Option]) -> dict[int, Sequence[Said]]:
    """What the latest revision of each option says, for two queries."""
    if not options:
        return {}
    latest: dict[int, Revision] = {}
    for revision in Revision.objects.filter(matter__options__in=options).order_by(F("number").desc()):
        latest.setdefault(revision.matter_id, revision)
    told = said_by(list(latest.values()), options[0].matter.process.recipe)
    texts = dict(zip(latest, told, strict=True))
    return {option.pk: texts.get(option.matter_id, ()) for option in options}
