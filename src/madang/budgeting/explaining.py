"""Reasons as sentences for citizens."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from madang.budgeting.projects import Reason
from madang.figures import printed
from madang.figures.amounts import rounded

_KO = {
    "funded": (
        "선정되었습니다. 순위 {rank}위({votes}표)이며, "
        "차례가 왔을 때 남은 예산 {left_won}원에서 사업비 {cost_won}원을 배정했습니다."
    ),
    "over_ceiling": (
        "선정되지 않았습니다. 순위 {rank}위({votes}표)였으나, "
        "사업비 {cost_won}원이 차례가 왔을 때 남은 예산 {left_won}원보다 많았습니다."
    ),
    "after_stop": (
        "선정되지 않았습니다. 순위 {rank}위({votes}표)였으나, "
        "앞 순위 사업({stopped_by})의 사업비가 남은 예산 {left_won}원을 넘어 배정이 끝났습니다."
    ),
    "no_votes": "선정되지 않았습니다. 받은 표가 없습니다.",
    "cost_above_ceiling": "선정될 수 없었습니다. 사업비 {cost_won}원이 예산 한도 {ceiling_won}원보다 많습니다.",
    "missing_one": "다른 조건이 같다면 1표를 더 받았을 때 선정되었을 것입니다.",
    "missing": "다른 조건이 같다면 {missing_votes}표를 더 받았을 때 선정되었을 것입니다.",
}
_EN = {
    "funded": (
        "Funded. It ranked {rank} (votes: {votes}); "
        "its cost of KRW {cost_won} fitted into the KRW {left_won} left at its turn."
    ),
    "over_ceiling": (
        "Not funded. It ranked {rank} (votes: {votes}), "
        "but its cost of KRW {cost_won} was more than the KRW {left_won} left at its turn."
    ),
    "after_stop": (
        "Not funded. It ranked {rank} (votes: {votes}), but the allotment had ended at a project ranked before it "
        "({stopped_by}), which cost more than the KRW {left_won} left."
    ),
    "no_votes": "Not funded. Nobody voted for it.",
    "cost_above_ceiling": (
        "It could not be funded. Its cost of KRW {cost_won} is more than the whole ceiling of KRW {ceiling_won}."
    ),
    "missing_one": "With 1 more vote, all else equal, it would have been funded.",
    "missing": "With {missing_votes} more votes, all else equal, it would have been funded.",
}
_SENTENCES: Mapping[str, Mapping[str, str]] = {"ko": _KO, "en": _EN}


def explain(reason: Reason, language: Literal["ko", "en"]) -> str:
    """A reason as a sentence or two; votes that are no whole number are printed half up to two decimals.

    Raises ValueError for an unknown language or code.
    """
    if language not in _SENTENCES:
        raise ValueError(f"{language!r} is not a language of this house; use 'ko' or 'en'.")
    sentences = _SENTENCES[language]
    if reason.code not in sentences or reason.code in ("missing", "missing_one"):
        raise ValueError(f"{reason.code!r} is not a reason that an allotment gives.")
    words = {name: _worded(name, value) for name, value in reason.parameters.items()}
    parts = [sentences[reason.code].format_map(words)]
    if "missing_votes" in words:
        parts.append(sentences["missing_one" if words["missing_votes"] == "1" else "missing"].format_map(words))
    return " ".join(parts)


def _worded(name: str, value: int | str) -> str:
    if isinstance(value, int):
        return printed(value)
    return printed(rounded(Fraction(value), places=2)) if name == "votes" else value
