"""Allotments: winners, a reason for every loser in two languages, records that verify."""

import argparse
import io
import json
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import translation

from madang.cli import budgeting
from madang.site.docket.models import Matter, Passage
from madang.site.kit.figures import query_named
from madang.site.kit.verdict import Refused
from madang.site.programmes.models import Stage
from madang.site.record.models import Event
from madang.site.votes import actions, allotting, queries, results
from madang.site.votes.models import Allotment

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def verified(*arguments):
    parser = argparse.ArgumentParser()
    budgeting.add_verbs(parser.add_subparsers())
    options = parser.parse_args(arguments)
    return options.run(options)


def voted(make, **more):
    """Costs 10, 20, 30 under a ceiling of 40; votes 1, 3, 2."""
    town = make(**more)
    for name, choices in (("a", [2, 3]), ("b", [2, 3]), ("c", [2, 1])):
        actions.cast(by_voter=town.voter(name), at=town.at, election=town.election, choices=choices)
    town.close(stage=town.stage)
    town.open(stage=town.money)
    return town


def test_money_goes_down_the_ranking_and_every_loser_is_told_why(make):
    town = voted(make)
    town.close(stage=town.money, at=town.later)
    passages = Passage.objects.filter(stage=town.money).order_by("matter__number")
    assert [(p.outcome, p.passed, p.rank, p.amount_won) for p in passages] == [
        ("funded", True, 3, 10),
        ("funded", True, 1, 20),
        ("not_funded", False, 2, None),
    ]
    assert passages[2].reason == (
        "선정되지 않았습니다. 순위 2위(2표)였으나, 사업비 30원이 차례가 왔을 때 남은 예산 20원보다 많았습니다. "
        "다른 조건이 같다면 2표를 더 받았을 때 선정되었을 것입니다."
    )
    allotment = results.allotment_of(town.money)
    with translation.override("en"):
        rows = results.allotted_rows(allotment)
    assert [(row.number, row.funded) for row in rows] == [
        (town.matters[1].number, True),
        (town.matters[0].number, True),
        (town.matters[2].number, False),
    ]
    assert rows[2].reason == (
        "Not funded. It ranked 2 (votes: 2), but its cost of KRW 30 was more than the KRW 20 left at its turn. "
        "With 2 more votes, all else equal, it would have been funded."
    )


def test_the_downloaded_record_verifies_and_a_changed_one_does_not(make, tmp_path):
    town = voted(make)
    town.close(stage=town.money, at=town.later)
    found = Allotment.objects.select_related("election__stage__process").get()
    with ZipFile(io.BytesIO(results.kit(found))) as bundle:
        assert bundle.namelist() == ["README.txt", "ballots.pb", "result.json", "rule.json"]
        bundle.extractall(tmp_path)
    assert results.kit(found) == results.kit(found)
    assert (tmp_path / "ballots.pb").read_text().splitlines()[-3:] == [
        f"1;{town.matters[0].number},{town.matters[1].number}",
        f"2;{town.matters[1].number},{town.matters[2].number}",
        f"3;{town.matters[1].number},{town.matters[2].number}",
    ]
    file = tmp_path / "result.json"
    assert verified("budgeting", "verify", str(file)) == 0
    again = tmp_path / "again.json"
    rule = ("--rule-file", str(tmp_path / "rule.json"), "--out", str(again))
    assert verified("budgeting", "count", str(tmp_path / "ballots.pb"), *rule) == 0
    assert again.read_bytes() == file.read_bytes()
    record = json.loads(file.read_text())
    record["projects"][2]["votes"] = 9
    file.write_text(json.dumps(record))
    assert verified("budgeting", "verify", str(file)) == 1


def test_the_rule_is_in_the_book_before_the_vote_and_the_same_one_allots(make):
    town = voted(make)
    opened = Event.objects.get(verb="vote.opened")
    sha256 = allotting.rule_of(town.money.rules).sha256
    assert opened.data["allotment_rules"] == {str(town.money.order): {"rule_sha256": sha256, "ceiling_won": 40}}
    town.close(stage=town.money, at=town.later)
    allotted = Event.objects.get(verb="money.allotted")
    assert allotted.data["rule_sha256"] == sha256
    assert Allotment.objects.get().record["rule_sha256"] == sha256


def test_weighted_votes_allot_by_shares_without_talk_of_single_votes(make):
    electorates = [
        {"code": "members", "ko": "위원", "en": "Members", "who": ["member_of:assembly"]},
        {"code": "public", "ko": "시민", "en": "Citizens", "who": ["lives_in:town"]},
    ]
    town = make(electorates=electorates)
    actions.cast(by_voter=town.member("m"), at=town.at, election=town.election, choices=[3])
    for name in "abc":
        actions.cast(by_voter=town.voter(name), at=town.at, election=town.election, choices=[2])
    actions.cast(by_voter=town.voter("d"), at=town.at, election=town.election, choices=[1, 3])
    town.close(stage=town.stage)
    town.open(stage=town.money)
    town.close(stage=town.money, at=town.later)
    found = dict(Passage.objects.filter(stage=town.money).values_list("matter__title", "outcome"))
    assert found == {"사업; 3": "funded", "사업; 2": "not_funded", "사업; 1": "funded"}
    reasons = dict(Passage.objects.filter(stage=town.money).values_list("outcome", "reason"))
    assert reasons["not_funded"] == (
        "선정되지 않았습니다. 순위 2위(0.75표)였으나, 사업비 20원이 차례가 왔을 때 남은 예산 10원보다 많았습니다."
    )


def test_a_matter_that_was_not_on_the_ballot_paper_gets_nothing(make):
    town = voted(make)
    Matter.objects.create(
        number="late-1",
        process=town.process,
        stage=town.money,
        kind="project",
        title="늦은 사업",
        filed_at=town.at,
        amount_won=1,
    )
    town.close(stage=town.money, at=town.later)
    late = Passage.objects.get(matter__number="late-1")
    assert (late.outcome, late.reason) == ("not_funded", "투표용지에 없던 안건이라 예산을 배정하지 않았습니다.")


def test_money_is_not_allotted_before_the_vote_is_closed_or_without_costs(make):
    town = make()
    Matter.objects.filter(pk=town.matters[0].pk).update(stage=town.money)
    town.open(stage=town.money)
    with pytest.raises(Refused):
        town.close(stage=town.money, at=town.later)
    Matter.objects.filter(pk=town.matters[0].pk).update(stage=town.stage, amount_won=None)
    town.close(stage=town.stage)
    with pytest.raises(Refused, match=town.matters[0].number):
        town.close(stage=town.money, at=town.later)
    assert Allotment.objects.count() == 0


def test_figures_of_options_and_allotted_money(make):
    town = voted(make)
    town.close(stage=town.money, at=town.later)

    def figure(name, **more):
        query = query_named(name)
        return query.records(query.Arguments(processes=["1-3/2021"], **more), town.later.date()).value()

    assert (figure("votes.options"), figure("votes.options", measure="amount")) == (3, 60)
    assert (figure("votes.allotted"), figure("votes.allotted", measure="amount")) == (2, 30)
    assert (figure("votes.winners"), figure("votes.winners", measure="amount")) == (3, 60)
    lines = queries.pabulib(queries.election_of(town.stage), town.later).splitlines()
    start = lines.index("project_id;cost;votes;name;selected")
    assert lines[start + 1 : start + 4] == ["1;10;1;사업, 1;1", "2;20;3;사업, 2;1", "3;30;2;사업, 3;0"]
    assert "budget;40" in lines and "rule;greedy" in lines


def test_the_rule_cannot_be_changed_behind_the_vote(make):
    town = voted(make)
    for change in ({"rule": "greedy-no-skip"}, {"ties": ["max_cost", "file"]}, {"ceiling_won": 41}):
        Stage.objects.filter(pk=town.money.pk).update(settings={"ceiling_won": 40, **change})
        with pytest.raises(Refused, match="투표를 시작할 때 정한 규칙과 다릅니다"):
            town.close(stage=Stage.objects.get(pk=town.money.pk), at=town.later)
    assert (Allotment.objects.count(), Passage.objects.filter(stage=town.money).count()) == (0, 0)
    with pytest.raises(Refused, match="더는 바꿀 수 없습니다"):
        allotting.choose_rule(
            by=town.officer, at=town.at, stage=town.money, rule="phragmen", ties=["file"], ceiling_won=40
        )


@pytest.mark.parametrize(
    ("rule", "funded"),
    [
        ("greedy", {1, 2}), ("greedy-no-skip", {2}), ("greedy-per-cost", {1, 2}), ("equal-shares", {1, 2}),
        ("equal-shares-votes", {1, 2}), ("phragmen", {1, 2}), ("welfare", {1, 2}),
    ],
)  # fmt: skip
def test_every_card_allots_with_a_reason_for_each_and_a_kit_that_verifies(make, rule, funded, tmp_path):
    town = voted(make, allot={"ceiling_won": 40, "rule": rule})
    town.close(stage=town.money, at=town.later)
    passages = Passage.objects.filter(stage=town.money).order_by("matter__number")
    assert {place for place, one in enumerate(passages, 1) if one.passed} == funded
    assert all(one.reason.startswith(("선정되었습니다", "선정되지 않았습니다")) for one in passages)
    found = Allotment.objects.select_related("election__stage__process").get()
    with ZipFile(io.BytesIO(results.kit(found))) as bundle:
        bundle.extractall(tmp_path)
    assert verified("budgeting", "verify", str(tmp_path / "result.json")) == 0


def test_groups_with_weights_are_not_counted_by_a_rule_that_needs_ballots(make):
    members = {"code": "members", "ko": "위원", "en": "Members", "who": ["member_of:assembly"]}
    public = {"code": "public", "ko": "시민", "en": "Citizens", "who": ["lives_in:town"]}
    with pytest.raises(Refused, match="투표지 한 장 한 장이 필요하니"):
        make(electorates=(members, public), allot={"ceiling_won": 40, "rule": "equal-shares"})


@pytest.mark.parametrize(
    ("rule", "money"),
    [
        ("greedy", []),
        (
            "equal-shares-votes",
            [("2 funded", "사업; 2", 7, True), ("1 funded", "사업; 2", 13, True)],
        ),
    ],
)
def test_money_flows_from_the_shares_of_voters_to_projects(make, client, rule, money):
    town = voted(make, allot={"ceiling_won": 40, "rule": rule})
    town.close(stage=town.money, at=town.later)
    found = results.allotment_of(town.money)
    with translation.override("en"):
        told = results.money_flows(found, results.allotted_rows(found))
    assert told[: len(money)] == money
    assert sum(amount for _group, _title, amount, _won in told) in ((0,) if rule == "greedy" else (39, 40))
    page = client.get(reverse("votes:allotment", args=[town.money.pk]), **ENGLISH).content.decode()
    assert [title in page for title in ("Whose money went where", "Whose votes went where")] == [
        bool(money),
        not money,
    ]


def test_votes_flow_from_groups_of_voters_to_projects(make):
    town = voted(make)
    town.close(stage=town.money, at=town.later)
    found = results.allotment_of(town.money)
    with translation.override("en"):
        rows = results.allotted_rows(found)
        flows = results.flows(found, rows)
        told = results.comparison(found)
    # Voters a and b chose 2 and 3, of which 2 is funded; voter c chose 1 and 2, which both are.
    assert [row for row in flows if row[2]] == [
        ("2 funded", "사업; 2", 1, True),
        ("1 funded", "사업; 2", 2, True),
        ("2 funded", "사업; 1", 1, True),
        ("1 funded", "1 projects not funded", 2, False),
    ]
    assert told.titles == ["By votes", "Equal Shares, then by votes", "Phragmén: buying as money comes in"]
    assert told.rows[0] == ("Projects funded", [(title, "2", False) for title in told.titles])
