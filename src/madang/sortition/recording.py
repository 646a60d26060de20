"""The record of a draw: what is published before it, the draw itself, and the replacements after it.

`published` holds the frozen pool under pseudonyms, the rules, the probabilities with their proofs and every panel
of the lottery; its hash goes into the seed, so that nothing in it can change after the seed is known. The draw is
one number below the number of panels. Format and rules are written down in `verifier`, which checks a record
with the standard library alone and shares no code with this package.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

import numpy as np

from madang.sortition.dealing import Deal, in_order
from madang.sortition.leximin import Ideal, Level
from madang.sortition.lottery import Lottery
from madang.sortition.pool import Types, pseudonym
from madang.sortition.replacing import Bench
from madang.sortition.sentences import Refusal

FORMAT = "madang-sortition/1"


@dataclass(frozen=True)
class Frozen:
    """Everything that is published before the seed is known; `hash` is what to print in a gazette."""

    published: dict[str, Any]
    hash: str


def hash_of(value: Any) -> str:
    """SHA-256 of canonical JSON: keys sorted, no white space, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def commitment(secret: str) -> str:
    """The SHA-256 of a secret, published before the draw; it binds to the secret without telling it."""
    return sha256(secret.encode()).hexdigest()


def pool_seed(types: Types, salt: str | None) -> str:
    """The seed of all choices before the draw: the hash of rules and pool, so that nobody can choose it freely."""
    return hash_of({"rows": _rows(types), "types": types.row_of.tolist(), "pool": _pool(types, salt)})


def freeze(
    types: Types,
    ideal: Ideal,
    lot: Lottery,
    *,
    salt: str | None,
    secret_hash: str = "",
    waiting: int | None = None,
) -> Frozen:
    """Put together what is published before the draw.

    `salt` keeps ids and pseudonyms apart and stays secret; None says that the ids are pseudonyms already.
    `secret_hash` is the `commitment` to a secret. Of each type, `waiting` people wait as reserves (None: all).
    """
    pool = _pool(types, salt)
    if len({name for names in pool for name in names}) != types.people:
        raise Refusal(rule="same_pseudonym")
    homes = {home: place for place, home in enumerate(sorted(set(types.household.values())))}
    homes_of = {_name(person, salt): homes[home] for person, home in types.household.items()}
    shared = [t for t, group in enumerate(types.group) if group >= 0]
    published: dict[str, Any] = {
        "seats": types.seats,
        "tickets": lot.tickets,
        "objective": ideal.objective,
        "exact": ideal.exact,
        "cap": str(ideal.cap),
        "rows": _rows(types),
        "types": types.row_of.tolist(),
        "pool": pool,
        "groups": list(types.group) if shared else [],
        "households": [[t, [homes_of[name] for name in pool[t]]] for t in shared],
        "waiting": waiting,
        "within": str(_within(types, ideal, lot)),
        "levels": [_level(level) for level in ideal.levels],
        "panels": [np.repeat(np.arange(len(panel)), panel).tolist() for panel in lot.panels],
        "order_seed": pool_seed(types, salt),
        "secret_hash": secret_hash,
    }
    return Frozen(published, hash_of(published))


def _within(types: Types, ideal: Ideal, lot: Lottery) -> int:
    """The whole number of tickets below which everybody's distance from the ideal stays; 1 is the aim."""
    return int(lot.deviation(types, ideal)) + 1


def _rows(types: Types) -> list[list[Any]]:
    return [[row.name, row.low, row.high] for row in types.rows]


def _name(person: str, salt: str | None) -> str:
    return person if salt is None else pseudonym(person, salt)


def _pool(types: Types, salt: str | None) -> list[list[str]]:
    return [sorted(_name(person, salt) for person in members) for members in types.members]


def _level(level: Level) -> dict[str, Any]:
    stated: dict[str, Any] = {"probability": str(level.probability), "types": list(level.types), "proof": None}
    if level.proof:
        stated["proof"] = {
            "rows": [[row, str(weight)] for row, weight in level.proof.rows],
            "caps": [[t, str(weight)] for t, weight in level.proof.caps],
        }
    return stated


def draw(frozen: Frozen, *, seed: str, secret: str = "", number: int | None = None) -> dict[str, Any]:
    """The record of the draw. `seed` is the public text; with dice, `number` is what they showed.

    Raises Refusal for an empty seed, a secret that is not the one committed to, and a number without a panel.
    """
    published = frozen.published
    tickets = int(published["tickets"])
    if not seed.strip() and not published["secret_hash"]:
        raise Refusal(rule="empty_seed")
    if published["secret_hash"] and commitment(secret) != published["secret_hash"]:
        raise Refusal(rule="wrong_secret")
    if number is not None and not 0 <= number < tickets:
        raise Refusal(f"The number {number} has no panel; the lottery has the numbers 0 to {tickets - 1}.")
    mixed = mixed_seed(frozen.hash, secret, seed)
    ticket = below(mixed, tickets) if number is None else number
    panel = deal_of(published).people(ticket)
    chosen = set(panel)
    others = [name for names in published["pool"] for name in names if name not in chosen]
    return {
        "format": FORMAT,
        "published": published,
        "published_hash": frozen.hash,
        "draw": {
            "seed": seed,
            "secret": secret,
            "mixed": mixed,
            "by_number": number is not None,
            "ticket": ticket,
            "panel": panel,
        },
        "reserves": _ranked(published, in_order(others, mixed, "reserve")),
        "replacements": [],
    }


def mixed_seed(frozen: str, secret: str, seed: str) -> str:
    """What the draw is made with: the hash of the published part's hash, the secret and the public seed."""
    return sha256(f"madang-sortition draw\n{frozen}\n{secret}\n{seed}".encode()).hexdigest()


def _ranked(published: dict[str, Any], order: list[str]) -> list[str]:
    """Of a ranking, the first of each type that may wait."""
    if published["waiting"] is None:
        return order
    type_of = {name: t for t, names in enumerate(published["pool"]) for name in names}
    left = dict.fromkeys(range(len(published["pool"])), int(published["waiting"]))
    kept = []
    for name in order:
        left[type_of[name]] -= 1
        if left[type_of[name]] >= 0:
            kept.append(name)
    return kept


def below(mixed: str, tickets: int) -> int:
    """A uniform number below `tickets`: SHA-256 in counter mode, values in the incomplete last block thrown away."""
    limit = 2**256 - 2**256 % tickets
    counter = 0
    while True:
        value = int.from_bytes(sha256(f"{mixed}\nticket\n{counter}".encode()).digest(), "big")
        if value < limit:
            return value % tickets
        counter += 1


def deal_of(published: dict[str, Any]) -> Deal:
    """Who holds which tickets."""
    pool = published["pool"]
    panels = np.zeros((len(published["panels"]), len(pool)), dtype=np.int32)
    for ticket, panel in enumerate(published["panels"]):
        np.add.at(panels[ticket], panel, 1)
    homes = {name: home for t, numbers in published["households"] for name, home in zip(pool[t], numbers, strict=True)}
    return Deal(panels, pool, published["groups"] or [-1] * len(pool), homes, published["order_seed"])


def replace(record: dict[str, Any], dropped: Sequence[str]) -> dict[str, Any]:
    """The record with one more event: those who dropped out, and who is called in their place.

    Raises Refusal for somebody who is not on the panel now.
    """
    bench = Bench(record)
    called = bench.replace(dropped)
    event = {"previous": hash_of([record["draw"], record["replacements"]]), "called": called}
    return {**record, "replacements": [*record["replacements"], event]}


def standing(record: dict[str, Any], name: str) -> dict[str, Any]:
    """What a record says about one person: chance, tickets, result; nothing about anybody else.

    Raises Refusal for a pseudonym that is not in the pool.
    """
    published = record["published"]
    t = next((t for t, names in enumerate(published["pool"]) if name in names), None)
    if t is None:
        raise Refusal(f"Nobody in this draw has the pseudonym {name}.")
    level = next(level for level in published["levels"] if t in level["types"])
    tickets = deal_of(published).tickets(t, name)
    names = [published["rows"][row][0] for row in published["types"][t]]
    weights = dict(level["proof"]["rows"]) if level["proof"] else {}
    now = Bench(record).panel
    return {
        "pseudonym": name,
        "features": [text for text in names[:-1] if "=" in text],
        "ideal": Fraction(level["probability"]),
        "realised": Fraction(len(tickets), published["tickets"]),
        "tickets": tickets,
        "drawn": name in record["draw"]["panel"],
        "on_panel": name in now,
        "reserve_rank": record["reserves"].index(name) + 1 if name in record["reserves"] else None,
        "binding": [published["rows"][row][0] for row in published["types"][t] if row in weights],
    }
