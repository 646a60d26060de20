"""Ballots per second: `cast()` of the site against bare SQLite inserts with the same durability.

Both write one roll entry and one ballot in one transaction, WAL journal, synchronous=FULL, on the same
disk: an acknowledged ballot survives a power cut. Run from the repository:

    PYTHONPATH=src python benchmarks/votes.py [ballots]

Prints ballots per second of both and the share of the bare speed that is left with all rules checked,
the seconds in which `cast_many` takes in 64,000 ballots, and how fast `cast_encrypted` takes encrypted ballots.
"""

import os
import random
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

AT = datetime(2021, 8, 9, 1, tzinfo=UTC)
OPTIONS, PICKS, MANY = 54, 5, 64_000


def bare(folder: Path, ballots: int) -> float:
    """Ballots per second of two inserts in a transaction, with nothing else."""
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE roll (id INTEGER PRIMARY KEY, election INTEGER, electorate TEXT, voter_key TEXT, channel TEXT,"
        " UNIQUE (election, voter_key));"
        "CREATE TABLE ballot (id INTEGER PRIMARY KEY, election INTEGER, electorate TEXT, choices TEXT, receipt TEXT,"
        " UNIQUE (election, receipt));"
    )
    started = time.perf_counter()
    for number in range(ballots):
        connection.execute("BEGIN IMMEDIATE")
        row = (random.getrandbits(63), 1, "citizens", f"{number:064x}", "online")
        connection.execute("INSERT INTO roll VALUES (?, ?, ?, ?, ?)", row)
        row = (random.getrandbits(63), 1, "citizens", "3,7,12,33,51", f"{number:014x}")
        connection.execute("INSERT INTO ballot VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("COMMIT")
    return ballots / (time.perf_counter() - started)


def site(ballots: int) -> tuple[float, float]:
    """Ballots per second through `cast`, and the seconds of `cast_many` for an evening's ballots."""
    election = _election()
    from madang.site.votes.actions import cast, cast_many

    started = time.perf_counter()
    for number in range(ballots):
        cast(by_voter=_voter(number), at=AT, election=election, choices=[3, 7, 12, 33, 51])
    speed = ballots / (time.perf_counter() - started)
    chance = random.Random(1)
    many = [(_voter(ballots + n), chance.sample(range(1, OPTIONS + 1), PICKS)) for n in range(MANY)]
    started = time.perf_counter()
    cast_many(at=AT, election=election, ballots=many)
    return speed, time.perf_counter() - started


def encrypted(ballots: int) -> tuple[float, float]:
    """Encrypted ballots per second through `cast_encrypted`, and the CPU milliseconds of one."""
    made: list = []
    election = _election("e", encrypted={}, before=lambda stage: made.extend(_board(stage, ballots)))
    from madang.site.votes.board import casting, queries

    board = queries.board_of(election.stage)
    started, used = time.perf_counter(), time.process_time()
    for number, raw in enumerate(made):
        casting.cast_encrypted(by_voter=_voter(number), at=AT, election=election, board=board, raw=raw)
    return ballots / (time.perf_counter() - started), 1000 * (time.process_time() - used) / ballots


def _board(stage, voters: int) -> list[bytes]:
    """Set a board up with synthetic trustees and credentials; a ballot of every credential."""
    from madang import ballots
    from madang.ballots.printing import printed
    from madang.ballots.rehearsing import trustees
    from madang.site.kit.actor import SYSTEM
    from madang.site.votes.board.queries import election_of
    from madang.site.votes.board.setting_up import begin_board, set_up_board

    board = begin_board(by=SYSTEM, at=AT, stage=stage)
    own = ballots.group(board.group)
    drawn = [ballots.draw_credential(own, board.uuid) for _ in range(voters)]
    listed = printed(sorted(public for _, public in drawn)).encode()
    board = set_up_board(by=SYSTEM, at=AT, board=board, trustees=trustees(own, None).items, credentials=listed)
    election = election_of(board)
    return [
        ballots.make_ballot(election, ballots.secret_of(own, election.uuid, credential), [[3, 7, 12, 33, 51]])
        for credential, _ in drawn
    ]


def _voter(number: int):
    from madang.site.votes.voters import Voter

    return Voter(f"{number:064x}", frozenset({f"lives_in:city/{number % 25}"}), "citizens")


def _election(code: str = "p", before=None, **more):
    """A synthetic vote for 5 of 54 options, in a database of its own."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from madang.site.docket.conductor import file_matter, open_stage
    from madang.site.kit.actor import SYSTEM
    from madang.site.people.models import Organisation
    from madang.site.programmes.models import Process, Programme, Stage
    from madang.site.record.journal import batch
    from madang.site.votes.models import Election

    office = Organisation.objects.create(code=code, kind="department", name_ko="과", name_en="Office")
    programme = Programme.objects.create(code=code, slug=code, department=office, order=1, name_ko="사업", name_en="P")
    process = Process.objects.create(
        code=f"{code}/1", programme=programme, department=office, year=2021, title_ko="회", title_en="R", recipe={}
    )
    rules = {
        "choose": {"min": 1, "max": PICKS},
        "electorates": [{"code": "citizens", "ko": "시민", "en": "Citizens", "who": ["lives_in:city"]}],
        **more,
    }
    stage = Stage.objects.create(process=process, order=1, kind="vote", title_ko="투표", settings=rules, opened_at=AT)
    with batch():
        for number in range(OPTIONS):
            file_matter(
                stage=stage, kind="project", title=f"사업 {number}", form="f@1", data={}, by=SYSTEM, at=AT, amount_won=1
            )
    stage.opened_at = None
    stage.save(update_fields=["opened_at"])
    if before:
        before(stage)
    with batch():
        open_stage(stage=stage, by=SYSTEM, at=AT)
    return Election.objects.select_related("stage__process__department").get(stage=stage)


def main() -> None:
    """Measure both and print them."""
    ballots = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as home:
        os.environ["MADANG_HOME"] = home
        os.environ.pop("DATABASE_URL", None)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.site.settings")
        peer = bare(Path(home), ballots)
        speed, seconds = site(ballots)
        sealed, cpu = encrypted(ballots)
    print(f"bare SQLite, WAL, synchronous=FULL: {peer:8,.0f} ballots/s")
    print(f"cast() with every rule checked:     {speed:8,.0f} ballots/s ({100 * speed / peer:.0f} % of bare)")
    print(f"cast_many, {MANY:,} ballots:          {seconds:8.2f} s ({MANY / seconds:,.0f} ballots/s)")
    print(f"cast_encrypted, Ed25519:            {sealed:8,.0f} ballots/s, {cpu:.1f} ms CPU each")


if __name__ == "__main__":
    main()
