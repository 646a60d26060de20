"""Reasons as sentences for citizens, in Korean and English, and the account of a single ballot."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from madang.budgeting.reasons import Reason
from madang.figures import printed, won_ko
from madang.figures.amounts import rounded

Language = Literal["ko", "en"]
MONEY = {"cost", "left", "share", "together", "missing", "remaining", "price", "cost_at_most", "amount", "time"}
MONEY |= {"given", "topped_up"}
ADDED = ("paid_to", "missing_votes", "spare_votes", "account", "account_unspent", "account_paid")

_KO = {
    "funded": (
        "선정되었습니다. 순위 {rank}위({votes}표)이며, "
        "차례가 왔을 때 남은 예산 {left}에서 사업비 {cost}을 배정했습니다."
    ),
    "did_not_fit": (
        "선정되지 않았습니다. 순위 {rank}위({votes}표)였으나, "
        "사업비 {cost}이 차례가 왔을 때 남은 예산 {left}보다 많았습니다."
    ),
    "after_stop": (
        "선정되지 않았습니다. 순위 {rank}위({votes}표)였으나, "
        "앞 순위 사업({stopped_by})의 사업비가 남은 예산 {left}을 넘어 배정이 끝났습니다."
    ),
    "over_cap": "선정되지 않았습니다. 사업비 {cost}이 분야·지역별 한도({because})에 남은 금액보다 많았습니다.",
    "excluded_by": "선정되지 않았습니다. 함께 선정될 수 없는 사업 {because}이(가) 먼저 선정되었습니다.",
    "below_threshold": "선정되지 않았습니다. 득표가 최소 기준 {threshold}에 미치지 못했습니다({votes}표).",
    "lost_tie": (
        "선정되지 않았습니다. 사업 {to}과(와) 동률이었고, 미리 공표한 순서에 따라 {to}이(가) 앞섰습니다({votes}표)."
    ),
    "bought": (
        "선정되었습니다({round}번째). 지지한 {votes}명이 자기 몫에서 사업비 {cost}을 냈습니다. "
        "{in_full}명은 {price}씩, {with_rest}명은 남은 몫을 모두 냈습니다. "
        "사업비가 {cost_at_most}이었어도 선정되었을 것입니다."
    ),
    "unaffordable": (
        "선정되지 않았습니다. 지지한 {votes}명의 몫(1인당 {share})을 모두 모아도 {together}이어서 "
        "사업비 {cost}에 {missing} 모자랐습니다. "
        "이 몫에서 사업비가 {cost_at_most} 이하였다면 선정되었을 것입니다."
    ),
    "money_spent": (
        "선정되지 않았습니다. 지지한 {votes}명의 몫 {together} 가운데 다른 사업에 쓰고 남은 금액이 {remaining}이어서 "
        "사업비 {cost}에 {missing} 모자랐습니다. 이 몫에서 사업비가 {cost_at_most} 이하였다면 선정되었을 것입니다."
    ),
    "paid_by_supporters": (
        "선정되었습니다({round}번째). 지지한 {votes}명이 자기 몫에서 사업비 {cost}을 모두 냈습니다. "
        "{in_full}명은 {price}씩, {with_rest}명은 남은 몫을 모두 냈습니다."
    ),
    "topped_up": (
        "선정되었습니다({round}번째). 사업비 {cost} 가운데 {given}은 지지한 {votes}명의 몫에서, "
        "나머지 {topped_up}은 예산에서 냈습니다. {in_full}명은 {price}씩, {with_rest}명은 남은 몫을 모두 냈습니다."
    ),
    "no_room": (
        "선정되지 않았습니다. 사업비 {cost}이 끝까지 남은 예산 {left}보다 많았습니다({votes}표). "
        "사업비가 {cost_at_most} 이하였다면 선정되었을 것입니다."
    ),
    "shares_used_up": "선정되지 않았습니다. 지지한 {votes}명의 몫 {together}이 모두 다른 사업에 쓰였습니다.",
    "paid_to": " 가장 많이 쓴 곳: {paid_to}.",
    "earned": "선정되었습니다({rank}번째). 지지한 {votes}명이 1인당 {time}에 이르기 전에 사업비 {cost}을 모았습니다.",
    "earned_too_late": (
        "선정되지 않았습니다. 먼저 모인 사업 {stopped_by}이(가) 남은 예산 {left}보다 커서 선정이 끝났습니다({votes}표)."
    ),
    "best": "선정되었습니다. 이 사업이 없으면 전체 효용이 {difference}만큼 줄어듭니다({votes}표).",
    "not_best": "선정되지 않았습니다. 이 사업을 넣으면 전체 효용이 {difference}만큼 줄어듭니다({votes}표).",
    "no_votes": "선정되지 않았습니다. 받은 표가 없습니다.",
    "missing_votes": " 다른 조건이 같다면 {missing_votes}표를 더 받았을 때 선정되었을 것입니다.",
    "spare_votes": " {spare_votes}표가 적었어도 선정되었을 것입니다.",
    "above_budget": "선정될 수 없었습니다. 사업비 {cost}이 전체 예산보다 많습니다.",
    "account": "내 몫은 {share}이었습니다. {paid}을 냈고, {left}이 남았습니다.",
    "account_unspent": "내 몫은 {share}이었고, 아무 사업에도 쓰이지 않았습니다.",
    "account_paid": "{project}에 {amount}",
}
_EN = {
    "funded": "Funded. It ranked {rank} (votes: {votes}); its cost of {cost} fitted into the {left} left at its turn.",
    "did_not_fit": (
        "Not funded. It ranked {rank} (votes: {votes}), "
        "but its cost of {cost} was more than the {left} left at its turn."
    ),
    "after_stop": (
        "Not funded. It ranked {rank} (votes: {votes}), but the allotment had ended at a project ranked before it "
        "({stopped_by}), which cost more than the {left} left."
    ),
    "over_cap": "Not funded. Its cost of {cost} was more than was left under a cap ({because}).",
    "excluded_by": "Not funded. Project {because} won before it, and only one of the two may.",
    "below_threshold": "Not funded. It did not reach the threshold of {threshold} (votes: {votes}).",
    "lost_tie": "Not funded. It was equal to project {to}, which the published order puts first (votes: {votes}).",
    "bought": (
        "Funded (number {round}). Its {votes} supporters paid {cost} from their shares: {in_full} paid {price} each, "
        "{with_rest} paid all they had left. It would have been funded at a cost of {cost_at_most} too."
    ),
    "unaffordable": (
        "Not funded. All shares of its {votes} supporters ({share} each) are {together}, "
        "{missing} less than its cost of {cost}. "
        "With these shares it would have been funded at a cost of up to {cost_at_most}."
    ),
    "money_spent": (
        "Not funded. Of the {together} of its {votes} supporters {remaining} was left after other projects, "
        "{missing} less than its cost of {cost}. With these shares it would have been funded at a cost of up to "
        "{cost_at_most}."
    ),
    "paid_by_supporters": (
        "Funded (number {round}). Its {votes} supporters paid all of its cost of {cost} from their shares: "
        "{in_full} paid {price} each, {with_rest} paid all they had left."
    ),
    "topped_up": (
        "Funded (number {round}). Of its cost of {cost}, the shares of its {votes} supporters paid {given} "
        "and the budget the other {topped_up}: {in_full} paid {price} each, {with_rest} paid all they had left."
    ),
    "no_room": (
        "Not funded. Its cost of {cost} was more than the {left} left at the end (votes: {votes}). "
        "It would have been funded at a cost of up to {cost_at_most}."
    ),
    "shares_used_up": "Not funded. The {together} of its {votes} supporters all went to other projects.",
    "paid_to": " Most went to: {paid_to}.",
    "earned": "Funded (number {rank}). Its {votes} supporters had earned {cost} before each had received {time}.",
    "earned_too_late": (
        "Not funded. Project {stopped_by}, whose time came first, cost more than the {left} left, "
        "which ended the count (votes: {votes})."
    ),
    "best": "Funded. Without it the total utility would be less by {difference} (votes: {votes}).",
    "not_best": "Not funded. With it the total utility would be less by {difference} (votes: {votes}).",
    "no_votes": "Not funded. Nobody voted for it.",
    "missing_votes": " With {missing_votes} more votes, all else equal, it would have been funded.",
    "spare_votes": " With {spare_votes} fewer votes it would have been funded too.",
    "above_budget": "It could not be funded. Its cost of {cost} is more than the whole budget.",
    "account": "Your share was {share}. You paid {paid}; {left} is left.",
    "account_unspent": "Your share was {share}; none of it was spent.",
    "account_paid": "{amount} for {project}",
}
_SENTENCES: Mapping[str, Mapping[str, str]] = {"ko": _KO, "en": _EN}


def explain(reason: Reason, language: Language, currency: str = "KRW") -> str:
    """A reason as a sentence or two; numbers that are no whole number are printed half up to two decimals.

    Raises ValueError for an unknown language or code.
    """
    known = _known(language)
    if reason.code not in known or reason.code in ADDED:
        raise ValueError(f"{reason.code!r} is not a reason that a count gives.")
    words = {name: _worded(name, value, language, currency) for name, value in reason.parameters.items()}
    parts = [known[reason.code].format_map(words)]
    if reason.parameters.get("missing_votes") is not None:
        parts.append(_plural(known["missing_votes"].format_map(words), words["missing_votes"]))
    if reason.parameters.get("spare_votes"):
        parts.append(_plural(known["spare_votes"].format_map(words), words["spare_votes"]))
    if reason.parameters.get("paid_to"):
        parts.append(known["paid_to"].format_map(words))
    return "".join(parts)


def explain_account(account: Mapping[str, Any], language: Language, currency: str = "KRW") -> str:
    """The account of one ballot as a sentence."""
    known = _known(language)
    paid = [
        known["account_paid"].format(project=project, amount=_money(amount, language, currency))
        for project, amount in account["paid"]
        if Fraction(amount)
    ]
    share, left = _money(account["share"], language, currency), _money(account["left"], language, currency)
    return known["account" if paid else "account_unspent"].format(share=share, paid=", ".join(paid), left=left)


def _known(language: str) -> Mapping[str, str]:
    if language not in _SENTENCES:
        raise ValueError(f"{language!r} is not a language of this house; use 'ko' or 'en'.")
    return _SENTENCES[language]


def _plural(sentence: str, number: str) -> str:
    return (
        sentence.replace("1 more votes", "1 more vote").replace("1 fewer votes", "1 fewer vote")
        if number == "1"
        else sentence
    )


def _worded(name: str, value: Any, language: Language, currency: str) -> str:
    if name in MONEY:
        return _money(value, language, currency)
    if name == "paid_to":
        return ", ".join(f"{project} {_money(amount, language, currency)}" for project, amount in value)
    if isinstance(value, int):
        return printed(value)
    if name in ("votes", "score", "difference", "total", "threshold"):
        return _number(value)
    return str(value)


def _money(value: Any, language: Language, currency: str) -> str:
    exact, number = Fraction(value), _number(value)
    if language == "ko" and currency in ("KRW", ""):
        return won_ko(exact.numerator) if exact.denominator == 1 else f"{number}원"
    if language == "ko":
        return f"{number} {currency}"
    return f"{currency or 'KRW'} {number}"


def _number(value: Any) -> str:
    exact = Fraction(value)
    return printed(exact.numerator) if exact.denominator == 1 else printed(rounded(exact, places=2))
