"""What was done, by which run, and why: one chained row per page of acts. Any later change to it shows.

`hash` of a row is the SHA-256 of the hash before it, its head and the SHA-256 of its entries; `audit_head` says where the chain
ends. Someone who can write the database can still make a whole new chain: keep a row's number and hash elsewhere now and then
(every export ends with them) and give it to `verify` as `known`.
"""

from lockgate.ledger.audit.bundle import export, export_rows, verify_lines
from lockgate.ledger.audit.chain import AuditPage, ChainBroken, Entry, Told, append, head, of_run, recent, timeline
from lockgate.ledger.audit.check import AuditReport, verify, verify_in_steps

__all__ = [
    "AuditPage",
    "AuditReport",
    "ChainBroken",
    "Entry",
    "Told",
    "append",
    "export",
    "export_rows",
    "head",
    "of_run",
    "recent",
    "timeline",
    "verify",
    "verify_in_steps",
    "verify_lines",
]
