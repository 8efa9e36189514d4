"""Where a proposed system is and how it is signed in to: settings, address and `auth`, as far as the file tells."""

from collections.abc import Mapping
from typing import Any

from yarl import URL

from lockgate.connectors.rest.openapi.reading import Document, Object

EXAMPLE = "https://system.example"
FLOWS = {
    "clientCredentials": "client-credentials",
    "password": "password",
    "authorizationCode": "authorization-code",
}
V2_FLOWS = {"application": "clientCredentials", "password": "password", "accessCode": "authorizationCode"}

Told = tuple[dict[str, Any], dict[str, Any]]
"""`auth`, and the settings it reads."""


def origin(address: str) -> tuple[str, str]:
    """Scheme and host of an address, and the path after them; an example where it names none that can be one."""
    try:
        url = URL(f"https:{address}" if address.startswith("//") else address)
        if not url.host or url.scheme not in {"http", "https"}:
            return EXAMPLE, escaped(rooted(address)) if not url.scheme else ""
        return str(url.origin()), escaped(url.path.rstrip("/"))
    except ValueError:
        return EXAMPLE, ""


def rooted(path: str) -> str:
    path = path.strip("/")
    return f"/{path}" if path else ""


def escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def address(document: Document) -> tuple[dict[str, Any], str]:
    site, path = origin(document.base())
    return {"site": {"label": f"Address of {document.title}", "example": site}}, f"{{settings.site}}{path}"


def signing(document: Document) -> tuple[Told, str]:
    """How it is signed in to, by the first way that can be used; else a remark that says what is named instead."""
    schemes = document.schemes()
    for scheme in schemes:
        found = way(document, scheme)
        if found is not None:
            return found, ""
    named = ", ".join(
        dict.fromkeys(" ".join(filter(None, map(scheme.get, ("type", "in", "scheme")))) for scheme in schemes)
    )
    remark = (
        f"The file names ways to sign in that cannot be proposed ({named})"
        if named
        else "The file names no way to sign in"
    )
    return ({"style": "none"}, {}), f"{remark}: say how calls prove who they are."


def secret(label: str, help_: str = "") -> dict[str, Any]:
    return {"label": label, **({"help": help_} if help_ else {}), "secret": "true"}


def of_settings(*names: str) -> dict[str, str]:
    return {name: f"{{settings.{name}}}" for name in names}


def way(document: Document, scheme: Object) -> Told | None:
    kind, name = scheme.get("type"), str(scheme.get("scheme", "")).lower()
    if kind == "apiKey" and scheme.get("in") == "header":
        return {"style": "header", "header": str(scheme.get("name")), "value": "{settings.key}"}, {
            "key": secret("API key")
        }
    if kind == "basic" or name == "basic":
        asked = {"user": {"label": "User"}, "password": secret("Password")}
        return {"style": "basic", **of_settings("user", "password")}, asked
    if name == "bearer":
        return {"style": "bearer", "token": "{settings.token}"}, {"token": secret("Token")}
    return oauth(document, scheme) if kind == "oauth2" else None


def oauth(document: Document, scheme: Object) -> Told | None:
    flows: Mapping[str, Any] = document.followed(scheme.get("flows"))
    if document.v2:
        flows = {V2_FLOWS.get(str(scheme.get("flow")), ""): scheme}
    for flow, grant in FLOWS.items():
        if url := document.followed(flows.get(flow)).get("tokenUrl"):
            return granted(document, grant, str(url))
    return None


def granted(document: Document, grant: str, url: str) -> Told:
    asked: dict[str, Any] = {"client_id": {"label": "Client id"}, "client_secret": secret("Client secret")}
    made = {"style": "oauth2", "grant": grant, "token_url": url, **of_settings(*asked)}
    more: dict[str, Any] = {}
    if grant == "password":
        more = {"user": {"label": "User"}, "password": secret("Password")}
    elif grant == "authorization-code":
        more = {
            "refresh_token": secret("Refresh token", "That the system's own page gave when somebody allowed access.")
        }
    site, path = origin(url)
    if "{" in url:
        more["token_url"] = {"label": "Address of tokens", "example": url}
        made |= of_settings("token_url")
    elif url.startswith("/") or site == origin(document.base())[0]:
        made["token_url"] = f"{{settings.site}}{path}"
    return made | of_settings(*(name for name in more if name != "token_url")), asked | more
