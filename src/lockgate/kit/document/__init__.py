"""What a person writes as YAML, read with every scalar as text, typed by a shape, and every problem told at its line."""
