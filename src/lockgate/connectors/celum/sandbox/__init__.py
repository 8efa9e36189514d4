"""A stateful imitation of CELUM's Content API v1, written from the vendor's documents alone."""

from lockgate.connectors.celum.sandbox.sandbox import CelumSandbox

SANDBOX = CelumSandbox

__all__ = ["SANDBOX", "CelumSandbox"]
