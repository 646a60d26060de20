"""Lists that people save, to hear of every new matter in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from madang.site.docket import policy
from madang.site.docket.models import Matter, Notice, Search
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.people.models import Area
from madang.site.programmes.models import Process
from madang.site.record.journal import action, write

BOOK = "docket"
# What a new matter can be asked for; how it ends is not known yet.
FILTERS = ("words", "process", "area", "year", "field")
MOST = 20


@action
def save_search(*, by: Actor, at: datetime, wanted: Mapping[str, Any], name: str) -> Search:
    """Hear from now on of every new matter that meets the filters; saving twice changes nothing. Raises Refused."""
    require(policy.may_save_search(by, None, at))
    kept = {code: wanted[code] for code in FILTERS if wanted.get(code)}
    if not kept:
        raise Refused(_("Choose a filter or a word first, so that you do not hear of everything."))
    person = by.person_id or 0
    own = Search.objects.filter(person_id=person)
    held = next((row for row in own if row.wanted == kept), None)
    if held is None and own.count() >= MOST:
        raise Refused(_("You have saved %(most)d lists; forget one of them first.") % {"most": MOST})
    row = held or Search.objects.create(person_id=person, wanted=kept, name=name.strip()[:200], at=at)
    write(book=BOOK, verb="search.saved", subject=f"search:{row.pk}", by=by, at=at)
    return row


@action
def forget_search(*, by: Actor, at: datetime, search: Search) -> None:
    """Hear no more of a list. Raises Refused for somebody else's."""
    require(policy.may_forget_search(by, search, at))
    write(book=BOOK, verb="search.forgotten", subject=f"search:{search.pk}", by=by, at=at)
    search.delete()


def tell_searchers(*, process: Process, matters: Sequence[Matter], at: datetime) -> None:
    """Tell who saved a list that these new matters belong to; the author knows. Two queries where lists are saved."""
    searches = list(Search.objects.order_by("pk"))
    if not searches:
        return
    areas = dict(Area.objects.filter(pk__in={matter.area_id for matter in matters}).values_list("pk", "code"))
    told: dict[tuple[int, int], Notice] = {}
    for matter in matters:
        for search in searches:
            key = (search.person_id, matter.pk)
            area = areas.get(matter.area_id or 0, "")
            if key in told or matter.author_id == search.person_id or not meets(search.wanted, matter, process, area):
                continue
            told[key] = Notice(
                person_id=search.person_id,
                matter=matter,
                at=at,
                text_ko=f"저장한 목록에 새 안건이 올라왔습니다: {search.name}"[:300],
                text_en=f"A new matter in your saved list: {search.name}"[:300],
                url=f"/matters/{matter.number}/",
            )
    Notice.objects.bulk_create(told.values(), batch_size=500)


def meets(wanted: Mapping[str, Any], matter: Matter, process: Process, area: str) -> bool:
    """Whether a matter of a process in an area (a code) is in the list that `queries.listed` gives for filters."""
    place = wanted.get("area", "")
    words = [word.lower() for word in str(wanted.get("words", "")).split()[:8]]
    return (
        wanted.get("process", process.code) == process.code
        and wanted.get("year", process.year) == process.year
        and wanted.get("field", matter.field) == matter.field
        and (not place or area == place or area.startswith(f"{place}/"))
        and (
            all(word in matter.title.lower() for word in words)
            or str(wanted.get("words", "")).strip().lower() == matter.number.lower()
        )
    )
