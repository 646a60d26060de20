"""Several powers of one number modulo p, of which the squarings are shared (Lim and Lee's comb).

Faster than the library's single powers where a ciphertext is raised to the challenges of all its proofs. Only for
public exponents.
"""

from collections.abc import Sequence

from gmpy2 import mpz, powmod

BITS = 256
TEETH = 4
GROUPS = 4
WIDTH = BITS // (TEETH * GROUPS)
SPREAD = [sum((byte >> bit & 1) << TEETH * bit for bit in range(8)) for byte in range(256)]
"""The bits of a byte, each followed by three zeros' room for those of the other teeth."""


def powers(element: mpz, exponents: Sequence[int], p: mpz) -> list[mpz]:
    """The element to every exponent; those of more than 256 bits are raised one by one."""
    short = [exponent for exponent in exponents if exponent.bit_length() <= BITS]
    if len(short) < 2:
        return [powmod(element, exponent, p) for exponent in exponents]
    tables = _tables(element, p)
    return [
        _power(tables, exponent, p) if exponent.bit_length() <= BITS else powmod(element, exponent, p)
        for exponent in exponents
    ]  # fmt: skip


def _tables(element: mpz, p: mpz) -> list[dict[str, mpz]]:
    """For each group of teeth the product of every choice of them, under its hexadecimal digit."""
    found, step = [], element
    for _ in range(GROUPS):
        products = [mpz(1)]
        for _ in range(TEETH):
            products += [product * step % p for product in products]
            step = powmod(step, 1 << WIDTH, p)
        found.append({f"{place:x}": product for place, product in enumerate(products)})
    return found


def _power(tables: Sequence[dict[str, mpz]], exponent: int, p: mpz) -> mpz:
    raw = exponent.to_bytes(BITS // 8, "little")
    digits = []
    for group in range(GROUPS):
        mixed = 0
        for tooth in range(TEETH):
            place = 2 * (TEETH * group + tooth)
            mixed |= (SPREAD[raw[place]] | SPREAD[raw[place + 1]] << 32) << tooth
        digits.append(f"{mixed:016x}")
    one, two, three, four = tables
    result = mpz(1)
    for a, b, c, d in zip(*digits, strict=True):
        result = result * result % p
        result = result * one[a] % p
        result = result * two[b] % p
        result = result * three[c] % p
        result = result * four[d] % p
    return result
