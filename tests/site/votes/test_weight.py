"""What a paper with as many options as a city's weighs on its way to a phone, packed as it travels."""

import gzip
import random
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from madang.site.kit import clock
from madang.site.people.actions import Verified, verify_identity
from madang.site.people.actors import citizen
from madang.site.people.models import Account, Area, Person
from madang.site.votes.paper import LETTERS
from madang.site.votes.web.booth import FILES

OPTIONS, LIGHT = 54, 60_000
COSTS = [20_000_000 + 1_234_567 * place for place in range(OPTIONS)]
SYLLABLE = 2
"""A summary packs to less than so many bytes a letter; the made-up town has none, so they are counted as if full."""


def _titles() -> list[str]:
    """As long as people's, of syllables that no two share, so that they pack badly."""
    chance = random.Random("titles")  # noqa: S311 - synthetic titles
    return ["합성 " + "".join(chr(chance.randrange(0xAC00, 0xD7A4)) for _ in range(20)) for _ in COSTS]


def _packed(client, address: str) -> int:
    """The page as the site packs it, and every file of the house that it names."""
    answer = client.get(address, headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "gzip")
    html = gzip.decompress(answer.content).decode()
    assert len(re.findall(r'class="option"', html)) == OPTIONS
    names = set(re.findall(r'(?:src|href)="/static/([^"]+)"', html))
    for name in sorted(names):
        if name.endswith(".js"):
            text = Path(finders.find(name)).read_text(encoding="utf-8")
            names |= {f"votes/{found}" for found in re.findall(r'(?:from|import) ?\(?"\./([^"]+)"', text)}
    if "votes/booth.js" in names:
        names |= {f"votes/{name}" for name in FILES if name != "test.js"}
    assert "madang.css" in names
    return len(answer.content) + sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in names)


@pytest.mark.parametrize("kind", ["booth", "vote"])
def test_a_paper_with_54_options_is_light_on_its_way(kind, encrypted, make, monkeypatch):
    town = (encrypted if kind == "booth" else make)(costs=COSTS, titles=_titles())
    monkeypatch.setattr(clock, "now", lambda: town.at)
    Area.objects.create(code="town/east", level="district", name_ko="동구", name_en="East")
    account = Account.objects.create_user("kim@example.invalid")
    row = Person.objects.create(pseudonym="kim", account=account, created_at=town.at, synthetic=True)
    facts = Verified("mock:kim", "mock", 1980, "f", lives_in="town/east")
    verify_identity(by=citizen(row), at=town.at, person=row, verified=facts)
    client = Client(headers={"accept-language": "ko"})
    client.force_login(account)
    weight = _packed(client, reverse(f"votes:{kind}", args=[town.stage.pk]))
    assert weight < LIGHT - SYLLABLE * LETTERS
