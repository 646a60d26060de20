"""`madang demo`: load a city, replay its year, serve it. `madang load` and `madang serve` are its parts."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from madang.cli.progress import Progress
from madang.cli.site import run_nightly, set_up


def add_verbs(verbs: Any) -> None:
    """Add `demo`, `load` and `serve`."""
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
    home = Path(os.environ["MADANG_HOME"])
    loaded = home / "loaded"
    if options.fresh and not os.environ.get("DATABASE_URL"):
        shutil.rmtree(home, ignore_errors=True)
    set_up()
    from madang.site.replay.demo import CityRefused, prepare

    if not loaded.exists():
        try:
            seconds = prepare(Progress)
        except CityRefused as refused:
            print(refused, file=sys.stderr)
            return 1
        loaded.write_text("1")
        print(f"The demo city is ready after {seconds:.0f} s.", flush=True)
    if options.no_serve:
        return 0
    return run_serve(options)


def run_load(options: argparse.Namespace) -> int:
    """Migrate, check the folder and load it."""
    set_up()
    from madang.site.replay.demo import CityRefused, load_city

    try:
        print(load_city(options.folder))
    except CityRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def run_serve(options: argparse.Namespace) -> int:
    """Serve with gunicorn until interrupted."""
    set_up()
    from django.core.management import call_command

    call_command("collectstatic", "--noinput", verbosity=0)
    print(f"Madang: http://127.0.0.1:{options.port}/  (Ctrl-C ends it)", flush=True)
    command = [sys.executable, "-m", "gunicorn", "madang.site.wsgi", "-w", "2", "--threads", "4"]
    command += ["-b", f"127.0.0.1:{options.port}", "--log-level", "warning", "--preload"]
    try:
        return subprocess.call(command)
    except KeyboardInterrupt:
        return 0
