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
