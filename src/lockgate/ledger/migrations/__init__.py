"""Changes of the tables from release to release, run by `lockgate.ledger.schema`."""
