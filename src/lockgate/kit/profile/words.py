"""Words of field names and labels, brought to a form in which they can be compared."""

import re
import unicodedata
from collections.abc import Iterable

BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def tokens(text: str) -> tuple[str, ...]:
    """`licenseFrom`, `License-From` and `LICENSE_FROM` are the same two words; umlauts and accents are folded, plurals cut."""
    plain = unicodedata.normalize("NFKD", text.translate(FOLDED)).encode("ascii", "ignore").decode()
    return tuple(singular(word.lower()) for word in BOUNDARY.split(plain) if word)


def singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def likeness(text: str, wanted: str) -> float:
    """How much a field's text is the wanted phrase: 1 the same words, 0 nothing in common."""
    have, want = tokens(text), tokens(wanted)
    if not have or not want:
        return 0.0
    if wanted.startswith("-"):
        return 0.6 + 0.3 * len(want[0]) / len("".join(have)) if any(ends(word, want[0]) for word in have) else 0.0
    if "".join(have) == "".join(want):
        return 1.0
    if contained(want, have):
        return 0.6 + 0.3 * len("".join(want)) / len("".join(have))
    common = len(set(have) & set(want))
    # Most words of a phrase say something; half of them (`number` of `article number`) say nothing.
    overlap = common / len(set(have) | set(want))
    return 0.3 + 0.4 * overlap if overlap > 0.5 else 0.0


def ends(word: str, head: str) -> bool:
    """Whether a compound ends in this head; the rest before it must be a word, too, not just a prefix."""
    return word.endswith(head) and len(word) - len(head) > 2


def begun(text: str, beginnings: Iterable[str]) -> bool:
    """Whether a word of the text begins with one of these."""
    wanted = tuple("".join(tokens(one)) for one in beginnings)
    return bool(wanted) and any(word.startswith(wanted) for word in tokens(text))


def contained(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    """Whether the words stand in the other ones, together and in order."""
    size = len(inner)
    return any(outer[at : at + size] == inner for at in range(len(outer) - size + 1))
