"""The groups BELENIOS-2048 and RFC-3526-2048: the elements of order q of the numbers modulo a prime p."""

from collections.abc import Callable, Sequence
from typing import Any

from gmpy2 import invert, jacobi, mpz, powmod, powmod_sec

from madang.ballots.combs import powers
from madang.ballots.groups import Group
from madang.ballots.printing import integer_hash, is_decimal
from madang.ballots.refusals import Refusal

BELENIOS = mpz(
    "2069478569142254640101364365750500806492298929575110409710088478705737421924271740192223725449768433"
    "8129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049"
    "0811670993105358677809800307904916540637771737641986785272734744763418356000356983051931442845617019"
    "1100078673730733356412397173289791324047457883446826065232797464795113767265869358218004631792207366"
    "8860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201"
    "3204811188524087310770141516662001623131771693721892480785077118278423174980732765988288251691831031"
    "25680162072880719"
)
BELENIOS_G = mpz(
    "2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678"
    "7996946682987493890950838965734256019006010684771644917354741372831046104586813145117816467554005274"
    "0288984613986453266121505579709716201616827031288643245666383486363578210615491841998253431518974065"
    "8186868651151358576410138882215396016043228843603930989333662772848406593138406010231675095763777982"
    "6651036068224066350766977640253462537730851331734951942489677540525736590494924776314759915751987751"
    "7771148149092045660020547812705472823814097251863985833411570056835369555342378147558249189605029668"
    "0037745308460627"
)
BELENIOS_Q = 78571733251071885079927659812671450121821421258408794611510081919805623223441
RFC_3526 = mpz(
    "3231700607131100730033891392642382824881794124114023911284200975140074170663435422261968941736356934"
    "7117901737909704191754605873209195028853758986185622153212175412514901774520270235796078236248884246"
    "1894775876411059286460994117232454266225221932305409190376805242355191256797158701170010580558776510"
    "3886184728025797605490356973256152616708133936179954133647655916036831789672907317838458968063967190"
    "0977202194168647225871031411336429319536193471636533209717077448227988588565369208645296636077250268"
    "9555059283627511211740969729980684105543595848665832916421362182310789909994486524682624169720359118"
    "52507045361090559"
)

FIELDS: dict[str, dict[str, Any]] = {
    "BELENIOS-2048": {"p": BELENIOS, "q": BELENIOS_Q, "g": BELENIOS_G},
    "RFC-3526-2048": {"p": RFC_3526, "q": int(RFC_3526 - 1) // 2, "g": mpz(2), "most_integers": 255},
}
PADDING = 8
WIDTH = 8


class Field(Group):
    """The subgroup of order `q` of the numbers modulo `p`; elements are gmpy2's numbers."""

    one = mpz(1)

    def __init__(self, name: str, *, p: mpz, q: int, g: mpz, most_integers: int = 0) -> None:
        self.name, self.p, self.q, self.g, self.most_integers = name, p, q, g, most_integers
        self.cofactor = int((p - 1) // q)
        self.longest = len(str(p))

    def parsed(self, text: str) -> mpz | None:
        """A decimal number below p without leading zeros."""
        if not is_decimal(text) or len(text) > self.longest:
            return None
        number = mpz(text)
        return number if number < self.p else None

    def text(self, element: mpz) -> str:
        """In decimal."""
        return element.digits()

    def is_member(self, element: mpz) -> bool:
        """Whether its order divides q. Where p = 2q + 1 those are the squares, which is quicker to see."""
        if self.cofactor == 2:
            return jacobi(element, self.p) == 1
        return powmod(element, self.q, self.p) == 1

    def multiply(self, one: mpz, two: mpz) -> mpz:
        """Modulo p."""
        return one * two % self.p

    def inverse(self, element: mpz) -> mpz:
        """Modulo p."""
        return invert(element, self.p)

    def power(self, element: mpz, exponent: int) -> mpz:
        """Modulo p."""
        return powmod(element, exponent, self.p)

    def powers(self, element: mpz, exponents: Sequence[int]) -> list[mpz]:
        """Modulo p, with shared squarings."""
        return powers(element, exponents, self.p)

    def checked_powers(self, element: mpz, exponents: Sequence[int]) -> list[mpz]:
        """Modulo p; where only the power to q shows a member, it is one of those that share the squarings."""
        if self.cofactor == 2:
            return super().checked_powers(element, exponents)
        *found, last = powers(element, [*exponents, self.q], self.p)
        if last != 1:
            raise Refusal("membership", f"a part of a ciphertext is not in the group {self.name}.")
        return found

    def secret_power(self, element: mpz, exponent: int) -> mpz:
        """Modulo p, in time that does not depend on the exponent; q is added because the library wants no 0."""
        return powmod_sec(element, exponent % self.q + self.q, self.p)

    def table(self, element: mpz) -> Callable[[int], mpz]:
        """By the powers of the element for every byte of an exponent."""
        return _Table(element, self.p, self.q)

    def product(self, elements: Sequence[mpz], exponents: Sequence[int]) -> mpz:
        """By sorting the elements into buckets, one for each value of a few bits of the exponents."""
        if len(elements) < 8:
            return self.total(self.power(*pair) for pair in zip(elements, exponents, strict=True))
        width = max(2, min(14, len(elements).bit_length() - 2))
        result, p, most = self.one, self.p, 1 << width
        for start in reversed(range(0, max(exponents).bit_length() or 1, width)):
            result = powmod(result, most, p)
            buckets = [self.one] * most
            for element, exponent in zip(elements, exponents, strict=True):
                place = exponent >> start & (most - 1)
                if place:
                    buckets[place] = buckets[place] * element % p
            running = whole = self.one
            for bucket in reversed(buckets[1:]):
                running = running * bucket % p
                whole = whole * running % p
            result = result * whole % p
        return result

    def generator(self, number: int) -> mpz:
        """A hash to the power of the cofactor."""
        return powmod(integer_hash(f"ggen|{number}"), self.cofactor, self.p)

    def of_integers(self, integers: Sequence[int]) -> mpz:
        """The first member at or above the numbers followed by padding."""
        found = mpz(int.from_bytes(bytes(integers), "big") << PADDING)
        while not (found and self.is_member(found)):
            found += 1
        return found

    def to_integers(self, count: int, element: mpz) -> list[int]:
        """The bytes above the padding."""
        number = int(element) >> PADDING
        return list((number % (1 << 8 * count)).to_bytes(count, "big"))

    def order(self, element: mpz) -> mpz:
        """By value."""
        return element


class _Table:
    def __init__(self, element: mpz, p: mpz, q: int) -> None:
        self.p = p
        self.bytes = (q.bit_length() + WIDTH - 1) // WIDTH
        self.rows: list[list[mpz]] = []
        for _ in range(self.bytes):
            row = [mpz(1)]
            for _ in range((1 << WIDTH) - 1):
                row.append(row[-1] * element % p)
            self.rows.append(row)
            element = row[-1] * element % p

    def __call__(self, exponent: int) -> mpz:
        result, p = mpz(1), self.p
        for row, byte in zip(self.rows, exponent.to_bytes(self.bytes, "little"), strict=True):
            result = result * row[byte] % p
        return result
