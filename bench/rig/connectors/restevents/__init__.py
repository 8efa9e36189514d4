"""The rig's source by a definition, as it tells of records by events."""
