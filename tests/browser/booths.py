"""An encrypted vote in the made-up town, and somebody in its booth."""

import boards
import journey_town

from madang.site.docket import conductor
from madang.site.kit.actor import SYSTEM
from madang.site.programmes.models import Stage
from madang.site.record.journal import action

TITLES = ("나루터 쉼터", "골목 등불", "빗물 정원")


@action
def _fill(*, stage):
    Stage.objects.filter(pk=stage.pk).update(opened_at=journey_town.AT)
    stage.refresh_from_db()
    for title in TITLES:
        conductor.file_matter(
            stage=stage, kind="proposal", title=title, form="idea@1", data={}, by=SYSTEM, at=journey_town.AT,
            amount_won=20_000_000, synthetic=True,
        )  # fmt: skip
    Stage.objects.filter(pk=stage.pk).update(opened_at=None)
    stage.refresh_from_db()


@action
def _open(*, stage):
    conductor.open_stage(stage=stage, by=SYSTEM, at=journey_town.AT)


def open_encrypted(*, group: str = "Ed25519", most: int = 2, voters: int = 4) -> boards.Encrypted:
    """Three synthetic projects wait in the vote when it opens; its board has two trustees and some credentials."""
    stage = Stage.objects.get(process__code="B/ideas/2031", kind="vote")
    rules = {"choose": {"min": 1, "max": most}, "encrypted": {"group": group}}
    Stage.objects.filter(pk=stage.pk).update(settings={**stage.settings, **rules})
    stage = Stage.objects.get(pk=stage.pk)
    _fill(stage=stage)
    made = boards.set_up(stage, by=SYSTEM, at=journey_town.AT, voters=voters)
    _open(stage=stage)
    return made


class Booth:
    """Somebody's way through the booth, step by step."""

    def __init__(self, visitor, made: boards.Encrypted) -> None:
        self.visitor, self.made, self.page = visitor, made, visitor.page
        self.address = f"/votes/{made.board.stage_id}/booth/"

    def open(self) -> "Booth":
        """Come to the booth."""
        self.visitor.open(self.address)
        return self

    def shown(self, step: str, name: str = "") -> "Booth":
        """Wait for a step; its heading has the focus. Judge it under a name."""
        heading = self.page.locator(f"[data-step={step}] h2")
        heading.wait_for()
        assert heading.evaluate("node => node === document.activeElement")
        if name:
            self.visitor.judge(name)
        return self

    def type_credential(self, credential: str) -> "Booth":
        """Type a credential and go on."""
        self.page.locator("#credential").fill(credential)
        self.page.keyboard.press("Enter")
        return self

    def pick(self, *titles: str) -> "Booth":
        """Tick what is called so, and nothing else."""
        for title in TITLES:
            self.page.get_by_role("checkbox", name=title).set_checked(title in titles)
        return self

    def do(self, action: str) -> "Booth":
        """Press the button that does this."""
        self.page.locator(f"[data-do={action}]").click()
        return self

    def look_over(self) -> "Booth":
        """Go on from the ballot paper."""
        self.page.locator(".bar-actions button").click()
        return self

    def encrypt(self) -> str:
        """Encrypt what was looked over; the tracker."""
        self.do("seal").shown("sealed")
        return self.tracker()

    def tracker(self) -> str:
        """The tracker that is shown."""
        return "".join(self.page.locator("[data-tracker]:visible").inner_text().split())

    def cast(self) -> str:
        """Cast what is encrypted; the tracker on the receipt."""
        self.do("cast").shown("receipt")
        return self.tracker()

    def vote(self, credential: str, *titles: str) -> str:
        """All steps from the credential; the tracker."""
        self.type_credential(credential).shown("choose").pick(*titles).look_over().shown("review")
        self.encrypt()
        return self.cast()

    def refused(self) -> str:
        """What is said instead of going on; it has the focus."""
        box = self.page.locator("[data-refused]")
        box.wait_for()
        assert box.evaluate("node => node === document.activeElement")
        return self.visitor.text("[data-refused] [data-reason]")
