"""What is wrong with a message or one product of it: where, what, and how bad."""

from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """An error makes a message invalid; a warning is a habit or a doubt that a person should know of."""

    ERROR = "error"
    WARNING = "warning"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One finding, in words for the person who has to mend the file or ask its sender."""

    severity: Severity = Severity.ERROR
    code: str
    """Machine-readable: `xml` (not well-formed), `xsd`, `code` (not in its code list), `digit`, or the name of a rule."""
    sentence: str
    line: int | None = None
    """In the file, the first is 1. None where it was found in a record that comes from no file."""
    element: str = ""
    """Reference name of the element it is about, with those around it: `Product/PublishingDetail/SalesRights`."""
    reference: str | None = None
    """RecordReference of the product, where it could be read."""

    @property
    def fatal(self) -> bool:
        return self.severity is Severity.ERROR


def warning(code: str, sentence: str, line: int | None = None, element: str = "") -> Problem:
    return Problem(severity=Severity.WARNING, code=code, sentence=sentence, line=line, element=element)


def error(code: str, sentence: str, line: int | None = None, element: str = "") -> Problem:
    return Problem(code=code, sentence=sentence, line=line, element=element)
