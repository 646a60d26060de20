"""Encrypted votes for tests: trustees, credentials and ballots, all synthetic."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from madang import ballots
from madang.ballots.groups import draw_secretly
from madang.ballots.printing import base64_hash, printed
from madang.ballots.proofs import prove_knowledge
from madang.ballots.rehearsing import Trusted, trustees
from madang.site.kit.actor import SYSTEM
from madang.site.votes.board import appending, queries, setting_up, tallying
from madang.site.votes.board.models import Board, Trustee

AT = datetime(2021, 8, 9, 1, tzinfo=UTC)


@dataclass
class Encrypted:
    """A board with the secrets that nobody else has: those of the trustees and of the voters."""

    board: Board
    trusted: Trusted
    credentials: list[str] = field(default_factory=list)

    @property
    def election(self):
        return queries.election_of(self.board)

    def ballot(self, voter, picks, draw=draw_secretly):
        """The ballot of the voter with the credential at this place."""
        election = self.election
        slots = len(election.questions[0].answers)
        secret = ballots.secret_of(election.group, election.uuid, self.credentials[voter])
        return ballots.make_ballot(election, secret, [list(picks) + [0] * (slots - len(picks))], draw)


def set_up(stage, *, by, at, voters=4):
    """A board with two trustees and credentials for some voters, set up and not yet opened."""
    board = setting_up.begin_board(by=by, at=at, stage=stage)
    own = ballots.group(board.group)
    drawn = [ballots.draw_credential(own, board.uuid) for _ in range(voters)]
    made = Encrypted(board, trustees(own, None), [credential for credential, _ in drawn])
    for number in (1, 2):
        token = f"synthetic {board.uuid} {number}"
        Trustee.objects.create(
            board=board, number=number, name=f"보관자 {number}", owner=f"기관 {number}", token_hash=token
        )
    listed = printed(sorted(public for _, public in drawn)).encode()
    made.board = setting_up.set_up_board(by=by, at=at, board=board, trustees=made.trusted.items, credentials=listed)
    return made


def signed(election, secret, raw, change):
    """A ballot that was changed and then signed anew, so that its signature holds."""
    value = json.loads(raw)
    del value["signature"]
    change(value)
    named = base64_hash(printed(value).encode())
    proof = prove_knowledge(election.group, f"sig|{named}|", secret, draw_secretly)
    return printed(value | {"signature": {"hash": named, "proof": proof.plain()}}).encode()


def copy(board, folder):
    """The archive as a trustee downloads it."""
    board.refresh_from_db()
    path = folder / f"{board.uuid}.bel"
    path.write_bytes(b"".join(appending.archive(board)))
    return path


def part(made, folder, number, kind):
    """What a trustee makes of the archive, with the command's means and nothing of the site."""
    with ballots.Running(copy(made.board, folder)) as running:
        if kind == "Shuffle":
            return running.shuffle()
        owner, content = running.decrypt(made.trusted.secrets[number - 1])
        assert owner == number
        return content


def give(made, folder, number, kind, at):
    """A trustee makes a part and hands it in."""
    trustee = Trustee.objects.select_related("board__stage__process").get(board=made.board, number=number)
    body = part(made, folder, number, kind)
    return tallying.hand_in(by=SYSTEM, at=at, trustee=trustee, kind=kind, body=body)


def tally(made, folder, at):
    """All of the tally, as trustees and the night do it; the steps that were done."""
    done = tallying.advance(by=SYSTEM, at=at, board=queries.board_of(made.board.stage))
    for kind in ("Shuffle", "PartialDecryption"):
        for number in (1, 2):
            give(made, folder, number, kind, at)
            done += tallying.advance(by=SYSTEM, at=at, board=queries.board_of(made.board.stage))
    return done


def listed(board):
    """The bytes of the list of public credentials."""
    return bytes(board.archive.get(number=2).body)
