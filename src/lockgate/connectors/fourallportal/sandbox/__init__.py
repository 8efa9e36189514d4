"""A stateful imitation of 4ALLPORTAL, written from what is public about it and never from our own client."""

from .server import FourAllPortalSandbox

SANDBOX = FourAllPortalSandbox

__all__ = ["SANDBOX", "FourAllPortalSandbox"]
