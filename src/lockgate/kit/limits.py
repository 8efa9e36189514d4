"""How fast and how many at once a connection is called: the one home of vendor rate limits."""

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a connection may ask of its system. `rate` is requests per second, None for no limit."""

    concurrency: int = 16
    rate: float | None = None
