"""The player of the ledger: appropriations, obligations, payments, forecasts and revenue of the year."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from django.db.models import F

from madang.site.docket.models import Matter
from madang.site.kit.clock import day_of
from madang.site.ledger import actions as ledger
from madang.site.ledger.models import Balance, Entry, Line, Part, RevenueItem
from madang.site.replay.schedule import Step, moments
from madang.site.replay.world import World

Script = dict[str, Any]
NOBODY = 90


def play_requests(world: World, script: Script) -> Iterator[Step]:
    """Requests that still wait: the head has approved some of them, finance none."""
    for row in world.rows(script["rows"]):
        at = world.day(row["on"], hour=11)
        yield Step(at, 40, lambda row=row, at=at: _request(world, row, at))


def _request(world: World, row: dict[str, str], at: datetime) -> None:
    line = Line.objects.select_related("department__parent").get(code=row["line"], fiscal_year=at.year)
    book = _Booker(world, line, None)
    amount = int(row["amount_won"])
    if row["kind"] == "obligation":
        request = ledger.request_obligation(
            by=book.officer, at=at, line=line, amount_won=amount, payee=row["payee"], note=row["note"], on=day_of(at)
        )
    else:
        unpaid = Balance.objects.filter(obligation__line=line, obligated_won__gte=F("spent_won") + amount)
        obligation = unpaid.select_related("obligation__line__department__parent").order_by("pk")[0].obligation
        request = ledger.request_payment(
            by=book.officer, at=at, obligation=obligation, amount_won=amount, note=row["note"], on=day_of(at)
        )
    if row["head"]:
        ledger.approve(by=book.head, at=at + timedelta(hours=3), request=request)


def play_ledger(world: World, script: Script) -> Iterator[Step]:
    """Book the year of every line up to the day of the accounts: what the CSV files of the scenario say."""
    steps: list[Step] = []
    begin, end = world.day(script["from"]), world.day(script["until"], hour=17)
    parts = world.rows("parts.csv")
    taken: dict[str, dict[str, int]] = {}
    for row in parts:
        taken[row["line"]] = {key: int(row[key]) for key in ("appropriated_won", "obligated_won", "spent_won")}
        steps += _line_steps(world, row["line"], row["part"], row, begin, end)
    for row in world.rows("lines.csv"):
        rest = {
            key: int(row[key]) - taken.get(row["line"], {}).get(key, 0)
            for key in ("appropriated_won", "obligated_won", "spent_won")
        }
        steps += _line_steps(world, row["line"], "", {**row, **{k: str(v) for k, v in rest.items()}}, begin, end)
    for row in world.rows("revenue.csv"):
        steps += _revenue_steps(world, row, begin, end)
    return iter(sorted(steps))


def _line_steps(
    world: World, code: str, part_code: str, row: dict[str, str], begin: datetime, end: datetime
) -> list[Step]:
    chance = world.chance("ledger", code, part_code)
    year = begin.year
    line = Line.objects.select_related("department__parent").get(code=code, fiscal_year=year)
    part = Part.objects.get(code=part_code, line=line) if part_code else None
    book = _Booker(world, line, part)
    carried = int(row.get("carried_over_won") or 0)
    appropriated, obligated, spent = (int(row[key]) for key in ("appropriated_won", "obligated_won", "spent_won"))
    steps = [Step(begin, 1, lambda: book.appropriate(begin, appropriated - carried, "original"))]
    if carried:
        steps.append(Step(begin, 2, lambda: book.appropriate(begin, carried, "carry_over")))
    book.pays_for = row.get("pays_for", "")
    steps += _spending(book, obligated, min(spent, obligated), begin + timedelta(days=14), end, chance)
    if spent > obligated:
        # The accounts have it so: paid on the obligation of a part, booked on the line outside the part.
        steps.append(Step(end, NOBODY, lambda: book.pay_outside(end, spent - obligated)))
    if row.get("forecast_won"):
        steps.append(Step(end, NOBODY, lambda: book.forecast(end, int(row["forecast_won"]))))
    return steps


def _spending(
    book: "_Booker", obligated: int, spent: int, begin: datetime, end: datetime, chance: Random
) -> list[Step]:
    """A few obligations; payments follow, the later ones last, so that they may still be unpaid."""
    if obligated <= 0 and spent <= 0:
        return []
    amounts = _cut(obligated, chance, cuts=12 if book.pays_for else 2)
    times = moments(begin, end - timedelta(days=12), len(amounts), chance)
    steps, left = [], spent
    for number, (amount, at) in enumerate(zip(amounts, times, strict=True)):
        steps.append(Step(at, 10, lambda at=at, amount=amount, number=number: book.obligate(at, amount, number)))
        if number == len(amounts) - 1:
            pay = left
        else:
            pay = min(amount, left)
        left -= pay
        if pay:
            paid = at + timedelta(days=chance.randint(2, 10))
            steps.append(Step(paid, 20, lambda at=paid, pay=pay, number=number: book.pay(at, pay, number)))
    return steps


def _cut(total: int, chance: Random, cuts: int = 2) -> list[int]:
    """A total cut so many times into parts of whole thousands; a small total is left whole."""
    if total < 20_000_000:
        return [total]
    cuts = sorted({0, total, *(total * chance.randint(20, 80) // 100 // 1000 * 1000 for _ in range(cuts))})
    return [b - a for a, b in pairwise(cuts)]


class _Booker:
    """The people who book one line: officer, head and finance."""

    def __init__(self, world: World, line: Line, part: Part | None) -> None:
        self.line, self.part = line, part
        self.officer = world.official("officer", line.department)
        self.head = world.official("head", line.department)
        self.finance = world.official("finance", line.department)
        self.obligations: dict[int, Any] = {}
        # The process whose adopted matters the line pays for, one after another.
        self.pays_for = ""
        self.words = world.words

    def appropriate(self, at: datetime, amount: int, kind: Any) -> None:
        """The council appropriated an amount."""
        ledger.appropriate(
            by=self.finance, at=at, line=self.line, part=self.part, amount_won=amount, kind=kind, on=day_of(at)
        )

    def obligate(self, at: datetime, amount: int, number: int) -> None:
        """The officer asks, head and finance approve; an obligation stands."""
        request = ledger.request_obligation(
            by=self.officer,
            at=at,
            line=self.line,
            part=self.part,
            matter=self._unpaid_matter(),
            amount_won=amount,
            payee=self.words["payees"][number % len(self.words["payees"])],
            note=self.words["obligations"][number % len(self.words["obligations"])],
            on=day_of(at),
        )
        self.obligations[number] = self._approved(request, at)

    def _unpaid_matter(self) -> Matter | None:
        adopted = Matter.objects.filter(process__code=self.pays_for, stage__kind="deliver")
        return adopted.exclude(pk__in=Entry.objects.exclude(matter=None).values("matter")).order_by("pk").first()

    def pay(self, at: datetime, amount: int, number: int) -> None:
        """A payment on an obligation, seen by four eyes besides the requester's."""
        request = ledger.request_payment(
            by=self.officer,
            at=at,
            obligation=self.obligations[number],
            amount_won=amount,
            note=self.words["payments"][number % len(self.words["payments"])],
            on=day_of(at),
        )
        self._approved(request, at)

    def pay_outside(self, at: datetime, amount: int) -> None:
        """Pay what is left of the line's parts' obligations, booked on the line only."""
        open_ = Balance.objects.filter(obligation__line=self.line, obligated_won__gt=F("spent_won"))
        for balance in open_.select_related("obligation__line__department__parent", "obligation__part"):
            share = min(amount, balance.obligated_won - balance.spent_won)
            amount -= share
            if share:
                request = ledger.request_payment(
                    by=self.officer,
                    at=at,
                    obligation=balance.obligation,
                    amount_won=share,
                    note=self.words["payments"][0],
                    on=day_of(at),
                    in_part=False,
                )
                self._approved(request, at)

    def forecast(self, at: datetime, amount: int) -> None:
        """What the department expects to have spent at the end of the year."""
        ledger.forecast(by=self.head, at=at, line=self.line, part=self.part, year_end_won=amount, on=day_of(at))

    def _approved(self, request: Any, at: datetime) -> Any:
        request = ledger.approve(by=self.head, at=at, request=request)
        request = ledger.approve(by=self.finance, at=at, request=request)
        return request.entry


def _revenue_steps(world: World, row: dict[str, str], begin: datetime, end: datetime) -> list[Step]:
    item = RevenueItem.objects.get(code=row["item"], fiscal_year=begin.year)
    finance = next(actor for (role, _code), actor in world.staff.items() if role == "finance")
    chance = world.chance("revenue", row["item"])
    steps = []
    for amount, at in zip(_cut(int(row["collected_won"]), chance), moments(begin, end, 3, chance), strict=False):
        steps.append(
            Step(
                at,
                30,
                lambda amount=amount, at=at: ledger.collect(
                    by=finance, at=at, item=item, amount_won=amount, on=day_of(at), note=world.words["collections"][0]
                ),
            )
        )
    return steps
