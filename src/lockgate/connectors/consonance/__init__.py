"""Consonance: connector and sandbox."""
