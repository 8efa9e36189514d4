"""CELUM Content: connector and sandbox."""
