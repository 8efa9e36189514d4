"""An installation with many items, to be changed in: each test takes items that no other has taken."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from tests.cli.commands import Place, until

ASSETS = 70
"""More than a page of a list holds."""
Item = dict[str, Any]


@dataclass
class Crowd:
    """The installation, and what a person knows and does beside the console."""

    place: Place
    taken: set[str] = field(default_factory=set)

    def take(self, **wanted: str) -> Item:
        """An item like this, for one test alone."""
        [found] = self.several(1, **wanted)
        return found

    def several(self, number: int, **wanted: str) -> list[Item]:
        rows = self.api(f"items?{urlencode({**wanted, 'limit': 1000})}")["rows"]
        found = [one for one in rows if one["key"] not in self.taken][:number]
        assert len(found) == number
        self.taken.update(one["key"] for one in found)
        return found

    def act(self, name: str, **given: Any) -> Any:
        """What somebody does at the source."""
        return told(f"{self.place.systems.celum}/__sandbox/actions/{name}", given)

    def refuse(self, status: int | None) -> None:
        """Have the source refuse us with this status, or let us in again."""
        faults = [{"match": "*", "kind": "status", "status": status}] if status is not None else []
        told(f"{self.place.systems.celum}/__sandbox/faults", faults, method="PUT")

    def item(self, key: str) -> Item:
        """All that is known of an item."""
        shown: Item = self.api(f"items/f/{quote(key, safe='')}")
        return shown

    def until(self, key: str, true: Callable[[Item], bool], what: str) -> Item:
        """Wait until this is true of an item."""
        return until(lambda: shown if true(shown := self.item(key)) else None, what) or {}

    def asked(self) -> int:
        """Number of the last call that the source has answered."""
        calls = told(f"{self.place.systems.celum}/__sandbox/calls")
        return int(calls[-1]["n"]) if calls else 0

    def rested(self, after: int) -> None:
        """Wait until the source was asked, after this call, and then for two seconds no more: the first poll is over."""
        last, since = after, time.monotonic()

        def quiet() -> bool:
            nonlocal last, since
            if (now := self.asked()) != last:
                last, since = now, time.monotonic()
            return last > after and time.monotonic() - since > 2

        until(quiet, "the first poll is over")

    def planned(self, number: int, change: Callable[[list[str]], object]) -> tuple[list[Item], str]:
        """Items whose copies are visible, changed at the source, and a plan that holds the changes.

        Others are taken where the flow's poll was faster than the plan: it comes every few minutes.
        """
        for _ in range(5):
            items = self.several(number, held="live")
            keys = [one["key"] for one in items]
            change(keys)
            plan = self.plan()
            found = {one["key"] for one in self.api(f"plans/{plan}/changes?limit=1000")["rows"]}
            if found.issuperset(keys):
                return items, plan
        raise AssertionError("the poll is always faster")

    def plan(self) -> str:
        """The id of a plan that is ready."""
        id: str = self.api("flows/f/plans", {})["id"]
        until(lambda: self.api(f"plans/{id}")["state"] == "ready", "the plan is ready")
        return id

    def at_target(self, ref: str, field: str) -> Any:
        """What a field of the copy holds, as the portal itself gives it out."""
        address = f"{self.place.systems.portal}/api/modules/file/objects/{ref}"
        return told(address, headers={"Authorization": "Bearer k"})[field][0]["value"]

    def api(self, what: str, body: Any = None) -> Any:
        """Ask, or with a body tell, the installation's API."""
        return told(f"{(self.place.home / 'address').read_text().strip()}/api/v1/{what}", body)


def told(address: str, body: Any = None, headers: Mapping[str, str] = {}, method: str | None = None) -> Any:
    """What a system on this machine answers; it is asked, or with a body told."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data, {"Content-Type": "application/json", **headers}, method=method)  # noqa: S310 - this machine's
    with urlopen(request) as answer:  # noqa: S310 - the same
        read = answer.read()
    return json.loads(read) if read else None
