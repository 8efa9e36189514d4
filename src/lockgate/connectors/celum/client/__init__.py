"""CELUM's Content API in its own words: addresses, credentials, errors, searches, downloads."""

from lockgate.connectors.celum.client.address import base_url
from lockgate.connectors.celum.client.auth import CelumAuth
from lockgate.connectors.celum.client.calls import CelumClient
from lockgate.connectors.celum.client.writes import CelumWriter

__all__ = ["CelumAuth", "CelumClient", "CelumWriter", "base_url"]
