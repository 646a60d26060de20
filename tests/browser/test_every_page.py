"""Every page of the site on a phone: in both languages and both themes, judged by axe and by our own eyes."""

import logging
from collections.abc import Iterator

import pages
import pytest
from chromium import PHONE
from playwright.sync_api import Browser, BrowserContext, Page
from walking import END, HEAVIEST, RULES, WEIGHT, WIDTH

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("ko", "en")
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
JUDGE = """options => axe.run(document, options).then(found => found.violations.flatMap(rule =>
    rule.nodes.map(node => rule.id + ": " + node.html.slice(0, 160))))"""
# What a finger cannot hit: under 24 px, unless it is a link inside a sentence (WCAG 2.5.8).
SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(node => {
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    if (!box.width || !node.checkVisibility() || style.visibility === "hidden") return false;
    if (node.matches(".skip, [type=hidden], :disabled")) return false;
    if (node.closest("label") && node.matches("[type=checkbox], [type=radio]")) return false;
    if (style.display === "inline" && node.parentElement.innerText.trim() !== node.innerText.trim()) return false;
    return box.width < 24 || box.height < 24;
}).map(node => node.outerHTML.slice(0, 120))"""


def test_every_public_page(browser, live_server, caplog):
    assert _walk(browser, live_server.url, caplog, desk=False) == {}


def test_every_desk_page(browser, live_server, caplog):
    assert _walk(browser, live_server.url, caplog, desk=True) == {}


def _walk(browser: Browser, live: str, caplog: pytest.LogCaptureFixture, desk: bool) -> dict[str, list[str]]:
    """What is wrong, by page."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
    clients = pages.world()
    opened = list(pages.pages(clients, desk))
    assert len(opened) > 40
    wrong: dict[str, list[str]] = {}
    for role in sorted({page.role for page in opened}):
        for language in LANGUAGES:
            shown = pages.context(browser, live, language, pages.key(clients[role]))
            for told in _look(shown, [page.address for page in opened if page.role == role]):
                wrong.setdefault(told[0], []).append(f"{language}: {told[1]}")
            shown.close()
    return wrong


def _look(context: BrowserContext, addresses: list[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with pages of one language."""
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    for address in addresses:
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            yield address, f"status {answer and answer.status}"
            continue
        for told in [*_seen(page), *faults]:
            yield address, told
        faults.clear()


def _seen(page: Page) -> Iterator[str]:
    """What is wrong with one page: in the light all of it, in the dark its colours."""
    page.emulate_media(color_scheme="light")
    page.evaluate(END)
    yield from page.evaluate(JUDGE, RULES)
    if page.evaluate(WIDTH) > PHONE:
        yield f"{page.evaluate(WIDTH)} px wide"
    if (weight := page.evaluate(WEIGHT)) > HEAVIEST:
        yield f"weighs {weight} bytes"
    for node in page.evaluate(SMALL):
        yield f"too small for a finger: {node}"
    page.emulate_media(color_scheme="dark")
    for told in page.evaluate(JUDGE, CONTRAST):
        yield f"in the dark, {told}"
