"""Boards of encrypted votes: what a recipe may ask for, what is fixed before the vote opens, and by whom."""

from io import BytesIO

import boards
import pytest
from boards import AT
from django.db import DatabaseError, transaction
from django.utils import translation
from pydantic import ValidationError

from madang import ballots
from madang.ballots.archives import Reader
from madang.ballots.printing import printed
from madang.site.docket.models import Matter
from madang.site.kit.actor import SYSTEM, VISITOR
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event
from madang.site.votes.board import appending, queries, setting_up
from madang.site.votes.board.models import Board, Credential, Record
from madang.site.votes.settings import Vote

RULES = {"choose": {"max": 5}, "electorates": [{"code": "a", "ko": "가", "en": "A", "who": []}], "encrypted": {}}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def archive(board):
    return b"".join(appending.archive(board))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"electorates": RULES["electorates"] * 2}, "one electorate"),
        ({"choose": {"max": 31}}, "names 30 options"),
        ({"encrypted": {"group": "BELENIOS-2048"}}, "RFC-3526-2048"),
        ({"encrypted": {"shuffles": 1}}, "greater than or equal to 2"),
    ],
)
def test_a_recipe_asks_only_for_what_an_encrypted_ballot_can_hold(change, said):
    Vote.model_validate(RULES)
    Vote.model_validate({**RULES, "choose": {"max": 31}, "encrypted": {"group": "RFC-3526-2048"}})
    with pytest.raises(ValidationError, match=said):
        Vote.model_validate({**RULES, **change})


def test_a_board_is_fixed_with_the_paper_the_trustees_and_the_credentials(encrypted):
    town = encrypted(voters=3)
    board = queries.board_of(town.stage)
    reader = Reader(BytesIO(archive(board)))
    (setup,) = reader.events()
    election = ballots.read_election(reader.content(setup.records[0]))
    assert (setup.type, setup.hash, reader.place) == ("Setup", board.head, board.size)
    assert (election.raw, election.uuid) == (bytes(board.election), board.uuid)
    assert [len(question.answers) for question in election.questions] == [2]
    assert board.paper == [matter.number for matter in town.matters]
    assert Credential.objects.filter(board=board).count() == board.credentials == 3
    event = Event.objects.get(verb="board.set_up")
    assert (event.data["head"], event.data["fingerprint"]) == (board.head, election.fingerprint)


def test_an_encrypted_vote_does_not_open_without_its_board(make):
    with pytest.raises(Refused, match="set up its board"):
        make(encrypted={})


def test_it_does_not_open_for_other_matters_than_the_board_was_set_up_for(make):
    def before(stage):
        boards.set_up(stage, by=SYSTEM, at=AT)
        Matter.objects.filter(pk=stage.matters.first().pk).update(stage=None, ended_at=AT, ending="counted")

    with pytest.raises(Refused, match="Withdraw it"):
        make(encrypted={}, before=before)


def test_a_board_may_be_withdrawn_until_the_vote_opens_and_never_after(make):
    kept = []

    def before(stage):
        first = boards.set_up(stage, by=SYSTEM, at=AT)
        with pytest.raises(Refused, match="has a board already"):
            setting_up.begin_board(by=SYSTEM, at=AT, stage=stage)
        with pytest.raises(Refused, match="say why"):
            setting_up.withdraw_board(by=SYSTEM, at=AT, board=first.board, reason=" ")
        setting_up.withdraw_board(by=SYSTEM, at=AT, board=first.board, reason="synthetic")
        kept.append(boards.set_up(stage, by=SYSTEM, at=AT))
        return kept[0]

    town = make(encrypted={}, before=before)
    board = queries.board_of(town.stage)
    assert board == kept[0].board
    with pytest.raises(Refused, match="has opened"):
        setting_up.withdraw_board(by=SYSTEM, at=AT, board=board, reason="too late")
    assert Board.objects.count() == 2


def _prepared(stage, own="Ed25519"):
    board = setting_up.begin_board(by=SYSTEM, at=AT, stage=stage)
    group = ballots.group(own)
    publics = sorted(ballots.draw_credential(group, board.uuid)[1] for _ in range(3))
    return board, boards.trustees(group, None).items, publics


WRONG = {
    "At least 2 trustees": lambda items, publics: (items[:1], publics),
    "trustees: trustee 1 does not prove": lambda items, publics: (
        [["Single", {**items[0][1], "pok": items[1][1]["pok"]}], items[1]],
        publics,
    ),
    "must be sorted": lambda items, publics: (items, publics[::-1]),
    "weight 1": lambda items, publics: (items, [publics[0] + ",2", *publics[1:]]),
    "must have public credentials": lambda items, publics: (items, []),
    "twice": lambda items, publics: (items, [publics[0], *publics]),
    "not an element that can sign": lambda items, publics: (items, ["00" * 32, *publics]),
}


@pytest.mark.parametrize("said", WRONG)
def test_wrong_trustees_and_credentials_are_refused_and_nothing_is_fixed(make, said):
    def before(stage):
        board, items, publics = _prepared(stage)
        wrong, listed = WRONG[said](items, publics)
        with pytest.raises(Refused, match=said):
            setting_up.set_up_board(by=SYSTEM, at=AT, board=board, trustees=wrong, credentials=printed(listed).encode())
        assert (Record.objects.count(), Credential.objects.count()) == (0, 0)
        right = setting_up.set_up_board(
            by=SYSTEM, at=AT, board=board, trustees=items, credentials=printed(publics).encode()
        )
        with pytest.raises(Refused, match="are fixed"):
            setting_up.set_up_board(
                by=SYSTEM, at=AT, board=right, trustees=items, credentials=printed(publics).encode()
            )

    make(encrypted={}, before=before)
    assert Record.objects.count() == 5


def test_only_the_office_in_charge_prepares_a_board(make):
    def before(stage):
        with pytest.raises(Refused, match="Only an officer"):
            setting_up.begin_board(by=VISITOR, at=AT, stage=stage)
        boards.set_up(stage, by=SYSTEM, at=AT)

    make(encrypted={}, before=before)


def test_a_vote_that_is_not_encrypted_has_no_board(make):
    def before(stage):
        with pytest.raises(Refused, match="not encrypted"):
            setting_up.begin_board(by=SYSTEM, at=AT, stage=stage)

    make(before=before)


@pytest.mark.parametrize("table", [Record, Credential])
def test_the_database_itself_refuses_to_change_the_archive(encrypted, table):
    encrypted()
    with pytest.raises(DatabaseError), transaction.atomic():
        table.objects.update(board=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        table.objects.all()._raw_delete("default")
