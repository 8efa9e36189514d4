"""What is remembered of very many keys."""

import pytest

from lockgate.kit.seen import Seen

NUMBERS = [str(number) for number in range(1, 2500)]
PADDED = [f"P{number:07d}" for number in range(1, 2500)]
PATHS = sorted(f"folder/{number}" for number in range(1, 2500))


def told(keys: list[str], size: int = 200) -> Seen:
    seen = Seen()
    for start in range(0, len(keys), size):
        seen.add(keys[start : start + size])
    return seen


def test_it_knows_what_it_was_told_and_nothing_else() -> None:
    keys = [*NUMBERS, *PATHS][::-1]
    seen = told(keys)
    assert all(key in seen for key in keys)
    assert not [key for key in PADDED if key in seen]
    seen.add(["late"])
    assert "late" in seen


@pytest.mark.parametrize("keys", [NUMBERS, PADDED, PATHS])
def test_keys_in_order_are_known_to_be_different(keys: list[str]) -> None:
    seen = told(keys)
    assert (seen.distinct, len(seen), seen.different) == (True, len(keys), len(keys))


@pytest.mark.parametrize("keys", [[*NUMBERS, NUMBERS[-1]], [*PADDED[:500], *PADDED[499:]], [*PATHS, PATHS[0]]])
def test_keys_that_come_again_are_not(keys: list[str]) -> None:
    seen = told(keys)
    assert (seen.distinct, seen.different) == (False, len(set(keys)))


def test_nothing_told_is_nothing_seen() -> None:
    assert ("" in Seen(), len(Seen())) == (False, 0)
