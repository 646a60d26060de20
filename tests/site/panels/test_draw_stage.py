"""The draw as a stage: quotas set with what they mean, rehearsal, announcement, the event, the proof, one's own."""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import translation

from madang import sortition
from madang.site.docket.models import Notice
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM
from madang.site.kit.nightly import night_tasks
from madang.site.kit.verdict import Refused
from madang.site.panels import actions, queries, quotas
from madang.site.panels.models import Draw, Drawn, Plan
from madang.site.people.models import Account, Organisation, Person, RoleGrant
from madang.site.record.models import Event
from madang.sortition import Quota

SECRET = "5" * 64
COMMITMENT = sortition.commitment(SECRET)
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def now(town, monkeypatch):
    translation.activate("en")
    monkeypatch.setattr(clock, "now", lambda: town.at)


def sign_in(client, person):
    account = Account.objects.create_user(f"{person.pseudonym}@example.org")
    person.account = account
    person.save()
    client.force_login(account)
    return person


def officer(client, town):
    person = Person.objects.create(pseudonym="p-official", created_at=town.at)
    where = Organisation.objects.get(code="dept")
    RoleGrant.objects.create(person=person, role="officer", organisation=where, valid_from=town.at)
    return sign_in(client, person)


def address(name, town):
    return reverse(name, args=[town.draw.pk])


def freeze(town, sexes="ffffmmmm", **more):
    town.candidates(sexes)
    return actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT, **more)


def drawn(town, sexes="ffffmmmm"):
    freeze(town, sexes)
    return actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET, public="1 2 3")


def typed(f_low, f_high, m_low, m_high, **more):
    return {"low_0": f_low, "high_0": f_high, "low_1": m_low, "high_1": m_high, **more}


def test_each_change_of_the_quotas_is_tried_on_the_candidates(client, town, now):
    town.candidates("fmmmmm")
    officer(client, town)
    there = address("panels_desk:setup", town)
    page = client.get(there, **ENGLISH).content.decode()
    assert page.count("<li>female: at least 1 instead of 2</li>") == 1
    assert page.count("<li>male: at most 3 instead of 2</li>") == 1
    part = client.post(there, typed(0, 1, 3, 4, do="check"), **ENGLISH).content.decode()
    assert part.count("The candidates can meet these quotas") == 1
    assert part.count("The smallest chance of a candidate is 66.7%, the largest 66.7%.") == 1
    assert part.count("6 candidates for 4 seats.") == 1
    part = client.post(there, typed(0, 0, 4, 4, do="check"), **ENGLISH).content.decode()
    assert part.count("Nobody of these groups can be drawn") == 1 and part.count("<li>female</li>") == 1
    for wrong in (typed("", 1, 1, 1), typed("x", 1, 1, 1), typed(3, 1, 1, 1), typed(-1, 1, 1, 1), {"do": "save"}):
        part = client.post(there, wrong, **ENGLISH).content.decode()
        assert part.count("Some numbers are missing or cannot be") == 1
    assert Plan.objects.count() == 0


def test_quotas_are_saved_with_a_public_reason_and_the_list_is_frozen_with_them(client, town, now):
    town.candidates("fmmmmm")
    officer(client, town)
    page = address("panels_desk:setup", town)
    wrong = client.post(page, typed(3, 1, 1, 1, do="save", reason="합성 사유"), **ENGLISH).content.decode()
    assert (wrong.count("At most must not be below at least."), wrong.count('value="3"')) == (2, 1)
    silent = client.post(page, typed(1, 1, 3, 3, do="save", reason=" "), **ENGLISH).content.decode()
    assert silent.count("Say why the quotas are changed") == 2
    assert Plan.objects.count() == 0
    checked = client.post(page, typed(1, 1, 3, 3, do="check"), **ENGLISH).content.decode()
    assert (checked.count("The candidates can meet these quotas"), Plan.objects.count()) == (1, 0)
    client.post(page, typed(1, 1, 3, 3, do="save", reason="합성 사유: 여성 후보가 한 명입니다."))
    event = Event.objects.get(verb="draw.planned")
    assert (event.data["changed"], event.data["reason"]) == (["sex=f", "sex=m"], "합성 사유: 여성 후보가 한 명입니다.")
    public = client.get(address("panels:draw", town), **ENGLISH).content.decode()
    assert public.count("합성 사유: 여성 후보가 한 명입니다.") == 1
    assert public.count('<th scope="row">male</th><td class="number">3</td>') == 1
    draw = actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    assert [(one["value"], one["low"], one["high"]) for one in draw.quotas] == [("f", 1, 1), ("m", 3, 3)]
    assert Event.objects.get(verb="draw.frozen").data["relaxed"] == []
    refused = client.post(page, typed(2, 2, 2, 2, do="save", reason="x"), **ENGLISH).content.decode()
    assert refused.count("a frozen list never changes") >= 1


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ([Quota("sex", "f", 2, 2)], "for the groups of the recipe"),
        ([Quota("sex", "f", 2, 2), Quota("sex", "x", 2, 2)], "for the groups of the recipe"),
        ([Quota("sex", "f", 3, 2), Quota("sex", "m", 2, 2)], "from its smallest number up"),
        ([Quota("sex", "f", -1, 2), Quota("sex", "m", 2, 2)], "from its smallest number up"),
    ],
)
def test_other_groups_and_bounds_that_cannot_be_are_refused(town, now, wanted, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.plan(by=town.officer, at=town.at, stage=town.draw, wanted=wanted, reason="r")
    assert Plan.objects.count() == 0


def test_a_draw_among_all_has_no_quotas_to_set(client, town, now):
    town.draw.settings = {"seats": 2}
    town.draw.save()
    town.candidates("fmmm")
    officer(client, town)
    page = client.get(address("panels_desk:setup", town), **ENGLISH).content.decode()
    assert (page.count("Everybody is in one group."), page.count("is 50.0%, the largest 50.0%")) == (1, 1)
    with pytest.raises(Refused, match="no quotas to set"):
        actions.plan(by=town.officer, at=town.at, stage=town.draw, wanted=[], reason="r")


def test_a_rehearsal_keeps_the_quotas_tells_chances_and_leaves_nothing(client, town, now):
    town.candidates("ffffffmmmm")
    officer(client, town)
    page = address("panels_desk:rehearsal", town)
    before = Event.objects.count()
    found = client.get(page, {"draws": "10000"}, **ENGLISH).context
    assert (found["found"].kept, found["found"].draws, found["candidates"]) == (True, 10_000, 10)
    chances = [(level.stated, level.people) for level in found["found"].levels]
    assert chances == [(Fraction(1, 3), 6), (Fraction(1, 2), 4)]
    assert all(abs(level.observed - float(level.stated)) < 0.02 for level in found["found"].levels)
    assert [(name, row.fewest, row.most) for name, row in found["rows"]] == [
        ("female", 2, 2), ("male", 2, 2), ("all seats", 4, 4),
    ]  # fmt: skip
    assert 0.001 < found["found"].by_chance < 0.999
    assert (Draw.objects.count(), Drawn.objects.count(), Event.objects.count()) == (0, 0, before)
    assert client.get(page, {"draws": "7"}, **ENGLISH).content.decode().count("Choose one of the numbers") == 2
    assert client.get(page).context.get("found") is None


def test_a_rehearsal_without_candidates_says_so(client, town, now):
    officer(client, town)
    page = client.get(address("panels_desk:rehearsal", town), {"draws": "1000"}, **ENGLISH).content.decode()
    assert page.count("There are no candidates yet, so nothing can be said.") == 1


def test_nobody_draws_before_the_moment_that_was_announced(client, town, now):
    soon = town.at + timedelta(days=1)
    with pytest.raises(Refused, match="still to come"):
        freeze(town, draws_at=town.at)
    actions.freeze(
        by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT, draws_at=soon, chance="합성 복권 9회"
    )
    told = Event.objects.get(verb="draw.frozen").data
    assert (told["draws_at"], told["chance"]) == (soon.isoformat(), "합성 복권 9회")
    page = client.get(address("panels:watch", town), **ENGLISH).content.decode()
    assert (page.count("합성 복권 9회"), page.count('data-draw-state="frozen"'), page.count(COMMITMENT)) == (2, 1, 1)
    with pytest.raises(Refused, match="was announced for 2021-03-03 10:00"):
        actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET)
    actions.draw(by=town.officer, at=soon, stage=town.draw, secret=SECRET, public="9")
    assert Draw.objects.get().drawn_at == soon


def test_the_event_shows_the_list_against_the_city_the_number_and_its_panel(client, town, now):
    draw = drawn(town, "ffffffmm")
    found = client.get(address("panels:watch", town), **ENGLISH).context
    rows = [
        (row.name, row.residents, row.residents_share, row.candidates, row.candidates_share) for row in found["pool"]
    ]
    assert rows == [("female", 600, 0.75, 6, 0.75), ("male", 200, 0.25, 2, 0.25)]
    assert found["number"] == draw.record["draw"]["ticket"]
    assert [(name, row.people) for name, row in found["counted"]] == [("female", 2), ("male", 2), ("all seats", 4)]
    page = client.get(address("panels:panels", town), {"number": str(found["number"])}).context
    assert list(page["names"]) == sorted(draw.record["draw"]["panel"])
    for text in ("1000", "-1", "x", "９", "", "9" * 40):
        answer = client.get(address("panels:panels", town), {"number": text, "from": text})
        assert (answer.status_code, answer.context["number"]) == (200, None)


def test_every_panel_shown_keeps_the_quotas_and_the_tickets_of_all_are_those_of_the_record(client, town, now):
    draw = freeze(town, "ffffffmmm")
    held = Counter()
    for number in range(0, 1000, 50):
        shown = client.get(address("panels:panels", town), {"number": str(number)}, **ENGLISH).context
        assert [(name, row.people) for name, row in shown["counted"]] == [("female", 2), ("male", 2), ("all seats", 4)]
        held.update(shown["names"])
    assert set(held) <= {name for names in draw.record["published"]["pool"] for name in names}


def test_the_record_and_the_program_of_the_proof_page_work_where_nothing_else_is(client, town, now, tmp_path):
    drawn(town)
    page = client.get(address("panels:proof", town), **ENGLISH).content.decode()
    record, program = f"draw-{town.draw.pk}.json", "verifier.py"
    assert page.count(f"<code>python3 {program} {record}</code>") == 1
    assert page.count(f"<code>madang sortition verify {record}</code>") == 1
    (tmp_path / record).write_bytes(client.get(address("panels:record", town)).content)
    (tmp_path / program).write_bytes(client.get(reverse("panels:verifier")).content)
    command = [sys.executable, "-I", program, record]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env={})
    assert (done.returncode, done.stderr) == (0, "")
    changed = json.loads((tmp_path / record).read_text())
    changed["draw"]["panel"][0] = changed["reserves"][0]
    (tmp_path / record).write_text(json.dumps(changed))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, env={}).returncode == 1


def test_everybody_finds_the_own_ticket_and_nothing_about_anybody_else(client, town, now):
    draw, limits = drawn(town, "ffffffmm"), {}
    for entry in list(Drawn.objects.select_related("matter__author").order_by("pk")):
        sign_in(client, entry.matter.author)
        answer = client.get(address("panels:own", town), **ENGLISH)
        standing = sortition.standing(draw.record, entry.ticket)
        assert answer.context["numbers"] == standing["tickets"]
        assert answer.context["chance"] == standing["ideal"]
        page, others = answer.content.decode(), Drawn.objects.exclude(pk=entry.pk).values_list("ticket", flat=True)
        assert page.count(entry.ticket) == 1 and [name for name in others if name in page] == []
        assert page.count(">with my ticket<") == (entry.status == "selected")
        limits[entry.strata["sex"]] = answer.context["limits"]
    # Every man has a seat for sure, so that nothing limits his chance.
    assert limits == {"f": ["female"], "m": []}


def test_a_visitor_and_somebody_else_have_no_ticket(client, town, now):
    drawn(town)
    assert client.get(address("panels:own", town)).status_code == 302
    sign_in(client, Person.objects.create(pseudonym="p-else", created_at=town.at))
    page = client.get(address("panels:own", town), **ENGLISH).content.decode()
    assert (page.count("You are no candidate of this draw"), page.count("<code>t-")) == (1, 0)


def night(at):
    (task,) = (one for one in night_tasks if one.name == "Reserves called")
    return task.run(SYSTEM, at)


def test_the_night_calls_reserves_for_seats_given_up_and_for_silence_once(town, now):
    drawn(town)
    first, *rest = Drawn.objects.filter(status="selected").order_by("pk").select_related("draw__stage", "matter")
    assert night(town.at) == 0 and Event.objects.filter(verb="draw.reserves_called").count() == 0
    actions.reply(by=SYSTEM, at=town.at, drawn=first, accepts=False)
    assert [night(town.at), night(town.at)] == [1, 0]
    coming = Drawn.objects.filter(status="selected").exclude(pk__in=[first.pk, *(entry.pk for entry in rest)]).get()
    assert coming.strata["sex"] == first.strata["sex"]
    assert Notice.objects.filter(person=coming.matter.author, text_en__contains="you have been drawn").count() == 1
    for entry in rest:
        actions.reply(by=SYSTEM, at=town.at, drawn=entry, accepts=True)
    late = town.at + timedelta(days=5, seconds=1)
    assert [night(late), night(late)] == [1, 0]
    coming.refresh_from_db()
    assert coming.accepted is False
    assert sortition.verify(Draw.objects.get().record) == []
    assert len(Draw.objects.get().record["replacements"]) == 2


def test_the_night_leaves_closed_stages_and_empty_benches_alone(town, now):
    drawn(town, "ffmm")
    entry = Drawn.objects.filter(status="selected").select_related("draw__stage", "matter").first()
    actions.reply(by=SYSTEM, at=town.at, drawn=entry, accepts=False)
    assert [night(town.at), night(town.at)] == [0, 0]
    assert Event.objects.filter(verb="draw.reserves_called").count() == 1
    late = town.at + timedelta(days=6)
    town.close(stage=town.draw, at=late)
    assert queries.stages_with_free_seats(late) == []
    assert quotas.quotas_for(town.draw)[0] == Quota("sex", "f", 2, 2)


def test_pages_of_the_draw_cost_few_queries(client, town, now, django_assert_max_num_queries):
    drawn(town)
    entry = Drawn.objects.select_related("matter__author").first()
    sign_in(client, entry.matter.author)
    for name in ("panels:watch", "panels:panels", "panels:proof", "panels:own"):
        client.get(address(name, town))
        with django_assert_max_num_queries(12):
            assert client.get(address(name, town)).status_code == 200
