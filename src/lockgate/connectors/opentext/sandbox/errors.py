"""How Content Server refuses: a JSON object with one sentence; the same sentence comes with different statuses."""

from typing import Any

NOT_ACCESSIBLE = (
    "Sorry, the item you requested could not be accessed. "
    "Either it does not exist or you do not have permission to access it."
)
NO_ROUTE = "The REST API URL could not be found in the mappings registry"
NO_TICKET = "Authentication Required"


class Refusal(Exception):
    """A call that is turned down; becomes the error body of its status. `more` are further members of that body."""

    def __init__(self, status: int, error: str, **more: Any) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, **more}


def bad(error: str) -> Refusal:
    """400: the caller must change what it sends."""
    return Refusal(400, error)


def failed(error: str) -> Refusal:
    """500: what Content Server answers to most of what is wrong for its own reasons."""
    return Refusal(500, error)


def unauthorized() -> Refusal:
    return Refusal(401, NO_TICKET)


def not_accessible(status: int = 400) -> Refusal:
    """Not there, or not for this caller: the two are not told apart."""
    return Refusal(status, NOT_ACCESSIBLE)


def no_node(id: int) -> Refusal:
    """What category and form calls say of an item that is not there."""
    return failed(f"Could not get a node for {id}")


def wrong_type(name: str) -> Refusal:
    return bad(f"Invalid datatype specified for argument '{name}'")


def missing(name: str) -> Refusal:
    return bad(f"Missing required parameter '{name}'")


def taken(name: str, status: int = 500) -> Refusal:
    return Refusal(status, f"An item with the name '{name}' already exists.")


def insufficient() -> Refusal:
    return failed("Insufficient permissions to perform this action.")


def edit_conflict() -> Refusal:
    return Refusal(409, "Could not update metadata (edit conflict).")
