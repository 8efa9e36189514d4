"""What a rule finds: said of an element by its path in ONIX 3.0."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from lockgate.kit.onix.problems import Severity
from lockgate.kit.onix.records import Dated


class Finding(NamedTuple):
    severity: Severity
    code: str
    sentence: str
    path: str
    """`PublishingDetail/SalesRights[2]`: within the product; the first of a kind is 1."""


class Context(NamedTuple):
    """What a rule may know beside the product."""

    sent: date | None = None
    """Day of the message, by its header."""


Findings = Iterator[Finding]


def wrong(code: str, sentence: str, path: str) -> Finding:
    return Finding(Severity.ERROR, code, sentence, path)


def doubtful(code: str, sentence: str, path: str) -> Finding:
    return Finding(Severity.WARNING, code, sentence, path)


def day_of(dates: Iterable[Dated], role: str) -> date | None:
    return next((one.day for one in dates if one.role == role), None)


def listed(codes: Iterable[str], most: int = 6) -> str:
    """Some of the codes, in order."""
    names = sorted(codes)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
