"""Content Server's HTTP interface in its own words."""

from lockgate.connectors.opentext.client.client import OtcsClient

__all__ = ["OtcsClient"]
