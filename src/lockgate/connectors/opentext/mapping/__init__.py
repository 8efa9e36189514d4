"""Nodes and workspaces ⇄ items; vendor words stop here. Pure, no I/O."""
