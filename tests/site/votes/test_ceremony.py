"""The trustees' ceremony by its pages and by the command that trustees have: keys, shuffles, decryptions, a result."""

import json
import re
import shlex
from collections import Counter
from datetime import date, timedelta

import boards
import pytest
from boards import AT, Encrypted
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from madang import ballots
from madang.ballots.printing import printed
from madang.cli.main import main
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM
from madang.site.kit.verdict import Refused
from madang.site.people.models import Account, Organisation, Person, RoleGrant
from madang.site.record.models import Event
from madang.site.votes.board import casting, ceremony, queries, tallying
from madang.site.votes.board.models import Board, Trustee

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
PEOPLE = [("Synthetic One", "A", "single"), ("Synthetic Two", "B", "member"), ("Synthetic Three", "C", "member"),
          ("Synthetic Four", "D", "member")]  # fmt: skip


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    with translation.override("en"):
        yield


@pytest.fixture
def officer(client, db):
    account = Account.objects.create_user("officer@example.org")
    person = Person.objects.create(pseudonym="synthetic-officer", account=account, created_at=AT)

    def sign_in():
        where = Organisation.objects.get(code="dept")
        RoleGrant.objects.get_or_create(person=person, role="officer", organisation=where, valid_from=AT - timedelta(1))
        client.force_login(account)
        return client

    return sign_in


class Ceremony:
    """Trustees with their links, and a folder for each with the files that never leave it."""

    def __init__(self, client, stage, folder):
        self.client, self.stage, self.folder, self.links = client, stage, folder, {}

    def desk(self, **told):
        return self.client.post(reverse("votes_desk:ceremony", args=[self.stage.pk]), told, follow=True, **ENGLISH)

    def name_all(self, people):
        for number, (name, owner, kind) in enumerate(people, 1):
            page = self.desk(do="name", name=name, owner=owner, kind=kind).content.decode()
            self.links[number] = re.search(r"/votes/trustee/[\w-]+/", page)[0]
            (self.folder / str(number)).mkdir()

    def page(self, number):
        return self.client.get(self.links[number], **ENGLISH).content.decode()

    def hand_in(self, number, file):
        sent = SimpleUploadedFile(file.name, file.read_bytes())
        return self.client.post(self.links[number], {"file": sent}, follow=True, **ENGLISH).content.decode()

    def act(self, number, monkeypatch):
        """Do what the page says: download what it names, run the command it shows, hand in the file it asks for."""
        page, own = self.page(number), self.folder / str(number)
        monkeypatch.chdir(own)
        for address, name in re.findall(r'href="([^"]+)" download>([^<]+)<', page):
            if address.endswith(".bel"):
                boards.copy(Board.objects.get(), own)
            else:
                (own / name).write_bytes(self.client.get(address).content)
        command = re.search(r"<code>\./madang (ballots trustee [^<]+)</code>", page)[1]
        assert main(shlex.split(command)) == 0
        wanted = re.findall(r"<code>([^<]+)</code></li>", page)[-1]
        return self.hand_in(number, own / wanted)


@pytest.fixture
def begun(make, officer, client, tmp_path):
    """A vote whose preparation has begun; `open` is called when it is set up."""

    def begin(people, **more):
        kept = {}

        def before(stage):
            kept["ceremony"] = ceremony_of = Ceremony(officer(), stage, tmp_path)
            ceremony_of.desk(do="begin")
            ceremony_of.name_all(people)
            more["prepare"](ceremony_of)
            board = queries.board_of(stage)
            drawn = ballots.draw_credentials(board.group, board.uuid, 3)
            listed = printed(sorted(public for _, public in drawn)).encode()
            page = ceremony_of.desk(do="set_up", file=SimpleUploadedFile("list.json", listed)).content.decode()
            assert "The board is set up with 3 credentials" in page
            return Encrypted(queries.board_of(stage), None, [credential for credential, _ in drawn])

        town = make(before=before, encrypted={"group": "Ed25519"})
        return town, kept["ceremony"]

    return begin


def test_a_group_and_one_who_is_always_needed_from_the_keys_to_the_result(begun, tmp_path, monkeypatch, capsys):
    def prepare(ours):
        ours.act(1, monkeypatch)
        assert "has not fixed yet" in ours.page(2)
        ours.desk(do="threshold", threshold="2")
        for _step in range(3):
            for number in (2, 3, 4):
                ours.act(number, monkeypatch)
        assert [one.checksum == "" for one in Trustee.objects.all()] == [False] * 4

    town, ours = begun(PEOPLE, prepare=prepare)
    shown = capsys.readouterr().out
    checksums = Trustee.objects.values_list("checksum", flat=True)
    assert [one for one in checksums if f"checksum: {one}" not in shown] == []
    for voter, picks in {0: [1, 3], 1: [2], 2: [1, 2]}.items():
        casting.cast_encrypted(
            by_voter=town.voter(f"v{voter}"), at=town.at, election=town.election,
            board=queries.board_of(town.stage), raw=town.made.ballot(voter, picks),
        )  # fmt: skip
    advance = lambda: tallying.advance(by=SYSTEM, at=town.at, board=queries.board_of(town.stage))  # noqa: E731
    advance()
    for number, what in ((1, "Now: shuffle"), (3, "Now: shuffle"), (1, "Now: decrypt"), (2, "Now: decrypt"),
                         (4, "Now: decrypt")):  # fmt: skip
        assert what in ours.page(number)
        assert "waits to be verified" in ours.act(number, monkeypatch)
        advance()
    assert Counter(town.election.ballots.values_list("choices", flat=True)) == Counter({"1,3": 1, "2": 1, "1,2": 1})
    assert ballots.verify(boards.copy(queries.board_of(town.stage), tmp_path)).faults == ()
    assert "verified, and in the archive" in ours.page(4) and "Now:" not in ours.page(3)


def test_wrong_files_are_a_sentence_and_store_nothing(make, officer, tmp_path, monkeypatch):
    def before(stage):
        ours = Ceremony(officer(), stage, tmp_path)
        ours.desk(do="begin")
        ours.name_all([("Synthetic One", "A", "single"), ("Synthetic Two", "B", "single")])
        monkeypatch.chdir(tmp_path)
        assert main(["ballots", "trustee", "key", "--group", "Ed25519", "--out", "a"]) == 0
        assert main(["ballots", "trustee", "key", "--group", "RFC-3526-2048", "--out", "b"]) == 0
        (tmp_path / "rubbish").write_bytes(b"\x00\xff" * 10)
        (tmp_path / "huge").write_bytes(b"1" * 300_000)
        (tmp_path / "forged").write_text(
            json.dumps({**json.loads((tmp_path / "a.pubkey").read_bytes()), "pok": {"challenge": "1", "response": "1"}})
        )
        said = {
            "a.privkey": "This is the secret file!",
            "rubbish": "not one that the command makes",
            "huge": "too large to be a key",
            "b.pubkey": "This file is not what is asked for here",
            "forged": "This file is not what is asked for here",
        }
        for name, sentence in said.items():
            assert sentence in ours.hand_in(1, tmp_path / name), name
        assert list(Trustee.objects.values_list("material", "checksum")) == [({}, ""), ({}, "")]
        assert Event.objects.filter(verb="trustee.handed_in").count() == 0
        assert "Your checksum" in ours.hand_in(1, tmp_path / "a.pubkey")
        (tmp_path / "a.pubkey").write_bytes((tmp_path / "a.pubkey").read_bytes() + b"\n")
        # A page that stayed open sends its file again: nothing is asked of this trustee now.
        assert "Nothing is asked of you now" in ours.hand_in(1, tmp_path / "a.pubkey")
        with pytest.raises(Refused, match="have not made their keys yet: Synthetic Two"):
            ceremony.set_up(by=SYSTEM, at=AT, board=queries.board_of(stage), credentials=b"[]")
        raise StopIteration

    with pytest.raises(StopIteration):
        make(before=before, encrypted={"group": "Ed25519"})


def test_an_old_link_and_a_link_of_a_withdrawn_board_lead_nowhere(make, officer, tmp_path):
    def before(stage):
        ours = Ceremony(officer(), stage, tmp_path)
        ours.desk(do="begin")
        ours.name_all([("Synthetic One", "A", "single")])
        old = ours.links[1]
        renewed = reverse("votes_desk:trustee_link", args=[stage.pk, 1])
        page = ours.client.post(renewed, follow=True, **ENGLISH).content.decode()
        new = re.search(r"/votes/trustee/[\w-]+/", page)[0]
        assert [ours.client.get(link).status_code for link in (old, new)] == [404, 200]
        assert new.split("/")[3] not in str(list(Trustee.objects.values()))
        ours.desk(do="withdraw", reason="synthetic")
        assert ours.client.get(new).status_code == 404
        raise StopIteration

    with pytest.raises(StopIteration):
        make(before=before, encrypted={"group": "Ed25519"})


def test_the_command_sets_the_board_up_as_the_desk_does(make, officer, tmp_path, monkeypatch, capsys):
    def before(stage):
        ours, file = Ceremony(officer(), stage, tmp_path), tmp_path / "list.json"
        command = ["board", str(stage.pk), str(file)]
        assert main(command) == 1
        ours.desk(do="begin")
        ours.name_all([("Synthetic One", "A", "single"), ("Synthetic Two", "B", "single")])
        ours.act(1, monkeypatch)
        ours.act(2, monkeypatch)
        assert main(command) == 1
        assert capsys.readouterr().err.splitlines() == [
            f"madang: No board was begun for stage {stage.pk}; begin it at the desk of the vote.",
            f"madang: {file} cannot be read: No such file or directory.",
        ]
        board = queries.board_of(stage)
        drawn = sorted(public for _, public in ballots.draw_credentials(board.group, board.uuid, 3))
        file.write_text(printed(drawn[::-1]))
        assert (main(command), queries.board_of(stage).is_set_up) == (1, False)
        file.write_text(printed(drawn) + "\n")
        assert (main(command), boards.listed(queries.board_of(stage))) == (0, printed(drawn).encode())
        assert capsys.readouterr().out == "The board is set up with 3 credentials. The vote can open.\n"
        assert Event.objects.filter(verb="board.set_up").count() == 1

    assert make(before=before, encrypted={"group": "Ed25519"}).stage.is_open


def test_trustees_of_one_organisation_are_one_too_few(make, officer, tmp_path, monkeypatch):
    def before(stage):
        ours = Ceremony(officer(), stage, tmp_path)
        ours.desk(do="begin")
        ours.name_all([("Synthetic One", "A", "single"), ("Synthetic Two", "a", "single")])
        ours.act(1, monkeypatch)
        ours.act(2, monkeypatch)
        with pytest.raises(Refused, match="each of another organisation"):
            ceremony.set_up(by=SYSTEM, at=AT, board=queries.board_of(stage), credentials=b"[]")
        raise StopIteration

    with pytest.raises(StopIteration):
        make(before=before, encrypted={"group": "Ed25519"})


def test_the_file_for_the_registrar(make, officer, tmp_path):
    def before(stage):
        ours = Ceremony(officer(), stage, tmp_path)
        ours.desk(do="begin")
        told = ours.client.get(reverse("votes_desk:terms", args=[stage.pk])).json()
        board = queries.board_of(stage)
        assert told == {
            "election": board.uuid, "group": "Ed25519", "name": {"ko": "예산, 투표", "en": "PB, "},
            "who": ["lives_in:town|works_in:town"], "last_day": "2021-08-20", "booth": f"/votes/{stage.pk}/booth/",
            "places": [{"code": "town", "level": "city", "ko": "마을", "en": "Town"}],
        }  # fmt: skip
        raise StopIteration

    with pytest.raises(StopIteration):
        make(before=before, closes_on=date(2021, 8, 20), encrypted={"group": "Ed25519"})


def test_the_desk_is_closed_to_citizens_and_votes_that_are_not_encrypted_have_none(make, officer, client):
    town = make()
    address = reverse("votes_desk:ceremony", args=[town.stage.pk])
    assert client.get(address)["Location"].startswith("/accounts/login/")
    assert officer().get(address).status_code == 404
