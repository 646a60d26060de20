"""Server time, queries and size of every page of the site on the replayed city, and the site under load.

    PYTHONPATH=src python benchmarks/site.py [part of a route]
    PYTHONPATH=src python benchmarks/site.py --load [seconds]

Run from the repository after `./madang demo --no-serve`. Reads the demonstration in MADANG_HOME (var/demo by default)
and works on a copy of it.

Without `--load`: walks the address resolver, fills each GET route with the largest objects of the replayed year (the
process with most matters, the matter with most comments, the biggest stage of each kind …), asks as everybody who may
read it, RUNS times after a first time that does not count, and prints the slowest reader of each route. `ms` and `p95`
are the median and the 95th percentile of the wall clock, `cpu` the median of the processor time of the process (the
database is in it): on a machine with other work the second tells more. `x` is the ratio of the medians of processor
time to the empty page for the same reader, which is measured in the same run like one row read from the database.

The bars: over all answers of all pages a median of 50 ms and a 95th percentile of 150 ms, for each page 15 queries and
60 kB compressed. Ends with 1 if a bar is missed or if a route was not measured and nobody wrote down why. Downloads are
listed apart: they hold everything, and are bound by nothing but their length.

With `--load`: see `site_load.py`.
"""

import gzip
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

from site_objects import ABSENT, QUERIES, arguments, furnish

RUNS, ROWS = 11, 2000
MEDIAN_MS, P95_MS, MOST_QUERIES, MOST_ZIPPED = 50.0, 150.0, 15, 60_000
CITIZENS = ("visitor", "citizen", "member")
OFFICIALS = ("officer", "head", "finance", "auditor")
SUFFIXES = (".csv", ".json", ".txt", ".pb", ".ics")
EMPTY = "empty/"


@dataclass(frozen=True)
class Reading:
    """One route read by somebody: milliseconds of each answer, the queries and bytes of one."""

    route: str
    address: str
    reader: str
    clock: list[float]
    cpu: list[float]
    queries: int
    size: int
    zipped: int
    kind: str

    @property
    def ms(self) -> float:
        """The median of the wall clock."""
        return statistics.median(self.clock)


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
    # Whole pages are kept for visitors; what is measured is their making, so this one holds a cookie of its own.
    found["visitor"].cookies["own"] = "measured"
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

    status: int = client.get(address).status_code
    if status != 200:
        return status
    with CaptureQueriesContext(connection) as queries:
        answer, content, _clock, _cpu = asked(client, address)
    asked_for = len(queries)
    times = [asked(client, address)[2:] for _run in range(RUNS)]
    saved = "attachment" in answer.headers.get("Content-Disposition", "")
    html = answer.headers["Content-Type"].startswith("text/html")
    kind = "page" if html else "download" if saved or route.endswith(SUFFIXES) else "api"
    clock, cpu = (list(column) for column in zip(*times, strict=True))
    zipped = len(gzip.compress(content, 6)) if kind == "page" else 0
    return Reading(route, address, reader, clock, cpu, asked_for, len(content), zipped, kind)


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

    from madang.site.record.web.keeping import pages
    from madang.site.reports import kept, queries

    lines = []
    for address in ("/figures/", *(f"/reports/{code}/" for code in queries.codes())):
        times = []
        for _run in range(3):
            kept.forget()
            pages.forget()
            times.append(asked(Client(headers={"host": "localhost"}), address)[2])
        lines.append(f"{statistics.median(times):7.1f} {address}")
    return lines


def p95(times: list[float]) -> float:
    """The time that 95 of 100 answers keep."""
    return sorted(times)[-(-95 * len(times) // 100) - 1]


def row_ms() -> float:
    """Milliseconds of one row read by its key, without Django's models."""
    from django.db import connection

    with connection.cursor() as cursor:
        started = time.process_time()
        for _row in range(ROWS):
            cursor.execute("SELECT title FROM docket_matter WHERE id = (SELECT max(id) FROM docket_matter)").fetchone()
        return 1000 * (time.process_time() - started) / ROWS


def measure(home: Path, only: str) -> int:
    """Measure every route, print, judge."""
    set_up(home)
    furnish()
    empty = {reader: read(browser, EMPTY, f"/{EMPTY}", reader) for reader, browser in clients().items()}
    found, unread = measured(only)
    pages = sorted((row for row in found if row.kind != "download"), key=lambda row: -row.ms)
    heading = f"{'ms':>7} {'p95':>7} {'cpu':>7} {'x':>6} {'queries':>7} {'kB':>7} {'gzip':>6}  {'reader':8} address"
    print(heading)
    for row in pages:
        show(row, empty)
    print("\nDownloads (whole collections; no limit)")
    for row in sorted((row for row in found if row.kind == "download"), key=lambda row: -row.ms):
        show(row, empty)
    print(
        f"\nThe least there is: one row read by its key {row_ms():.3f} ms; the empty page through the same middleware"
    )
    for row in empty.values():
        show(row, empty)
    print("\nThe first reader after an event (ms); all later ones are in the table above", *first_readers(), sep="\n")
    print("\nRoutes that answer no reader of this demonstration")
    for route, reason in unread.items():
        print(f"  {route}: {reason}")
    return judged(pages, [route for route in unread if route not in ABSENT])


def judged(pages: list[Reading], missed: list[str]) -> int:
    """Print the totals beside their bars; 1 if one is missed."""
    clock = [time for row in pages for time in row.clock]
    cpu = [time for row in pages for time in row.cpu]
    asking = [row for row in pages if row.queries > MOST_QUERIES]
    large = [row for row in pages if row.zipped > MOST_ZIPPED]
    slow = [row for row in pages if row.ms > MEDIAN_MS or p95(row.clock) > P95_MS]
    print(f"\n{len(pages)} pages, {len(clock)} answers")
    print(f"wall clock  median {statistics.median(clock):6.1f} ms (bar {MEDIAN_MS:.0f}), ", end="")
    print(f"95th percentile {p95(clock):6.1f} ms (bar {P95_MS:.0f}), single pages over one of them: {len(slow)}")
    print(f"processor   median {statistics.median(cpu):6.1f} ms, 95th percentile {p95(cpu):6.1f} ms")
    print(f"queries     at most {max(row.queries for row in pages)} (bar {MOST_QUERIES}), over it: {len(asking)}")
    print(f"compressed  at most {max(row.zipped for row in pages) / 1000:.1f} kB (bar {MOST_ZIPPED // 1000})")
    print(f"not measured without a reason: {', '.join(missed) or 'none'}")
    late = statistics.median(clock) > MEDIAN_MS or p95(clock) > P95_MS
    return 1 if late or asking or large or missed else 0


def show(row: Reading, empty: dict[str, Any]) -> None:
    """Print one reading."""
    cpu = statistics.median(row.cpu)
    ratio = cpu / statistics.median(empty[row.reader].cpu)
    print(f"{row.ms:7.1f} {p95(row.clock):7.1f} {cpu:7.1f} {ratio:6.1f} {row.queries:7}", end=" ")
    print(f"{row.size / 1000:7.1f} {row.zipped / 1000:6.1f}  {row.reader:8} {row.address}")


def main() -> int:
    """Measure on a copy of the demonstration, in the way that was asked for."""
    home = copied(Path(os.environ.get("MADANG_HOME", "var/demo")))
    try:
        if "--load" in sys.argv:
            from site_load import loaded

            set_up(home)
            return loaded(home, int(sys.argv[2]) if len(sys.argv) > 2 else 30)
        return measure(home, sys.argv[1] if len(sys.argv) > 1 else "")
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
