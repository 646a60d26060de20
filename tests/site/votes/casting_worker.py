"""A process that casts ballots into a database that others write to as well; run by test_board_under_load.

    python casting_worker.py JOBS ACKNOWLEDGED [PAGES]     casts every job that is not acknowledged yet
    python casting_worker.py --examine OUT                  writes the archive to OUT, prints what the tables hold

A job is a line: voter, and the ballot. What was acknowledged is noted after the answer, a line each. With PAGES the
database may not grow beyond so many pages, as on a full disk.
"""

import json
import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.site.settings")
TRIES = 20


def cast_all(jobs: Path, acknowledged: Path, pages: int) -> int:
    """Cast what was not acknowledged before; exit status 3 if the database had no room."""
    from boards import AT
    from django.db import connection

    from madang.site.votes.board import casting, queries
    from madang.site.votes.models import Election
    from madang.site.votes.voters import Voter

    with connection.cursor() as cursor:
        if pages:
            cursor.execute(f"PRAGMA max_page_count = {pages}")
    election = Election.objects.select_related("stage__process__department").get()
    done = {line.split()[0] for line in acknowledged.read_text().splitlines()} if acknowledged.exists() else set()
    with acknowledged.open("a") as notes:
        for line in jobs.read_text().splitlines():
            number, voter, raw = json.loads(line)
            if str(number) in done:
                continue
            board = queries.board_of(election.stage)
            by = Voter(voter, frozenset({"lives_in:town/east"}), "public")
            for attempt in range(TRIES):
                try:
                    cast = casting.cast_encrypted(
                        by_voter=by, at=AT, election=election, board=board, raw=raw.encode()
                    )  # fmt: skip
                    said = f"{cast.tracker} {cast.height} {cast.event}"
                except casting.BallotRefused as refused:
                    said = f"- - {refused.rule}"
                except casting.Busy as busy:
                    if "full" in str(busy) or attempt == TRIES - 1:
                        sys.stderr.write(f"{busy}\n")
                        return 3
                    time.sleep(0.1)
                    continue
                break
            notes.write(f"{number} {said}\n")
            notes.flush()
    return 0


def examine(out: Path) -> int:
    """What the tables hold, for the test to compare."""
    from madang.site.votes.board import appending
    from madang.site.votes.models import Board, Cast, RollEntry

    board = Board.objects.get()
    out.write_bytes(b"".join(appending.archive(board)))
    sys.stdout.write(
        json.dumps(
            {
                "cast": list(Cast.objects.order_by("number").values_list("tracker", "number", "credential")),
                "roll": sorted(RollEntry.objects.values_list("voter_key", flat=True)),
                "board": [board.ballots, board.voters, board.events, board.head, board.size],
            }
        )
    )
    return 0


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "--examine":
        sys.exit(examine(Path(sys.argv[2])))
    sys.exit(cast_all(Path(sys.argv[1]), Path(sys.argv[2]), int((sys.argv[3:] or ["0"])[0])))
