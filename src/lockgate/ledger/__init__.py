"""What happened and what is to be done: tables, migrations, one writer per process, and plain functions on a connection.

`Ledger` opens a database; `inbox`, `deliveries`, `parked` … hold functions that take a SQLAlchemy connection first and are
run by `Ledger.write` and `Ledger.read`.
"""

from lockgate.ledger.errors import CommitUnknown, LedgerClosed, LedgerError, LedgerUnavailable, SchemaMismatch
from lockgate.ledger.store import Ledger

__all__ = ["CommitUnknown", "Ledger", "LedgerClosed", "LedgerError", "LedgerUnavailable", "SchemaMismatch"]
