"""Laws of the ledger: the order of balances holds whatever is tried, and balances are the sums of entries."""

from datetime import date

from django.db.models import F, Q, Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from ledger_world import AT, FINANCE, OFFICER, World, approved, build, confirmed

from madang.site.kit.verdict import Refused
from madang.site.ledger import actions, queries
from madang.site.ledger.models import SIDES, Balance, Entry, Line, Part
from madang.site.ledger.queries import Amounts

DAYS = [date(2021, month, 1) for month in range(1, 11)]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["appropriate", "obligate", "obligate", "pay", "pay", "release", "refund", "correct"]),
        st.integers(min_value=0, max_value=30),
        st.integers(min_value=1, max_value=700_000),
        st.sampled_from(DAYS),
    ),
    max_size=25,
)


def chosen(kind: str | None, number: int) -> Entry | None:
    rows = Entry.objects.select_related("line__department__parent").order_by("pk")
    rows = rows.filter(kind=kind, corrects__isnull=True) if kind else rows
    found = list(rows)
    return found[number % len(found)] if found else None


def run(world: World, step: tuple[str, int, int, date]) -> None:
    """Try one step; what the ledger refuses leaves no trace."""
    verb, number, amount, on = step
    if verb in ("appropriate", "obligate"):
        line, part = [(world.line, None), (world.parted, None), (world.parted, world.part)][number % 3]
        line = Line.objects.select_related("department__parent").get(pk=line.pk)
        if verb == "appropriate":
            signed = amount if number % 2 else -amount
            actions.appropriate(by=FINANCE, at=AT, line=line, part=part, amount_won=signed, kind="transfer", on=on)
            return
        approved(
            actions.request_obligation(by=OFFICER, at=AT, line=line, part=part, amount_won=amount, payee="", on=on)
        )
        return
    entry = chosen(None if verb == "correct" else "obligation", number)
    if entry is None:
        return
    if verb == "correct":
        confirmed(actions.request_correction(by=FINANCE, at=AT, entry=entry, reason="synthetic"))
    elif verb == "pay":
        approved(
            actions.request_payment(
                by=OFFICER, at=AT, obligation=entry, amount_won=amount, on=on, in_part=bool(number % 4)
            )
        )
    else:
        ask = actions.request_release if verb == "release" else actions.request_refund
        confirmed(ask(by=FINANCE, at=AT, obligation=entry, amount_won=amount, note="", on=on))


def sums(condition: Q) -> Amounts:
    rows = Entry.objects.filter(condition)
    return Amounts(
        *(rows.filter(kind__in=kinds).aggregate(total=Sum("amount_won"))["total"] or 0 for kinds in SIDES.values())
    )


class Laws(TestCase):
    """Random years of a synthetic bureau."""

    @settings(max_examples=40)
    @given(steps=STEPS)
    def test_balances_are_ordered_and_equal_the_sums_of_entries(self, steps):
        world = build()
        for step in steps:
            before = Entry.objects.count()
            try:
                run(world, step)
            except Refused as refusal:
                assert str(refusal).endswith(".")
                assert Entry.objects.count() == before
            wrong = ~Q(spent_won__gte=0, spent_won__lte=F("obligated_won"), obligated_won__lte=F("appropriated_won"))
            assert [Line.objects.filter(wrong).count(), Part.objects.filter(wrong).count()] == [0, 0]
        for line in Line.objects.all():
            stored = Amounts(line.appropriated_won, line.obligated_won, line.spent_won)
            assert stored == sums(Q(line=line))
            assert queries.balances(as_of=date(2021, 12, 31)).get(line.pk, queries.NOTHING) == stored
        for part in Part.objects.all():
            assert Amounts(part.appropriated_won, part.obligated_won, part.spent_won) == sums(Q(part=part))
        for balance in Balance.objects.all():
            own = sums(Q(pk=balance.obligation_id) | Q(obligation_id=balance.obligation_id))
            assert (own.obligated_won, own.spent_won) == (balance.obligated_won, balance.spent_won)

    @settings(max_examples=25)
    @given(steps=STEPS, day=st.sampled_from(DAYS))
    def test_amounts_as_of_a_day_are_those_of_the_entries_until_then(self, steps, day):
        world = build()
        for step in steps:
            try:
                run(world, step)
            except Refused:
                continue
        as_of = queries.balances(as_of=day)
        for line in Line.objects.all():
            assert as_of.get(line.pk, queries.NOTHING) == sums(Q(line=line, on__lte=day))
        total = sum(queries.by_department(as_of=day).values(), queries.NOTHING)
        assert total == sums(Q(on__lte=day))
        assert sum(queries.by_programme(as_of=day).values(), queries.NOTHING) == total
