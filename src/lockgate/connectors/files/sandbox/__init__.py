"""A small WebDAV server, by RFC 4918."""

from lockgate.connectors.files.sandbox.server import DavSandbox

SANDBOX = DavSandbox

__all__ = ["SANDBOX", "DavSandbox"]
