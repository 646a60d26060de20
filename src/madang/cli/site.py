"""Verbs that need the site: they set Django up and call one action or query."""

import argparse
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

DEMO = Path("var/demo")


def set_up(*, demo_if_there: bool = False) -> None:
    """Make Django ready, or end with a sentence about the configuration.

    With `demo_if_there` the demonstration in this folder is looked at, unless MADANG_HOME says otherwise.
    """
    if demo_if_there and DEMO.exists() and not {"MADANG_HOME", "DATABASE_URL"} & set(os.environ):
        os.environ["MADANG_HOME"] = str(DEMO.resolve())
        os.environ.setdefault("MADANG_DEMO", "1")
    import django

    from madang.site.config import ConfigurationError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.site.settings")
    try:
        django.setup()
    except ConfigurationError as error:
        sys.exit(f"madang: {error}")


def told(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Make a refusal, an unreadable file and a database that does not answer a sentence.

    Exit status 1 if something is refused or not there, 2 if a file or the database cannot be used.
    """

    @wraps(run)
    def guarded(options: argparse.Namespace) -> int:
        from django.db import Error
        from django.utils import translation

        try:
            # The command speaks English; a report has a language of its own.
            with translation.override("en"):
                return run(options)
        except _sentences() as problem:
            return _say(str(problem), 1)
        except Error as problem:
            return _say(f"The database cannot be used ({str(problem).strip()}). {_mend(str(problem))}")
        except OSError as problem:
            return _say(f"{problem.filename or 'A file'} cannot be used: {problem.strerror}.")

    return guarded


def _sentences() -> tuple[type[Exception], ...]:
    """What says in a sentence what is wrong; the registrar's site knows neither cities nor reports."""
    from django.apps import apps

    from madang.site.kit.verdict import Refused

    if not apps.is_installed("madang.site.reports"):
        return (Refused,)
    from madang.site.city.documents import CityProblems
    from madang.site.reports.wording import Unknown

    return CityProblems, Refused, Unknown


def _mend(problem: str) -> str:
    if "no such table" in problem or ("does not exist" in problem and "relation" in problem):
        return "Make its tables: madang load (or, for the demonstration: madang demo --no-serve)"
    if os.environ.get("DATABASE_URL"):
        return "See whether the server that DATABASE_URL names runs, and knows the user and the database."
    if "locked" in problem:
        return "Another process is writing to it; try again in a minute."
    file = Path(os.environ.get("MADANG_HOME", "var")) / "madang.sqlite3"
    return f"Put {file} back from your backup; or, if it may be lost, delete it and load again."


def _say(sentence: str, status: int = 2) -> int:
    print(f"madang: {sentence}", file=sys.stderr)
    return status


def with_site(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Set the site up (the demonstration's, where there is one), then run."""

    def ready(options: argparse.Namespace) -> int:
        set_up(demo_if_there=True)
        return told(run)(options)

    return ready


@with_site
def export_chain(options: argparse.Namespace) -> int:
    """Write the chain of events (or one book) to a file."""
    from madang.site.city.queries import city_code
    from madang.site.kit import clock
    from madang.site.kit.verdict import Refused
    from madang.site.record.models import Book
    from madang.site.record.queries import export

    if options.book and not Book.objects.filter(code=options.book).exists():
        known = ", ".join(Book.objects.order_by("code").values_list("code", flat=True)[:20])
        raise Refused(f"There is no book {options.book}; there are: {known}.")
    with options.file.open("wb") as stream:
        written = export(stream=stream, city=city_code(), at=clock.now(), book=options.book)
    print(f"{options.file}: {written.lines} lines, SHA-256 {written.sha256}")
    return 0


@with_site
def seal_chain(options: argparse.Namespace) -> int:
    """Seal all books."""
    from madang.site.kit import clock
    from madang.site.record.actions import seal_books

    seal: Any = seal_books(at=clock.now())
    print(f"Seal {seal.number}: root {seal.root}")
    return 0


@with_site
def run_nightly(options: argparse.Namespace) -> int:
    """What every night needs: what the rooms do each night, sessions cleared, books sealed."""
    from django.core.management import call_command

    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.kit.nightly import night_tasks
    from madang.site.record.actions import seal_books

    at = clock.now()
    for task in night_tasks:
        print(f"{task.name}: {task.run(SYSTEM, at)}")
    call_command("clearsessions")
    seal = seal_books(at=at)
    print(f"Seal {seal.number}: root {seal.root}")
    return 0


@with_site
def set_up_board(options: argparse.Namespace) -> int:
    """Fix the board of an encrypted vote with the registrar's list, as its desk does for a list that is not long."""
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.kit.verdict import Refused
    from madang.site.votes.board import ceremony, queries

    board = queries.board_of_stage(int(options.stage)) if options.stage.isdecimal() else None
    if board is None:
        raise Refused(f"No board was begun for stage {options.stage}; begin it at the desk of the vote.")
    try:
        listed = options.file.read_bytes()
    except OSError as error:
        raise Refused(f"{options.file} cannot be read: {error.strerror}.") from error
    board = ceremony.set_up(by=SYSTEM, at=clock.now(), board=board, credentials=listed)
    print(f"The board is set up with {board.credentials:,} credentials. The vote can open.")
    return 0


@with_site
def advance_tally(options: argparse.Namespace) -> int:
    """Every step of the tally of an encrypted vote that waits for no trustee; a second run goes on where it is."""
    from madang.cli.ballots_parts import cores
    from madang.cli.progress import Telling
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.kit.verdict import Refused
    from madang.site.votes.board import queries, tallying

    board = queries.board_of_stage(int(options.stage)) if options.stage.isdecimal() else None
    if board is None:
        raise Refused(f"There is no encrypted vote in stage {options.stage}.")
    with cores(options.processes) as executor:
        done = tallying.advance(by=SYSTEM, at=clock.now(), board=board, executor=executor, tell=Telling())
    print("\n".join(done) or "Nothing can be done now.")
    return 0


@with_site
def rehearse_vote(options: argparse.Namespace) -> int:
    """The whole election of a stage with synthetic voters; the desk of the vote shows it."""
    from madang.cli.ballots_parts import cores
    from madang.cli.progress import Telling
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.kit.verdict import Refused
    from madang.site.programmes.models import Stage
    from madang.site.votes.board.rehearsal import archive_of, rehearse

    stages = Stage.objects.select_related("process__department").filter(kind="vote")
    stage = stages.filter(pk=options.stage).first() if options.stage.isdecimal() else None
    if stage is None:
        raise Refused(f"There is no vote in stage {options.stage}.")
    with cores(options.processes) as executor:
        held = rehearse(
            by=SYSTEM, at=clock.now(), stage=stage, voters=options.voters, executor=executor, tell=Telling()
        )
    for order, title, votes in held.options:
        print(f"{order:>3} {votes:>9,} {title}")
    print(f"{held.voters:,} synthetic voters, verified, {held.seconds} s: {archive_of(stage, held.uuid)}")
    return 0


@with_site
def mail_notices(options: argparse.Namespace) -> int:
    """Mail the notices that are waiting to those who want them at once."""
    from madang.site.docket.mailing import mail_all
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM

    print(f"Messages with notices: {mail_all(SYSTEM, clock.now(), daily=False)}")
    return 0


@with_site
def name_administrator(options: argparse.Namespace) -> int:
    """Make an account an administrator: the first one, who then gives all other roles on the site."""
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.kit.verdict import Refused
    from madang.site.people.actions import give_role
    from madang.site.people.models import Person

    person = Person.objects.filter(account__email__iexact=options.address).first()
    if person is None:
        raise Refused(f"No account has the address {options.address}; sign up on the site with it first.")
    give_role(by=SYSTEM, at=clock.now(), person=person, role="administrator")
    print(f"{options.address} is an administrator now and gives the other roles at /desk/roles/.")
    return 0
