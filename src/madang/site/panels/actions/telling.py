"""What candidates are told, and how thousands of entries are saved at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from madang.site.docket.models import Matter, Notice
from madang.site.panels.models import Drawn
from madang.site.programmes.models import Stage


def notify(stage: Stage, notices: Iterable[tuple[Matter, str, str]], at: datetime) -> None:
    """Tell the author of each matter, in Korean and English, with the way to the draw."""
    Notice.objects.bulk_create(
        [
            Notice(
                person_id=matter.author_id,
                matter=matter,
                at=at,
                text_ko=korean[:300],
                text_en=english[:300],
                url=f"/panels/draws/{stage.pk}/",
            )
            for matter, korean, english in notices
            if matter.author_id is not None
        ],
        batch_size=400,
    )


def tell_called(stage: Stage, called: Sequence[Drawn], at: datetime) -> None:
    """Tell those who were drawn, or called from the reserves, until when they can reply."""
    days = stage.rules.reply_days  # type: ignore[attr-defined]
    notify(
        stage,
        [
            (
                entry.matter,
                f"{stage.title_ko}: 추첨에서 선정되셨습니다. {days}일 안에 수락 여부를 알려 주세요.",
                f"{stage.title_en}: you have been drawn. Please say within {days} days whether you accept.",
            )
            for entry in called
        ],
        at,
    )


def save(entries: Sequence[Drawn]) -> None:
    """Save what a draw changes; by upsert, since thousands of rows change each in its own way."""
    Drawn.objects.bulk_create(
        entries,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["status", "rank", "seat_stratum", "called_at", "accepted", "replied_at"],
    )
