"""What a 2.1 product is made of: form, size, parts."""

from collections.abc import Iterator

from lockgate.kit.onix.older import codes
from lockgate.kit.onix.older.records import OldItem, OldProduct, OldRelated, Tell
from lockgate.kit.onix.records import Component, Header, Identifier, Measure


def form(code: str | None) -> str | None:
    return codes.FORMS.get(code, code) if code else code


def details(old: OldProduct | OldItem | OldRelated, tell: Tell) -> tuple[str, ...]:
    """All that list 175 holds today: what list 8 said of bindings, and the formats of e-books."""
    translated = [
        *((code, codes.BOOK_DETAILS, "BookFormDetail") for code in old.book_details),
        (old.epub_type, codes.EPUBS, "EpubType"),
        (old.epub_format, codes.EPUB_FORMATS, "EpubFormat"),
    ]
    found = list(old.form_details)
    for code, table, tag in translated:
        if code and code in table:
            found.append(table[code])
        elif code:
            tell(f"{old.place}/{tag}[{code!r}]")
    return tuple(dict.fromkeys(found))


def sizes(old: OldProduct, header: Header | None, tell: Tell) -> Iterator[Measure]:
    """Flat sizes have the unit that the header states for all; without one they say nothing."""
    linear, weight = (header.linear_unit, header.weight_unit) if header else (None, None)
    flat = (
        ("Height", "01", old.height, linear),
        ("Width", "02", old.width, linear),
        ("Thickness", "03", old.thickness, linear),
        ("Weight", "08", old.weight, weight),
    )
    stated = {one.type for one in old.measures}
    for tag, kind, value, unit in flat:
        if value and unit and kind not in stated:
            yield Measure(type=kind, value=value, unit=unit)
        elif value and kind not in stated:
            tell(f"{old.place}/{tag}")


def component(old: OldItem, numbers: tuple[Identifier, ...], tell: Tell) -> Component:
    return Component(
        identifiers=numbers,
        form=form(old.form),
        form_details=details(old, tell),
        form_features=old.form_features,
        packaging=old.packaging,
        form_descriptions=old.form_descriptions,
        content_types=old.content_types,
        items=old.pieces,
        copies=old.quantity,
    )
