"""Writing for a call in steps: what is kept, what is asked again, what is shown before it is filed, and the receipt."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import IDEA_DATA, OPEN_CALL, field, file_matter, make_form, opened
from intake_world import client_of, write_all

from madang.site.docket.models import Attachment, Matter
from madang.site.intake.models import Draft, Form
from madang.site.intake.steps import steps_of
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(call):
    return f"/intake/calls/{call.pk}/write/"


@pytest.fixture
def client(call):
    return client_of("lives_in:town")


def test_every_field_of_a_form_is_in_one_step_and_the_last_look_is_never_left_out():
    kinds = ["area", "long_text", "won", "long_text", "file", "consent", "choice", "text"]
    fields = [field("title", title=True), *(field(f"f{number}", kind) for number, kind in enumerate(kinds))]
    fields.append(field("story", "long_text", personal=True))
    steps = steps_of(Form(fields=fields), ())
    assert [(step.number, step.part, step.codes) for step in steps] == [
        (1, "about", ["title", "f1"]),
        (2, "details", ["f3"]),
        (3, "particulars", ["f0", "f2", "f5", "f6", "f7", "story"]),
        (4, "look", ["f4"]),
    ]
    assert [(step.number, step.part) for step in steps_of(Form(fields=[field("title", title=True)]), ())] == [
        (1, "about"),
        (2, "look"),
    ]


def test_a_step_that_is_left_is_kept_for_another_device_and_filing_gives_a_receipt(
    client, call, address, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    assert client.post(f"{address}?step=1", {"title": "합성 초안", "content": "합성"}).url == f"{address}?step=2"
    # A personal answer is kept under seal only, and what another step says stays.
    assert client.post(f"{address}?step=2", {"cost": "1,000", "phone": "010-0000-0000"}).url == f"{address}?step=3"
    draft = Draft.objects.get()
    assert (draft.data, draft.sealed is None) == ({"title": "합성 초안", "content": "합성", "cost": "1,000"}, False)
    client.post(f"{address}?step=2", {"cost": "", "phone": "010-0000-0000"})
    assert Draft.objects.get().data == {"title": "합성 초안", "content": "합성"}
    elsewhere = client_of("lives_in:town")
    elsewhere.force_login(client.person.account)
    for there in ("/my/", f"/processes/{call.process.code}/"):
        assert f'href="{address}"' in elsewhere.get(there).content.decode()
    shown = elsewhere.get(f"{address}?step=3").content.decode()
    assert ("합성 초안" in shown, "010-0000-0000" in shown, "not published" in shown) == (True, True, True)
    file = SimpleUploadedFile("합성.pdf", b"%PDF-1.7 synthetic")
    # A form without a field for files takes them as attachments all the same.
    answer = elsewhere.post(f"{address}?step=3", {"do": "submit", "files": file})
    matter = Matter.objects.get()
    assert answer.url == f"/intake/matters/{matter.number}/receipt/"
    receipt = elsewhere.get(answer.url).content.decode()
    assert (matter.number in receipt, "What happens next" in receipt) == (True, True)
    assert (Draft.objects.count(), Attachment.objects.get().name) == (0, "합성.pdf")
    assert client_of().get(answer.url).status_code == 403


def test_wrong_answers_are_told_in_their_step_and_nothing_typed_is_lost(client, address):
    text = client.post(f"{address}?step=1", {"content": "합성 내용"}).content.decode()
    # Beside the field and at the top; the name of the field is not said twice.
    assert (text.count("please fill this in."), text.count("The title: please fill this in.")) == (2, 0)
    assert "합성 내용" in text
    assert "합성 내용" in client.get(address).content.decode()
    text = client.post(f"{address}?step=2", {"cost": "x"}).content.decode()
    assert text.count("please write a whole number, 0 or more.") == 2
    look = client.get(f"{address}?step=3").content.decode()
    assert (look.count("please fill this in."), look.count("please write a whole number, 0 or more.")) == (1, 1)
    answer = client.post(f"{address}?step=3", {"do": "submit"})
    assert (answer.status_code, "Something is still missing" in answer.content.decode()) == (200, True)
    assert (Matter.objects.count(), Draft.objects.get().data) == (0, {"content": "합성 내용", "cost": "x"})


@pytest.mark.parametrize("step", ["", "0", "-1", "x", "٣", "99999999999999999999"])
def test_a_step_that_does_not_exist_is_the_nearest_one(client, address, step):
    assert client.get(address, {"step": step}).status_code == 200


def test_back_save_and_throw_away(client, call, address):
    there = f"/intake/calls/{call.pk}/"
    assert client.post(f"{address}?step=2", {"cost": "x", "do": "back"}).url == f"{address}?step=1"
    assert client.post(f"{address}?step=1", {"title": "합성", "do": "save"}).url == there
    assert Draft.objects.get().data == {"title": "합성", "cost": "x"}
    assert "Go on with my draft" in client.get(there).content.decode()
    assert client.post(f"{address}?step=1", {"title": "합성 둘", "do": "discard"}).url == there
    assert Draft.objects.count() == 0


def test_while_somebody_writes_the_step_is_kept_and_similar_titles_come_back(client, call, address):
    like = file_matter(stage=call, title="한강공원 쉼터 조성")
    answer = client.post(f"/intake/calls/{call.pk}/draft/?step=1", {"title": "한강 공원 쉼터 조성"})
    found = [{"title": like.title, "url": f"/matters/{like.number}/", "meta": like.number}]
    assert json.loads(answer.content) == {"similar": found}
    assert Draft.objects.get().data == {"title": "한강 공원 쉼터 조성"}
    answer = client.post(f"/intake/calls/{call.pk}/draft/?step=2", {"cost": "1"})
    assert json.loads(answer.content) == {"similar": []}
    assert client_of().get(f"/intake/calls/{call.pk}/draft/").status_code == 405


def test_after_the_title_similar_ones_can_be_supported_instead(client):
    stage, seeking = opened(
        ("call", OPEN_CALL), ("support", {"thresholds": [{"since": "2021-01-01", "supports": 9}], "rolling": True})
    )
    like = file_matter(stage=stage, title="한강공원 쉼터 조성")
    Matter.objects.filter(pk=like.pk).update(stage=seeking)
    address = f"/intake/calls/{stage.pk}/write/"
    first = client.post(f"{address}?step=1", {"title": "한강 공원 쉼터 조성", "content": "합성"}, follow=True)
    text = first.content.decode()
    assert (like.number in text, f'action="/forums/matters/{like.pk}/support/"' in text) == (True, True)
    client.post(f"{address}?step=1", {"title": "버스 노선", "content": "합성"})
    assert "Is it one of these?" not in client.get(f"{address}?step=2").content.decode()


def test_pressing_the_button_twice_files_once_and_leads_to_the_same_receipt(client, call, address):
    answers = [write_all(client, call.pk, IDEA_DATA), client.post(f"{address}?step=3", {"do": "submit"})]
    # Everything once more, as with two windows.
    answers.append(write_all(client, call.pk, IDEA_DATA))
    number = Matter.objects.get().number
    assert [answer.url for answer in answers] == [f"/intake/matters/{number}/receipt/"] * 3
    assert Event.objects.filter(verb="matter.filed").count() == 1
    write_all(client, call.pk, {**IDEA_DATA, "title": "합성 다른 제안"})
    write_all(client_of("lives_in:town"), call.pk, IDEA_DATA)
    assert Matter.objects.count() == 3
    # Whoever never wrote anything is led to the first step.
    assert client_of("lives_in:town").post(f"{address}?step=3", {"do": "submit"}).url == f"{address}?step=1"


def test_files_chosen_with_wrong_answers_are_asked_for_again(client, address):
    client.post(f"{address}?step=1", {"title": "합성"})
    file = SimpleUploadedFile("합성.exe", b"MZ")
    answer = client.post(f"{address}?step=3", {"do": "submit", "files": file})
    assert "choose your files again" in answer.content.decode()
    file.seek(0)
    saved = client.post(f"{address}?step=3", {"do": "save", "files": file}, follow=True).content.decode()
    assert "Files are not kept in a draft" in saved


def test_a_required_file_is_asked_for_in_the_last_step(client):
    make_form("filed@1", [field("title", title=True, required=True), field("plan", "file", required=True)])
    (stage,) = opened(("call", {"form": "filed@1", "matter": "proposal"}))
    client.post(f"/intake/calls/{stage.pk}/write/?step=1", {"title": "합성"})
    text = client.post(f"/intake/calls/{stage.pk}/write/?step=2", {"do": "submit"}).content.decode()
    assert (text.count("please add a file."), Matter.objects.count()) == (2, 0)


def test_a_step_costs_few_queries(client, call, address):
    for number in range(3):
        file_matter(stage=call, title=f"합성 쉼터 {number}")
    client.post(f"{address}?step=1", {"title": "합성 쉼터", "content": "합성"})
    for step in (1, 2, 3):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"{address}?step={step}").status_code == 200
        assert len(seen) <= 15
