"""A stateful imitation of Consonance, written from what is public about it and never from our own client."""

from .sandbox import ConsonanceSandbox

SANDBOX = ConsonanceSandbox

__all__ = ["SANDBOX", "ConsonanceSandbox"]
