"""Casting: the one hot write. A roll entry and a ballot, nothing else: no event, no counter, no chain head."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from madang.site.kit.verdict import Refused, require
from madang.site.votes import policy
from madang.site.votes.models import Ballot, Election, RollEntry, random_key
from madang.site.votes.voters import Receipt, Voter, new_receipt, on_roll

Papers = Sequence[tuple[Voter, Sequence[int]]]


def cast(
    *, by_voter: Voter, at: datetime, election: Election, choices: Sequence[int], channel: str = "online"
) -> Receipt:
    """Cast a ballot for up to k of n different options, by their numbers on the ballot paper.

    What is acknowledged is durable. Raises Refused for somebody without a right to vote, a second vote, a
    wrong ballot, and outside the time to vote; then nothing is changed (`WORKFLOWS.md`, 1-3 e-vote, c to e).
    """
    require(policy.may_cast_now(election, at))
    require(policy.may_cast_plainly(election, channel))
    require(policy.may_vote(by_voter, election, at))
    require(policy.is_valid(choices, election))
    entry, ballot = _roll_entry(by_voter, election, channel), _ballot(by_voter, choices, election)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
            _require_uncounted(election)
            ballot.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("You have already voted; every person has one vote.")) from None
    return Receipt(ballot.receipt)


def cast_many(*, at: datetime, election: Election, ballots: Papers, channel: str = "online") -> list[Receipt]:
    """Cast many ballots in one transaction by the same rules: all are taken, or none. Receipts in their order.

    Raises Refused as `cast` does, with the place of the first ballot that is wrong.
    """
    voters = [voter for voter, _choices in ballots]
    papers = [(voter.electorate, choices) for voter, choices in ballots]
    return cast_box(at=at, election=election, voters=voters, papers=papers, channel=channel)


def cast_box(
    *,
    at: datetime,
    election: Election,
    voters: Sequence[Voter],
    papers: Sequence[tuple[str, Sequence[int]]],
    channel: str = "paper",
) -> list[Receipt]:
    """Put a box in: who voted, and its papers (electorate, numbers), which no one can join. All are taken, or none.

    There may be fewer papers than voters: a spoiled one is no ballot. Receipts in the order of the papers. Raises
    Refused as `cast_many` does.
    """
    require(policy.may_cast_now(election, at))
    require(policy.may_cast_plainly(election, channel))
    require_voters(election=election, voters=voters, at=at)
    require_papers(election=election, papers=[choices for _electorate, choices in papers])
    receipts = [new_receipt() for _paper in papers]
    roll = [(random_key(), election.pk, voter.electorate, voter.key, channel) for voter in voters]
    box = [
        (random_key(), election.pk, electorate, _written(choices), receipt)
        for (electorate, choices), receipt in zip(papers, receipts, strict=True)
    ]
    try:
        with transaction.atomic():
            _require_uncounted(election)
            _insert(RollEntry, ("id", "election_id", "electorate", "voter_key", "channel"), roll)
            _insert(Ballot, ("id", "election_id", "electorate", "choices", "receipt"), box)
    except IntegrityError:
        raise Refused(_("One of these people has already voted; nothing was counted.")) from None
    return [Receipt(receipt) for receipt in receipts]


def _insert(model: type[Model], columns: Sequence[str], rows: list[tuple]) -> None:
    """Insert plain rows in the order of their random keys, so that no database knows in which order they came.

    Ten times as fast as by model objects, which matters when an evening's papers of a city are taken in.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - names of our own
            sorted(rows),
        )


def require_papers(*, election: Election, papers: Sequence[Sequence[int]]) -> None:
    """Check what was chosen. Raises Refused with the place of the first wrong paper, counted from 1."""
    for place, choices in enumerate(papers, 1):
        verdict = policy.is_valid(choices, election)
        if not verdict.ok:
            raise Refused(_("Ballot %(place)d: %(reason)s") % {"place": place, "reason": verdict.reason})


def require_voters(*, election: Election, voters: Sequence[Voter], at: datetime) -> None:
    """Check that each may vote and has not; each distinct electorate and set of claims is checked once.

    Raises Refused with the place of the first who may not, counted from 1.
    """
    checked: dict[tuple[str, frozenset[str]], policy.Verdict] = {}
    keys: set[str] = set()
    for place, voter in enumerate(voters, 1):
        group = (voter.electorate, voter.claims)
        if group not in checked or not voter.key:
            checked[group] = policy.may_vote(voter, election, at)
        if not checked[group].ok:
            raise Refused(_("Voter %(place)d: %(reason)s") % {"place": place, "reason": checked[group].reason})
        if voter.key in keys:
            raise Refused(_("Voter %(place)d occurs twice in the list.") % {"place": place})
        keys.add(voter.key)
    place = _place_of_known(election, voters)
    if place:
        raise Refused(_("Voter %(place)d has already voted.") % {"place": place})


def _place_of_known(election: Election, voters: Sequence[Voter]) -> int:
    keys = [voter.key for voter in voters]
    known = on_roll(election, keys)
    return next((place for place, key in enumerate(keys, 1) if key in known), 0)


def _require_uncounted(election: Election) -> None:
    """Ask the database itself, so that no ballot slips in beside the count.

    On PostgreSQL the row is locked against the count, not against other voters.
    """
    lock = " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM votes_election WHERE id = %s AND counted_at IS NULL{lock}",  # noqa: S608 - constants
            [election.pk],
        )
        if cursor.fetchone() is None:
            raise Refused(_("The ballots are counted; nothing is added any more."))


def _roll_entry(voter: Voter, election: Election, channel: str) -> RollEntry:
    return RollEntry(
        id=random_key(),
        election_id=election.pk,
        electorate=voter.electorate,
        voter_key=voter.key,
        channel=channel,
    )


def _ballot(voter: Voter, choices: Sequence[int], election: Election) -> Ballot:
    return Ballot(
        id=random_key(),
        election_id=election.pk,
        electorate=voter.electorate,
        choices=_written(choices),
        receipt=new_receipt(),
    )


def _written(choices: Sequence[int]) -> str:
    return ",".join(map(str, sorted(choices)))
