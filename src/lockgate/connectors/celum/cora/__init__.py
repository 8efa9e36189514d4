"""CORA, the older OData interface of CELUM: assets are read from installations that have no Content API. Nothing is written."""

from lockgate.connectors.celum.cora.client import CoraClient
from lockgate.connectors.celum.cora.source import CoraSource

__all__ = ["CoraClient", "CoraSource"]
