"""Small pictures of items. They are asked for only when they come into sight; where there is none, a drawn sheet stays."""

from urllib.parse import quote

from markupsafe import Markup


def thumbnail(flow: str, key: str, *, copy: bool = False, title: str = "", small: bool = False) -> Markup:
    """What the source shows of an item now, or with `copy` what the target shows of our copy."""
    of = "copy/thumbnail" if copy else "thumbnail"
    target = f"/api/v1/items/{quote(flow, safe='')}/{quote(key, safe='')}/{of}"
    return Markup('<span class="thumb{}"><img src="{}" alt="{}" loading="lazy" decoding="async"></span>').format(
        " small" if small else "", target, title
    )
