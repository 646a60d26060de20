"""The draw: tickets from a committed secret, the smallest tickets of each stratum, and the filling of empty seats.

1. Before the draw the office publishes `list_hash` of the pool, the quotas, the order of the categories
   for filling, and `commitment` of a secret (`printf %s "$SECRET" | sha256sum`). The secret should be 32
   random bytes in hexadecimal: one that can be guessed hides nothing.
2. `public` is something nobody knew then, agreed beforehand: numbers of a state lottery on a named day, or
   dice thrown by citizens. Seed = SHA-256(secret, line feed, public); nobody alone chose it.
3. The ticket of a person = SHA-256(seed in hexadecimal, line feed, id). In each stratum tickets are sorted
   upwards: the first ones fill its seats.
4. A stratum with too few candidates has empty seats. They are filled, stratum by stratum in the order of
   the quotas, from the next tickets of the nearest stratum that has people left. Only the categories in
   `neighbours` may differ. Distance in a category is the number of steps between the two values in the
   order in which values first appear in the quotas; the last category of `neighbours` counts first, so the
   categories named first are given up first; at equal distance the stratum earlier in the quotas fills.
   `neighbours=("age", "area")` therefore means: same area and next age band, then further age bands, then
   the next area. What is not named (say, sex) never changes.
5. The next tickets of each stratum are its reserves.

Inside a stratum everybody has the same chance. Hashes as lots: RFC 3797 does the same for committees of the IETF.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from madang.chain import canonical
from madang.sortition.people import Candidate, Draw, Quota, Shortfall, stratum_key

FORMAT = "madang-draw/1"
VERSION = 1


def commitment(secret: str) -> str:
    """The SHA-256 of the secret, published before the draw; it binds the office to the secret without telling it."""
    return sha256(secret.encode()).hexdigest()


def list_hash(candidates: Sequence[Candidate]) -> str:
    """The hash of the pool, published before the draw; the order of the candidates does not matter.

    SHA-256 of `madang-candidates-1`, a line feed and the canonical JSON of `[{"id", "strata"}, …]` sorted by id.
    """
    listed = _listed(candidates)
    return sha256(b"madang-candidates-1\n" + canonical(listed)).hexdigest()


def draw(
    *,
    candidates: Sequence[Candidate],
    quotas: Sequence[Quota],
    secret: str,
    public: str = "",
    neighbours: Sequence[str] = (),
    reserves_per_stratum: int = 0,
) -> Draw:
    """Draw the seats of each quota by lot; see the module for the steps (`WORKFLOWS.md`: random selection, lottery).

    `neighbours` names the categories in which a person filling an empty seat may differ, the first to be
    given up first; without it empty seats stay empty. The record's `rules_hash` covers quotas, orders,
    neighbours and reserves, so that they too can be compared with what was published. Raises ValueError
    for a candidate twice or in a stratum without a quota, quotas that do not fit, and an empty secret.
    """
    quotas = _ordered(quotas)
    categories = tuple(quotas[0].stratum)
    _require(secret, neighbours, categories, reserves_per_stratum)
    seed = sha256(f"{secret}\n{public}".encode()).hexdigest()
    pool = _pool(candidates, quotas, seed)
    orders = {name: list(dict.fromkeys(quota.stratum[name] for quota in quotas)) for name in categories}
    waiting = {key: list(people) for key, people in pool.items()}
    steps, shortfalls = _steps(quotas, pool, waiting, neighbours, orders)
    selected = tuple(person for step in steps for person in step["drawn"])
    reserves = {key: tuple(_taken(people, reserves_per_stratum)) for key, people in waiting.items()}
    rules = {
        "quotas": [{"stratum": dict(quota.stratum), "seats": quota.seats} for quota in quotas],
        "categories": list(categories),
        "orders": orders,
        "neighbours": list(neighbours),
        "reserves_per_stratum": reserves_per_stratum,
    }
    record = {
        "format": FORMAT,
        "version": VERSION,
        "input_hash": list_hash(candidates),
        "rules_hash": sha256(b"madang-draw-rules-1\n" + canonical(rules)).hexdigest(),
        "commitment": commitment(secret),
        "seed": seed,
        "parameters": {**rules, "secret": secret, "public": public},
        "candidates": _listed(candidates),
        "steps": steps,
        "selected": list(selected),
        "reserves": {key: list(people) for key, people in reserves.items()},
        "shortfalls": [asdict(shortfall) for shortfall in shortfalls],
    }
    return Draw(selected, reserves, shortfalls, record)


def _steps(
    quotas: Sequence[Quota],
    pool: Mapping[str, Sequence[str]],
    waiting: dict[str, list[str]],
    neighbours: Sequence[str],
    orders: Mapping[str, Sequence[str]],
) -> tuple[list[dict[str, Any]], tuple[Shortfall, ...]]:
    """All seats drawn and all empty ones filled; who is drawn is taken out of `waiting`."""
    steps: list[dict[str, Any]] = []
    shortfalls = []
    for quota in quotas:
        key = stratum_key(quota.stratum)
        step = {"step": "draw", "stratum": key, "seats": quota.seats, "candidates": len(pool[key])}
        steps.append({**step, "drawn": _taken(waiting[key], quota.seats)})
    for quota in quotas:
        key = stratum_key(quota.stratum)
        if len(pool[key]) < quota.seats:
            near = _nearest(quota, quotas, neighbours, orders)
            fills = _filled(key, quota.seats - len(pool[key]), near, waiting)
            steps += fills
            shortfalls.append(_shortfall(key, quota.seats, len(pool[key]), fills))
    return steps, tuple(shortfalls)


def _listed(candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    ordered = sorted(candidates, key=lambda candidate: candidate.id)
    return [{"id": candidate.id, "strata": dict(candidate.strata)} for candidate in ordered]


def _ordered(quotas: Sequence[Quota]) -> list[Quota]:
    """The quotas, each with its categories in the order of the first. Raises ValueError if they do not fit."""
    if not quotas:
        raise ValueError("There is no quota, so there is no seat to draw.")
    categories = tuple(quotas[0].stratum)
    seen: set[str] = set()
    ordered = []
    for quota in quotas:
        if quota.stratum.keys() != set(categories):
            raise ValueError(f"The quota {stratum_key(quota.stratum)} must name {', '.join(categories)} and no more.")
        stratum = {name: quota.stratum[name] for name in categories}
        key = stratum_key(stratum)
        if key in seen:
            raise ValueError(f"The stratum {key} has two quotas; add their seats up.")
        if quota.seats < 0:
            raise ValueError(f"The stratum {key} has {quota.seats} seats; give 0 or more.")
        seen.add(key)
        ordered.append(Quota(stratum, quota.seats))
    return ordered


def _require(secret: str, neighbours: Sequence[str], categories: Sequence[str], reserves_per_stratum: int) -> None:
    if not secret or "\n" in secret:
        raise ValueError("The secret must be one line of text; 32 random bytes in hexadecimal serve well.")
    if isinstance(neighbours, str) or len(set(neighbours)) != len(neighbours) or not set(neighbours) <= set(categories):
        raise ValueError(f"neighbours must name categories of the quotas ({', '.join(categories)}), each once.")
    if reserves_per_stratum < 0:
        raise ValueError(f"{reserves_per_stratum} reserves cannot be drawn; give 0 or more.")


def _pool(candidates: Sequence[Candidate], quotas: Sequence[Quota], seed: str) -> dict[str, list[str]]:
    """The ids of each stratum in the order of their tickets."""
    tickets: dict[str, list[tuple[str, str]]] = {stratum_key(quota.stratum): [] for quota in quotas}
    keys = {tuple(quota.stratum.values()): stratum_key(quota.stratum) for quota in quotas}
    seen: set[str] = set()
    for candidate in candidates:
        if candidate.id in seen:
            raise ValueError(f"The candidate {candidate.id} stands in the list twice.")
        seen.add(candidate.id)
        key = keys.get(tuple(candidate.strata.get(category, "") for category in quotas[0].stratum))
        if key is None:
            raise ValueError(
                f"The candidate {candidate.id} is in no stratum of the quotas; "
                "give that stratum a quota (0 seats will do) or leave the candidate out."
            )
        tickets[key].append((sha256(f"{seed}\n{candidate.id}".encode()).hexdigest(), candidate.id))
    return {key: [person for _, person in sorted(drawn)] for key, drawn in tickets.items()}


def _taken(people: list[str], count: int) -> list[str]:
    taken = people[:count]
    del people[:count]
    return taken


def _nearest(
    short: Quota, quotas: Sequence[Quota], neighbours: Sequence[str], orders: Mapping[str, Sequence[str]]
) -> list[str]:
    found = []
    for place, other in enumerate(quotas):
        differing = [name for name, value in short.stratum.items() if other.stratum[name] != value]
        if differing and set(differing) <= set(neighbours):
            distance = tuple(
                abs(orders[name].index(other.stratum[name]) - orders[name].index(short.stratum[name]))
                for name in reversed(neighbours)
            )
            found.append((distance, place, stratum_key(other.stratum)))
    return [key for _, _, key in sorted(found)]


def _filled(short: str, empty: int, near: Sequence[str], waiting: dict[str, list[str]]) -> list[dict[str, Any]]:
    fills: list[dict[str, Any]] = []
    for key in near:
        if empty and waiting[key]:
            drawn = _taken(waiting[key], empty)
            empty -= len(drawn)
            fills.append({"step": "fill", "stratum": short, "from": key, "drawn": drawn})
    if empty:
        fills.append({"step": "left empty", "stratum": short, "seats": empty, "drawn": []})
    return fills


def _shortfall(key: str, seats: int, candidates: int, fills: Sequence[Mapping[str, Any]]) -> Shortfall:
    filled = {fill["from"]: len(fill["drawn"]) for fill in fills if fill["step"] == "fill"}
    return Shortfall(key, seats, candidates, filled, seats - candidates - sum(filled.values()))
