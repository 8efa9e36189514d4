"""The address of an interface, from whatever an administrator copied out of the browser."""

from urllib.parse import SplitResult, urlsplit

PATH = "/content-api/v1"
CORA = "/cora"


def base_url(site: str) -> str:
    """`https://host/content-api/v1` from a host, the site's address, or the API's with or without version or Swagger page.

    A site behind a path of its own is given with the whole path of the API. Raises ValueError with the remedy.
    """
    parts = split(site)
    return f"{parts.scheme}://{parts.netloc}{api_path(parts.path.rstrip('/'))}"


def cora_url(site: str) -> str:
    """`https://host/cora` from a host, the site's address, or CORA's own. Raises ValueError with the remedy."""
    parts = split(site)
    path = parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path if path.endswith(CORA) else f'{path}{CORA}'}"


def split(site: str) -> SplitResult:
    text = site.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("The address of the CELUM site reads https://your-name.celum.cloud")
    if parts.username or parts.password:
        raise ValueError("Leave user and password out of the address; they have settings of their own")
    return parts


def api_path(path: str) -> str:
    path = path.removesuffix("/index.html").removesuffix("/swagger-ui").rstrip("/")
    if path.endswith(CORA):
        raise ValueError(
            "This is the address of CORA, the older interface; give the site's address without /cora, or set `api` to cora"
        )
    if path.endswith("/content-api"):
        return f"{path}/v1"
    return path or PATH
