"""Counting a budget: real elections with expected outcomes, reasons that are true, results that verify."""

import copy
import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_budgeting_random import drawn

from madang import budgeting
from madang.budgeting import Reason, Rule, count, count_totals, explain, read, replay, verify
from madang.budgeting.counting import outcome
from madang.budgeting.elections import Election, election_of, exact
from madang.budgeting.reasons import reasons
from madang.chain import canonical

PABULIB = Path(__file__).parents[1] / "data" / "pabulib"
EVERYWHERE = [
    Rule(),
    Rule(rule="greedy-no-skip"),
    Rule(utility="cardinality"),
    Rule(rule="mes"),
    Rule(rule="mes", utility="cardinality", completion="add1u"),
    Rule(rule="mes", completion="utilitarian", comparison=True),
    Rule(rule="mes", completion="add1", stop="infeasible", start="integral", ties=("min_cost", "max_votes")),
    Rule(rule="bounded-overspending"),
    Rule(rule="phragmen"),
    Rule(rule="welfare"),
]


# ------------------------------------------------------------------ real elections
def test_real_elections_give_the_expected_outcomes_and_the_cities_own() -> None:
    found = list(replay(PABULIB))
    differing = {one.file: one.sentence for one in found if not one.ok}
    assert differing == {}
    special = {one.file: one.sentence for one in found if one.sentence}
    assert special == {"Poland_Gdynia_2020_Babie_Doly__small.pb": "beside it, by a special clause: 5."}
    assert len(found) == 109


def collection() -> Path | None:
    """Pabulib as MADANG_PABULIB names it, or as it lies in `shared/data` beside a folder that holds this one."""
    named = os.environ.get("MADANG_PABULIB")
    beside = (parent / "shared" / "data" / "pabulib" for parent in Path(__file__).parents)
    return Path(named) if named else next((folder for folder in beside if folder.is_dir()), None)


# The prototype that made these expected outcomes lets a voter who names a project twice count twice and pay once.
MISFITS = {
    ("Poland_Warszawa_2026_Natolin_Kabaty.pb.gz", "mes, cost, add1"),
    ("Poland_Warszawa_2026_Sady_Zoliborskie.pb.gz", "mes, cost, add1"),
    ("Poland_Warszawa_2026_Sady_Zoliborskie.pb.gz", "mes, cost, add1u"),
    ("Poland_Warszawa_2026_Wierzbno_Ksawerow.pb.gz", "mes, cost, add1"),
}


@pytest.mark.skipif(collection() is None, reason="there is no folder of Pabulib, and MADANG_PABULIB names none")
def test_the_collection_is_replayed(tmp_path: Path) -> None:
    """All of it where MADANG_PABULIB asks for it (two minutes), else every tenth file and those that differ."""
    folder = collection()
    assert folder is not None
    elections = sorted(path for path in folder.rglob("*") if path.name.endswith((".pb", ".pb.gz")))
    if "MADANG_PABULIB" not in os.environ:
        known = {name for name, _ in MISFITS}
        elections = [path for place, path in enumerate(elections) if place % 10 == 0 or path.name in known]
    for path in elections:
        (tmp_path / path.name).symlink_to(path)
        expected = folder / "expected" / f"{path.name.removesuffix('.gz').removesuffix('.pb')}.json"
        if expected.exists():
            (tmp_path / expected.name).symlink_to(expected)
    found = list(replay(tmp_path))
    assert {(one.file, one.rule) for one in found if not one.ok and one.sentence.startswith("expected")} == MISFITS
    assert sum(one.ok for one in found) > 7 * len(elections)


@pytest.mark.parametrize("rule", EVERYWHERE, ids=lambda rule: f"{rule.rule} {rule.utility} {rule.completion}")
def test_every_rule_gives_a_result_that_verifies_and_one_reason_for_each(rule: Rule) -> None:
    sheet = read(PABULIB / "Netherlands_Assen_2024.pb")
    result = count(sheet, rule, name="a.pb")
    assert list(result["reasons"]) == list(budgeting.election(sheet).ids)
    won = [name for name in result["reasons"] if budgeting.reason_of(result, name).won]
    assert sorted(won) == result["committee"]
    assert verify(json.loads(budgeting.as_text(result)), sheet).faults == ()
    for name in result["reasons"]:
        for language in ("ko", "en"):
            assert "{" not in explain(budgeting.reason_of(result, name), language, result["currency"])  # type: ignore[arg-type]
    assert budgeting.as_text(count(sheet, rule, name="a.pb")) == budgeting.as_text(result)


def test_points_of_rankings_and_of_scores_are_used() -> None:
    for file in ("Poland_Gdansk_2020_Przerobka.pb", "Poland_Czestochowa_2020_Grabowka.pb"):
        sheet = read(PABULIB / file)
        for rule in (
            Rule(utility="points"),
            Rule(rule="mes", utility="points"),
            Rule(rule="welfare", utility="points"),
        ):
            assert verify(count(sheet, rule), sheet).faults == ()
    with pytest.raises(ValueError, match="the ballots give no points"):
        count(read(PABULIB / "Netherlands_Assen_2024.pb"), Rule(rule="mes", utility="points"))


def test_a_project_withdrawn_after_the_vote_does_not_end_the_allotment_if_the_rule_says_so() -> None:
    sheet = read(PABULIB / "Poland_Wroclaw_2017_Rejon_nr_11_750.pb.gz")
    assert count(sheet, Rule(rule="greedy-no-skip"))["order"] == []
    assert count(sheet, Rule(rule="greedy-no-skip", withdrawn="999999999"))["order"] == ["425"]


def test_a_project_named_twice_counts_as_in_the_file_or_once_if_lenient() -> None:
    path = PABULIB / "Poland_Warszawa_2026_Srodmiescie_Poludniowe.pb.gz"
    votes = {}
    for lenient in (False, True):
        sheet = read(path, lenient=lenient)
        election = budgeting.election(sheet)
        votes[lenient] = election.votes[election.ids.index("174")]
        assert [(repair.line, repair.column) for repair in sheet.repairs] == [(656, 12)]
    assert votes == {False: 39, True: 38}


# ------------------------------------------------------------------ tampering
def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def test_any_change_of_a_result_is_found() -> None:
    result = json.loads(canonical(small_totals()))
    assert verify(result).counts == {"voters": 0, "projects": 6, "winners": 3}
    for path in list(leaves(result)):
        changed = copy.deepcopy(result)
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = "x" if inner[path[-1]] != "x" else 1
        assert not verify(changed).ok, path


def test_the_checker_alone_refuses_what_the_rule_would_not_give() -> None:
    """Every single exchange, removal or changed price of a certificate is refused without counting again."""
    from madang.budgeting.results import _checked

    sheet = read(PABULIB / "Netherlands_Assen_2024.pb")
    election = budgeting.election(sheet)
    for rule in (
        Rule(rule="mes"),
        Rule(rule="bounded-overspending"),
        Rule(rule="phragmen"),
        Rule(),
        Rule(rule="mes", completion="utilitarian"),
    ):
        good = json.loads(budgeting.as_text(count(sheet, rule)))
        assert _checked(election, rule, good) == []
        key = "prices" if good["certificate"].get("prices") else "turns"
        for place in range(len(good["certificate"][key]) - 1):
            bad = copy.deepcopy(good)
            rows = bad["certificate"][key]
            rows[place], rows[place + 1] = rows[place + 1], rows[place]
            names = [row[0] for row in bad["certificate"].get("prices", [])]
            names += [row[0] for row in bad["certificate"].get("turns", []) if row[1] == "funded"]
            bad["order"] = names
            assert _checked(election, rule, bad) != [], (rule.rule, place)
        if key == "prices":
            short = copy.deepcopy(good)
            short["certificate"]["prices"].pop(3)
            del short["order"][3]
            assert _checked(election, rule, short) != []
            dear = copy.deepcopy(good)
            price = Fraction(dear["certificate"]["prices"][2][1]) * Fraction(1001, 1000)
            dear["certificate"]["prices"][2][1] = exact(price)
            assert _checked(election, rule, dear) != []


def test_faults_say_where() -> None:
    result = small_totals()
    result["order"] = ["a", "d", "b"]
    assert (
        verify(result).faults[:2]
        == (
            "The certificate buys other projects, or in another order, than the result says.",
            "the result, order, 3 states 'b'; the new run gives 'c'.",
        )
        or verify(result).faults[-1] == "the result, order, 3 states 'b'; the new run gives 'c'."
    )
    assert verify({}).faults == ("This is not a result of a count in the format madang-count/1.",)


# ------------------------------------------------------------------ votes counted elsewhere
MILLION = 1_000_000


def small_totals(rule: str = "greedy") -> dict[str, Any]:
    """Synthetic: a 60 with 90 votes, b 50 with 80, c 30 with 70, d 10 with 70, e 5 without, f 200 with 95."""
    return count_totals(
        ids=list("abcdef"),
        costs=[amount * MILLION for amount in (60, 50, 30, 10, 5, 200)],
        votes=[90, 80, 70, 70, 0, 95],
        budget=100 * MILLION,
        rule=Rule(rule=rule, ties=("min_cost", "file"), set_aside=True),
    )


def test_greedy_passes_over_what_does_not_fit_and_no_skip_ends_there() -> None:
    found = small_totals()
    assert (found["order"], found["total_cost"], found["left"]) == (["a", "d", "c"], "100000000", "0")
    codes = {name: reason["code"] for name, reason in found["reasons"].items()}
    assert codes == {
        "a": "funded",
        "b": "did_not_fit",
        "c": "funded",
        "d": "funded",
        "e": "no_votes",
        "f": "above_budget",
    }
    stopped = small_totals("greedy-no-skip")
    assert stopped["order"] == ["a"]
    assert stopped["reasons"]["d"]["parameters"] == {
        "votes": 70,
        "cost": "10000000",
        "rank": 3,
        "left": "40000000",
        "stopped_by": "b",
        "missing_votes": 10,
    }


def test_every_reason_is_a_sentence_in_both_languages() -> None:
    greedy, stopped = small_totals(), small_totals("greedy-no-skip")
    told = [(greedy, "a"), (greedy, "b"), (stopped, "c"), (greedy, "e"), (greedy, "f")]
    assert [explain(budgeting.reason_of(found, name), "ko") for found, name in told] == [
        "선정되었습니다. 순위 1위(90표)이며, 차례가 왔을 때 남은 예산 1억원에서 "
        "사업비 6,000만원을 배정했습니다. "
        "9표가 적었어도 선정되었을 것입니다.",
        "선정되지 않았습니다. 순위 2위(80표)였으나, "
        "사업비 5,000만원이 차례가 왔을 때 남은 예산 4,000만원보다 많았습니다. "
        "다른 조건이 같다면 10표를 더 받았을 때 선정되었을 것입니다.",
        "선정되지 않았습니다. 순위 4위(70표)였으나, "
        "앞 순위 사업(b)의 사업비가 남은 예산 4,000만원을 넘어 배정이 끝났습니다. "
        "다른 조건이 같다면 10표를 더 받았을 때 선정되었을 것입니다.",
        "선정되지 않았습니다. 받은 표가 없습니다. 다른 조건이 같다면 70표를 더 받았을 때 선정되었을 것입니다.",
        "선정될 수 없었습니다. 사업비 2억원이 전체 예산보다 많습니다.",
    ]
    assert [explain(budgeting.reason_of(found, name), "en") for found, name in told] == [
        "Funded. It ranked 1 (votes: 90); its cost of KRW 60,000,000 fitted into the KRW 100,000,000 left at its turn. "
        "With 9 fewer votes it would have been funded too.",
        "Not funded. It ranked 2 (votes: 80), but its cost of KRW 50,000,000 was more than the KRW 40,000,000 left at "
        "its turn. With 10 more votes, all else equal, it would have been funded.",
        "Not funded. It ranked 4 (votes: 70), but the allotment had ended at a project ranked before it (b), which "
        "cost more than the KRW 40,000,000 left. With 10 more votes, all else equal, it would have been funded.",
        "Not funded. Nobody voted for it. With 70 more votes, all else equal, it would have been funded.",
        "It could not be funded. Its cost of KRW 200,000,000 is more than the whole budget.",
    ]


def test_weighted_votes_stay_exact_and_read_well() -> None:
    found = count_totals(
        ids=["a", "b", "c"], costs=[7, 7, 3], votes=[Fraction(2003, 3), 667, Fraction(3, 10)], budget=10, rule=Rule()
    )
    assert found["order"] == ["a", "c"]
    assert found["reasons"]["a"]["parameters"]["votes"] == "2003/3"
    assert explain(budgeting.reason_of(found, "a"), "en").startswith("Funded. It ranked 1 (votes: 667.67); ")
    assert verify(json.loads(canonical(found))).ok


@pytest.mark.parametrize(("code", "language"), [("no_votes", "fr"), ("whim", "en"), ("missing_votes", "en")])
def test_unknown_reasons_and_languages_are_refused(code: str, language: Any) -> None:
    with pytest.raises(ValueError):
        explain(Reason(code), language)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"rule": Rule(rule="mes")}, ValueError),
        ({"budget": -1}, ValueError),
        ({"budget": 1.0}, TypeError),
        ({"ids": ["a", "a"]}, ValueError),
        ({"costs": [1, -1]}, ValueError),
        ({"votes": [1, -1]}, ValueError),
        ({"votes": [1, 1.5]}, TypeError),
    ],
)
def test_totals_that_cannot_be_counted_are_refused(wrong: dict[str, Any], error: type[Exception]) -> None:
    good: dict[str, Any] = {"ids": ["a", "b"], "costs": [1, 2], "votes": [1, 2], "budget": 3, "rule": Rule()}
    assert count_totals(**good)["order"] == ["b", "a"]
    with pytest.raises(error):
        count_totals(**{**good, **wrong})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"rule": "whim"}, "'whim' is not a rule"),
        ({"ties": ("whim",)}, "'whim' is not a key of ties"),
        ({"ties": ("lot",)}, "there is no seed"),
        ({"step": "0"}, "is not an amount above 0"),
        ({"completion": "add1"}, "a completion belongs to the rule mes"),
        ({"rule": "mes", "caps": {"category:a": 1}}, "caps and groups belong to the greedy rules"),
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Rule(**wrong)


def test_a_rule_is_the_same_after_writing_and_reading_and_every_part_changes_its_fingerprint() -> None:
    rule = Rule(ties=("lot",), seed="x", groups=(("a", "b"),), caps={"category:a": 5})
    assert Rule.of(json.loads(canonical(rule.as_data()))) == rule
    assert len({one.sha256 for one in [*EVERYWHERE, rule, replace(rule, seed="y")]}) == len(EVERYWHERE) + 2
    with pytest.raises(ValueError, match="'whim' is not a part of a rule"):
        Rule.of({"whim": 1})


# ------------------------------------------------------------------ reasons are true
cells = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 6) | st.fractions(0, 6, max_denominator=4)), max_size=7)


@settings(max_examples=100)
@given(cells, st.integers(0, 25), st.sampled_from(["greedy", "greedy-no-skip"]), st.booleans())
def test_missing_and_spare_votes_are_the_true_margins(made: Any, budget: int, kind: str, aside: bool) -> None:
    ids, costs = [f"p{number}" for number in range(len(made))], [cost for cost, _ in made]
    votes = [Fraction(value) for _, value in made]
    rule = Rule(rule=kind, ties=("min_cost", "file"), set_aside=aside)
    found = count_totals(ids=ids, costs=costs, votes=votes, budget=budget, rule=rule)
    assert sum(costs[ids.index(name)] for name in found["order"]) == int(found["total_cost"]) <= budget
    assert verify(json.loads(canonical(found))).faults == ()

    def funded_with(place: int, more: int) -> bool:
        changed = [value + more if number == place else value for number, value in enumerate(votes)]
        return ids[place] in count_totals(ids=ids, costs=costs, votes=changed, budget=budget, rule=rule)["order"]

    for place, name in enumerate(ids):
        told = found["reasons"][name]["parameters"]
        if "missing_votes" in told:
            assert funded_with(place, told["missing_votes"])
            assert told["missing_votes"] == 0 or not funded_with(place, told["missing_votes"] - 1)
        if told.get("spare_votes", 0) >= 1 and votes[place] - told["spare_votes"] >= 1:
            assert funded_with(place, -told["spare_votes"])
            assert votes[place] - told["spare_votes"] - 1 < 0 or not funded_with(place, -told["spare_votes"] - 1)


def test_a_project_would_have_won_at_the_cost_that_its_reason_names() -> None:
    chance, tried = random.Random(5), 0  # noqa: S311
    for _ in range(120):
        election: Election = drawn(chance)[1]
        costs = tuple(cost * 7 for cost in election.costs)
        election = replace(election, costs=costs, budget=election.budget * 7, points=None)
        for rule in (Rule(rule="mes"), Rule(rule="mes", utility="cardinality", completion="utilitarian")):
            for name, reason in reasons(election, rule, outcome(election, rule)).items():
                at_most = int(reason.parameters.get("cost_at_most", 0))
                if at_most > 0:
                    tried += 1
                    place = election.ids.index(name)
                    cheaper = tuple(at_most if number == place else cost for number, cost in enumerate(costs))
                    assert place in outcome(replace(election, costs=cheaper), rule).order
    assert tried > 300


def test_the_account_of_a_ballot_adds_up() -> None:
    sheet = read(PABULIB / "Netherlands_Assen_2024.pb")
    result = count(sheet, Rule(rule="mes"))
    total = Fraction(0)
    for line in sheet.votes.decode().splitlines():
        account = budgeting.account_of(result, sheet, line.split(";")[0])
        paid = sum((Fraction(amount) for _, amount in account["paid"]), Fraction(0))
        assert paid + Fraction(account["left"]) == Fraction(account["share"])
        total += paid
        told = budgeting.explain_account(account, "ko", "EUR")
        spent = any(Fraction(amount) for _, amount in account["paid"])
        assert told.startswith("내 몫은 1,190.48 EUR이") and ("을 냈고" in told) == spent
    assert total == Fraction(result["total_cost"])
    with pytest.raises(ValueError, match="there is no ballot"):
        budgeting.account_of(result, sheet, "nobody")


# ------------------------------------------------------------------ caps, groups, lots, scaling
def test_caps_and_groups_keep_projects_out_and_say_so() -> None:
    ballots = [[0, 1, 2, 3]] * 5 + [[0, 1]] * 2 + [[0]]
    election = election_of(
        ids=["a", "b", "c", "d"],
        costs=[3, 3, 3, 3],
        budget=12,
        ballots=ballots,
        categories=(("sport",), ("sport",), (), ()),
        districts=("", "", "north", ""),
    )
    rule = Rule(caps={"category:sport": 4}, groups=(("c", "d"),))
    found = outcome(election, rule)
    assert [election.ids[p] for p in found.order] == ["a", "c"]
    told = reasons(election, rule, found)
    assert (told["b"].code, told["b"].parameters["because"]) == ("over_cap", "category:sport")
    assert (told["d"].code, told["d"].parameters["because"]) == ("excluded_by", "c")


def test_ties_follow_the_lot_of_the_published_seed_and_are_reported() -> None:
    election = election_of(ids=["a", "b", "c"], costs=[2, 2, 2], budget=2, ballots=[[0], [1], [2]])
    winners = set()
    for seed in map(str, range(12)):
        rule = Rule(ties=("lot",), seed=seed)
        found = outcome(election, rule)
        winners.update(found.order)
        assert [tie.chosen for tie in found.ties] == found.order
        assert {reason.code for reason in reasons(election, rule, found).values()} == {"funded", "lost_tie"}
    assert winners == {0, 1, 2}


@pytest.mark.parametrize("rule", EVERYWHERE, ids=lambda rule: f"{rule.rule} {rule.utility} {rule.completion}")
def test_money_in_another_unit_changes_nothing(rule: Rule) -> None:
    election = budgeting.election(read(PABULIB / "Netherlands_Assen_2024.pb"))
    larger = replace(
        election, costs=tuple(cost * 10**9 for cost in election.costs), budget=election.budget * 10**9, unit=10**9
    )
    assert outcome(larger, rule).order == outcome(election, rule).order


def test_more_money_than_can_be_counted_exactly_is_refused() -> None:
    election = election_of(ids=["a"], costs=[1], budget=1 << 61, ballots=[[0]])
    with pytest.raises(ValueError, match=r"below 2\^60 can be counted exactly"):
        outcome(election, Rule(rule="mes"))
