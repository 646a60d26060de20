"""Seats of each stratum from the population."""

from collections.abc import Mapping


def seats_by_population(population: Mapping[tuple[str, ...], int], seats: int) -> dict[tuple[str, ...], int]:
    """Share out seats by population: the method of the largest remainder (Hamilton), in whole numbers.

    `population` gives the number of people of each stratum, whose key is the tuple of its values. Each
    stratum gets its exact share cut to a whole number; the seats left go to the largest remainders, and
    of equal ones to the smaller key. The result has the order of the population. Raises ValueError for
    negative numbers and for seats where nobody lives.
    """
    total = sum(population.values())
    if seats < 0 or any(people < 0 for people in population.values()):
        raise ValueError("Seats and people are counted from 0; a negative number was given.")
    if total == 0 and seats > 0:
        raise ValueError(f"{seats} seats cannot be shared out over a population of 0.")
    if total == 0:
        return dict.fromkeys(population, 0)
    shares = {key: divmod(seats * people, total) for key, people in population.items()}
    left = seats - sum(whole for whole, _ in shares.values())
    more = set(sorted(shares, key=lambda key: (-shares[key][1], key))[:left])
    return {key: whole + (key in more) for key, (whole, _) in shares.items()}
