"""Products of the rig's source: pages of records, an index of revisions, and events that carry the record."""
