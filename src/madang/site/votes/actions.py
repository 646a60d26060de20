"""Opening, paper ballots, sealing and counting a vote (`WORKFLOWS.md`, 1-3 e-vote); casting itself is in casting.py."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from madang.site.docket.models import Matter
from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused, require
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write
from madang.site.votes import allotting, counting, policy, queries
from madang.site.votes.board import policy as board_policy
from madang.site.votes.board import queries as board_queries
from madang.site.votes.casting import cast as cast
from madang.site.votes.casting import cast_box, require_papers, require_voters
from madang.site.votes.casting import cast_many as cast_many
from madang.site.votes.models import Circumstance, Election, Option, PaperBatch, Sealing, Turnout
from madang.site.votes.voters import Receipt as Receipt
from madang.site.votes.voters import Voter


def open_election(stage: Stage, *, by: Actor, at: datetime) -> None:
    """Make the ballot paper when a vote stage opens: the matters in it, numbered by their receipt numbers.

    Raises Refused for an encrypted vote whose board is not set up for just these matters.
    """
    matters = list(Matter.objects.filter(stage=stage).order_by("number"))
    require(board_policy.may_open(stage, [matter.number for matter in matters]))
    election = Election.objects.create(stage=stage)
    Option.objects.bulk_create(
        [
            Option(election=election, matter=matter, order=order, amount_won=matter.amount_won)
            for order, matter in enumerate(matters, 1)
        ],
        batch_size=500,
    )
    write(
        book=stage.process.book,
        verb="vote.opened",
        subject=f"stage:{stage.pk}",
        by=by,
        at=at,
        options=[matter.number for matter in matters],
        rules=stage.rules.model_dump(mode="json"),
        # Fixed before anybody votes; the allotment's own event names the fingerprint again.
        allotment_rules=allotting.fixed_after(stage, len(election.electorates)),
    )


@action
def enter_paper(
    *,
    by: Actor,
    at: datetime,
    election: Election,
    voters: Sequence[Voter],
    papers: Sequence[tuple[str, Sequence[int]]],
    spoiled: Mapping[str, int] = MappingProxyType({}),
) -> PaperBatch:
    """Enter what a polling station brings: who voted, and the papers of the box (electorate, numbers chosen).

    `spoiled` is how many papers of each electorate are blank or unclear: who put them in has voted, for nobody.
    They come as two lists, so that whoever types them cannot say whose paper is which. They count once a second
    official has confirmed them, and are checked by the rules of every ballot here and again then. Raises Refused.
    """
    require(policy.may_enter_paper(by, election, at))
    bad = {code: number for code, number in sorted(spoiled.items()) if number}
    if not papers and not bad:
        raise Refused(_("There is no ballot in this batch."))
    require_voters(election=election, voters=voters, at=at)
    require_papers(election=election, papers=[choices for _electorate, choices in papers])
    _require_as_many(voters, [electorate for electorate, _choices in papers], bad)
    batch = PaperBatch.objects.create(
        election=election,
        entered_by=by.pseudonym,
        entered_at=at,
        size=len(papers),
        spoiled=bad,
        ballots={
            "voters": sorted([voter.electorate, voter.key, sorted(voter.claims)] for voter in voters),
            "papers": sorted([electorate, sorted(choices)] for electorate, choices in papers),
        },
    )
    _write(election, "paper.entered", by, at, batch=batch.pk, ballots=len(papers), spoiled=bad)
    return batch


def _require_as_many(voters: Sequence[Voter], boxes: Sequence[str], spoiled: Mapping[str, int]) -> None:
    people, papers = Counter(voter.electorate for voter in voters), Counter(boxes)
    papers.update(spoiled)
    for code in sorted(people.keys() | papers.keys()):
        if people[code] != papers[code]:
            raise Refused(
                _("Electorate %(code)s: %(voters)d voters but %(papers)d papers; both must be as many.")
                % {"code": code, "voters": people[code], "papers": papers[code]}
            )


@action
def confirm_paper(*, by: Actor, at: datetime, batch: PaperBatch) -> PaperBatch:
    """Confirm a batch as the second official: its ballots go into the box. Raises Refused."""
    require(policy.may_confirm_paper(by, batch, at))
    stored = batch.ballots or {"voters": [], "papers": []}
    voters = [Voter(key, frozenset(claims), electorate) for electorate, key, claims in stored["voters"]]
    cast_box(at=at, election=batch.election, voters=voters, papers=stored["papers"])
    batch.confirmed_by, batch.confirmed_at, batch.ballots = by.pseudonym, at, None
    batch.save(update_fields=["confirmed_by", "confirmed_at", "ballots"])
    _write(batch.election, "paper.confirmed", by, at, batch=batch.pk, ballots=batch.size, spoiled=batch.spoiled)
    return batch


@action
def reject_paper(*, by: Actor, at: datetime, batch: PaperBatch, reason: str) -> PaperBatch:
    """Reject a batch as the second official; it must be entered anew. Raises Refused."""
    require(policy.may_confirm_paper(by, batch, at))
    if not reason.strip():
        raise Refused(_("Please say why the batch is rejected."))
    batch.confirmed_by, batch.rejected_at, batch.ballots = by.pseudonym, at, None
    batch.save(update_fields=["confirmed_by", "rejected_at", "ballots"])
    _write(batch.election, "paper.rejected", by, at, batch=batch.pk, reason=reason.strip())
    return batch


@action
def seal_ballots(*, by: Actor, at: datetime, election: Election) -> Sealing:
    """Commit to all ballots cast so far in one event, and note the voters of the day by channel.

    Run by a periodic command and at the count. Raises Refused if no ballot was cast since the last sealing.
    """
    require(policy.may_seal(by, election, at))
    sealing = _sealed(election, by=by, at=at)
    if sealing is None:
        raise Refused(_("No ballot was cast since the last sealing."))
    return sealing


def _sealed(election: Election, *, by: Actor, at: datetime) -> Sealing | None:
    last = election.sealings.order_by("-number").first()
    before = last.ballots if last else 0
    board = board_queries.board_of(election.stage) if election.rules.encrypted else None
    added = board is not None and board.events > ((last.events if last else 0) or 0)
    if election.ballots.count() == before and not added:
        return None
    rows = list(election.ballots.values_list("id", "electorate", "choices", "receipt"))
    sealing = Sealing.objects.create(
        election=election,
        number=last.number + 1 if last else 1,
        at=at,
        ballots=len(rows),
        root=counting.ballots_root((key, electorate, choices) for key, electorate, choices, _receipt in rows),
        receipts_root=counting.receipts_root(receipt for _key, _electorate, _choices, receipt in rows),
        events=board.events if board else None,
        head=board.head if board else None,
    )
    _note_turnout(election, at)
    _write(
        election,
        "ballots.sealed",
        by,
        at,
        number=sealing.number,
        new=len(rows) - before,
        ballots=len(rows),
        root=sealing.root,
        receipts_root=sealing.receipts_root,
        **({"archive_events": sealing.events, "archive_head": sealing.head} if board else {}),
    )
    return sealing


def _note_turnout(election: Election, at: datetime) -> None:
    """What the roll has beyond the days noted before is the turnout of this day."""
    noted = dict(election.turnout.order_by().values_list("channel").annotate(total=Sum("voters")))
    for channel, voters in election.roll.order_by().values_list("channel").annotate(total=Count("pk")):
        fresh = voters - noted.get(channel, 0)
        if fresh:
            row, _created = Turnout.objects.get_or_create(
                election=election, day=day_of(at), channel=channel, defaults={"voters": 0}
            )
            row.voters += fresh
            row.save(update_fields=["voters"])


@action
def hand_over_turnout(*, by: Actor, at: datetime, election: Election, rows: Sequence[tuple[date, str, int]]) -> int:
    """Take over numbers of voters (day, channel, voters) of a vote held in an earlier system.

    Raises Refused where people have voted here, and for negative numbers.
    """
    require(policy.may_hand_over_turnout(by, election, at))
    if any(voters < 0 for _day, _channel, voters in rows):
        raise Refused(_("Numbers of voters are counted from 0."))
    election.turnout.all().delete()
    Turnout.objects.bulk_create(
        [Turnout(election=election, day=day, channel=channel, voters=voters) for day, channel, voters in rows]
    )
    total = sum(voters for _day, _channel, voters in rows)
    _write(election, "turnout.handed_over", by, at, voters=total, rows=len(rows))
    return total


@action
def note_circumstance(
    *, by: Actor, at: datetime, election: Election, code: str, names: tuple[str, str], value: Decimal, source: str
) -> Circumstance:
    """Note a number that says what a vote was held under, and where it is written; `names` are Korean and English.

    Raises Refused without a source or a name.
    """
    require(policy.may_run(by, election.stage, at))
    if not source.strip() or not all(name.strip() for name in names):
        raise Refused(_("Say what the number is, and where it is written."))
    row = Circumstance.objects.create(
        election=election,
        code=code,
        name_ko=names[0].strip(),
        name_en=names[1].strip(),
        value=value,
        source=source.strip(),
        noted_at=at,
        by=by.pseudonym,
    )
    _write(election, "circumstance.noted", by, at, code=code, value=str(value), source=row.source)
    return row


@action
def count(*, by: Actor, at: datetime, election: Election) -> Election:
    """Close the box and count it; results stay under embargo until the stage is closed. Raises Refused.

    Closing the stage counts by itself if nobody has done so.
    """
    require(policy.may_count(by, election, at))
    return _counted(election, by=by, at=at)


def _counted(election: Election, *, by: Actor, at: datetime) -> Election:
    locked = Election.objects.select_for_update().get(pk=election.pk)
    if locked.counted_at is not None:
        raise Refused(_("The ballots are counted; nothing is added any more."))
    _sealed(election, by=by, at=at)
    _require_balance(election)
    _forget_order(election)
    weights = {code: electorate.weight for code, electorate in election.electorates.items()}
    numbers = sorted(election.numbers)
    ballots = election.ballots.values_list("electorate", "choices")
    results, valid = counting.counted(ballots=ballots.iterator(chunk_size=5000), weights=weights, numbers=numbers)
    last = election.sealings.order_by("-number").first()
    election.tally = counting.written(results, valid, weights)
    election.record = {
        "format": "madang-vote/1",
        "rules": election.rules.model_dump(mode="json"),
        "options": [
            {"number": option.order, "matter": option.matter.number, "amount_won": option.amount_won}
            for option in election.options.select_related("matter")
        ],
        "ballots": sum(valid.values()),
        "spoiled": dict(sorted(queries.spoiled(election).items())),
        "root": last.root if last else counting.ballots_root([]),
        "receipts_root": last.receipts_root if last else counting.receipts_root([]),
        "tally": election.tally,
        **_archive(election),
    }
    election.begun.all().delete()
    election.counted_at = at
    election.save(update_fields=["tally", "record", "counted_at"])
    _write(election, "vote.counted", by, at, ballots=sum(valid.values()), root=election.record["root"])
    return election


def _forget_order(election: Election) -> None:
    """Rewrite the roll on PostgreSQL, which otherwise keeps which roll entry and which ballot were one transaction.

    The update gives all entries the transaction of the count, the clustering the order of their random keys.
    SQLite keeps neither.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        # Checks that are due at the end of the transaction would forbid the clustering, so they are made now.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("UPDATE votes_rollentry SET channel = channel WHERE election_id = %s", [election.pk])
        cursor.execute("CLUSTER votes_rollentry USING votes_rollentry_pkey")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _require_balance(election: Election) -> None:
    """As many ballots and spoiled papers as people who voted, in every electorate. Raises Refused if not."""
    roll = Counter(dict(election.roll.order_by().values_list("electorate").annotate(n=Count("pk"))))
    box = Counter(dict(election.ballots.order_by().values_list("electorate").annotate(n=Count("pk"))))
    if roll != box + queries.spoiled(election) or not _used_as_often_as_entered(election):
        raise Refused(_("Roll and ballot box differ, so the vote cannot be counted; the record must be examined."))


def _archive(election: Election) -> dict[str, Any]:
    """Which archive the ballots of an encrypted vote came from, for its protocol."""
    board = board_queries.board_of(election.stage) if election.rules.encrypted else None
    return {"archive": {"uuid": board.uuid, "events": board.events, "head": board.head}} if board else {}


def _used_as_often_as_entered(election: Election) -> bool:
    """Whether as many credentials were used on the board of an encrypted vote as people came onto the roll by it."""
    if election.rules.encrypted is None:
        return True
    board = board_queries.board_of(election.stage)
    used = board.cast.values("credential").distinct().count() if board else 0
    return used == election.roll.filter(channel="online").count() == (board.voters if board else 0)


@action
def recount(*, by: Actor, at: datetime, election: Election) -> bool:
    """Count the box again and say whether the result is the published one. Raises Refused."""
    require(policy.may_recount(by, election, at))
    weights = {code: electorate.weight for code, electorate in election.electorates.items()}
    ballots = election.ballots.values_list("electorate", "choices")
    results, valid = counting.counted(ballots=ballots, weights=weights, numbers=sorted(election.numbers))
    same = counting.written(results, valid, weights) == election.tally
    _write(election, "vote.recounted", by, at, same=same)
    return same


@action
def destroy_roll(*, by: Actor, at: datetime, election: Election) -> int:
    """Destroy the roll; ballots and turnout stay. Raises Refused before the time for complaints is over."""
    require(policy.may_destroy_roll(by, election, at))
    destroyed, _rows = election.roll.all().delete()
    _write(election, "roll.destroyed", by, at, entries=destroyed)
    return destroyed


def close_vote(stage: Stage, *, by: Actor, at: datetime) -> Iterable[Outcome]:
    """Count if nobody has, and give every option its rank; with `winners` only the first of them pass.

    Raises Refused while papers wait for their second official, or roll and box differ.
    """
    election = Election.objects.select_related("stage__process__department").get(stage=stage)
    if election.counted_at is None:
        require(policy.may_count(by, election, at))
        _counted(election, by=by, at=at)
    ranks = {row["number"]: row for row in (election.tally or {})["options"]}
    options = {option.matter_id: option for option in election.options.all()}
    winners = election.rules.winners or len(options)
    return [
        _outcome(matter, ranks[options[matter].order], winners)
        if matter in options
        else Outcome(matter, "not_shortlisted", False, "투표가 시작된 뒤 접수되어 투표용지에 없었습니다.")
        for matter in Matter.objects.filter(stage=stage).values_list("pk", flat=True)
    ]


def _outcome(matter_id: int, row: dict, winners: int) -> Outcome:
    votes = sum(row["votes"].values())
    return Outcome(
        matter_id,
        "counted",
        row["rank"] <= winners,
        reason=f"{votes:,}표로 {row['rank']:,}위입니다.",
        rank=row["rank"],
    )


def _write(election: Election, verb: str, by: Actor, at: datetime, **data: object) -> None:
    stage = election.stage
    write(book=stage.process.book, verb=verb, subject=f"stage:{stage.pk}", by=by, at=at, **data)
