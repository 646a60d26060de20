"""Its place here puts this folder on the path, so that tests of all rooms can import `factories`."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from house_html import faults_of


@pytest.fixture(autouse=True)
def pages_are_valid(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever else a test asks of a page: it is valid HTML, also when it refuses what was sent."""
    told: list[str] = []
    ask = Client.request

    def look(self: Client, **asked: Any) -> Any:
        answer = ask(self, **asked)
        told.extend(f"{asked.get('PATH_INFO')}: {fault}" for fault in faults_of(answer))
        return answer

    monkeypatch.setattr(Client, "request", look)
    yield
    assert told == []
