"""Texts as they are looked for: words in small letters without accents. The same for both databases."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
LONGEST = 400
"""Letters of a text that count; a title that is a whole description is not indexed to its end."""


def words(text: str) -> list[str]:
    """The words of a text in comparable form: `Größe L, Rückseite` as `grosse`, `l`, `ruckseite`."""
    text = text[:LONGEST].casefold()
    if not text.isascii():
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return _WORD.findall(text)


def folded(text: str) -> str:
    """The words with single blanks between, as they are stored."""
    return " ".join(words(text))
