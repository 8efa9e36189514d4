"""The rig's sink: takes records one by one or many at once, by their key, and counts them."""
