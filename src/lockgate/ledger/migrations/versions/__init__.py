"""One module a change. Once released it is never edited: a new change is a new module."""
