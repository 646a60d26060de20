"""Appropriations, transfers and revenue entered by hand: two people, both sides of a transfer, every booking shown."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from ledger_world import AT, DAY, World, obligate

from madang.site.kit.actor import SYSTEM
from madang.site.ledger import actions, queries
from madang.site.ledger.models import Collection, Entry, RevenueItem, Upload
from madang.site.ledger.queries import Amounts
from madang.site.people.models import Account, Person, RoleGrant
from madang.site.record.models import Event


@pytest.fixture(autouse=True)
def _clock(settings):
    settings.CLOCK_STARTS_AT = AT


@pytest.fixture
def finance(world: World) -> Callable[[str], Client]:
    """A client signed in as a synthetic official of finance."""

    def sign_in(name: str) -> Client:
        account = Account.objects.create_user(email=f"{name}@example.org")
        person = Person.objects.create(pseudonym=f"synthetic-{name}", account=account, created_at=AT)
        RoleGrant.objects.create(person=person, role="finance", organisation=world.bureau, valid_from=AT)
        client = Client(headers={"accept-language": "en"})
        client.force_login(account)
        return client

    return sign_in


@pytest.fixture
def rent(world: World) -> RevenueItem:
    """A synthetic item of revenue below another."""
    new = actions.NewItem
    rows = [new("1", 2021, "수입"), new("1.1", 2021, "임대료", parent="1", budget_current_won=1_000)]
    return actions.load_revenue(by=SYSTEM, at=AT, rows=rows)[1]


def appropriation(world: World, **more: object) -> dict[str, object]:
    told = {"kind": "supplementary", "line": world.line.pk, "amount_won": "250000", "on": "2021-10-01", "note": "합성"}
    return {**told, "to": "", "part": "", **more}


def balance(line) -> Amounts:
    return queries.balances(as_of=DAY)[line.pk]


def test_a_second_person_makes_it_count(world: World, finance):
    one, two = finance("one"), finance("two")
    address = one.post(reverse("ledger_desk:appropriation"), appropriation(world))["Location"]
    assert balance(world.line).appropriated_won == 1_000_000
    shown = one.get(address).context["page"].rows[0][1]
    assert [str(value) for _title, value in shown] == [
        "P-01",
        "supplementary budget",
        "250,000",
        "2021-10-01",
        "",
        "합성",
    ]
    one.post(address)
    assert balance(world.line).appropriated_won == 1_000_000
    two.post(address)
    assert balance(world.line).appropriated_won == 1_250_000
    entry = Entry.objects.get(amount_won=250_000)
    assert (entry.requested_by, entry.approved_by, entry.note) == ("synthetic-one", ["synthetic-two"], "합성")


def test_the_same_amount_may_be_entered_twice(world: World, finance):
    one, two = finance("one"), finance("two")
    for _twice in range(2):
        two.post(one.post(reverse("ledger_desk:appropriation"), appropriation(world))["Location"])
    assert balance(world.line).appropriated_won == 1_500_000


def test_a_transfer_has_two_sides_or_none(world: World, finance):
    one, two = finance("one"), finance("two")
    data = appropriation(world, kind="transfer", to=world.other.pk, amount_won="400000")
    two.post(one.post(reverse("ledger_desk:appropriation"), data)["Location"])
    assert [balance(line).appropriated_won for line in (world.line, world.other)] == [600_000, 400_000]
    obligate(world.line, 500_000)
    page = one.post(reverse("ledger_desk:appropriation"), data)
    assert page.context["form"].non_field_errors() == [
        "Row 1, column Amount (won): 400,000 won are too much; 600,000 won are appropriated, 500,000 obligated, "
        "0 spent by then."
    ]
    assert sum(entry.amount_won for entry in Entry.objects.filter(kind="transfer")) == 0


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"kind": "transfer"}, "to", "A transfer names the line that the money goes to, and nothing else does."),
        ({"to": "other"}, "to", "A transfer names the line that the money goes to, and nothing else does."),
        ({"kind": "transfer", "to": "line"}, "to", "Money cannot move from a line to itself."),
        ({"kind": "transfer", "to": "other", "amount_won": "-5"}, "amount_won", "Give more than 0 for a transfer."),
        ({"on": "2022-01-01"}, "on", "The day must lie in the year 2021."),
        ({"amount_won": "1.5"}, "amount_won", "Enter a whole number."),
    ],
)
def test_what_cannot_be_entered_is_said_at_its_field(world: World, finance, more, field, sentence):
    lines = {"line": world.line.pk, "other": world.other.pk}
    data = appropriation(world, **{name: lines.get(value, value) for name, value in more.items()})
    page = finance("one").post(reverse("ledger_desk:appropriation"), data)
    assert page.context["form"].errors[field] == [sentence]
    assert Upload.objects.count() == 0


def test_revenue_is_assessed_collected_and_shown_booking_by_booking(world: World, finance, rent, client: Client):
    one, two = finance("one"), finance("two")
    for kind, amount in (("assessed", "900"), ("collected", "600"), ("collected", "-100")):
        data = {"kind": kind, "item": rent.pk, "amount_won": amount, "on": "2021-10-01", "note": "합성"}
        two.post(one.post(reverse("ledger_desk:revenue"), data)["Location"])
    assert list(Collection.objects.order_by("pk").values_list("amount_won", flat=True)) == [900, 600, -100]
    for item in ("1.1", "1"):
        page = client.get(reverse("ledger:revenue_item", args=[2021, item]))
        row = page.context["row"]
        assert (row.assessed_won, row.collected_won, row.arrears_won) == (900, 500, 400)
        assert [booking.amount_won for booking in page.context["table"].page] == [-100, 600, 900]
    before = client.get(reverse("ledger:revenue_item", args=[2021, "1"]), {"as_of": "2021-09-30"})
    assert (before.context["row"].collected_won, before.context["table"].page.total) == (0, 0)
    assert client.get(reverse("ledger:revenue_item", args=[2021, "9"])).status_code == 404


def test_what_waits_stands_in_the_inbox_of_the_second_person_and_can_be_taken_back(world: World, finance):
    one, two = finance("one"), finance("two")
    one.post(reverse("ledger_desk:appropriation"), appropriation(world))
    upload = Upload.objects.get()
    assert _waiting(two) == ["By hand: 합성"]
    assert _waiting(one) == []
    two.post(reverse("ledger_desk:drop", args=[upload.pk]))
    assert (Upload.objects.get().state, _waiting(two)) == ("dropped", [])
    two.post(reverse("ledger_desk:upload", args=[upload.pk]))
    assert balance(world.line).appropriated_won == 1_000_000
    assert Event.objects.filter(verb="upload.dropped").get().actor == "synthetic-two"


def _waiting(client: Client) -> list[str]:
    piles = client.get("/desk/?queue=ledger.uploads").context["inbox"].piles
    return [work.task.title for pile in piles for work in pile.work]


def test_only_finance_enters(world: World):
    officer = Account.objects.create_user(email="officer@example.org")
    person = Person.objects.create(pseudonym="synthetic-officer", account=officer, created_at=AT)
    RoleGrant.objects.create(person=person, role="officer", organisation=world.bureau, valid_from=AT)
    client = Client()
    client.force_login(officer)
    assert [client.get(reverse(f"ledger_desk:{name}")).status_code for name in ("appropriation", "revenue")] == [
        403
    ] * 2
