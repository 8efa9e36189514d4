"""Lists as tables: dense on a wide screen, a card per row on a narrow one. Paged by the database, never loaded whole."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from lockgate.console.parts.markup import NOTHING, Piece, address, joined, link


class Column(NamedTuple):
    name: str
    classes: str = ""
    """`number` aligns right, `wide` takes the room that is left, `code` is in a fixed-width face."""


def table(columns: Sequence[Column | str], rows: Iterable[Sequence[Piece]], *, label: str) -> Markup:
    """Rows of cells in the order of the columns. `label` says to a screen reader what the table holds."""
    known = [Column(one) if isinstance(one, str) else one for one in columns]
    head = joined(Markup('<th scope="col" class="{}">{}</th>').format(one.classes, one.name) for one in known)
    body = joined(row(known, cells) for cells in rows)
    return Markup(
        '<div class="listing"><table aria-label="{}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(label, head, body)


def row(columns: Sequence[Column], cells: Sequence[Piece]) -> Markup:
    made = (
        Markup('<td class="{}" data-name="{}">{}</td>').format(one.classes, one.name, cell)
        for one, cell in zip(columns, cells, strict=True)
    )
    return Markup("<tr>{}</tr>").format(joined(made))


def chips(path: str, name: str, options: Iterable[tuple[str, str]], asked: Mapping[str, str], *, label: str) -> Markup:
    """Links that ask a list for less: one of the values of a question, the others of it kept. `asked` is what is asked now."""
    made = (
        link(word, address(path, **{**asked, name: value}), "chip chosen" if asked[name] == value else "chip")
        for value, word in options
    )
    return Markup('<nav class="chips" aria-label="{}">{}</nav>').format(label, joined(made))


def pager(path: str, next: str | None, after: str | None, **questions: object) -> Markup:
    """Links to the first page and to the next one."""
    first = link("First page", address(path, **questions), "button") if after else NOTHING
    more = link("Next page", address(path, **questions, after=next), "button") if next else NOTHING
    return Markup('<nav class="pager" aria-label="Pages">{}{}</nav>').format(first, more) if first or more else NOTHING
