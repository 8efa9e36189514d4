"""What CELUM states about use, in the words of `model.rights`. What is not stated or not understood permits nothing."""

from lockgate.connectors.celum.mapping import dates, fields
from lockgate.connectors.celum.mapping.fields import Word
from lockgate.connectors.celum.mapping.reading import Bound, Reading
from lockgate.kit.profile import Match
from lockgate.model import codes
from lockgate.model.item import pick
from lockgate.model.rights import ANY, UNKNOWN, Duty, Period, Rights, Rule, Scope


def to_rights(reading: Reading) -> Rights | None:
    """Permission, prohibition, duties and statement of an asset; None where it states nothing at all."""
    rights = Rights(
        permissions=permissions(reading),
        prohibitions=prohibitions(reading),
        duties=duties(reading),
        statement=statement(reading),
    )
    return rights if rights != Rights() else None


def permissions(reading: Reading) -> tuple[Rule, ...]:
    """One permission, only where use is cleared and the regions are stated."""
    cleared, regions = reading.bound("rights.cleared"), reading.bound("rights.territories")
    if not is_cleared(cleared) or regions is None or regions.value is None:
        return ()
    codes_of, strange = territories(regions)
    bounds = (
        cleared,
        regions,
        reading.bound("rights.channels"),
        reading.bound("rights.from"),
        reading.bound("rights.until"),
    )
    return (
        Rule(
            territories=codes_of or UNKNOWN,
            channels=channels(reading.bound("rights.channels")),
            period=period(reading),
            source=source(bounds, strange),
        ),
    )


def prohibitions(reading: Reading) -> tuple[Rule, ...]:
    """Restricted regions. A name that is no known region restricts everywhere, for it may mean any place."""
    regions = reading.bound("rights.prohibited")
    if regions is None or regions.value is None:
        return ()
    codes_of, strange = territories(regions)
    return (Rule(territories=UNKNOWN if strange or not codes_of else codes_of, source=source((regions,), strange)),)


def is_cleared(bound: Bound | None) -> bool:
    """True for a checked box, or for an option that the profile translates to `true`."""
    if bound is None:
        return False
    return bound.raw is True or any(fields.canonical(word, bound.match) == "true" for word in bound.words())


def territories(bound: Bound) -> tuple[frozenset[str], tuple[str, ...]]:
    """Codes of the regions named, and the names that no code is known for."""
    known: set[str] = set()
    strange = []
    for word in bound.words():
        found = territory(word, bound.match)
        known |= found
        if not found:
            strange.append(word.label)
    return frozenset(known), tuple(strange)


def territory(word: Word, match: Match) -> frozenset[str]:
    """Codes of one region: by the profile, else by its name. Empty when no code fits or its names disagree."""
    meant = fields.canonical(word, match)
    if meant is not None:
        found = [codes.territory(part) for part in meant.split(",")]
        return frozenset() if None in found else frozenset(one for one in found if one)
    by_name = {code for code in map(codes.territory, word.names) if code}
    return frozenset(by_name) if len(by_name) == 1 else frozenset()


def channels(bound: Bound | None) -> Scope:
    """The channels named. Without any, or without a field for them, ANY: that use is cleared is stated elsewhere.

    Where an empty field means that nobody has decided yet, the profile says so: option `empty: unknown` of the match.
    """
    if bound is None:
        return ANY
    if bound.value is None:
        return UNKNOWN if bound.match.options.get("empty") == UNKNOWN else ANY
    named = frozenset(one.strip().lower() for one in bound.meanings())
    return ANY if ANY in named else named or UNKNOWN


def period(reading: Reading) -> Period:
    """The licence period, plain dates as whole days in the tenant's time zone; a date that is none closes it for good."""
    first, last = reading.bound("rights.from"), reading.bound("rights.until")
    zone = reading.zone(last, first)
    return reading.trying(
        "licence period",
        lambda: dates.between(first.raw if first else None, last.raw if last else None, zone),
        dates.NEVER,
    )


def duties(reading: Reading) -> tuple[Duty, ...]:
    credit = pick(reading.text("rights.credit"))
    return (Duty(action="attribute", text=credit),) if credit else ()


def statement(reading: Reading) -> str:
    """The owner's own words: usage terms, then the copyright notice."""
    said = (pick(reading.text("rights.statement")), pick(reading.text("texts.copyright")))
    return "; ".join(dict.fromkeys(one for one in said if one))


def source(bounds: tuple[Bound | None, ...], strange: tuple[str, ...]) -> str:
    """`CELUM fields cleared, regions`: what a person looks at to understand a verdict."""
    named = [bound.value.name or bound.value.id for bound in bounds if bound and bound.value]
    text = f"CELUM field{'s' if len(named) > 1 else ''} {', '.join(named)}"
    return f"{text}; not understood: {', '.join(strange)}" if strange else text
