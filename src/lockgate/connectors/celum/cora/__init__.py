"""CORA, the older OData interface of CELUM: assets are read from installations that have no Content API. Nothing is written."""

from lockgate.connectors.celum.cora.source import CoraSource

__all__ = ["CoraSource"]
