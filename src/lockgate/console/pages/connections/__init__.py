"""Connections: all of them, and one with its system, profile, limits and webhooks."""

from lockgate.console.pages.connections import every, one

__all__ = ["every", "one"]
