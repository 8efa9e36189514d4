"""How 4ALLPORTAL refuses: a Spring-like JSON object with a numeric status (shape inferred)."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, NoReturn

from .times import stamp

UNDEFINED = -1
PARAMETER_NOT_SET = 1


class Refusal(Exception):
    """A call the portal turns down; becomes the error body of its status."""

    def __init__(self, status: int, message: str, code: int | None = UNDEFINED) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code

    def body(self, path: str, now: datetime) -> dict[str, Any]:
        known = {status.value: status.phrase for status in HTTPStatus}
        phrase = known.get(self.status, "Error")
        body: dict[str, Any] = {"timestamp": stamp(now), "status": self.status, "error": phrase}
        body |= {"message": self.message, "path": path}
        return body if self.code is None else body | {"code": self.code}


def bad(message: str) -> NoReturn:
    """400: the caller must change what it sends."""
    raise Refusal(400, message)


def missing_parameter(name: str) -> NoReturn:
    raise Refusal(400, f"Parameter '{name}' is not set", PARAMETER_NOT_SET)


def not_found(what: str) -> NoReturn:
    raise Refusal(404, f"{what} not found")


def conflict(message: str) -> NoReturn:
    raise Refusal(409, message)


def forbidden(message: str) -> NoReturn:
    raise Refusal(403, message)
