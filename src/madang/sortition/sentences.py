"""What the engine refuses, and why: a rule with its numbers, and a sentence for it in English and Korean."""

from typing import Any

_SENTENCES = {
    "empty_pool": (
        "The pool is empty: the list of people has no row below its header.",
        "후보자 명단이 비어 있습니다. 한 사람 이상이 있어야 추첨할 수 있습니다.",
    ),
    "bounds": (
        "The quota {name} asks for {low} to {high} people; give 0 <= min <= max.",
        "할당 {name}의 인원이 {low}명에서 {high}명으로 되어 있습니다. 최소는 0 이상, 최대 이하로 정해 주세요.",
    ),
    "quota_twice": (
        "The quota {name} is given twice; keep one of them.",
        "할당 {name}이(가) 두 번 있습니다. 하나만 남겨 주세요.",
    ),
    "person_twice": (
        "The person {person} stands in the list {count} times; every person may stand in it once.",
        "{person}이(가) 명단에 {count}번 있습니다. 한 사람은 한 번만 있어야 합니다.",
    ),
    "no_seats": (
        "{seats} seats cannot be drawn; give a whole number from 1 up.",
        "{seats}석은 추첨할 수 없습니다. 1 이상의 정수를 정해 주세요.",
    ),
    "too_few": (
        "{seats} seats cannot be drawn from a pool of {people} people.",
        "후보자 {people}명 가운데 {seats}석을 추첨할 수는 없습니다.",
    ),
    "fixed_missing": (
        "The fixed member {person} is not in the pool.",
        "미리 정해진 위원 {person}이(가) 후보자 명단에 없습니다.",
    ),
    "no_quota": (
        "The person {person} has {feature} = {value!r}, for which there is no quota.",
        "후보자 {person}의 {feature} 값 {value!r}에 맞는 할당이 없습니다.",
    ),
    "no_tickets": (
        "A lottery of {tickets} panels cannot be made; give a whole number from 1 up.",
        "위원 구성안 {tickets}개로는 추첨할 수 없습니다. 1 이상의 정수를 정해 주세요.",
    ),
    "no_lottery": (
        "No {tickets} panels were found that meet all quotas with these probabilities. "
        "Widen the tightest quotas by one, or join values that few people have.",
        "이 확률로 모든 할당을 지키는 위원 구성안 {tickets}개를 찾지 못했습니다. "
        "가장 좁은 할당을 한 명 넓히거나, 해당하는 사람이 적은 구분을 합쳐 주세요.",
    ),
    "no_relaxation": (
        "No change of the quotas within their flex bounds makes a panel possible.",
        "할당을 허용 범위 안에서 바꾸어도 위원을 구성할 수 없습니다. 허용 범위를 넓혀 주세요.",
    ),
    "no_panel": (
        "No panel meets all quotas, not even on average over many panels.",
        "모든 할당을 지키는 위원 구성이 없습니다. 여러 구성을 평균해도 마찬가지입니다.",
    ),
    "same_pseudonym": (
        "Two people have the same pseudonym; choose another salt.",
        "두 사람의 번호가 같습니다. 다른 비밀값으로 다시 만들어 주세요.",
    ),
    "empty_seed": (
        "The seed is empty; give the public text that nobody knew when the pool was frozen.",
        "공개 시드가 비어 있습니다. 명단을 확정할 때 아무도 몰랐던 공개된 글을 넣어 주세요.",
    ),
    "wrong_secret": (
        "This is not the secret whose hash was published; look for the right one.",
        "공개한 해시와 맞지 않는 비밀값입니다. 맞는 값을 찾아 주세요.",
    ),
}


class Refusal(ValueError):
    """Input with which no draw is possible; the text is a sentence that says what is wrong and where.

    Given either as a sentence (what is wrong with a file) or as a rule of the table above with its numbers.
    """

    def __init__(self, sentence: str = "", *, rule: str = "", **numbers: Any) -> None:
        self.rule, self.numbers = rule, numbers
        super().__init__(sentence or _SENTENCES[rule][0].format(**numbers))

    def said(self, language: str) -> str:
        """The sentence in a language; what is wrong with a file is told in English only."""
        return _SENTENCES[self.rule][1].format(**self.numbers) if language == "ko" and self.rule else str(self)


class Infeasible(Refusal):
    """No panel meets all quotas; `relaxation` proposes the smallest change with which one does."""
