"""Examples of recipes, tried against the vendors' sandboxes: what a recipe promises, run instead of believed.

`gathered` reads a recipe and its scenes with every problem at once, `casts` says which connectors can take its roles, and
`play` tries one example on systems of its own.
"""

from lockgate.app.examples.cast import Cast, casts
from lockgate.app.examples.comparing import Difference
from lockgate.app.examples.gathering import Promises, gathered, gathered_file
from lockgate.app.examples.playing import Played, play

__all__ = ["Cast", "Difference", "Played", "Promises", "casts", "gathered", "gathered_file", "play"]
