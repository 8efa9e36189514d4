"""The rig's sink by a definition."""
