"""The player of an encrypted vote: its trustees are those of a demonstration, who keep their keys beside its data.

What happens here is what people do by their pages and commands: keys, ballots made in the booth, shuffles, decryptions.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

import madang
from madang import ballots
from madang.ballots.printing import printed
from madang.site.kit.actor import SYSTEM
from madang.site.kit.clock import day_of, end_of
from madang.site.programmes.models import Stage
from madang.site.replay.schedule import Step, opening
from madang.site.replay.voting import choices, popularity, voters_of
from madang.site.replay.world import World
from madang.site.votes import actions as votes
from madang.site.votes.board import appending, casting, ceremony, tallying
from madang.site.votes.board.models import Board, Trustee
from madang.site.votes.board.queries import board_of, election_of
from madang.site.votes.board.setting_up import begin_board
from madang.site.votes.board.terms import terms_of
from madang.site.votes.models import Election

Script = dict[str, Any]
REVOTES = 8


def closing(stage: Stage) -> datetime:
    """An hour after the last day is over: until then voters may vote. Raises ValueError without a last day."""
    if stage.closes_on is None:
        raise ValueError(f"The encrypted vote {stage} has no closing day in its recipe.")
    return end_of(stage.closes_on) + timedelta(hours=1)


def prepare(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """Half an hour before the vote opens: trustees make their keys, credentials are listed, the board is set up."""
    at = opening(stage) - timedelta(minutes=30)

    def set_up() -> None:
        by = world.official("officer", stage.process.department)
        board = begin_board(by=by, at=at, stage=stage)
        for told in script["trustees"]:
            trustee, _token = ceremony.add_trustee(by=by, at=at, board=board, kind=Trustee.Kind.SINGLE, **told)
            secret = ballots.draw_secretly(ballots.group(board.group).q)
            _keep(_key_file(board, trustee.number), str(secret))
            public = ballots.public_key(ballots.group(board.group), secret)
            ceremony.give_file(at=at, trustee=trustee, raw=printed(public).encode())
        listing = _from_registrar(board, script["registrar"]) if "registrar" in script else _drawn(board, script)
        ceremony.set_up(by=by, at=at, board=board, credentials=listing)

    yield Step(at, stage.order, set_up)


def play_sealed(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """Each day its share of the voters casts in the booth; after the last day the trustees open what was cast."""
    count = sum(script.get("voters", {}).values())
    start, end = opening(stage), closing(stage) - timedelta(minutes=30)
    days = (day_of(end - timedelta(hours=2)) - day_of(start)).days + 1
    for day in range(days if count else 0):
        at = start + timedelta(days=day, hours=4)
        yield Step(at, stage.order, lambda at=at, day=day: _cast_share(world, stage, script, at, day, days))
    yield Step(end, stage.order, lambda: _open(stage, end))


def _drawn(board: Board, script: Script) -> bytes:
    """The public credentials of synthetic voters, whose secret ones lie beside the trustees' keys."""
    drawn = ballots.draw_credentials(board.group, board.uuid, sum(script["voters"].values()))
    _keep(_folder() / f"{board.uuid}.credentials", "\n".join(credential for credential, _ in drawn))
    return printed(sorted(public for _, public in drawn)).encode()


def _from_registrar(board: Board, count: int) -> bytes:
    """The list of the demonstration's own registrar, which is a site with a home and a database of its own."""
    home = settings.CONFIG.home / "registrar"
    home.mkdir(exist_ok=True)
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"MADANG_HOME": str(home), "PYTHONPATH": str(Path(madang.__file__).parents[1])}
    with TemporaryDirectory() as folder:
        terms = Path(folder) / "terms.json"
        terms.write_text(json.dumps(terms_of(board)), encoding="utf-8")
        command = [sys.executable, "-m", "madang.cli", "registrar", "setup", str(terms), "--out", folder]
        subprocess.run(
            [*command, "--count", str(count), "--processes", "1"], env=env, check=True, stdout=subprocess.DEVNULL
        )
        return (Path(folder) / f"{board.uuid}.credentials.json").read_bytes()


def _cast_share(world: World, stage: Stage, script: Script, at: datetime, day: int, days: int) -> None:
    election, board = Election.objects.get(stage=stage), board_of(stage)
    assert board is not None  # noqa: S101 - it was set up before the vote opened
    election.stage = stage
    chance, rules, engine = world.chance(stage.process.code, stage.order), stage.rules, election_of(board)
    credentials = (_folder() / f"{board.uuid}.credentials").read_text(encoding="ascii").split()
    electorate: Any = rules.electorates[0]  # type: ignore[attr-defined]
    most: int = rules.choose.max  # type: ignore[attr-defined]
    popular = popularity(world, stage, election)
    voters = voters_of(electorate, len(credentials), election, chance, at)
    papers = [choices(popular, most, chance) for _ in range(2 * len(voters))]
    for place in range(day, len(voters), days):
        secret = ballots.secret_of(engine.group, engine.uuid, credentials[place])
        for picks in papers[2 * place : 2 * place + (1 if place % REVOTES else 2)]:
            raw = ballots.make_ballot(engine, secret, [picks + [0] * (most - len(picks))])
            casting.cast_encrypted(by_voter=voters[place], at=at, election=election, board=board, raw=raw)
    votes.seal_ballots(by=SYSTEM, at=at, election=election)


def _open(stage: Stage, at: datetime) -> None:
    """The board is closed; each trustee shuffles, then each decrypts, and all of it is verified."""
    _advance(stage, at)
    for kind in ("Shuffle", "PartialDecryption"):
        for trustee in Trustee.objects.filter(board=board_of(stage)).order_by("number"):
            body = _part(trustee.board, trustee.number, kind)
            tallying.hand_in(by=ceremony.TRUSTEE, at=at, trustee=trustee, kind=kind, body=body)
            _advance(stage, at)


def _advance(stage: Stage, at: datetime) -> None:
    board = board_of(stage)
    assert board is not None  # noqa: S101 - it was set up before the vote opened
    tallying.advance(by=SYSTEM, at=at, board=board)


def _part(board: Board, number: int, kind: str) -> bytes:
    """What a trustee makes of the archive, as the command does."""
    with TemporaryDirectory() as folder:
        archive = Path(folder) / f"{board.uuid}.bel"
        archive.write_bytes(b"".join(appending.archive(board)))
        with ballots.Running(archive, sync=False) as running:
            if kind == "Shuffle":
                return running.shuffle()
            return running.decrypt(int(json.loads(_key_file(board, number).read_text(encoding="ascii"))))[1]


def _folder() -> Path:
    folder: Path = settings.CONFIG.home / "trustees"
    folder.mkdir(exist_ok=True)
    return folder


def _key_file(board: Board, number: int) -> Path:
    return _folder() / f"{board.uuid}-{number}.privkey"


def _keep(file: Path, text: str) -> None:
    """A secret as the command writes it: readable by the owner only."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
        stream.write(json.dumps(text) if text.isdecimal() else text)
