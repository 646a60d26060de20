"""Checking shuffles without knowing the order."""

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

from madang.ballots.elections import Election
from madang.ballots.groups import Ciphertext, Element, Group, group
from madang.ballots.printing import fields, listed
from madang.ballots.refusals import Refusal
from madang.ballots.shuffling import ShuffleProof, Statement
from madang.ballots.spreading import pieces, spread, told
from madang.ballots.tallying import Tally, read_ciphertexts

SHAPE, PROOF = "shuffle-shape", "shuffle-proof"
COLUMNS = 9


def check_shuffle(
    election: Election, tally: Tally, value: Any, *, executor: Executor | None = None, who: str = "a shuffle",
    tell: Callable[[str], None] = lambda _sentence: None,
) -> Tally:  # fmt: skip
    """The tally after a shuffle (as it was printed) of its shuffled questions; a refusal if it does not hold."""
    places = election.shuffled
    ciphertexts, proofs = fields(value, ("ciphertexts", "proofs"), SHAPE, who)
    listed(ciphertexts, len(places), SHAPE, who)
    listed(proofs, len(places), SHAPE, who)
    found = list(tally)
    for number, place in enumerate(places):
        before = tally[place]
        after = read_ciphertexts(election.group, listed(ciphertexts[number], len(before), SHAPE, who))
        proof = _proof(election.group, proofs[number], len(before))
        ciphertexts[number] = proofs[number] = None
        _check(election, before, after, proof, executor, who, tell)
        found[place] = after
    return found


def read_shuffled(election: Election, tally: Tally, value: Any, who: str) -> Tally:
    """The tally after a shuffle (as it was printed), of which only the form is checked."""
    ciphertexts, _proofs = fields(value, ("ciphertexts", "proofs"), SHAPE, who)
    found = list(tally)
    for place, given in zip(election.shuffled, listed(ciphertexts, len(election.shuffled), SHAPE, who), strict=True):
        found[place] = read_ciphertexts(election.group, listed(given, len(tally[place]), SHAPE, who))
    return found


def _proof(group: Group, value: Any, size: int) -> ShuffleProof:
    what = "the proof of a shuffle"

    def elements(given: Any, count: int) -> list[Element]:
        return [group.stated(one, what) for one in listed(given, count, SHAPE, what)]

    first, second, commitments, chain = listed(value, 4, SHAPE, what)
    *three, pair, each = listed(first, 5, SHAPE, what)
    *four, s_chain, s_order = listed(second, 6, SHAPE, what)
    for_chain, for_order = (
        [group.scalar(one, what) for one in listed(given, size, SHAPE, what)] for given in (s_chain, s_order)
    )
    s = tuple(group.scalar(one, what) for one in four)
    t = (*elements(three, 3), *elements(pair, 2))
    group.require(t, what)
    found = elements(commitments, size), elements(chain, size)
    return ShuffleProof(t, elements(each, size), s, for_chain, for_order, *found)


def _check(
    election: Election, before: Sequence[Ciphertext], after: Sequence[Ciphertext], proof: ShuffleProof,
    executor: Executor | None, who: str, tell: Callable[[str], None],
) -> None:  # fmt: skip
    group, size = election.group, len(before)
    public = election.key.public
    statement = Statement(group, election.fingerprint, public, before, after, proof.commitments)
    u, c = statement.challenges(), statement.challenge(proof.t, proof.t_each, proof.chain)
    h = group.generator(-1)
    links = [h, *proof.chain]
    jobs = (
        (
            group.name, a, c, before[a:b], after[a:b], proof.commitments[a:b], links[a : b + 1], proof.t_each[a:b],
            u[a:b], proof.s_chain[a:b], proof.s_order[a:b],
        )
        for a, b in pieces(size)
    )  # fmt: skip
    totals = [group.one] * COLUMNS
    for part in told(spread(_part, jobs, executor), tell, f"checking {who}", len(pieces(size))):
        totals = [group.multiply(*pair) for pair in zip(totals, part, strict=True)]
    committed, generators, challenged, alphas, betas, h_order, alpha_order, beta_order, rest = totals
    product = 1
    for one in u:
        product = product * one % group.q
    back, power, divide = group.q - c, group.power, group.divide
    sides = [
        (divide(committed, generators), power(group.g, proof.s[0])),
        (divide(links[-1], power(h, product)), power(group.g, proof.s[1])),
        (challenged, group.multiply(power(group.g, proof.s[2]), h_order)),
        (betas, group.multiply(power(public, group.q - proof.s[3]), beta_order)),
        (alphas, group.multiply(power(group.g, group.q - proof.s[3]), alpha_order)),
    ]
    holds = all(t == group.multiply(power(one, back), two) for t, (one, two) in zip(proof.t, sides, strict=True))
    if not holds or rest != group.one:
        raise Refusal(PROOF, f"the proof of {who} does not hold.")


def _part(
    name: str, start: int, c: int, before: Sequence[Ciphertext], after: Sequence[Ciphertext],
    commitments: Sequence[Element], links: Sequence[Element], t_each: Sequence[Element],
    u: Sequence[int], s_chain: Sequence[int], s_order: Sequence[int],
) -> list[Element]:  # fmt: skip
    """The products over some ciphertexts; the last one is the identity if the equations of the chain hold there.

    They are checked together, each to the power of a random number of 128 bits that whoever made the proof cannot know.
    """
    own = group(name)
    new_alphas, new_betas = [alpha for alpha, _ in after], [beta for _, beta in after]
    size = len(after)
    generators = [own.generator(start + place) for place in range(size)]
    chances = [secrets.randbits(128) for _ in range(size)]
    exponents = [0, *(c * chance for chance in chances)]
    for place, chance in enumerate(chances):
        exponents[place] = (exponents[place] - s_order[place] * chance) % own.q
    exponents[size] %= own.q
    of_g = sum(chance * one for chance, one in zip(chances, s_chain, strict=True)) % own.q
    product = own.checked_product
    rest = own.multiply(product(t_each, chances), product(links, exponents))
    products = [
        product(commitments, u),
        own.product([alpha for alpha, _ in before], u),
        own.product([beta for _, beta in before], u),
        own.product(generators, s_order),
        product(new_alphas, s_order),
        product(new_betas, s_order),
        own.divide(rest, own.power(own.g, of_g)),
    ]
    return [own.total(commitments), own.total(generators), *products]
