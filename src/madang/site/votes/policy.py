"""Who may vote, enter papers, seal and count; what a valid ballot is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of, end_of
from madang.site.kit.templatetags.madang import short_won
from madang.site.kit.verdict import YES, Verdict, first_no, no
from madang.site.people import claims
from madang.site.programmes.models import Stage
from madang.site.votes.cards import Card
from madang.site.votes.models import Election, PaperBatch
from madang.site.votes.voters import Voter


def may_cast_now(election: Election, at: datetime) -> Verdict:
    """Ballots are taken while the stage is open, until the end of its last day, and never after the count."""
    stage = election.stage
    if not stage.is_open or election.counted_at is not None:
        return no(_("This vote is not open."))
    if stage.closes_on is not None and at >= end_of(stage.closes_on):
        return no(_("The time to vote is over."))
    return YES


def may_cast_plainly(election: Election, channel: str) -> Verdict:
    """An encrypted vote takes papers, and otherwise only what the booth has encrypted."""
    if election.rules.encrypted is None or channel == "paper":
        return YES
    return no(_("This vote is encrypted: it is cast in its booth."))


def may_vote(voter: Voter, election: Election, at: datetime) -> Verdict:
    """Whether a voter belongs to the electorate under which they vote."""
    electorate = election.electorates.get(voter.electorate)
    if electorate is None:
        return no(_("There is no electorate %(code)s in this vote.") % {"code": voter.electorate})
    if not voter.key:
        return no(_("A vote needs the key of a checked identity."))
    return claims.check_set(claims=voter.claims, rules=electorate.who, at=at)


def is_valid(choices: Sequence[int], election: Election) -> Verdict:
    """A ballot names different options of this vote, as few and as many as its rules say."""
    choose = election.rules.choose
    if len(set(choices)) != len(choices):
        return no(_("Choose each option once at most."))
    if not election.numbers.issuperset(choices):
        return no(_("The ballot names an option that is not on the ballot paper."))
    if not choose.min <= len(choices) <= choose.max:
        return no(
            _("Choose %(min)d to %(max)d options; you chose %(count)d.")
            % {"min": choose.min, "max": choose.max, "count": len(choices)}
        )
    won = sum(election.amounts[number] for number in choices)
    if choose.max_won is not None and won > choose.max_won:
        return no(
            _("What you chose costs %(won)s together; a ballot may cost %(most)s at most. Take something back.")
            % {"won": short_won(won), "most": short_won(choose.max_won)}
        )
    return YES


def may_run(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """Votes are run by officers and heads of the process's department."""
    if by.holds("system") or by.holds("officer", "head", organisation=stage.process.department.code):
        return YES
    return no(_("Only an officer or head of the department in charge may do this."))


def may_choose_rule(by: Actor, stage: Stage, at: datetime) -> Verdict:
    """The rule of an allotment is chosen before the vote opens, and never after."""
    begun = Stage.objects.filter(
        process_id=stage.process_id, kind="vote", order__lt=stage.order, opened_at__isnull=False
    )
    if stage.opened_at is not None or begun.exists():
        return no(_("The vote has opened: the rule by which its money is allotted cannot be changed any more."))
    return may_run(by, stage, at)


def can_count(card: Card, electorates: int) -> Verdict:
    """Sums of several electorates hold no ballots that some rules need."""
    if card.by_ballots and electorates > 1:
        return no(
            _("The vote adds several electorates by weight; “%(rule)s” needs single ballots. Choose a rule by votes.")
            % {"rule": card.title}
        )
    return YES


def may_oversee(by: Actor, election: Election, at: datetime) -> Verdict:
    """The desk of a vote is open to the office in charge and to polling stations; it shows no result either."""
    return _polling_official(by, election)


def may_seal(by: Actor, election: Election, at: datetime) -> Verdict:
    """Ballots are sealed until they are counted."""
    return first_no(may_run(by, election.stage, at), _not_counted(election))


def may_remind(by: Actor, election: Election, at: datetime) -> Verdict:
    """Whoever runs a vote may remind voters while ballots are taken."""
    return first_no(may_run(by, election.stage, at), may_cast_now(election, at))


def may_count(by: Actor, election: Election, at: datetime) -> Verdict:
    """Ballots are counted once, on the last day or later, and while no paper waits for its second official."""
    return first_no(
        may_run(by, election.stage, at),
        _open(election),
        _not_counted(election),
        _last_day(election, at),
        _no_paper_waits(election),
        _opened(election),
    )


def may_recount(by: Actor, election: Election, at: datetime) -> Verdict:
    """A recount is possible after the result was published; anybody in charge may run it again and again."""
    counted = election.counted_at is not None and election.stage.closed_at is not None
    return first_no(may_run(by, election.stage, at), YES if counted else no(_("There is no published count yet.")))


def may_destroy_roll(by: Actor, election: Election, at: datetime) -> Verdict:
    """The roll is kept while people may complain, and destroyed once."""
    return first_no(may_recount(by, election, at), _complaints_over(election, at), _has_roll(election))


def may_enter_paper(by: Actor, election: Election, at: datetime) -> Verdict:
    """Papers are entered by officials where the recipe allows a vote on paper."""
    if not election.rules.paper:
        return no(_("This vote has no ballots on paper."))
    return first_no(_polling_official(by, election), may_cast_now(election, at))


def may_confirm_paper(by: Actor, batch: PaperBatch, at: datetime) -> Verdict:
    """A batch is confirmed by a second official, once."""
    if batch.confirmed_at is not None or batch.rejected_at is not None:
        return no(_("This batch has been dealt with."))
    if by.pseudonym == batch.entered_by:
        return no(_("Who entered the papers cannot confirm them; a second official must."))
    return first_no(_polling_official(by, batch.election), may_cast_now(batch.election, at))


def may_hand_over_turnout(by: Actor, election: Election, at: datetime) -> Verdict:
    """Numbers of an earlier system are taken over only where nobody has voted here."""
    if election.roll.exists():
        return no(_("This vote has a roll of its own; its turnout is counted from it."))
    return may_run(by, election.stage, at)


def is_public(election: Election, at: datetime) -> Verdict:
    """The embargo: results exist for nobody, whoever asks, until the stage is closed and counted."""
    closed = election.stage.closed_at
    if election.counted_at is None or closed is None or at < closed:
        return no(_("There are no results before the vote is closed and counted; until then only turnout is shown."))
    return YES


def _polling_official(by: Actor, election: Election) -> Verdict:
    department = election.stage.process.department.code
    if by.holds("system", "district_officer") or by.holds("officer", "head", organisation=department):
        return YES
    return no(_("Only officials of the polling station may enter ballots on paper."))


def _open(election: Election) -> Verdict:
    return YES if election.stage.is_open else no(_("This stage is not open."))


def _last_day(election: Election, at: datetime) -> Verdict:
    """Nobody who was promised time to vote loses it by a click."""
    last = election.stage.closes_on
    if last is None or day_of(at) >= last:
        return YES
    return no(_("The vote was announced until %(day)s; it can be counted then.") % {"day": last.isoformat()})


def _not_counted(election: Election) -> Verdict:
    return YES if election.counted_at is None else no(_("The ballots are counted; nothing is added any more."))


def _complaints_over(election: Election, at: datetime) -> Verdict:
    closed = election.stage.closed_at
    last = day_of(closed or at) + timedelta(days=election.rules.complaint_days)
    if at >= end_of(last):
        return YES
    return no(_("The roll is kept until %(day)s, the last day for complaints.") % {"day": last.isoformat()})


def _has_roll(election: Election) -> Verdict:
    return YES if election.roll.exists() else no(_("This vote has no roll, or it is destroyed already."))


def _opened(election: Election) -> Verdict:
    """Encrypted ballots are counted once the trustees have opened them."""
    if election.rules.encrypted is None or election.stage.boards.filter(withdrawn_at=None, last="Result").exists():
        return YES
    return no(_("The encrypted ballots are not opened yet; the board of the vote says who must do what."))


def _no_paper_waits(election: Election) -> Verdict:
    waiting = election.paper_batches.filter(confirmed_at__isnull=True, rejected_at__isnull=True)
    return no(_("Papers still wait for a second official; confirm or reject them first.")) if waiting.exists() else YES
