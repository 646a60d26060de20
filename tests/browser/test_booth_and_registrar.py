"""The whole way of a voter between two sites: identity, registrar, booth, board, and all of it once more."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import journey_town
import pytest
from booths import TITLES, Booth, open_encrypted
from chromium import DESK, PHONE
from test_booth import MOCK, check_identity, opened

from madang.site.votes.models import Cast, RollEntry
from madang.site.votes.web.ceremony import terms_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FERRY, LAMPS, GARDEN = TITLES


class Registrar:
    """The registrar as a process of its own, with its own home, database and keys."""

    def __init__(self, folder: Path, city: str) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")
        } | {
            "MADANG_HOME": str(folder / "registrar"),
            "MADANG_DEMO": "1",
            "MADANG_IDENTITY_VERIFIER": "mock",
            "MADANG_CITY": str(journey_town.TOWN),
            "MADANG_CLOCK_STARTS_AT": journey_town.AT.isoformat(),
            "MADANG_CITY_ADDRESS": city,
        }  # fmt: skip

    def credentials(self, board) -> bytes:
        """Make credentials for an election by what the city's desk says of it; the list for the city."""
        terms = self.folder / "terms.json"
        terms.write_text(json.dumps(terms_of(board)), encoding="utf-8")
        self._command("setup", str(terms), "--count", "3", "--out", str(self.folder))
        return (self.folder / f"{board.uuid}.credentials.json").read_bytes()

    def _command(self, *words: str) -> None:
        command = [sys.executable, "-m", "madang.cli", "registrar", *words]
        ran = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    @contextmanager
    def serving(self):
        """Serve until the test is done."""
        command = [sys.executable, "-m", "madang.cli", "registrar", "serve", "--port", str(self.port)]
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        try:
            self._wait(process)
            yield
        finally:
            process.terminate()
            process.wait(20)

    def _wait(self, process: subprocess.Popen) -> None:
        for _turn in range(300):
            assert process.poll() is None, (self.folder / "log").read_text()
            try:
                with urllib.request.urlopen(f"{self.address}/healthz"):  # noqa: S310 - our own process
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError((self.folder / "log").read_text())


@pytest.fixture
def registrar(tmp_path, live_server, settings) -> Registrar:
    made = Registrar(tmp_path, live_server.url)
    settings.IDENTITY_VERIFIERS, settings.REGISTRAR = MOCK, made.address
    return made


def check_at_registrar(visitor):
    """Show who one is to the registrar, and come back with the credential."""
    visitor.press("본인확인 시작").fill(name="합성 나그네", born_on="1990-01-02")
    visitor.page.locator("[name=lives_in]").select_option(label="아골리")
    visitor.press("확인").press("이 열쇠를 가지고 기표소로 가기")


def look_up(visitor, address, tracker) -> str:
    """What the public board says about a tracker."""
    visitor.open(address).fill(tracker=tracker)
    visitor.page.locator("#tracker").press("Enter")
    visitor.page.locator("[role=status]").first.wait_for()
    return visitor.text("main [role=status]")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_from_the_identity_to_the_board_and_once_more(visitor, registrar, width):
    resident = visitor(width)
    made = open_encrypted(registrar=registrar.credentials)
    booth = Booth(resident, made)
    trackers = []
    with registrar.serving():
        for picks in ([FERRY, GARDEN], [LAMPS]):
            booth.open()
            check_identity(resident)
            resident.judge("booth-to-registrar").press("발급처에서 투표 열쇠 받기")
            assert resident.page.url.startswith(registrar.address)
            check_at_registrar(resident)
            assert resident.page.url.endswith(booth.address)
            booth.page.locator("[data-step=choose] h2").wait_for()
            booth.pick(*picks).look_over().shown("review").encrypt()
            trackers.append(booth.cast())
            if len(trackers) == 1:
                booth.page.locator("[data-board]").click()
                booth.page.wait_for_url("**/board/?tracker=*")
                resident.judge("board-after-the-receipt")
    assert (opened(made), RollEntry.objects.count(), Cast.objects.count()) == ([[1, 3], [2, 0]], 1, 2)
    board = f"/votes/{made.board.stage_id}/board/"
    assert [look_up(resident, board, tracker) for tracker in trackers] == [
        "1번 투표지로 게시판에 있습니다. 같은 투표 열쇠로 나중에 다시 투표하여 2번 투표지를 셉니다.",
        "네, 2번 투표지로 게시판에 있고 개표에 들어갑니다.",
    ]
    assert resident.faults == []
