"""The pages of a call: why not, writing with a draft, the receipt, changing; papers, merging and contact data."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import IDEA_DATA, OPEN_CALL, file_matter, make_process, opened

from madang.site.docket.models import Attachment, Link, Matter
from madang.site.intake.models import Draft
from madang.site.intake.queries import similar
from madang.site.kit import clock
from madang.site.people.models import Account, Claim, Person, RoleGrant
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    (stage,) = opened(("call", {**OPEN_CALL, "who": ["lives_in:town"]}))
    return stage


def client_of(*claims: str, office=None) -> Client:
    """A signed-in browser of a synthetic person who reads English."""
    account = Account.objects.create_user(f"{Account.objects.count()}@example.invalid", "synthetic-password")
    since = clock.now()
    person = Person.objects.create(pseudonym=f"page-{account.pk}", account=account, synthetic=True, created_at=since)
    for kind, _sep, value in (claim.partition(":") for claim in claims):
        Claim.objects.create(person=person, kind=kind, value=value, valid_from=since)
    if office is not None:
        RoleGrant.objects.create(person=person, role="officer", organisation=office, valid_from=since)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(account)
    client.person = person
    return client


def test_the_page_of_a_call_says_why_not_before_anything_is_written(call):
    stranger, resident = client_of(), client_of("lives_in:town")
    page = stranger.get(f"/intake/calls/{call.pk}/").content.decode()
    assert "Open only to somebody who lives in town." in page
    assert f"/intake/calls/{call.pk}/write/" not in page
    assert "Show it by an identity check" in page
    (members,) = opened(("call", {**OPEN_CALL, "who": ["member_of:council"]}))
    assert "Show it by an identity check" not in stranger.get(f"/intake/calls/{members.pk}/").content.decode()
    assert stranger.get(f"/intake/calls/{call.pk}/write/").url == f"/intake/calls/{call.pk}/"
    assert stranger.post(f"/intake/calls/{call.pk}/write/", {**IDEA_DATA, "do": "submit"}).status_code == 403
    assert Matter.objects.count() == 0
    assert f"/intake/calls/{call.pk}/write/" in resident.get(f"/intake/calls/{call.pk}/").content.decode()
    assert Client().get(f"/intake/calls/{call.pk}/write/").status_code == 302


def test_a_draft_is_kept_and_filled_in_again_and_filing_gives_a_receipt(call, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client, address = client_of("lives_in:town"), f"/intake/calls/{call.pk}/write/"
    assert client.post(address, {"title": "합성 초안", "do": "save"}).url == address
    assert "합성 초안" in client.get(address).content.decode()
    assert client.post(f"/intake/calls/{call.pk}/draft/", {"title": "합성 초안 둘"}).status_code == 204
    assert Draft.objects.get().data == {"title": "합성 초안 둘"}
    file = SimpleUploadedFile("합성.pdf", b"%PDF-1.7 synthetic")
    # A form without a field for files takes them as attachments all the same.
    answer = client.post(address, {**IDEA_DATA, "do": "submit", "files": file})
    matter = Matter.objects.get()
    assert answer.url == f"/intake/matters/{matter.number}/receipt/"
    assert matter.number in client.get(answer.url).content.decode()
    assert (Draft.objects.count(), Attachment.objects.get().name) == (0, "합성.pdf")
    assert client_of().get(answer.url).status_code == 403


def test_wrong_answers_are_told_at_their_field_and_nothing_typed_is_lost(call):
    client = client_of("lives_in:town")
    page = client.post(f"/intake/calls/{call.pk}/write/", {"content": "합성 내용", "cost": "x", "do": "submit"})
    text = page.content.decode()
    assert (text.count("please fill this in."), text.count("The title: please fill this in.")) == (2, 0)
    assert "please write a whole number, 0 or more." in text
    assert "합성 내용" in text
    assert Matter.objects.count() == 0


def test_the_author_changes_and_withdraws(call):
    client = client_of("lives_in:town")
    matter = file_matter(stage=call, author=client.person)
    there = f"/intake/matters/{matter.number}"
    assert "합성 제안" in client.get(f"{there}/change/").content.decode()
    client.post(f"{there}/change/", {**IDEA_DATA, "title": "합성 새 제목", "note": "제목"})
    matter.refresh_from_db()
    assert (matter.title, matter.revisions.count()) == ("합성 새 제목", 2)
    assert client_of().get(f"{there}/change/").status_code == 403
    client.post(f"{there}/withdraw/", {"reason": "합성"})
    matter.refresh_from_db()
    assert matter.ending == "withdrawn"


def test_the_desk_enters_papers_merges_and_reads_contact_data(call):
    officer, other = client_of(office=call.process.department), client_of("lives_in:town")
    officer.post(f"/desk/intake/calls/{call.pk}/paper/", {**IDEA_DATA, "phone": "010-0000-0000"})
    paper = Matter.objects.get()
    assert (paper.channel, paper.author_id) == ("paper", None)
    twin = file_matter(stage=call, title=paper.title)
    page = officer.get(f"/desk/intake/matters/{paper.number}/merge/").content.decode()
    assert twin.number in page
    officer.post(f"/desk/intake/matters/{paper.number}/merge/", {"numbers": twin.number, "reason": "합성 중복"})
    assert list(Link.objects.values_list("source_id", "target_id")) == [(twin.pk, paper.pk)]
    read = officer.post(f"/desk/intake/matters/{paper.number}/personal/").content.decode()
    assert "010-0000-0000" in read
    assert Event.objects.filter(verb="personal.read").count() == 1
    assert other.get(f"/desk/intake/calls/{call.pk}/").status_code == 403
    assert twin.number in officer.get(f"/desk/intake/calls/{call.pk}/").content.decode()


def test_similar_titles_are_found_by_the_letters_they_share(call):
    titles = ["한강공원 쉼터 조성", "한강 공원에 쉼터를 조성", "버스 노선 늘리기"]
    one, two, _three = [file_matter(stage=call, title=title) for title in titles]
    assert similar(call.process, one.title, but=one.pk) == [two]
    assert similar(call.process, "가", but=one.pk) == []


@pytest.mark.parametrize("path", ["/intake/calls/{pk}/", "/desk/intake/calls/{pk}/"])
def test_a_list_costs_the_same_queries_with_one_row_and_with_three(call, path):
    client, counts = client_of("lives_in:town", office=call.process.department), []
    for more in (1, 2):
        for _ in range(more):
            file_matter(stage=call)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path.format(pk=call.pk)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_pressing_the_button_twice_files_once_and_leads_to_the_same_receipt(call):
    client, address = client_of("lives_in:town"), f"/intake/calls/{call.pk}/write/"
    answers = [client.post(address, {**IDEA_DATA, "do": "submit"}) for _ in range(2)]
    number = Matter.objects.get().number
    assert [answer.url for answer in answers] == [f"/intake/matters/{number}/receipt/"] * 2
    assert Event.objects.filter(verb="matter.filed").count() == 1
    client.post(address, {**IDEA_DATA, "title": "합성 다른 제안", "do": "submit"})
    client_of("lives_in:town").post(address, {**IDEA_DATA, "do": "submit"})
    assert Matter.objects.count() == 3


def test_similar_ones_are_shown_before_anything_is_filed(call):
    file_matter(stage=call, title="한강공원 쉼터 조성")
    client, address = client_of("lives_in:town"), f"/intake/calls/{call.pk}/write/"
    assert "Similar ones under way" not in client.get(address).content.decode()
    answer = client.post(address, {"title": "한강 공원 쉼터 조성", "do": "similar"}, follow=True)
    assert Matter.objects.get().number in answer.content.decode()
    answer = client.post(address, {"title": "버스 노선", "do": "similar"}, follow=True)
    assert "Nothing with a similar title is under way." in answer.content.decode()


def test_files_chosen_with_wrong_answers_are_asked_for_again(call):
    client, file = client_of("lives_in:town"), SimpleUploadedFile("합성.pdf", b"%PDF-1.7 synthetic")
    address = f"/intake/calls/{call.pk}/write/"
    assert "choose your files again" in client.post(address, {"do": "submit", "files": file}).content.decode()
    saved = client.post(address, {"title": "합성", "do": "save", "files": file}, follow=True).content.decode()
    assert "Files are not kept in a draft" in saved


def test_the_author_takes_a_file_out_and_adds_another(call, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = client_of("lives_in:town")
    file = SimpleUploadedFile("합성.pdf", b"%PDF-1.7 synthetic")
    client.post(f"/intake/calls/{call.pk}/write/", {**IDEA_DATA, "do": "submit", "files": file})
    matter, old = Matter.objects.get(), Attachment.objects.get()
    there = f"/intake/matters/{matter.number}/change/"
    assert "합성.pdf" in client.get(there).content.decode()
    new = SimpleUploadedFile("새것.png", b"\x89PNG\r\n\x1a\n")
    assert client.post(there, {**IDEA_DATA, "removed": [old.pk], "files": new}).status_code == 302
    assert list(matter.attachments.values_list("name", flat=True)) == ["새것.png"]


def test_a_call_says_how_much_is_requested_in_all(call):
    client = client_of()
    assert "Requested in all" not in client.get(f"/intake/calls/{call.pk}/").content.decode()
    file_matter(stage=call, amount_won=1_000_000)
    file_matter(stage=call, amount_won=2_345_678)
    assert "3,345,678 won" in client.get(f"/intake/calls/{call.pk}/").content.decode()


def test_the_desk_filters_what_was_filed_and_strangers_are_kept_from_papers(call):
    officer = client_of(office=call.process.department)
    one, two = file_matter(stage=call, title="합성 하나"), file_matter(stage=call, title="합성 둘", channel="paper")
    address = f"/desk/intake/calls/{call.pk}/"
    for query, numbers in (
        ("q=하나", [one.number]),
        ("show=paper", [two.number]),
        ("show=ended", []),
        ("show=nonsense", [two.number, one.number]),
    ):
        page = officer.get(f"{address}?{query}").content.decode()
        assert [number for number in (two.number, one.number) if number in page] == numbers
    assert "Contact data" not in page
    other = make_process(("call", OPEN_CALL)).department
    assert client_of(office=other).get(f"{address}paper/").status_code == 403
    assert "Merge others" not in client_of(office=other).get(address).content.decode()
