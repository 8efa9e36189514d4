"""The rig's source by a definition, with its index of revisions."""
