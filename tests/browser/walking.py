"""A visitor with a browser of their own, who looks at every page for what must never be there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from chromium import PHONE
from journey_town import PASSWORD, address
from playwright.sync_api import Browser, ConsoleMessage, Page

HEAVIEST = 100_000
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
# All that a page brings: itself, its style, its scripts, its pictures; before compression.
WEIGHT = """() => performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
    .reduce((sum, entry) => sum + entry.decodedBodySize, 0)"""
WIDTH = "() => document.documentElement.scrollWidth"
# A bar at the edge of the window covers what is scrolled under it; at the end of the page it stands at its own place.
END = "() => scrollTo(0, document.documentElement.scrollHeight)"


class Visitor:
    """Somebody with a browser, which may run no script. `faults` are the errors of consoles, among them of the CSP."""

    def __init__(
        self, browser: Browser, live: str, judged: set[tuple[str, int]], width: int = PHONE, script: bool = True
    ) -> None:
        self.width, self.script, self._judged, self._browser = width, script, judged, browser
        self._window: dict[str, Any] = {
            "base_url": live,
            "viewport": {"width": width, "height": 800},
            "locale": "ko-KR",
            "reduced_motion": "reduce",
        }
        self.context = browser.new_context(**self._window, java_script_enabled=script)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.faults: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"{self.page.url}: {message.text}")

    def sign_in(self, name: str) -> "Visitor":
        """Sign in as a resident or an official."""
        self.open("/accounts/login/")
        self.page.locator("input[name=login]").fill(address(name))
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.press("로그인", within="main")
        return self

    def open(self, path: str) -> "Visitor":
        """Open a page and look it over."""
        answer = self.page.goto(path)
        assert answer is not None
        assert (path, answer.status) == (path, 200)
        self.look()
        return self

    def press(self, name: str, within: str = "main") -> "Visitor":
        """Press a button or follow a link, and look the next page over."""
        place = self.page.locator(within)
        named = place.get_by_role("button", name=name, exact=True).or_(place.get_by_role("link", name=name, exact=True))
        with self.page.expect_navigation():
            named.first.click()
        self.look()
        return self

    def follow(self, selector: str) -> "Visitor":
        """Follow the first link that a selector finds, where links are called by their day."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.look()
        return self

    def fill(self, **answers: str) -> "Visitor":
        """Write into the fields of that name."""
        for name, text in answers.items():
            self.page.locator(f"main [name='{name.replace('__', '-')}']").fill(text)
        return self

    def look(self) -> None:
        """No fault, no page that is too heavy or wider than the screen."""
        found = {"faults": self.faults, "wide": self.page.evaluate(WIDTH) > self.width}
        assert found == {"faults": [], "wide": False}, self.page.url
        weight = self.page.evaluate(WEIGHT)
        assert 0 < weight < HEAVIEST, f"{self.page.url} weighs {weight} bytes"

    def judge(self, name: str) -> "Visitor":
        """Let axe judge the page once at each width; keep a picture of it where JOURNEY_SHOTS names a folder."""
        if (name, self.width) in self._judged:
            return self
        self._judged.add((name, self.width))
        if folder := os.environ.get("JOURNEY_SHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}-{self.width}.png", full_page=True)
        with self._for_axe() as page:
            page.evaluate(END)
            violations = Axe().run(page, options=RULES).response["violations"]
        assert [(row["id"], row["nodes"][0]["html"]) for row in violations] == [], f"{name}: {self.page.url}"
        return self

    @contextmanager
    def _for_axe(self) -> Iterator[Page]:
        """The page, in a window that runs scripts: axe is one."""
        if self.script:
            yield self.page
            return
        address, html = self.page.url, self.page.content()
        with self._browser.new_context(**self._window) as context:
            page = context.new_page()
            page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
            page.goto(address)
            yield page

    def text(self, selector: str) -> str:
        """The text of one element, its white space as single spaces."""
        return " ".join(self.page.locator(selector).inner_text().split())

    def texts(self, selector: str) -> list[str]:
        """The texts of elements, their white space as single spaces."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]
