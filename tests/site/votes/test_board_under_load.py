"""Casting by eight processes at once, killed in mid-write, on a full disk, and begun again.

No ballot that was acknowledged is lost, nobody votes twice, and the archive verifies.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from madang import ballots
from madang.ballots.archives import Reader

WORKERS, VOTERS = 8, 80
ROOM = 20
"""Pages of SQLite for about half of the ballots: all of them take about 38."""
HERE = Path(__file__).parent
ROOT = HERE.parents[2]

pytestmark = pytest.mark.django_db(transaction=True)


class Site:
    """The database of a test, for processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        paths = [str(HERE), str(ROOT / "src")]
        self.env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "MADANG_HOME": str(folder)}
        if connection.vendor == "postgresql":
            # The address of the server, with the name of the test's own database.
            parts = urlsplit(os.environ["DATABASE_URL"])
            self.env["DATABASE_URL"] = parts._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
            return
        self.env.pop("DATABASE_URL", None)
        with sqlite3.connect(folder / "madang.sqlite3") as file:
            connection.connection.backup(file)
        file.close()

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """A process with the worker's program."""
        command = [sys.executable, str(HERE / "casting_worker.py"), *map(str, arguments)]
        return subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def work(self, place: int, pages: int = 0) -> subprocess.Popen[str]:
        """The worker at this place, or the one that takes over from it."""
        return self.start(self.folder / f"jobs{place}", self.folder / f"told{place}", pages)

    def told(self) -> list[tuple[str, str, str]]:
        """What was answered to all workers: tracker, height, event or rule."""
        lines = [line for place in range(WORKERS) for line in self._lines(place)]
        return [(line[1], line[2], line[3]) for line in lines]

    def _lines(self, place: int) -> list[list[str]]:
        path = self.folder / f"told{place}"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    def examine(self) -> dict:
        """What the tables hold, and whether the archive is right."""
        out = self.folder / "archive.bel"
        process = self.start("--examine", out)
        printed, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        assert ballots.verify(out, unfinished=True).faults == ()
        return json.loads(printed)


def _jobs(town, folder: Path) -> list[tuple[str, str]]:
    """Ballots of voters, some twice, some handed to two processes, and somebody with two credentials."""
    chance = random.Random("load")  # noqa: S311 - synthetic voters
    jobs = []
    for voter in range(VOTERS):
        picks = [[1, 2], [3], [1, 3], [2]][voter % 4]
        jobs.append((f"key-{voter}", town.made.ballot(voter, picks).decode()))
        if voter % 5 == 0:
            jobs.append((f"key-{voter}", town.made.ballot(voter, [2]).decode()))
        if voter % 7 == 0:
            jobs.append(jobs[-1])
        if voter % 11 == 0:
            jobs.append((f"key-{voter}", town.made.ballot(VOTERS + voter // 11, [1]).decode()))
    chance.shuffle(jobs)
    for place in range(WORKERS):
        lines = [json.dumps([number, *job]) for number, job in enumerate(jobs) if number % WORKERS == place]
        (folder / f"jobs{place}").write_text("\n".join(lines))
    return jobs


def _require_nothing_lost(site: Site, town, jobs) -> dict:
    found = site.examine()
    on_board = {(tracker, str(number)) for tracker, number, _credential in found["cast"]}
    acknowledged = {(tracker, height) for tracker, height, _event in site.told() if tracker != "-"}
    assert acknowledged - on_board == set(), "acknowledged ballots are lost"
    events = {}
    with (site.folder / "archive.bel").open("rb") as stream:
        events = {str(event.number): event.hash for event in Reader(stream).events()}
    assert {height: event for tracker, height, event in site.told() if tracker != "-"}.items() <= events.items()
    used = {credential for _tracker, _number, credential in found["cast"]}
    assert len(found["roll"]) == len(set(found["roll"])) == len(used) == found["board"][1]
    assert len({tracker for tracker, _number, _credential in found["cast"]}) == len(found["cast"]) == found["board"][0]
    assert set(found["roll"]) <= {voter for voter, _raw in jobs}
    return found


def _finish(site: Site) -> None:
    processes = [site.work(place) for place in range(WORKERS)]
    for process in processes:
        _out, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors


def test_no_acknowledged_ballot_is_lost_and_nobody_votes_twice_when_processes_are_killed(encrypted, tmp_path):
    town = encrypted(voters=VOTERS + VOTERS // 11 + 1)
    site = Site(tmp_path)
    jobs = _jobs(town, tmp_path)
    processes = [site.work(place) for place in range(WORKERS)]
    chance = random.Random("kill")  # noqa: S311 - any moment will do
    killed = 0
    deadline = time.monotonic() + 120
    while len(site.told()) < 8 and time.monotonic() < deadline:
        time.sleep(0.01)
    for place in chance.sample(range(WORKERS), 5):
        if processes[place].poll() is None:
            processes[place].send_signal(signal.SIGKILL)
            killed += 1
        time.sleep(0.02 * chance.random())
    for process in processes:
        process.communicate(timeout=300)
    assert killed >= 1
    _require_nothing_lost(site, town, jobs)
    _finish(site)
    found = _require_nothing_lost(site, town, jobs)
    assert set(found["roll"]) == {voter for voter, _raw in jobs}, "everybody has voted once at last"
    refused = {event for tracker, _height, event in site.told() if tracker == "-"}
    assert refused <= {"ballot-replayed", "roll"}


def test_a_full_disk_takes_no_ballot_half_and_the_vote_goes_on_when_there_is_room(encrypted, tmp_path):
    town = encrypted(voters=VOTERS + VOTERS // 11 + 1)
    site = Site(tmp_path)
    jobs = _jobs(town, tmp_path)
    pages = 0
    if connection.vendor == "sqlite":
        with sqlite3.connect(tmp_path / "madang.sqlite3") as file:
            # Pages that migrations and earlier tests left free would be room as well, as much as there happens to be.
            file.execute("VACUUM")
            assert file.execute("PRAGMA freelist_count").fetchone() == (0,)
            pages = file.execute("PRAGMA page_count").fetchone()[0] + ROOM
        file.close()
    else:
        _no_room_after(30)
    processes = [site.work(place, pages) for place in range(WORKERS)]
    said = [process.communicate(timeout=300)[1] for process in processes]
    full = [process.returncode for process, errors in zip(processes, said, strict=True) if "full" in errors]
    assert set(full) == {3}, f"the disk was not full: {said}"
    before = _require_nothing_lost(site, town, jobs)
    assert 0 < len(before["cast"]) < len(jobs)
    if connection.vendor == "postgresql":
        _room_again()
    _finish(site)
    found = _require_nothing_lost(site, town, jobs)
    assert set(found["roll"]) == {voter for voter, _raw in jobs}
    assert found["cast"][: len(before["cast"])] == before["cast"]


def _no_room_after(ballots_: int) -> None:
    """Let PostgreSQL say what it says when its disk is full."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NEW.number > {ballots_} THEN RAISE EXCEPTION 'No space left on device: the disk is full' "
            "USING ERRCODE = '53100'; END IF; RETURN NEW; END $$"
        )
        cursor.execute("CREATE TRIGGER no_room BEFORE INSERT ON votes_cast FOR EACH ROW EXECUTE FUNCTION no_room()")


def _room_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER no_room ON votes_cast")
        cursor.execute("DROP FUNCTION no_room()")
