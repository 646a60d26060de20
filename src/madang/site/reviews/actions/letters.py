"""Letters about a decision: drafted for all, read and corrected in the outbox, sent when all is published."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from madang.site.docket import conductor
from madang.site.docket.actions import finish
from madang.site.docket.models import Matter
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.docket.queries import named
from madang.site.kit.actor import Actor
from madang.site.kit.language import pick
from madang.site.kit.stages import Outcome
from madang.site.kit.templatetags.madang import won
from madang.site.kit.verdict import Refused, require
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write
from madang.site.reviews import decided, policy
from madang.site.reviews.models import Letter

LONGEST = 5_000


@action
def prepare_letters(*, by: Actor, at: datetime, stage: Stage) -> list[Letter]:
    """Draft a letter to the author of each matter; what was corrected stays, unless its decision is another by now.

    Raises Refused while something is undecided, or if no matter has an author.
    """
    require(policy.may_publish(by, stage, at))
    held = {row.matter_id: row for row in Letter.objects.select_for_update().filter(stage=stage)}
    fresh = []
    for outcome, matter in _addressed(stage):
        letter = held.get(matter.pk)
        if letter is not None and (letter.outcome, letter.reason) == (outcome.outcome, outcome.reason):
            continue
        fresh.append(
            Letter(
                pk=letter.pk if letter else None,
                stage=stage,
                matter=matter,
                outcome=outcome.outcome,
                reason=outcome.reason,
                text=_drafted(stage, outcome, matter),
                drafted_at=at,
            )
        )
    new, again = [row for row in fresh if row.pk is None], [row for row in fresh if row.pk is not None]
    Letter.objects.bulk_create(new, batch_size=300)
    columns = ["outcome", "reason", "text", "drafted_at", "changed_by", "changed_at"]
    Letter.objects.bulk_update(again, columns, batch_size=200)
    _note("letters.prepared", stage, by, at, count=len(fresh))
    return fresh


@action
def change_letter(*, by: Actor, at: datetime, letter: Letter, text: str, seen: datetime | None) -> Letter:
    """Correct a letter before it is sent; `seen` is when it had been changed last as the official read it.

    Raises Refused without a text, after it was sent, or if a colleague has changed it since.
    """
    row = Letter.objects.select_for_update().get(pk=letter.pk)
    row.stage = letter.stage
    require(policy.may_change_letter(by, row, at))
    if (row.changed_at or row.drafted_at) != seen:
        raise Refused(
            _("A colleague changed this letter meanwhile. Yours is kept below; keep it again to replace theirs.")
        )
    if not text.strip():
        raise Refused(_("Write the letter: an empty one says nothing."))
    row.text, row.changed_by, row.changed_at = text.strip()[:LONGEST], by.pseudonym, at
    row.save(update_fields=["text", "changed_by", "changed_at"])
    _note("letter.changed", row.stage, by, at, matter=row.matter_id)
    return row


@action
def publish(*, by: Actor, at: datetime, stage: Stage) -> int:
    """Publish everything the stage decided and send all letters, in one transaction; gives how many were sent.

    Raises Refused if a letter is missing or says another decision than the one that would be published.
    """
    require(policy.may_publish(by, stage, at))
    letters = {row.matter_id: row for row in Letter.objects.filter(stage=stage).select_related("matter")}
    wrong = [
        matter.number
        for outcome, matter in _addressed(stage)
        if matter.pk not in letters
        or (letters[matter.pk].outcome, letters[matter.pk].reason) != (outcome.outcome, outcome.reason)
    ]
    if wrong:
        sentence = _("Letters are missing or say something else than was decided: %(numbers)s. Prepare them again.")
        raise Refused(sentence % {"numbers": named(wrong)})
    finish(by=by, at=at, stage=stage)
    sent = [row for row in letters.values() if row.matter.author_id is not None]
    Letter.objects.filter(pk__in=[row.pk for row in sent]).update(sent_at=at)
    for letter in sent:
        conductor.tell(
            people=[letter.matter.author_id or 0],
            matter=letter.matter,
            at=at,
            ko=f"결과 안내문이 도착했습니다: {letter.matter.title}",
            en=f"A letter about the result: {letter.matter.title}",
            url=f"/reviews/letters/{letter.pk}/",
        )
    _note("letters.sent", stage, by, at, count=len(sent))
    return len(sent)


def _addressed(stage: Stage) -> list[tuple[Outcome, Matter]]:
    """What would be decided now on each matter that has an author, in the order of their numbers."""
    outcomes = {outcome.matter_id: outcome for outcome in decided.outcomes(stage)}
    matters = Matter.objects.filter(pk__in=outcomes, author__isnull=False).order_by("number")
    return [(outcomes[matter.pk], matter) for matter in matters]


def _drafted(stage: Stage, outcome: Outcome, matter: Matter) -> str:
    """A letter in the city's language."""
    with override(settings.LANGUAGE_CODE):
        following = conductor.next_stage(stage) if outcome.passes else None
        lines = [
            _("Here is what was decided on your matter “%(title)s” (%(number)s).")
            % {"title": matter.title, "number": matter.number},
            _("Result: %(outcome)s") % {"outcome": pick(*OUTCOME_NAMES[outcome.outcome])},
            _("Reason: %(reason)s") % {"reason": outcome.reason} if outcome.reason else "",
            _("Amount: %(amount)s") % {"amount": won(outcome.amount_won)} if outcome.amount_won is not None else "",
            _("It goes on to “%(stage)s”.") % {"stage": following.title} if following else "",
            _("Thank you for taking part."),
            stage.process.department.name,
        ]
        return "\n\n".join(line for line in lines if line)


def _note(verb: str, stage: Stage, by: Actor, at: datetime, **data: int) -> None:
    write(book=stage.process.book, verb=verb, subject=f"stage:{stage.pk}", by=by, at=at, **data)
