"""The chain engine: canonical text, event hashes, Merkle trees (RFC 6962), seals and the chain file."""

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from madang.chain import (
    GENESIS,
    Verification,
    canonical,
    event_hash,
    head_leaf,
    inclusion_proof,
    merkle_root,
    seal_hash,
    verify,
    verify_inclusion,
    write,
)

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


def events(lengths: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Synthetic books of the given lengths, as rows of a chain file."""
    for book in sorted(lengths):
        previous = GENESIS
        for number in range(1, lengths[book] + 1):
            body = {
                "at": f"2021-08-{number:02}T00:00:00.000000Z",
                "verb": "matter.supported",
                "actor": f"p-{number}",
                "subject": f"matter:{number}",
                "data": {"가": number, "text": "합성"},
            }
            digest = event_hash(book=book, number=number, previous=previous, body=body)
            yield {"book": book, "number": number, **body, "previous": previous, "hash": digest}
            previous = digest


def seals(rows: list[dict[str, Any]], moments: list[dict[str, int]]) -> list[dict[str, Any]]:
    hashes = {(row["book"], row["number"]): row["hash"] for row in rows}
    made: list[dict[str, Any]] = []
    for number, lengths in enumerate(moments, 1):
        previous = made[-1]["hash"] if made else GENESIS
        heads = {book: {"number": n, "hash": hashes[book, n]} for book, n in lengths.items()}
        at = f"2021-09-{number:02}T15:00:00.000000Z"
        root, digest = seal_hash(previous=previous, at=at, heads=heads)
        made.append({"seal": number, "at": at, "heads": heads, "previous": previous, "root": root, "hash": digest})
    return made


def file(
    rows: list[dict[str, Any]], sealed: list[dict[str, Any]], books: Any = "all", at: str = "2021-10-01T00:00:00Z"
) -> bytes:
    stream = io.BytesIO()
    write(stream, city="합성시", exported_at=at, events=rows, seals=sealed, books=books)
    return stream.getvalue()


ROWS = list(events({"1-2": 4, "1-3/metro": 5}))
SEALS = seals(ROWS, [{"1-2": 2}, {"1-2": 4, "1-3/metro": 5}])
WHOLE = file(ROWS, SEALS)


def refooted(lines: list[bytes]) -> bytes:
    """A forger's file: the footer fits the changed lines."""
    body = b"".join(lines)
    return body + canonical({"lines": len(lines), "sha256": sha256(body).hexdigest()}) + b"\n"


# ------------------------------------------------------------------ canonical text
def test_canonical_text_is_sorted_utf8_without_spaces() -> None:
    value = {"b": [1, True, None, (2,)], "a": "가/\n"}
    assert canonical(value) == '{"a":"가/\\n","b":[1,true,null,[2]]}'.encode()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (1.5, "1.5 is a float, which has no canonical text"),
        ({"a": [Decimal(1)]}, "Decimal('1') is a Decimal, which"),
        ({"a": {1: 2}}, "The key 1 is an int; keys of recorded data must be str."),
        (b"x", "b'x' is a bytes, which"),
    ],
)
def test_canonical_refuses_what_has_no_one_text(value: Any, sentence: str) -> None:
    with pytest.raises(TypeError) as refused:
        canonical(value)
    assert str(refused.value)[: len(sentence)] == sentence


def test_canonical_refuses_half_characters_and_depth() -> None:
    with pytest.raises(ValueError, match="Half a surrogate pair"):
        canonical("\ud800")
    deep: list[Any] = []
    for _ in range(70):
        deep = [deep]
    with pytest.raises(ValueError, match="nested deeper than 64"):
        canonical(deep)


@given(plain)
def test_canonical_is_a_fixed_point(value: Any) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


# ------------------------------------------------------------------ events
def test_event_hash_is_what_the_format_says() -> None:
    stated = b"madang-event-1\nbook\n7\n" + GENESIS.encode() + b'\n{"a":1}'
    expected = sha256(stated).hexdigest()
    assert event_hash(book="book", number=7, previous=GENESIS, body={"a": 1}) == expected
    assert event_hash(book="book", number=7, previous=GENESIS, body=b'{"a":1}') == expected


@pytest.mark.parametrize(
    "wrong", [{"book": "a\nb"}, {"book": ""}, {"number": 0}, {"previous": "x"}, {"previous": "A" * 64}]
)
def test_event_hash_refuses_ambiguous_input(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        event_hash(**{"book": "a", "number": 1, "previous": GENESIS, "body": {}} | wrong)


# ------------------------------------------------------------------ Merkle trees
RFC_LEAVES = ["", "\x00", "\x10", " !", "01", "@ABC"]


def test_merkle_roots_of_the_reference_tree() -> None:
    """The empty tree and the first leaves of the test vectors of Certificate Transparency (ASCII ones)."""
    assert merkle_root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle_root(RFC_LEAVES[:1]) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle_root(RFC_LEAVES[:2]) == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle_root(RFC_LEAVES[:3]) == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert merkle_root(RFC_LEAVES[:4]) == "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
    assert merkle_root(RFC_LEAVES[:5]) == "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"
    assert merkle_root(RFC_LEAVES) == "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"


@given(st.lists(text, min_size=1, max_size=20), st.data())
def test_every_leaf_is_provable_and_no_other(leaves: list[str], data: st.DataObject) -> None:
    root, size = merkle_root(leaves), len(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    assert verify_inclusion(leaf=leaves[index], index=index, size=size, proof=proof, root=root)
    assert not verify_inclusion(leaf=leaves[index] + "x", index=index, size=size, proof=proof, root=root)
    assert not verify_inclusion(leaf=leaves[index], index=index, size=size, proof=(*proof, GENESIS), root=root)
    if proof:
        assert not verify_inclusion(leaf=leaves[index], index=index, size=size, proof=proof[1:], root=root)
        assert not verify_inclusion(leaf=leaves[index], index=index, size=size, proof=("zz", *proof[1:]), root=root)
    for other in range(size):
        if leaves[other] != leaves[index]:
            assert not verify_inclusion(leaf=leaves[index], index=other, size=size, proof=proof, root=root)
    with pytest.raises(IndexError):
        inclusion_proof(leaves, size)


# ------------------------------------------------------------------ seals
def test_a_seal_covers_each_head() -> None:
    heads = SEALS[1]["heads"]
    leaves = [head_leaf(book=book, **heads[book]) for book in sorted(heads)]
    assert SEALS[1]["root"] == merkle_root(leaves)
    proof = inclusion_proof(leaves, 1)
    assert verify_inclusion(leaf=leaves[1], index=1, size=2, proof=proof, root=SEALS[1]["root"])


def test_a_seal_does_not_depend_on_the_order_of_its_books() -> None:
    heads = SEALS[1]["heads"]
    backwards = dict(reversed(heads.items()))
    assert seal_hash(previous=GENESIS, at="x", heads=heads) == seal_hash(previous=GENESIS, at="x", heads=backwards)


@pytest.mark.parametrize(
    "wrong", [{"previous": "x"}, {"at": "a\nb"}, {"heads": {"book": {"number": 1, "hash": "not a hash"}}}]
)
def test_a_seal_refuses_what_is_no_hash(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        seal_hash(**{"previous": GENESIS, "at": "2021", "heads": {}} | wrong)


# ------------------------------------------------------------------ the file
def test_a_good_file_verifies_as_stream_and_as_lines() -> None:
    expected = Verification(ok=True, faults=(), counts={"books": 2, "events": 9, "seals": 2})
    assert verify(io.BytesIO(WHOLE)) == expected
    assert verify(WHOLE.decode().splitlines(keepends=True)) == expected


def test_a_city_without_events_has_a_file_too() -> None:
    assert verify(io.BytesIO(file([], []))).counts == {"books": 0, "events": 0, "seals": 0}
    assert verify(io.BytesIO(file([], []))).ok


def test_some_books_verify_against_seals_over_all() -> None:
    some = [row for row in ROWS if row["book"] == "1-2"]
    assert verify(io.BytesIO(file(some, SEALS, books=["1-2"]))).ok
    assert verify(io.BytesIO(file(some, SEALS))).faults == (
        "Line 7: seal 2 has the book 1-3/metro, of which the file has no event.",
    )
    assert verify(io.BytesIO(file(some, [], books=["1-2", "9"]))).faults == (
        "The header names the book 9, but the file has no event of it.",
    )
    assert verify(io.BytesIO(file(ROWS, [], books=["1-2"]))).faults == (
        "Line 6: the book 1-3/metro is not named in the header.",
    )


@settings(max_examples=300)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_flipped_byte_is_found(place: int, change: int) -> None:
    flipped = bytearray(WHOLE)
    flipped[place] ^= change
    assert not verify(io.BytesIO(bytes(flipped))).ok


@given(st.data())
def test_any_deleted_duplicated_or_swapped_line_is_found_even_with_a_forged_footer(data: st.DataObject) -> None:
    lines = WHOLE.splitlines(keepends=True)[:-1]
    one, two = data.draw(st.tuples(st.integers(0, len(lines) - 1), st.integers(0, len(lines) - 1)))
    match data.draw(st.sampled_from(["delete", "duplicate", "swap"])):
        case "delete":
            # The newest seal can be cut off with a forged footer: only the published seal tells.
            assume(one != len(lines) - 1)
            del lines[one]
        case "duplicate":
            lines.insert(two, lines[one])
        case _:
            assume(one != two)
            lines[one], lines[two] = lines[two], lines[one]
    assert not verify(io.BytesIO(refooted(lines))).ok
    kept = WHOLE.splitlines(keepends=True)[-1]
    assert not verify([*lines, kept]).ok


@given(st.integers(0, len(WHOLE) - 1))
def test_any_truncated_file_is_found(length: int) -> None:
    assert not verify(io.BytesIO(WHOLE[:length])).ok


def test_lines_after_the_footer_are_found() -> None:
    lines = WHOLE.splitlines(keepends=True)
    assert not verify([*lines, lines[-1]]).ok
    assert not verify([*lines, lines[5]]).ok


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("verb", "x", "Line 2: the content of event 1 of the book 1-2 does not have the hash it states."),
        ("number", 2, "Line 2: event 2 of the book 1-2 stands where event 1 belongs."),
        ("previous", "f" * 64, "Line 2: event 1 of the book 1-2 is not chained to the event before it."),
        ("number", "1", "Line 2: it is neither a header nor an event, a seal or a footer with the right values."),
        ("number", True, "Line 2: it is neither a header nor an event, a seal or a footer with the right values."),
        ("book", "a\nb", "Line 2: 'a\\nb' cannot be the code of a book; a code is one line of text."),
    ],
)
def test_a_forged_event_is_named(key: str, value: Any, fault: str) -> None:
    forged = [ROWS[0] | {key: value}, *ROWS[1:]]
    assert verify(io.BytesIO(file(forged, SEALS))).faults[0] == fault


def test_rewriting_a_whole_book_is_found_by_the_seal() -> None:
    other = list(events({"1-2": 3}))
    last = {key: other[-1][key] for key in ("at", "actor", "subject", "data")} | {"verb": "rewritten"}
    digest = event_hash(book="1-2", number=3, previous=other[1]["hash"], body=last)
    rewritten = [*other[:2], {"book": "1-2", "number": 3, "previous": other[1]["hash"], "hash": digest, **last}]
    sealed = seals(ROWS, [{"1-2": 3}])
    assert verify(io.BytesIO(file(rewritten, sealed))).faults == (
        "Line 5: seal 1 has another hash for event 3 of the book 1-2 than the file.",
    )
    assert verify(io.BytesIO(file(rewritten[:2], sealed))).faults == (
        "Line 4: seal 1 has 3 events of the book 1-2; the file has 2.",
    )


def test_seals_may_not_go_back_or_lose_a_book() -> None:
    assert verify(io.BytesIO(file(ROWS, seals(ROWS, [{"1-2": 3}, {"1-2": 2}])))).faults == (
        "Line 12: seal 2 has the book 1-2 at event 2, before where the last seal had it.",
    )
    assert verify(io.BytesIO(file(ROWS, seals(ROWS, [{"1-2": 3}, {"1-3/metro": 2}])))).faults == (
        "Line 12: seal 2 no longer has the book 1-2, which the seal before had.",
    )
    assert verify(io.BytesIO(file(ROWS, [SEALS[0] | {"heads": {"1-2": 3}}]))).faults == (
        "Line 11: seal 1 has a head without a number and a hash.",
    )
    assert verify(io.BytesIO(file(ROWS, [SEALS[0] | {"at": "2020"}]))).faults == (
        "Line 11: the heads of seal 1 do not have the root or the hash it states.",
    )


@pytest.mark.parametrize("line", [b'{"a":1.5}\n', b"[1]\n", b'{"a":NaN}\n', b"[" * 9000 + b"\n", b'"\\ud800"\n', b"\n"])
def test_a_line_that_is_no_canonical_object_is_a_fault(line: bytes) -> None:
    lines = WHOLE.splitlines(keepends=True)
    assert not verify(io.BytesIO(refooted([*lines[:-1], line]))).ok


def test_spaces_are_a_fault_though_the_content_is_right() -> None:
    lines = WHOLE.splitlines(keepends=True)[:-1]
    lines[1] = lines[1].replace(b'{"actor":', b'{"actor": ')
    assert verify(io.BytesIO(refooted(lines))).faults == (
        "Line 2: its bytes are not the canonical JSON of its content and one line feed.",
    )


def test_a_quite_different_file_is_told_briefly() -> None:
    found = verify([b"x\n"] * 500)
    assert len(found.faults) == 101
    assert found.faults[-1] == "There are 401 more faults."


def test_an_event_without_all_keys_is_never_written_as_a_good_file() -> None:
    stream = io.BytesIO()
    with pytest.raises(KeyError):
        write(stream, city="합성시", exported_at="x", events=[{"book": "a"}], seals=[])
    assert not verify(io.BytesIO(stream.getvalue())).ok


def test_canonical_refuses_a_circle() -> None:
    circle: dict[str, Any] = {}
    circle["again"] = circle
    with pytest.raises(ValueError, match="nested deeper than 64"):
        canonical(circle)
