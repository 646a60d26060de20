"""Claims and the rules that ask for them: "may this person take part, and if not, why not?".

A rule is "kind:value"; alternatives are joined with "|". A value holds for its parts too: the rule
"lives_in:city" is met by the claim "lives_in:city/district". "age_at_least:19" reads the birth year.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.site.kit.clock import day_of
from madang.site.kit.language import pick
from madang.site.kit.verdict import YES, Verdict, no
from madang.site.people.models import Area, Claim, Organisation, Person

KIND_NAMES = {
    "lives_in": gettext_lazy("lives in %s"),
    "works_in": gettext_lazy("works or studies in %s"),
    "age_at_least": gettext_lazy("is at least %s years old"),
    "course_done": gettext_lazy("has completed the course %s"),
    "member_of": gettext_lazy("is a member of %s"),
    "sex": gettext_lazy("sex: %s"),
    "age_band": gettext_lazy("age: %s"),
    "verified": gettext_lazy("has verified their identity (%s)"),
}
VALUE_NAMES = {
    "sex": {"f": gettext_lazy("female"), "m": gettext_lazy("male")},
    "age_band": {
        "10s": gettext_lazy("up to 19"),
        "20s": gettext_lazy("20 to 29"),
        "30s": gettext_lazy("30 to 39"),
        "40s": gettext_lazy("40 to 49"),
        "50s": gettext_lazy("50 to 59"),
        "60s": gettext_lazy("60 to 69"),
        "60s+": gettext_lazy("60 and over"),
        "70s": gettext_lazy("70 and over"),
    },
}
PLACES = ("lives_in", "works_in", "member_of")
Names = Mapping[tuple[str, str], str]
"""How values of kinds of claims are called: {(kind, value): name}."""
_namers: dict[str, Callable[[Collection[str]], Mapping[str, str]]] = {}


def name_values(kind: str, namer: Callable[[Collection[str]], Mapping[str, str]]) -> None:
    """Let a room say how values of its kind of claim are called, such as the titles of courses."""
    _namers[kind] = namer


def names_of(rules: Iterable[str]) -> Names:
    """What the values of some rules or claims are called. One query, and one for each kind that a room names."""
    asked: dict[str, set[str]] = {}
    for part in (part for rule in rules for part in rule.split("|")):
        kind, _sep, value = part.partition(":")
        asked.setdefault(kind, set()).add(value)
    found = {(kind, value): str(name) for kind in asked for value, name in VALUE_NAMES.get(kind, {}).items()}
    found |= _place_names({kind: asked[kind] for kind in PLACES if kind in asked})
    for kind in asked.keys() & _namers.keys():
        found |= {(kind, value): name for value, name in _namers[kind](asked[kind]).items()}
    return found


def _place_names(asked: Mapping[str, set[str]]) -> dict[tuple[str, str], str]:
    """The names of areas and bodies by the kinds that ask for them. One query."""
    if not asked:
        return {}
    columns = ("body", "code", "name_ko", "name_en")
    areas = Area.objects.filter(code__in={code for kind in PLACES[:2] for code in asked.get(kind, ())})
    bodies = Organisation.objects.filter(code__in=asked.get("member_of", ()))
    rows = areas.annotate(body=Value(0)).values_list(*columns)
    named = rows.union(bodies.annotate(body=Value(1)).values_list(*columns), all=True)
    kinds = {0: PLACES[:2], 1: PLACES[2:]}
    return {(kind, code): pick(ko, en) for body, code, ko, en in named for kind in kinds[body]}


def valid_at(at: datetime) -> Q:
    """The condition that a claim, grant or seat holds at a moment (half-open interval)."""
    return Q(valid_from__lte=at) & (Q(valid_until__isnull=True) | Q(valid_until__gt=at))


def claims_of(person_id: int, at: datetime) -> frozenset[str]:
    """What a person can claim at a moment, each as "kind:value"."""
    rows = Claim.objects.filter(valid_at(at), person_id=person_id).values_list("kind", "value")
    return frozenset(f"{kind}:{value}" for kind, value in rows)


def claims_by_person(person_ids: Iterable[int], at: datetime) -> dict[int, frozenset[str]]:
    """What each of many people can claim at a moment, in one query."""
    held: dict[int, set[str]] = {person: set() for person in person_ids}
    rows = Claim.objects.filter(valid_at(at), person_id__in=list(held)).values_list("person_id", "kind", "value")
    for person, kind, value in rows:
        held[person].add(f"{kind}:{value}")
    return {person: frozenset(claims) for person, claims in held.items()}


def check(*, person_id: int | None, rules: Sequence[str], at: datetime) -> Verdict:
    """Whether a person meets every rule; the reason names the first that fails and how to get there."""
    if not rules:
        return YES
    if person_id is None:
        return no(_("Please sign in first: this is open to people who meet a condition."))
    return check_set(claims=claims_of(person_id, at), rules=rules, at=at)


def check_set(*, claims: Collection[str], rules: Sequence[str], at: datetime, names: Names | None = None) -> Verdict:
    """Like `check`, for a set of claims "kind:value" as they stand on a verified identity.

    Where many are checked, `names` of all rules spare a query for each that fails.
    """
    for rule in rules:
        if not any(_meets(claims, part, at) for part in rule.split("|")):
            return no(_failing(rule, names))
    return YES


def holders(rule: str, at: datetime) -> QuerySet[Person]:
    """The people who meet one rule at a moment. Raises ValueError for a rule that no stored claim can meet."""
    condition = Q()
    for part in rule.split("|"):
        kind, _sep, value = part.partition(":")
        if kind == "age_at_least":
            raise ValueError("People are not listed by age; filter by age_band instead.")
        condition |= Q(kind=kind) & (Q(value=value) | Q(value__startswith=f"{value}/"))
    return Person.objects.filter(pk__in=Claim.objects.filter(valid_at(at)).filter(condition).values("person_id"))


def sentence(rule: str, names: Names | None = None) -> str:
    """A rule in words, in the active language. One query without the `names` of its values."""
    known = names_of([rule]) if names is None else names
    return str(_(" or ")).join(_phrase(part, known) for part in rule.split("|"))


def _failing(rule: str, names: Names | None) -> str:
    parts = _("Open only to somebody who %(rule)s.") % {"rule": sentence(rule, names)}
    how = _("You can show this on My page, under identity check.")
    if rule.startswith("course_done:"):
        how = _("Take the course first; its completion is noted at once.")
    if rule.startswith("member_of:"):
        how = _("Members are appointed; there is nothing you need to do.")
    return f"{parts} {how}"


def _phrase(part: str, names: Names) -> str:
    kind, _sep, value = part.partition(":")
    phrase = KIND_NAMES.get(kind)
    return str(phrase) % names.get((kind, value), value) if phrase else part


def _meets(claims: Collection[str], part: str, at: datetime) -> bool:
    kind, _sep, value = part.partition(":")
    if kind == "age_at_least":
        years = [int(claim.partition(":")[2]) for claim in claims if claim.startswith("birth_year:")]
        return any(day_of(at).year - year >= int(value) for year in years)
    return part in claims or any(claim.startswith(f"{part}/") for claim in claims)


def strata(person_ids: Iterable[int], kinds: Sequence[str], at: datetime) -> dict[int, dict[str, str]]:
    """The claims of some kinds by person, for drawing by lot: {person: {kind: value}}."""
    wanted = set(person_ids)
    rows = Claim.objects.filter(valid_at(at), kind__in=kinds).values_list("person_id", "kind", "value")
    found: dict[int, dict[str, str]] = {person: {} for person in wanted}
    for person, kind, value in rows.iterator():
        if person in wanted:
            found[person][kind] = value
    return found
