"""`madang registrar`: the site that hands out credentials for encrypted votes, with its own home and database."""

import argparse
import os
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

from madang import ballots
from madang.ballots.printing import printed
from madang.cli.ballots_parts import cores
from madang.cli.progress import Telling
from madang.cli.serving import serve_site
from madang.cli.site import name_administrator, run_nightly, set_up, told

SETTINGS = "madang.site.registrar.settings"
Run = Callable[[argparse.Namespace], int]


def add_verbs(verbs: Any) -> None:
    """Add `registrar` with its parts."""
    parser = verbs.add_parser("registrar", help="the site that hands out credentials for encrypted votes")
    parts = parser.add_subparsers(required=True, metavar="PART")
    setup = _part(parts, "setup", "make credentials for an election, and the public list for the city", _setup)
    setup.add_argument("terms", type=Path, metavar="TERMS.json", help="the file that the city's desk offers")
    setup.add_argument("--count", type=int, required=True, help="how many: three times as many as may come")
    setup.add_argument("--out", type=Path, required=True, metavar="DIR")
    setup.add_argument("--processes", type=int, help="how many to use (all cores)")
    serve = _part(parts, "serve", "serve the registrar's site", _serve)
    serve.add_argument("--port", type=int, default=8001)
    _part(parts, "credentials", "how many credentials were made and handed out, by election", _credentials)
    close = _part(
        parts, "close", "after the vote: destroy what nobody asked for, publish how many were handed out", _close
    )
    close.add_argument("election", metavar="UUID")
    forget = _part(parts, "forget", "after complaints: destroy the list of who had a credential", _forget)
    forget.add_argument("election", metavar="UUID")
    administrator = _part(parts, "administrator", "make an account an administrator, who gives roles", None)
    administrator.add_argument("address", metavar="ADDRESS", help="the e-mail address of the account")
    administrator.set_defaults(run=_own(name_administrator))
    _part(parts, "nightly", "forget what is over, seal the record (each night)", None).set_defaults(
        run=_own(run_nightly)
    )


def _part(parts: Any, name: str, what: str, run: Run | None) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = parts.add_parser(name, help=what)
    if run is not None:
        parser.set_defaults(run=_own(_with_site(run)))
    return parser


def _with_site(run: Run) -> Run:
    def ready(options: argparse.Namespace) -> int:
        set_up()
        return told(run)(options)

    return ready


def own_environment() -> None:
    """The registrar's settings and its own home: never the city's database or keys."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    home = Path(os.environ.setdefault("MADANG_HOME", str(Path("var/registrar").resolve())))
    if (home / "madang.sqlite3").exists():
        sys.exit(f"madang: {home} is the home of a city's site; the registrar needs one of its own in MADANG_HOME.")


def _own(run: Run) -> Run:
    def ready(options: argparse.Namespace) -> int:
        own_environment()
        return run(options)

    return ready


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection

    from madang.site.kit.verdict import Refused

    if "votes_election" in connection.introspection.table_names():
        raise Refused("DATABASE_URL names the database of a city's site; the registrar needs one of its own.")
    call_command("migrate", verbosity=0)


def _setup(options: argparse.Namespace) -> int:
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.kit.verdict import Refused
    from madang.site.registrar.actions import open_election
    from madang.site.registrar.terms import read_terms

    terms = read_terms(options.terms)
    if options.count < 1:
        raise Refused("--count must be at least 1.")
    file = options.out / f"{terms.election}.credentials.json"
    if file.exists():
        raise Refused(f"{file} is there already; name another folder.")
    _migrate()
    with cores(options.processes) as executor:
        drawn = ballots.draw_credentials(terms.group, terms.election, options.count, executor=executor, tell=Telling())
    listing = printed(sorted(public for _, public in drawn)).encode()
    digest = sha256(listing).hexdigest()
    options.out.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as stream:
        stream.write(listing)
    try:
        secrets = [credential for credential, _ in drawn]
        open_election(by=SYSTEM, at=clock.now(), terms=terms, credentials=secrets, listing=digest)
    except BaseException:
        file.unlink()
        raise
    print(f"{terms.name.en}: {len(drawn):,} credentials until the end of {terms.last_day}")
    print(f"{file}: give it to the city; its SHA-256 is {digest}")
    return 0


def _serve(options: argparse.Namespace) -> NoReturn:
    _migrate()
    serve_site("madang.site.registrar.wsgi", options.port, "The registrar")


def _credentials(options: argparse.Namespace) -> int:
    from madang.site.registrar.queries import elections

    for one in elections():
        state = "closed" if one.closed_at else f"until the end of {one.told.last_day}"
        given = one.handed_out if one.handed_out is not None else one.holders.count()
        print(f"{one.uuid}: {given:,} of {one.pool:,} handed out, {state}; list {one.listing}")
    return 0


def _close(options: argparse.Namespace) -> int:
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.registrar.actions import close_election

    closed = close_election(by=SYSTEM, at=clock.now(), election=_election(options.election))
    print(
        f"{closed.uuid}: {closed.handed_out:,} of {closed.pool:,} credentials were handed out, the rest is destroyed."
    )
    return 0


def _forget(options: argparse.Namespace) -> int:
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.registrar.actions import destroy_holders

    count = destroy_holders(by=SYSTEM, at=clock.now(), election=_election(options.election))
    print(f"{options.election}: nobody knows any more who the {count:,} holders of credentials were.")
    return 0


def _election(uuid: str) -> Any:
    from madang.site.kit.verdict import Refused
    from madang.site.registrar.models import Election

    found = Election.objects.filter(uuid=uuid).first()
    if found is None:
        raise Refused(f"There is no election {uuid}; madang registrar credentials lists those there are.")
    return found
