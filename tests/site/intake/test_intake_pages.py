"""The pages of a call: why not, writing with a draft, the receipt, changing; papers, merging and contact data."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import IDEA_DATA, OPEN_CALL, file_matter, opened

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
    assert stranger.get(f"/intake/calls/{call.pk}/write/").status_code == 403
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
    assert "The title: please fill this in." in text
    assert "The cost: please write a whole number, 0 or more." in text
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
