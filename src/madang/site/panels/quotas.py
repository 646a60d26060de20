"""The list of candidates with their strata, and how many seats each stratum has."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import takewhile

from django.conf import settings
from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused
from madang.site.panels.models import Draw
from madang.site.panels.settings import Draw as Rules
from madang.site.people import claims
from madang.site.people.models import Area
from madang.site.programmes.models import Stage
from madang.sortition import Candidate, Quota, seats_by_population


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


def quotas_of(rules: Rules) -> list[Quota]:
    """The seats of each stratum: as set, by population, or all in one stratum.

    Raises Refused if the quotas set do not add up to the seats, or no population is known.
    """
    if rules.by_population and rules.strata:
        return _by_population(rules)
    if not rules.quotas:
        return [Quota({}, rules.seats)]
    total = sum(quota.seats for quota in rules.quotas)
    if total != rules.seats:
        raise Refused(
            _("The quotas add up to %(total)d seats, but %(seats)d are to be drawn; the recipe must be mended.")
            % {"total": total, "seats": rules.seats}
        )
    return [Quota(in_order(quota.stratum, rules), quota.seats) for quota in rules.quotas]


def frozen(draw: Draw) -> list[Quota]:
    """The quotas as they were frozen, their categories in the order of the rules.

    A database may keep the members of a JSON object in an order of its own; names of strata must not depend on it.
    """
    rules: Rules = draw.stage.rules  # type: ignore[assignment]
    return [Quota(in_order(quota["stratum"], rules), quota["seats"]) for quota in draw.quotas]


def in_order(stratum: Mapping[str, str], rules: Rules) -> dict[str, str]:
    """A stratum with its categories in the order of the rules; those the rules do not name follow sorted."""
    named = [kind for kind in rules.strata if kind in stratum]
    return {kind: stratum[kind] for kind in [*named, *sorted(set(stratum) - set(named))]}


def _by_population(rules: Rules) -> list[Quota]:
    residents: Counter[tuple[str, ...]] = Counter()
    for area in Area.objects.filter(level=Area.Level.DISTRICT).order_by("code"):
        for group, people in area.population.items():
            sex, _slash, band = group.partition("/")
            known = {"sex": sex, "age_band": band, "district": area.code}
            residents[tuple(known[kind] for kind in rules.strata)] += people
    if not residents:
        raise Refused(_("No population of the districts is known, so seats cannot be divided by it."))
    seats = seats_by_population(dict(sorted(residents.items())), rules.seats)
    return [Quota(dict(zip(rules.strata, key, strict=True)), number) for key, number in seats.items()]


def pool_of(
    *, matters: Sequence[Matter], stage: Stage, quotas: Sequence[Quota], at: datetime
) -> tuple[list[tuple[Matter, Candidate]], list[Matter]]:
    """The candidates, and the matters of those who fit no stratum of the quotas and so cannot take part."""
    kinds = list(quotas[0].stratum)
    bands = sorted({quota.stratum["age_band"] for quota in quotas}) if "age_band" in kinds else []
    strata = strata_of(matters=matters, kinds=kinds, at=at, bands=bands)
    known = {tuple(quota.stratum[kind] for kind in kinds) for quota in quotas}
    pool, outside = [], []
    for matter in matters:
        values = strata[matter.pk]
        if tuple(values.get(kind, "") for kind in kinds) in known:
            pool.append((matter, Candidate(ticket(stage=stage, matter=matter), values)))
        else:
            outside.append(matter)
    return pool, outside
