"""A small part of LQL: regions, `and`, `or`, `not`, brackets, quotes, a `*` at the end, comparisons of dates."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

import msgspec

from .errors import bad

_TOKENS = re.compile(
    r"\s*(?:(?P<sign>\(|\)|<=|>=|<|>)|\"(?P<quoted>[^\"]*)\"|(?P<region>\w+)\s*:|(?P<word>[^\s()<>\":]+))"
)


class Found(msgspec.Struct, frozen=True):
    """What can be searched of a node."""

    name: str
    type: int
    within: frozenset[int]
    """The numbers of all that the node lies in."""
    modified: str
    created: str
    size: int
    mime_type: str
    text: str
    """Name, description and attribute values, for words without a region."""


Test = Callable[[Found], bool]


def condition(text: str) -> Test:
    """A query as a test. 400 when it cannot be read."""
    reading = _Reading(text)
    if not reading.left:
        return lambda _found: True
    test = reading.either()
    if reading.left:
        raise _unreadable(text)
    return test


def words(text: str, lookfor: str) -> Test:
    """What is typed into the search box: all words, any of them, or the phrase as it is."""
    wanted = [text.casefold()] if lookfor == "exactphrase" else text.casefold().split()
    several = any if lookfor == "anywords" else all
    return lambda found: several(_in(word, found.text) for word in wanted)


class _Reading:
    def __init__(self, text: str) -> None:
        self._text = text
        self.left = _tokens(text)

    def either(self) -> Test:
        tests = [self._both()]
        while self._skip("or"):
            tests.append(self._both())
        return lambda found: any(test(found) for test in tests)

    def _both(self) -> Test:
        tests = [self._single()]
        while self.left and self.left[0] != ("sign", ")") and not self._is("or"):
            self._skip("and")
            tests.append(self._single())
        return lambda found: all(test(found) for test in tests)

    def _single(self) -> Test:
        if self._skip("not"):
            test = self._single()
            return lambda found: not test(found)
        kind, value = self._next()
        if (kind, value) == ("sign", "("):
            test = self.either()
            if self._next() != ("sign", ")"):
                raise _unreadable(self._text)
            return test
        if kind == "region":
            return self._region(value)
        if kind == "sign":
            raise _unreadable(self._text)
        return lambda found: _in(value.casefold(), found.text)

    def _region(self, region: str) -> Test:
        kind, sign = self._next()
        if kind == "sign" and sign in {"<", ">", "<=", ">="}:
            kind, value = self._next()
        else:
            sign, value = "", sign
        if kind not in {"quoted", "word"} or region not in _REGIONS:
            raise _unreadable(self._text)
        return _REGIONS[region](sign, value)

    def _is(self, word: str) -> bool:
        return bool(self.left) and self.left[0][0] == "word" and self.left[0][1].casefold() == word

    def _skip(self, word: str) -> bool:
        found = self._is(word)
        if found:
            self.left.pop(0)
        return found

    def _next(self) -> tuple[str, str]:
        if not self.left:
            raise _unreadable(self._text)
        return self.left.pop(0)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKENS.match(text, at)
        if match is None or match.lastgroup is None:
            raise _unreadable(text)
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def _in(pattern: str, text: str) -> bool:
    """A word, or with a `*` anything that begins, ends or goes on so."""
    if "*" not in pattern:
        return pattern in text
    return any(fnmatchcase(word, pattern) for word in re.split(r"\s+", text))


def _name(_sign: str, value: str) -> Test:
    wanted = value.casefold()
    if "*" in wanted:
        return lambda found: fnmatchcase(found.name.casefold(), wanted)
    return lambda found: wanted in found.name.casefold()


def _number(get: Callable[[Found], int]) -> Callable[[str, str], Test]:
    def region(sign: str, value: str) -> Test:
        if not value.removeprefix("-").isdecimal():
            raise bad(f"The query could not be parsed near '{value}'")
        return lambda found: _compared(sign, get(found), int(value))

    return region


def _date(get: Callable[[Found], str]) -> Callable[[str, str], Test]:
    """Dates count by the day; `20250131` and `2025-01-31` are the same."""

    def region(sign: str, value: str) -> Test:
        digits = value.replace("-", "")[:8]
        return lambda found: _compared(sign, get(found)[:10].replace("-", ""), digits)

    return region


def _compared(sign: str, have: int | str, want: int | str) -> bool:
    if sign in {"", "<=", ">="} and have == want:
        return True
    below = have < want  # type: ignore[operator]
    return have != want and ((sign in {"<", "<="} and below) or (sign in {">", ">="} and not below))


def _location(_sign: str, value: str) -> Test:
    return lambda found: value.isdecimal() and int(value) in found.within


def _kind(_sign: str, value: str) -> Test:
    return lambda found: found.mime_type.casefold() == value.casefold()


_REGIONS: dict[str, Callable[[str, str], Test]] = {
    "OTName": _name,
    "OTSubType": _number(lambda found: found.type),
    "OTObjectSize": _number(lambda found: found.size),
    "OTLocation": _location,
    "OTModifyDate": _date(lambda found: found.modified),
    "OTObjectDate": _date(lambda found: found.modified),
    "OTCreateDate": _date(lambda found: found.created),
    "OTMIMEType": _kind,
}


def _unreadable(text: str) -> Exception:
    return bad(f"The query could not be parsed: {text}")
