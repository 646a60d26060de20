"""The pages of a call: why not, writing with a draft, the receipt, changing; papers, merging and contact data."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import IDEA_DATA, OPEN_CALL, file_matter, make_process, opened
from intake_world import client_of, write_all

from madang.site.docket.alike import similar
from madang.site.docket.models import Attachment, Link, Matter
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db


def test_the_page_of_a_call_says_why_not_before_anything_is_written(call):
    stranger, resident = client_of(), client_of("lives_in:town")
    page = stranger.get(f"/intake/calls/{call.pk}/").content.decode()
    assert "Open only to somebody who lives in town." in page
    assert f"/intake/calls/{call.pk}/write/" not in page
    assert "Show it by an identity check" in page
    (members,) = opened(("call", {**OPEN_CALL, "who": ["member_of:council"]}))
    assert "Show it by an identity check" not in stranger.get(f"/intake/calls/{members.pk}/").content.decode()
    assert stranger.get(f"/intake/calls/{call.pk}/write/").url == f"/intake/calls/{call.pk}/"
    assert stranger.post(f"/intake/calls/{call.pk}/write/?step=3", {"do": "submit"}).status_code == 403
    assert Matter.objects.count() == 0
    assert f"/intake/calls/{call.pk}/write/" in resident.get(f"/intake/calls/{call.pk}/").content.decode()
    assert Client().get(f"/intake/calls/{call.pk}/write/").status_code == 302


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


def test_the_author_takes_a_file_out_and_adds_another(call, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = client_of("lives_in:town")
    file = SimpleUploadedFile("합성.pdf", b"%PDF-1.7 synthetic")
    write_all(client, call.pk, IDEA_DATA, files=file)
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
