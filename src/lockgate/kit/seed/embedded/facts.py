"""What one source inside a file states, and how several sources make one answer."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

import msgspec

from lockgate.kit.seed import periods
from lockgate.model.item import Text


class Unreadable(Exception):
    """The file, or its metadata, cannot be read: a sentence that begins with a verb, as in "is empty"."""


class Facts(msgspec.Struct, kw_only=True):
    """What is stated, in the words of the file. Empty or None: not stated."""

    title: Text = {}
    description: Text = {}
    headline: Text = {}
    alt: Text = {}
    keywords: list[str] = []
    campaigns: list[str] = []
    creator: str | None = None
    credit: str | None = None
    copyright: str | None = None
    terms: list[str] = []
    languages: list[str] = []
    rights_from: date | datetime | None = None
    rights_until: date | datetime | None = None
    gtins: list[str] = []
    """Products that the file says it shows or is."""
    format: str = ""
    problems: list[str] = []


FIRST = ("title", "description", "headline", "alt", "creator", "credit", "copyright", "languages", "format")
ALL = ("keywords", "campaigns", "terms", "gtins", "problems")


def merged(sources: Sequence[Facts]) -> Facts:
    """One answer from several sources, the most trusted first.

    Words come from the first source that has any. Rights add up: every term is kept, and of several dates the narrowest,
    because a use must be within all that is stated.
    """
    facts = Facts()
    for name in FIRST:
        stated = (value for source in sources if (value := getattr(source, name)))
        setattr(facts, name, next(stated, getattr(facts, name)))
    for name in ALL:
        setattr(facts, name, unique(value for source in sources for value in getattr(source, name)))
    facts.rights_from = narrowest(max, periods.start, (source.rights_from for source in sources))
    facts.rights_until = narrowest(min, periods.end, (source.rights_until for source in sources))
    return facts


Moment = date | datetime


def narrowest(
    choose: Callable[..., Moment],
    instant: Callable[[Moment | None], datetime | None],
    values: Iterable[Moment | None],
) -> Moment | None:
    stated = [value for value in values if value is not None]
    return choose(stated, key=instant) if stated else None


def unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def dated(facts: Facts, what: str, text: str, read: Callable[..., Moment]) -> None:
    """Note a licence date. One that cannot be read stays visible among the terms and as a problem."""
    last = what == "rights_until"
    try:
        value = read(last=last)
    except ValueError:
        word = "ends" if last else "begins"
        facts.terms = [*facts.terms, f"The licence {word}: {text}"]
        facts.problems = [*facts.problems, f"states a licence date that is none: {text!r}"]
        return
    setattr(
        facts,
        what,
        narrowest(min if last else max, periods.end if last else periods.start, (value, getattr(facts, what))),
    )
