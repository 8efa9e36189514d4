"""What is wrong with a text: where, in which words, and what to do about it."""

import difflib
from collections.abc import Iterable, Sequence

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One thing that is wrong. Lines and columns count from 1."""

    line: int
    column: int
    path: str
    """Where in the document: `gates[1].rights.territory[0]`; empty for the document as a whole."""
    sentence: str
    remedy: str = ""
    source: str = ""
    """Name of the file it stands in."""

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}:{self.column}: {self.path + ': ' if self.path else ''}"
        return f"{place}{self.sentence}{f' ({self.remedy})' if self.remedy else ''}"


class DocumentErrors(Exception):
    """Every problem of a text at once, in the order of its lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems), key=place))
        super().__init__("\n".join(str(one) for one in self.problems))


def place(problem: Problem) -> tuple[str, int, int, str, str]:
    return (problem.source, problem.line, problem.column, problem.path, problem.sentence)


def meant(word: str, known: Iterable[str]) -> str:
    """A remedy for a word that is not known: the nearest one that is, and all of them where they are few."""
    names: Sequence[str] = sorted(known)
    if not names:
        return "none is known here"
    near = difflib.get_close_matches(word.lower(), [name.lower() for name in names], n=1, cutoff=0.6)
    if near:
        return f"did you mean `{next(name for name in names if name.lower() == near[0])}`?"
    shown = ", ".join(f"`{name}`" for name in names[:12])
    return f"known {'is' if len(names) == 1 else 'are'} {shown}{', …' if len(names) > 12 else ''}"
