"""The pages of reports and figures, for everybody and at the desk."""

import hashlib
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reports_world import AT, DAY, OFFICER, World, obligate

from madang.site.kit.actor import SYSTEM
from madang.site.people.actions import give_role, open_account
from madang.site.people.models import Account
from madang.site.reports import actions, queries
from madang.site.reports.freezing import fingerprint
from madang.site.reports.models import FrozenReport, Observation


def signed_in(role: str = "") -> Client:
    """A browser of somebody with a role."""
    account = Account.objects.create_user(f"{role or 'citizen'}@example.invalid", "synthetic-password")
    person = open_account(by=SYSTEM, at=AT, account=account)
    if role:
        give_role(by=SYSTEM, at=AT, person=person, role=role)
    client = Client()
    client.force_login(account)
    return client


def test_each_derived_number_of_the_report_opens_its_records(world: World) -> None:
    page = Client().get("/reports/yearly/?as_of=2021-10-01").content.decode()
    assert '<a class="figure" href="/figures/obligated%3AP-01/?as_of=2021-10-01">333</a>' in page
    observed = '<a class="figure observed" title="합성 문서, 7행" href="/figures/visitors/?as_of=2021-10-01">1,234</a>'
    assert observed in page
    records = Client().get("/figures/obligated%3AP-01/?as_of=2021-10-01")
    assert (records.context["shown"], records.context["records"].total) == ("333", 1)
    assert [row["cells"][2:4] for row in records.context["cells"]] == [[("구분", "원인행위"), ("금액(원)", "333,000")]]
    assert records.context["how"] == "이 기록의 '금액(원)'을(를) 모두 더한 값이 수치입니다: 333,000."
    counted = Client().get("/figures/filled%3Aparks/?as_of=2021-10-01")
    assert (counted.context["how"], counted.context["shown"]) == ("이 기록의 건수가 수치입니다.", "2")


def test_the_page_begins_with_contents_that_lead_to_its_chapters(world: World) -> None:
    page = Client().get("/reports/yearly/?as_of=2021-10-01").content.decode()
    entries = re.findall(r'<li class="level-1"><a href="#(section-\d+)">([^<]*)</a>', page)
    headings = re.findall(r'<h\d class="heading-1" id="(section-\d+)">([^<]*)</h', page)
    assert (entries, len(entries)) == (headings, 1)
    assert page.index('<nav class="contents"') < page.index('class="heading-1"')


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2020-12-31", "기록에 2020년 예산이 없습니다. 다른 날짜를 선택해 주세요."),
        ("2099-01-01", "앞날을 기준일로 할 수 없습니다. 오늘이나 그 이전 날짜를 적어 주세요."),
    ],
)
def test_a_day_without_a_report_is_told_in_a_sentence(world: World, day: str, sentence: str) -> None:
    page = Client().get(f"/reports/yearly/?as_of={day}")
    assert (page.status_code, page.context["refused"]) == (404, sentence)
    assert page.content.decode().count(sentence) == 1


def test_a_computed_figure_shows_what_it_is_computed_from(world: World) -> None:
    page = Client().get("/figures/obligation-rate%3AP-01/")
    assert [(part["value"].figure.name, part["shown"]) for part in page.context["parts"]] == [
        ("obligated:P-01", "333"),
        ("appropriation:P-01", "1,000"),
    ]


def test_the_list_of_figures_and_the_open_data_hold_every_figure(world: World) -> None:
    known = len(queries.values(as_of=DAY, at=AT))
    assert Client().get("/figures/").context["figures"].total == known
    listed = Client().get("/figures.json?as_of=2021-10-01").json()
    assert (listed["as_of"], len(listed["figures"])) == ("2021-10-01", known)
    one = next(figure for figure in listed["figures"] if figure["name"] == "grant")
    assert (one["value"], one["unit"], one["kind"], one["programme"], one["won"]) == (
        2.5,
        "million_won",
        "observed",
        "1-1",
        2_500_000,
    )


@pytest.mark.parametrize("address", ["/reports/weekly/", "/figures/nothing/", "/reports/frozen/99/"])
def test_what_is_not_there_is_not_found(world: World, address: str) -> None:
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("form", ["html", "pdf", "xlsx", "hwpx"])
def test_a_report_that_was_handed_in_is_given_out_the_same_twice(world: World, form: str) -> None:
    frozen = actions.freeze(by=OFFICER, at=AT, report="yearly", as_of=DAY)
    first = Client().get(f"/reports/frozen/{frozen.pk}/{form}/")
    obligate(world.line, 1_000)
    assert Client().get(f"/reports/frozen/{frozen.pk}/{form}/").content == first.content
    assert first["Content-Disposition"] == f'attachment; filename="yearly-2021-10-01-ko.{form}"'


def test_an_officer_hands_a_report_in_at_the_desk(world: World) -> None:
    officer = signed_in("officer")
    answer = officer.post("/desk/reports/yearly/", {"as_of": "2021-10-01", "note": "합성"})
    frozen = FrozenReport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/reports/frozen/{frozen.pk}/")
    assert (frozen.as_of, frozen.note) == (date(2021, 10, 1), "합성")


def test_an_officer_enters_an_observed_figure_and_nobody_a_derived_one(world: World) -> None:
    officer = signed_in("officer")
    entered = {"name": "visitors", "value": "1300", "as_of": "2021-10-01", "source": "합성 문서"}
    assert officer.post("/desk/reports/", entered).status_code == 302
    assert officer.post("/desk/reports/", {**entered, "name": "obligated:P-01"}).status_code == 200
    assert list(Observation.objects.values_list("name", "value")) == [("visitors", 1300)]


def test_the_desk_is_closed_to_citizens(world: World) -> None:
    assert signed_in().get("/desk/reports/").status_code == 403
    assert Client().get("/desk/reports/yearly/pdf/").status_code == 302


def test_pages_cost_the_same_number_of_queries_with_more_rows(world: World) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(address).status_code == 200
        return len(captured)

    actions.freeze(by=OFFICER, at=AT, report="yearly", as_of=DAY, note="first")
    addresses = ["/reports/", "/reports/yearly/", "/figures/obligated%3AP-01/"]
    before = [cost(address) for address in addresses]
    obligate(world.line, 1_000)
    actions.freeze(by=OFFICER, at=AT, report="yearly", as_of=DAY)
    obligate(world.line, 2_000)
    assert [cost(address) for address in addresses] == before


def test_what_was_typed_stays_when_handing_in_is_refused(world: World) -> None:
    officer = signed_in("officer")
    page = officer.post(
        reverse("reports_desk:freeze", args=["yearly"]), {"as_of": "soon", "note": "합성 메모"}
    ).content.decode()
    assert re.findall('name="as_of" value="(.*?)"[^>]*aria-invalid', page) == ["soon"]
    assert re.findall('name="note" value="(.*?)"', page) == ["합성 메모"]
    assert officer.post(reverse("reports_desk:freeze", args=["none"]), {"as_of": "2021-10-01"}).status_code == 404
    assert not FrozenReport.objects.exists()


def test_a_reader_sees_whether_a_report_was_changed_and_can_check_it(world: World) -> None:
    frozen = actions.freeze(by=OFFICER, at=AT, report="yearly", as_of=DAY)
    reader, address = Client(headers={"accept-language": "en"}), f"/reports/frozen/{frozen.pk}/"
    said = ("Unchanged since it was handed in", "Changed since it was handed in")
    assert [reader.get(address).text.count(words) for words in said] == [1, 0]
    file = reader.get(f"{address}json/")
    assert hashlib.sha256(file.content).hexdigest() == frozen.sha256
    assert file["Content-Disposition"] == 'attachment; filename="yearly-2021-10-01.json"'
    # Neither other words nor a fingerprint that fits them pass: the record noted another one.
    figures = [{**frozen.figures[0], "value": 1}, *frozen.figures[1:]]
    FrozenReport.objects.update(figures=figures)
    assert [reader.get(address).text.count(words) for words in said] == [0, 1]
    FrozenReport.objects.update(sha256=fingerprint(FrozenReport.objects.get().content))
    assert [reader.get(address).text.count(words) for words in said] == [0, 1]
