"""The rules by which money can be allotted, each a card that says in plain words what it does and to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.budgeting import Rule


@dataclass(frozen=True)
class Card:
    """A rule by name: what it is called, three sentences about it, and its parts in the engine.

    `by_ballots` rules look at single ballots; they cannot count sums of several electorates.
    """

    code: str
    title: Any
    how: Any
    gain: Any
    price: Any
    parts: dict[str, Any]
    by_ballots: bool = True

    def rule(self, ties: Sequence[str]) -> Rule:
        """The rule of the engine, with its fingerprint."""
        return Rule(ties=tuple(ties), **self.parts)


_MORE_VOTES = _("The projects with the most votes win; it is easy to follow and usual in cities.")
_FEW_BIG = _("A few dear projects can use up the money, and many voters may get nothing they chose.")
_SHARED = _("Groups of voters get about as much of the money as they are many, so fewer go away with nothing.")
_SMALLER = _(
    "A dear project with the most votes can lose against several cheaper ones, and it takes longer to explain."
)

_ALL = (
    Card(
        "greedy",
        _("By votes"),
        _("Projects take their turn by votes; each is funded if it fits into the money left, else it is passed over."),
        _MORE_VOTES,
        _FEW_BIG,
        {"rule": "greedy", "set_aside": True},
        by_ballots=False,
    ),
    Card(
        "greedy-no-skip",
        _("By votes, ending at the first misfit"),
        _("Projects take their turn by votes; the first that does not fit into the money left ends the allotment."),
        _("Nobody with fewer votes overtakes a project with more."),
        _("Much of the money may be left over, and a few dear projects can use up the rest."),
        {"rule": "greedy-no-skip", "set_aside": True},
        by_ballots=False,
    ),
    Card(
        "greedy-per-cost",
        _("By votes for each won"),
        _("Projects take their turn by votes divided by cost; each is funded if it fits into the money left."),
        _("Many projects are funded, and many voters get something."),
        _("Large projects have hardly a chance, however many want them."),
        {"rule": "greedy", "utility": "cardinality", "set_aside": True},
        by_ballots=False,
    ),
    Card(
        "equal-shares",
        _("Equal Shares, filled up"),
        _(
            "Every voter holds the same share of the money, and supporters buy together what is cheapest for them; "
            "shares then grow won by won until the money is nearly used, and the rest goes by votes."
        ),
        _SHARED,
        _SMALLER,
        {"rule": "mes", "completion": "add1u"},
    ),
    Card(
        "equal-shares-votes",
        _("Equal Shares, then by votes"),
        _(
            "Every voter holds the same share of the money, and supporters buy together what is cheapest for them; "
            "what is left goes down the ranking by votes."
        ),
        _SHARED,
        _("The part that goes by votes can be large, and favours whom the ranking favours."),
        {"rule": "mes", "completion": "utilitarian"},
    ),
    Card(
        "phragmen",
        _("Phragmén: buying as money comes in"),
        _(
            "Every voter receives money at the same speed, and supporters buy a project as soon as they have its cost; "
            "it ends at the first that no longer fits."
        ),
        _SHARED,
        _("Some of the money is left over, and dear projects wait long."),
        {"rule": "phragmen"},
    ),
    Card(
        "welfare",
        _("The most votes for the money"),
        _("Of all sets that the money can pay, the one whose votes times cost add up to the most is funded."),
        _("As much of the money as possible goes where most votes are."),
        _("A small change of one cost can change many results, and minorities may get nothing."),
        {"rule": "welfare"},
    ),
)
CARDS = {card.code: card for card in _ALL}
BESIDE = ("greedy", "equal-shares-votes", "phragmen")
"""What every result is compared with."""
