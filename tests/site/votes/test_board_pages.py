"""The public board, its archive, and the office's page of the tally."""

import hashlib
import re
from datetime import UTC, date, datetime, timedelta

import boards
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from madang import ballots
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM
from madang.site.people.actions import give_role, open_account
from madang.site.people.models import Account
from madang.site.votes import actions
from madang.site.votes.board import queries, tallying
from madang.site.votes.models import RollEntry


@pytest.fixture
def town(encrypted, monkeypatch):
    found = encrypted(closes_on=date(2021, 8, 28))
    found.now = found.at
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found


def visitor(town, name="a"):
    """A client whose session holds somebody whose identity was checked."""
    client = Client(headers={"accept-language": "en"})
    session = client.session
    voter = town.voter(name)
    session["voter"] = {
        "election": town.election.pk, "key": voter.key, "claims": sorted(voter.claims), "electorate": "public",
        "until": (town.now + timedelta(minutes=30)).isoformat(),
    }  # fmt: skip
    session.save()
    return client


def post(client, town, raw):
    address = reverse("votes:board_cast", args=[town.stage.pk])
    return client.post(address, raw, content_type="application/octet-stream")


def page(town, name="public_board", client=None, **query):
    client = client or Client(headers={"accept-language": "en"})
    answer = client.get(reverse(f"votes:{name}", args=[town.stage.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def download(town, client=None):
    address = reverse("votes:board_archive", args=[town.stage.pk, town.made.board.uuid])
    return b"".join((client or Client()).get(address).streaming_content)


def test_a_ballot_comes_through_the_door_and_is_found_on_the_board(town):
    first, second = town.made.ballot(0, [1, 2]), town.made.ballot(0, [3])
    answer = post(visitor(town), town, first)
    board = queries.board_of(town.stage)
    assert (answer.status_code, answer.json()) == (
        201,
        {"tracker": ballots.tracker(first), "height": 1, "event": board.head, "replaces": False,
         "at": town.now.isoformat()},
    )  # fmt: skip
    assert "it is ballot 1 on the board, and it counts" in page(town, tracker=ballots.tracker(first))
    client = visitor(town)
    assert post(client, town, second).json()["replaces"] is True
    assert post(client, town, town.made.ballot(0, [1])).json()["identity"] is True, "the session ends with the ballot"
    shown = page(town, tracker=ballots.tracker(first))
    assert "ballot 2 counts" in shown
    assert re.findall(r'<code class="hash">([\w+/]{43})</code>', shown)[-2:] == [
        ballots.tracker(second), ballots.tracker(first),
    ]  # fmt: skip
    assert "No ballot on the board has this tracker" in page(town, tracker="x" * 43)
    assert RollEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "rule", "change"),
    [
        (409, "ballot-replayed", lambda town, raw: raw),
        (413, "ballot-size", lambda town, raw: raw + b" " * 9000),
        (422, "canonical", lambda town, raw: raw + b" "),
        (409, "roll", lambda town, raw: town.made.ballot(1, [1])),
    ],
)
def test_each_refusal_has_its_status_its_rule_and_a_sentence(town, status, rule, change):
    raw = town.made.ballot(0, [1])
    post(visitor(town), town, raw)
    before = download(town)
    for language, has in (("en", "[a-z]{3}"), ("ko", "[가-힣]{2}")):
        client = visitor(town)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        answer = post(client, town, change(town, raw))
        assert (answer.status_code, answer.json()["rule"]) == (status, rule)
        assert re.search(has, answer.json()["reason"])
    assert download(town) == before


def test_a_database_that_does_not_answer_is_said_with_the_time_to_come_again(town):
    client = visitor(town)

    def locked(execute, sql, *rest):
        if "votes_board" in sql and sql.startswith("UPDATE"):
            raise OperationalError("database is locked")
        return execute(sql, *rest)

    with connection.execute_wrapper(locked):
        answer = post(client, town, town.made.ballot(0, [1]))
    assert (answer.status_code, answer["Retry-After"], answer.json()["rule"]) == (503, "5", "busy")
    assert RollEntry.objects.count() == 0
    assert post(client, town, town.made.ballot(0, [1])).status_code == 201, "the session is still there"


def test_the_election_and_the_archive_have_the_same_bytes_for_everybody(town):
    raw = town.made.ballot(0, [1])
    post(visitor(town), town, raw)
    answer = Client().get(reverse("votes:board_election", args=[town.stage.pk]))
    assert answer.content == bytes(town.made.board.election)
    one = download(town)
    assert one == download(town, visitor(town, "b"))
    wrong = reverse("votes:board_archive", args=[town.stage.pk, "another"])
    assert Client().get(wrong).status_code == 404
    shown = page(town)
    for part in (hashlib.sha256(boards.listed(town.made.board)).hexdigest(), queries.board_of(town.stage).head):
        assert part in shown


def test_a_vote_without_a_board_has_no_public_board(make):
    town = make()
    for name in ("public_board", "board_election"):
        assert Client().get(reverse(f"votes:{name}", args=[town.stage.pk])).status_code == 404


def test_the_pages_ask_little_and_the_archive_of_the_result_waits_until_it_is_public(
    town, tmp_path, django_assert_max_num_queries
):
    for voter in range(3):
        post(visitor(town, f"v{voter}"), town, town.made.ballot(voter, [voter + 1]))
    town.now = datetime(2021, 8, 28, 16, tzinfo=UTC)
    boards.tally(town.made, tmp_path, town.now)
    hidden = download(town)
    assert b"decryption_factors" not in hidden
    with django_assert_max_num_queries(15):
        shown = page(town)
    assert ("Spoilt" in shown, "--unfinished" in shown) == (False, True)
    actions.count(by=town.officer, at=town.now, election=town.election)
    town.stage.refresh_from_db()
    town.close(stage=town.stage, at=town.now)
    whole = download(town)
    assert whole[: len(hidden)] == hidden
    (tmp_path / "whole.bel").write_bytes(whole)
    assert ballots.verify(tmp_path / "whole.bel").faults == ()
    assert ("Spoilt" in page(town), "--unfinished" in page(town)) == (True, False)
    result = page(town, "vote")
    assert reverse("votes:public_board", args=[town.stage.pk]) in result
    assert queries.board_of(town.stage).head in result


@pytest.fixture
def officer(db):
    account = Account.objects.create_user("officer@example.invalid", "synthetic-password")
    person = open_account(by=SYSTEM, at=boards.AT, account=account)
    give_role(by=SYSTEM, at=boards.AT, person=person, role="officer")
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def desk(town, client):
    return client.get(reverse("votes_desk:tally", args=[town.stage.pk])).content.decode()


def test_the_office_sees_what_waits_and_goes_on(town, officer, tmp_path, monkeypatch):
    post(visitor(town), town, town.made.ballot(0, [1]))
    advance = reverse("votes_desk:advance", args=[town.stage.pk])
    assert "Voters have until the end of 2021-08-28" in desk(town, officer)
    officer.post(advance, {"do": "close"})
    assert queries.board_of(town.stage).last == "Ballot"
    town.now = datetime(2021, 8, 28, 16, tzinfo=UTC)
    assert "Close the board" in desk(town, officer)
    officer.post(advance, {"do": "close"})
    assert queries.board_of(town.stage).last == "EndBallots"
    assert "Do it now" in desk(town, officer)
    monkeypatch.setattr("madang.site.votes.web.board_desk.AT_ONCE", 0)
    assert f"madang tally {town.stage.pk}" in desk(town, officer)
    officer.post(advance, {"do": "go_on"})
    assert queries.board_of(town.stage).last == "EndBallots"
    monkeypatch.undo()
    monkeypatch.setattr(clock, "now", lambda: town.now)
    officer.post(advance, {"do": "go_on"})
    assert queries.board_of(town.stage).last == "EncryptedTally"
    assert "Nothing: a trustee is next" in desk(town, officer)
    boards.give(town.made, tmp_path, 2, "Shuffle", town.now)
    assert "Handed in, waits to be verified" in desk(town, officer)
    tallying.advance(by=SYSTEM, at=town.now, board=queries.board_of(town.stage))
    assert "보관자 2 shuffles the ballots" in desk(town, officer)


def test_receipts_of_an_encrypted_vote_are_looked_up_on_the_board(town):
    answer = Client().get(reverse("votes:receipts", args=[town.stage.pk]))
    assert answer["Location"] == reverse("votes:public_board", args=[town.stage.pk])
