"""Allotment: the greedy rules, the reason of every project, honest numbers of missing votes, the record."""

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.budgeting import RULES, Allotment, Project, Reason, allot, explain, verify
from madang.chain import canonical

MILLION = 1_000_000
# Synthetic projects: a 60 with 90 votes, b 50 with 80, c 30 with 70, d 10 with 70, e 5 without, f 200.
BALLOT = [
    Project("a", 60 * MILLION, 90, 1),
    Project("b", 50 * MILLION, 80, 2),
    Project("c", 30 * MILLION, 70, 3),
    Project("d", 10 * MILLION, 70, 4),
    Project("e", 5 * MILLION, 0, 5),
    Project("f", 200 * MILLION, 95, 6),
]


def test_greedy_passes_over_what_does_not_fit() -> None:
    found = allot(projects=BALLOT, ceiling_won=100 * MILLION)
    assert found.winners == ("a", "d", "c")
    assert found.spent_won == 100 * MILLION
    assert dict(found.reasons) == {
        "a": Reason("funded", {"rank": 1, "votes": 90, "cost_won": 60 * MILLION, "left_won": 100 * MILLION}),
        "b": Reason(
            "over_ceiling",
            {"rank": 2, "votes": 80, "cost_won": 50 * MILLION, "left_won": 40 * MILLION, "missing_votes": 10},
        ),
        "c": Reason("funded", {"rank": 4, "votes": 70, "cost_won": 30 * MILLION, "left_won": 30 * MILLION}),
        "d": Reason("funded", {"rank": 3, "votes": 70, "cost_won": 10 * MILLION, "left_won": 40 * MILLION}),
        "e": Reason("no_votes", {"votes": 0, "cost_won": 5 * MILLION, "missing_votes": 70}),
        "f": Reason("cost_above_ceiling", {"votes": 95, "cost_won": 200 * MILLION, "ceiling_won": 100 * MILLION}),
    }


def test_greedy_no_skip_ends_at_the_first_that_does_not_fit() -> None:
    found = allot(projects=BALLOT, ceiling_won=100 * MILLION, rule="greedy-no-skip")
    assert found.winners == ("a",)
    assert found.spent_won == 60 * MILLION
    assert {name: reason.code for name, reason in found.reasons.items()} == {
        "a": "funded",
        "b": "over_ceiling",
        "c": "after_stop",
        "d": "after_stop",
        "e": "no_votes",
        "f": "cost_above_ceiling",
    }
    assert found.reasons["d"].parameters == {
        "rank": 3,
        "votes": 70,
        "cost_won": 10 * MILLION,
        "left_won": 40 * MILLION,
        "stopped_by": "b",
        "missing_votes": 10,
    }


@pytest.mark.parametrize(
    ("ties", "winner"),
    [
        (("lower-cost", "earlier-number"), "cheap"),
        (("higher-cost", "earlier-number"), "dear"),
        (("earlier-number",), "dear"),
    ],
)
def test_ties_follow_the_published_keys(ties: tuple[str, ...], winner: str) -> None:
    projects = [Project("dear", 9, 5, 1), Project("cheap", 8, 5, 2)]
    assert allot(projects=projects, ceiling_won=10, ties=ties).winners == (winner,)


def test_a_tie_lost_lacks_one_vote_and_a_tie_to_be_won_none_more() -> None:
    projects = [Project("dear", 9, 5, 1), Project("cheap", 8, 5, 2)]
    lost = allot(projects=projects, ceiling_won=10).reasons["dear"]
    assert lost.parameters["missing_votes"] == 1
    behind = [Project("dear", 9, 5, 1), Project("cheap", 8, 3, 2)]
    assert allot(projects=behind, ceiling_won=10).reasons["cheap"].parameters["missing_votes"] == 2


def test_weighted_votes_stay_exact() -> None:
    """Members and public weigh 50:50, so votes have thirds and tenths."""
    projects = [
        Project("a", 7, Fraction(1, 3), 1),
        Project("b", 7, Decimal("0.3333333333333333333333333333333333"), 2),
        Project("c", 3, Fraction(3, 10), 3),
    ]
    found = allot(projects=projects, ceiling_won=10)
    assert found.winners == ("a", "c")
    assert found.reasons["a"].parameters["votes"] == "1/3"
    assert found.reasons["c"].parameters["votes"] == "3/10"
    assert verify(json.loads(canonical(found.record))).ok


votes = st.integers(0, 6) | st.fractions(0, 6, max_denominator=4) | st.decimals(0, 6, places=1)
cells = st.lists(st.tuples(st.integers(0, 12), votes), max_size=7)
rules = st.sampled_from(RULES)
tie_keys = st.sampled_from([("lower-cost", "earlier-number"), ("higher-cost", "earlier-number"), ("earlier-number",)])


def ballot(made: list[tuple[int, Any]]) -> list[Project]:
    return [Project(f"p{number}", cost, count, number) for number, (cost, count) in enumerate(made)]


@settings(deadline=None, max_examples=100)
@given(cells, st.integers(0, 25), rules, tie_keys)
def test_missing_votes_are_the_smallest_that_help(made: Any, ceiling: int, rule: str, ties: tuple[str, ...]) -> None:
    projects = ballot(made)
    found = allot(projects=projects, ceiling_won=ceiling, rule=rule, ties=ties)

    def funded_with(project: Project, more: int) -> bool:
        raised = Project(project.id, project.cost_won, Fraction(project.votes) + more, project.order)
        others = [other for other in projects if other is not project]
        return project.id in allot(projects=[*others, raised], ceiling_won=ceiling, rule=rule, ties=ties).winners

    for project in projects:
        reason = found.reasons[project.id]
        helpful = [more for more in range(9) if funded_with(project, more)]
        if reason.code == "funded":
            assert helpful[0] == 0
        elif reason.code == "cost_above_ceiling":
            assert helpful == []
            assert "missing_votes" not in reason.parameters
        else:
            assert helpful[0] == reason.parameters["missing_votes"]


@settings(deadline=None)
@given(cells, st.integers(0, 25), rules, tie_keys, st.randoms(use_true_random=False))
def test_laws_of_every_allotment(made: Any, ceiling: int, rule: str, ties: tuple[str, ...], random: Any) -> None:
    projects = ballot(made)
    found = allot(projects=projects, ceiling_won=ceiling, rule=rule, ties=ties)
    costs = {project.id: project.cost_won for project in projects}
    assert found.reasons.keys() == costs.keys()
    assert found.spent_won == sum(costs[name] for name in found.winners) <= ceiling
    assert set(found.winners) == {name for name, reason in found.reasons.items() if reason.code == "funded"}
    if rule == "greedy":
        for project in projects:
            if project.votes > 0 and project.id not in found.winners:
                assert project.cost_won > ceiling - found.spent_won
    shuffled = list(projects)
    random.shuffle(shuffled)
    assert allot(projects=shuffled, ceiling_won=ceiling, rule=rule, ties=ties) == found
    dearer = [Project(p.id, p.cost_won * 1000, p.votes, p.order) for p in projects]
    assert allot(projects=dearer, ceiling_won=ceiling * 1000, rule=rule, ties=ties).winners == found.winners
    assert verify(json.loads(canonical(found.record))).faults == ()


# ------------------------------------------------------------------ the record
def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def stored(found: Allotment) -> dict[str, Any]:
    return json.loads(canonical(found.record))


@pytest.mark.parametrize("rule", RULES)
def test_any_change_of_a_record_is_found(rule: str) -> None:
    record = stored(allot(projects=BALLOT, ceiling_won=100 * MILLION, rule=rule))
    assert verify(record).counts == {"projects": 6, "winners": 3 if rule == "greedy" else 1}
    for path in list(leaves(record)):
        for other in (1, "x", None, 1.5):
            changed = copy.deepcopy(record)
            inner = changed
            for key in path[:-1]:
                inner = inner[key]
            if type(inner[path[-1]]) is type(other) and inner[path[-1]] == other:
                continue
            inner[path[-1]] = other
            assert not verify(changed).ok, (path, other)
            del inner[path[-1]]
            assert not verify(changed).ok, path


def test_faults_say_where() -> None:
    record = stored(allot(projects=BALLOT, ceiling_won=100 * MILLION))
    record["winners"] = ["a", "d", "b"]
    assert verify(record).faults == ("the record, winners, 3 states 'b'; the new run gives 'c'.",)
    record["parameters"]["rule"] = "whim"
    assert verify(record).faults == (
        "The allotment cannot be run again: ValueError: 'whim' is not a rule of allotment; "
        "use one of greedy, greedy-no-skip.",
    )
    assert verify({}).faults == ("This is not a record of an allotment in the format madang-allotment/1.",)


# ------------------------------------------------------------------ sentences
def test_every_reason_is_a_sentence_in_both_languages() -> None:
    greedy = allot(projects=BALLOT, ceiling_won=100 * MILLION).reasons
    stopped = allot(projects=BALLOT, ceiling_won=100 * MILLION, rule="greedy-no-skip").reasons
    reasons = (greedy["a"], greedy["b"], stopped["c"], greedy["e"], greedy["f"])
    assert [explain(reason, "ko") for reason in reasons] == [
        "선정되었습니다. 순위 1위(90표)이며, "
        "차례가 왔을 때 남은 예산 100,000,000원에서 사업비 60,000,000원을 배정했습니다.",
        "선정되지 않았습니다. 순위 2위(80표)였으나, "
        "사업비 50,000,000원이 차례가 왔을 때 남은 예산 40,000,000원보다 많았습니다. "
        "다른 조건이 같다면 10표를 더 받았을 때 선정되었을 것입니다.",
        "선정되지 않았습니다. 순위 4위(70표)였으나, "
        "앞 순위 사업(b)의 사업비가 남은 예산 40,000,000원을 넘어 배정이 끝났습니다. "
        "다른 조건이 같다면 10표를 더 받았을 때 선정되었을 것입니다.",
        "선정되지 않았습니다. 받은 표가 없습니다. 다른 조건이 같다면 70표를 더 받았을 때 선정되었을 것입니다.",
        "선정될 수 없었습니다. 사업비 200,000,000원이 예산 한도 100,000,000원보다 많습니다.",
    ]
    assert [explain(reason, "en") for reason in reasons] == [
        "Funded. It ranked 1 (votes: 90); its cost of KRW 60,000,000 fitted into the KRW 100,000,000 left at its turn.",
        "Not funded. It ranked 2 (votes: 80), but its cost of KRW 50,000,000 was more than the KRW 40,000,000 left at "
        "its turn. With 10 more votes, all else equal, it would have been funded.",
        "Not funded. It ranked 4 (votes: 70), but the allotment had ended at a project ranked before it (b), which "
        "cost more than the KRW 40,000,000 left. With 10 more votes, all else equal, it would have been funded.",
        "Not funded. Nobody voted for it. With 70 more votes, all else equal, it would have been funded.",
        "It could not be funded. Its cost of KRW 200,000,000 is more than the whole ceiling of KRW 100,000,000.",
    ]


def test_one_missing_vote_and_weighted_votes_read_well() -> None:
    reason = Reason("no_votes", {"votes": 0, "cost_won": 1, "missing_votes": 1})
    assert explain(reason, "en") == (
        "Not funded. Nobody voted for it. With 1 more vote, all else equal, it would have been funded."
    )
    weighted = Reason("funded", {"rank": 1, "votes": "2003/3", "cost_won": 1, "left_won": 2})
    assert (
        explain(weighted, "en")
        == "Funded. It ranked 1 (votes: 667.67); its cost of KRW 1 fitted into the KRW 2 left at its turn."
    )


@pytest.mark.parametrize(("code", "language"), [("no_votes", "fr"), ("whim", "en"), ("missing", "en")])
def test_unknown_reasons_and_languages_are_refused(code: str, language: Any) -> None:
    with pytest.raises(ValueError):
        explain(Reason(code), language)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"rule": "whim"}, ValueError),
        ({"ties": ()}, ValueError),
        ({"ties": ("lower-cost",)}, ValueError),
        ({"ties": ("whim", "earlier-number")}, ValueError),
        ({"ceiling_won": -1}, ValueError),
        ({"ceiling_won": 1.0}, TypeError),
        ({"projects": [Project("a", 1, 1, 1), Project("a", 1, 1, 2)]}, ValueError),
        ({"projects": [Project("a", 1, 1, 1), Project("b", 1, 1, 1)]}, ValueError),
        ({"projects": [Project("a", -1, 1, 1)]}, ValueError),
        ({"projects": [Project("a", 1, -1, 1)]}, ValueError),
        ({"projects": [Project("a", 1, Decimal("NaN"), 1)]}, ValueError),
        ({"projects": [Project("a", 1, 1.5, 1)]}, TypeError),  # type: ignore[arg-type]
        ({"projects": [Project("a", 1.5, 1, 1)]}, TypeError),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_allotted_is_refused(wrong: dict[str, Any], error: type[Exception]) -> None:
    good: dict[str, Any] = {"projects": [], "ceiling_won": 1}
    assert allot(**good).winners == ()
    with pytest.raises(error):
        allot(**good | wrong)
