"""Measurements of the whole over real HTTP: `make bench`. See bench/README.md."""
