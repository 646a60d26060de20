"""Rehearsing an encrypted vote: the whole election of the stage with synthetic voters and keys that are thrown away.

A rehearsal is files beside the database, and one event that says it was held; nothing of it is near the vote itself.
"""

import json
import time
from collections import Counter
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from madang import ballots
from madang.ballots.verifying import Tell, silent
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, moment, write
from madang.site.votes.board import policy
from madang.site.votes.board.setting_up import paper_of

MOST_IN_A_REQUEST = 100
MOST = 200_000
TITLE = "예행연습, 합성 투표자 (REHEARSAL, synthetic voters)"


class Rehearsal(NamedTuple):
    """What a rehearsal was: how many synthetic voters, how long it took, how large its archive is, what came out."""

    uuid: str
    at: str
    group: str
    voters: int
    seconds: float
    size: int
    spoilt: int
    options: list[tuple[int, str, int]]


def rehearse(
    *, by: Actor, at: datetime, stage: Stage, voters: int, executor: Executor | None = None, tell: Tell = silent
) -> Rehearsal:
    """Run the whole election with so many synthetic voters, from the keys to the verified result. Raises Refused."""
    require(policy.may_rehearse(by, stage, at))
    encrypted, paper = policy.encryption_of(stage), paper_of(stage)
    if encrypted is None or not paper:
        raise Refused(_("There is nothing to choose from yet: a rehearsal needs the matters of the ballot paper."))
    if not 1 <= voters <= MOST:
        raise Refused(_("A rehearsal has 1 to %(most)d synthetic voters.") % {"most": MOST})
    begun, folder = time.monotonic(), _folder(stage)
    rules: Any = stage.rules
    lines = [f"{order} = {matter.number} {' '.join(matter.title.split())}" for order, matter in enumerate(paper, 1)]
    made = ballots.rehearse(
        folder, group_name=encrypted.group, kind="mixnet", voters=voters, answers=len(paper),
        most=min(rules.choose.max, len(paper)), at=int(at.timestamp()), seed=at.isoformat(),
        executor=executor, tell=tell,
        name=f"{TITLE}: {stage.process.title_ko}, {stage.title_ko}", description="\n".join(lines),
    )  # fmt: skip
    found = ballots.verify(made.path, executor=executor, tell=tell)
    if not found.ok:
        raise Refused(_("The rehearsal did not verify: %(reason)s") % {"reason": found.faults[0]})
    opened = ballots.open_rows(made.result[0], range(1, len(paper) + 1))
    votes = Counter(number for picks in opened.picks for number in picks)
    held = Rehearsal(
        made.path.stem, moment(at), encrypted.group, voters, round(time.monotonic() - begun, 1),
        made.path.stat().st_size, len(opened.spoilt),
        [(order, matter.title, votes[order]) for order, matter in enumerate(paper, 1)],
    )  # fmt: skip
    made.path.with_suffix(".json").write_text(json.dumps(held._asdict(), ensure_ascii=False), encoding="utf-8")
    _record(by=by, at=at, stage=stage, held=held)
    return held


@action
def _record(*, by: Actor, at: datetime, stage: Stage, held: Rehearsal) -> None:
    data = {"uuid": held.uuid, "voters": held.voters, "seconds": str(held.seconds)}
    write(book=stage.process.book, verb="board.rehearsed", subject=f"stage:{stage.pk}", by=by, at=at, **data)


def rehearsals(stage: Stage) -> list[Rehearsal]:
    """The rehearsals of a stage, the latest first."""
    files = [json.loads(file.read_text(encoding="utf-8")) for file in _folder(stage).glob("*.json")]
    held = [Rehearsal(**told) for told in files]
    return sorted(held, key=lambda one: one.at, reverse=True)


def archive_of(stage: Stage, uuid: str) -> Path | None:
    """The archive of a rehearsal."""
    known = {one.uuid for one in rehearsals(stage)}
    return _folder(stage) / f"{uuid}.bel" if uuid in known else None


def _folder(stage: Stage) -> Path:
    folder: Path = settings.CONFIG.home / "rehearsals" / str(stage.pk)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
