"""A rehearsal runs the whole election beside the vote: it verifies, and nothing of it is near roll, box or board."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from boards import AT
from django.urls import reverse
from django.utils import translation

from madang import ballots
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM, VISITOR
from madang.site.kit.verdict import Refused
from madang.site.people.models import Account, Organisation, Person, RoleGrant
from madang.site.record.models import Event
from madang.site.votes.board import rehearsal
from madang.site.votes.board.models import Board, Cast, Record
from madang.site.votes.models import Ballot, RollEntry

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture(autouse=True)
def _english(monkeypatch, settings, tmp_path):

    settings.CONFIG = replace(settings.CONFIG, home=tmp_path)
    monkeypatch.setattr(clock, "now", lambda: AT)
    with translation.override("en"):
        yield


def kept():
    return [model.objects.count() for model in (Board, Record, Cast, Ballot, RollEntry)]


def test_a_rehearsal_verifies_and_touches_nothing_of_the_vote(encrypted):
    town = encrypted()
    before = kept()
    held = rehearsal.rehearse(by=SYSTEM, at=AT, stage=town.stage, voters=30)
    assert kept() == before
    path = rehearsal.archive_of(town.stage, held.uuid)
    found = ballots.verify(path)
    assert (found.faults, found.counts["voters"]) == ((), 30)
    with path.open("rb") as stream:
        election = ballots.first_election(stream)
    assert election.name.startswith("예행연습, 합성 투표자 (REHEARSAL")
    assert [title for _order, title, _votes in held.options] == ["사업; 1", "사업; 2", "사업; 3"]
    _election, result = ballots.stated_result(path)
    for order, _title, votes in held.options:
        assert votes == sum(row.count(order) for row in result[0])
    event = Event.objects.get(verb="board.rehearsed")
    assert (event.data["uuid"], event.data["voters"]) == (held.uuid, 30)
    assert rehearsal.rehearsals(town.stage) == [held._replace(options=[list(one) for one in held.options])]


def test_a_plain_vote_and_a_stranger_rehearse_nothing(make):
    plain = make()
    with pytest.raises(Refused, match="not encrypted"):
        rehearsal.rehearse(by=SYSTEM, at=AT, stage=plain.stage, voters=5)


def test_only_the_office_rehearses_and_never_too_many(encrypted):
    town = encrypted()
    with pytest.raises(Refused):
        rehearsal.rehearse(by=VISITOR, at=AT, stage=town.stage, voters=5)
    with pytest.raises(Refused, match="1 to 200000"):
        rehearsal.rehearse(by=SYSTEM, at=AT, stage=town.stage, voters=0)
    assert rehearsal.rehearsals(town.stage) == []


def test_the_desk_holds_one_and_offers_its_archive(encrypted, client):
    town = encrypted()
    account = Account.objects.create_user("officer@example.org")
    person = Person.objects.create(pseudonym="synthetic-officer", account=account, created_at=AT)
    where = Organisation.objects.get(code="dept")
    RoleGrant.objects.create(person=person, role="officer", organisation=where, valid_from=AT - timedelta(1))
    client.force_login(account)
    address = reverse("votes_desk:rehearsal", args=[town.stage.pk])
    assert "No rehearsal yet" in client.get(address, **ENGLISH).content.decode()
    assert "100" in client.post(address, {"voters": "5000"}, **ENGLISH).content.decode()
    page = client.post(address, {"voters": "20"}, follow=True, **ENGLISH).content.decode()
    link = re.search(r'href="([^"]+\.bel)" download>(rehearsal-\w+\.bel)<', page)
    answer = client.get(link[1])
    assert answer["Content-Disposition"] == f'attachment; filename="{link[2]}"'
    assert b"".join(answer.streaming_content).startswith(b"BELENIOS")
    assert client.get(link[1].replace(".bel", "x.bel")).status_code == 404
