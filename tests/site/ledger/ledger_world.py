"""A small synthetic bureau: two departments, three programmes, lines with money, and its officials."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.ledger import actions
from madang.site.ledger.actions import NewLine, NewPart
from madang.site.ledger.models import Entry, Line, Part, Request
from madang.site.people.models import Organisation
from madang.site.programmes.models import Programme, Strategy

AT = datetime(2021, 10, 1, 3, tzinfo=UTC)
DAY = date(2021, 10, 1)


def official(name: str, role: str, organisation: str | None = None) -> Actor:
    """A synthetic official with one role."""
    return Actor(pseudonym=f"synthetic-{name}", person_id=None, grants=frozenset({Grant(role, organisation)}))


OFFICER = official("officer", "officer", "parks")
HEAD = official("head", "head", "parks")
FINANCE = official("finance", "finance", "bureau")
FINANCE_TOO = official("finance-too", "finance", "bureau")
AUDITOR = official("auditor", "auditor")
OTHER_OFFICER = official("other-officer", "officer", "roads")


@dataclass
class World:
    """The synthetic bureau."""

    bureau: Organisation
    parks: Organisation
    roads: Organisation
    line: Line
    parted: Line
    other: Line
    part: Part


def build() -> World:
    """The bureau with a line of 1,000,000 won, a line of 500,000 won with a part of 200,000, and an empty one."""
    bureau = Organisation.objects.create(code="bureau", kind="bureau", name_ko="합성국", name_en="Synthetic bureau")
    parks, roads = (
        Organisation.objects.create(
            code=code, kind="department", parent=bureau, order=order, name_ko=f"{code}과", name_en=code
        )
        for order, code in enumerate(("parks", "roads"))
    )
    strategy = Strategy.objects.create(number=1, name_ko="전략", name_en="Strategy")
    for order, code in enumerate(("1-1", "1-2", "1-3")):
        Programme.objects.create(
            code=code, slug=code, strategy=strategy, department=parks, order=order, name_ko=f"사업 {code}", name_en=code
        )
    line, parted, other = actions.load_lines(
        by=SYSTEM,
        at=AT,
        rows=[
            NewLine("P-01", 2021, "parks", "공원", "Parks", "1-1", 1),
            NewLine(
                "P-02",
                2021,
                "parks",
                "학교",
                "School",
                "1-2",
                2,
                parts=[NewPart("P-02.1", "합성 학교", "School", "1-3")],
            ),
            NewLine("R-01", 2021, "roads", "도로", "Roads", "", 1),
        ],
    )
    part = parted.parts.get()
    for to, share, amount in ((line, None, 1_000_000), (parted, part, 200_000), (parted, None, 300_000)):
        actions.appropriate(
            by=SYSTEM, at=AT, line=to, part=share, amount_won=amount, kind="original", on=date(2021, 1, 1)
        )
    return World(bureau, parks, roads, line, parted, other, part)


def obligate(line: Line, amount: int, on: date = DAY, part: Part | None = None, payee: str = "합성 상회") -> Entry:
    """An obligation, requested and approved by three people."""
    line = Line.objects.select_related("department__parent").get(pk=line.pk)
    request = actions.request_obligation(
        by=OFFICER, at=AT, line=line, amount_won=amount, payee=payee, on=on, part=part, note="합성 계약"
    )
    return approved(request)


def pay(obligation: Entry, amount: int, on: date = DAY, in_part: bool = True) -> Entry:
    """A payment, requested and approved by three people."""
    request = actions.request_payment(
        by=OFFICER, at=AT, obligation=obligation, amount_won=amount, on=on, in_part=in_part
    )
    return approved(request)


def confirmed(request: Request) -> Entry:
    """The entry that finance's own request becomes by a second person of finance."""
    actions.approve(by=FINANCE_TOO, at=AT, request=request)
    assert request.entry is not None
    return request.entry


def approved(request: Request) -> Entry:
    """The entry that a request becomes by the approvals of head and finance."""
    actions.approve(by=HEAD, at=AT, request=request)
    actions.approve(by=FINANCE, at=AT, request=request)
    assert request.entry is not None
    return request.entry
