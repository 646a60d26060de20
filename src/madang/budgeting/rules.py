"""A rule as data: everything that must be fixed before the vote, with one fingerprint."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from hashlib import sha256
from typing import Any

from madang.budgeting.elections import Election
from madang.chain import canonical

RULES = ("greedy", "greedy-no-skip", "mes", "bounded-overspending", "phragmen", "welfare")
UTILITIES = ("cost", "cardinality", "points")
COMPLETIONS = ("none", "add1", "add1u", "utilitarian")
STOPS = ("infeasible", "exhaustive")
STARTS = ("exact", "integral")
SCORES = ("votes", "votes/cost", "score", "score/cost")
TIES = ("id", "file", "min_cost", "max_cost", "max_votes", "lot")
_SCORE_OF = {"cost": "votes", "cardinality": "votes/cost", "points": "score"}


@dataclass(frozen=True)
class Rule:
    """How money is allotted.

    `utility` says what a funded project is worth to its supporter: its cost, 1, or the points given. For the greedy
    rules it names the ranking (votes, votes per cost, points), unless `score` does. `ties` are keys of a static
    order, used one after another; `id` (ascending as text) always comes last. `lot` orders by SHA-256 of the seed
    and the id. `caps` bound the money of a category or district (`category:sports`, `district:north`), `groups` are
    projects of which only one may win, `threshold` is the least score of a project that may win. A project that costs
    `withdrawn` was taken back after the vote and never ends the allotment. With `set_aside`, a greedy rule sets aside
    projects without votes and those dearer than the whole budget before the turns.
    """

    rule: str = "greedy"
    utility: str = "cost"
    score: str = ""
    completion: str = "none"
    stop: str = "exhaustive"
    start: str = "exact"
    step: str = "1"
    ties: tuple[str, ...] = ("id",)
    seed: str = ""
    threshold: str = "0"
    comparison: bool = False
    groups: tuple[tuple[str, ...], ...] = ()
    caps: Mapping[str, int] = field(default_factory=dict)
    withdrawn: str = ""
    set_aside: bool = False

    def __post_init__(self) -> None:
        for name, value, known in (
            ("rule", self.rule, RULES),
            ("utility", self.utility, UTILITIES),
            ("completion", self.completion, COMPLETIONS),
            ("stop", self.stop, STOPS),
            ("start", self.start, STARTS),
            ("score", self.score or "votes", SCORES),
            *(("key of ties", key, TIES) for key in self.ties),
        ):
            if value not in known:
                raise ValueError(f"{value!r} is not a {name}; use one of {', '.join(known)}.")
        if "lot" in self.ties and not self.seed:
            raise ValueError("ties are broken by lot, but there is no seed; publish one before the vote.")
        try:
            positive = Fraction(self.step) > 0
        except (ValueError, ZeroDivisionError):
            positive = False
        if not positive:
            raise ValueError(f"the step {self.step!r} is not an amount above 0.")
        if self.completion != "none" and self.rule != "mes":
            raise ValueError(f"a completion belongs to the rule mes, not to {self.rule}.")
        if (self.groups or self.caps) and not self.is_greedy:
            raise ValueError(f"caps and groups belong to the greedy rules, not to {self.rule}.")

    @property
    def is_greedy(self) -> bool:
        """Whether the rule goes down a ranking."""
        return self.rule.startswith("greedy")

    @property
    def ranking(self) -> str:
        """The score by which a greedy rule, or a greedy completion, ranks."""
        return self.score or (_SCORE_OF[self.utility] if self.is_greedy else completed_by(self))

    def as_data(self) -> dict[str, Any]:
        """The rule as it is published, hashed and read again."""
        plain = asdict(self)
        return {**plain, "ties": list(self.ties), "groups": [list(group) for group in self.groups]}

    @property
    def sha256(self) -> str:
        """The fingerprint that is published before the vote."""
        return sha256(b"madang-rule-1\n" + canonical(self.as_data())).hexdigest()

    @staticmethod
    def of(data: Mapping[str, Any]) -> "Rule":
        """A rule from data; raises ValueError for what no rule has."""
        known = {one.name for one in fields(Rule)}
        if strange := sorted(set(data) - known):
            raise ValueError(f"{strange[0]!r} is not a part of a rule; the parts are {', '.join(sorted(known))}.")
        values = {**data}
        for name in ("ties", "groups"):
            if name in values:
                values[name] = tuple(tuple(one) if name == "groups" else one for one in values[name])
        return Rule(**values)


def places(election: Election, rule: Rule) -> list[int]:
    """The place of every project in the one static order by which all ties are broken."""
    keys = {
        "id": lambda p: election.ids[p],
        "file": lambda p: p,
        "min_cost": lambda p: election.costs[p],
        "max_cost": lambda p: -election.costs[p],
        "max_votes": lambda p: -election.votes[p],
        "lot": lambda p: lot(rule.seed, election.ids[p]),
    }
    order = sorted(range(len(election.ids)), key=lambda p: tuple(keys[key](p) for key in (*rule.ties, "id")))
    found = [0] * len(order)
    for place, project in enumerate(order):
        found[project] = place
    return found


def lot(seed: str, project_id: str) -> str:
    """The lot of a project: anyone can compute it from the published seed."""
    return sha256(f"{seed}||{project_id}".encode()).hexdigest()


def scores(election: Election, ranking: str) -> list[Fraction]:
    """What the greedy rules rank by."""
    base: Sequence[Fraction | int] = election.votes if ranking.startswith("votes") else election.scores
    if ranking.endswith("/cost"):
        return [Fraction(value) / cost for value, cost in zip(base, election.costs, strict=True)]
    return [Fraction(value) for value in base]


def completed_by(rule: Rule) -> str:
    """The score by which a completion ranks, and on which the threshold of Equal Shares looks."""
    return rule.score or ("score" if rule.utility == "points" else "votes")


def below_threshold(election: Election, rule: Rule) -> frozenset[int]:
    """Projects whose score is below the threshold."""
    least = Fraction(rule.threshold)
    return frozenset(p for p, value in enumerate(scores(election, completed_by(rule))) if value < least)
