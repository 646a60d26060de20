"""Making shuffles: all ciphertexts encrypted anew, in an order nobody knows, and the proof that nothing else changed.

The proof is that of Terelius and Wikström as CHVote 1.3.2 has it. The work for single ciphertexts is cut into pieces
that can run in other processes; names follow the protocol: c are commitments to the order, ĉ (`chain`) to a chain of
products, u the challenges.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from madang.ballots.casting import plain_ciphertext
from madang.ballots.elections import Election
from madang.ballots.groups import Ciphertext, Draw, Element, Group, draw_secretly, group
from madang.ballots.printing import integer_hash, printed
from madang.ballots.spreading import pieces, spread, told


@dataclass(frozen=True)
class ShuffleProof:
    """The parts of a proof as they are printed: t1, t2, t3, t41, t42 and one t each; s1 to s4 and two s each; c; ĉ."""

    t: tuple[Element, ...]
    t_each: Sequence[Element]
    s: tuple[int, ...]
    s_chain: Sequence[int]
    s_order: Sequence[int]
    commitments: Sequence[Element]
    chain: Sequence[Element]

    def plain(self, group: Group) -> list[Any]:
        """As it is printed."""
        one, two, three, four, five = map(group.text, self.t)
        each = [group.text(t) for t in self.t_each]
        numbers = [list(map(str, self.s_chain)), list(map(str, self.s_order))]
        first = [one, two, three, [four, five], each]
        return [first, [*map(str, self.s), *numbers], list(map(group.text, self.commitments)),
                list(map(group.text, self.chain))]  # fmt: skip


def shuffle_bytes(group: Group, questions: Sequence[tuple[Sequence[Ciphertext], ShuffleProof]]) -> bytes:
    """A shuffle of all shuffled questions as it is printed."""
    ciphertexts = [[plain_ciphertext(group, one) for one in after] for after, _ in questions]
    return printed({"ciphertexts": ciphertexts, "proofs": [proof.plain(group) for _, proof in questions]}).encode()


class Statement(NamedTuple):
    """What is shuffled, and the hashes that bind a proof to it."""

    group: Group
    fingerprint: str
    public: Element
    before: Sequence[Ciphertext]
    after: Sequence[Ciphertext]
    commitments: Sequence[Element]

    def _common(self) -> Iterator[bytes]:
        yield from _lines(self.group, _flat(self.before))
        yield from _lines(self.group, _flat(self.after))
        yield from _lines(self.group, self.commitments)

    def challenges(self) -> list[int]:
        """One for every ciphertext."""
        digest = sha256(f"shuffle-challenges|{self.fingerprint}|".encode())
        for line in self._common():
            digest.update(line)
        seed = digest.hexdigest()
        inner = (sha256(str(number).encode()).hexdigest() for number in range(len(self.before)))
        return [integer_hash(seed + one) % self.group.q for one in inner]

    def challenge(self, t: Iterable[Element], t_each: Iterable[Element], chain: Iterable[Element]) -> int:
        """The one that the whole proof must answer to."""
        digest = sha256(f"shuffle-challenge|{self.fingerprint}|".encode())
        for lines in (_lines(self.group, t), _lines(self.group, t_each), self._common(), _lines(self.group, chain)):
            for line in lines:
                digest.update(line)
        digest.update(self.group.text(self.public).encode())
        return int.from_bytes(digest.digest(), "big") % self.group.q


def _lines(group: Group, elements: Iterable[Element]) -> Iterator[bytes]:
    for element in elements:
        yield f"{group.text(element)},".encode()


def _flat(ciphertexts: Iterable[Ciphertext]) -> Iterator[Element]:
    for alpha, beta in ciphertexts:
        yield alpha
        yield beta


def shuffle(
    election: Election, before: Sequence[Ciphertext], *, executor: Executor | None = None, draw: Draw = draw_secretly,
    tell: Callable[[str], None] = lambda _sentence: None,
) -> tuple[list[Ciphertext], ShuffleProof]:  # fmt: skip
    """Shuffle the ciphertexts, and prove it."""
    group, q, size = election.group, election.group.q, len(before)
    order = list(range(size))
    for place in range(size - 1, 0, -1):
        other = draw(place + 1)
        order[place], order[other] = order[other], order[place]
    anew, ours = [draw(q) for _ in before], [draw(q) for _ in before]
    public = election.key.public

    def work(run: Callable[..., Any], what: str, jobs: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        return told(spread(run, jobs, executor), tell, f"shuffling, {what}", len(pieces(size)))

    jobs = ((group.name, public, before[start:stop], anew[start:stop]) for start, stop in pieces(size))
    changed = [one for piece in work(_encrypt_anew, "encrypting anew", jobs) for one in piece]
    after = [changed[place] for place in order]
    # A commitment stands at the place of the input and is to the place to which it went.
    went = sorted(range(size), key=order.__getitem__)
    own = ((group.name, went[start:stop], ours[start:stop]) for start, stop in pieces(size))
    commitments = [one for piece in work(_commit, "committing to the order", own) for one in piece]
    statement = Statement(group, election.fingerprint, public, before, after, commitments)
    return after, _prove(statement, order, anew, ours, work, draw)


def _prove(
    statement: Statement, order: Sequence[int], anew: Sequence[int], ours: Sequence[int],
    work: Callable[..., Iterator[Any]], draw: Draw,
) -> ShuffleProof:  # fmt: skip
    group, size = statement.group, len(order)
    q, power, name = group.q, group.secret_power, group.name
    u = statement.challenges()
    ordered = [u[place] for place in order]
    w = [draw(q) for _ in range(4)]
    r_chain, w_chain, w_order = ([draw(q) for _ in order] for _ in range(3))
    # All of the chain is powers of the generator and of h, so no link has to wait for the one before it.
    links, nonces = [], []
    of_g, of_h = 0, 1
    for place, factor in enumerate(ordered):
        nonces.append(((w_chain[place] + w_order[place] * of_g) % q, w_order[place] * of_h % q))
        of_g, of_h = (r_chain[place] + factor * of_g) % q, factor * of_h % q
        links.append((of_g, of_h))
    cut = pieces(size)
    chain, t_each = (
        [one for piece in work(_powers_of_two, what, ((name, pairs[a:b]) for a, b in cut)) for one in piece]
        for what, pairs in (("making the chain", links), ("committing to the chain", nonces))
    )
    jobs = ((name, a, statement.after[a:b], w_order[a:b]) for a, b in cut)
    generators, alphas, betas = group.one, group.one, group.one
    for one, two, three in work(_secret_products, "proving the order", jobs):
        generators, alphas, betas = (
            group.multiply(generators, one), group.multiply(alphas, two), group.multiply(betas, three)
        )  # fmt: skip
    t = (
        power(group.g, w[0]),
        power(group.g, w[1]),
        group.multiply(power(group.g, w[2]), generators),
        group.multiply(power(statement.public, -w[3] % q), betas),
        group.multiply(power(group.g, -w[3] % q), alphas),
    )
    c = statement.challenge(t, t_each, chain)
    totals = (
        sum(ours),
        of_g,
        sum(r * one for r, one in zip(ours, u, strict=True)),
        sum(r * one for r, one in zip(anew, u, strict=True)),
    )
    s = tuple((nonce + c * total) % q for nonce, total in zip(w, totals, strict=True))
    s_chain = [(nonce + c * r) % q for nonce, r in zip(w_chain, r_chain, strict=True)]
    s_order = [(nonce + c * one) % q for nonce, one in zip(w_order, ordered, strict=True)]
    return ShuffleProof(t, t_each, s, s_chain, s_order, statement.commitments, chain)


# --- what runs in pieces -----------------------------------------------------------------------------


def _encrypt_anew(
    name: str, public: Element, ciphertexts: Sequence[Ciphertext], secrets: Sequence[int]
) -> list[Ciphertext]:  # fmt: skip
    own = group(name)
    return [
        (
            own.multiply(alpha, own.secret_power(own.g, secret)),
            own.multiply(beta, own.secret_power(public, secret)),
        )
        for (alpha, beta), secret in zip(ciphertexts, secrets, strict=True)
    ]


def _commit(name: str, places: Sequence[int], secrets: Sequence[int]) -> list[Element]:
    own = group(name)
    return [
        own.multiply(own.secret_power(own.g, secret), own.generator(place))
        for place, secret in zip(places, secrets, strict=True)
    ]


def _powers_of_two(name: str, pairs: Sequence[tuple[int, int]]) -> list[Element]:
    """For each pair of exponents a power of the generator times one of h."""
    own = group(name)
    h = own.generator(-1)
    return [own.multiply(own.secret_power(own.g, one), own.secret_power(h, two)) for one, two in pairs]


def _secret_products(
    name: str, start: int, ciphertexts: Sequence[Ciphertext], exponents: Sequence[int]
) -> tuple[Element, Element, Element]:  # fmt: skip
    own = group(name)
    columns = (
        [own.generator(start + place) for place in range(len(ciphertexts))],
        [alpha for alpha, _ in ciphertexts],
        [beta for _, beta in ciphertexts],
    )
    one, two, three = (
        own.total(own.secret_power(*pair) for pair in zip(column, exponents, strict=True)) for column in columns
    )  # fmt: skip
    return one, two, three
