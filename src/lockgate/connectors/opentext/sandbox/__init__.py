"""A stateful imitation of Content Server's REST API, written from what is public about it and never from our own client."""

from .server import OpenTextSandbox

SANDBOX = OpenTextSandbox

__all__ = ["SANDBOX", "OpenTextSandbox"]
