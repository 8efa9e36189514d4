"""What CELUM answers to a wrong call: one JSON form for every status."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    429: "TOO_MANY_REQUESTS",
    503: "SERVICE_UNAVAILABLE",
}
NO_PROFILE = "No authentication profile found for API key"


class Refused(Exception):
    """A call that is answered with an error body."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, **more}


def answer(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(body), status, headers, "application/json")


def plain(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error that only a status and a sentence are known of."""
    return answer(status, {"code": CODES.get(status, "INTERNAL_ERROR"), "message": message}, headers)


def unauthorized() -> Refused:
    return Refused(401, CODES[401], NO_PROFILE)


def bad_request(message: str) -> Refused:
    return Refused(400, CODES[400], message)


def forbidden(message: str) -> Refused:
    """The caller may not; nothing is said of the entity."""
    return Refused(403, CODES[403], message)


def missing(entity: str, id: object) -> Refused:
    """An entity that is not there, or not for this caller: CELUM does not tell the two apart, and has no 404 for it."""
    words = f"{entity[0].upper()}{entity[1:]}"
    return Refused(403, "ENTITY_NOT_ACCESSIBLE", f"{words} {id} is missing or not accessible", entity=entity)


def invalid(argument: str, message: str) -> Refused:
    """A member or parameter that cannot be used as it is."""
    return Refused(400, "VALIDATION_FAILED", message, faults=[{"type": "ARGUMENT", "argument": argument}])


def invalid_locale(argument: str, locale: str, message: str) -> Refused:
    fault = {"type": "LOCALIZED_ARGUMENT", "argument": argument, "locale": locale}
    return Refused(400, "VALIDATION_FAILED", message, faults=[fault])


def invalid_field(field: int, message: str) -> Refused:
    """A value, or a filter, that does not fit an information field."""
    fault = {"type": "INFORMATION_FIELD", "informationFieldId": field}
    return Refused(400, "VALIDATION_FAILED", message, faults=[fault])
