"""Server time of every page of the site on the replayed city, beside an empty page through the same middleware.

Walks the address resolver, fills each GET route with the largest objects of the replayed year (the process with
most matters, the matter with most comments, the biggest stage of each kind …), asks as everybody who may read it,
seven times after a first time that does not count, and prints the slowest of its readings. Run from the repository,
after `./madang demo --no-serve`:

    PYTHONPATH=src python benchmarks/routes.py [part of a route]

Reads the demonstration in MADANG_HOME (var/demo by default) and works on a copy of it. `ms` is the median of the
wall clock, `cpu` that of the processor time of the process (the database is in it). `x` is the ratio to the empty
page for the same reader. Ends with 1 if a page takes more than 100 ms, is larger than 100 kB, or if a route was
not measured and nobody wrote down why. Downloads are listed apart: they hold everything, and are bound by nothing
but their length; reports are documents of their own length, bound by time only.
"""

import logging
import os
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from routes_objects import ABSENT, QUERIES, arguments, furnish

# One document each, written to be read and printed as a whole: the limit of size is for pages.
DOCUMENTS = ("reports/<slug:code>/", "reports/frozen/<int:pk>/")
RUNS, MOST_MS, MOST_BYTES = 7, 100.0, 100_000
CITIZENS = ("visitor", "citizen", "member")
OFFICIALS = ("officer", "head", "finance", "auditor")
SUFFIXES = (".csv", ".json", ".txt", ".pb", ".ics")
EMPTY = "empty/"


@dataclass(frozen=True)
class Reading:
    """One route read by somebody: medians in milliseconds, the queries and bytes of one answer."""

    route: str
    address: str
    reader: str
    ms: float
    cpu: float
    queries: int
    size: int
    kind: str


def copied(home: Path) -> Path:
    """A copy of the demonstration to work on; ends with a sentence if there is none."""
    file = home / "madang.sqlite3"
    try:
        source = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        matters = source.execute("SELECT count(*) FROM docket_matter").fetchone()[0]
    except sqlite3.Error:
        matters = 0
    if not matters:
        sys.exit(f"There is no replayed city in {home}; make one with: ./madang demo --no-serve (or set MADANG_HOME).")
    folder = Path(tempfile.mkdtemp(prefix="routes-"))
    with sqlite3.connect(folder / file.name) as target:
        source.backup(target)
    for key in home.glob("*.key"):
        shutil.copy(key, folder)
    if (home / "files").exists():
        shutil.copytree(home / "files", folder / "files")
    return folder


def set_up(home: Path) -> None:
    """Django on the copy, living at the demonstration's moment."""
    os.environ.update(MADANG_HOME=str(home), MADANG_DEMO="1")
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.site.settings")
    city = Path(os.environ.get("MADANG_CITY", "cities/seoul")) / "city.toml"
    day = tomllib.loads(city.read_text(encoding="utf-8")).get("demo_day")
    if day:
        os.environ.setdefault("MADANG_CLOCK_STARTS_AT", f"{day}T09:00:00+09:00")
    import django

    django.setup()
    logging.disable()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)
    from django.http import HttpResponse
    from django.urls import path

    from madang.site import urls
    from madang.site.kit.web.access import anyone, page

    urls.urlpatterns.append(path(EMPTY, page(allow=anyone)(lambda request: HttpResponse())))


def routes() -> Iterator[tuple[str, str]]:
    """Every route of the site with the place it belongs to, "city" or "desk"."""
    from django.urls import URLResolver, get_resolver

    def walk(resolver: Any, prefix: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry, route)
            else:
                yield route

    for route in walk(get_resolver(), ""):
        if route != EMPTY:
            yield route, "desk" if route.startswith("desk/") else "city"


def addresses(route: str, fillers: list[tuple[str, Callable[[], list[dict[str, Any]]]]]) -> list[str]:
    """The addresses of a route with its arguments filled in and the questions that readers ask it."""
    pattern = re.sub(r"\(\?P<(\w+)>.*?\)(?=[-/])", r"<\1>", route.replace("^", "").replace("$", ""))
    if "<" not in pattern:
        return [f"/{pattern}{query}" for query in QUERIES.get(route, [""])]
    fill = next((fill for part, fill in fillers if part in route), None)
    if fill is None:
        return []
    found = []
    for given in fill():
        address = pattern
        for name, value in given.items():
            address = re.sub(rf"<(\w+:)?{name}>", str(value), address)
        found += [f"/{address}{query}" for query in QUERIES.get(route, [""])]
    return list(dict.fromkeys(found))


def clients() -> dict[str, Any]:
    """A browser for each reader: a visitor, and the prepared people of the demonstration."""
    from django.test import Client

    from madang.site.people.models import Account

    found = {"visitor": Client(raise_request_exception=True, headers={"host": "localhost"})}
    for reader in (*CITIZENS[1:], *OFFICIALS):
        found[reader] = Client(raise_request_exception=True, headers={"host": "localhost"})
        found[reader].force_login(Account.objects.get(email=f"{reader}@demo.invalid"))
    return found


def asked(client: Any, address: str) -> tuple[Any, bytes, float, float]:
    """Ask once: the answer, its whole content, and the milliseconds of the clock and of the processor."""
    clock, cpu = time.perf_counter(), time.process_time()
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer, content, 1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu)


def read(client: Any, route: str, address: str, reader: str) -> Reading | int:
    """Measure one address as one reader; the status if it is no page for that reader."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        answer, content, _clock, _cpu = asked(client, address)
    asked_for = len(queries)
    if answer.status_code != 200:
        return answer.status_code
    times = [asked(client, address)[2:] for _run in range(RUNS)]
    saved = "attachment" in answer.headers.get("Content-Disposition", "")
    html = answer.headers["Content-Type"].startswith("text/html")
    kind = "page" if html else "download" if saved or route.endswith(SUFFIXES) else "api"
    ms, cpu = (statistics.median(column) for column in zip(*times, strict=True))
    return Reading(route, address, reader, ms, cpu, asked_for, len(content), kind)


def measured(only: str) -> tuple[list[Reading], dict[str, str]]:
    """The slowest reading of every route, and the routes that nobody could read with the reason."""
    browsers, fillers = clients(), arguments()
    found: list[Reading] = []
    unread: dict[str, str] = {}
    for route, place in routes():
        if only not in route:
            continue
        readings, statuses = [], set()
        for address in addresses(route, fillers):
            readers = (*CITIZENS, *OFFICIALS) if place == "city" else OFFICIALS
            enough = {"visitor", "citizen"} if place == "city" else set(OFFICIALS[:2])
            enough -= {"citizen"} if route.endswith(SUFFIXES) else set()
            for reader in readers:
                if any(row.address == address for row in readings) and reader not in enough:
                    continue
                got = read(browsers[reader], route, address, reader)
                statuses.add(got) if isinstance(got, int) else readings.append(got)
        if readings:
            found.append(max(readings, key=lambda row: row.ms))
        elif 405 not in statuses:
            answers = ", ".join(map(str, sorted(statuses))) if statuses else "no such object"
            unread[route] = ABSENT.get(route, f"not measured: {answers}")
    return found, unread


def first_readers() -> list[str]:
    """What the first reader after an event waits for the pages that are kept while no event is added."""
    from django.test import Client

    from madang.site.reports import kept, queries

    lines = []
    for address in ("/figures/", *(f"/reports/{code}/" for code in queries.codes())):
        times = []
        for _run in range(3):
            kept.forget()
            times.append(asked(Client(headers={"host": "localhost"}), address)[2])
        lines.append(f"{statistics.median(times):7.1f} {address}")
    return lines


def main() -> int:
    """Measure, print, judge."""
    home = copied(Path(os.environ.get("MADANG_HOME", "var/demo")))
    try:
        set_up(home)
        furnish()
        browsers = clients()
        empty = {reader: read(browser, EMPTY, f"/{EMPTY}", reader) for reader, browser in browsers.items()}
        found, unread = measured(sys.argv[1] if len(sys.argv) > 1 else "")
        first = first_readers()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    pages = sorted((row for row in found if row.kind != "download"), key=lambda row: -row.ms)
    print(f"{'ms':>7} {'cpu':>7} {'x':>6} {'queries':>7} {'kB':>7}  {'reader':8} address")
    for row in pages:
        show(row, empty)
    print("\nDownloads (whole collections; no limit)")
    for row in sorted((row for row in found if row.kind == "download"), key=lambda row: -row.ms):
        show(row, empty)
    print("\nThe empty page through the same middleware, for each reader")
    for row in empty.values():
        show(row, empty)
    print("\nThe first reader after an event (ms); all later ones are in the table above", *first, sep="\n")
    print("\nRoutes that answer no reader of this demonstration")
    for route, reason in unread.items():
        print(f"  {route}: {reason}")
    slow = [row for row in pages if row.ms > MOST_MS]
    bounded = [row for row in pages if row.kind == "page" and row.route not in DOCUMENTS]
    large = [row for row in bounded if row.size > MOST_BYTES]
    missed = [route for route in unread if route not in ABSENT]
    print(
        f"\n{len(pages)} pages, {len(slow)} over {MOST_MS:.0f} ms, {len(large)} over {MOST_BYTES // 1000} kB,", end=" "
    )
    print(f"{len(missed)} routes without a reading and without a reason.")
    return 1 if slow or large or missed else 0


def show(row: Reading, empty: dict[str, Any]) -> None:
    """Print one reading."""
    ratio, size = row.ms / empty[row.reader].ms, row.size / 1000
    print(f"{row.ms:7.1f} {row.cpu:7.1f} {ratio:6.1f} {row.queries:7} {size:7.1f}  {row.reader:8} {row.address}")


if __name__ == "__main__":
    sys.exit(main())
