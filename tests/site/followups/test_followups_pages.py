"""Pages of followups: they work without script, and cost a fixed number of queries."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reviews_world import World, as_actor, make_world, sign_in

from madang.site.docket.models import Attachment, Passage
from madang.site.followups import actions
from madang.site.followups.models import Answer, Measure, Milestone, Referral, Visit
from madang.site.followups.photographs import LARGEST
from madang.site.kit.actor import SYSTEM
from madang.site.kit.clock import day_of
from madang.site.kit.navigation import queues
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def world() -> World:
    made = make_world(("answer", {"rolling": True}), ("deliver", {"monitors": "monitors"}))
    made.open(0, NOW)
    made.open(1, NOW)
    return made


@pytest.fixture
def official(client: Client, world: World) -> Client:
    client.cookies["django_language"] = "en"
    sign_in(client, world.person(), ("officer", world.department))
    return client


def fill(world: World, count: int) -> None:
    """Give both stages matters with something on each."""
    monitor = as_actor(world.person(("member_of", "monitors")))
    measures = [actions.NewMeasure("합성 조치")]
    for matter in world.matters(count):
        actions.refer(by=SYSTEM, at=NOW, stage=world.stages[0], matters=[matter], department=world.other)
    for matter in world.matters(count):
        given = {"by": SYSTEM, "at": NOW, "stage": world.stages[0], "matter": matter}
        actions.answer(**given, outcome="accepted", reply="합성", measures=measures)
        matter.refresh_from_db()
        actions.add_milestone(by=SYSTEM, at=NOW, matter=matter, title="합성", due_on=date(2021, 6, 30))
        actions.report_visit(by=monitor, at=NOW, matter=matter, text="합성")
    for matter in world.matters(count, stage=1):
        actions.complete(by=SYSTEM, at=NOW, matter=matter, note="합성")


@pytest.mark.parametrize(
    ("name", "order"),
    [("followups:answer", 0), ("followups:deliver", 1), ("followups_desk:answer", 0), ("followups_desk:deliver", 1)],
)
def test_pages_cost_a_fixed_number_of_queries(official: Client, world: World, name: str, order: int) -> None:
    url = reverse(name, args=[world.stages[order].pk])

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert official.get(url).status_code == 200
        return len(captured)

    fill(world, 1)
    official.get(url)
    one = cost()
    fill(world, 2)
    assert cost() == one


def test_queues(world: World) -> None:
    fill(world, 3)
    mine = [queue for queue in queues if queue.name.startswith("followups.")]
    assert [queue.name for queue in mine] == ["followups.answers", "followups.milestones"]
    assert [queue.rows(world.officer, NOW).count() for queue in mine] == [3, 3]
    assert [queue.rows(world.other_officer, NOW).count() for queue in mine] == [3, 0]


def test_an_official_refers_and_answers(official: Client, world: World) -> None:
    (matter,) = world.matters(1)
    url = reverse("followups_desk:answer", args=[world.stages[0].pk])
    assert official.post(url, {"department": world.other.pk}).status_code == 200
    asked = {"matters": [matter.pk], "department": world.other.pk}
    shown = official.post(url, asked).content.decode()
    assert ("Nothing has been done yet" in shown, "Parks, until " in shown, Referral.objects.count()) == (True, True, 0)
    assert official.post(url, {**asked, "confirm": "yes"}).status_code == 302
    assert Referral.objects.get().department == world.other
    page = reverse("followups_desk:reply", args=[world.stages[0].pk, matter.pk])
    assert official.get(page).status_code == 200
    bad = official.post(page, {"outcome": "accepted", "reply": "Kept text", "measures": "a|b|c|d|e"})
    assert (bad.status_code, Answer.objects.count(), "Kept text" in bad.content.decode()) == (200, 0, True)
    good = {"outcome": "accepted", "reply": "Yes", "measures": "Boxes | number | 8 | 16\n\nLamps"}
    assert official.post(page, good).status_code == 302
    assert list(Measure.objects.order_by("pk").values_list("title", "indicator", "before", "after")) == [
        ("Boxes", "number", "8", "16"),
        ("Lamps", "", "", ""),
    ]


def test_an_official_delivers(official: Client, world: World) -> None:
    (matter,) = world.matters(1, stage=1)
    url = reverse("followups_desk:matter", args=[matter.pk])
    assert official.post(url, {"do": "add", "title": "Fence", "due_on": "tomorrow"}).status_code == 200
    assert official.post(url, {"do": "add", "title": "Fence", "due_on": "2021-06-30"}).status_code == 302
    step = Milestone.objects.get()
    early = official.post(url, {"do": "complete", "complete-note": "Done"})
    assert "has not been reached yet" in early.content.decode()
    page = reverse("followups_desk:milestone", args=[step.pk])
    assert official.get(page).status_code == 200
    assert official.post(page, {"note": "Painted", "files": ["x"]}).status_code == 302
    assert official.post(url, {"do": "complete", "complete-note": "Done"}).status_code == 302
    assert list(Passage.objects.values_list("outcome", flat=True)) == ["delivered"]
    assert [official.get(reverse(f"{space}:matter", args=[matter.pk])).status_code for space in SPACES] == [200, 200]


SPACES = ("followups", "followups_desk")


def test_a_monitor_reports(client: Client, world: World) -> None:
    (matter,) = world.matters(1, stage=1)
    url = reverse("followups:visit", args=[matter.pk])
    assert client.get(url).status_code == 302
    sign_in(client, world.person(("member_of", "monitors")))
    assert client.get(url).status_code == 200
    assert client.post(url, {"text": "The fence stands."}).status_code == 302
    assert Visit.objects.get().text == "The fence stands."
    assert "The fence stands." in client.get(reverse("followups:matter", args=[matter.pk])).content.decode()


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_photographs_show_that_a_milestone_was_reached(official: Client, world: World, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    (matter,) = world.matters(1, stage=1)
    step = actions.add_milestone(by=SYSTEM, at=NOW, matter=matter, title="Fence", due_on=date(2021, 6, 30))
    page = reverse("followups_desk:milestone", args=[step.pk])
    for name, content, sentence in (
        ("fence.png", b"<script>", "fence.png is no photograph: it is neither PNG nor JPEG."),
        ("big.png", PNG + b"0" * LARGEST, "The photograph big.png is larger than 5 MB; please send a smaller one."),
    ):
        answer = official.post(page, {"note": "Painted", "photographs": [SimpleUploadedFile(name, content)]})
        assert answer.context["form"].non_field_errors() == [sentence]
    six = [SimpleUploadedFile(f"{number}.png", PNG) for number in range(6)]
    answer = official.post(page, {"note": "Painted", "photographs": six})
    assert answer.context["form"].non_field_errors() == ["Add at most 5 photographs at once."]
    step.refresh_from_db()
    assert (step.reached_at, Attachment.objects.count()) == (None, 0)
    sent = [SimpleUploadedFile("me and my neighbour.html", PNG)]
    assert official.post(page, {"note": "Painted", "photographs": sent}).status_code == 302
    file = step.attachments.get()
    assert (file.matter_id, file.media_type, file.size) == (matter.pk, "image/png", len(PNG))
    assert file.name.startswith(matter.number) and file.name.endswith("-1.png")
    assert Event.objects.get(verb="milestone.reached").data["files"] == [file.sha256]
    shown = [official.get(reverse(f"{space}:matter", args=[matter.pk])).content.decode() for space in SPACES]
    assert [page.count(f">{file.name}<") for page in shown] == [1, 1]


def test_everybody_reads_who_owes_an_answer_until_when(client: Client, world: World) -> None:
    client.cookies["django_language"] = "en"
    referred, waiting = world.matters(1, title="Trees")[0], world.matters(1, title="Benches")[0]
    given = {"by": SYSTEM, "at": NOW, "stage": world.stages[0]}
    actions.refer(**given, matters=[referred], department=world.other, due_on=day_of(NOW))
    page = client.get(reverse("followups:answer", args=[world.stages[0].pk])).content.decode()
    assert page.count("Waiting for an answer") == 2  # the caption, and the name of the region that scrolls
    assert [page.count(text) for text in (">Parks<", ">Trees</a>", ">Benches</a>", referred.number)] == [1, 1, 1, 2]
    actions.answer(**given, matter=waiting, outcome="accepted", reply="Yes.")
    actions.answer(**given, matter=referred, outcome="not_accepted", reply="No.")
    page = client.get(reverse("followups:answer", args=[world.stages[0].pk])).content.decode()
    assert page.count("Waiting for an answer") == 0


@pytest.mark.parametrize("rolling", [True, False])
def test_of_two_who_answer_the_second_is_told_and_loses_nothing(official: Client, world: World, rolling: bool) -> None:
    (matter,) = world.matters(1)
    stage = world.stages[0]
    stage.settings = {"rolling": rolling}
    stage.save(update_fields=["settings"])
    url = reverse("followups_desk:reply", args=[stage.pk, matter.pk])
    first = {"outcome": "accepted", "reply": "Yes", "measures": "", "seen": ""}
    assert official.post(url, first).status_code == 302
    page = official.post(url, {**first, "outcome": "not_accepted", "reply": "A long text"}).content.decode()
    assert f"A colleague answered {matter.number} meanwhile: accepted. Your text is kept below." in page
    assert ("A long text" in page, Answer.objects.get().outcome) == (True, "accepted")
    again = {**first, "outcome": "not_accepted", "reply": "A long text", "seen": Answer.objects.get().at.isoformat()}
    assert official.post(url, again).status_code == (200 if rolling else 302)
    assert Answer.objects.get().outcome == ("accepted" if rolling else "not_accepted")
