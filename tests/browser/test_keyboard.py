"""Whoever goes by keyboard sees where they are: no step in the dark, none under a bar, none behind the menu."""

import pytest
from pages import context, key, world

from madang.site.programmes.models import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Where the focus is: what it is, whether it lies in the window and under nothing, and whether a ring shows it.
WHERE = """() => {
    const node = document.activeElement, box = node.getBoundingClientRect(), style = getComputedStyle(node);
    // Of a long field a browser brings the line of the cursor into the window, which is its first; of a table an end.
    const edge = Math.min(box.height / 2, 24);
    const lines = node.matches("[role=region]") ? [edge, box.height / 2, box.height - edge]
        : [node.tagName === "TEXTAREA" ? edge : box.height / 2];
    const left = box.left + Math.min(box.width, innerWidth) / 2;
    const found = lines.map(line => document.elementFromPoint(left, box.top + line)).filter(Boolean);
    return {
        node: node.outerHTML.slice(0, 100),
        end: node === document.body,
        seen: found.some(at => node.contains(at) || at.contains(node) && at.tagName === "LABEL"),
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    };
}"""
MOST = 150


@pytest.fixture
def phone(browser, live_server):
    """Opens a page as somebody, on a phone whose on-screen keyboard leaves half of the window."""
    clients = world()

    def opened(address, role="visitor"):
        page = context(browser, live_server.url, "ko", key(clients[role])).new_page()
        page.set_viewport_size({"width": 360, "height": 420})
        assert page.goto(address).status == 200
        return page

    return opened


def steps(page):
    """Where each press of Tab leads, until the page is over."""
    for _step in range(MOST):
        page.keyboard.press("Tab")
        where = page.evaluate(WHERE)
        if where["end"]:
            return
        yield where
    raise AssertionError("The keyboard does not come to the end of the page.")


def hidden(page):
    return [where["node"] for where in steps(page) if not (where["seen"] and where["ring"])]


def ballot_address():
    (stage,) = (stage for stage in Stage.objects.filter(kind="vote") if stage.rules.encrypted is None)
    return f"/votes/{stage.pk}/"


def test_every_step_of_the_keyboard_is_seen(phone):
    places = (("/", "visitor"), (ballot_address(), "citizen"), ("/desk/components/", "head"), ("/desk/", "head"))
    assert {address: found for address, role in places if (found := hidden(phone(address, role)))} == {}


def test_the_first_step_skips_to_the_content(phone):
    page = phone("/matters/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_menu_opens_by_keyboard_and_hides_nothing_behind_it(phone):
    page = phone("/")
    menu = page.locator(".menu > summary")
    menu.focus()
    page.keyboard.press("Enter")
    assert page.locator(".menu").get_attribute("open") == ""
    assert page.locator(".menu-panel").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.menu-panel') !== null")
    assert hidden(page) == []
    page.locator("main a").first.focus()
    assert not page.locator(".menu-panel").is_visible()
    menu.focus()
    assert page.locator(".menu-panel").is_visible()
    page.keyboard.press("Enter")
    assert page.locator(".menu").get_attribute("open") is None
