"""What a definition does: compiled once into functions for one connection."""
