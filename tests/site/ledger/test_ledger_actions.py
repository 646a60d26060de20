"""Requests, approvals, corrections and refusals: WORKFLOWS.md B.1 to B.6."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from ledger_world import (
    AT,
    DAY,
    FINANCE,
    FINANCE_TOO,
    HEAD,
    OFFICER,
    OTHER_OFFICER,
    World,
    approved,
    confirmed,
    obligate,
    official,
    pay,
)

from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.kit.verdict import Refused
from madang.site.ledger import actions, queries
from madang.site.ledger.models import Balance, Entry, Line, Part, Request
from madang.site.ledger.queries import Amounts
from madang.site.record.models import Event


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def amounts(line: Line) -> Amounts:
    line.refresh_from_db()
    return Amounts(line.appropriated_won, line.obligated_won, line.spent_won)


def test_money_goes_from_appropriation_to_obligation_to_payment(world: World):
    obligation = obligate(world.line, 600_000)
    payment = pay(obligation, 250_000)
    assert amounts(world.line) == Amounts(1_000_000, 600_000, 250_000)
    assert (payment.kind, payment.amount_won, payment.obligation_id) == ("payment", 250_000, obligation.pk)
    assert (payment.requested_by, payment.approved_by) == (OFFICER.pseudonym, [HEAD.pseudonym, FINANCE.pseudonym])
    assert payment.payee == "합성 상회"
    verbs = list(Event.objects.filter(book__code="ledger").order_by("number").values_list("verb", flat=True))
    assert verbs[-6:] == [
        "obligation.requested",
        "request.approved",
        "entry.obligation",
        "payment.requested",
        "request.approved",
        "entry.payment",
    ]


def test_the_record_of_an_entry_holds_no_payee(world: World):
    obligate(world.line, 10, payee="합성 비밀")
    assert [event for event in Event.objects.all() if "합성 비밀" in str(event.data)] == []


def test_more_than_is_free_cannot_be_requested(world: World):
    obligate(world.line, 999_000)
    with pytest.raises(Refused) as refusal:
        obligate(world.line, 1_001)
    assert str(refusal.value) == (
        "P-01 Parks: 1,001 won cannot be obligated. 999,000 of 1,000,000 won are obligated; 1,000 won are left."
    )
    assert Request.objects.count() == 1


def test_two_requests_for_the_same_money_cannot_both_be_posted(world: World):
    line = Line.objects.select_related("department__parent").get(pk=world.line.pk)
    ask = {"by": OFFICER, "at": AT, "line": line, "amount_won": 700_000, "payee": "", "on": DAY}
    first, second = actions.request_obligation(**ask), actions.request_obligation(**ask)
    approved(first)
    actions.approve(by=HEAD, at=AT, request=second)
    with pytest.raises(Refused) as refusal:
        actions.approve(by=FINANCE, at=AT, request=second)
    assert str(refusal.value) == (
        "P-01 Parks: 700,000 won cannot be obligated. 700,000 of 1,000,000 won are obligated; 300,000 won are left."
    )
    second.refresh_from_db()
    assert (second.state, second.finance_by, second.entry_id) == ("pending", "", None)
    assert amounts(world.line) == Amounts(1_000_000, 700_000, 0)


def test_an_obligation_is_never_overpaid_even_if_the_line_has_more(world: World):
    small, _big = obligate(world.line, 100), obligate(world.line, 5_000)
    pay(small, 60)
    with pytest.raises(Refused) as refusal:
        pay(small, 41)
    assert str(refusal.value) == (
        "This obligation does not allow 41 won: 100 won are obligated, 60 won paid, 40 won are left."
    )
    assert amounts(world.line) == Amounts(1_000_000, 5_100, 60)


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_and_less_cannot_be_requested(world: World, amount: int):
    with pytest.raises(Refused) as refusal:
        obligate(world.line, amount)
    assert str(refusal.value) == f"The amount is {amount} won; give more than 0."


def test_days_outside_the_fiscal_year_or_ahead_are_refused(world: World):
    with pytest.raises(Refused) as ahead:
        obligate(world.line, 5, on=date(2021, 10, 2))
    assert str(ahead.value) == "The accounting day 2021-10-02 lies in the future; today is 2021-10-01."
    with pytest.raises(Refused) as outside:
        obligate(world.line, 5, on=date(2020, 12, 31))
    assert str(outside.value) == "2020-12-31 is outside the fiscal year 2021 of the budget line P-01."
    assert amounts(world.line) == Amounts(1_000_000, 0, 0)


def refusal_of(by: Actor, request: Request) -> str:
    with pytest.raises(Refused) as refusal:
        actions.approve(by=by, at=AT, request=request)
    return str(refusal.value)


def asked(world: World, by: Actor = OFFICER) -> Request:
    line = Line.objects.select_related("department__parent").get(pk=world.line.pk)
    return actions.request_obligation(by=by, at=AT, line=line, amount_won=10, payee="", on=DAY)


def test_four_eyes(world: World):
    everything = Actor("synthetic-all", grants=frozenset({Grant("officer"), Grant("head"), Grant("finance")}))
    own = asked(world, everything)
    assert refusal_of(everything, own) == "You requested this yourself; somebody else must approve it."
    request = asked(world)
    assert refusal_of(FINANCE, request) == "The head of department must approve this first."
    assert refusal_of(SYSTEM, request) == "The head of department must approve this first."
    assert refusal_of(official("far", "head", "roads"), request) == "The head of department must approve this first."
    actions.approve(by=everything, at=AT, request=request)
    assert refusal_of(everything, request) == "You approved this already as head; finance must be another person."
    assert refusal_of(HEAD, request) == "Finance must approve this now."
    assert refusal_of(official("far", "finance", "roads"), request) == "Finance must approve this now."
    actions.approve(by=FINANCE, at=AT, request=request)
    assert refusal_of(FINANCE_TOO, request) == "This request has already been decided."
    assert Entry.objects.filter(kind="obligation").count() == 1


def test_a_stale_request_cannot_be_approved_twice(world: World):
    request = asked(world)
    stale = Request.objects.get(pk=request.pk)
    approved(request)
    assert refusal_of(HEAD, stale) == "This request was decided by somebody else meanwhile."
    assert Entry.objects.filter(kind="obligation").count() == 1


def test_the_database_itself_refuses_one_person_in_two_roles(world: World):
    request = asked(world)
    for wrong in ({"head_by": OFFICER.pseudonym}, {"head_by": "x", "finance_by": "x"}, {"state": "posted"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Request.objects.filter(pk=request.pk).update(**wrong)


def test_an_officer_of_another_department_cannot_request(world: World):
    with pytest.raises(Refused) as refusal:
        asked(world, OTHER_OFFICER)
    assert str(refusal.value) == "Only an officer of the department may request this."


def test_refusing_and_withdrawing_end_a_request(world: World):
    refused = actions.refuse(by=HEAD, at=AT, request=asked(world), reason=" zu teuer ")
    withdrawn = actions.withdraw(by=OFFICER, at=AT, request=asked(world))
    states = list(Request.objects.order_by("pk").values_list("state", "ended_by", "reason"))
    assert states == [("refused", HEAD.pseudonym, "zu teuer"), ("withdrawn", OFFICER.pseudonym, "")]
    assert refusal_of(HEAD, refused) == "This request has already been decided."
    assert refusal_of(HEAD, withdrawn) == "This request has already been decided."
    with pytest.raises(Refused) as refusal:
        actions.refuse(by=HEAD, at=AT, request=asked(world), reason=" ")
    assert str(refusal.value) == "Say why you refuse this request."


def test_a_correction_is_a_counter_entry_that_two_people_make(world: World):
    obligation = obligate(world.line, 400)
    payment = pay(obligation, 150)
    early = actions.request_correction(by=FINANCE, at=AT, entry=obligation, reason="synthetic")
    assert refusal_of(FINANCE_TOO, early) == (
        "P-01 Parks: the obligation cannot be lowered by 400 won. 150 of 400 won are paid; 250 won are unpaid."
    )
    actions.withdraw(by=FINANCE, at=AT, request=early)
    asked_for = actions.request_correction(by=FINANCE, at=AT, entry=payment, reason="synthetic: wrong amount")
    assert amounts(world.line) == Amounts(1_000_000, 400, 150)
    with pytest.raises(Refused) as waits:
        actions.request_correction(by=FINANCE, at=AT, entry=payment, reason="synthetic")
    assert str(waits.value) == (
        "Somebody has asked for this correction already; it waits for a second person of finance."
    )
    alone = "You asked for this yourself; a second person of finance must confirm it."
    assert [refusal_of(by, asked_for) for by in (FINANCE, HEAD)] == [alone, "Finance must approve this now."]
    counter = confirmed(asked_for)
    assert (counter.kind, counter.amount_won, counter.corrects_id) == ("payment", -150, payment.pk)
    assert (counter.requested_by, counter.approved_by) == (FINANCE.pseudonym, [FINANCE_TOO.pseudonym])
    assert amounts(world.line) == Amounts(1_000_000, 400, 0)
    with pytest.raises(Refused) as twice:
        actions.request_correction(by=FINANCE, at=AT, entry=payment, reason="synthetic")
    assert str(twice.value) == "This entry has been corrected already."
    with pytest.raises(Refused) as again:
        actions.request_correction(by=FINANCE, at=AT, entry=counter, reason="synthetic")
    assert str(again.value) == "This is itself a correction; book the right amount with a new entry."
    confirmed(actions.request_correction(by=FINANCE, at=AT, entry=obligation, reason="synthetic"))
    assert amounts(world.line) == Amounts(1_000_000, 0, 0)
    assert Balance.objects.get(obligation=obligation).obligated_won == 0


def test_release_and_refund_belong_to_their_obligation_and_need_two_people(world: World):
    obligation = obligate(world.line, 400)
    obligate(world.line, 1_000)
    pay(obligation, 300)
    with pytest.raises(Refused) as refusal:
        actions.request_release(by=FINANCE, at=AT, obligation=obligation, amount_won=101, note="", on=DAY)
    assert str(refusal.value) == (
        "This obligation does not allow 101 won: 400 won are obligated, 300 won paid, 100 won are left."
    )
    release = actions.request_release(by=FINANCE, at=AT, obligation=obligation, amount_won=100, note="", on=DAY)
    refund = actions.request_refund(by=FINANCE, at=AT, obligation=obligation, amount_won=40, note="", on=DAY)
    assert amounts(world.line) == Amounts(1_000_000, 1_400, 300)
    assert [row.pk for row in queries.pending_for(FINANCE_TOO, AT)] == [release.pk, refund.pk]
    assert (list(queries.pending_for(FINANCE, AT)), list(queries.pending_for(HEAD, AT))) == ([], [])
    confirmed(release)
    back = confirmed(refund)
    assert (back.kind, back.amount_won) == ("refund", -40)
    assert amounts(world.line) == Amounts(1_000_000, 1_300, 260)


def test_an_appropriation_is_never_lowered_below_its_obligations(world: World):
    obligate(world.line, 900_000)
    with pytest.raises(Refused) as refusal:
        actions.appropriate(
            by=FINANCE, at=AT, line=world.line, amount_won=-100_001, kind="supplementary", on=DAY, note="synthetic"
        )
    assert str(refusal.value) == (
        "P-01 Parks: the appropriation cannot be lowered by 100,001 won. 900,000 of 1,000,000 won are obligated; "
        "100,000 won are free."
    )
    actions.appropriate(by=FINANCE, at=AT, line=world.line, amount_won=-100_000, kind="transfer", on=DAY)
    assert amounts(world.line) == Amounts(900_000, 900_000, 0)
    with pytest.raises(Refused):
        actions.appropriate(by=FINANCE, at=AT, line=world.line, amount_won=-1, kind="original", on=DAY)


def test_a_part_has_the_constraint_and_the_rest_of_its_line_has_not(world: World):
    """CONSISTENCY.md 2.4: obligated in the part, paid outside of it; the rest has spent more than it obligated."""
    school = obligate(world.parted, 94, part=world.part)
    rest = obligate(world.parted, 31)
    pay(school, 56)
    pay(rest, 31)
    pay(school, 38, in_part=False)
    assert amounts(world.parted) == Amounts(500_000, 125, 125)
    world.part.refresh_from_db()
    assert (world.part.obligated_won, world.part.spent_won) == (94, 56)
    with pytest.raises(Refused) as refusal:
        obligate(world.parted, 199_907, part=world.part)
    assert str(refusal.value) == (
        "P-02.1 School: 199,907 won cannot be obligated. 94 of 200,000 won are obligated; 199,906 won are left."
    )
    assert amounts(world.parted) == Amounts(500_000, 125, 125)


@pytest.mark.parametrize("model", [Line, Part])
@pytest.mark.parametrize(
    "wrong", [{"spent_won": 1}, {"obligated_won": 10**12}, {"spent_won": -1}, {"appropriated_won": -1}]
)
def test_the_database_keeps_the_order_of_balances(world: World, model: type, wrong: dict):
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().update(**wrong)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_collection"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET amount_won = 1", "DELETE FROM {}"])
def test_entries_and_collections_cannot_be_changed(world: World, table: str, statement: str):
    (item,) = actions.load_revenue(by=SYSTEM, at=AT, rows=[actions.NewItem("1", 2021, "수입")])
    actions.collect(by=SYSTEM, at=AT, item=item, amount_won=5, on=DAY)
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert str(error.value).splitlines()[0] == f"{table} is append-only"


def test_an_approval_costs_a_fixed_number_of_queries(world: World, django_assert_num_queries):
    obligation = obligate(world.line, 400)
    request = actions.request_payment(by=OFFICER, at=AT, obligation=obligation, amount_won=1, on=DAY)
    actions.approve(by=HEAD, at=AT, request=request)
    # savepoints 2; request 2; line, obligation, entry 3; the book of events 4
    with django_assert_num_queries(11):
        actions.approve(by=FINANCE, at=AT, request=request)


def test_lines_with_unknown_or_known_codes_are_refused(world: World):
    for row, sentence in (
        (actions.NewLine("X", 2021, "nowhere", "없음"), "There is no department nowhere."),
        (actions.NewLine("X", 2021, "parks", "없음", programme="9-9"), "There is no programme 9-9."),
        (actions.NewLine("P-01", 2021, "parks", "공원"), "The budget line P-01 of 2021 is there already."),
    ):
        with pytest.raises(Refused) as refusal:
            actions.load_lines(by=FINANCE, at=AT, rows=[row])
        assert str(refusal.value) == sentence
    assert Line.objects.count() == 3


def test_alerts_name_forecasts_below_obligation_and_far_below_appropriation(world: World):
    obligate(world.line, 900_000)
    for line, part, won in ((world.line, None, 899_999), (world.parted, None, 400_000), (world.parted, world.part, 1)):
        actions.forecast(by=OFFICER, at=AT, line=line, part=part, year_end_won=won, on=DAY)
    found = [
        (alert.forecast.line.code, alert.forecast.part_id, alert.below_obligation)
        for alert in queries.alerts(as_of=DAY)
    ]
    assert found == [("P-01", None, True), ("P-02", world.part.pk, False)]
    assert queries.alerts(as_of=date(2021, 9, 30)) == []
    assert queries.alerts(as_of=DAY, by=OTHER_OFFICER) == []
    actions.forecast(by=OFFICER, at=AT, line=world.line, year_end_won=900_000, on=DAY)
    assert [alert.forecast.part_id for alert in queries.alerts(as_of=DAY)] == [world.part.pk]
