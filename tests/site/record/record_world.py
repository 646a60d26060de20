"""Small actions that exist in these tests only."""

from datetime import UTC, datetime

from madang.site.kit.actor import Actor
from madang.site.people.models import Area
from madang.site.record.journal import action, write

AT = datetime(2021, 5, 3, 1, 2, 3, 456, tzinfo=UTC)
CLERK = Actor("synthetic-clerk", 1)


@action
def add_area(*, code: str, books: tuple[str, ...] = ("areas",)) -> Area:
    """Make a synthetic area and record it in each of the books."""
    area = Area.objects.create(code=code, level="dong", name_ko="동", name_en="Dong")
    for book in books:
        write(book=book, verb="area.added", subject=f"area:{code}", by=CLERK, at=AT, code=code)
    return area


@action
def add_and_fail(*, code: str) -> None:
    """Make a synthetic area, record it, then raise ValueError."""
    add_area(code=code)
    raise ValueError("synthetic failure")


@action
def add_in_silence(*, code: str) -> None:
    """Make a synthetic area and record nothing, which the journal must refuse."""
    Area.objects.create(code=code, level="dong", name_ko="동", name_en="Dong")


@action
def add_despite_failure(*, code: str) -> None:
    """Try something that fails, go on without it, and add an area."""
    try:
        add_and_fail(code=f"{code}-failed")
    except ValueError:
        add_area(code=code)


@action
def wrap_silence(*, code: str) -> None:
    """Record something, then call an action that records nothing."""
    add_area(code=code)
    add_in_silence(code=f"{code}-silent")
