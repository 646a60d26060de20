"""The money pages: what each reader sees, and the whole way of a payment through the desk."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from ledger_world import AT, DAY, World, obligate, pay

from madang.site.kit.actor import SYSTEM
from madang.site.ledger import actions
from madang.site.ledger.models import Entry, Forecast, Line, Request, Upload
from madang.site.people.models import Account, Organisation, Person, RoleGrant
from madang.site.record.models import Event


@pytest.fixture(autouse=True)
def _clock(settings):
    settings.CLOCK_STARTS_AT = AT


@pytest.fixture
def signed_in(world: World) -> Callable[[str, str], Client]:
    """A client signed in as a synthetic official with a role in an organisation."""

    def sign_in(role: str, organisation: str = "parks", name: str = "") -> Client:
        name = name or role
        account = Account.objects.create_user(email=f"{name}@example.org")
        person = Person.objects.create(pseudonym=f"synthetic-page-{name}", account=account, created_at=AT)
        place = Organisation.objects.get(code=organisation)
        RoleGrant.objects.create(person=person, role=role, organisation=place, valid_from=AT)
        client = Client(headers={"accept-language": "en"})
        client.force_login(account)
        return client

    return sign_in


def test_everybody_sees_lines_and_payments_but_no_payee(world: World, client: Client, signed_in):
    payment = pay(obligate(world.line, 400_000, payee="합성 비밀 상회"), 150_000)
    pages = [
        reverse("ledger:home"),
        reverse("ledger:line", args=[2021, "P-01"]),
        reverse("ledger:programme", args=["1-1"]),
        reverse("ledger:entry", args=[payment.pk]),
        reverse("ledger:entry", args=[payment.obligation_id]),
    ]
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200
        assert "합성 비밀 상회" not in response.content.decode()
        assert "150,000" in response.content.decode()
    finance = signed_in("finance", "bureau")
    assert "합성 비밀 상회" in finance.get(pages[3]).content.decode()
    assert "합성 비밀 상회" not in signed_in("officer").get(pages[3]).content.decode()
    assert client.get(reverse("ledger:line", args=[2021, "X"])).status_code == 404


def test_the_money_page_prints_rates_and_keeps_the_day(world: World, client: Client):
    pay(obligate(world.line, 400_000), 150_000)
    now = client.get(reverse("ledger:home"))
    rows = {row.department.code: row.own for row in now.context["departments"].page}
    assert (rows["parks"].obligated_won, str(rows["parks"].obligation_rate)) == (400_000, "26.7")
    assert "26.7%" in now.content.decode()
    before = client.get(reverse("ledger:home"), {"as_of": "2021-09-30", "department": "parks"})
    assert before.context["total"].obligated_won == 0
    assert {row.line.department.code for row in before.context["table"].page} == {"parks"}
    empty = client.get(reverse("ledger:home"), {"as_of": "2020-01-01"})
    assert (empty.status_code, empty.context["departments"].page.total) == (200, 0)


def test_the_revenue_page_shows_the_tree(world: World, client: Client):
    new = actions.NewItem
    rows = [new("1", 2021, "수입"), new("1.1", 2021, "임대료", parent="1", budget_current_won=1_000)]
    _top, rent = actions.load_revenue(by=SYSTEM, at=AT, rows=rows)
    actions.collect(by=SYSTEM, at=AT, item=rent, amount_won=819, on=DAY)
    assert "81.9%" in client.get(reverse("ledger:revenue")).content.decode()


def test_a_payment_goes_through_three_desks(world: World, signed_in):
    officer, head, finance = signed_in("officer"), signed_in("head"), signed_in("finance", "bureau")
    line = reverse("ledger_desk:line", args=[2021, "P-01"])
    form = {"amount_won": "400000", "payee": "합성 상회", "note": "합성", "on": "2021-10-01"}
    too_much = officer.post(line, {**form, "amount_won": "1000001"})
    assert (too_much.status_code, Request.objects.count()) == (200, 0)
    assert too_much.context["form"].non_field_errors() == [
        "P-01 Parks: 1,000,001 won cannot be obligated. 0 of 1,000,000 won are obligated; 1,000,000 won are left."
    ]
    assert officer.post(line, form).status_code == 302
    request = Request.objects.get()
    approve = reverse("ledger_desk:approve", args=[request.pk])
    assert officer.post(approve).status_code == 403
    assert finance.get(reverse("ledger_desk:approvals")).context["table"].page.total == 0
    assert head.get(reverse("ledger_desk:approvals")).context["table"].page.total == 1
    assert head.get(reverse("ledger_desk:request", args=[request.pk])).status_code == 200
    head.post(approve)
    finance.post(approve)
    obligation = Entry.objects.get(kind="obligation")
    pages = reverse("ledger_desk:obligation", args=[obligation.pk])
    assert officer.get(pages).status_code == 200
    officer.post(pages, {"amount_won": "150000", "note": "합성", "on": "2021-10-01"})
    approve = reverse("ledger_desk:approve", args=[Request.objects.get(kind="payment").pk])
    head.post(approve)
    finance.post(approve)
    world.line.refresh_from_db()
    assert (world.line.obligated_won, world.line.spent_won) == (400_000, 150_000)
    back = {"kind": "release", "amount_won": "250000", "note": "합성", "on": "2021-10-01"}
    finance.post(reverse("ledger_desk:give_back", args=[obligation.pk]), back)
    payment, second = Entry.objects.get(kind="payment"), signed_in("finance", "bureau", "two")
    correct = reverse("ledger_desk:correct", args=[payment.pk])
    assert finance.get(correct).status_code == 200
    assert finance.post(correct, {"reason": "합성"}).status_code == 302
    for request in Request.objects.filter(state="pending"):
        approve = reverse("ledger_desk:approve", args=[request.pk])
        assert (finance.post(approve).status_code, head.post(approve).status_code) == (403, 403)
        second.post(approve)
    world.line.refresh_from_db()
    assert (world.line.obligated_won, world.line.spent_won) == (150_000, 0)
    taken_back = reverse("ledger_desk:correct", args=[obligation.pk])
    request = finance.post(taken_back, {"reason": "합성"}, follow=True).context["request_"]
    finance.post(reverse("ledger_desk:withdraw", args=[request.pk]))
    assert Request.objects.get(pk=request.pk).state == "withdrawn"
    for client, address in ((officer, "home"), (head, "home"), (finance, "uploads")):
        assert client.get(reverse(f"ledger_desk:{address}")).status_code == 200


def test_refusing_and_taking_back_on_the_desk(world: World, signed_in):
    officer, head = signed_in("officer"), signed_in("head")
    line = reverse("ledger_desk:line", args=[2021, "P-01"])
    for _time in range(2):
        officer.post(line, {"amount_won": "5", "payee": "합성", "note": "합성", "on": "2021-10-01"})
    first, second = Request.objects.order_by("pk")
    head.post(reverse("ledger_desk:refuse", args=[first.pk]), {"reason": "합성 사유"})
    officer.post(reverse("ledger_desk:withdraw", args=[second.pk]))
    assert list(Request.objects.order_by("pk").values_list("state", flat=True)) == ["refused", "withdrawn"]


def test_payees_leave_as_a_file_for_finance_only_and_that_is_recorded(world: World, signed_in):
    pay(obligate(world.line, 400_000), 150_000)
    address = reverse("ledger_desk:entries")
    finance = signed_in("finance", "bureau")
    shown = finance.get(address).context["table"].page
    answer = finance.get(f"{address}?file=csv")
    assert (shown.total > 2, len(b"".join(answer.streaming_content).splitlines())) == (True, shown.total + 1)
    taken = Event.objects.get(verb="file.taken")
    assert (taken.subject, taken.data["rows"]) == ("table:entries", shown.total)
    assert signed_in("officer").get(f"{address}?file=csv").status_code == 403
    movements = finance.get(reverse("ledger:line", args=[2021, "P-01"]) + "?file=xlsx")
    assert movements["Content-Disposition"] == 'attachment; filename="movements.xlsx"'
    assert Event.objects.filter(verb="file.taken").count() == 1


def test_officials_of_another_department_stay_out(world: World, signed_in):
    stranger = signed_in("officer", "roads")
    assert stranger.get(reverse("ledger_desk:line", args=[2021, "P-01"])).status_code == 403
    assert stranger.get(reverse("ledger_desk:line", args=[2021, "R-01"])).status_code == 200
    codes = [line.code for line in stranger.get(reverse("ledger_desk:home")).context["table"].page]
    assert codes == ["R-01"]


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("home", []),
        ("approvals", []),
        ("request", [1]),
        ("line", [2021, "P-01"]),
        ("obligation", [1]),
        ("correct", [1]),
        ("uploads", []),
        ("upload", [1]),
    ],
)
def test_the_desk_is_closed_to_visitors(world: World, client: Client, name: str, args: list):
    response = client.get(reverse(f"ledger_desk:{name}", args=args))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_a_forecast_is_noted_on_the_desk(world: World, signed_in):
    officer = signed_in("officer")
    officer.post(
        reverse("ledger_desk:forecast", args=[2021, "P-02"]),
        {"part": world.part.pk, "year_end_won": "5", "on": "2021-10-01"},
    )
    assert list(Forecast.objects.values_list("line__code", "part__code", "year_end_won")) == [("P-02", "P-02.1", 5)]
    assert len(officer.get(reverse("ledger_desk:home")).context["alerts"]) == 1


def test_a_file_is_previewed_and_confirmed_by_a_second_person(world: World, signed_in):
    one, two = signed_in("finance", "bureau", "one"), signed_in("finance", "bureau", "two")
    address = reverse("ledger_desk:uploads")
    bad = SimpleUploadedFile("x.csv", b"line,kind,amount_won,on\nP-01,obligation,x,2021-04-01\n")
    shown = one.post(address, {"kind": "entries", "file": bad})
    assert (shown.context["errors"], Upload.objects.count()) == (
        ["Row 2, column amount_won: x is not a whole number."],
        0,
    )
    good = SimpleUploadedFile("x.csv", b"line,kind,amount_won,on\nP-01,obligation,7,2021-04-01\n")
    assert one.post(address, {"kind": "entries", "file": good}).status_code == 302
    preview = reverse("ledger_desk:upload", args=[Upload.objects.get().pk])
    assert one.get(preview).context["may_post"].ok is False
    assert two.get(preview).context["may_post"].ok is True
    assert Entry.objects.filter(kind="obligation").count() == 0
    assert two.post(preview).status_code == 302
    assert Line.objects.get(code="P-01").obligated_won == 7


@pytest.mark.parametrize("address", ["/ledger/", "/ledger/lines/2021/P-01/"])
def test_pages_cost_a_fixed_number_of_queries(world: World, client: Client, address: str):
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        pay(obligate(world.line, 10), 5)
        pay(obligate(world.line, 10), 5)
    assert counts[0] == counts[1]
    assert counts[0] <= 6


def test_a_refusal_is_told_in_korean(world: World, signed_in):
    officer = signed_in("officer")
    form = {"amount_won": "1000001", "payee": "합성", "note": "합성", "on": "2021-10-01"}
    address = reverse("ledger_desk:line", args=[2021, "P-01"])
    shown = officer.post(address, form, headers={"accept-language": "ko"})
    assert shown.context["form"].non_field_errors() == [
        "P-01 공원: 1,000,001원을 원인행위할 수 없습니다. "
        "예산현액 1,000,000원 중 0원이 원인행위되었고 1,000,000원이 남아 있습니다."
    ]


def kept(page, name: str) -> list[str]:
    """What stands in a field of a page after it was refused."""
    return re.findall(rf'name="{name}" value="(.*?)"[^>]*aria-invalid="true"', page.content.decode())


def test_what_was_typed_stays_when_a_forecast_or_a_release_is_refused(world: World, signed_in):
    obligation = obligate(world.line, 400_000)
    page = signed_in("officer").post("/desk/ledger/lines/2021/P-01/forecast/", {"year_end_won": "-5"})
    assert (page.status_code, kept(page, "year_end_won"), Forecast.objects.count()) == (200, ["-5"], 0)
    finance, address = signed_in("finance", "bureau"), reverse("ledger_desk:give_back", args=[obligation.pk])
    page = finance.post(address, {"kind": "release", "amount_won": "-7"})
    assert (page.status_code, kept(page, "amount_won")) == (200, ["-7"])
    page = finance.post(address, {"kind": "release", "amount_won": "500000", "on": f"{DAY}", "note": "합성"})
    told = re.findall(r'role="alert">.*?<li>(.*?)</li>', page.content.decode(), re.DOTALL)
    assert (page.status_code, len(told), Entry.objects.filter(kind="release").count()) == (200, 1, 0)


def test_a_refusal_without_a_reason_says_so_beside_the_field(world: World, signed_in):
    asked = {"amount_won": "400000", "on": f"{DAY}", "note": "합성", "payee": "합성 상회"}
    signed_in("officer").post("/desk/ledger/lines/2021/P-01/", asked)
    page = signed_in("head").post(reverse("ledger_desk:refuse", args=[Request.objects.get().pk]), {"reason": ""})
    assert re.findall('<p class="error" id="(.*?)">', page.content.decode()) == ["id_reason_error"]
    assert Request.objects.get().state == "pending"
