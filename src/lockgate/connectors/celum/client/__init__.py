"""CELUM's Content API in its own words: addresses, credentials, errors, searches, downloads."""

from lockgate.connectors.celum.client.address import base_url
from lockgate.connectors.celum.client.auth import CelumAuth
from lockgate.connectors.celum.client.calls import CelumClient

__all__ = ["CelumAuth", "CelumClient", "base_url"]
