"""Wrong input on every form: it comes back valid, with what was typed, says what is wrong, and stores nothing."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve
from house_html import faults_of
from house_routes import addresses, routes
from house_world import build
from tinyhtml5.parser import HTMLParser

from madang.site.record.models import Event

pytestmark = pytest.mark.django_db
TYPED = ("text", "search", "email", "url", "tel", "number", "date", "time", "datetime-local", "month", "password")
# Forms that every page has, which take no words.
EVERYWHERE = ("/i18n/setlang/", "/text-size/", "/accounts/logout/")


@dataclass(frozen=True)
class Form:
    """A form of a page: where it goes, what is sent with it unseen, and its fields with their kinds."""

    action: str
    unseen: dict[str, list[str]]
    fields: dict[str, str]
    needed: frozenset[str]

    def filled(self, wrong: bool) -> dict[str, Any]:
        """Nothing, or in each field what it cannot mean; words are words."""
        return {
            **self.unseen,
            **{name: f"합성 {place} 아님" if wrong else "" for place, name in enumerate(self.fields)},
        }


def forms(html: str, page: str) -> Iterator[Form]:
    """The forms of a page into which somebody types."""
    root = HTMLParser(namespace_html_elements=False).parse(html)
    for form in root.iter("form"):
        action = urljoin(page, form.get("action") or page)
        # What is disabled is not sent by a browser.
        written = [one for one in form.iter() if one.get("name") and one.get("disabled") is None]
        fields = {one.get("name"): _kind(one) for one in written if _kind(one)}
        if form.get("method") != "post" or urlsplit(action).path in EVERYWHERE or not fields:
            continue
        unseen: dict[str, list[str]] = {}
        for one in form.iter("input"):
            if one.get("type") == "hidden" and one.get("name"):
                unseen.setdefault(one.get("name"), []).append(one.get("value") or "")
        button = next((one for one in form.iter("button") if one.get("name")), None)
        if button is not None:
            unseen[button.get("name")] = [button.get("value") or ""]
        needed = frozenset(
            one.get("name") for one in form.iter() if one.get("required") is not None and one.get("name") in fields
        )
        yield Form(action, unseen, fields, needed)


def _kind(field: Element) -> str:
    if field.tag == "textarea":
        return "words"
    kind = field.get("type") or "text"
    return kind if field.tag == "input" and kind in TYPED else ""


def answered(client: Client, form: Form, data: dict[str, Any], page: str) -> tuple[Any, int]:
    """The answer to a form, and how many events it wrote; nothing of it stays."""
    with transaction.atomic():
        before = Event.objects.count()
        answer = client.post(form.action, data, headers={"referer": f"http://testserver{page}"})
        written = Event.objects.count() - before
        transaction.set_rollback(True)
    return answer, written


def wrongs(client: Client, form: Form, page: str, wrong: bool) -> Iterator[str]:
    """What is not as it should be with the answer to a form that is empty, or filled in wrongly."""
    answer, written = answered(client, form, form.filled(wrong), page)
    status, told = answer.status_code, "filled in wrongly" if wrong else "empty"
    if status >= 500:
        yield f"breaks when it is {told}: {status}"
    elif getattr(answer.wsgi_request, "refused", False):
        yield f"answers with a message alone when it is {told}"
    elif status == 302 and written and not wrong and form.needed:
        yield f"takes nothing for {', '.join(sorted(form.needed))}"
    elif status == 200 and answer.headers["Content-Type"].startswith("text/html"):
        yield from (f"{fault} (when it is {told})" for fault in faults_of(answer))
        refused = 'aria-invalid="true"' in answer.text
        if refused and written:
            yield f"refuses and writes {written} events when it is {told}"
        if refused and wrong:
            lost = [name for name, kind in form.fields.items() if kind != "password" and not _kept(form, name, answer)]
            yield from (f"loses what was typed into {name}" for name in lost)


def _kept(form: Form, name: str, answer: Any) -> bool:
    return f">{form.filled(True)[name]}<" in answer.text.replace("\n", "") or form.filled(True)[name] in answer.text


def walked(client: Client, seen: set[tuple[str, ...]], *, desk: bool, most: int) -> Iterator[tuple[str, Form, str]]:
    """The forms on the first page of each route that answers among its first `most` addresses, each once."""
    for route in (route for route in routes() if route.path.startswith("desk/") is desk):
        tried = ((page, client.get(page)) for page in islice(addresses(route), most))
        page, answer = next(((page, answer) for page, answer in tried if answer.status_code == 200), ("", None))
        if answer is None or answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for form in forms(answer.text, page):
            name = resolve(urlsplit(form.action).path).view_name
            key = (name, *sorted(form.fields))
            if key not in seen:
                seen.add(key)
                yield page, form, name


@pytest.mark.skipif(connection.vendor != "sqlite", reason="which rows addresses meet depends on the numbers given")
@pytest.mark.parametrize(
    ("role", "desk", "most", "least"), [("citizen", False, 12, 4), ("head", True, 30, 20)], ids=("public", "desk")
)
def test_wrong_input_comes_back_with_what_was_typed_and_stores_nothing(caplog, role, desk, most, least):
    caplog.set_level(logging.CRITICAL, logger="django.request")
    client, found, seen = Client(raise_request_exception=False), set(), set()
    client.force_login(build()[role])
    for page, form, name in walked(client, seen, desk=desk, most=most):
        for wrong in (False, True):
            found |= {f"{name}: {fault}" for fault in wrongs(client, form, page, wrong)}
    assert "\n".join(sorted(found)) == ""
    assert len(seen) >= least, sorted(seen)
