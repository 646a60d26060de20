"""Verify, then vote, without an account: on a phone without script, and at a desk."""

import journey_town
import pytest
from chromium import DESK, PHONE

from madang.site.docket import conductor
from madang.site.kit.actor import SYSTEM
from madang.site.people.models import Account, Identity, Person
from madang.site.programmes.models import Stage
from madang.site.record.journal import action
from madang.site.votes.models import Ballot, RollEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FERRY, LAMPS = "나루터 쉼터", "골목 등불"


@action
def open_the_vote():
    """Two synthetic projects wait in the vote when it opens."""
    stage = Stage.objects.get(process__code="B/ideas/2031", kind="vote")
    Stage.objects.filter(pk=stage.pk).update(opened_at=journey_town.AT)
    stage.refresh_from_db()
    for title in (FERRY, LAMPS):
        conductor.file_matter(
            stage=stage, kind="proposal", title=title, form="idea@1", data={}, by=SYSTEM, at=journey_town.AT,
            amount_won=20_000_000, synthetic=True,
        )  # fmt: skip
    Stage.objects.filter(pk=stage.pk).update(opened_at=None)
    stage.refresh_from_db()
    conductor.open_stage(stage=stage, by=SYSTEM, at=journey_town.AT)
    return stage


@pytest.mark.parametrize(("width", "script"), [(PHONE, False), (DESK, True)])
def test_a_resident_without_an_account_is_checked_votes_and_leaves_nothing(visitor, settings, width, script):
    settings.IDENTITY_VERIFIERS = [
        "madang.site.people.web.identity.MockVerifier",
        "madang.site.people.web.identity.LetterVerifier",
    ]
    resident = visitor(width, script)
    stage = open_the_vote()
    people, accounts, identities = Person.objects.count(), Account.objects.count(), Identity.objects.count()

    resident.open(f"/votes/{stage.pk}/").judge("visitor-ballot").press("본인확인하고 투표하기")
    resident.judge("visitor-check").press("본인확인 시작")
    resident.judge("mock-identity").fill(name="합성 나그네", born_on="1990-01-02")
    resident.page.locator("[name=lives_in]").select_option(label="아골리")
    resident.press("확인")
    assert resident.page.url.endswith(f"/votes/{stage.pk}/")
    resident.judge("visitor-checked").page.get_by_role("checkbox", name=FERRY).check()
    resident.press("내 투표 살펴보기").press("투표하기").judge("visitor-receipt")
    receipt = resident.text("code.receipt-code")

    ballot = Ballot.objects.get()
    assert (ballot.receipt, RollEntry.objects.count()) == (receipt, 1)
    assert (Person.objects.count(), Account.objects.count()) == (people, accounts)
    assert Identity.objects.count() == identities + 1
    assert [one["name"] for one in resident.context.cookies() if one["name"] == "sessionid"] == []
    resident.open(f"/votes/{stage.pk}/")
    assert resident.page.get_by_role("button", name="본인확인하고 투표하기").count() == 1
