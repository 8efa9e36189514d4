"""Which hosts a connection may call. Private addresses only when the operator allows; no redirect elsewhere."""

import msgspec


class Egress(msgspec.Struct, frozen=True, kw_only=True):
    """`hosts` as `host`, `host:port` or `*.host`; `private` lets loopback and private addresses through."""

    hosts: tuple[str, ...]
    private: bool = False

    def allows(self, url: str) -> bool:
        raise NotImplementedError
