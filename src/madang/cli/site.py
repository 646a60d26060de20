"""Verbs that need the site: they set Django up and call one action or query."""

import argparse
import os
import sys
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


def export_chain(options: argparse.Namespace) -> int:
    """Write the chain of events (or one book) to a file."""
    set_up(demo_if_there=True)
    from madang.site.city.queries import city_code
    from madang.site.kit import clock
    from madang.site.record.queries import export

    with options.file.open("wb") as stream:
        written = export(stream=stream, city=city_code(), at=clock.now(), book=options.book)
    print(f"{options.file}: {written.lines} lines, SHA-256 {written.sha256}")
    return 0


def seal_chain(options: argparse.Namespace) -> int:
    """Seal all books."""
    set_up(demo_if_there=True)
    from madang.site.kit import clock
    from madang.site.record.actions import seal_books

    seal: Any = seal_books(at=clock.now())
    print(f"Seal {seal.number}: root {seal.root}")
    return 0


def run_nightly(options: argparse.Namespace) -> int:
    """What every night needs.

    Ballots of running votes are sealed, support settled, officials reminded, personal answers forgotten in time,
    books sealed.
    """
    set_up(demo_if_there=True)
    from madang.site.followups.actions import remind
    from madang.site.followups.queries import somebody_to_remind
    from madang.site.forums.actions import settle_support
    from madang.site.forums.queries import support_to_settle
    from madang.site.intake.actions import forget_personal
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.record.actions import seal_books
    from madang.site.votes.actions import seal_ballots
    from madang.site.votes.queries import unsealed

    at = clock.now()
    elections = unsealed(at)
    for election in elections:
        seal_ballots(by=SYSTEM, at=at, election=election)
    settled = sum(len(settle_support(by=SYSTEM, at=at, stage=stage)) for stage in support_to_settle(at))
    reminded = remind(by=SYSTEM, at=at) if somebody_to_remind(at) else 0
    forgotten = forget_personal(by=SYSTEM, at=at)
    seal = seal_books(at=at)
    print(
        f"Ballots of {len(elections)} votes sealed, {settled} matters settled, {reminded} officials reminded, "
        f"{forgotten} personal answers forgotten."
    )
    print(f"Seal {seal.number}: root {seal.root}")
    return 0
