"""What can go wrong with the ledger itself, in words an operator can act on."""


class LedgerError(Exception):
    """Any failure of the ledger that is not the fault of the job it was given."""


class LedgerClosed(LedgerError):
    """The ledger was closed before this job was handed in; nothing of it was stored."""


class LedgerUnavailable(LedgerError):
    """The database could not be used. Nothing of the job was stored."""


class CommitUnknown(LedgerError):
    """The connection broke while the commit was under way: look before doing it again."""


class SchemaMismatch(LedgerError):
    """The tables are older or newer than this release expects."""
