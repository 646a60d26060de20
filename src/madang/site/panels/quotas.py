"""The list of candidates with their strata, the quotas of a draw, and the lottery made of both."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from django.conf import settings
from django.utils.translation import gettext as _

from madang import sortition
from madang.site.docket.models import Matter
from madang.site.kit.clock import day_of
from madang.site.kit.language import pick
from madang.site.kit.verdict import Refused
from madang.site.panels.models import Plan
from madang.site.panels.settings import Draw as Rules
from madang.site.people import claims
from madang.site.people.models import Area
from madang.site.programmes.models import Stage
from madang.sortition import CROSSING, Person, Quota, seats_by_population

# Three dice with ten sides can draw one of them.
PANELS = 1000


def ticket(*, stage: Stage, matter: Matter) -> str:
    """The candidate's name in the record: a keyed hash, so that strata cannot be joined with receipt numbers."""
    text = f"ticket\n{stage.pk}\n{matter.number}".encode()
    return "t-" + hmac.new(settings.VAULT_KEY.encode(), text, hashlib.sha256).hexdigest()[:12]


def strata_of(
    *, matters: Sequence[Matter], kinds: Sequence[str], at: datetime, bands: Sequence[str] = ()
) -> dict[int, dict[str, str]]:
    """The strata of each candidacy from its author's claims, by key of the matter.

    `kinds` are claim kinds; "district" is the district in which the author lives, or else works; an age band that is
    none of `bands`, the quotas' own, is told anew from the year of birth. What is not known is left out.
    """
    wanted = [kind for kind in kinds if kind != "district"]
    wanted += ["lives_in", "works_in"] if "district" in kinds else []
    wanted += ["birth_year"] if bands else []
    people = claims.strata([matter.author_id for matter in matters if matter.author_id], wanted, at)
    districts = _districts() if "district" in kinds else []
    found = {}
    for matter in matters:
        facts = people.get(matter.author_id or 0, {})
        values = {kind: facts.get(kind, "") for kind in kinds}
        if "district" in kinds:
            values["district"] = _district(facts, districts)
        if bands and values["age_band"] not in bands and facts.get("birth_year"):
            values["age_band"] = band_of(day_of(at).year - int(facts["birth_year"]), bands)
        found[matter.pk] = {kind: value for kind, value in values.items() if value}
    return found


def band_of(age: int, bands: Sequence[str]) -> str:
    """The band of an age among bands named by the age they begin with, such as "20s"; the youngest has no beginning.

    An identity check knows other bands than a city's population may have: "60s+" stands for "60s" and "70s".
    """
    ordered = sorted(bands, key=_begins)
    return next((band for band in reversed(ordered) if _begins(band) <= age), ordered[0])


def _begins(band: str) -> int:
    digits = "".join(takewhile(str.isdigit, band))
    return int(digits) if digits else 0


def _districts() -> list[str]:
    return list(Area.objects.filter(level=Area.Level.DISTRICT).order_by("code").values_list("code", flat=True))


def _district(facts: dict[str, str], districts: Sequence[str]) -> str:
    for kind in ("lives_in", "works_in"):
        place = facts.get(kind, "")
        for district in districts:
            if place == district or place.startswith(f"{district}/"):
                return district
    return ""


def kinds_of(rules: Rules) -> list[str]:
    """The claim kinds that the quotas speak of, in the order of the rules; crossed ones taken apart."""
    named = [kind for stratum in rules.strata for kind in stratum.split(CROSSING)]
    named += [kind for quota in rules.quotas for kind in quota.stratum]
    return list(dict.fromkeys(named))


def quotas_for(stage: Stage) -> list[Quota]:
    """The quotas of a stage: as the office set them, or else as its rules say. Raises Refused."""
    plan = Plan.objects.filter(stage=stage).first()
    if plan is None:
        return quotas_of(stage.rules)  # type: ignore[arg-type]
    return [Quota(row["feature"], row["value"], row["low"], row["high"]) for row in plan.quotas]


def as_rows(quotas: Sequence[Quota]) -> list[dict[str, object]]:
    """Quotas as plain values."""
    return [{"feature": one.feature, "value": one.value, "low": one.low, "high": one.high} for one in quotas]


def quotas_of(rules: Rules) -> list[Quota]:
    """How many people of each stratum are drawn: as set, or by population; none for a draw among all.

    Raises Refused if the quotas set for the same kinds do not add up to the seats, or no population is known.
    """
    if rules.by_population and rules.strata:
        return [quota for stratum in rules.strata for quota in _by_population(stratum, rules.seats)]
    totals: Counter[str] = Counter()
    found = []
    for quota in rules.quotas:
        feature = CROSSING.join(quota.stratum)
        totals[feature] += quota.seats
        found.append(Quota(feature, CROSSING.join(quota.stratum.values()), quota.seats, quota.seats))
    for total in totals.values():
        if total != rules.seats:
            raise Refused(
                _("The quotas add up to %(total)d seats, but %(seats)d are to be drawn; the recipe must be mended.")
                % {"total": total, "seats": rules.seats}
            )
    return found


def residents_of(feature: str) -> dict[tuple[str, ...], int]:
    """The residents of the districts by the values of a feature; none for a feature that population is not told by."""
    kinds = feature.split(CROSSING)
    residents: Counter[tuple[str, ...]] = Counter()
    if not set(kinds) <= {"sex", "age_band", "district"}:
        return residents
    for area in Area.objects.filter(level=Area.Level.DISTRICT).order_by("code"):
        for group, people in area.population.items():
            sex, _slash, band = group.partition("/")
            known = {"sex": sex, "age_band": band, "district": area.code}
            residents[tuple(known[kind] for kind in kinds)] += people
    return dict(sorted(residents.items()))


def _by_population(stratum: str, seats: int) -> list[Quota]:
    residents = residents_of(stratum)
    if not residents:
        raise Refused(_("No population of the districts is known, so seats cannot be divided by it."))
    shares = seats_by_population(residents, seats)
    return [Quota(stratum, CROSSING.join(key), share, share) for key, share in shares.items()]


def pool_of(
    *, matters: Sequence[Matter], stage: Stage, quotas: Sequence[Quota], at: datetime
) -> tuple[list[tuple[Matter, Person]], list[Matter]]:
    """The candidates, and the matters of those who fit no stratum of the quotas and so cannot take part."""
    kinds = kinds_of(stage.rules)  # type: ignore[arg-type]
    features = {quota.feature: quota.feature.split(CROSSING) for quota in quotas}
    values = [zip(features[quota.feature], quota.value.split(CROSSING), strict=True) for quota in quotas]
    bands = sorted({value for own in values for kind, value in own if kind == "age_band"})
    strata = strata_of(matters=matters, kinds=kinds, at=at, bands=bands)
    known = {(quota.feature, quota.value) for quota in quotas}
    pool, outside = [], []
    for matter in matters:
        facts = strata[matter.pk]
        own = {(name, CROSSING.join(facts.get(kind, "") for kind in parts)) for name, parts in features.items()}
        if own <= known:
            pool.append((matter, Person(ticket(stage=stage, matter=matter), facts)))
        else:
            outside.append(matter)
    return pool, outside


@dataclass(frozen=True)
class Prepared:
    """All that is published before the draw, the quotas it keeps, and which of them had to give way."""

    frozen: sortition.Frozen
    quotas: Sequence[Quota]
    changes: Sequence[sortition.Change]


def prepared(*, people: Sequence[Person], quotas: Sequence[Quota], rules: Rules, secret_hash: str) -> Prepared:
    """Make the lottery. Quotas that the candidates cannot meet give way by the smallest change with which they can.

    Fewer candidates than seats are all drawn. Raises Refused if there is no candidate.
    """
    seats = min(rules.seats, max(len(people), 1))
    try:
        types = sortition.types_of(people, quotas, seats)
        changes = sortition.relaxation(types).changes
        if changes:
            quotas = _given_way(quotas, changes)
            types = sortition.types_of(people, quotas, seats)
        ideal = sortition.attained(types, sortition.leximin(types)).ideal
        lot = sortition.tickets(types, ideal, PANELS, sortition.pool_seed(types, None))
    except sortition.Refusal as refusal:
        raise Refused(
            _("The draw could not be prepared: %(error)s") % {"error": refusal.said(pick("ko", "en"))}
        ) from refusal
    frozen = sortition.freeze(types, ideal, lot, salt=None, secret_hash=secret_hash, waiting=rules.reserves)
    return Prepared(frozen, quotas, changes)


def _given_way(quotas: Sequence[Quota], changes: Sequence[sortition.Change]) -> list[Quota]:
    bounds = {change.name: (change.new_low, change.new_high) for change in changes}
    return [
        replace(quota, low=bounds[quota.name][0], high=bounds[quota.name][1]) if quota.name in bounds else quota
        for quota in quotas
    ]
