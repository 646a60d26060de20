"""The site under load: readers and voters at the real server, on a copy of the demonstration.

`madang serve` (gunicorn) is started on the copy, behind nothing. 50 readers go through the ten main pages, each
looking at a page for a second before opening the next. 20 people a second begin to vote: without an account, from the
ballot through the identity check (the demonstration's stand-in) to the receipt, with every form and token a browser
would send. All come from addresses of their own, told as a web server in front would. Whoever gets an answer of
another kind than expected, or none for half a minute, is an error. The processor time that the server spends on a
request (with its start) tells more than the waiting where a machine has other work. Afterwards every receipt must be in
the box, and the box must hold nothing else.
"""

import gzip
import http.client
import os
import random
import re
import resource
import socket
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

READERS, VOTERS_A_SECOND, PAUSE, PATIENCE = 50, 20, 1.0, 30
OPTIONS, PICKS = 54, 5
PAGES = (
    "/",
    "/programmes/",
    "/matters/",
    "/calendar/",
    "/ledger/",
    "/record/",
    "/figures/",
    "/matters/?words=%EA%B3%B5%EC%9B%90",
)


class Unexpected(Exception):
    """An answer of another kind than a browser would have got."""


class Browser:
    """Somebody at a browser: one connection, cookies, forms that are sent as they stand on the page."""

    def __init__(self, port: int, number: int) -> None:
        self.port, self.cookies = port, SimpleCookie()
        self.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.path, self.page = "", ""
        self.times: list[float] = []

    def open(self, path: str, data: dict[str, Any] | None = None) -> "Browser":
        """Ask for a page, going on where it leads. Raises Unexpected, OSError."""
        body = None if data is None else urlencode(data, doseq=True)
        started = time.perf_counter()
        answer, content = self._asked(path, body)
        self.times.append(time.perf_counter() - started)
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(cookie)
        if answer.status in (301, 302, 303):
            return self.open(answer.headers["Location"])
        if answer.status != 200:
            raise Unexpected(f"{answer.status} for {path}")
        self.path, self.page = path, content
        return self

    def _asked(self, path: str, body: str | None) -> tuple[http.client.HTTPResponse, str]:
        parts = urlsplit(path)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        headers = {
            "Host": f"127.0.0.1:{self.port}",
            "Accept-Encoding": "gzip",
            "X-Forwarded-For": self.address,
            "Referer": f"http://127.0.0.1:{self.port}{self.path}",
            "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        method = "GET" if body is None else "POST"
        try:
            self.connection.request(method, target, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The server ends a connection that nobody used for two seconds; browsers open another one.
            self.connection.close()
            self.connection.request(method, target, body, headers)
            answer = self.connection.getresponse()
        content = answer.read()
        zipped = answer.headers.get("Content-Encoding") == "gzip"
        return answer, (gzip.decompress(content) if zipped else content).decode()

    def send(self, action: str, **filled: Any) -> "Browser":
        """Send the form with that action, with what stands hidden in it and what was filled in."""
        forms = re.findall(r"<form([^>]*)>(.*?)</form>", self.page, re.DOTALL)
        # A form with an empty address goes to its own page.
        known = [action, ""] if self.path.partition("?")[0] == action else [action]
        inside = next((body for tag, body in forms if any(f'action="{one}"' in tag for one in known)), None)
        if inside is None:
            raise Unexpected(f"no form for {action} on {self.path}")
        data: dict[str, Any] = {}
        for field in re.findall(r"<input[^>]*>", inside):
            given = dict(re.findall(r'(\w+)="([^"]*)"', field))
            if given.get("type") == "hidden":
                data.setdefault(given["name"], []).append(unescape(given.get("value", "")))
        return self.open(action, {**data, **filled})


def vote(port: int, stage: int, number: int, receipts: list[str], times: list[float], wrong: list[str]) -> None:
    """One person from the ballot to the receipt."""
    chance, browser = random.Random(number), Browser(port, 100_000 + number)
    try:
        browser.open(f"/votes/{stage}/").send(f"/votes/{stage}/verify/")
        way = re.search(r'name="way" value="mock"', browser.page) or re.search(
            r'value="mock"[^>]*name="way"', browser.page
        )
        if way is None:
            raise Unexpected("no identity check to choose")
        browser.send("/identity/check/", way="mock")
        areas = re.findall(r'<option value="([^"]+)"', browser.page)
        person = {"name": f"합성 {number}", "born_on": "1990-01-02", "sex": "f", "lives_in": chance.choice(areas)}
        browser.send("/identity/back/", **person)
        numbers = re.findall(r'name="choice" value="(\d+)"', browser.page)
        browser.send(f"/votes/{stage}/review/", choice=chance.sample(numbers, PICKS)).send(f"/votes/{stage}/cast/")
        receipts += re.findall(r'receipt-code">([\w-]+)<', browser.page)
    except (Unexpected, OSError, http.client.HTTPException, KeyError) as error:
        wrong.append(f"voter {number}: {error!r}")
    times += browser.times
    browser.connection.close()


def read(port: int, pages: list[str], number: int, until: float, times: list[float], wrong: list[str]) -> None:
    """One reader, page after page."""
    chance, browser = random.Random(number), Browser(port, number)
    while time.perf_counter() < until:
        try:
            browser.open(chance.choice(pages))
        except (Unexpected, OSError, http.client.HTTPException) as error:
            wrong.append(f"reader {number}: {error!r}")
            browser.connection.close()
        time.sleep(PAUSE)
    times += browser.times
    browser.connection.close()


def open_vote() -> int:
    """A synthetic vote for 5 of 54 options that is open now; its stage."""
    from madang.site.docket import conductor
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.people.models import Area
    from madang.site.programmes.models import Process, Programme, Stage
    from madang.site.record.journal import batch

    at, home = clock.now(), Area.objects.get(level=Area.Level.CITY)
    programme = Programme.objects.select_related("department").order_by("pk").first()
    process = Process.objects.create(
        code="benchmark/load", programme=programme, department=programme.department, year=at.year, recipe={},
        title_ko="합성 투표", title_en="Synthetic vote",
    )  # fmt: skip
    rules = {
        "choose": {"min": 1, "max": PICKS},
        "electorates": [{"code": "citizens", "ko": "시민", "en": "Citizens", "who": [f"lives_in:{home.code}"]}],
    }
    stage = Stage.objects.create(
        process=process, order=1, kind="vote", title_ko="투표", title_en="Vote", settings=rules
    )
    stage.opened_at = at
    with batch():
        for number in range(OPTIONS):
            conductor.file_matter(
                stage=stage, kind="project", title=f"합성 사업 {number}", form="f@1", data={}, by=SYSTEM, at=at,
                amount_won=1_000_000, synthetic=True,
            )  # fmt: skip
        stage.opened_at = None
        conductor.open_stage(stage=stage, by=SYSTEM, at=at)
    return int(stage.pk)


def main_pages(stage: int) -> list[str]:
    """The ten main pages."""
    from madang.site.docket.models import Matter
    from madang.site.reports.queries import codes

    matter = Matter.objects.exclude(ending="hidden").order_by("pk").values_list("number", flat=True)[0]
    return [*PAGES, f"/matters/{matter}/", f"/reports/{codes()[0]}/" if codes() else f"/votes/{stage}/"]


def serve(home: Path, port: int) -> subprocess.Popen[bytes]:
    """The server as a deployment runs it, once it answers. Ends the benchmark if it never does."""
    env = {**os.environ, "MADANG_HOME": str(home), "MADANG_DEMO": "1", "MADANG_PROXIES": "1"}
    command = [sys.executable, "-m", "madang.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=env)
    for _second in range(240):
        try:
            Browser(port, 0).open("/healthz")
        except (OSError, http.client.HTTPException):
            time.sleep(0.25)
        else:
            return server
    server.terminate()
    sys.exit("The server did not answer within a minute.")


def loaded(home: Path, seconds: int) -> int:
    """Read and vote for some seconds, print, judge."""
    from django.db import connections

    stage = open_vote()
    pages = main_pages(stage)
    connections.close_all()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    idle = resource.getrusage(resource.RUSAGE_CHILDREN)
    server = serve(home, port)
    reading: list[float] = []
    voting: list[float] = []
    wrong: list[str] = []
    receipts: list[str] = []
    started = time.perf_counter()
    readers = [
        threading.Thread(target=read, args=(port, pages, number, started + seconds, reading, wrong))
        for number in range(READERS)
    ]
    try:
        for reader in readers:
            reader.start()
        with ThreadPoolExecutor(400) as voters:
            for number in range(VOTERS_A_SECOND * seconds):
                time.sleep(max(0.0, started + number / VOTERS_A_SECOND - time.perf_counter()))
                voters.submit(vote, port, stage, number, receipts, voting, wrong)
        last = time.perf_counter() - started
        for reader in readers:
            reader.join()
    finally:
        server.terminate()
        server.wait(30)
    print(f"{READERS} readers, {VOTERS_A_SECOND} voters a second for {seconds} s; the last receipt after {last:.1f} s")
    many, spent = len(reading) + len(voting), resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = 1000 * (spent.ru_utime + spent.ru_stime - idle.ru_utime - idle.ru_stime) / max(1, many)
    print(f"{many} requests, {many / last:.0f} a second; {busy:.1f} ms of the server's processor time for each")
    for name, times in (("pages read", reading), ("steps of voters", voting)):
        ordered = sorted(times) or [0.0]
        far = ordered[-(-95 * len(ordered) // 100) - 1]
        print(f"{name:16} {len(times):6}  median {1000 * statistics.median(ordered):7.1f} ms  95th percentile "
              f"{1000 * far:7.1f} ms  slowest {1000 * ordered[-1]:7.1f} ms")  # fmt: skip
    return judged(stage, receipts, VOTERS_A_SECOND * seconds, wrong)


def judged(stage: int, receipts: list[str], voters: int, wrong: list[str]) -> int:
    """Compare the box with the receipts that people hold; 1 if anything is wrong."""
    from madang.site.votes.models import Ballot, RollEntry

    box = list(Ballot.objects.filter(election__stage=stage).values_list("receipt", flat=True))
    roll = RollEntry.objects.filter(election__stage=stage).count()
    lost, double = set(receipts) - set(box), len(box) - len(set(box))
    print(f"{voters} voters, {len(receipts)} receipts, {len(box)} ballots in the box, {roll} entries of the roll")
    print(f"receipts without a ballot: {len(lost)}, ballots twice: {double}, errors: {len(wrong)}")
    for error in wrong[:10]:
        print(f"  {error}")
    return 0 if not wrong and not lost and not double and len(receipts) == len(box) == roll == voters else 1
