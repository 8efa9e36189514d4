"""Proposes which field carries which canonical name, by words and type, with a confidence and the reason."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from lockgate.kit.profile.shape import FieldInfo, Hint, Match, Schema
from lockgate.kit.profile.words import begun, likeness

LEAST = 0.3
"""What is less likely than this is not proposed."""
CLOSE = 0.05
"""Two fields this close to each other cannot be told apart by name and type."""
LABEL = 0.97
"""A label is a little weaker than the name: administrators rename labels."""
GROUPED = 0.98
"""Before its last colon a label says where the field stands: `Media: Title` is a title, though perhaps not the only one."""
LATER_WORD = 0.01
"""Taken off per word that stands before it in the hint: hints name the likeliest word first."""
WRONG_TYPE = 0.4
TIE = 0.75
STRANGE_OPTIONS = 0.7


ANY_KIND = "any other"
"""Kind of a hint that holds for kinds which have no hints of their own."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    hint: Hint
    field: FieldInfo
    score: float
    why: str
    values: Mapping[str, str]


def propose(schema: Schema, hints: Iterable[Hint]) -> Mapping[str, tuple[Match, ...]]:
    """The likeliest field per canonical name and kind, best first; each field serves one canonical name at most.

    The same schema and hints give the same proposal, whatever order the vendor lists its fields in.
    """
    given = tuple(hints)
    return {kind: assigned(candidates(fields, hints_for(kind, given))) for kind, fields in schema.kinds.items()}


def hints_for(kind: str, hints: Iterable[Hint]) -> tuple[Hint, ...]:
    """Those of a kind; for a kind that has none of its own, as a tenant's own modules, those for any kind."""
    given = tuple(hints)
    own = tuple(hint for hint in given if hint.kind == kind)
    return own or tuple(msgspec.structs.replace(hint, kind=kind) for hint in given if hint.kind == ANY_KIND)


def candidates(fields: Sequence[FieldInfo], hints: Sequence[Hint]) -> list[Candidate]:
    """Every likely pair, best first."""
    found = [candidate for hint in hints for field in fields if (candidate := rated(hint, field)) is not None]
    return sorted(found, key=lambda one: (-one.score, one.hint.canonical, one.field.name))


def assigned(ranked: Sequence[Candidate]) -> tuple[Match, ...]:
    """The best pairs, each name and each field once; a rival that is left over lowers the confidence."""
    taken: dict[str, Candidate] = {}
    used: set[str] = set()
    for one in ranked:
        if one.hint.canonical not in taken and one.field.name not in used:
            taken[one.hint.canonical] = one
            used.add(one.field.name)
    return tuple(
        sorted((match(one, ranked, used) for one in taken.values()), key=lambda m: (-m.confidence, m.canonical))
    )


def match(chosen: Candidate, ranked: Sequence[Candidate], used: set[str]) -> Match:
    rivals = [
        one.field
        for one in ranked
        if one.hint.canonical == chosen.hint.canonical
        and one.field.name not in used
        and chosen.score - one.score <= CLOSE
    ]
    confidence, why = chosen.score, chosen.why
    if rivals:
        confidence *= TIE
        why += f"; {' and '.join(shown(rival) for rival in rivals)} would fit as well"
    return Match(
        canonical=chosen.hint.canonical,
        field=chosen.field.name,
        confidence=round(confidence, 2),
        why=why,
        values=chosen.values,
    )


def rated(hint: Hint, field: FieldInfo) -> Candidate | None:
    """How well a field fits a hint, with the reason in words; None when it does not."""
    if begun(f"{field.name} {field.label}", hint.never):
        return None
    score, why = named(hint, field)
    if score and hint.types and field.type not in hint.types:
        score *= WRONG_TYPE
        why += f", but its type is {field.type} and not {' or '.join(hint.types)}"
    values, strange = translated(hint, field)
    if strange:
        score *= STRANGE_OPTIONS
        why += ", but none of its choices is known"
    if score < LEAST:
        return None
    return Candidate(hint=hint, field=field, score=score, why=why, values=values)


def named(hint: Hint, field: FieldInfo) -> tuple[float, str]:
    """The best of the hint's words against name and label."""
    best, why = 0.0, ""
    for place, word in enumerate(hint.words):
        texts = (
            ("name", field.name, 1.0),
            ("label", field.label, LABEL),
            ("label", within(field.label), LABEL * GROUPED),
        )
        for what, text, weight in texts:
            like = likeness(text, word)
            score = like * weight - min(place, 5) * LATER_WORD
            if like and score > best:
                best, why = score, f"its {what} {said(like, word)}"
    return best, why


def within(label: str) -> str:
    """The label without the groups it stands in; empty where it stands in none."""
    group, colon, own = label.rpartition(": ")
    return own if colon and group else ""


def said(like: float, word: str) -> str:
    if word.startswith("-"):
        return f"ends in “{word.removeprefix('-')}”"
    return f"{'is' if like == 1 else 'resembles'} “{word}”"


def translated(hint: Hint, field: FieldInfo) -> tuple[Mapping[str, str], bool]:
    """The field's choices in our words; True when it has choices and the hint knows none of them."""
    if not hint.values or not field.options:
        return hint.values, False
    ours = {folded(theirs): value for theirs, value in hint.values.items()}
    found = {
        key: ours[spelled]
        for key, label in field.options.items()
        if (spelled := next((form for form in (folded(key), folded(label)) if form in ours), None)) is not None
    }
    return found, not found


def folded(text: str) -> str:
    return text.strip().casefold()


def shown(field: FieldInfo) -> str:
    return f"{field.name} “{field.label}”" if field.label and field.label != field.name else field.name
