"""HTTP towards vendors: one client per connection, with credentials, limits, short repeats, egress rule and error table."""

from lockgate.kit.http.answer import DEFAULT_ERRORS, Answer, Sent
from lockgate.kit.http.auth import ApiKey, Auth, Basic, Bearer, NoAuth, SignedAuth
from lockgate.kit.http.body import Around, Part, Uploaded
from lockgate.kit.http.client import RestClient
from lockgate.kit.http.url import segment

__all__ = [
    "DEFAULT_ERRORS",
    "Answer",
    "ApiKey",
    "Around",
    "Auth",
    "Basic",
    "Bearer",
    "NoAuth",
    "Part",
    "RestClient",
    "Sent",
    "SignedAuth",
    "Uploaded",
    "segment",
]
