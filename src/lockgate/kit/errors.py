"""Errors named by what to do next.

    ConnectorError
    ├── NeedsOperator    stop this connection and tell a person once (key refused, right missing)
    ├── Transient        try later
    │   ├── RateLimited  … not before `retry_after` seconds
    │   └── Conflict     … after reading again: somebody else wrote meanwhile
    ├── Rejected         park this item only: the vendor will not take it as it is
    │   └── NotFound     … it is not there (or not visible to us)
    └── ContractBroken   the vendor left its own documents; park the item, tell a person

Anything else that is raised is our own defect.
"""


class ConnectorError(Exception):
    """`sentence` is for the operator: what happened, where, and what to do. `detail` is scrubbed material for the log."""

    def __init__(self, sentence: str, *, code: str = "", detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or self.default_code()
        self.detail = detail

    @classmethod
    def default_code(cls) -> str:
        """`rate_limited` for RateLimited: what accounts count by."""
        name = cls.__name__
        return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class NeedsOperator(ConnectorError):
    """Nothing of this connection will work until a person acts."""


class Transient(ConnectorError):
    """Will work later without anybody acting."""

    def __init__(self, sentence: str, *, code: str = "", detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(sentence, code=code, detail=detail)
        self.retry_after = retry_after


class RateLimited(Transient):
    """The vendor asked for a pause of `retry_after` seconds (None: it did not say)."""


class Conflict(Transient):
    """Saved by someone else meanwhile: read, merge, try again."""


class Rejected(ConnectorError):
    """The vendor refuses this item as it is; others may go on."""


class NotFound(Rejected):
    """Not there, or not visible to our account."""


class ContractBroken(ConnectorError):
    """An answer that the vendor's documents do not allow."""
