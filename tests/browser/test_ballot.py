"""The ballot on the narrowest phone: how many clicks a voter needs, by keyboard, and without script."""

import pytest
from test_visiting_vote import FERRY, LAMPS, open_the_vote

from madang.site.votes.models import Ballot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = 320
COUNT = """addEventListener("click", event => {
    if (event.detail) localStorage.clicks = 1 + Number(localStorage.clicks || 0);
}, true)"""
# From the front page: to the ballot, one for each pick, to the review, into the box.
CLICKS = 1 + 1 + 2


def test_a_resident_votes_in_four_clicks_and_goes_on_where_the_phone_left_off(visitor):
    stage = open_the_vote()
    resident = visitor(NARROW).sign_in("ara")
    resident.page.add_init_script(COUNT)
    resident.open("/").follow(f"main a[href='/votes/{stage.pk}/']").judge("ballot")
    page = resident.page
    with page.expect_response(lambda answer: answer.url.endswith("/picks/") and answer.status == 204):
        page.get_by_role("checkbox", name=FERRY).click()
    resident.open("/").open(f"/votes/{stage.pk}/")
    assert page.get_by_role("checkbox", name=FERRY).is_checked()
    assert resident.text("[data-picks-left]") == "0"
    assert page.get_by_role("checkbox", name=LAMPS).is_disabled() and page.locator("[data-full]").is_visible()
    resident.press("내 투표 살펴보기").judge("ballot-review").press("투표하기")
    assert page.evaluate("localStorage.clicks") == str(CLICKS)
    assert Ballot.objects.get().choices == "1"
    assert [one["name"] for one in resident.context.cookies() if one["name"] == "ballot_picks"] == []


def _press(page, name):
    page.get_by_role("button", name=name).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_details_open_over_the_list_and_projects_are_compared_by_keyboard(visitor):
    stage = open_the_vote()
    resident = visitor(NARROW)
    page = resident.open(f"/votes/{stage.pk}/").page
    opener = page.locator("main .peek-open").first
    opener.focus()
    page.keyboard.press("Enter")
    assert page.locator(".peek:popover-open").count() == 1
    resident.judge("ballot-peek")
    page.keyboard.press("Escape")
    assert page.locator(".peek:popover-open").count() == 0
    _press(page, "비교하기")
    for name in (FERRY, LAMPS):
        page.get_by_role("checkbox", name=name).focus()
        page.keyboard.press("Space")
    _press(page, "비교하기")
    resident.look()
    resident.judge("ballot-compare")
    assert page.locator("table thead th").count() == 2
