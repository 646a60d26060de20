"""An assembly: people apply, are drawn in public, accept in time, attend with a code and vote in their meeting."""

import pytest
from chromium import DESK, PHONE

from madang import sortition
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM
from madang.site.kit.nightly import night_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEMBERS, MOTIONS = "B/assembly/2031", "B/motions/2031"
NAMES = ("ara", "bom", "cho", "dan")
WHY = "합성 사유: 신청한 분이 모두 여성입니다."
MOTION = "나루터 쉼터"


class Office:
    """The officer at the desk, who opens and closes stages."""

    def __init__(self, visitor):
        self.at = visitor(DESK).sign_in("officer")

    def stage(self, process, title):
        return self.at.open(f"/desk/processes/{process}/").press(title)

    def open_next(self, process):
        self.at.open(f"/desk/processes/{process}/").press("열기").press("단계 열기")

    def close(self, process):
        self.at.open(f"/desk/processes/{process}/").press("마치기").press("단계 마치기")


def write(person, **answers):
    """Write a step and let its draft be kept: the database of tests, which is in memory, has no patience."""
    for name, text in answers.items():
        with person.page.expect_response(lambda answer: "/draft/" in answer.url):
            person.fill(**{name: text}).page.locator(f"main [name={name}]").blur()
    return person.press("다음")


def apply(person):
    person.open(f"/processes/{MEMBERS}/").press("참여 신청").press("작성하기")
    person.press("다음").judge("apply-refused")
    assert person.page.locator(".error").count() > 0
    write(person, title="합성 소개").press("제출하기")


def set_quotas(officer):
    officer.press("할당 정하기").judge("setup")
    place = officer.page.locator("#feasibility")
    assert officer.texts("#feasibility li") == ["여성: 최대 1명에서 2명으로", "남성: 최소 1명에서 0명으로"]
    for name, value in (("low_0", "2"), ("high_0", "2"), ("low_1", "0"), ("high_1", "0")):
        officer.page.locator(f"[name={name}]").fill(value)
    # The script tries what is typed; nothing was sent yet.
    place.get_by_text("이 할당대로 뽑을 수 있습니다").wait_for()
    place.get_by_text("가장 낮은 경우 50.0%, 가장 높은 경우 50.0%").wait_for()
    officer.fill(reason=WHY).press("할당 저장").judge("setup-saved")


def rehearse(officer):
    officer.press("추첨 연습하기").press("연습하기").judge("rehearsal")
    assert officer.texts(".notice-good") == ["10,000번의 추첨이 모두 할당을 지켰습니다."]


def freeze(office):
    officer = office.stage(MEMBERS, "공개 추첨").judge("draw-desk")
    set_quotas(officer)
    rehearse(office.stage(MEMBERS, "공개 추첨"))
    officer = office.stage(MEMBERS, "공개 추첨")
    officer.page.get_by_role("button", name="이 브라우저에서 비밀값 만들기").click()
    officer.page.locator("[data-said] code").wait_for()
    secret = officer.text("[data-said] code")
    officer.fill(chance="합성 복권 9회").press("확정하고 공개").judge("frozen-desk")
    return secret


def draw(office, watcher, secret):
    draw_page = f"{watcher.open(f'/processes/{MEMBERS}/').press('공개 추첨').judge('draw-frozen').page.url}"
    assert watcher.page.get_by_text(WHY).count() == 1
    watcher.press("추첨 지켜보기").judge("watch-before")
    assert watcher.page.locator("[data-draw-state=frozen]").count() == 1
    office.stage(MEMBERS, "공개 추첨").fill(secret=secret, public="1 2 3").press("추첨하기").judge("drawn-desk")
    # The page that is watched shows the draw by itself.
    watcher.page.locator("[data-draw-state=drawn]").wait_for(timeout=25_000)
    number = watcher.judge("watch-after").text(".receipt-code")
    watcher.press("이 후보단의 추첨표 보기").judge("panel")
    assert f"{number}번 후보단" in watcher.text("h2#one")
    record = watcher.context.request.get(f"{draw_page}record.json").json()
    assert sortition.verify(record) == []
    watcher.open(draw_page).press("추첨 직접 확인하기").judge("proof")
    return draw_page


def drawn_of(people, draw_page):
    """Who may accept a seat now."""
    return [
        name
        for name, person in people.items()
        if person.open(draw_page).page.get_by_role("button", name="자리 수락").count()
    ]


def reply(people, draw_page):
    first, second = drawn_of(people, draw_page)
    people[first].judge("reply").press("내 추첨표").judge("own-ticket").press("사양")
    people[second].open(draw_page).press("자리 수락").judge("accepted")
    (task,) = (one for one in night_tasks if one.name == "Reserves called")
    assert task.run(SYSTEM, clock.now()) == 1
    (third,) = drawn_of(people, draw_page)
    assert third not in (first, second)
    people[third].open("/my/").follow("a:has-text('추첨에서 선정되셨습니다')")
    people[third].press("자리 수락")
    return [people[second], people[third]], people[first]


def appoint(office):
    office.close(MEMBERS)
    office.open_next(MEMBERS)
    officer = office.stage(MEMBERS, "위촉").press("위촉될 사람 보기").judge("appoint-whom")
    officer.press("모두 위촉하기").judge("appointed")
    office.close(MEMBERS)


def move(office, member, other):
    office.open_next(MOTIONS)
    other.open(f"/processes/{MOTIONS}/").press("안건 접수")
    assert other.page.get_by_role("link", name="작성하기").count() == 0
    member.open(f"/processes/{MOTIONS}/").press("안건 접수").press("작성하기")
    write(member, title=MOTION, content="비를 피할 쉼터를 짓는다.")
    write(member, cost="30000000").press("제출하기")
    office.close(MOTIONS)
    office.open_next(MOTIONS)


def call_meeting(office):
    officer = office.stage(MOTIONS, "주민회의").judge("meetings-desk")
    officer.fill(title_ko="제1회 주민회의", held_at="2031-05-12T10:00", agenda="쉼터를 지을지 정한다.")
    officer.press("일정에 올리기").press("제1회 주민회의").press("출석 번호").judge("code-closed")
    officer.fill(minutes="600").press("출석 번호 띄우기").judge("code-refused")
    officer.fill(minutes="30").press("출석 번호 띄우기").judge("code-open")
    return officer.text(".receipt-code")


def attend(members, other, code):
    for number, member in enumerate(members):
        member.open("/calendar/").judge("calendar").press("제1회 주민회의").judge("meeting-code")
        if not number:
            wrong = f"{(int(code) + 1) % 1_000_000:06}"
            member.fill(code=wrong).press("출석 확인").judge("wrong-code")
            assert member.page.locator("[name=code]").input_value() == wrong
            assert member.page.locator(".error").count() == 1
        member.fill(code=code).press("출석 확인").judge("present")
        assert member.texts(".notice-good") == ["출석이 확인되었습니다."]
    other.open("/calendar/").press("제1회 주민회의").judge("no-member")
    assert other.page.locator("[name=code]").count() == 0


def vote(office, members):
    office.close(MOTIONS)
    office.open_next(MOTIONS)
    receipts = set()
    for member in members:
        member.open("/calendar/").press("제1회 주민회의").judge("meeting-vote").press("주민회의 표결")
        member.page.get_by_role("checkbox", name=MOTION).check()
        member.press("내 투표 살펴보기").press("투표하기")
        receipts.add(member.text(".receipt-code"))
    assert len(receipts) == 2


def publish_minutes(office, member):
    officer = office.at.open("/calendar/").press("제1회 주민회의").press("회의 운영하기").judge("meeting-desk")
    officer.fill(text="쉼터를 짓기로 하였다.").press("회의록 공개하기")
    member.open("/calendar/").press("제1회 주민회의").judge("minutes")
    assert member.page.get_by_text("쉼터를 짓기로 하였다.").count() == 1
    assert member.texts("dl.figures > div") == ["참석 2"]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_assembly_is_drawn_meets_and_votes(visitor, width):
    office = Office(visitor)
    people = {name: visitor(width).sign_in(name) for name in NAMES}
    office.open_next(MEMBERS)
    for person in people.values():
        apply(person)
    office.close(MEMBERS)
    office.open_next(MEMBERS)
    secret = freeze(office)
    draw_page = draw(office, people["ara"], secret)
    members, other = reply(people, draw_page)
    appoint(office)
    move(office, members[0], other)
    code = call_meeting(office)
    attend(members, other, code)
    vote(office, members)
    publish_minutes(office, members[0])
