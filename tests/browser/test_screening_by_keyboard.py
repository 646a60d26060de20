"""Screening by keyboard alone, at a desk and in a window as narrow as a phone: going on, ruling, undoing."""

import pytest
from chromium import DESK, PHONE
from journey_town import AT

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.kit.actor import SYSTEM
from madang.site.programmes.models import Stage
from madang.site.record.journal import action

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLES = ("합성 나루터 쉼터", "합성 골목 등불", "합성 나루터 쉼터 둘")


@action
def filed(*, stage):
    """An open screening with three matters in it."""
    conductor.open_stage(stage=stage, by=SYSTEM, at=AT)
    for title in TITLES:
        said = {"title": title, "content": "합성 글", "cost": 1000, "place": "dalbit/agol"}
        conductor.file_matter(stage=stage, kind="project", title=title, form="idea@1", data=said, by=SYSTEM, at=AT)


def here(officer):
    officer.look()
    return officer.page.locator("h1").inner_text()


def goes(officer, key):
    with officer.page.expect_navigation():
        officer.page.keyboard.press(key)
    return here(officer)


def tab_to(officer, name):
    """Go on by Tab until something of that name has the focus."""
    for _step in range(80):
        officer.page.keyboard.press("Tab")
        if officer.page.evaluate("() => document.activeElement.innerText?.trim()") == name:
            return
    raise AssertionError(f"Tab does not come to {name}.")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_screening_desk_goes_by_keyboard_alone(visitor, width):
    officer = visitor(width).sign_in("officer")
    stage = Stage.objects.get(process__code="B/ideas/2031", kind="screen")
    filed(stage=stage)
    first = Matter.objects.get(title=TITLES[0])
    officer.open(f"/desk/reviews/screenings/{stage.pk}/").judge("screening-queue")
    tab_to(officer, "한 건씩 이어서 심사")
    assert goes(officer, "Enter") == TITLES[0]
    officer.judge("screening-desk")
    assert [goes(officer, key) for key in ("j", "n", "k", "p")] == [TITLES[1], TITLES[2], TITLES[1], TITLES[0]]

    keyboard = officer.page.keyboard
    keyboard.press("f")
    keyboard.press("ArrowDown")
    assert officer.page.get_by_label("부적격", exact=True).is_checked()
    keyboard.press("Tab")
    keyboard.type("jknpf 합성 사유")
    assert officer.page.locator("[name=reason]").input_value() == "jknpf 합성 사유"
    tab_to(officer, "판정하고 다음으로")
    assert goes(officer, "Enter") == TITLES[1]
    assert officer.texts("#done-today") == ["오늘 3건 중 1건 처리"]
    officer.judge("screening-next")

    tab_to(officer, "되돌리기")
    assert goes(officer, "Enter") == TITLES[0]
    assert officer.texts("#done-today") == ["오늘 3건 중 0건 처리"]
    assert first.screenings.get().reversals.get().reason == "jknpf 합성 사유"

    tab_to(officer, "단축키 끄기")
    keyboard.press("Enter")
    keyboard.press("Shift+Tab")
    keyboard.press("j")
    assert (here(officer), officer.texts(".keys button")) == (TITLES[0], ["단축키 켜기"])
