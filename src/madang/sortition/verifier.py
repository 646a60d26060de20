"""Checks the record of a draw by lot with Python's standard library alone. Shares no code with the engine.

Copy this one file anywhere:  python3 verifier.py RECORD.json      (exit code 0: everything holds)

A record is one JSON object: `format` "madang-sortition/1", `published`, `published_hash`, `draw`, `reserves`,
`replacements`. Hashes are SHA-256 over JSON with sorted keys, no white space, UTF-8. In `published`:

seats, tickets (number of panels M), objective, exact, cap ("1" or a fraction), secret_hash ("" for none)
rows        [name, low, high]: how many people of a panel may be in the row; the last row is that of the seats
types       for each type of people (equal features) the rows in which it counts
pool        for each type the pseudonyms of its people, sorted
groups      for each type the number of its group of households, -1 for none; [] if no household is shared
households  [type, [number of the household of each of its people]] for the types of those groups
waiting     how many people of each type wait as reserves; null for all
within      everybody's tickets differ from M times the own probability by less than this (the aim is "1")
levels      from the lowest up: probability "p/q", types, and proof: rows [[row, alpha]], caps [[type, kappa]]
panels      for each ticket the types of its people, one entry per person, sorted
order_seed  SHA-256 of {"rows", "types", "pool"}

Checked, each with whole numbers and fractions only:
1. the hash; that no pseudonym stands twice; that every panel keeps every row and takes no type more often than
   it has people;
2. the proofs: u_t = sum of alpha over the rows of t, plus kappa_t, is never negative. Then no panel has
   sum u_t x_t > W = sum of alpha * high (alpha > 0) or alpha * low (alpha < 0) + sum of kappa * cap * people, and
   the level is (W - sum over fixed t of u * people * probability) / sum over the others of u * people: nobody who
   keeps the levels below can lift all the others higher. Types of the level have u_t > 0;
3. that the tickets of a type differ from M times its probability by less than `within` per person, and, where
   that is 1, that they suffice to give nobody fewer than M times the lowest level, rounded down;
4. the number: mixed = SHA-256("madang-sortition draw" LF published_hash LF secret LF seed), ticket = first value
   of SHA-256(mixed LF "ticket" LF 0, 1, ...) below the largest multiple of M, modulo M (or a number thrown with dice);
5. the panel: people of a type stand in the order of SHA-256(order_seed LF "order" LF pseudonym); each ticket
   takes the next ones, around and around. In a group of households, one per household, those first who are
   furthest behind: people of the type over all panels so far, divided by its size, minus own tickets so far;
6. the ranking of the others by SHA-256(mixed LF "reserve" LF pseudonym), of each type the first `waiting` (null:
   all), and every replacement: the first of the ranking with the same features, else the first with whom no more
   people are missing or too many over all quotas than before; else the seat stays empty.
"""

import hashlib
import json
import math
import sys
from collections import Counter
from fractions import Fraction

LANE = 32


class Fault(Exception):
    """Something in the record that does not hold; a sentence."""


def digest(text):
    """SHA-256 of a text, in hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def hash_of(value):
    """SHA-256 of canonical JSON."""
    return digest(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def need(holds, sentence):
    """Raise Fault with the sentence unless something holds."""
    if not holds:
        raise Fault(sentence)


def verify(record):
    """The faults of a record, as sentences; an empty list if everything holds."""
    try:
        need(isinstance(record, dict), "This is not a record: a record is one JSON object.")
        need(record.get("format") == "madang-sortition/1", "This is not a record of the format madang-sortition/1.")
        keys = {"format", "published", "published_hash", "draw", "reserves", "replacements"}
        need(set(record) == keys, f"A record has the parts {', '.join(sorted(keys))}, no more and no fewer.")
        published = record["published"]
        need(hash_of(published) == record["published_hash"], "The published part differs from its hash.")
        totals = check_panels(published)
        check_proofs(published)
        check_tickets(published, totals)
        check_draw(record)
        check_replacements(record)
    except Fault as fault:
        return [str(fault)]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError) as error:
        return [f"The record is damaged: {type(error).__name__}: {error}."]
    return []


def check_panels(published):
    """Check pool and panels; the tickets of each type come back."""
    rows, types, pool = published["rows"], published["types"], published["pool"]
    need(len(types) == len(pool), "There are not as many types as lists of people.")
    names = [name for people in pool for name in people]
    need(len(set(names)) == len(names), "A pseudonym stands in the pool twice.")
    need(all(people == sorted(people) for people in pool), "The people of a type are not sorted.")
    need(rows[-1] == ["seats", published["seats"], published["seats"]], "The last row is not that of the seats.")
    need(all(len(set(own)) == len(own) and own[-1] == len(rows) - 1 for own in types), "A type has wrong rows.")
    seed = hash_of({"rows": rows, "types": types, "pool": pool})
    need(published["order_seed"] == seed, "The order seed is not the hash of rows, types and pool.")
    panels = published["panels"]
    need(len(panels) == published["tickets"], f"There are {len(panels)} panels, not {published['tickets']}.")
    # All rows of a panel are counted in one long number, one lane of 32 bits per row.
    lanes = [sum(1 << LANE * row for row in own) for own in types]
    seen = {}
    totals: Counter[int] = Counter()
    for ticket, panel in enumerate(panels):
        need(panel == sorted(panel) and panel[0] >= 0, f"Panel {ticket} is not sorted.")
        counted = Counter(panel)
        totals.update(counted)
        full = next((t for t, count in counted.items() if count > 1 and count > len(pool[t])), None)
        need(full is None, f"Panel {ticket} takes more people of type {full} than there are.")
        total = sum(map(lanes.__getitem__, panel))
        if total not in seen:
            seen[total] = broken(rows, total)
        need(seen[total] is None, f"Panel {ticket} breaks the quota {seen[total]}.")
    return totals


def broken(rows, total):
    """The first row that a panel breaks, or None."""
    mask = (1 << LANE) - 1
    for place, (name, low, high) in enumerate(rows):
        people = total >> LANE * place & mask
        if not low <= people <= high:
            return f"{name}: {people} people, not {low} to {high}"
    return None


def check_proofs(published):
    """The levels name every type, expect what the quotas ask for, and are proved."""
    rows, types = published["rows"], published["types"]
    sizes = [len(people) for people in published["pool"]]
    cap = Fraction(published["cap"])
    levels = published["levels"]
    chances = [Fraction(level["probability"]) for level in levels]
    listed = sorted(t for level in levels for t in level["types"])
    need(listed == list(range(len(types))), "The levels do not name every type once.")
    need(chances == sorted(chances), "The levels do not rise.")
    need(all(0 <= chance <= cap for chance in chances), "A probability is not between 0 and the cap.")
    people = [row_people(level["types"], types, sizes, len(rows)) for level in levels]
    for row, (name, low, high) in enumerate(rows):
        expected = sum(chance * own[row] for chance, own in zip(chances, people, strict=True))
        if published["exact"]:
            need(low <= expected <= high, f"The probabilities expect {float(expected)} people in {name}.")
    if not published["exact"]:
        return
    proved = levels if published["objective"] == "leximin" else levels[:1]
    for place, level in enumerate(proved):
        if chances[place] != cap:
            need(level["proof"] is not None, f"Level {place + 1} has no proof.")
            check_proof(published, place, chances, people, sizes)


def row_people(own, types, sizes, count):
    """How many people of the pool, among some types, count in each row."""
    found = [0] * count
    for t in own:
        for row in types[t]:
            found[row] += sizes[t]
    return found


def check_proof(published, place, chances, people, sizes):
    """Check that nobody who keeps the levels below can lift all the others above this one."""
    rows, types, levels = published["rows"], published["types"], published["levels"]
    alpha = [0] * len(rows)
    for row, weight in levels[place]["proof"]["rows"]:
        alpha[row] += int(weight)
    kappa = {t: int(weight) for t, weight in levels[place]["proof"]["caps"]}
    need(all(weight >= 0 for weight in kappa.values()), f"The proof of level {place + 1} has a negative cap.")
    weigh = alpha.__getitem__
    weights = [sum(map(weigh, own)) for own in types]
    for t, weight in kappa.items():
        weights[t] += weight
    need(min(weights) >= 0, f"The proof of level {place + 1} gives a type a negative weight.")
    fixed = published["objective"] == "leximin"
    if fixed:
        need(all(weights[t] > 0 for t in levels[place]["types"]), f"Level {place + 1} fixes a type without a weight.")
    most = sum(weight * (rows[row][2] if weight > 0 else rows[row][1]) for row, weight in enumerate(alpha))
    most += sum(weight * Fraction(published["cap"]) * sizes[t] for t, weight in kappa.items())
    shares = [sum(weight * own[row] for row, weight in enumerate(alpha) if weight) for own in people]
    for level, own in enumerate(levels):
        if kappa:
            shares[level] += sum(kappa[t] * sizes[t] for t in own["types"] if t in kappa)
    before = sum(chance * share for chance, share in zip(chances[:place], shares[:place], strict=True)) if fixed else 0
    rest = sum(shares[place:]) if fixed else sum(shares)
    need(rest > 0, f"The proof of level {place + 1} says nothing about the others.")
    need(Fraction(most - before) / rest == chances[place], f"The proof of level {place + 1} gives another probability.")


def check_tickets(published, totals):
    """Nobody has fewer tickets than the lowest level gives, or is a ticket away from the own probability."""
    sizes = [len(people) for people in published["pool"]]
    tickets = published["tickets"]
    worst = tickets * Fraction(published["levels"][0]["probability"])
    bound = Fraction(published["within"])
    for level in published["levels"]:
        ideal = tickets * Fraction(level["probability"])
        for t in level["types"]:
            need(
                abs(totals[t] * ideal.denominator - ideal.numerator * sizes[t]) < bound * sizes[t] * ideal.denominator,
                f"The people of type {t} hold {totals[t]} tickets, too far from {float(ideal * sizes[t]):.2f}.",
            )
            if bound <= 1:
                need(totals[t] // sizes[t] >= worst // 1, f"The people of type {t} hold too few tickets.")


def order_of(people, seed, purpose):
    """People by SHA-256 of seed, purpose and pseudonym."""
    return sorted(people, key=lambda name: hashlib.sha256(f"{seed}\n{purpose}\n{name}".encode()).digest())


def check_draw(record):
    """Secret, seed, number, panel and the ranking of the reserves."""
    published, draw = record["published"], record["draw"]
    keys = {"seed", "secret", "mixed", "by_number", "ticket", "panel"}
    need(set(draw) == keys, f"The draw has the parts {', '.join(sorted(keys))}, no more and no fewer.")
    if published["secret_hash"]:
        need(digest(draw["secret"]) == published["secret_hash"], "The secret is not the one committed to.")
    need(draw["seed"].strip() != "" or published["secret_hash"] != "", "The seed is empty.")
    text = "\n".join(("madang-sortition draw", record["published_hash"], draw["secret"], draw["seed"]))
    need(digest(text) == draw["mixed"], "The mixed seed is not the hash of published part, secret and seed.")
    count = published["tickets"]
    need(draw["by_number"] in (True, False), "The draw does not say how its number was found.")
    if draw["by_number"]:
        need(type(draw["ticket"]) is int and 0 <= draw["ticket"] < count, "The number has no panel.")
    else:
        drawn = number(draw["mixed"], count)
        need(draw["ticket"] == drawn, f"The seed draws the number {drawn}, not {draw['ticket']}.")
    panel = people_of(published, draw["ticket"])
    need(draw["panel"] == panel, f"The panel is not the one of ticket {draw['ticket']}.")
    chosen = set(panel)
    others = [name for people in published["pool"] for name in people if name not in chosen]
    reserves = ranked(published, order_of(others, draw["mixed"], "reserve"))
    need(record["reserves"] == reserves, "The ranking of the reserves is another.")


def ranked(published, order):
    """Of a ranking, the first of each type that may wait."""
    most = published["waiting"]
    if most is None:
        return order
    type_of = {name: t for t, people in enumerate(published["pool"]) for name in people}
    seen: Counter[int] = Counter()
    kept = []
    for name in order:
        seen[type_of[name]] += 1
        if seen[type_of[name]] <= most:
            kept.append(name)
    return kept


def number(mixed, count):
    """The number below `count` that a seed draws."""
    whole = 1 << 256
    for counter in range(10**6):
        value = int(digest(f"{mixed}\nticket\n{counter}"), 16)
        if value < whole - whole % count:
            return value % count
    raise Fault("The seed gives no number.")


def people_of(published, ticket):
    """The panel of one ticket, person by person."""
    pool, panels, seed = published["pool"], published["panels"], published["order_seed"]
    groups = published["groups"] or [-1] * len(pool)
    before = Counter(t for panel in panels[:ticket] for t in panel)
    found = []
    for t, count in Counter(panels[ticket]).items():
        if groups[t] < 0:
            order = order_of(pool[t], seed, "order")
            found += [order[(before[t] + step) % len(order)] for step in range(count)]
    homes: dict[str, int] = {}
    for t, numbers in published["households"]:
        homes.update(zip(pool[t], numbers, strict=True))
    for group in set(groups) - {-1}:
        found += shared(published, [t for t, own in enumerate(groups) if own == group], homes, ticket)
    used = Counter(homes[name] for name in found if name in homes)
    need(max(used.values(), default=1) == 1, "Two people of one household are on the panel.")
    return sorted(found)


def shared(published, classes, homes, ticket):
    """Who of a group of households is on the panel of a ticket: those furthest behind first, one per home."""
    pool, seed = published["pool"], published["order_seed"]
    order = [(t, name) for t in classes for name in order_of(pool[t], seed, "order")]
    whole = math.lcm(*(len(pool[t]) for t in classes))
    held: Counter[str] = Counter()
    due: Counter[int] = Counter()
    taken: list[str] = []
    for panel in published["panels"][: ticket + 1]:
        left = Counter(t for t in panel if t in classes)
        due.update(left)
        lag = {name: due[t] * (whole // len(pool[t])) - held[name] * whole for t, name in order}
        taken, used = [], set[int]()
        for t, name in sorted(order, key=lambda entry: -lag[entry[1]]):
            if left[t] and homes[name] not in used:
                used.add(homes[name])
                taken.append(name)
                left[t] -= 1
        held.update(taken)
    return taken


def check_replacements(record):
    """Run every replacement again."""
    published = record["published"]
    type_of = {name: t for t, people in enumerate(published["pool"]) for name in people}
    homes: dict[str, int] = {}
    for t, numbers in published["households"]:
        homes.update(zip(published["pool"][t], numbers, strict=True))
    panel, waiting = set(record["draw"]["panel"]), list(record["reserves"])
    for place, event in enumerate(record["replacements"]):
        need(set(event) == {"previous", "called"}, f"Replacement {place + 1} has other parts than previous and called.")
        known = hash_of([record["draw"], record["replacements"][:place]])
        need(event["previous"] == known, f"Replacement {place + 1} does not follow what came before.")
        for leaving, coming, rule in event["called"]:
            need(leaving in panel, f"Replacement {place + 1}: {leaving} was not on the panel.")
            panel.remove(leaving)
            right = successor(published, leaving, panel, waiting, type_of, homes)
            need((coming, rule) == right, f"Replacement {place + 1}: {right[0]} should be called, not {coming}.")
            if coming is not None:
                waiting.remove(coming)
                panel.add(coming)


def successor(published, leaving, panel, waiting, type_of, homes):
    """Who takes a seat, and by which rule."""
    living = {homes[name] for name in panel if name in homes}
    free = [name for name in waiting if homes.get(name) not in living]
    for name in free:
        if type_of[name] == type_of[leaving]:
            return name, "same features"
    rows, types = published["rows"], published["types"]
    counts = Counter(row for name in panel for row in types[type_of[name]])
    quotas = [row for row, (text, _low, _high) in enumerate(rows) if "per household" not in text]
    amiss = {
        row: [max(rows[row][1] - n, 0, n - rows[row][2]) for n in (counts[row], counts[row] + 1)] for row in quotas
    }
    change = [amiss[row][1] - amiss[row][0] if row in amiss else 0 for row in range(len(rows))]
    most = sum(change[row] for row in types[type_of[leaving]])
    for name in free:
        if sum(map(change.__getitem__, types[type_of[name]])) <= most:
            return name, "quotas hold"
    return None, "empty"


def main(arguments):
    """Check the record of that name; the exit status is 0 if everything holds."""
    if len(arguments) != 1:
        print("Usage: python3 verifier.py RECORD.json", file=sys.stderr)  # noqa: T201
        return 2
    with open(arguments[0], encoding="utf-8") as file:  # noqa: PTH123
        faults = verify(json.load(file))
    print("\n".join(faults) or f"{arguments[0]}: verified")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
