"""What an administrator has set up: types, formats, roles, groups, people, client configurations."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from lockgate.connectors.celum.base import CelumBase
from lockgate.connectors.celum.client.calls import Record
from lockgate.connectors.celum.mapping.fields import labels
from lockgate.kit.contract import operation
from lockgate.model.item import Text

Configured = Literal[
    "asset-types", "collection-types", "relation-types", "compound-types", "download-formats", "roles", "user-groups"
]


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was set up."""

    id: str
    name: str
    labels: Text = {}
    fields: tuple[str, ...] = ()
    """Names of the information fields it has."""
    traits: Mapping[str, bool] = {}
    """What CELUM says of it besides: `permissionDefining`, `tagCloud`, `original`, `creatableViaUi` …"""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    username: str
    name: str
    email: str
    active: bool


class ConfigurationOperations(CelumBase):
    @operation(effect="read")
    async def configured(self, what: Configured) -> list[Named]:
        """Types of assets, collections, relations and compound objects; download formats, roles, user groups.

        Lists of types may leave out their fields; `configured_one` has them.
        """
        listed = self.client.paged if what == "user-groups" else self.client.listed
        return [to_named(one) for one in await listed(what)]

    @operation(effect="read")
    async def configured_one(self, what: Configured, id: str) -> Named:
        """One of them by its number (compound types: by their key). Raises NotFound."""
        return to_named(await self.client.one(f"{what}/{id}"))

    @operation(effect="read")
    async def people(self, username: str | None = None, *, group: str | None = None) -> list[Person]:
        """Users by name, of a group, or all that our account may see."""
        query = {"username": username, "userGroupId": group}
        return [to_person(one) for one in await self.client.paged("users", query)]

    @operation(effect="read")
    async def person(self, id: str) -> Person:
        """Who made or changed something: dates in CELUM name people by number. Raises NotFound."""
        return to_person(await self.client.one(f"users/{id}"))

    @operation(effect="read")
    async def client_configuration(self, id: str) -> Mapping[str, Any]:
        """A named configuration of the server as it states it: `enabled`, `licensed`, `properties`, `languages`, `oauth2`.

        Raises NotFound.
        """
        return await self.client.one(f"clients/{id}")


def to_named(one: Record) -> Named:
    one = one.get("compoundObjectType") or one
    name, key = one.get("name"), str(one.get("key") or one.get("compoundObjectTypeKey") or "")
    said = one.get("labels") or name
    sets = one.get("informationFieldSets") or ()
    return Named(
        id=str(one.get("id") or key),
        name=key or (name if isinstance(name, str) else ""),
        labels=labels(said),
        fields=tuple(str(field.get("name")) for group in sets for field in group.get("informationFields") or ()),
        traits={name: value for name, value in one.items() if isinstance(value, bool)},
    )


def to_person(one: Record) -> Person:
    parts = (one.get("firstname"), one.get("middlename"), one.get("lastname"))
    return Person(
        id=str(one["id"]),
        username=str(one.get("username") or ""),
        name=" ".join(str(part).strip() for part in parts if part),
        email=str(one.get("email") or ""),
        active=one.get("deactivated") is not True,
    )
