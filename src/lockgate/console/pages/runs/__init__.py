"""Runs: all of them, and one with its account and log."""

from lockgate.console.pages.runs import every, one

__all__ = ["every", "one"]
