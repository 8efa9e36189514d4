"""Conditions on the columns of workspace lists: `name LIKE '*Test' AND (modify_date > 2020-03-20)`."""

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from .errors import bad

Test = Callable[[Mapping[str, Any]], bool]
_WORDS = re.compile(
    r"\s*(?:(?P<sign>\(|\)|<=|>=|<>|!=|=|<|>)|'(?P<quoted>[^']*)'|\"(?P<double>[^\"]*)\"|(?P<word>[^\s()<>=!'\"]+))"
)
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda have, want: have == want,
    "<>": lambda have, want: have != want,
    "!=": lambda have, want: have != want,
    "<": lambda have, want: have < want,
    ">": lambda have, want: have > want,
    "<=": lambda have, want: have <= want,
    ">=": lambda have, want: have >= want,
}


def column_condition(text: str) -> Test | None:
    """The condition as a test of a row's properties; None where there is none. 400 when it cannot be read."""
    if not text.strip():
        return None
    reading = _Reading(text)
    test = reading.either()
    if reading.rest():
        raise _unreadable(text)
    return test


class _Reading:
    """Reads one condition, word by word."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = list(_tokens(text))
        self._at = 0

    def rest(self) -> bool:
        return self._at < len(self._words)

    def either(self) -> Test:
        tests = [self._both()]
        while self._skip("OR"):
            tests.append(self._both())
        return lambda row: any(test(row) for test in tests)

    def _both(self) -> Test:
        tests = [self._single()]
        while self._skip("AND"):
            tests.append(self._single())
        return lambda row: all(test(row) for test in tests)

    def _single(self) -> Test:
        if self._skip("("):
            test = self.either()
            if not self._skip(")"):
                raise _unreadable(self._text)
            return test
        column, sign, wanted = self._next(), self._next().upper(), self._next()
        if sign == "LIKE":
            pattern = wanted.casefold().replace("%", "*")
            return lambda row: fnmatchcase(str(row.get(column, "")).casefold(), pattern)
        if sign not in _SIGNS:
            raise _unreadable(self._text)
        return lambda row: _compared(_SIGNS[sign], row.get(column), wanted)

    def _next(self) -> str:
        if not self.rest():
            raise _unreadable(self._text)
        self._at += 1
        return self._words[self._at - 1]

    def _skip(self, word: str) -> bool:
        found = self.rest() and self._words[self._at].upper() == word
        self._at += found
        return found


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _WORDS.match(text, at)
        if match is None:
            raise _unreadable(text)
        found.append(next(one for one in match.groups() if one is not None))
        at = match.end()
    return found


def _compared(sign: Callable[[Any, Any], bool], have: Any, wanted: str) -> bool:
    """Numbers as numbers, everything else as text: dates sort as they are written."""
    if have is None:
        return False
    if isinstance(have, (int, float)) and not isinstance(have, bool):
        try:
            return sign(float(have), float(wanted))
        except ValueError:
            return False
    return sign(str(have).casefold(), wanted.casefold())


def _unreadable(text: str) -> Exception:
    return bad(f"The column query could not be parsed: {text}")
