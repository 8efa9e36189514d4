"""The rig's source by a definition, read whole."""
