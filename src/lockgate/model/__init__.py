"""Data and pure rules: what an item is, what its rights say, what a plan holds. No I/O, no clock, no vendor words."""
