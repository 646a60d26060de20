"""`madang demo`: load a city, replay its year, serve it. `madang load` and `madang serve` are its parts."""

import argparse
import os
import shutil
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

from madang.cli.progress import Progress
from madang.cli.serving import require_free, serve_site
from madang.cli.site import (
    advance_tally,
    mail_notices,
    name_administrator,
    rehearse_vote,
    run_nightly,
    set_up,
    set_up_board,
    told,
)


def add_verbs(verbs: Any) -> None:
    """Add `demo`, `load`, `serve` and what an operator does now and then."""
    demo = verbs.add_parser("demo", help="load the demo city, replay its year and serve it")
    demo.add_argument("--no-serve", action="store_true", help="stop after loading")
    demo.add_argument("--fresh", action="store_true", help="begin anew even if the demo is loaded already")
    demo.add_argument("--port", type=int, default=8000)
    demo.set_defaults(run=run_demo)
    load = verbs.add_parser("load", help="load a city folder into the database (again changes nothing)")
    load.add_argument("folder", type=Path, nargs="?", help="the folder; by default MADANG_CITY")
    load.set_defaults(run=run_load)
    nightly = verbs.add_parser("nightly", help="seal ballots and books, forget personal answers (each night)")
    nightly.set_defaults(run=run_nightly)
    board = verbs.add_parser("board", help="set up the board of an encrypted vote with the registrar's list")
    board.add_argument("stage", metavar="STAGE", help="the number of the stage, as in the address of its page")
    board.add_argument("file", metavar="FILE", type=Path, help="the list of public credentials, UUID.credentials.json")
    board.set_defaults(run=set_up_board)
    tally = verbs.add_parser("tally", help="do what can be done now of the tally of an encrypted vote")
    tally.add_argument("stage", metavar="STAGE", help="the number of the stage, as in the address of its page")
    tally.add_argument("--processes", type=int, help="how many to use (all cores)")
    tally.set_defaults(run=advance_tally)
    rehearse = verbs.add_parser("rehearse", help="run an encrypted vote with synthetic voters, beside the real one")
    rehearse.add_argument("stage", metavar="STAGE", help="the number of the stage, as in the address of its page")
    rehearse.add_argument("--voters", type=int, default=1000)
    rehearse.add_argument("--processes", type=int, help="how many to use (all cores)")
    rehearse.set_defaults(run=rehearse_vote)
    mail = verbs.add_parser("mail", help="mail notices to those who want them at once (every few minutes)")
    mail.set_defaults(run=mail_notices)
    administrator = verbs.add_parser("administrator", help="make an account an administrator, who gives all roles")
    administrator.add_argument("address", metavar="ADDRESS", help="the e-mail address of the account")
    administrator.set_defaults(run=name_administrator)
    serve = verbs.add_parser("serve", help="serve the site")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=run_serve)


def demo_environment() -> None:
    """A demo keeps its data apart and lives at the moment its city names."""
    os.environ.setdefault("MADANG_DEMO", "1")
    os.environ.setdefault("MADANG_HOME", str(Path("var/demo").resolve()))


def run_demo(options: argparse.Namespace) -> int:
    """Load and replay unless that was done, then serve."""
    demo_environment()
    set_up()
    return told(_demo)(options)


def _demo(options: argparse.Namespace) -> int:
    if not options.no_serve:
        require_free(options.port)
        require_free(options.port + 1)
    home = Path(os.environ["MADANG_HOME"])
    loaded, loading = home / "loaded", home / "loading"
    if options.fresh:
        _begin_anew(home)
    elif loading.exists():
        print("The last loading was interrupted; it begins anew.", flush=True)
        _begin_anew(home)
    elif loaded.exists() and loaded.read_text() != _version():
        print("The demo was loaded by another version of Madang or of the city's folder; it begins anew.", flush=True)
        _begin_anew(home)
    if not loaded.exists():
        _require_folder(None)
        _require_empty()
        loading.touch()
        seconds = _prepare(loading)
        loaded.write_text(_version())
        loading.unlink()
        print(f"The demo city is ready after {seconds:.0f} s.", flush=True)
    return 0 if options.no_serve else _serve_with_registrar(options.port)


def _version() -> str:
    """What a loaded demo is made by, as a digest: the code and the city's folder.

    A demo that an older version loaded would hold data that the pages no longer read.
    """
    import madang

    digest = sha256()
    code = Path(madang.__file__).parent
    files = [*code.rglob("*.py"), *(file for file in _require_folder(None).rglob("*") if file.is_file())]
    for file in sorted(files):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _prepare(loading: Path) -> float:
    from madang.site.kit.verdict import Refused
    from madang.site.replay.demo import CityRefused, prepare

    try:
        return prepare(Progress)
    except CityRefused as refused:
        # The folder is checked before anything is written, so there is nothing to begin anew.
        loading.unlink()
        raise Refused(str(refused)) from None


def _begin_anew(home: Path) -> None:
    """Take a demonstration away: database and uploads, not the keys, and nothing that is no demonstration."""
    from django.conf import settings
    from django.db import connection

    from madang.site.kit.verdict import Refused

    if os.environ.get("DATABASE_URL"):
        raise Refused(
            "A demonstration in PostgreSQL begins anew in an empty database: drop and create it, then repeat."
        )
    marks, database = [home / "loaded", home / "loading"], Path(settings.DATABASES["default"]["NAME"])
    if database.exists() and not any(mark.exists() for mark in marks):
        raise Refused(f"{home} holds a site that is no demonstration; nothing was deleted. Name another MADANG_HOME.")
    connection.close()
    for file in [*marks, *(database.with_name(database.name + end) for end in ("", "-wal", "-shm"))]:
        file.unlink(missing_ok=True)
    for folder in ("files", "registrar", "trustees"):
        shutil.rmtree(home / folder, ignore_errors=True)


def _require_empty() -> None:
    """A year can be replayed once, and not over a site of real people."""
    from django.db import connection

    from madang.site.kit.verdict import Refused
    from madang.site.people.models import Person

    if Person._meta.db_table in connection.introspection.table_names() and Person.objects.exists():
        raise Refused("This database holds people already, so no year is replayed in it. Name another MADANG_HOME.")


def run_load(options: argparse.Namespace) -> int:
    """Migrate, check the folder and load it."""
    set_up()
    return told(_load)(options)


def _load(options: argparse.Namespace) -> int:
    from madang.site.replay.demo import CityRefused, load_city

    folder = _require_folder(options.folder)
    try:
        print(load_city(folder))
    except CityRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def _require_folder(named: Path | None) -> Path:
    from django.conf import settings

    from madang.site.kit.verdict import Refused

    folder: Path = named or settings.CITY_FOLDER
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}; name the city's folder, or set MADANG_CITY to it.")
    return folder


def run_serve(options: argparse.Namespace) -> int:
    """Serve with gunicorn until interrupted."""
    set_up()
    return told(_serve)(options)


def _serve(options: argparse.Namespace) -> NoReturn:
    serve_site("madang.site.wsgi", options.port, "Madang")


def _serve_with_registrar(port: int) -> NoReturn:
    """The city's site, and beside it, on the next port, the registrar's."""
    os.environ["MADANG_REGISTRAR"] = f"http://127.0.0.1:{port + 1}"
    os.environ["MADANG_CITY_ADDRESS"] = f"http://127.0.0.1:{port}"
    serve_site("madang.site.wsgi", port, "Madang", hooks="madang.cli.beside")
