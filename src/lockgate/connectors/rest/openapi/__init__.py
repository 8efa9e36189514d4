"""A definition proposed from an OpenAPI file: what can be told from it is filled in, what cannot stands as a remark."""

from lockgate.connectors.rest.openapi.proposal import propose
from lockgate.connectors.rest.openapi.reading import NotOpenApi

__all__ = ["NotOpenApi", "propose"]
