"""Draws by lot: what is published before, reproducibility, replies, reserves, appointments, figures."""

import argparse
import json
from datetime import datetime, timedelta

import pytest

from madang import sortition
from madang.cli import sortition as sortition_verbs
from madang.site.docket.models import Matter, Notice, Passage
from madang.site.kit.actor import SYSTEM, VISITOR, Actor
from madang.site.kit.figures import query_named
from madang.site.kit.verdict import Refused
from madang.site.panels import actions, queries, quotas
from madang.site.panels.models import Draw, Drawn
from madang.site.panels.settings import Draw as Rules
from madang.site.people.models import Claim, Person, Seat
from madang.site.record.models import Event

SECRET = "5" * 64
COMMITMENT = sortition.commitment(SECRET)


def verified(*arguments):
    parser = argparse.ArgumentParser()
    sortition_verbs.add_verbs(parser.add_subparsers())
    options = parser.parse_args(arguments)
    return options.run(options)


def drawn(town, sexes="ffffffmmmmmm"):
    town.candidates(sexes)
    actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    return actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET, public="3 9 12")


def test_freezing_publishes_list_hash_quotas_and_commitment_before_the_draw(town):
    town.candidates("ffmm")
    draw = actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT.upper())
    event = Event.objects.get(verb="draw.frozen")
    assert event.data["commitment"] == COMMITMENT
    assert event.data["list_hash"] == draw.list_hash
    assert event.data["candidates"] == 4
    published = draw.record["published"]
    assert sortition.hash_of(published) == draw.list_hash
    tickets = sorted(ticket for people in published["pool"] for ticket in people)
    assert tickets == sorted(row.ticket for row in draw.entries.all())
    assert (draw.secret, set(draw.record)) == ("", {"published", "published_hash"})
    assert SECRET not in json.dumps(list(Event.objects.values_list("data", flat=True)))


def test_a_ticket_cannot_be_joined_with_a_receipt_number(town):
    matters = town.candidates("ff")
    tickets = [quotas.ticket(stage=town.draw, matter=matter) for matter in matters]
    assert len(set(tickets)) == 2
    assert not any(matter.number in ticket for matter, ticket in zip(matters, tickets, strict=True))
    actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    told = Notice.objects.get(matter=matters[0], text_en__contains="ticket")
    assert told.text_en == f"Draw: the list of candidates is frozen. Your ticket is {tickets[0]}."


def test_a_frozen_list_is_frozen_once_and_a_draw_happens_once(town):
    drawn(town)
    with pytest.raises(Refused):
        actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    with pytest.raises(Refused):
        actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET)
    assert Draw.objects.count() == 1


def test_another_secret_than_the_committed_one_is_refused(town):
    town.candidates("ffmm")
    actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    with pytest.raises(Refused):
        actions.draw(by=town.officer, at=town.at, stage=town.draw, secret="6" * 64)
    assert Drawn.objects.exclude(status="candidate").count() == 0


@pytest.mark.parametrize("text", ["", "xyz", "a" * 63, "g" * 64])
def test_a_commitment_that_is_no_hash_is_refused(town, text):
    town.candidates("f")
    with pytest.raises(Refused):
        actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=text)
    assert Draw.objects.count() == 0


def test_quotas_are_met_and_the_downloaded_record_verifies(town, tmp_path):
    draw = drawn(town)
    selected = Drawn.objects.filter(status="selected")
    assert [selected.filter(strata__sex=sex).count() for sex in "fm"] == [2, 2]
    assert Drawn.objects.filter(status="reserve").count() == 4
    file = tmp_path / "record.json"
    file.write_text(json.dumps(queries.record(Draw.objects.get(pk=draw.pk))))
    assert verified("sortition", "verify", str(file)) == 0
    record = json.loads(file.read_text())
    record["draw"]["panel"][0] = record["reserves"][0]
    file.write_text(json.dumps(record))
    assert verified("sortition", "verify", str(file)) == 1


def test_the_same_list_and_secret_draw_the_same_people(town):
    draw = drawn(town)
    rules = town.draw.rules
    people = [sortition.Person(row.ticket, row.strata) for row in draw.entries.order_by("-pk")]
    again = quotas.prepared(people=people, quotas=quotas.quotas_of(rules), rules=rules, secret_hash=COMMITMENT)
    assert again.frozen.hash == draw.list_hash
    record = sortition.draw(again.frozen, seed="3 9 12", secret=SECRET)
    assert set(record["draw"]["panel"]) == set(draw.entries.filter(status="selected").values_list("ticket", flat=True))


def test_somebody_in_no_stratum_is_told_and_takes_no_part(town):
    matters = town.candidates("ffmmx")
    draw = actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    assert draw.candidates == 4
    actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET)
    town.accept()
    town.close(stage=town.draw)
    passage = Passage.objects.get(matter=matters[4])
    assert (passage.outcome, passage.reason) == (
        "not_drawn",
        "추첨 기준에 필요한 자격 정보가 확인되지 않아 추첨에 참여하지 못했습니다.",
    )


def test_only_the_drawn_person_or_the_office_replies_and_only_in_time(town):
    draw = drawn(town)
    chosen = draw.entries.filter(status="selected").select_related("draw__stage__process__department", "matter")
    first, second, third = chosen[:3]
    own = Actor("own", first.matter.author_id)
    with pytest.raises(Refused):
        actions.reply(by=VISITOR, at=town.at, drawn=first, accepts=True)
    with pytest.raises(Refused):
        actions.reply(by=Actor("other", second.matter.author_id), at=town.at, drawn=first, accepts=False)
    actions.reply(by=own, at=town.at, drawn=first, accepts=True)
    with pytest.raises(Refused):
        actions.reply(by=own, at=town.at, drawn=first, accepts=False)
    late = town.at + timedelta(days=5, seconds=1)
    with pytest.raises(Refused):
        actions.reply(by=Actor("late", second.matter.author_id), at=late, drawn=second, accepts=True)
    actions.reply(by=town.officer, at=late, drawn=third, accepts=False)
    states = dict(draw.entries.filter(status="selected").values_list("pk", "accepted"))
    assert [states[row.pk] for row in (first, second, third)] == [True, None, False]


def test_reserves_move_up_in_order_within_their_stratum(town):
    draw = drawn(town)
    women = list(draw.entries.filter(status="selected", strata__sex="f").select_related("draw__stage", "matter"))
    reserves = list(draw.entries.filter(status="reserve", strata__sex="f").order_by("rank"))
    actions.reply(by=town.officer, at=town.at, drawn=women[0], accepts=False)
    called = actions.call_reserves(by=town.officer, at=town.at, stage=town.draw)
    assert [row.ticket for row in called] == [reserves[0].ticket]
    assert actions.call_reserves(by=town.officer, at=town.at, stage=town.draw) == []
    late = town.at + timedelta(days=6)
    called = actions.call_reserves(by=town.officer, at=late, stage=town.draw)
    assert reserves[1].ticket in [row.ticket for row in called]
    kept = [row for row in draw.entries.filter(status="selected", strata__sex="f") if row.accepted is not False]
    assert [row.ticket for row in kept] == [reserves[1].ticket]


def test_closing_sends_on_those_who_accepted_and_gives_everybody_an_outcome(town):
    draw = drawn(town)
    decliner = draw.entries.filter(status="selected").select_related("draw__stage", "matter").first()
    actions.reply(by=town.officer, at=town.at, drawn=decliner, accepts=False)
    town.accept()
    passages = town.close(stage=town.draw)
    found = {}
    for passage in passages:
        found[passage.outcome] = found.get(passage.outcome, 0) + 1
    assert found == {"drawn": 3, "declined": 1, "reserve": 4, "not_drawn": 4}
    assert Matter.objects.filter(stage=town.appoint).count() == 3


def test_a_draw_closes_only_when_nobody_drawn_may_still_reply_and_silence_is_no_seat(town):
    draw = drawn(town)
    silent, *others = draw.entries.filter(status="selected").select_related("draw__stage__process", "matter")
    for entry in others:
        actions.reply(by=SYSTEM, at=town.at, drawn=entry, accepts=True)
    last = town.at + timedelta(days=5)
    with pytest.raises(Refused, match="1명이 아직 답할 수 있습니다\\(마지막 기한 2021-03-07\\)"):
        town.close(stage=town.draw, at=last)
    town.draw.refresh_from_db()
    passages = {row.matter_id: row.outcome for row in town.close(stage=town.draw, at=last + timedelta(seconds=1))}
    assert passages[silent.matter_id] == "declined"
    assert sorted(passages.values()).count("drawn") == 3
    silent.refresh_from_db()
    assert silent.accepted is False
    told = Notice.objects.filter(matter=silent.matter, text_en__endswith="counts as given up.")
    assert told.count() == 1


def test_those_who_let_the_time_pass_are_told_when_reserves_are_called(town):
    draw = drawn(town)
    actions.call_reserves(by=town.officer, at=town.at + timedelta(days=6), stage=town.draw)
    told = Notice.objects.filter(text_ko="추첨: 기한까지 답이 없어 자리를 사양하신 것으로 처리했습니다.")
    assert told.count() == 4
    late = Event.objects.get(verb="draw.reserves_called").data["late"]
    assert sorted(late) == sorted(draw.entries.filter(accepted=False).values_list("ticket", flat=True))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2021-03-31", 12, "2022-03-31"),
        ("2021-01-31", 1, "2021-02-28"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2021-12-15", 1, "2022-01-15"),
    ],
)
def test_a_term_ends_on_the_same_day_or_the_last_of_a_shorter_month(start, months, end):
    assert actions.months_later(datetime.fromisoformat(start), months) == datetime.fromisoformat(end)


def test_a_stage_with_candidates_cannot_close_without_a_draw(town):
    town.candidates("fm")
    with pytest.raises(Refused):
        town.close(stage=town.draw)
    town.draw.refresh_from_db()
    assert town.draw.closed_at is None


def test_a_candidacy_withdrawn_after_freezing_gives_its_seat_to_a_reserve(town):
    town.candidates("ffffmmmm")
    actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    Matter.objects.filter(stage=town.draw, draws__strata__sex="f").update(
        stage=None, ended_at=town.at, ending="withdrawn"
    )
    actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET)
    assert Drawn.objects.filter(status="selected", strata__sex="f", accepted=False).count() == 2
    assert actions.call_reserves(by=town.officer, at=town.at, stage=town.draw) == []
    town.accept()
    assert {passage.outcome for passage in town.close(stage=town.draw)} == {"drawn", "reserve"}


def test_appointing_gives_seat_and_claim_once_and_closing_completes_it(town):
    drawn(town)
    town.accept()
    town.close(stage=town.draw)
    town.open(stage=town.appoint)
    assert len(actions.appoint(by=town.officer, at=town.at, stage=town.appoint)) == 4
    assert actions.appoint(by=town.officer, at=town.at, stage=town.appoint) == []
    assert {p.outcome for p in town.close(stage=town.appoint)} == {"appointed"}
    assert Seat.objects.filter(body__code="assembly", appointed_by="lot", term="2021").count() == 4
    assert Claim.objects.filter(kind="member_of", value="assembly").count() == 4
    assert Seat.objects.first().valid_until.date().isoformat() == "2022-03-02"


@pytest.mark.parametrize(
    ("age", "band"), [(14, "20s"), (29, "20s"), (30, "30s"), (65, "60s"), (70, "70s+"), (101, "70s+")]
)
def test_an_age_falls_into_one_of_the_quotas_bands(age, band):
    assert quotas.band_of(age, ["60s", "70s+", "20s", "30s"]) == band


def test_a_citizen_of_65_whose_identity_check_says_60_and_over_takes_part(town):
    rules = {
        "seats": 2,
        "strata": ["age_band"],
        "quotas": [{"stratum": {"age_band": band}, "seats": 1} for band in ("60s", "70s")],
    }
    town.draw.settings = rules
    town.draw.save(update_fields=["settings"])
    town.candidates("fm")
    for person, year in zip(Person.objects.order_by("pk"), (1956, 1940), strict=True):
        for kind, value in (("age_band", "60s+"), ("birth_year", str(year))):
            Claim.objects.create(person=person, kind=kind, value=value, valid_from=town.at)
    draw = actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    assert sorted(draw.entries.values_list("stratum", flat=True)) == ["age_band=60s", "age_band=70s"]


def test_seats_by_population_of_districts_and_sex(town):
    rules = Rules(seats=8, strata=["district", "sex"], by_population=True)
    found = {(quota.feature, quota.value): (quota.low, quota.high) for quota in quotas.quotas_of(rules)}
    assert found == {
        ("district", "town/east"): (4, 4),
        ("district", "town/west"): (4, 4),
        ("sex", "f"): (6, 6),
        ("sex", "m"): (2, 2),
    }
    crossed = quotas.quotas_of(Rules(seats=8, strata=["sex×age_band"], by_population=True))
    assert [(quota.value, quota.low) for quota in crossed] == [("f×30s", 6), ("m×30s", 2)]


def test_quotas_that_the_candidates_cannot_meet_give_way_and_the_notice_says_so(town):
    town.candidates("fmmmm")
    draw = actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    assert [(quota["value"], quota["low"], quota["high"]) for quota in draw.quotas] == [("f", 1, 2), ("m", 2, 3)]
    assert Event.objects.get(verb="draw.frozen").data["relaxed"] == [
        "sex=f: at least 1 instead of 2",
        "sex=m: at most 3 instead of 2",
    ]
    actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET)
    assert [draw.entries.filter(status="selected", strata__sex=sex).count() for sex in "fm"] == [1, 3]


def test_quotas_that_do_not_add_up_are_refused(town):
    town.draw.settings = {**town.draw.settings, "seats": 5}
    town.draw.save(update_fields=["settings"])
    town.candidates("fm")
    with pytest.raises(Refused, match="4"):
        actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)


def test_a_draw_without_strata_has_one(town):
    town.draw.settings = {"seats": 2, "reserves": 1}
    town.draw.save(update_fields=["settings"])
    draw = drawn(town, "fffmm")
    assert draw.entries.filter(status="selected", seat_stratum="all").count() == 2
    assert [(row.seats, row.candidates, row.drawn) for row in queries.strata_rows(draw)] == [(2, 5, 2)]


def test_figures_count_the_drawn_by_sex(town):
    drawn(town)
    query = query_named("panels.drawn")
    arguments = query.Arguments(process="1-1/2021", stratum={"sex": "f"})
    assert query.records(arguments, town.at.date()).value() == 2
    assert query.records(arguments, (town.at - timedelta(days=1)).date()).value() == 0
    woman = Drawn.objects.filter(status="selected", strata__sex="f").select_related("draw__stage", "matter").first()
    actions.reply(by=town.officer, at=town.at, drawn=woman, accepts=False)
    assert query.records(arguments, town.at.date()).value() == 1
    gone = query.Arguments(process="1-1/2021", status="given_up")
    assert query.records(gone, town.at.date()).value() == 1
    actions.call_reserves(by=town.officer, at=town.at, stage=town.draw)
    assert query.records(arguments, town.at.date()).value() == 2
    draws = query_named("panels.draws")
    assert draws.records(draws.Arguments(), town.at.date()).value() == 1


def test_strangers_cannot_run_a_draw(town):
    town.candidates("fm")
    elsewhere = Actor("officer-2", 9002, frozenset({g for g in town.officer.grants if False}))
    for by in (VISITOR, elsewhere):
        with pytest.raises(Refused):
            actions.freeze(by=by, at=town.at, stage=town.draw, commitment=COMMITMENT)
